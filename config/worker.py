"""A worker for background tasks inside the server's process, for an installation of one process.

Elsewhere `manage.py db_worker` runs beside the servers. Both may: a task is claimed under a lock.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

logger = structlog.get_logger(__name__)

# Seconds between two looks for tasks, and until the next one when something is broken.
INTERVAL: Final = 1.0
INTERVAL_IN_TROUBLE: Final = 5.0


@contextmanager
def working() -> Iterator[None]:
    """Do background tasks in a thread until the block ends, and finish the one that is begun."""
    worker = ServerWorker()
    thread = threading.Thread(target=worker.run, name="tasks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        # As long as a mail server may take; a thread that hangs longer does not keep the process.
        thread.join(timeout=settings.EMAIL_TIMEOUT)


class ServerWorker:
    """Looks for tasks and does them; a database that is away only makes it wait."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._is_in_trouble = False
        self._worker: Worker | None = None

    def stop(self) -> None:
        self._stopping.set()
        if self._worker:
            self._worker.running = False

    def run(self) -> None:
        while not self._stopping.wait(INTERVAL_IN_TROUBLE if self._is_in_trouble else INTERVAL):
            self._take_a_turn()
        connections.close_all()

    def _take_a_turn(self) -> None:
        try:
            # A turn of the worker locks all of SQLite; a look at what there is locks nothing.
            if DBTaskResult.objects.ready().exists():
                self._work()
        except Exception as error:  # noqa: BLE001  the outermost loop: mails must go on tomorrow
            if not self._is_in_trouble:
                logger.warning("task_worker_waits", failure=type(error).__name__)
            self._is_in_trouble = True
        else:
            if self._is_in_trouble:
                logger.info("task_worker_resumes")
            self._is_in_trouble = False
        finally:
            close_old_connections()

    def _work(self) -> None:
        """Do all that is ready now."""
        self._worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=f"server-{get_random_string(16)}",
            excluded_queue_names=[],
        )
        if self._stopping.is_set():
            # It was not there yet when it would have been told.
            return
        self._worker.run()
