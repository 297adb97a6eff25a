"""People's accounts."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounts.errors import (
    AccountTakenError,
    EmailTakenError,
    LastSuperuserError,
    SuperuserUnsetError,
)
from accounts.models import EmailToken, User
from accounts.operations.addresses import request_email_change
from accounts.operations.audit import record_audit
from accounts.operations.devices import end_all_now
from accounts.operations.locking import locked_user
from accounts.operations.mailed_links import retire_links
from accounts.operations.passwords import check_password_strength, confirm_password
from accounts.policies import can_change_account, can_change_platform
from core.errors import ForbiddenError, InvalidInputError
from core.ids import new_token

RIGHTS: Final = ("is_active", "is_staff", "is_superuser")


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


def create_user(
    *,
    username: str,
    email: str,
    password: str | None,
    is_superuser: bool = False,
    is_staff: bool = False,
    actor: User | None = None,
) -> User:
    """Make an account; without a password its person asks for a link to choose one.

    Superusers are staff, too. `actor` None is the operator at the command line, who decides about
    the password; a superuser's must not be weak. Raises AccountTakenError, WeakPasswordError, and
    ForbiddenError.
    """
    if actor and not can_change_platform(actor):
        raise ForbiddenError
    username, email = User.normalize_username(username), User.objects.normalize_email(email)
    user = User(username=username, email=email, is_superuser=is_superuser)
    user.is_staff = is_staff or is_superuser
    if actor and password is not None:
        check_password_strength(password, user)
    # Slow by design, so before the transaction: on SQLite every other writer would wait for it.
    user.set_password(password)
    return _store_new(user, actor)


def update_profile(
    *, actor: User, changes: Mapping[str, Any], current_password: str, address: str
) -> User:
    """Change one's own username, or ask for another e-mail address, which the password confirms.

    The account keeps its address until the mailed link is opened. Raises AccountTakenError,
    EmailTakenError, and as `confirm_password`.
    """
    if "email" in changes:
        confirm_password(actor=actor, password=current_password, address=address)
    return _update_profile(actor, changes)


@transaction.atomic
def update_user(*, user: User, changes: Mapping[str, Any], actor: User) -> User:
    """Change an account and what it may do on the platform; for superusers.

    A new address counts as unproven. Nobody disables or demotes themselves. Raises ForbiddenError,
    AccountTakenError, LastSuperuserError, NotFoundError.
    """
    lowered = [name for name in RIGHTS if changes.get(name) is False]
    if not can_change_platform(actor) or (actor == user and lowered):
        raise ForbiddenError
    if lowered:
        check_superuser_remains(user)
    return _change(user, changes, actor)


@transaction.atomic
def set_active(*, user: User, is_active: bool, actor: User) -> None:
    """Disable an account, which ends its sessions for good, or enable it again.

    Raises ForbiddenError, and LastSuperuserError.
    """
    if not can_change_account(actor, user) or (actor == user and not is_active):
        raise ForbiddenError
    if not is_active:
        check_superuser_remains(user)
    _change(user, {"is_active": is_active}, actor)


def check_superuser_remains(user: User) -> None:
    """Before this one is disabled, demoted or erased; waits for whoever is doing that to another.

    Raises LastSuperuserError.
    """
    superusers = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    locked = list(superusers.select_for_update(no_key=True).values_list("pk", flat=True))
    if user.pk in locked and len(locked) == 1:
        raise LastSuperuserError


@transaction.atomic
def _store_new(user: User, actor: User | None) -> User:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise AccountTakenError from None
    record_audit(action="user_created", actor=actor, subject=user)
    return user


@transaction.atomic
def _update_profile(user: User, changes: Mapping[str, Any]) -> User:
    user = _change(user, {name: changes[name] for name in changes if name == "username"}, user)
    if "email" in changes:
        request_email_change(user=user, email=changes["email"], actor=user)
    return user


def _change(user: User, changes: Mapping[str, Any], actor: User) -> User:
    user = locked_user(user)
    changed = [name for name, value in changes.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, changes[name])
    if "email" in changed:
        user.email_verified_at = None
        for kind in EmailToken.Kind:
            retire_links(user, kind)
    _save(user, changed)
    if "is_active" in changed and not user.is_active:
        end_all_now(user)
    _record_changes(user, changed, actor)
    return user


def _save(user: User, changed: list[str]) -> None:
    try:
        with transaction.atomic():
            user.save(update_fields=[*changed, *["email_verified_at"] * ("email" in changed)])
    except IntegrityError:
        raise AccountTakenError from None


def _record_changes(user: User, changed: list[str], actor: User) -> None:
    if "is_active" in changed:
        action = "user_enabled" if user.is_active else "user_disabled"
        record_audit(action=action, actor=actor, subject=user)
    if fields := [name for name in changed if name != "is_active"]:
        record_audit(action="user_changed", actor=actor, subject=user, fields=fields)


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
    user = User.objects.create_superuser(username, email, password)
    record_audit(action="user_created", subject=user)
    return user
