"""Refusals that a role caused leave a line in the audit trail."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from django.db import Error as DatabaseError
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organisation, User
from accounts.operations import record_audit
from core.api.exceptions import exception_handler as refuse
from core.errors import ForbiddenError, RateLimitedError
from core.limits import hit, named

logger = structlog.get_logger(__name__)
_TARGET_LENGTH: Final = 80


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER: as core's, and notes who was refused for their role.

    By now the operation has been undone, so the line is written in a transaction of its own.
    """
    response = refuse(exception, context)
    request: Request = context["request"]
    if _is_about_role(response) and isinstance(request.user, User):
        _note(request.user, request)
    return response


def _is_about_role(response: Response) -> bool:
    return (
        response.status_code == status.HTTP_403_FORBIDDEN
        and response.data["error"]["code"] == ForbiddenError.code
    )


def _note(actor: User, request: Request) -> None:
    try:
        # Nobody may fill the trail by asking again and again.
        hit(named("refused-audit"), str(actor.pk))
        record_audit(
            action="refused",
            actor=actor,
            organisation=_organisation(actor, request),
            target=_target(request),
        )
    except RateLimitedError:
        return
    except DatabaseError as error:
        # The refusal stands, whether or not it can be noted.
        logger.warning("refusal_not_noted", user_id=str(actor.pk), error=str(error))


def _organisation(actor: User, request: Request) -> Organisation | None:
    """The one that the address names, or the only one the person belongs to."""
    mine = Organisation.objects.visible_to(actor).order_by("pk")
    if organisation_id := _route_arguments(request).get("organisation_id"):
        return mine.filter(pk=organisation_id).first()
    candidates = list(mine.filter(memberships__user=actor)[:2])
    return candidates[0] if len(candidates) == 1 else None


def _target(request: Request) -> str:
    match = request._request.resolver_match
    return f"{request.method} {match.url_name if match else ''}"[:_TARGET_LENGTH]


def _route_arguments(request: Request) -> Mapping[str, Any]:
    match = request._request.resolver_match
    return match.kwargs if match else {}
