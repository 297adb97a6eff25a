"""The three things measured. Each function works on either server and returns one figure."""

import asyncio
import json
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from statistics import quantiles

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.client import Connection
from benchmarks.world import Paths, World

CONNECTIONS = 8


@dataclass
class Crowd:
    """Viewers on open sockets, of which only the number that have seen the latest event counts."""

    sockets: list[ClientConnection]
    arrivals: list[float] = field(default_factory=list)
    everybody: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self, socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for frame in socket:
                if '"event_logged"' in str(frame):
                    self.arrivals.append(time.perf_counter())
                    if len(self.arrivals) == len(self.sockets):
                        self.everybody.set()


async def requests_per_second(
    port: int, count: int, method: str, path: str, body: bytes, token: str
) -> float:
    """How many requests `CONNECTIONS` clients get answered, each waiting for its answer."""
    connections = [await Connection.open(port) for _ in range(CONNECTIONS)]

    async def work(connection: Connection) -> None:
        for _ in range(count // CONNECTIONS):
            answer = await connection.request(method, path, body, token)
            if answer.status not in {200, 201}:
                raise SystemExit(f"{answer.status}: {answer.body.decode()[:300]}")

    started = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in connections))
    elapsed = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return count / elapsed


def log_event(world: World, match: Paths) -> tuple[str, str, bytes]:
    event = {"kind": "shot", "team_id": world.team_id, "period": 1, "clock_ms": 1000}
    return "POST", match.events, json.dumps(event).encode()


def read_live(match: Paths) -> tuple[str, str, bytes]:
    return "GET", match.live, b""


async def fan_out(
    port: int, world: World, match: Paths, *, viewers: int, events: int
) -> tuple[float, float]:
    """Deliveries a second, and the milliseconds within which 99 of 100 viewers have an event.

    The next event is logged when everybody has the one before.
    """
    async with AsyncExitStack() as stack:
        url = f"ws://127.0.0.1:{port}{match.socket}"
        sockets = [
            await stack.enter_async_context(connect(url, compression=None, proxy=None))
            for _ in range(viewers)
        ]
        crowd = Crowd(sockets)
        for socket in sockets:
            await socket.send(json.dumps({"type": "hello", "token": match.viewer_token}))
        watching = [asyncio.create_task(crowd.watch(socket)) for socket in sockets]
        await asyncio.sleep(1)
        scorer = await Connection.open(port)
        delays: list[float] = []
        started = time.perf_counter()
        for _ in range(events):
            crowd.arrivals.clear()
            crowd.everybody.clear()
            sent = time.perf_counter()
            await scorer.request(*log_event(world, match), world.scorer_token)
            async with asyncio.timeout(30):
                await crowd.everybody.wait()
            delays += [arrival - sent for arrival in crowd.arrivals]
        elapsed = time.perf_counter() - started
        scorer.close()
        for task in watching:
            task.cancel()
    return len(delays) / elapsed, quantiles(delays, n=100)[98] * 1000
