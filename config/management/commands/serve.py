"""`make run` and the container start here: one command that prepares the database and serves."""

import socket
import threading
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import reverse

from config import server
from config.worker import working
from matches.replaying import run_replays
from web import demo
from web.demo_setup import REPLAY_SPEED, Demo, set_up_demo

# Any number will do, as long as every process of the installation uses the same.
EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104
MIGRATION_LOCK: Final = 7_268_657
HIGHEST_PORT: Final = 65_535


class Command(BaseCommand):
    help = "Serve Touchline over HTTP and WebSockets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="Address to listen on; 0.0.0.0 for every network (default: %(default)s).",
        )
        parser.add_argument(
            "--port", type=_port, default=settings.PORT, help="Default: PORT, now %(default)s."
        )
        parser.add_argument(
            "--workers", type=_count, default=1, help="Server processes (default: %(default)s)."
        )
        parser.add_argument(
            "--migrate",
            action="store_true",
            help="First bring the database up to date and create the first superuser.",
        )
        parser.add_argument(
            "--demo",
            action="store_true",
            help="Set up the demo and replay its match live, again and again.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"] and not settings.IS_DEVELOPMENT:
            raise CommandError("--demo is for development: everybody knows its password.")
        if options["demo"] and options["workers"] != 1:
            raise CommandError("--demo plays its match in the server's process: use --workers 1.")
        with ExitStack() as stack:
            listener = stack.enter_context(_listen(options["host"], options["port"]))
            if options["migrate"]:
                self._migrate()
            site = f"http://{_shown(options['host'])}:{listener.getsockname()[1]}"
            welcome = [f"Touchline answers on {site}. Stop it with Ctrl-C."]
            if options["demo"]:
                made = set_up_demo()
                stack.enter_context(_playing(made))
                welcome = _demo_welcome(site, made, is_open=options["host"] in EVERYWHERE)
            if settings.TASK_WORKER_IN_SERVER:
                stack.enter_context(working())
            # Django gives each thread of the server a connection of its own; this one is done.
            connection.close()
            server.run(
                listener,
                workers=options["workers"],
                on_start=lambda: self.stdout.write("\n".join(welcome)),
            )

    def _migrate(self) -> None:
        with _one_at_a_time():
            call_command("migrate", interactive=False, verbosity=0)
            # In development the demo brings somebody who may enter the admin.
            if settings.FIRST_SUPERUSER_EMAIL or not settings.IS_DEVELOPMENT:
                call_command("ensure_superuser", stdout=self.stdout)


def _port(given: str) -> int:
    port = int(given) if given.isdecimal() else -1
    # 0 lets the system choose one.
    if not 0 <= port <= HIGHEST_PORT:
        raise ArgumentTypeError(f"a whole number from 0 to {HIGHEST_PORT}")
    return port


def _count(given: str) -> int:
    count = int(given) if given.isdecimal() else 0
    if count < 1:
        raise ArgumentTypeError("a whole number, at least 1")
    return count


def _listen(host: str, port: int) -> socket.socket:
    try:
        return server.listen(host, port)
    except OSError as error:
        reason = str(error.strerror or error).partition(" (")[0]
        raise CommandError(
            f"Cannot listen on {host} port {port}: {reason}. "
            f"Choose another port, for example: make run PORT={port + 1}"
        ) from error


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of several processes that start together, one migrates and the others wait for it."""
    if connection.vendor != "postgresql":
        # SQLite's own write lock does that.
        yield
        return
    with connection.cursor() as cursor:
        # However long the other one takes.
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        cursor.execute("RESET lock_timeout")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


@contextmanager
def _playing(made: Demo) -> Iterator[None]:
    """Replay the demo match over and over, in this process: so its viewers hear of an event at
    once, without Redis too."""
    stop = threading.Event()
    player = threading.Thread(
        target=run_replays,
        args=[[made.source]],
        kwargs={"speed": REPLAY_SPEED, "loop": True, "actor": made.owner, "stop": stop},
        name="demo",
        daemon=True,
    )
    player.start()
    try:
        yield
    finally:
        stop.set()
        player.join(timeout=5)


def _shown(host: str) -> str:
    """What a browser on this machine calls the address."""
    return "localhost" if host in {"127.0.0.1", "::1", *EVERYWHERE} else host


def _demo_welcome(site: str, made: Demo, *, is_open: bool) -> list[str]:
    places = {
        "Live now": reverse("landing"),
        "Demo match": f"{reverse('viewer')}#{made.replay_token}",
        "Admin": reverse("admin:index"),
        "API docs": reverse("docs"),
    }
    return [
        "",
        "  Touchline is running. Stop it with Ctrl-C.",
        "",
        *(f"  {name:<12}{site}{path}" for name, path in places.items()),
        "",
        f"  Sign in as {demo.DEMO_USERNAME} with {demo.DEMO_PASSWORD}",
        *(
            ["  On a phone, this machine's address stands in place of localhost."]
            if is_open
            else []
        ),
        "",
    ]
