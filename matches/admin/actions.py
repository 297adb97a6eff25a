"""Admin actions that move matches on through their operations; some ask for a reason first."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from matches.admin.owned import OwnedAdmin, acting_user
from matches.models import Match

MatchAction = Callable[[OwnedAdmin[Match], HttpRequest, QuerySet[Match]], HttpResponse | None]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=200, help_text="Members can read it; viewers of a shared link cannot."
    )


def lifecycle_action(description: str, operation: Callable[..., Any]) -> MatchAction:
    """An action that calls `operation(match, actor)` for each selected match."""

    @admin.action(description=description, permissions=["score"])
    def act(
        model_admin: OwnedAdmin[Match], request: HttpRequest, queryset: QuerySet[Match]
    ) -> None:
        actor = acting_user(request)
        model_admin.run_for_each(
            request, queryset, lambda match: operation(match=match, actor=actor), description
        )

    act.__name__ = operation.__name__
    return act


def reasoned_action(
    description: str, operation: Callable[..., Any], permission: str = "score"
) -> MatchAction:
    """The same, after a page that asks why."""

    @admin.action(description=f"{description} …", permissions=[permission])
    def act(
        model_admin: OwnedAdmin[Match], request: HttpRequest, queryset: QuerySet[Match]
    ) -> HttpResponse | None:
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {
                **model_admin.admin_site.each_context(request),
                "title": description,
                "form": form,
                "matches": queryset,
                "action": operation.__name__,
                "checkbox": ACTION_CHECKBOX_NAME,
                "opts": Match._meta,
            }
            return TemplateResponse(request, "admin/matches/reason.html", context)
        actor = acting_user(request)
        reason = form.cleaned_data["reason"]
        model_admin.run_for_each(
            request,
            queryset,
            lambda match: operation(match=match, actor=actor, reason=reason),
            description,
        )
        return None

    act.__name__ = operation.__name__
    return act
