import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from accounts.models import User
from config import server
from config.management.commands.serve import MIGRATION_LOCK
from matches.models import Match
from tests.factories import PASSWORD
from tests.live import DEADLINE_SECONDS, wait_until
from tests.realtime.processes import database_url, free_port
from web import demo

ROOT = Path(__file__).resolve().parents[2]
# The server reads and writes from threads of its own.
pytestmark = pytest.mark.django_db(transaction=True)


def served(visit, *arguments, **options):
    """Serve in this process while `visit(site)` looks around, then press Ctrl-C; what was said."""
    said, problems = StringIO(), []

    def site():
        return re.search(r"http://[^/\s]+", said.getvalue())

    def visit_and_stop():
        try:
            wait_until(site)
            visit(site()[0].rstrip("."))
        except (Exception, pytest.fail.Exception) as problem:  # noqa: BLE001 - raised below
            problems.append(problem)
        finally:
            connections.close_all()
            os.kill(os.getpid(), signal.SIGINT)

    visitor = threading.Thread(target=visit_and_stop)
    visitor.start()
    call_command("serve", *arguments, **{"port": 0, "stdout": said, **options})
    visitor.join()
    if problems:
        raise problems[0]
    return said.getvalue()


def get(address):
    with urlopen(address, timeout=DEADLINE_SECONDS) as answer:  # noqa: S310 - our own
        return answer.read()


def test_server_answers_until_ctrl_c():
    def visit(site):
        assert json.loads(get(f"{site}/health"))["status"] == "ok"

    said = served(visit)

    assert re.fullmatch(
        r"Touchline answers on http://localhost:\d+\. Stop it with Ctrl-C\.\n", said
    )


def test_demo_plays_by_itself():
    def visit(site):
        wait_until(Match.objects.in_play().filter(replay_of__isnull=False).exists)
        assert b"Live now" in get(site)

    said = served(visit, "--migrate", "--demo")

    replay = Match.objects.get(replay_of__isnull=False)
    address = rf"http://localhost:\d+/w#{replay.share_links.get().listed_token}"
    assert re.search(address, said)
    assert f"Sign in as {demo.DEMO_USERNAME} with {demo.DEMO_PASSWORD}" in said
    assert "On a phone" not in said
    for path in ("/", "/admin/", "/docs"):
        assert re.search(rf"http://localhost:\d+{path}\n", said)


def test_demo_that_every_network_sees_says_how_a_phone_gets_there():
    said = served(lambda site: None, "--demo", "--host", "0.0.0.0")  # noqa: S104 - asked for

    assert "On a phone, this machine's address stands in place of localhost." in said


def test_demo_stops_with_the_server():
    served(lambda site: None, "--demo")

    assert not [thread for thread in threading.enumerate() if thread.name == "demo"]


def test_first_superuser_is_created_after_migrating(settings):
    settings.FIRST_SUPERUSER_EMAIL = "chief@example.org"
    settings.FIRST_SUPERUSER_PASSWORD = PASSWORD

    said = served(lambda site: None, "--migrate")

    assert User.objects.get(email="chief@example.org").is_superuser
    assert "Created the superuser chief." in said


@pytest.mark.postgres
def test_only_one_process_migrates_at_a_time():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time anyway")
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    seen = []

    def visit(site):
        seen.append(site)

    def let_go():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            is_held.set()

            def is_awaited():
                cursor.execute(waiting)
                return cursor.fetchone()[0] == 1

            wait_until(is_awaited)
            assert seen == []
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
        connections.close_all()

    is_held = threading.Event()
    other = threading.Thread(target=let_go)
    other.start()
    is_held.wait(DEADLINE_SECONDS)
    served(visit, "--migrate")
    other.join()

    assert len(seen) == 1


def test_port_in_use_is_said_before_anything_happens():
    with (
        closing(server.listen("127.0.0.1", 0)) as taken,
        pytest.raises(CommandError, match=r"Choose another port, for example: make run PORT=\d+"),
    ):
        call_command("serve", "--migrate", "--demo", port=taken.getsockname()[1])

    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("--port", "99999"), ("--port", "-1"), ("--port", "http"), ("--workers", "0")],
)
def test_number_out_of_range_is_said_before_anything_happens(name, value):
    with pytest.raises(CommandError, match=f"argument {name}: a whole number"):
        call_command("serve", f"{name}={value}")


def test_demo_needs_one_process():
    with pytest.raises(CommandError, match="use --workers 1"):
        call_command("serve", "--demo", "--workers", "2")


def test_demo_is_refused_outside_development(settings):
    settings.IS_DEVELOPMENT = False

    with pytest.raises(CommandError, match="everybody knows its password"):
        call_command("serve", "--demo")


def test_every_network_may_be_listened_to():
    def visit(site):
        get(f"{site}/health/live")

    assert "http://localhost:" in served(visit, "--host", "0.0.0.0")  # noqa: S104 - said to be dangerous, and asked for


def test_ipv6_may_be_listened_to():
    with closing(server.listen("::1", 0)) as listener:
        assert listener.getsockname()[0] == "::1"


@contextmanager
def process(*arguments):
    environment = {**os.environ, "DATABASE_URL": database_url(), "ENVIRONMENT": "development"}
    running = subprocess.Popen(
        [sys.executable, "manage.py", "serve", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def answers(address):
    try:
        return get(address)
    except OSError:
        return None


def test_several_processes_share_one_port():
    port = free_port()

    with process("--workers", "2", "--port", str(port)) as running:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), 60)
        running.send_signal(signal.SIGTERM)
        code = running.wait(DEADLINE_SECONDS)

    assert code == 0
    assert answers(f"http://127.0.0.1:{port}/health") is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_process_ends_when_it_is_told_to(number):
    port = free_port()

    with process("--demo", "--port", str(port)) as running:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), 60)
        running.send_signal(number)
        code = running.wait(DEADLINE_SECONDS)

    # Ctrl-C is how it is meant to end; a service manager expects its own signal back.
    assert code == (0 if number == signal.SIGINT else -signal.SIGTERM)
