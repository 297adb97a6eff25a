"""The worker inside the server: what it does, what it survives, when it ends."""

import json
import threading
from unittest import mock
from urllib.request import Request, urlopen

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from accounts.operations import request_password_reset
from config import worker
from tests.accounts.mailbox import link_in
from tests.config.test_serve import served
from tests.factories import build_user
from tests.live import DEADLINE_SECONDS, wait_until

# The worker reads and writes in a thread of its own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch):
    monkeypatch.setattr(worker, "INTERVAL", 0.02)
    monkeypatch.setattr(worker, "INTERVAL_IN_TROUBLE", 0.02)


def workers():
    return [thread for thread in threading.enumerate() if thread.name == "tasks"]


def test_tasks_are_done_while_the_server_runs():
    user = build_user()

    with worker.working():
        request_password_reset(email=user.email)
        wait_until(lambda: mail.outbox)
        wait_until(DBTaskResult.objects.successful().exists)

    assert [message.to for message in mail.outbox] == [[user.email]]
    assert workers() == []


def test_what_is_waiting_at_the_end_is_left_for_the_next_start():
    with worker.working():
        pass
    request_password_reset(email=build_user().email)

    assert mail.outbox == []
    with worker.working():
        wait_until(lambda: mail.outbox)


def test_two_workers_send_nothing_twice(settings):
    settings.LIMITS = {**settings.LIMITS, "reset-account": "1000/1h"}
    users = [build_user() for _ in range(20)]
    for user in users:
        request_password_reset(email=user.email)

    with worker.working(), worker.working():
        wait_until(lambda: DBTaskResult.objects.successful().count() == len(users))

    assert sorted(message.to[0] for message in mail.outbox) == sorted(user.email for user in users)


def test_database_that_is_away_for_a_while_is_waited_for(caplog):
    user, looks = build_user(), []

    def away(_rows):
        looks.append(1)
        raise OperationalError("the database is away")

    with worker.working():
        with mock.patch.object(DBTaskResultQuerySet, "ready", away):
            wait_until(lambda: len(looks) > 5)
        request_password_reset(email=user.email)
        wait_until(lambda: mail.outbox)

    assert caplog.text.count("task_worker_waits") == 1
    assert caplog.text.count("task_worker_resumes") == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers")
def test_idle_worker_does_not_wait_for_writers():
    """It looks for tasks without the lock that only one may hold."""
    looked = threading.Event()
    ready = DBTaskResultQuerySet.ready

    def look(rows):
        looked.set()
        return ready(rows)

    with connection.cursor() as cursor, mock.patch.object(DBTaskResultQuerySet, "ready", look):
        cursor.execute("BEGIN IMMEDIATE")
        with worker.working():
            for _ in range(3):
                looked.clear()
                assert looked.wait(DEADLINE_SECONDS)
        cursor.execute("ROLLBACK")


def test_idle_worker_says_nothing(caplog):
    with worker.working():
        pass

    assert caplog.text == ""


def ask_for_a_link(site):
    body = json.dumps({"email": "robin@example.org"}).encode()
    headers = {"Content-Type": "application/json"}
    request = Request(f"{site}/api/v1/auth/password/reset", body, headers)  # noqa: S310 - our own
    with urlopen(request, timeout=DEADLINE_SECONDS) as answer:  # noqa: S310 - our own
        assert answer.status == 202


def test_server_of_one_process_mails_what_it_was_asked_for(settings):
    settings.TASK_WORKER_IN_SERVER = True
    build_user(email="robin@example.org")

    def visit(site):
        ask_for_a_link(site)
        wait_until(lambda: mail.outbox)

    served(visit)

    assert "/account/reset#" in link_in(mail.outbox[0])
    assert workers() == []


def test_server_without_a_worker_leaves_tasks_to_others(settings):
    settings.TASK_WORKER_IN_SERVER = False
    build_user(email="robin@example.org")

    def visit(site):
        ask_for_a_link(site)
        assert workers() == []

    served(visit)

    assert DBTaskResult.objects.ready().count() == 1
