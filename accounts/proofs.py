"""Tokens of mailed links: whoever shows one reads the mailbox it went to.

They are derived from the row's key, 256 bits that only this server can compute, so that the
database keeps nothing but hashes and a task that mails one is told nothing but the row's id.
"""

from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac

from accounts.models import EmailToken, Invitation


def email_token(row: EmailToken) -> str:
    """What the link of this row carries; the row keeps its hash."""
    return _derived("accounts.email_token", f"{row.kind}:{row.pk}")


def invitation_token(row: Invitation) -> str:
    """What the link of this invitation carries; renewing the invitation keeps it."""
    return _derived("accounts.invitation", str(row.pk))


def _derived(salt: str, value: str) -> str:
    digest = salted_hmac(salt, value, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
