"""Counts every request to the API, and tells each caller how much is left."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.decorators import sync_only_middleware
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.api.address import client_address, network_of
from core.api.envelope import refusal
from core.limits import LimitReachedError, collected, hit, named

if TYPE_CHECKING:
    # Which loads this module while it is being loaded itself.
    from rest_framework.views import APIView


class CallerThrottle(BaseThrottle):
    """Counts `reads` or `writes`, or the limit that a view names as its own (`limit = "..."`).

    Each request costs one counter, so that a limit of a view replaces the general one.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        hit(named(getattr(view, "limit", _general(request.method))), _caller(request))
        return True


def _caller(request: Request) -> str:
    """A person, wherever they are; otherwise what was let in, as seen from one address.

    One link is followed by a crowd: by the link alone the first of them would use up what the
    others need.
    """
    key: str = getattr(request.auth, "key", "anonymous")
    if request.user.is_authenticated:
        return key
    return f"{key} {network_of(client_address(request))}"


def _count_stranger(request: HttpRequest) -> JsonResponse | None:
    """Counts for the address; beyond the limit, the refusal."""
    try:
        hit(named(_general(request.method)), f"stranger {network_of(client_address(request))}")
    except LimitReachedError as error:
        body, status, headers = refusal(error)
        return JsonResponse(body, status=status, headers=headers)
    return None


def _general(method: str | None) -> str:
    return "reads" if method in SAFE_METHODS else "writes"


@sync_only_middleware
def limits_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Tells of the limits that were counted for this answer the one that is nearest to its end."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with collected() as counted:
            response = get_response(request)
            # DRF asks who calls before it counts, so a token that is no good was not counted.
            if response.status_code == HTTPStatus.UNAUTHORIZED and not counted:
                response = _count_stranger(request) or response
        # A refusal has said already which limit it is about.
        if counted and "RateLimit" not in response:
            nearest = min(counted, key=lambda left: (left.remaining, -left.reset_seconds))
            for name, value in nearest.headers().items():
                response[name] = value
        return response

    return answer
