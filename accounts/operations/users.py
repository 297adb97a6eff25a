"""People's accounts."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import AccountTakenError, EmailTakenError, SuperuserUnsetError
from accounts.models import DeviceSession, User
from accounts.operations.passwords import check_password_strength
from accounts.policies import can_change_account
from core.errors import ForbiddenError, InvalidInputError
from core.ids import new_token


def ensure_superuser() -> tuple[User, bool]:
    """The first superuser, made from FIRST_SUPERUSER_EMAIL and _PASSWORD if there is none yet.

    Returns the user and whether it is new. Raises SuperuserUnsetError, InvalidInputError for a
    malformed address, WeakPasswordError outside development, EmailTakenError.
    """
    if superuser := _first_superuser():
        return superuser, False
    email, password = settings.FIRST_SUPERUSER_EMAIL, settings.FIRST_SUPERUSER_PASSWORD
    _check_first_superuser(email, password)
    try:
        return _create_superuser(email, password), True
    except IntegrityError:
        # Several servers of one installation start together; another one was faster. Otherwise
        # the address is somebody's who registered: they must not become superuser by that.
        if superuser := _first_superuser():
            return superuser, False
        raise EmailTakenError from None


@transaction.atomic
def create_user(*, username: str, email: str, password: str, is_superuser: bool = False) -> User:
    """Make an account at the command line of the server; raises AccountTakenError.

    Whoever runs the server decides about the password, so a weak one is their own affair.
    """
    create = User.objects.create_superuser if is_superuser else User.objects.create_user
    try:
        return create(username, email, password)
    except IntegrityError as error:
        raise AccountTakenError from error


@transaction.atomic
def set_active(*, user: User, is_active: bool, actor: User) -> None:
    """Disable an account, which ends its sessions for good, or enable it again."""
    if not can_change_account(actor, user) or (actor == user and not is_active):
        raise ForbiddenError
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    if not is_active:
        _end_sessions_of(user)


def _end_sessions_of(user: User) -> None:
    DeviceSession.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def _first_superuser() -> User | None:
    return User.objects.filter(is_superuser=True, is_active=True).order_by("date_joined").first()


def _check_first_superuser(email: str, password: str) -> None:
    given = {"FIRST_SUPERUSER_EMAIL": email, "FIRST_SUPERUSER_PASSWORD": password}
    if missing := [name for name, value in given.items() if not value]:
        raise SuperuserUnsetError(missing=missing)
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInputError(
            f"FIRST_SUPERUSER_EMAIL is not an e-mail address: {email}", email=error.messages
        ) from error
    if settings.ENVIRONMENT == "development":
        return
    check_password_strength(password, User(email=email, username=email.partition("@")[0]))


@transaction.atomic
def _create_superuser(email: str, password: str) -> User:
    username = re.sub(r"[^\w.+-]", "", email.partition("@")[0])[:100] or "admin"
    if User.objects.filter(username__iexact=username).exists():
        username = f"{username}-{new_token()[:6]}"
    return User.objects.create_superuser(username, email, password)
