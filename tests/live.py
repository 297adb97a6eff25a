"""A real server and real clients: a uvicorn in a thread, and followers that keep a history.

`Follower` is the client rule of docs/realtime.md in a few lines; `check_history` proves that what
it applied is every entry once and in order.
"""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from django.db import connections
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from realtime import feed
from realtime.hub import Hub, process
from realtime.models import FeedEntry

DEADLINE_SECONDS = 15


class _Uvicorn(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.is_up.set()


class LiveServer:
    """An ASGI application on a real uvicorn, on a free port."""

    def __init__(self, application: Any, **options: Any) -> None:
        defaults = {"port": 0, "log_config": None, "lifespan": "on", "ws_ping_interval": None}
        self._server = _Uvicorn(uvicorn.Config(application, **{**defaults, **options}))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def address(self) -> str:
        host, port = self._server.servers[0].sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def websocket(self, path: str) -> str:
        return f"ws://{self.address}{path}"

    @property
    def connections(self) -> int:
        """How many the server itself still holds open, whatever its application has let go."""
        return len(self._server.server_state.connections)

    @property
    def hub(self) -> Hub:
        return process._hubs[self._server.loop]

    def start(self) -> None:
        self._thread.start()
        assert self._server.is_up.wait(DEADLINE_SECONDS), "the server did not start"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(DEADLINE_SECONDS)
        assert not self._thread.is_alive(), "the server did not stop"


@contextmanager
def live_server(application: Any, **options: Any) -> Iterator[LiveServer]:
    server = LiveServer(application, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


async def in_database(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a function that uses the database from an async test."""

    def call() -> Any:
        try:
            return work(*args, **kwargs)
        finally:
            connections.close_all()

    return await asyncio.to_thread(call)


async def until(condition: Callable[[], Any], seconds: float = DEADLINE_SECONDS) -> None:
    """Wait, within a deadline, for what another task, thread or process does."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  what is waited for does not know of us
            await asyncio.sleep(0.01)


def wait_until(condition: Callable[[], Any], seconds: float = DEADLINE_SECONDS) -> None:
    """The same for tests that are not asynchronous."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


class SocketClient:
    """One connection, spoken to frame by frame."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, frame: Any) -> None:
        is_raw = isinstance(frame, str | bytes)
        await self.connection.send(frame if is_raw else json.dumps(frame))

    async def hello(self, token: str | None, **fields: Any) -> None:
        await self.say({"type": "hello", "token": token, **fields})

    async def frame(self) -> dict[str, Any]:
        async with asyncio.timeout(DEADLINE_SECONDS):
            frame: dict[str, Any] = json.loads(await self.connection.recv())
            return frame

    async def frames_until(self, kind: str) -> list[dict[str, Any]]:
        """Frames up to and including the first of `kind`."""
        found = [await self.frame()]
        while found[-1]["type"] != kind:
            found.append(await self.frame())
        return found

    async def next(self, kind: str) -> dict[str, Any]:
        return (await self.frames_until(kind))[-1]

    async def close_code(self) -> int | None:
        """Read on until the server has closed: its code, None when it just cut."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while True:
                try:
                    await self.connection.recv()
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else None

    def cut(self) -> None:
        """What a tunnel does to a train passenger: no goodbye."""
        self.connection.transport.abort()


@asynccontextmanager
async def open_socket(
    url: str, *, token: str | None = None, headers: dict[str, str] | None = None, **options: Any
) -> AsyncIterator[SocketClient]:
    """Connect, and say hello with `token` if there is one."""
    defaults = {"compression": None, "ping_interval": None, "proxy": None, "max_size": None}
    async with connect(url, additional_headers=headers, **{**defaults, **options}) as connection:
        client = SocketClient(connection)
        if token is not None:
            await client.hello(token)
        yield client


class Follower:
    """Follows one topic the way a client should, for as long as it is let, and keeps a history."""

    def __init__(self, url: str, token: str, topic: str) -> None:
        self.url = url
        self.token = token
        self.topic = topic
        # None before the first snapshot and after a reset.
        self.epoch: str | None = None
        self.seq = -1
        self.is_live = False
        self.snapshots: list[dict[str, Any]] = []
        self.applied: list[dict[str, Any]] = []
        self.resets: list[str] = []
        self.codes: list[int | None] = []
        self._client: SocketClient | None = None
        self._task: asyncio.Task[None]

    async def __aenter__(self) -> "Follower":
        self._task = asyncio.create_task(self._follow())
        return self

    async def __aexit__(self, *error: Any) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def cut(self) -> None:
        if self._client is not None:
            self._client.cut()

    async def reached(self, seq: int, seconds: float = DEADLINE_SECONDS) -> None:
        await until(lambda: self._task.done() or self.seq == seq, seconds)
        if self._task.done():
            self._task.result()

    async def _follow(self) -> None:
        while True:
            try:
                await self._follow_once()
            except ConnectionClosed as closed:
                self.codes.append(closed.rcvd.code if closed.rcvd else None)
            except (OSError, InvalidHandshake):
                # Nobody there, or somebody who stopped between taking the connection and answering.
                self.codes.append(None)
            self._client, self.is_live = None, False
            await asyncio.sleep(0.02)

    async def _follow_once(self) -> None:
        async with open_socket(self.url) as self._client:
            at = {} if self.epoch is None else {"since": self.seq, "epoch": self.epoch}
            await self._client.hello(self.token, **at)
            while True:
                self._take(json.loads(await self._client.connection.recv()))

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "snapshot":
                self.epoch, self.seq = frame["epoch"], frame["seq"]
                self.snapshots.append(frame)
                self.applied.clear()
            case "live":
                assert frame["seq"] == self.seq
                self.is_live = True
            case "reset":
                self.resets.append(frame["reason"])
                self.epoch, self.is_live = None, False
            case "welcome" | "ping" | "bye" | "error":
                pass
            case _:
                # The server never sends an older or a later entry, so no rule is needed for them.
                assert frame["seq"] == self.seq + 1, f"{frame} after {self.seq}"
                self.seq = frame["seq"]
                self.applied.append(frame)


def check_history(follower: Follower, *, is_full: bool = True) -> None:
    """The last snapshot and what was applied to it are the feed: every entry, once, in order."""
    head = feed.head(follower.topic)
    assert (follower.epoch, follower.seq) == head
    start = follower.snapshots[-1]["seq"]
    expected = [
        _as_seen(entry, is_full=is_full)
        for entry in FeedEntry.objects.filter(topic=follower.topic, seq__gt=start).order_by("seq")
    ]
    seen = [(frame["seq"], frame["type"], frame.get("data")) for frame in follower.applied]
    assert seen == expected


def _as_seen(entry: FeedEntry, *, is_full: bool) -> tuple[int, str, Any]:
    data = entry.payload if is_full else entry.public_payload
    return entry.seq, "skip" if data is None else entry.kind, data
