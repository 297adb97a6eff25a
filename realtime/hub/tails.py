"""Keeps the tail of every watched topic up to date.

However many readers a topic has, a change costs one read and one encoding.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from django.db import Error as DatabaseError

from realtime import feed, frames
from realtime.feed import Head
from realtime.hub.database import DatabaseThreads
from realtime.hub.subscription import Subscription
from realtime.hub.tuning import Tuning
from realtime.hub.watched import Texts, WatchedTopic
from realtime.models import FeedEntry

logger = structlog.get_logger(__name__)

OnBreak = Callable[[Subscription, str], None]


class Tails:
    def __init__(self, tuning: Tuning, *, on_change: Callable[[], None], on_break: OnBreak) -> None:
        self.watched: dict[str, WatchedTopic] = {}
        self._tuning = tuning
        # A topic is watched for the first time, or no longer.
        self._on_change = on_change
        # A topic does not go on where its readers stand.
        self._on_break = on_break
        # A thread of their own: entries never wait behind a crowd that is joining.
        self._threads = DatabaseThreads("entries", 1)

    def close(self) -> None:
        self._threads.close()
        for watched in self.watched.values():
            if watched.waking is not None:
                watched.waking.cancel()

    def watch(self, topic: str) -> WatchedTopic:
        watched = self.watched.get(topic)
        if watched is None:
            watched = self.watched[topic] = WatchedTopic(
                topic, max_entries=self._tuning.kept_entries, max_bytes=self._tuning.kept_bytes
            )
            self._on_change()
        return watched

    def release(self, watched: WatchedTopic) -> None:
        """Forget a topic that nobody reads any longer."""
        if not watched.subscriptions and self.watched.get(watched.name) is watched:
            del self.watched[watched.name]
            self._on_change()

    def ring(self, topic: str, seq: int) -> None:
        """A doorbell: `topic` has reached `seq`; 0 says to look in any case."""
        watched = self.watched.get(topic)
        if watched is not None and not 0 < seq <= watched.seq:
            self._wake(watched)

    async def sweep(self) -> None:
        """Find what no doorbell told of: one query for all watched topics."""
        names = list(self.watched)
        if not names:
            return
        heads = await self._threads.run(feed.heads, names)
        too_old = asyncio.get_running_loop().time() - self._tuning.snapshot
        for name in names:
            if watched := self.watched.get(name):
                watched.forget_snapshots(taken_before=too_old)
                if heads.get(name) != Head(watched.epoch, watched.seq):
                    self._wake(watched)

    async def refresh(self, watched: WatchedTopic) -> None:
        """Read whatever was committed before this call; callers who wait together share a read."""
        watched.asked += 1
        await self._read_for(watched, watched.asked)

    async def backfill(self, watched: WatchedTopic) -> None:
        """Read the older entries once, for whoever comes back after a cut."""
        async with watched.lock:
            if watched.is_backfilled:
                return
            limit = self._tuning.kept_entries
            since = max(0, watched.seq - limit)
            head, read = await self._threads.run(_read_texts, watched.name, since, limit)
            if head.epoch == watched.epoch:
                watched.backfill(read)

    def _wake(self, watched: WatchedTopic) -> None:
        watched.asked += 1
        if watched.waking is None:
            watched.waking = asyncio.create_task(self._answer(watched))

    async def _answer(self, watched: WatchedTopic) -> None:
        try:
            while watched.answered < watched.asked:
                await self._read_for(watched, watched.asked)
        except DatabaseError as error:
            # The next sweep finds the head ahead of us and asks again.
            logger.warning("feed_read_failed", topic=watched.name, error=repr(error))
        except Exception:
            logger.exception("feed_read_failed", topic=watched.name)
        finally:
            watched.waking = None

    async def _read_for(self, watched: WatchedTopic, question: int) -> None:
        """Read what is new, unless that was done since the question was asked."""
        async with watched.lock:
            while watched.answered < question:
                asked = watched.asked
                if await self._read_on(watched):
                    watched.answered = asked

    async def _read_on(self, watched: WatchedTopic) -> bool:
        """Read the next entries and wake their readers; True when that was all."""
        if not watched.epoch:
            watched.begin(await self._threads.run(feed.open_head, watched.name))
            return True
        head, read = await self._threads.run(
            _read_texts, watched.name, watched.seq, self._tuning.kept_entries
        )
        reason = watched.extend(head, read)
        if reason is None:
            for subscription in watched.subscriptions:
                subscription.socket.wake()
            return watched.seq >= head.seq
        logger.info("topic_restarted", topic=watched.name, reason=reason)
        watched.begin(head)
        for subscription in watched.subscriptions:
            self._on_break(subscription, reason)
        return True


def _read_texts(topic: str, since: int, limit: int) -> tuple[Head, list[tuple[int, Texts]]]:
    head, entries = feed.read(topic, since=since, limit=limit)
    if not head.epoch:
        # The head has vanished, perhaps with a restored database: a new head, a new epoch.
        return feed.open_head(topic), []
    return head, [(entry.seq, _texts(entry)) for entry in entries]


def _texts(entry: FeedEntry) -> Texts:
    about: dict[str, Any] = {"topic": entry.topic, "seq": entry.seq}
    told: dict[str, Any] = {**about, "kind": entry.kind, "at": entry.created_at}
    return Texts(
        full=frames.entry(**told, data=entry.payload),
        public=frames.skip(**about)
        if entry.public_payload is None
        else frames.entry(**told, data=entry.public_payload),
    )
