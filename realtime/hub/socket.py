"""The sending half of one connection.

It holds positions and no queue of entries: a task writes for as long as there is something to
write and then ends, so an idle connection costs neither a task nor a buffer.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from uuid import uuid4

import structlog
from django.utils import timezone

from accounts.queries import Reader
from realtime import frames
from realtime.frames import RIGHTS_LOST, CloseCode
from realtime.hub.subscription import Subscription
from realtime.hub.transport import Transport
from realtime.hub.tuning import Tuning

logger = structlog.get_logger(__name__)

# A reader that catches up lets the others have a turn after so many frames.
FRAMES_A_TURN = 32
UNANSWERED_PINGS = 2
RETRY_MS = (1_000, 5_000)


class Socket:
    def __init__(self, transport: Transport, tuning: Tuning) -> None:
        self.connection = uuid4().hex
        self.reader: Reader | None = None
        # The topic this connection was opened for; losing it ends the connection.
        self.fixed_topic: str | None = None
        self.subscriptions: dict[str, Subscription] = {}
        self.close_code: CloseCode | None = None
        # Of the receiving half: running out ends it.
        self.deadline: asyncio.Timeout | None = None
        self._transport = transport
        self._tuning = tuning
        self._loop = asyncio.get_running_loop()
        self._control: list[str] = []
        self._writer: asyncio.Task[None] | None = None
        self._writing_since: float | None = None
        self._is_gone = False
        # When a goodbye that was not taken ends in a cut.
        self._cut_at: float | None = None
        self._has_said_bye = False
        self._next_ping = self._loop.time() + tuning.ping
        self._unanswered = 0
        self._minute = self._loop.time()
        self._heard_this_minute = 0

    def stay(self) -> None:
        """The client has said who it is, so it may be silent from now on."""
        if self.deadline is not None:
            self.deadline.reschedule(None)

    def tell(self, text: str) -> None:
        self._control.append(text)
        self.wake()

    def wake(self) -> None:
        """There may be something to write. Never waits for the client."""
        if self._writer is None and not self._is_gone:
            self._writer = self._loop.create_task(self._write())

    def close(self, code: CloseCode) -> None:
        """Say goodbye after what is being written now; a client that does not take it is cut."""
        if self.close_code is not None or self._is_gone:
            return
        self.close_code = code
        within = self._tuning.show_out if code in RIGHTS_LOST else self._tuning.close
        self._cut_at = self._loop.time() + within
        self._end_receiving(within=within)
        self.wake()

    def abort(self, code: CloseCode) -> None:
        self.close_code = self.close_code or code
        self._is_gone = True
        logger.info("socket_cut", connection=self.connection, code=int(self.close_code))
        self._transport.abort()
        self._end_receiving(within=0)

    async def finish(self) -> None:
        """Wait for a goodbye to be written, cut the connection if it cannot be."""
        if self._writer is not None:
            cut_at = (
                self._loop.time() + self._tuning.close if self._cut_at is None else self._cut_at
            )
            await asyncio.wait({self._writer}, timeout=max(0, cut_at - self._loop.time()))
        if self._writer is not None:
            self._writer.cancel()
            self.abort(CloseCode.TOO_SLOW)
        self._is_gone = True

    def hears(self) -> bool:
        """Count a frame of the client: a sign of life, and False when they are too many."""
        self._unanswered = 0
        now = self._loop.time()
        if now - self._minute >= 60:
            self._minute = now
            self._heard_this_minute = 0
        self._heard_this_minute += 1
        return self._heard_this_minute <= self._tuning.frames_a_minute

    def tick(self) -> None:
        """Close who does not read, ping who is quiet, close who does not answer."""
        now = self._loop.time()
        if self._writing_since is not None and now - self._writing_since > self._tuning.write:
            self.close(CloseCode.TOO_SLOW)
        elif self.reader is not None and self.close_code is None and now >= self._next_ping:
            self._ping(now)

    def _ping(self, now: float) -> None:
        if self._unanswered >= UNANSWERED_PINGS:
            self.close(CloseCode.NO_PONG)
            return
        self._unanswered += 1
        self._next_ping = now + self._tuning.ping
        heads = {topic: each.watched.seq for topic, each in self.subscriptions.items()}
        self.tell(frames.ping(at=timezone.now(), heads=heads))

    def _end_receiving(self, *, within: float) -> None:
        if self.deadline is not None:
            # It may be running out at this very moment.
            with suppress(RuntimeError):
                self.deadline.reschedule(self._loop.time() + within)

    async def _write(self) -> None:
        """Write for as long as there is something to write."""
        loop, send, written = self._loop, self._transport.send, 0
        try:
            while (text := self._next_frame()) is not None:
                self._writing_since = loop.time()
                await send(text)
                written += 1
                if written % FRAMES_A_TURN == 0:
                    await asyncio.sleep(0)
            if self.close_code is not None and not self._is_gone:
                await self._transport.close(self.close_code)
                self._is_gone = True
                # A server keeps the connection until its buffer is empty, which a client that has
                # stopped reading never lets it be. One that is closed by then is not touched.
                self._loop.call_at(self._cut_at or 0, self._transport.abort)
        except OSError:
            # The client has left; the receiving half hears of it from the server.
            self._is_gone = True
        except Exception:
            logger.exception("socket_write_failed", connection=self.connection)
            self.abort(CloseCode.BROKEN)
        finally:
            self._writing_since = None
            self._writer = None

    def _next_frame(self) -> str | None:
        if self._is_gone:
            return None
        if self._control:
            return self._control.pop(0)
        if self.close_code is not None:
            return self._bye(self.close_code)
        for topic, subscription in self.subscriptions.items():
            text = subscription.next_frame()
            if text is not None:
                if len(self.subscriptions) > 1:
                    # Topics take turns: to the end of the line.
                    self.subscriptions[topic] = self.subscriptions.pop(topic)
                return text
        return None

    def _bye(self, code: CloseCode) -> str | None:
        if self._has_said_bye:
            return None
        self._has_said_bye = True
        # Spread, so that the clients of a restarted server do not come back all at once.
        retry_ms = random.randint(*RETRY_MS) if code in frames.WORTH_A_RETRY else None  # noqa: S311
        return frames.bye(code=code, retry_ms=retry_ms)
