"""The refusals every app shares: a `DomainError` carries its code and HTTP status to the edge.

Each becomes `{"error": {"code", "message", "details", "request_id"}}`; views choose no status.
"""

from typing import Any, ClassVar


class DomainError(Exception):
    """An expected refusal. Subclasses fix `code` and `status`; `details` is JSON for the client."""

    code: ClassVar[str] = "domain_error"
    status: ClassVar[int] = 400
    default_message: ClassVar[str] = "The request was refused."

    def __init__(self, message: str | None = None, /, **details: Any) -> None:
        self.message = message or self.default_message
        self.details = details
        super().__init__(self.message)


class InvalidInputError(DomainError):
    """The shape or a value is wrong; `details` maps field names to lists of messages."""

    code = "validation_error"
    status = 400
    default_message = "Some fields are not valid."


class NotFoundError(DomainError):
    """Unknown and hidden alike."""

    code = "not_found"
    status = 404
    default_message = "Not found."


class ForbiddenError(DomainError):
    code = "forbidden"
    status = 403
    default_message = "Your role does not allow this."


class ConflictError(DomainError):
    code = "conflict"
    status = 409
    default_message = "This conflicts with the current state."


class VersionConflictError(DomainError):
    """A write with a stale version; `details["current_version"]` says what is current."""

    code = "version_conflict"
    status = 412
    default_message = "Somebody changed this in the meantime. Read it again."


class RateLimitedError(DomainError):
    """`details["retry_after"]` is in whole seconds and becomes the `Retry-After` header."""

    code = "rate_limited"
    status = 429
    default_message = "Too many requests."


class ServiceUnavailableError(DomainError):
    code = "service_unavailable"
    status = 503
    default_message = "The service is not available. Try again shortly."
