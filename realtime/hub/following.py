"""Places each reader where it begins, without a gap, and takes away what it may not read.

A storm of readers that join costs one snapshot, and those that come back read on in memory.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from django.db import Error as DatabaseError

from realtime import frames, topics
from realtime.frames import CloseCode, Cursor
from realtime.hub.database import DatabaseThreads, SingleFlight
from realtime.hub.socket import Socket
from realtime.hub.subscription import Subscription
from realtime.hub.tails import Tails
from realtime.hub.tuning import Tuning
from realtime.hub.watched import KeptSnapshot, WatchedTopic
from realtime.topics import Audience, GoneError, UnreadableError

logger = structlog.get_logger(__name__)

# A snapshot that never meets the feed means that its app does not take it at a head.
SNAPSHOT_TRIES = 5


class PositionLostError(Exception):
    """No snapshot could be found from which a reader can read on."""


class Following:
    def __init__(self, tuning: Tuning, *, on_change: Callable[[], None]) -> None:
        self.tails = Tails(tuning, on_change=on_change, on_break=self.start_over)
        self._tuning = tuning
        self._threads = DatabaseThreads("snapshots", 1)
        self._snapshots: SingleFlight[tuple[str, str], KeptSnapshot] = SingleFlight()

    def close(self) -> None:
        self.tails.close()
        self._threads.close()

    def subscribe(
        self, socket: Socket, topic: str, *, audience: Audience, cursor: Cursor | None
    ) -> None:
        """Begin to read, or begin again, at `cursor` or with a snapshot."""
        subscription = socket.subscriptions.get(topic)
        if subscription is None:
            watched = self.tails.watch(topic)
            subscription = Subscription(
                socket,
                watched,
                audience=audience,
                on_lost=partial(self.start_over, reason="too_far_behind"),
            )
            watched.subscriptions.add(subscription)
            socket.subscriptions[topic] = subscription
        subscription.audience = audience
        self._place(subscription, cursor)

    def drop(self, subscription: Subscription) -> None:
        subscription.lift()
        watched = subscription.watched
        subscription.socket.subscriptions.pop(watched.name, None)
        watched.subscriptions.discard(subscription)
        self.tails.release(watched)

    def lose(self, subscription: Subscription, code: CloseCode) -> None:
        """Take a topic from a reader; end the connection if it was opened for it."""
        socket, topic = subscription.socket, subscription.watched.name
        self.drop(subscription)
        if topic == socket.fixed_topic:
            socket.close(code)
        else:
            message = "This topic is no longer there for you."
            socket.tell(frames.error(code="topic_lost", message=message, topic=topic))

    def start_over(self, subscription: Subscription, reason: str) -> None:
        """Make the reader forget the topic and send a snapshot."""
        self._place(subscription, None, reset=reason)

    def _place(
        self, subscription: Subscription, cursor: Cursor | None, *, reset: str | None = None
    ) -> None:
        subscription.lift()
        if reset is not None:
            _say_reset(subscription, reset)
        subscription.placing = asyncio.create_task(self._keep_placing(subscription, cursor))

    async def _keep_placing(self, subscription: Subscription, cursor: Cursor | None) -> None:
        socket, topic = subscription.socket, subscription.watched.name
        try:
            if cursor is None or not await self._in_spite_of_outages(
                partial(self._resume, subscription, cursor)
            ):
                await self._in_spite_of_outages(partial(self._start_anew, subscription))
        except UnreadableError:
            self.lose(subscription, CloseCode.NOT_VISIBLE)
        except GoneError:
            self.lose(subscription, CloseCode.GONE)
        except PositionLostError:
            logger.error("snapshot_never_meets_the_feed", topic=topic)  # noqa: TRY400  no news in the trace
            socket.close(CloseCode.POSITION_LOST)
        except Exception:
            logger.exception("subscription_failed", topic=topic)
            socket.close(CloseCode.BROKEN)

    async def _in_spite_of_outages(self, work: Callable[[], Awaitable[bool]]) -> bool:
        """A database that is away delays the reader; it does not send it away."""
        while True:
            try:
                return await work()
            except DatabaseError as error:
                logger.warning("subscription_waits", error=repr(error))
                await asyncio.sleep(self._tuning.sweep)

    async def _resume(self, subscription: Subscription, cursor: Cursor) -> bool:
        """Go on at `cursor`; False, and a reset, when that cannot be done without a gap."""
        watched = subscription.watched
        if not watched.epoch or cursor.epoch != watched.epoch or cursor.seq > watched.seq:
            # The client may know more than this process does, which at first knows nothing.
            await self.tails.refresh(watched)
        if cursor.seq < watched.oldest - 1 and not watched.is_backfilled:
            await self.tails.backfill(watched)
        # From here on nothing is awaited, so no entry can fall between.
        reason = watched.why_not_from(cursor)
        if reason is not None:
            _say_reset(subscription, reason)
            return False
        subscription.follow_from(cursor.seq)
        return True

    async def _start_anew(self, subscription: Subscription) -> bool:
        watched = subscription.watched
        if not watched.epoch:
            await self.tails.refresh(watched)
        for _ in range(SNAPSHOT_TRIES):
            kept = await self._snapshot(watched, subscription.audience)
            if not watched.reaches(kept.epoch, kept.seq):
                await self.tails.refresh(watched)
            # From here on nothing is awaited, so no entry can fall between.
            if watched.reaches(kept.epoch, kept.seq):
                subscription.say_first(kept.text)
                subscription.follow_from(kept.seq)
                return True
            watched.snapshots.pop(subscription.audience.key, None)
        raise PositionLostError(watched.name)

    async def _snapshot(self, watched: WatchedTopic, audience: Audience) -> KeptSnapshot:
        now = asyncio.get_running_loop().time()
        kept = watched.snapshots.get(audience.key)
        if kept is not None and now - kept.taken_at < self._tuning.snapshot:
            return kept

        async def take() -> KeptSnapshot:
            taken = await self._threads.run(_take_snapshot, watched.name, audience, now)
            watched.snapshots[audience.key] = taken
            return taken

        return await self._snapshots.fetch((watched.name, audience.key), take)


def _say_reset(subscription: Subscription, reason: str) -> None:
    subscription.say_first(frames.reset(topic=subscription.watched.name, reason=reason))


def _take_snapshot(topic: str, audience: Audience, now: float) -> KeptSnapshot:
    taken = topics.snapshot(topic, audience)
    text = frames.snapshot(topic=topic, epoch=taken.epoch, seq=taken.seq, data=taken.data)
    return KeptSnapshot(taken.epoch, taken.seq, text, now)
