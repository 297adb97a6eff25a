"""Signing in with the master password: the graphics dashboard, which is nobody's account.

Whether there is such a password at all is not told: without one every try is refused like a wrong
one, and costs the same.
"""

import structlog
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.errors import InvalidCredentialsError
from accounts.models import ActorKind
from accounts.models.sessions import master_key
from accounts.operations.audit import record_audit
from accounts.operations.devices import session_target
from accounts.operations.refreshing import Credentials, open_session
from accounts.rules import is_argon2id
from core import limits
from core.api.address import network_of

logger = structlog.get_logger(__name__)


def sign_in_with_master_password(
    *, password: str, address: str = "", device_name: str = ""
) -> Credentials:
    """Open a service session, limited to the scopes of `accounts.queries.Service`.

    Raises InvalidCredentialsError; RateLimitedError after too many failures;
    ServiceUnavailableError when nobody can count them.
    """
    # Only failures count. There is one secret for all, so the second limit is everybody's.
    tries = [
        (limits.named("master-address"), network_of(address)),
        (limits.named("master-all"), ""),
    ]
    # Counted before the password is looked at: guesses made at the same moment all count.
    counted = [limits.hit(limit, key) for limit, key in tries]
    if not _is_right(password):
        record_audit(action="master_sign_in_refused", actor_kind=ActorKind.ANONYMOUS)
        logger.warning("master_sign_in_refused")
        raise InvalidCredentialsError
    for one in counted:
        limits.give_back(one)
    return _open_service_session(address, device_name)


def _is_right(password: str) -> bool:
    if not is_argon2id(settings.MASTER_PASSWORD_HASH):
        make_password(password)
        return False
    return check_password(password, settings.MASTER_PASSWORD_HASH)


@transaction.atomic
def _open_service_session(address: str, device_name: str) -> Credentials:
    session, credentials = open_session(
        master_key=master_key(), address=address, device_name=device_name
    )
    record_audit(
        action="master_signed_in",
        actor_kind=ActorKind.MASTER,
        target=session_target(session.pk),
    )
    logger.info("master_signed_in", session_id=str(session.pk))
    return credentials
