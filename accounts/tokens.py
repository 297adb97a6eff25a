"""Signed, short-lived tokens (JWT, RFC 7519) that follow the best practice of RFC 8725.

One algorithm is pinned by the settings and never taken from the token; issuer, audience and the
kind of token are checked, so a viewer token is never an access token. Roles are not inside: they
are read from the database and act at once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, overload
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken

from core.errors import DomainError

ISSUER = "touchline"
AUDIENCE = "touchline"
VIEWER_LIFETIME = timedelta(minutes=15)

Kind = Literal["access", "viewer"]


class TokenInvalidError(DomainError):
    code = "token_invalid"
    status = 401
    default_message = "The token is not valid."


class TokenExpiredError(DomainError):
    code = "token_expired"
    status = 401
    default_message = "The token has expired."


@dataclass(frozen=True, kw_only=True)
class AccessClaims:
    # Of a session that is nobody's: the session's own id.
    user_id: UUID
    session_id: UUID
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class ViewerClaims:
    link_id: UUID
    topic: str
    expires_at: datetime


Claims = AccessClaims | ViewerClaims


def access_lifetime() -> timedelta:
    return timedelta(minutes=settings.ACCESS_TOKEN_EXPIRE_MINUTES)


def issue_access(user_id: UUID, session_id: UUID) -> str:
    return _issue("access", user_id, access_lifetime(), sid=str(session_id))


def issue_viewer(link_id: UUID, topic: str) -> tuple[str, int]:
    """A token that reads one topic for the holder of a share link, and its lifetime in seconds."""
    token = _issue("viewer", link_id, VIEWER_LIFETIME, topic=topic)
    return token, int(VIEWER_LIFETIME.total_seconds())


@overload
def read(token: str, *, kind: Literal["access"]) -> AccessClaims: ...
@overload
def read(token: str, *, kind: Literal["viewer"]) -> ViewerClaims: ...
@overload
def read(token: str, *, kind: None = None) -> Claims: ...
def read(token: str, *, kind: Kind | None = None) -> Claims:
    """What a token says once all of it is verified; without `kind`, of either kind.

    Raises TokenExpiredError, or TokenInvalidError for anything else that is wrong.
    """
    payload = _verified(token)
    try:
        # The library checks these two only where they are.
        if kind not in (None, payload["typ"]) or not {"iat", "nbf"} <= payload.keys():
            raise TokenInvalidError
        return _claims(payload)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise TokenInvalidError from error


def _issue(kind: Kind, subject: UUID, lifetime: timedelta, **claims: str) -> str:
    now = timezone.now()
    return _backend(settings.ALGORITHM, settings.SECRET_KEY).encode(
        {
            "typ": kind,
            "sub": str(subject),
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            **claims,
        }
    )


def _verified(token: str) -> dict[str, Any]:
    if not token.isascii():
        raise TokenInvalidError
    try:
        # The backend decodes strings, whatever its annotation says.
        raw: Any = token
        return _backend(settings.ALGORITHM, settings.SECRET_KEY).decode(raw)
    except TokenBackendExpiredToken as error:
        raise TokenExpiredError from error
    except TokenBackendError as error:
        raise TokenInvalidError from error


def _claims(payload: dict[str, Any]) -> Claims:
    expires_at = datetime.fromtimestamp(payload["exp"], UTC)
    subject = UUID(payload["sub"])
    if payload["typ"] == "access":
        session_id = UUID(payload["sid"])
        return AccessClaims(user_id=subject, session_id=session_id, expires_at=expires_at)
    if payload["typ"] == "viewer":
        return ViewerClaims(link_id=subject, topic=payload["topic"], expires_at=expires_at)
    raise TokenInvalidError


@lru_cache(maxsize=4)
def _backend(algorithm: str, secret: str) -> TokenBackend:
    # A key of its own, derived from SECRET_KEY and long enough for each HMAC algorithm: nothing
    # else that is signed with SECRET_KEY can pass for a token, and nothing here for a session.
    key = salted_hmac("accounts.tokens", "signing key", secret=secret, algorithm="sha512")
    return TokenBackend(algorithm, key.hexdigest(), audience=AUDIENCE, issuer=ISSUER)
