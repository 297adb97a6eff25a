"""Servers and commands as processes of their own, on the test database, that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
from django.conf import settings

from tests.realtime.processes import database_url, free_port

START_SECONDS = 30
PROJECT = str(settings.BASE_DIR)


def environment(**changes: str) -> dict[str, str]:
    """This process's environment, pointed at the test database."""
    return {**os.environ, "DATABASE_URL": database_url(), "LOG_LEVEL": "WARNING", **changes}


class ServerProcess:
    """A uvicorn that starts on the same port again, as one under a supervisor does."""

    def __init__(self, application: str = "config.asgi:application", **variables: str) -> None:
        self.port = free_port()
        self.application = application
        self.variables = variables
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def websocket(self, path: str) -> str:
        return f"ws://127.0.0.1:{self.port}{path}"

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", self.application, "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "--log-level", "warning"], env=environment(**self.variables), cwd=PROJECT
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, "the server did not start"
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/health/live", timeout=2).is_success:
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """SIGKILL: no farewell, nothing flushed."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def server_process(application: str = "config.asgi:application", **variables: str) -> Iterator:
    server = ServerProcess(application, **variables)
    try:
        server.start()
        yield server
    finally:
        server.stop()
