"""The mails about accounts, each as plain text and as HTML that says the same.

A link carries its token behind the `#`: it reaches the browser, but no server and no log.
"""

from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import EmailToken, Invitation, Role, User
from accounts.proofs import email_token, invitation_token

_PAGES: Final = {
    EmailToken.Kind.VERIFY_EMAIL: "verify",
    EmailToken.Kind.RESET_PASSWORD: "reset",
}
_SUBJECTS: Final = {
    EmailToken.Kind.VERIFY_EMAIL: "Confirm your e-mail address",
    EmailToken.Kind.RESET_PASSWORD: "Choose a new password",
}


def for_email_token(token_id: UUID) -> EmailMultiAlternatives | None:
    """The mail with the link of this row; None once the link is of no use to anybody."""
    row = EmailToken.objects.select_related("user").filter(pk=token_id).first()
    if row is None or row.user is None or row.used_at or row.expires_at <= timezone.now():
        return None
    kind = EmailToken.Kind(row.kind)
    return _mail(
        to=row.email,
        subject=_SUBJECTS[kind],
        template=kind.value,
        link=_link(_PAGES[kind], email_token(row)),
        username=row.user.username,
    )


def for_invitation(invitation_id: UUID) -> EmailMultiAlternatives | None:
    """The mail with the link of this invitation, while it can be accepted."""
    invitations = Invitation.objects.open_at(timezone.now())
    row = invitations.select_related("organisation", "invited_by").filter(pk=invitation_id).first()
    if row is None:
        return None
    return _mail(
        to=row.email,
        subject=f"Invitation to {row.organisation.name}",
        template="invitation",
        link=_link("invitation", invitation_token(row)),
        organisation=row.organisation.name,
        inviter=row.invited_by.username if row.invited_by else "",
        role=Role(row.role).label.lower(),
        expires_on=f"{row.expires_at:%-d %B %Y, %H:%M} UTC",
    )


def for_password_change(user_id: UUID) -> EmailMultiAlternatives | None:
    """Tells a person that their password is another one now."""
    user = User.objects.filter(pk=user_id).first()
    if user is None or not user.email:
        return None
    return _mail(
        to=user.email,
        subject="Your password was changed",
        template="password_changed",
        link=_link("reset"),
        username=user.username,
    )


def for_address_change(token_id: UUID) -> EmailMultiAlternatives | None:
    """Tells the address that the one of this row took the place of."""
    row = EmailToken.objects.select_related("user").filter(pk=token_id).first()
    if row is None or row.user is None or not row.replaced_email:
        return None
    return _mail(
        to=row.replaced_email,
        subject="Your e-mail address was changed",
        template="email_changed",
        username=row.user.username,
    )


def _link(page: str, token: str = "") -> str:
    return f"{settings.PUBLIC_URL}/account/{page}" + (f"#{token}" if token else "")


def _mail(*, to: str, subject: str, template: str, **words: str) -> EmailMultiAlternatives:
    # A header is one line, and the names in it are other people's.
    words["subject"] = " ".join(subject.split())
    words["site"] = urlsplit(settings.PUBLIC_URL).netloc
    mail = EmailMultiAlternatives(
        subject=words["subject"],
        body=render_to_string(f"accounts/mail/{template}.txt", words),
        to=[to],
        # RFC 3834: no out-of-office note comes back.
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"accounts/mail/{template}.html", words), "text/html")
    return mail
