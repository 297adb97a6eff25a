"""Mails that servers refuse, postpone or take, and what is left of that in the database."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import EmailToken, User
from accounts.operations import request_password_reset, set_password
from accounts.tasks import PAUSES, send_address_notice, send_email_token, send_invitation
from tests.accounts.mailbox import deliver, html_of, link_in
from tests.factories import build_invitation, build_organisation, build_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADDRESS = "robin.secret@example.org"


class Server(BaseEmailBackend):
    """Stands for a mail server: fails as it is told to, else takes the mail."""

    failure: Exception | None = None

    def send_messages(self, messages):
        if Server.failure:
            raise Server.failure
        mail.outbox.extend(messages)
        return len(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.failure = None
    yield Server
    Server.failure = None


@pytest.fixture
def asked():
    """The link that somebody has asked for, not mailed yet."""
    with time_machine.travel(NOW, tick=False):
        request_password_reset(email=build_user(username="secretname", email=ADDRESS).email)
    row = EmailToken.objects.get()
    EmailToken.objects.update(expires_at=NOW + timedelta(days=3))
    return row


def refused(code):
    return smtplib.SMTPRecipientsRefused({ADDRESS: (code, b"unknown mailbox " + ADDRESS.encode())})


FAILURES = [
    refused(450),
    smtplib.SMTPServerDisconnected(f"lost {ADDRESS}"),
    smtplib.SMTPAuthenticationError(535, b"wrong password"),
    smtplib.SMTPDataError(451, ADDRESS.encode()),
    ConnectionRefusedError(111, "refused"),
    TimeoutError(),
    OperationalError("the database is away"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=[type(each).__name__ for each in FAILURES])
def test_mail_that_failed_is_tried_again(server, asked, failure):
    server.failure = failure
    with time_machine.travel(NOW, tick=False):
        assert deliver() == []
    server.failure = None

    with time_machine.travel(NOW + timedelta(seconds=59), tick=False):
        assert deliver() == []
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        assert [message.to for message in deliver()] == [[ADDRESS]]


def test_tries_become_rarer_and_end(server, asked, caplog):
    server.failure = TimeoutError()
    with time_machine.travel(NOW, tick=False) as clock:
        for minutes in (1, 5, 30, 120, 360):
            deliver()
            waiting = DBTaskResult.objects.get(status=TaskResultStatus.READY)
            assert waiting.run_after - datetime.now(UTC) == timedelta(minutes=minutes)
            clock.move_to(waiting.run_after)
        deliver()

    assert not DBTaskResult.objects.filter(status=TaskResultStatus.READY).exists()
    last = DBTaskResult.objects.get(status=TaskResultStatus.FAILED)
    assert last.exception_class_path == "accounts.tasks.MailUndeliverableError"
    assert DBTaskResult.objects.count() == len(PAUSES) + 1
    assert "mail_given_up" in caplog.text


def test_mailbox_that_is_unknown_for_good_is_not_tried_again(server, asked):
    server.failure = refused(550)
    with time_machine.travel(NOW, tick=False):
        deliver()

    row = DBTaskResult.objects.get()
    assert row.status == TaskResultStatus.FAILED
    assert row.exception_class_path == "accounts.tasks.MailRefusedError"


@pytest.mark.parametrize(
    "failure", [refused(550), refused(450), ValueError(f"header {ADDRESS} secretname")], ids=str
)
def test_neither_log_nor_table_names_anybody(server, asked, caplog, capfd, failure):
    server.failure = failure
    with time_machine.travel(NOW, tick=False):
        deliver()

    told = caplog.text + "".join(capfd.readouterr())
    kept = str(list(DBTaskResult.objects.values()))
    for word in (ADDRESS, "secretname"):
        assert word not in told
        assert word not in kept
    assert "Traceback" in kept or "READY" in kept


def test_what_nobody_expected_is_not_tried_again(server, asked):
    server.failure = ValueError("a mistake of ours")
    with time_machine.travel(NOW, tick=False):
        deliver()

    assert DBTaskResult.objects.get().exception_class_path == "accounts.tasks.MailUnwrittenError"


@pytest.mark.parametrize(
    "change",
    [{"used_at": NOW}, {"expires_at": NOW - timedelta(seconds=1)}],
    ids=["used", "expired"],
)
def test_link_that_is_over_is_not_mailed(server, asked, change):
    EmailToken.objects.update(**change)

    with time_machine.travel(NOW, tick=False):
        assert deliver() == []
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_nothing_is_mailed_to_who_is_gone(server, asked):
    set_password(user=User.objects.get(), password="another battery staple")
    send_invitation.enqueue(str(asked.pk))
    send_address_notice.enqueue(str(asked.pk))
    User.objects.all().delete()

    assert deliver() == []


def test_address_that_replaced_none_needs_no_notice(server, asked):
    DBTaskResult.objects.all().delete()
    send_address_notice.enqueue(str(asked.pk))

    assert deliver() == []


def test_invitation_says_who_invites_where_and_as_what(settings):
    settings.PUBLIC_URL = "https://club.example"
    club = build_organisation(name="Riverside <b>Juniors</b>\n& Friends")
    invitation = build_invitation(club, email="sam@example.org", expires_at=NOW, role="admin")
    with time_machine.travel(NOW - timedelta(days=1), tick=False):
        send_invitation.enqueue(str(invitation.pk))
        [message] = deliver()

    assert message.to == ["sam@example.org"]
    assert message.subject == "Invitation to Riverside <b>Juniors</b> & Friends"
    assert link_in(message).startswith("https://club.example/account/invitation#")
    assert f"{invitation.invited_by.username} invites you to Riverside <b>" in message.body
    assert "as admin" in message.body
    assert "21 November 2026, 12:00 UTC" in message.body
    assert "Riverside &lt;b&gt;Juniors" in html_of(message)
    assert "<b>" not in html_of(message)


@pytest.mark.parametrize("field", ["accepted_at", "revoked_at"])
def test_invitation_that_is_over_is_not_mailed(field):
    invitation = build_invitation(**{field: NOW})
    send_invitation.enqueue(str(invitation.pk))

    assert deliver() == []


def test_task_done_twice_at_once_is_done_once(asked):
    """Of two workers the one that claims a task does it; the other finds it no longer ready."""
    row = DBTaskResult.objects.get()
    row.claim("one worker")

    assert deliver() == []


def test_arguments_are_nothing_but_ids(asked):
    assert DBTaskResult.objects.get().args_kwargs == {"args": [str(asked.pk)], "kwargs": {}}
    assert send_email_token.name == "send_email_token"
