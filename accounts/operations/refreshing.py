"""Staying signed in (RFC 6749, RFC 9700).

A session is a chain of refresh tokens of which only the youngest may be used. An answer lost on a
bad network must not sign anybody out, so the token before the youngest may be sent again for a
short while and gets the same answer; every other second use means that two parties hold a copy.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import tokens
from accounts.errors import RefreshReusedError, SessionRevokedError
from accounts.models import ActorKind, DeviceSession, RefreshToken, User
from accounts.operations.audit import record_audit
from accounts.operations.devices import end_now, session_target
from core.ids import hash_token, new_token

logger = structlog.get_logger(__name__)

SESSION_LIFETIME = timedelta(days=90)
RETRY_WINDOW = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a device needs to stay signed in; `expires_in` is of the access token, in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str


@transaction.atomic(savepoint=False)
def open_session(
    *, user: User | None = None, master_key: str = "", address: str, device_name: str
) -> tuple[DeviceSession, Credentials]:
    """For operations that know who it is: a new session and the beginning of its chain."""
    now = timezone.now()
    session = DeviceSession.objects.create(
        user=user,
        master_key=master_key,
        device_name=device_name,
        address=address or None,
        last_seen_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    token = new_token()
    _store(session, token, now)
    return session, _credentials(session, token)


def refresh(*, token: str, address: str = "") -> Credentials:
    """Trade a refresh token for its successor and a fresh access token.

    The same token sent again within 30 s, while its successor is unused, gets the same successor.
    Raises TokenInvalidError, TokenExpiredError, SessionRevokedError, or RefreshReusedError for any
    other reuse: then the session is over.
    """
    credentials = _rotate(token, address)
    if credentials is None:
        # Raised out here, after the commit: inside, it would undo the end of the session.
        raise RefreshReusedError
    return credentials


# Durable, because the end of the session after a reuse must be committed before the refusal.
@transaction.atomic(durable=True)
def _rotate(token: str, address: str) -> Credentials | None:
    now = timezone.now()
    token_hash = hash_token(token)
    # The lock of the session puts all that happens to its chain in order: of parallel refreshes
    # with one token the first makes the successor, and the others find it.
    session = (
        DeviceSession.objects.filter(refresh_tokens__token_hash=token_hash)
        .select_related("user")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if session is None:
        raise tokens.TokenInvalidError
    if not session.is_open(now):
        raise SessionRevokedError
    current = session.refresh_tokens.select_related("successor").get(token_hash=token_hash)
    if current.rotated_at is None:
        _make_successor(session, current, _successor_of(token), now)
    elif not _is_retry(current, now):
        _end_reused(session)
        return None
    session.last_seen_at = now
    session.address = address or session.address
    session.save(update_fields=["last_seen_at", "address"])
    return _credentials(session, _successor_of(token))


def _make_successor(
    session: DeviceSession, current: RefreshToken, successor: str, now: datetime
) -> None:
    if current.expires_at <= now:
        raise tokens.TokenExpiredError
    current.rotated_at = now
    current.save(update_fields=["rotated_at"])
    _store(session, successor, now, parent=current)


def _end_reused(session: DeviceSession) -> None:
    end_now(session.pk)
    # Whoever sent it: the holder, or a thief.
    record_audit(
        action="refresh_reused",
        actor_kind=ActorKind.ANONYMOUS,
        subject=session.user_id,
        target=session_target(session.pk),
    )
    logger.warning("refresh_reused", session_id=str(session.pk), user_id=str(session.user_id))


def _is_retry(used: RefreshToken, now: datetime) -> bool:
    """An answer that got lost, rather than a second holder of the token."""
    if used.rotated_at is None or used.successor.rotated_at is not None:
        return False
    return now - used.rotated_at <= RETRY_WINDOW


def _successor_of(token: str) -> str:
    """The next refresh token: 256 bits that only this server can derive.

    So a lost answer can be given again although the database keeps nothing but hashes.
    """
    digest = salted_hmac("accounts.refresh_token", token, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _store(
    session: DeviceSession, token: str, now: datetime, parent: RefreshToken | None = None
) -> None:
    idle = timedelta(days=settings.REFRESH_TOKEN_EXPIRE_DAYS)
    RefreshToken.objects.create(
        session=session,
        parent=parent,
        token_hash=hash_token(token),
        expires_at=min(now + idle, session.expires_at),
    )


def _credentials(session: DeviceSession, refresh_token: str) -> Credentials:
    return Credentials(
        access_token=tokens.issue_access(session.subject_id, session.pk),
        expires_in=int(tokens.access_lifetime().total_seconds()),
        refresh_token=refresh_token,
    )
