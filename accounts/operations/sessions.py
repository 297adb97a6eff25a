"""Signing in on a device, staying signed in, signing out (RFC 6749, RFC 9700).

A session is a chain of refresh tokens of which only the youngest may be used. An answer lost on a
bad network must not sign anybody out, so the token before the youngest may be sent again for a
short while and gets the same answer; every other second use means that two parties hold a copy.
"""

from base64 import urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import tokens
from accounts.errors import (
    InvalidCredentialsError,
    RefreshReusedError,
    SessionRevokedError,
    UserDisabledError,
)
from accounts.models import DeviceSession, RefreshToken, User
from accounts.policies import can_end_session
from accounts.queries import Reader, SignedIn, user_named
from core import limits
from core.errors import ForbiddenError
from core.ids import hash_token, new_token

logger = structlog.get_logger(__name__)

SESSION_LIFETIME = timedelta(days=90)
RETRY_WINDOW = timedelta(seconds=30)

# Only failures count. A whole club may share one address, so that limit is the wider one.
TRIES_BY_ADDRESS = limits.Limit(name="login-address", count=60, seconds=300, fail_closed=True)
TRIES_BY_ACCOUNT = limits.Limit(name="login-account", count=10, seconds=900, fail_closed=True)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a device needs to stay signed in; `expires_in` is of the access token, in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str


def sign_in(
    *, identifier: str, password: str, address: str = "", device_name: str = ""
) -> Credentials:
    """Open a session for the person with this e-mail address or username.

    Raises as `verify_password`, and UserDisabledError, said only to those who know the password.
    """
    # Hashing is slow by design, so it happens before the transaction: on SQLite the transaction
    # would keep every other writer waiting.
    user = verify_password(identifier=identifier, password=password, address=address)
    return _open_session(user, address, device_name)


def verify_password(*, identifier: str, password: str, address: str) -> User:
    """The person who knows this password, even when disabled; failures count against the limits.

    Raises InvalidCredentialsError for an unknown user as for a wrong password, after the same time;
    RateLimitedError after too many failures; ServiceUnavailableError when nobody can count them.
    """
    named = user_named(identifier)
    # One count for all the names of an account; names that nobody has are counted alike.
    account = str(named.pk) if named else identifier.casefold()
    tries = [(TRIES_BY_ADDRESS, _network(address)), (TRIES_BY_ACCOUNT, account)]
    # Counted before the password is looked at: guesses made at the same moment all count.
    for limit, key in tries:
        limits.hit(limit, key)
    user = _with_password(named, password)
    for limit, key in tries:
        limits.give_back(limit, key)
    return user


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


@transaction.atomic
def sign_out(*, reader: Reader) -> None:
    """End the session of this device; without one, or a second time, nothing changes."""
    if isinstance(reader, SignedIn):
        _end(reader.session_id)


@transaction.atomic
def end_sessions(*, sessions: Collection[DeviceSession], actor: User) -> int:
    """End sessions of devices that were lost or lent; returns how many were still open."""
    if not all(can_end_session(actor, session) for session in sessions):
        raise ForbiddenError
    return _end(*(session.pk for session in sessions))


def _end(*session_ids: UUID) -> int:
    sessions = DeviceSession.objects.filter(pk__in=session_ids, revoked_at=None)
    return sessions.update(revoked_at=timezone.now())


def _network(address: str) -> str:
    """What one household or attacker holds: the address, or for IPv6 its /64."""
    if address and ip_address(address).version == 6:
        return str(ip_network(f"{address}/64", strict=False))
    return address


def _with_password(user: User | None, password: str) -> User:
    if user is None:
        # As slow as checking a real password, so time does not tell who has an account.
        make_password(password)
        raise InvalidCredentialsError
    if not user.check_password(password):
        logger.info("sign_in_refused", user_id=str(user.pk))
        raise InvalidCredentialsError
    return user


@transaction.atomic
def _open_session(verified: User, address: str, device_name: str) -> Credentials:
    # Read again under a lock: the password may have been changed, or the account disabled, while
    # the old one was being checked, and then no session may outlive that.
    user = User.objects.select_for_update(no_key=True).get(pk=verified.pk)
    if user.password != verified.password:
        raise InvalidCredentialsError
    if not user.is_active:
        raise UserDisabledError
    now = timezone.now()
    user.last_login = now
    user.save(update_fields=["last_login"])
    session = DeviceSession.objects.create(
        user=user,
        device_name=device_name,
        address=address or None,
        last_seen_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    token = new_token()
    _store(session, token, now)
    logger.info("signed_in", user_id=str(user.pk), session_id=str(session.pk))
    return _credentials(session, token)


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
        _end(session.pk)
        logger.warning("refresh_reused", session_id=str(session.pk), user_id=str(session.user_id))
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
        access_token=tokens.issue_access(session.user_id or session.pk, session.pk),
        expires_in=int(tokens.access_lifetime().total_seconds()),
        refresh_token=refresh_token,
    )
