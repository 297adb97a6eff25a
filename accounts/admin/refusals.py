"""How the admin says what an operation refuses, and who acts in it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.models import User
from core.errors import DomainError


class RefusalsAsMessagesMixin:
    """Shows what an operation refuses as a message on the page, with nothing saved."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _or_message(request, super().changeform_view, *args, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().changelist_view  # type: ignore[misc]
        # Django logs what an action deletes before it does, and in no transaction of its own.
        view = transaction.atomic(view) if request.method == "POST" else view
        return _or_message(request, view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _or_message(request, super().delete_view, *args, **kwargs)  # type: ignore[misc]


def _or_message(
    request: HttpRequest, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any
) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except DomainError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(request.get_full_path())


def actor_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  the admin site lets in nobody else
    return request.user
