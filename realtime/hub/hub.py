"""One hub per process: it hears that topics have moved and keeps every open socket current."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from channels.layers import get_channel_layer
from django.db import Error as DatabaseError

from accounts.queries import Reader, Service, SignedIn, Viewer
from realtime import doorbell
from realtime.frames import CloseCode, Cursor
from realtime.hub.following import Following
from realtime.hub.guard import Guard
from realtime.hub.line import Line
from realtime.hub.socket import Socket
from realtime.hub.transport import Transport
from realtime.hub.tuning import Tuning
from realtime.topics import Audience

logger = structlog.get_logger(__name__)


class Hub:
    def __init__(self, tuning: Tuning) -> None:
        self.tuning = tuning
        self.loop = asyncio.get_running_loop()
        self.sockets: set[Socket] = set()
        self.is_draining = False
        self.following = Following(tuning, on_change=self._watch_changed)
        self.guard = Guard(self.sockets, self.following)
        self.line: Line | None = None
        self._readers: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._everyone_left = asyncio.Event()
        self._hurry = asyncio.Event()

    def start(self) -> None:
        doorbell.listen(self.hear, self.loop)
        if doorbell.reaches_other_processes(get_channel_layer()):
            self.line = Line(
                self.tuning,
                wanted=self.following.tails.watched.keys,
                on_ring=self.hear,
                on_down=self._hurry.set,
            )
            self._run(self.line.run())
        self._run(self._sweep_for_ever())
        self._run(self._every(self.tuning.people, self.guard.check_people))
        self._run(self._every(self.tuning.recheck, self.guard.recheck_all))
        self._run(self._every(self.tuning.tick, self._tick))

    async def stop(self) -> None:
        doorbell.stop_listening(self.hear)
        pending = set(self._tasks)
        while pending:
            for task in pending:
                task.cancel()
            # Again, because a library may swallow a cancellation that comes with its answer.
            _, pending = await asyncio.wait(pending, timeout=1)
        if self.line is not None:
            await self.line.close()
        self.following.close()
        self.guard.close()

    def hear(self, topic: str, seq: int) -> None:
        """A doorbell, from this process or through the channel layer."""
        if seq != doorbell.RECHECK:
            self.following.tails.ring(topic, seq)
        elif topic in self.following.tails.watched:
            self._run(self._once(partial(self.guard.recheck, topic)))

    def open(self, transport: Transport) -> Socket:
        socket = Socket(transport, self.tuning)
        self.sockets.add(socket)
        return socket

    def admit(self, socket: Socket, reader: Reader) -> bool:
        """Let the reader in unless they have as many connections as one may have."""
        limits = {
            SignedIn: self.tuning.sockets_a_user,
            Service: self.tuning.sockets_a_user,
            Viewer: self.tuning.viewers_a_link,
        }
        limit = limits.get(type(reader))
        if limit is not None and self._readers[reader.key] >= limit:
            return False
        self._readers[reader.key] += 1
        socket.reader = reader
        return True

    def leave(self, socket: Socket) -> None:
        for subscription in list(socket.subscriptions.values()):
            self.following.drop(subscription)
        self.sockets.discard(socket)
        if socket.reader is not None:
            key = socket.reader.key
            self._readers[key] -= 1
            if not self._readers[key]:
                del self._readers[key]
        if not self.sockets:
            self._everyone_left.set()

    def subscribe(
        self, socket: Socket, topic: str, *, audience: Audience, cursor: Cursor | None
    ) -> None:
        self.following.subscribe(socket, topic, audience=audience, cursor=cursor)

    def unsubscribe(self, socket: Socket, topic: str) -> None:
        if subscription := socket.subscriptions.get(topic):
            self.following.drop(subscription)

    async def drain(self) -> None:
        """Say goodbye to everyone and cut who has not left when `Tuning.drain` is over."""
        self.is_draining = True
        for socket in list(self.sockets):
            socket.close(CloseCode.RESTART)
        if self.sockets:
            self._everyone_left.clear()
            try:
                async with asyncio.timeout(self.tuning.drain):
                    await self._everyone_left.wait()
            except TimeoutError:
                self.abort()

    def abort(self) -> None:
        """Cut everyone who is still there: a server waits for its connections without limit."""
        logger.warning("sockets_cut_at_shutdown", sockets=len(self.sockets))
        for socket in list(self.sockets):
            socket.abort(CloseCode.RESTART)

    def _watch_changed(self) -> None:
        if self.line is not None:
            self.line.nudge()

    async def _tick(self) -> None:
        for socket in list(self.sockets):
            socket.tick()

    async def _sweep_for_ever(self) -> None:
        while True:
            is_deaf = self.line is not None and not self.line.is_up
            rhythm = self.tuning.sweep_without_layer if is_deaf else self.tuning.sweep
            with suppress(TimeoutError):
                # When the line goes down, what was rung since it fell silent is looked for at once.
                async with asyncio.timeout(rhythm):
                    await self._hurry.wait()
            self._hurry.clear()
            await self._once(self.following.tails.sweep)

    async def _every(self, seconds: float, job: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._once(job)

    async def _once(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            await job()
        except DatabaseError as error:
            # The sockets stay; what was missed is found when the database is back.
            logger.warning("hub_without_database", error=repr(error))
        except Exception:
            logger.exception("hub_job_failed")

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
