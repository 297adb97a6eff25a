"""Rate limits: fixed windows counted atomically in the shared cache.

Windows start at round times, for everybody alike, so that one number per key is enough. The price:
who comes at the very end of one window and the start of the next gets through twice as often there.

A counter is made by `cache.add`, which only one process wins, and counted on by `incr`, so two
never read the same number. When the cache is gone, a limit either refuses (`fail_closed`, for what
guards a secret) or goes on counting inside this process.
"""

import hashlib
import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache as remember
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.cache import BaseCache, cache
from django.core.cache.backends.locmem import LocMemCache
from redis.exceptions import RedisError

from core.errors import RateLimitedError, ServiceUnavailableError

logger = structlog.get_logger(__name__)

UNIT_SECONDS: Final = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
_RATE: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,3})([smhd])")
# What guards a secret that could be guessed, or the door to one.
_FAIL_CLOSED: Final = ("login-", "share-exchange", "master-")
# Counted for an account or for everybody together: what is left would tell a stranger which names
# belong to one account, and what others are trying.
_UNTOLD: Final = frozenset({"login-account", "reset-account", "master-all", "refused-audit"})
_told: ContextVar[list["Remaining"] | None] = ContextVar("limits_told", default=None)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `count` hits in each window of `seconds`, for each key."""

    name: str
    count: int
    seconds: int
    fail_closed: bool = False


@dataclass(frozen=True)
class Remaining:
    limit: Limit
    remaining: int
    reset_seconds: int
    # The counter of that key and window.
    slot: str

    def headers(self) -> dict[str, str]:
        """The RateLimit fields of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"{self.limit.name}";q={self.limit.count};w={self.limit.seconds}',
            "RateLimit": f'"{self.limit.name}";r={self.remaining};t={self.reset_seconds}',
        }


class LimitReachedError(RateLimitedError):
    """Carries the headers that tell how the limit stands."""

    def __init__(self, remaining: Remaining) -> None:
        self.remaining = remaining
        super().__init__(
            retry_after=remaining.reset_seconds,
            limit=remaining.limit.count,
            window_seconds=remaining.limit.seconds,
        )


def named(name: str) -> Limit:
    """The limit that `settings.LIMITS` gives this name; KeyError for a name it does not know."""
    count, seconds = parse_rate(settings.LIMITS[name])
    return Limit(name=name, count=count, seconds=seconds, fail_closed=name.startswith(_FAIL_CLOSED))


@remember
def parse_rate(text: str) -> tuple[int, int]:
    """Count and seconds of "60/5m", sixty in each five minutes; ValueError for anything else."""
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no count and period such as 60/5m.")
    count, length, unit = found.groups()
    return int(count), int(length) * UNIT_SECONDS[unit]


def hit(limit: Limit, key: str) -> Remaining:
    """Count one try of `key`; raises `RateLimitedError(retry_after=seconds)` beyond the limit."""
    slot, reset_seconds = _slot(limit, key)
    used = _count(limit, slot)
    left = Remaining(limit, max(0, limit.count - used), reset_seconds, slot)
    if used > limit.count:
        raise LimitReachedError(left)
    told = _told.get()
    if told is not None and limit.name not in _UNTOLD:
        told.append(left)
    return left


def give_back(counted: Remaining) -> None:
    """Take back what `hit` has counted, for limits that count failures only.

    From the window it was counted in: in the next one it would take away somebody's failure.
    """
    if told := _told.get():
        told[:] = [left for left in told if left.limit.name != counted.limit.name]
    # A ValueError says that the counter has gone, and the hit with it.
    with suppress(ValueError):
        try:
            cache.decr(counted.slot)
        except (RedisError, OSError):
            _process.decr(counted.slot)


@contextmanager
def collected() -> Iterator[list[Remaining]]:
    """How the limits stand that are counted inside, so that the answer can tell the caller."""
    found: list[Remaining] = []
    token = _told.set(found)
    try:
        yield found
    finally:
        _told.reset(token)


def _slot(limit: Limit, key: str) -> tuple[str, int]:
    """The counter of `key` in the window of now, and the seconds until the window ends."""
    now = time.time()
    window = int(now // limit.seconds)
    # Hashed, because a key may hold an e-mail address and caches are easy to list.
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    reset_seconds = max(1, math.ceil((window + 1) * limit.seconds - now))
    return f"limit.{limit.name}.{digest}.{window}", reset_seconds


def _count(limit: Limit, slot: str) -> int:
    try:
        return _increment(cache, slot, limit.seconds)
    except (RedisError, OSError) as error:
        logger.warning("limits_unavailable", limit=limit.name, error=str(error))
        if limit.fail_closed:
            raise ServiceUnavailableError(retry_after=5) from error
        return _increment(_process, slot, limit.seconds)


def _increment(store: BaseCache, slot: str, seconds: int) -> int:
    # All hits but the first of a window cost no more than this.
    with suppress(ValueError):
        return int(store.incr(slot))
    # Twice the window: the counter must outlive the last hit of its window, or the hit that comes
    # between expiry and `incr` would be lost.
    if store.add(slot, 1, seconds * 2):
        return 1
    try:
        return int(store.incr(slot))
    except ValueError:
        # A full or flushed cache has dropped the counter in between: this hit is its first.
        store.add(slot, 1, seconds * 2)
        return 1


def forget() -> None:
    """Forget what this process has counted while the cache was gone."""
    _process.clear()


_PROCESS_OPTIONS: dict[str, Any] = {"OPTIONS": {"MAX_ENTRIES": 100_000}}
_process = LocMemCache("core.limits", _PROCESS_OPTIONS)
