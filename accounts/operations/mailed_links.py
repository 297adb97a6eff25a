"""Links that are mailed, from the row that is made to the moment somebody opens one.

All that happens to the links of one person happens under the lock of that person's row: of two
uses of one link the second finds it used, and of two new ones the younger is the one that works.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from accounts.errors import LinkGoneError, UserDisabledError
from accounts.models import EmailToken, User
from accounts.proofs import email_token
from accounts.tasks import send_email_token
from core.errors import NotFoundError
from core.ids import hash_token

LIFETIMES: Final = {
    EmailToken.Kind.VERIFY_EMAIL: timedelta(hours=72),
    EmailToken.Kind.RESET_PASSWORD: timedelta(hours=1),
}
NOBODY: Final = UUID(int=0)


def mail_link(user: User | None, kind: EmailToken.Kind, email: str) -> None:
    """Make a link and have it mailed; the ones of this kind that went out before are over.

    For nobody it costs the same, and nothing is sent.
    """
    retire_links(user, kind)
    row = EmailToken(
        user=user,
        kind=kind,
        email=email if user else "",
        expires_at=timezone.now() + LIFETIMES[kind],
    )
    row.token_hash = hash_token(email_token(row))
    row.save(force_insert=True)
    # Its row commits with ours, and a worker takes it from there.
    send_email_token.enqueue(str(row.pk))


def retire_links(user: User | None, kind: EmailToken.Kind, *, but_to: str = "") -> None:
    """End the links of a person that were not used; those to the address `but_to` stay."""
    links = EmailToken.objects.filter(user_id=user.pk if user else NOBODY, kind=kind, used_at=None)
    if but_to:
        links = links.exclude(email__iexact=but_to)
    links.update(used_at=timezone.now())


def find_link(token: str, kind: EmailToken.Kind) -> tuple[EmailToken, User]:
    """Whose link this is. Raises NotFoundError, or LinkGoneError once it is used or expired."""
    links = EmailToken.objects.filter(token_hash=hash_token(token), kind=kind)
    row = links.select_related("user").first()
    if row is None or row.user is None:
        raise NotFoundError
    _check_is_open(row)
    return row, row.user


def use_link(token: str, kind: EmailToken.Kind) -> tuple[EmailToken, User]:
    """Use it up, inside the caller's transaction, which then holds the lock of the user.

    Raises as `find_link`, and UserDisabledError: only who reads the mailbox learns of that.
    """
    found, owner = find_link(token, kind)
    user = User.objects.select_for_update(no_key=True).filter(pk=owner.pk).first()
    if user is None:
        raise NotFoundError
    # Read again under the lock: somebody else may have been faster.
    row = EmailToken.objects.get(pk=found.pk)
    _check_is_open(row)
    if not user.is_active:
        raise UserDisabledError
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    return row, user


def _check_is_open(row: EmailToken) -> None:
    if row.used_at or row.expires_at <= timezone.now():
        raise LinkGoneError
