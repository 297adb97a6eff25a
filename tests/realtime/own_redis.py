"""A Redis of the test's own, to be stopped, frozen and flushed without harm to anybody else."""

import os
import re
import shutil
import signal
import socket
import subprocess
from contextlib import contextmanager

import pytest

from tests.live import wait_until
from tests.realtime.processes import free_port

needs_redis = [
    pytest.mark.redis,
    # In CI it is not skipped but fails: nothing there may go unproved.
    pytest.mark.skipif(
        shutil.which("redis-server") is None and "CI" not in os.environ,
        reason="needs redis-server",
    ),
]


class OwnRedis:
    def __init__(self):
        self.port = free_port()
        self.process = None

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def layers(self):
        """CHANNEL_LAYERS for this Redis."""
        host = {
            "address": self.url,
            "socket_timeout": None,
            "socket_connect_timeout": 2,
        }
        backend = "channels_redis.pubsub.RedisPubSubChannelLayer"
        return {"default": {"BACKEND": backend, "CONFIG": {"hosts": [host]}}}

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        wait_until(self._answers)

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self):
        """It keeps its connections and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def command(self, *words):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall((" ".join(words) + "\r\n").encode())
            return connection.recv(64 * 1024).decode()

    def published(self):
        """How many messages it was given."""
        said = self.command("INFO", "commandstats")
        found = re.search(r"cmdstat_publish:calls=(\d+)", said)
        return int(found[1]) if found else 0

    def _answers(self):
        try:
            return self.command("PING").startswith("+PONG")
        except OSError:
            return False


@contextmanager
def own_redis():
    redis = OwnRedis()
    redis.start()
    try:
        yield redis
    finally:
        redis.stop()
