"""Mails are sent after the commit, by a worker, and tried again for most of a working day.

The row of a task outlives the person it was about, so its arguments are nothing but ids, and what
it keeps of a failure is an error of ours without words: a mail server's own names the address.
"""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any, Final
from uuid import UUID

import structlog
from django.core.mail import EmailMessage
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

from accounts import mails

logger = structlog.get_logger(__name__)

# Waited before each further try.
PAUSES: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
# A mail server or a database that is away comes back.
FLEETING: Final = (SMTPException, OSError, DatabaseError, InterfaceError)


class MailRefusedError(Exception):
    """The receiving server does not know the mailbox, or wants nothing from us."""


class MailUndeliverableError(Exception):
    """No server took the mail within all the tries."""


class MailUnwrittenError(Exception):
    """The mail could not be made: a mistake of ours."""


@task
def send_email_token(token_id: str, attempt: int = 0) -> None:
    """Mail the link that verifies an address or resets a password."""
    _send(send_email_token, mails.for_email_token, token_id, attempt)


@task
def send_invitation(invitation_id: str, attempt: int = 0) -> None:
    """Mail the link that makes somebody a member."""
    _send(send_invitation, mails.for_invitation, invitation_id, attempt)


@task
def send_password_notice(user_id: str, attempt: int = 0) -> None:
    """Tell a person that their password was changed."""
    _send(send_password_notice, mails.for_password_change, user_id, attempt)


@task
def send_address_notice(token_id: str, attempt: int = 0) -> None:
    """Tell the address that an account had before that it has another one now."""
    _send(send_address_notice, mails.for_address_change, token_id, attempt)


def _send(
    this: Task[Any, None], write: Callable[[UUID], EmailMessage | None], row_id: str, attempt: int
) -> None:
    log = logger.bind(task=this.name, row_id=row_id, attempt=attempt)
    failure = _try_to_send(write, row_id, log)
    # Out here, where no error is being handled: what is raised now brings no other one along.
    if failure is None:
        return
    # The kind of the failure only: its words hold the address.
    log = log.bind(failure=type(failure).__name__)
    if not isinstance(failure, FLEETING):
        log.error("mail_unwritten")
        raise MailUnwrittenError
    if _is_final(failure):
        log.warning("mail_refused")
        raise MailRefusedError
    if attempt >= len(PAUSES):
        log.error("mail_given_up")
        raise MailUndeliverableError
    this.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(row_id, attempt + 1)
    log.warning("mail_postponed", seconds=PAUSES[attempt].total_seconds())


def _try_to_send(
    write: Callable[[UUID], EmailMessage | None], row_id: str, log: structlog.stdlib.BoundLogger
) -> Exception | None:
    try:
        mail = write(UUID(row_id))
        if mail is not None:
            mail.send()
    except Exception as error:  # noqa: BLE001  the outermost loop of the worker would store its words
        return error
    log.info("mail_sent" if mail else "mail_not_needed")
    return None


def _is_final(failure: Exception) -> bool:
    """Whether asking again would get the same answer: each mailbox is refused for good (5xx)."""
    if not isinstance(failure, SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 for code, _ in failure.recipients.values())
