"""Passwords: changed by who knows the old one, reset by who reads the mailbox, set by staff.

Hashing is slow by design and happens before a transaction, which on SQLite keeps every other
writer waiting; so the transaction looks again whether what was checked still holds.
"""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.errors import (
    InvalidCredentialsError,
    LinkGoneError,
    WeakPasswordError,
    WrongPasswordError,
)
from accounts.models import ActorKind, EmailToken, User
from accounts.operations.audit import record_audit
from accounts.operations.devices import end_all_now
from accounts.operations.locking import locked_user
from accounts.operations.mailed_links import find_link, mail_link, retire_links, use_link
from accounts.operations.sessions import verify_password
from accounts.policies import can_change_account
from accounts.queries import user_with_email
from accounts.tasks import send_password_notice
from core import limits
from core.errors import ForbiddenError

RESET = EmailToken.Kind.RESET_PASSWORD


def check_password_strength(password: str, user: User) -> None:
    """Raises WeakPasswordError; `details["password"]` is all that is wrong, for this person."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPasswordError(password=error.messages) from error


def change_password(
    *, actor: User, session_id: UUID, current_password: str, new_password: str, address: str
) -> None:
    """Replace one's password, and end all one's sessions but this one (ASVS 5, 7.4.3).

    Raises WrongPasswordError, counted like a sign-in that failed; WeakPasswordError;
    RateLimitedError.
    """
    verified = confirm_password(actor=actor, password=current_password, address=address)
    check_password_strength(new_password, verified)
    _change(verified, make_password(new_password), session_id)


def confirm_password(*, actor: User, password: str, address: str) -> User:
    """Ask somebody who is signed in for their password once more; returns them as they are now.

    Raises WrongPasswordError, counted like a sign-in that failed; RateLimitedError.
    """
    try:
        verified = verify_password(
            identifier=actor.email or actor.username, password=password, address=address
        )
    except InvalidCredentialsError:
        raise WrongPasswordError from None
    if verified != actor:
        raise WrongPasswordError
    return verified


@transaction.atomic
def _change(verified: User, password_hash: str, session_id: UUID) -> None:
    user = locked_user(verified)
    if user.password != verified.password:
        raise WrongPasswordError
    _store(user, password_hash, keep=session_id)
    record_audit(action="password_changed", actor=user, subject=user)


@transaction.atomic
def request_password_reset(*, email: str) -> None:
    """Mail a link to whoever has this address; for an address that nobody has all is the same but
    the mail. Raises RateLimitedError.
    """
    limits.hit(limits.named("reset-account"), f"reset {email.casefold()}")
    user = user_with_email(email, is_locked=True)
    mail_link(user, RESET, user.email if user else "")
    record_audit(action="password_reset_requested", actor_kind=ActorKind.ANONYMOUS, subject=user)


def reset_password(*, token: str, new_password: str) -> None:
    """Give the account of this link a new password, and end all its sessions.

    Raises NotFoundError, LinkGoneError, UserDisabledError, or WeakPasswordError, after which the
    link is still good.
    """
    _, user = find_link(token, RESET)
    check_password_strength(new_password, user)
    _reset(token, make_password(new_password))


@transaction.atomic
def _reset(token: str, password_hash: str) -> None:
    row, user = use_link(token, RESET)
    if user.email.lower() != row.email.lower():
        # Mailed to an address that the account no longer has.
        raise LinkGoneError
    user.email_verified_at = user.email_verified_at or timezone.now()
    user.save(update_fields=["email_verified_at"])
    _store(user, password_hash)
    record_audit(action="password_reset", actor=user, subject=user)


def set_password(*, user: User, password: str | None, actor: User | None = None) -> None:
    """Give an account a new password, or none, and end all its sessions (ASVS 5, 7.4.3).

    `actor` None is a caller who has asked `can_change_account` already.
    """
    if actor and not can_change_account(actor, user):
        raise ForbiddenError
    _set(user, make_password(password), actor)


@transaction.atomic
def _set(user: User, password_hash: str, actor: User | None) -> None:
    _store(user, password_hash)
    record_audit(action="password_changed", actor=actor, subject=user)


def _store(user: User, password_hash: str, *, keep: UUID | None = None) -> None:
    user.password = password_hash
    user.save(update_fields=["password"])
    end_all_now(user, keep=keep)
    # Whoever held one of these could undo the change, by another reset or by an address of theirs.
    retire_links(user, RESET)
    retire_links(user, EmailToken.Kind.VERIFY_EMAIL, but_to=user.email)
    send_password_notice.enqueue(str(user.pk))
