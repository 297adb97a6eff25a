"""Redis as the cache: connections that outlive a request, and nobody queueing for one that hangs.

Django keeps a cache, with its connections, for one thread or task. Our requests are tasks, so each
would open a connection of its own.
"""

import threading
import time
from collections.abc import Callable
from functools import cache as remember
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Connection, ConnectionPool, Redis
from redis.exceptions import ConnectionError as UnreachableError
from redis.exceptions import TimeoutError as TooSlowError

# How long a Redis that did not answer is left alone. Then one request asks, for all.
REST_SECONDS = 2.0


class Pool(ConnectionPool):
    """Knows whether the server behind it has failed to answer a moment ago."""

    def __init__(self, connection_class: type[Connection] = Connection, **options: Any) -> None:
        # One a thread; redis-py would refuse the hundred-and-first as if the server were gone.
        super().__init__(connection_class, **{"max_connections": 10_000, **options})
        self._rests_until: float | None = None
        self._rest_lock = threading.Lock()

    def may_ask(self) -> bool:
        """Always while the server answers; otherwise one caller at a time, after each rest."""
        with self._rest_lock:
            now = time.monotonic()
            if self._rests_until is None:
                return True
            if now < self._rests_until:
                return False
            self._rests_until = now + REST_SECONDS
            return True

    def note(self, *, answered: bool) -> None:
        with self._rest_lock:
            self._rests_until = None if answered else time.monotonic() + REST_SECONDS


class Client(Redis):
    connection_pool: Pool

    def execute_command(self, *words: Any, **options: Any) -> Any:
        if not self.connection_pool.may_ask():
            raise UnreachableError("Redis did not answer a moment ago.")
        try:
            answer = super().execute_command(*words, **options)  # type: ignore[no-untyped-call]
        except (UnreachableError, TooSlowError, OSError):
            self.connection_pool.note(answered=False)
            raise
        self.connection_pool.note(answered=True)
        return answer


class CacheClient(RedisCacheClient):
    # What Django's class has and its stubs do not tell of.
    _servers: list[str]
    _pool_options: dict[str, Any]
    _get_connection_pool_index: Callable[[bool], int]

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._client = Client

    def _get_connection_pool(self, write: bool) -> Pool:
        server = self._servers[self._get_connection_pool_index(write)]
        return _pool(server, tuple(sorted(self._pool_options.items())))


class ProcessRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = CacheClient


@remember
def _pool(server: str, options: tuple[tuple[str, Any], ...]) -> Pool:
    return Pool.from_url(server, **dict(options))
