"""The mails that a worker has sent, and what is in them."""

import re

from django.core import mail
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def deliver():
    """Do every task that is ready, as a worker does; the mails this has sent."""
    before = len(mail.outbox)
    # Not its loop, which would close the connection that the test's transaction is on.
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    while waiting := DBTaskResult.objects.ready().first():
        waiting.claim(worker.worker_id)
        worker.run_task(waiting)
    return mail.outbox[before:]


def html_of(message):
    [(content, kind)] = message.alternatives
    assert kind == "text/html"
    return content


def link_in(message):
    """The one link of a mail, which both of its parts show."""
    [link] = set(re.findall(r"https?://\S+/account/\S+", message.body))
    assert f'href="{link}"' in html_of(message)
    return link


def token_in(message):
    return link_in(message).partition("#")[2]
