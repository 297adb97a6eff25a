"""One id per request, the caller's or our own, in every answer, error and log line."""

import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from uuid import uuid4

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADER = "X-Request-ID"
# Whatever a stranger sends ends up in logs, so only harmless characters and a bounded length pass.
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """Empty outside a request."""
    return _current.get()


def adopt_request_id(offered: str | None) -> str:
    """Make the caller's id, or a new one when it is missing or odd, current in this context."""
    request_id = offered if offered and ACCEPTABLE.fullmatch(offered) else uuid4().hex
    _current.set(request_id)
    return request_id


def _begin(request: HttpRequest) -> str:
    request_id = adopt_request_id(request.META.get("HTTP_X_REQUEST_ID"))
    # Rewritten for whoever reads the header after us (django-structlog does).
    request.META["HTTP_X_REQUEST_ID"] = request_id
    return request_id


@sync_and_async_middleware
def request_id_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]:
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            request_id = _begin(request)
            response: HttpResponseBase = await get_response(request)
            response[HEADER] = request_id
            return response

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        request_id = _begin(request)
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)  # noqa: S101  the sync chain never awaits
        response[HEADER] = request_id
        return response

    return answer
