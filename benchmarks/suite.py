"""Runs the measurements in turns and prints them side by side."""

import asyncio
import json
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.client import Connection
from benchmarks.measure import fan_out, log_event, read_live, requests_per_second
from benchmarks.world import Paths, World, build_world, free_port, running

REQUESTS = 200
EVENTS = 20

# What is better: more a second, or fewer milliseconds.
MORE = ["events logged a second", "live documents read a second", "frames delivered a second"]
LESS = ["ms until 99 of 100 viewers have an event"]


async def run(folder: Path, *, rounds: int, viewers: int) -> None:
    world = await asyncio.to_thread(build_world, rounds + 1)
    touchline, bare = free_port(), free_port()
    figures: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    with ExitStack() as servers:
        servers.enter_context(running(["manage.py", "serve", "--port"], touchline))
        await _save_examples(folder, touchline, world)
        servers.enter_context(running(["-m", "benchmarks.bare", str(folder)], bare))
        for number, match in enumerate(world.fresh):
            for port in (touchline, bare):
                found = await _measure(port, world, match, viewers)
                # The first round only warms both up.
                if number:
                    for what, figure in found.items():
                        figures[what][port].append(figure)
    _print(figures, touchline, bare, f"{rounds} rounds, {viewers} viewers, SQLite")


async def _measure(port: int, world: World, match: Paths, viewers: int) -> dict[str, float]:
    token = world.scorer_token
    logged = await requests_per_second(port, REQUESTS, *log_event(world, match), token)
    read = await requests_per_second(port, REQUESTS, *read_live(world.halfway), token)
    delivered, delay = await fan_out(port, world, match, viewers=viewers, events=EVENTS)
    return dict(zip(MORE + LESS, (logged, read, delivered, delay), strict=True))


async def _save_examples(folder: Path, port: int, world: World) -> None:
    """What Touchline answers, for the bare server to answer with as many bytes."""
    connection = await Connection.open(port)
    token = world.scorer_token
    recorded = await connection.request(*log_event(world, world.fresh[0]), token)
    live = await connection.request(*read_live(world.halfway), token)
    connection.close()
    event = json.loads(live.body)["events"][0]
    frame = {"type": "event_logged", "topic": world.halfway.socket, "seq": 1, "data": event}
    (folder / "recorded.json").write_bytes(recorded.body)
    (folder / "live.json").write_bytes(live.body)
    (folder / "frame.json").write_text(json.dumps(frame))


def _print(
    figures: dict[str, dict[int, list[float]]], touchline: int, bare: int, title: str
) -> None:
    table = Table(title=title, caption="median of the rounds; 1 is as good as the bare server")
    for heading in ("", "Touchline", "bare server", "ratio"):
        table.add_column(heading, justify="left" if not heading else "right")
    for what in MORE + LESS:
        ours, theirs = median(figures[what][touchline]), median(figures[what][bare])
        ratio = ours / theirs if what in MORE else theirs / ours
        table.add_row(what, f"{ours:,.0f}", f"{theirs:,.0f}", f"{ratio:.3f}")
    Console().print(table)
