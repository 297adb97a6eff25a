"""The feed: for each topic an ordered, gap-free list of what happened, and its only writer.

It is also the outbox: an entry commits with the change it tells of, and a doorbell rings after.
"""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import orjson
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from realtime import doorbell, frames, topics
from realtime.models import FeedEntry, FeedHead

T = TypeVar("T")

OPTIMISTIC_TRIES = 3

# One statement both locks and numbers: the row lock is held until commit, so entries commit in
# the order of their numbers, and a rolled-back number is given out again.
_NEXT_SEQ = """
    INSERT INTO realtime_feedhead (topic, epoch, last_seq) VALUES (%s, %s, 1)
    ON CONFLICT (topic) DO UPDATE SET last_seq = realtime_feedhead.last_seq + 1
    RETURNING last_seq
"""
_OPEN = """
    INSERT INTO realtime_feedhead (topic, epoch, last_seq) VALUES (%s, %s, 0)
    ON CONFLICT (topic) DO NOTHING
"""
_NEW_HISTORY = """
    INSERT INTO realtime_feedhead (topic, epoch, last_seq) VALUES (%s, %s, 0)
    ON CONFLICT (topic) DO UPDATE SET epoch = excluded.epoch, last_seq = 0
"""
# Head and entries in one statement see one moment; two statements could straddle a restart.
_READ = """
    SELECT entry.*, head.topic AS head_topic, head.epoch, head.last_seq
    FROM realtime_feedhead head
    LEFT JOIN realtime_feedentry entry ON entry.topic = head.topic AND entry.seq > %s
    WHERE head.topic = %s ORDER BY entry.seq LIMIT %s
"""


class Head(NamedTuple):
    """Where a topic stands. A topic nothing has happened in yet: epoch "" and seq 0."""

    epoch: str
    seq: int


class Reading(NamedTuple):
    head: Head
    entries: list[FeedEntry]


def append(
    *, topic: str, kind: str, payload: dict[str, Any], public_payload: dict[str, Any] | None
) -> int:
    """Add one entry within the caller's transaction; return its number.

    `public_payload` is what readers without membership see; None hides the entry from them.
    Locks the topic until commit, so an operation that appends to several topics must always do
    so in the same order. The payloads are plain JSON values.
    """
    if not topics.is_well_formed(topic):
        raise ValueError(f"{topic!r} is not a topic.")
    if kind in frames.RESERVED_TYPES:
        raise ValueError(f"{kind!r} is a frame of the protocol and no kind of entry.")
    # What cannot be encoded now could never be sent, and would block the topic for everyone.
    orjson.dumps([payload, public_payload])
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SEQ, [topic, _new_epoch()])
        seq: int = cursor.fetchone()[0]
    FeedEntry.objects.create(
        topic=topic,
        seq=seq,
        kind=kind,
        payload=payload,
        public_payload=public_payload,
        created_at=timezone.now(),
    )
    _ring_on_commit(topic, seq)
    return seq


def restart(topic: str) -> None:
    """Forget a topic's entries and begin a new epoch: its history is being rewritten."""
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(_NEW_HISTORY, [topic, _new_epoch()])
    FeedEntry.objects.filter(topic=topic).delete()
    _ring_on_commit(topic, 0)


def recheck(topic: str) -> None:
    """After commit, ask in every process again who may read `topic`; close who no longer may."""
    _ring_on_commit(topic, doorbell.RECHECK)


def head(topic: str) -> Head:
    return heads([topic]).get(topic, Head("", 0))


def open_head(topic: str) -> Head:
    """The head, created when there is none: whoever follows a topic needs an epoch to hold on to.

    For topics that exist, that is, which somebody may read.
    """
    found = head(topic)
    if found.epoch:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [topic, _new_epoch()])
    return head(topic)


def heads(topic_names: Iterable[str]) -> dict[str, Head]:
    """The heads of those topics that have one, in one query."""
    rows = FeedHead.objects.filter(topic__in=list(topic_names))
    return {
        topic: Head(epoch, seq)
        for topic, epoch, seq in rows.values_list("topic", "epoch", "last_seq")
    }


def entries(topic: str, *, since: int, limit: int) -> list[FeedEntry]:
    """The entries numbered above `since`, oldest first, at most `limit`."""
    return list(FeedEntry.objects.filter(topic=topic, seq__gt=since).order_by("seq")[:limit])


def read(topic: str, *, since: int, limit: int) -> Reading:
    """Head and entries after `since` as of one moment, in one round trip."""
    rows = list(FeedEntry.objects.raw(_READ, [since, topic, limit]))
    if not rows:
        return Reading(Head("", 0), [])
    columns = vars(rows[0])
    # A head without further entries is one row whose entry columns are empty.
    found = [] if columns["id"] is None else rows
    return Reading(Head(columns["epoch"], columns["last_seq"]), found)


def consistent(topic: str, read: Callable[[], T]) -> tuple[Head, T]:
    """Run `read` so that its result is true exactly at the returned head.

    Every change of the topic moves its head in the same commit, so an equal head before and
    after means that nothing changed in between. A topic too busy for that is locked.
    """
    before = head(topic)
    for _ in range(OPTIMISTIC_TRIES):
        result = read()
        after = head(topic)
        if after == before:
            return after, result
        before = after
    with transaction.atomic():
        _lock_against_appends(topic)
        return head(topic), read()


def prune(*, before: datetime) -> int:
    """Delete entries older than `before`; return how many. Numbers and heads stay."""
    old = FeedEntry.objects.filter(created_at__lt=before).order_by()
    last_by_topic = old.values_list("topic").annotate(Max("seq"))
    deleted = 0
    for topic, last in list(last_by_topic):
        # By number and not by age: a clock that was set back must not tear a hole.
        deleted += FeedEntry.objects.filter(topic=topic, seq__lte=last).delete()[0]
    return deleted


def change_epoch(topic: str | None = None) -> int:
    """Make every reader of `topic` (None: of all) start afresh; return how many topics changed.

    For operators, after a database restore: numbers that clients have seen may be given out again.
    """
    chosen = FeedHead.objects.all() if topic is None else FeedHead.objects.filter(topic=topic)
    return chosen.update(epoch=_new_epoch())


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "The feed is written in the transaction of the change it tells of."
        )


def _ring_on_commit(topic: str, seq: int) -> None:
    # No partial: Django's report of one that fails asks for its name and fails in turn.
    transaction.on_commit(lambda: doorbell.ring(topic, seq), robust=True)


def _lock_against_appends(topic: str) -> None:
    # SQLite's transactions are IMMEDIATE: nobody else writes until this one ends. Elsewhere there
    # is a row to lock, because only a topic that has moved, and thus has a head, gets here.
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM realtime_feedhead WHERE topic = %s FOR SHARE", [topic])


def _new_epoch() -> str:
    return secrets.token_hex(8)
