"""Which e-mail address an account has, and the proof that its mailbox is the person's."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import EmailTakenError
from accounts.models import EmailToken, User
from accounts.operations.audit import record_audit
from accounts.operations.locking import locked_user
from accounts.operations.mailed_links import mail_link, retire_links, use_link
from accounts.policies import can_change_account
from accounts.queries import user_with_email
from accounts.tasks import send_address_notice
from core import limits
from core.errors import ForbiddenError

VERIFY, RESET = EmailToken.Kind.VERIFY_EMAIL, EmailToken.Kind.RESET_PASSWORD


@transaction.atomic
def request_email_change(*, user: User, email: str, actor: User | None) -> None:
    """Mail a link to the new address; the account keeps the old one until somebody opens it.

    The address it has already takes back an earlier request. `actor` None is the operator at the
    command line. Raises ForbiddenError, EmailTakenError, RateLimitedError.
    """
    if actor and actor != user and not can_change_account(actor, user):
        raise ForbiddenError
    locked = locked_user(user)
    email = User.objects.normalize_email(email)
    if email.lower() == locked.email.lower():
        retire_links(locked, VERIFY, but_to=locked.email)
        return
    _count_mail(locked)
    if user_with_email(email):
        raise EmailTakenError
    mail_link(locked, VERIFY, email)


@transaction.atomic
def resend_verification(*, actor: User) -> None:
    """Mail the link again that is waited for: to the address asked for last, or to the account's
    own while that is not verified. Without either, nothing is sent.
    """
    _count_mail(actor)
    user = locked_user(actor)
    waiting = user.email_tokens.filter(kind=VERIFY, used_at=None, expires_at__gt=timezone.now())
    if newest := waiting.order_by("-created_at", "-id").first():
        mail_link(user, VERIFY, newest.email)
    elif user.email and not user.email_verified_at:
        mail_link(user, VERIFY, user.email)


@transaction.atomic
def verify_email(*, token: str) -> User:
    """Make the mailbox that the link was sent to the account's own; the old one is told.

    Raises NotFoundError, LinkGoneError, UserDisabledError, or EmailTakenError when another account
    has taken the address meanwhile.
    """
    row, user = use_link(token, VERIFY)
    replaced = "" if row.email.lower() == user.email.lower() else user.email
    user.email, user.email_verified_at = row.email, timezone.now()
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_verified_at"])
    except IntegrityError:
        raise EmailTakenError from None
    if replaced:
        _tell_former_address(row, user, replaced)
    record_audit(action="email_changed" if replaced else "email_verified", actor=user, subject=user)
    return user


def _tell_former_address(row: EmailToken, user: User, replaced: str) -> None:
    row.replaced_email = replaced
    row.save(update_fields=["replaced_email"])
    # They lie in a mailbox that is no longer the account's.
    retire_links(user, RESET)
    send_address_notice.enqueue(str(row.pk))


def _count_mail(user: User) -> None:
    # The limit of the mails that one person can cause; by themselves, or with a stolen session.
    limits.hit(limits.named("reset-account"), f"verify {user.pk}")
