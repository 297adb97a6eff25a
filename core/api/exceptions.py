"""Turns whatever stops a request into the envelope: ours, of DRF, of Django, of the database."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.api.envelope import CHALLENGE, envelope, refusal
from core.api.strict_json import MalformedJSONError, TooLargeError
from core.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    ServiceUnavailableError,
)

logger = structlog.get_logger(__name__)

# In PostgreSQL's words: lock_not_available, query_canceled (by a timeout), deadlock_detected,
# serialization_failure.
BUSY_STATES = {"55P03", "57014", "40P01", "40001"}
FOREIGN_KEY_VIOLATION = "23503"

CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "rate_limited",
}


class BusyError(ServiceUnavailableError):
    """Somebody else held a lock for too long; the same request will work in a moment."""

    code = "busy"
    default_message = "Too many are writing at once. Try again shortly."


class InternalError(DomainError):
    code = "internal_error"
    status = 500
    default_message = "Something went wrong here. It has been logged."


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER: never lets an exception become HTML."""
    set_rollback()
    if isinstance(exception, drf.APIException):
        return _drf_refusal(exception)
    error = as_domain_error(exception)
    if isinstance(error, InternalError):
        # As Django does for its own views: the request log and Sentry listen.
        request: Request = context["request"]
        got_request_exception.send(sender=type(context["view"]), request=request._request)
    body, code, headers = refusal(error)
    return Response(body, status=code, headers=headers)


def as_domain_error(exception: Exception) -> DomainError:
    """The refusal an exception means; what nobody expected becomes an `InternalError`."""
    for kinds, translate in _TRANSLATIONS:
        if isinstance(exception, kinds):
            return translate(exception)
    return _unexpected(exception)


class MalformedRequestError(DomainError):
    code = "bad_request"
    status = 400
    default_message = "The request is malformed."


def database_refusal(error: DatabaseError | InterfaceError) -> DomainError:
    """Tell a lock not granted in time from a database that is gone, and both from a bug."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    if isinstance(error, IntegrityError) and _is_about_reference(error, sqlstate):
        # References are checked at commit: somebody deleted the row after we had found it.
        logger.info("reference_lost", error=str(error).partition("\n")[0])
        return ConflictError("Something that this refers to has just been deleted.")
    if not isinstance(error, OperationalError | InterfaceError):
        return _unexpected(error)
    is_busy = sqlstate in BUSY_STATES or "is locked" in str(error)
    logger.warning("database_busy" if is_busy else "database_unavailable", error=str(error))
    return BusyError(retry_after=1) if is_busy else ServiceUnavailableError(retry_after=5)


def _is_about_reference(error: IntegrityError, sqlstate: str | None) -> bool:
    return sqlstate == FOREIGN_KEY_VIOLATION or "FOREIGN KEY constraint failed" in str(error)


def _unexpected(exception: Exception) -> InternalError:
    if settings.DEBUG:
        return InternalError(exception=f"{type(exception).__name__}: {exception}")
    return InternalError()


# In this order: RequestDataTooBig is a SuspiciousOperation.
_TRANSLATIONS: list[tuple[tuple[type[Exception], ...], Callable[[Any], DomainError]]] = [
    ((DomainError,), lambda error: error),
    ((Http404,), lambda _: NotFoundError()),
    ((PermissionDenied,), lambda _: ForbiddenError()),
    ((RequestDataTooBig,), lambda _: TooLargeError(max_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)),
    ((DjangoValidationError,), lambda error: InvalidInputError(**_django_details(error))),
    ((BadRequest, SuspiciousOperation), lambda _: MalformedRequestError()),
    ((DatabaseError, InterfaceError), database_refusal),
]


def _drf_refusal(exception: drf.APIException) -> Response:
    code = CODES.get(exception.status_code, "error")
    details: Mapping[str, Any] = {}
    message = str(exception.detail)
    match exception:
        case drf.ValidationError():
            code, message = "validation_error", InvalidInputError.default_message
            details = _fields(exception.detail)
        case drf.ParseError():
            code = MalformedJSONError.code
        case drf.AuthenticationFailed():
            code = "token_invalid"
        case drf.NotAuthenticated():
            message = "Sign in, and send your access token with the request."
        case drf.PermissionDenied():
            message = ForbiddenError.default_message
    headers: dict[str, str] = {}
    if exception.status_code == status.HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = CHALLENGE
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(round(wait))
    return Response(envelope(code, message, details), status=exception.status_code, headers=headers)


def _fields(detail: Any) -> dict[str, Any]:
    """Always an object by field name: what concerns the whole body is under `non_field_errors`."""
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


def _django_details(error: DjangoValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return {name: list(messages) for name, messages in error.message_dict.items()}
    return {"non_field_errors": error.messages}
