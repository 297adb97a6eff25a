"""Servers in processes of their own: to be told to stop, and to be killed."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

from tests.live import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
APPLICATION = "tests.realtime.toy_asgi:application"


def free_port():
    """Below the range from which the system gives outgoing connections theirs.

    A client that calls a stopped server again and again would take such a port away from it, or
    even reach itself on it.
    """
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", 10_000 + secrets.randbelow(22_000)))
            return probe.getsockname()[1]


def database_url():
    """The database of this test, for another process."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    user, password = settings["USER"], settings["PASSWORD"]
    host, port = settings["HOST"], settings["PORT"] or 5432
    return f"postgresql://{user}:{password}@{host}:{port}/{settings['NAME']}"


class ServerProcess:
    def __init__(self, *arguments, port, tuning, log):
        self.address = f"127.0.0.1:{port}"
        self.log = log
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url(),
            "TOY_REALTIME": json.dumps(tuning),
        }
        command = [sys.executable, "-m", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
        wait_until(self.is_up)

    def is_up(self):
        # From what it says, because a connection to find out would be one more to close.
        self.log.seek(0)
        said = self.log.read().decode()
        assert self.process.poll() is None, said
        return "running on" in said or "Listening on" in said

    def websocket(self, path):
        return f"ws://{self.address}{path}"

    def tell_to_stop(self):
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self, seconds=30):
        return self.process.wait(seconds)


@contextmanager
def _running(*arguments, port, tuning):
    with tempfile.TemporaryFile() as log:
        server = ServerProcess(*arguments, port=port, tuning=tuning, log=log)
        try:
            yield server
        finally:
            server.process.kill()
            server.process.wait()


def uvicorn_process(tuning, port=None, **options):
    port = port or free_port()
    arguments = ["uvicorn", APPLICATION, "--port", str(port), "--no-access-log"]
    for name, value in options.items():
        arguments += [f"--{name.replace('_', '-')}", str(value)]
    return _running(*arguments, port=port, tuning=tuning)


def daphne_process(tuning):
    port = free_port()
    arguments = ["daphne", "--port", str(port), "--access-log", os.devnull, APPLICATION]
    return _running(*arguments, port=port, tuning=tuning)
