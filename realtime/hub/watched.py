"""What one process keeps of a topic while somebody watches it: the newest entries, encoded once.

Sockets hold no queues. They all read this one list, each from its own position, so a reader that
stalls costs a number, and catching up is reading on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from realtime.feed import Head
from realtime.frames import Cursor

if TYPE_CHECKING:
    from realtime.hub.subscription import Subscription


class Texts(NamedTuple):
    """The frames of one entry, for those who see all of it and for everybody else."""

    full: str
    public: str


class KeptSnapshot(NamedTuple):
    epoch: str
    seq: int
    text: str
    taken_at: float


class WatchedTopic:
    def __init__(self, name: str, *, max_entries: int, max_bytes: int) -> None:
        self.name = name
        # Empty until the head has been read for the first time.
        self.epoch = ""
        self.seq = 0
        # The lowest number kept, `seq + 1` when none is: `oldest - 1` is the earliest position.
        self.oldest = 1
        self.entries: dict[int, Texts] = {}
        self.subscriptions: set[Subscription] = set()
        self.snapshots: dict[str, KeptSnapshot] = {}
        self.is_backfilled = False
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._bytes = 0
        # Of whoever reads for this topic: one at a time, and every question gets an answer that
        # was read after it was asked.
        self.lock = asyncio.Lock()
        self.asked = 0
        self.answered = 0
        self.waking: asyncio.Task[None] | None = None

    def begin(self, head: Head) -> None:
        """Forget all and stand at `head`."""
        self.epoch, self.seq = head
        self.oldest = self.seq + 1
        self.entries.clear()
        self.snapshots.clear()
        self.is_backfilled = False
        self._bytes = 0

    def extend(self, head: Head, read: Iterable[tuple[int, Texts]]) -> str | None:
        """Take what was read after `seq`; if it does not follow on, say why and take nothing."""
        if head.epoch != self.epoch or head.seq < self.seq:
            return "epoch_changed"
        new = list(read)
        if [seq for seq, _ in new] != list(range(self.seq + 1, self.seq + 1 + len(new))):
            return "history_pruned"
        if not new and head.seq > self.seq:
            return "history_pruned"
        for seq, texts in new:
            self._keep(seq, texts)
            self.seq = seq
        self._trim()
        return None

    def backfill(self, read: Iterable[tuple[int, Texts]]) -> None:
        """Take older entries, as far back as they lead without a hole."""
        for seq, texts in reversed([(seq, texts) for seq, texts in read if seq < self.oldest]):
            if seq != self.oldest - 1:
                break
            self._keep(seq, texts)
            self.oldest = seq
        self.is_backfilled = True
        self._trim()

    def reaches(self, epoch: str, seq: int) -> bool:
        """Can somebody who has everything up to `seq` read on from here?"""
        return epoch == self.epoch and self.oldest - 1 <= seq <= self.seq

    def why_not_from(self, cursor: Cursor) -> str | None:
        """The reason for a reset, None if a reader at `cursor` can read on."""
        if cursor.epoch != self.epoch:
            return "epoch_changed"
        if cursor.seq > self.seq:
            return "position_ahead"
        if cursor.seq < self.oldest - 1:
            is_far = self.seq - cursor.seq > self._max_entries
            return "too_far_behind" if is_far else "history_pruned"
        return None

    def forget_snapshots(self, *, taken_before: float) -> None:
        for key, kept in list(self.snapshots.items()):
            if kept.taken_at < taken_before:
                del self.snapshots[key]

    def _keep(self, seq: int, texts: Texts) -> None:
        self.entries[seq] = texts
        self._bytes += len(texts.full) + len(texts.public)

    def _trim(self) -> None:
        while len(self.entries) > self._max_entries or self._bytes > self._max_bytes:
            texts = self.entries.pop(self.oldest)
            self._bytes -= len(texts.full) + len(texts.public)
            self.oldest += 1
