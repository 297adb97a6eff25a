"""The hub's own way to the database: threads that no slow view can occupy."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")


class DatabaseThreads:
    """A few threads that run one database call after the other."""

    def __init__(self, name: str, threads: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=f"realtime-{name}")

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def call() -> T:
            # As at both ends of a request: a connection that died is replaced, none is held idle.
            close_old_connections()
            try:
                return function(*args, **kwargs)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


class SingleFlight(Generic[K, T]):
    """Whoever asks the same while the answer is on its way shares the answer."""

    def __init__(self) -> None:
        self._flights: dict[K, asyncio.Task[T]] = {}

    async def fetch(self, key: K, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(ask())
            flight.add_done_callback(lambda _: self._land(key))
        # One who gives up waiting must not take the answer from the others.
        return await asyncio.shield(flight)

    def _land(self, key: K) -> None:
        flight = self._flights.pop(key)
        if not flight.cancelled():
            # Marks the error as seen even if nobody waits any longer.
            flight.exception()
