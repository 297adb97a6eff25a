"""The one shape of every refusal."""

from collections.abc import Mapping
from typing import Any

from core.api.request_id import current_request_id
from core.errors import DomainError, RateLimitedError
from core.limits import LimitReachedError

CHALLENGE = 'Bearer realm="touchline"'


def envelope(code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "error": {
            "code": code,
            "message": message,
            "details": dict(details or {}),
            "request_id": current_request_id(),
        }
    }


def refusal(error: DomainError) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The body, status and headers that a `DomainError` becomes at the edge."""
    headers: dict[str, str] = {}
    # A field or parameter that a stranger names so is no number of ours.
    if isinstance(seconds := error.details.get("retry_after"), int):
        headers["Retry-After"] = str(seconds)
    elif error.status == 503 or isinstance(error, RateLimitedError):
        headers["Retry-After"] = "5"
    if isinstance(error, LimitReachedError):
        headers |= error.remaining.headers()
    if error.status == 401:
        # RFC 6750 3: the error is named only when a token came and was not good enough.
        is_about_token = error.code.startswith(("token_", "session_"))
        headers["WWW-Authenticate"] = CHALLENGE + ', error="invalid_token"' * is_about_token
    return envelope(error.code, error.message, error.details), error.status, headers
