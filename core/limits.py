"""Rate limits: fixed windows counted atomically in the shared cache.

`cache.add` creates the counter once and `incr` counts on it, so two processes never read the same
number. When the cache is gone, a limit either refuses (`fail_closed`, for what guards a secret) or
goes on counting inside this process.
"""

import hashlib
import math
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.cache import BaseCache, cache
from django.core.cache.backends.locmem import LocMemCache
from redis.exceptions import RedisError

from core.errors import RateLimitedError, ServiceUnavailableError

logger = structlog.get_logger(__name__)


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

    def headers(self) -> dict[str, str]:
        """The RateLimit fields of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"{self.limit.name}";q={self.limit.count};w={self.limit.seconds}',
            "RateLimit": f'"{self.limit.name}";r={self.remaining};t={self.reset_seconds}',
        }


def hit(limit: Limit, key: str) -> Remaining:
    """Count one try of `key`; raises `RateLimitedError(retry_after=seconds)` beyond the limit."""
    slot, reset_seconds = _slot(limit, key)
    used = _count(limit, slot)
    if used > limit.count:
        raise RateLimitedError(
            retry_after=reset_seconds, limit=limit.count, window_seconds=limit.seconds
        )
    return Remaining(limit, limit.count - used, reset_seconds)


def give_back(limit: Limit, key: str) -> None:
    """Take back one hit of `key`, for limits that count failures only."""
    slot, _ = _slot(limit, key)
    # A ValueError says that the window has passed, and the hit with it.
    with suppress(ValueError):
        try:
            cache.decr(slot)
        except (RedisError, OSError):
            _process.decr(slot)


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
    # Twice the window: the counter must outlive the last hit of its window, or the hit that comes
    # between expiry and `incr` would be lost.
    store.add(slot, 0, seconds * 2)
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
