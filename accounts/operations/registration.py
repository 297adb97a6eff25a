"""How strangers become users."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import AccountTakenError, RegistrationClosedError
from accounts.models import EmailToken, Invitation, User
from accounts.operations.audit import record_audit
from accounts.operations.mailed_links import mail_link
from accounts.operations.passwords import check_password_strength


def register(*, username: str, email: str, password: str) -> User:
    """Make an account and mail the link that proves its address.

    Raises RegistrationClosedError, unless the address is invited somewhere; WeakPasswordError;
    AccountTakenError for a username or address that somebody has, in whatever case.
    """
    email = User.objects.normalize_email(email)
    if not settings.REGISTRATION_OPEN and not _is_invited(email):
        raise RegistrationClosedError
    check_password_strength(password, User(username=username, email=email))
    # Slow by design, so before the transaction: on SQLite every other writer would wait for it.
    return _create_account(username, email, make_password(password))


@transaction.atomic
def _create_account(username: str, email: str, password_hash: str) -> User:
    try:
        # The constraints decide: asking first who has the name would leave a race.
        with transaction.atomic():
            user = User.objects.create(username=username, email=email, password=password_hash)
    except IntegrityError:
        raise AccountTakenError from None
    record_audit(action="registered", actor=user, subject=user)
    mail_link(user, EmailToken.Kind.VERIFY_EMAIL, user.email)
    return user


def _is_invited(email: str) -> bool:
    return Invitation.objects.open_at(timezone.now()).filter(email__iexact=email).exists()
