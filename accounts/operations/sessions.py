"""Signing in with a name and a password.

An answer must not tell who has an account: an unknown name costs the same queries, the same hash
and the same row of the audit trail as a wrong password.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidCredentialsError, UserDisabledError
from accounts.models import ActorKind, DeviceSession, User
from accounts.operations.audit import record_audit
from accounts.operations.devices import session_target
from accounts.operations.locking import locked_user
from accounts.operations.refreshing import Credentials, open_session
from accounts.queries import user_named
from core import limits
from core.api.address import network_of
from core.errors import NotFoundError

logger = structlog.get_logger(__name__)

# For whom a network counts as known when the account was used from it.
KNOWN_FOR = timedelta(days=90)
NOBODY: Final = UUID(int=0)


def sign_in(
    *, identifier: str, password: str, address: str = "", device_name: str = ""
) -> Credentials:
    """Open a session for the person with this e-mail address or username.

    Raises as `verify_password`, and UserDisabledError, said only to those who know the password.
    """
    # Hashing is slow by design, so it happens before the transaction: on SQLite the transaction
    # would keep every other writer waiting.
    user = verify_password(identifier=identifier, password=password, address=address)
    try:
        return _open_session(user, address, device_name)
    except NotFoundError:
        # Erased just now, and so like a name that nobody ever had.
        _record_refusal(None)
        raise InvalidCredentialsError from None
    except (InvalidCredentialsError, UserDisabledError):
        _record_refusal(user)
        raise


def verify_password(*, identifier: str, password: str, address: str) -> User:
    """The person who knows this password, even when disabled; failures count against the limits.

    Raises InvalidCredentialsError for an unknown user as for a wrong password, after the same time;
    RateLimitedError after too many failures; ServiceUnavailableError when nobody can count them.
    """
    named = user_named(identifier)
    # Only failures count. A whole club may share one address, so that limit is the wider one.
    tries = [
        (limits.named("login-address"), network_of(address)),
        (limits.named("login-account"), _account_key(named, identifier, address)),
    ]
    # Counted before the password is looked at: guesses made at the same moment all count.
    counted = [limits.hit(limit, key) for limit, key in tries]
    if not _is_right(named, password) or named is None:
        _record_refusal(named)
        raise InvalidCredentialsError
    for one in counted:
        limits.give_back(one)
    return named


def _account_key(named: User | None, identifier: str, address: str) -> str:
    """What the tries on one account count under.

    Strangers share one count, whichever of its names they use. A network that the account was
    used from counts for itself, so that no stranger can lock its owner out at home. Names that
    nobody has are counted alike, and asked about alike.
    """
    network, known = network_of(address), _known_networks(named)
    if named is None:
        # Said apart, or a name that reads like another key would count there. Spellings that the
        # database takes for one name count as one here too, and no others.
        return f"name {_folded(identifier)}"
    return f"user {named.pk} {network}" if network in known else f"user {named.pk}"


def _folded(identifier: str) -> str:
    # Character by character, as PostgreSQL does: a whole word knows final sigmas and dotted i's.
    return "".join(sign.lower()[0] for sign in User.normalize_username(identifier))


def _known_networks(user: User | None) -> set[str]:
    sessions = DeviceSession.objects.filter(
        user_id=user.pk if user else NOBODY, last_seen_at__gt=timezone.now() - KNOWN_FOR
    )
    addresses = sessions.exclude(address=None).order_by().values_list("address", flat=True)
    return {network_of(address) for address in addresses.distinct() if address}


def _is_right(user: User | None, password: str) -> bool:
    if user is None:
        # As slow as checking a real password, so time does not tell who has an account.
        make_password(password)
        return False
    return user.check_password(password)


def _record_refusal(user: User | None) -> None:
    # Never the name that was typed: people type their password there.
    record_audit(action="sign_in_refused", actor_kind=ActorKind.ANONYMOUS, subject=user)
    logger.info("sign_in_refused", user_id=str(user.pk) if user else None)


@transaction.atomic
def _open_session(verified: User, address: str, device_name: str) -> Credentials:
    # Read again under a lock: the password may have been changed, or the account disabled, while
    # the old one was being checked, and then no session may outlive that.
    user = locked_user(verified)
    if user.password != verified.password:
        raise InvalidCredentialsError
    if not user.is_active:
        raise UserDisabledError
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])
    session, credentials = open_session(user=user, address=address, device_name=device_name)
    record_audit(action="signed_in", actor=user, target=session_target(session.pk))
    logger.info("signed_in", user_id=str(user.pk), session_id=str(session.pk))
    return credentials
