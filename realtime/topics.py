"""Topics: what can be watched, and the two things only the owning app knows about each.

A topic is `<prefix>.<identifier>`, for example `match.<uuid>`. The app that owns a prefix says who
may read a topic (and as which audience) and makes the snapshot a reader starts from.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.queries import Reader

# Also a legal group name of every channel layer: ASCII, shorter than 100 characters.
_TOPIC = re.compile(r"[a-z][a-z_]{0,30}\.[A-Za-z0-9_-]{1,64}", re.ASCII)


class UnreadableError(Exception):
    """The reader may not see this topic, or there is none: to a client both look the same."""


class GoneError(Exception):
    """The reader was let in by something that has since expired or been revoked."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Readers who see the same bytes. A full audience gets `payload`, others `public_payload`."""

    key: str
    is_full: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole document of a topic, true exactly at `seq` of `epoch`."""

    epoch: str
    seq: int
    data: dict[str, Any]


MayRead = Callable[[Reader, str], Audience]
TakeSnapshot = Callable[[str, Audience], Snapshot]


@dataclass(frozen=True, slots=True)
class _Prefix:
    may_read: MayRead
    snapshot: TakeSnapshot


_prefixes: dict[str, _Prefix] = {}


def register(prefix: str, *, may_read: MayRead, snapshot: TakeSnapshot) -> None:
    """Open a prefix for watching; called once, in `AppConfig.ready` of the app that owns it.

    `may_read` returns the reader's audience or raises `UnreadableError` or `GoneError`. Both
    callables are given the whole topic, run in a worker thread and may use the database.
    """
    if prefix in _prefixes:
        raise ValueError(f"The topic prefix {prefix!r} is registered already.")
    _prefixes[prefix] = _Prefix(may_read, snapshot)


def unregister(prefix: str) -> None:
    del _prefixes[prefix]


def is_well_formed(topic: str) -> bool:
    return _TOPIC.fullmatch(topic) is not None


def may_read(reader: Reader, topic: str) -> Audience:
    """The audience `reader` belongs to; raises `UnreadableError` or `GoneError`."""
    return _prefix_of(topic).may_read(reader, topic)


def snapshot(topic: str, audience: Audience) -> Snapshot:
    """The document a reader of `audience` starts from."""
    return _prefix_of(topic).snapshot(topic, audience)


def _prefix_of(topic: str) -> _Prefix:
    prefix = _prefixes.get(topic.partition(".")[0])
    if prefix is None or not is_well_formed(topic):
        raise UnreadableError(topic)
    return prefix
