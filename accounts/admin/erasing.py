"""Erasing a person in the admin: one at a time, and only by who types their username."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts import operations
from accounts.admin.refusals import actor_of
from accounts.models import User


class ErasureForm(forms.Form):
    """`confirmation` is compared as it is: the names of two people may differ in case alone."""

    confirmation = forms.CharField(
        label="Username", strip=False, help_text="Type it to confirm. Nothing brings a person back."
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_confirmation(self) -> str:
        confirmation: str = self.cleaned_data["confirmation"]
        if confirmation != self.user.username:
            raise forms.ValidationError("This is not the username of the person above.")
        return confirmation


@admin.action(description="Erase the person for good …", permissions=["erase"])
def erase(model_admin: Any, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
    chosen = list(users[:2])
    if len(chosen) != 1:
        model_admin.message_user(request, "Erase one person at a time.", messages.ERROR)
        return None
    form = ErasureForm(request.POST if "confirmation" in request.POST else None, user=chosen[0])
    if not form.is_valid():
        context = {
            **model_admin.admin_site.each_context(request),
            "title": "Erase a person",
            "form": form,
            "person": chosen[0],
            "checkbox": ACTION_CHECKBOX_NAME,
            "opts": User._meta,
        }
        return TemplateResponse(request, "admin/accounts/user/erase.html", context)
    operations.erase_user(user=chosen[0], actor=actor_of(request))
    model_admin.message_user(request, "The person is erased.", messages.SUCCESS)
    return None
