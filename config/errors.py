"""Refusals outside Django REST framework: the envelope for programs, a page for people."""

import re

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.api.envelope import refusal
from core.api.exceptions import InternalError, MalformedRequestError
from core.errors import DomainError, ForbiddenError, NotFoundError

logger = structlog.get_logger(__name__)
# Stands on its own: no base template, no static files.
PLAIN_PAGE = "config/refusal.html"
FOR_PROGRAMS = re.compile(r"/(api|auth|health|healthz|metrics|openapi\.json)(/|$)")


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    body, status, headers = refusal(error)
    if wants_json(request):
        return JsonResponse(body, status=status, headers=headers)
    templates = [f"{status}.html", PLAIN_PAGE]
    response = render(request, templates, {"error": body["error"]}, status=status)
    for name, value in headers.items():
        response[name] = value
    return response


def wants_json(request: HttpRequest) -> bool:
    """By address, else by what the caller prefers; browsers always name text/html."""
    if FOR_PROGRAMS.match(request.path):
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, MalformedRequestError())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, ForbiddenError())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(request, NotFoundError())


def server_error(request: HttpRequest) -> HttpResponse:
    error = InternalError()
    try:
        return refused(request, error)
    except Exception:
        # The page about the error may fail for the same reason as the page that was asked for.
        logger.exception("error_page_failed")
        body, status, _ = refusal(error)
        return render(request, PLAIN_PAGE, {"error": body["error"]}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refused(request, ForbiddenError("This form has expired. Go back, reload and try again."))
