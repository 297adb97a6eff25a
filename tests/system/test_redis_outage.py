"""Redis goes away in mid-match: no write fails, no socket falls, nobody is late for long."""

import asyncio
import sys
import time
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import httpx
import pytest

from accounts.models import Role
from matches.models import Match, ShareLink
from matches.operations.sharing import create_share_link, exchange_share_token
from realtime import feed
from tests.factories import build_member
from tests.live import Follower, check_history, in_database, until
from tests.realtime.own_redis import needs_redis, own_redis
from tests.system.processes import PROJECT, environment, server_process
from web.demo_setup import set_up_demo

OUTAGE_SECONDS = 10
# Slow enough that the final is played from before the outage until after it.
SPEED = "500"
FOLLOWERS = 20
LATE_SECONDS = 3.0

pytestmark = needs_redis


@pytest.fixture
def redis():
    with own_redis() as redis:
        yield redis


async def log(client, match, clock_ms):
    body = {
        "id": str(uuid4()),
        "kind": "corner",
        "team_id": str(match.home_team_id),
        "period": 1,
        "clock_ms": clock_ms,
    }
    answer = await client.post(f"/api/v1/matches/{match.pk}/events", json=body)
    assert answer.status_code == 201, answer.text


async def log_and_see(client, match, followers, clock_ms):
    """Log one event; return the seconds until the last follower has it."""
    started = time.monotonic()
    await log(client, match, clock_ms)
    head = await in_database(feed.head, match.topic)
    await until(lambda: all(follower.seq >= head.seq for follower in followers))
    return time.monotonic() - started


@pytest.fixture
def viewer_token(match):
    owner = build_member(match.organisation, Role.OWNER)
    _, token = create_share_link(match=match, actor=owner)
    return exchange_share_token(token).viewer_token


@asynccontextmanager
async def replayed(demo, redis):
    """The World Cup final of the demo, replayed by a process of its own from here to its end."""
    command = [sys.executable, "manage.py", "replay_match", str(demo.source.pk), "--speed", SPEED]
    variables = environment(REDIS_URL=redis.url)
    process = await asyncio.create_subprocess_exec(*command, env=variables, cwd=PROJECT)
    try:
        yield
        async with asyncio.timeout(60):
            # It says so with its exit code when one step was refused or could not be taken.
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def follow_through_outage(redis, writer, reader, match, headers, viewer_token, demo):
    """Three processes, so that what two of them write reaches the third one's sockets through
    Redis."""
    address = reader.websocket(f"/ws/match/{match.pk}/share")
    followers = [Follower(address, viewer_token, match.topic) for _ in range(FOLLOWERS)]
    spectator = await in_database(spectator_of, demo, reader)
    delays = []
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=writer.url, headers=headers, timeout=5)
        )
        for follower in [*followers, spectator]:
            await stack.enter_async_context(follower)
        await until(lambda: all(follower.is_live for follower in followers))
        before = await log_and_see(client, match, followers, 1)
        assert redis.published()
        async with replayed(demo, redis):
            await until(lambda: spectator.is_live and spectator.seq > 0, 30)
            redis.stop()
            ends = time.monotonic() + OUTAGE_SECONDS
            while time.monotonic() < ends:
                delays.append(await log_and_see(client, match, followers, len(delays) + 2))
                await asyncio.sleep(0.2)
            redis.start()
            delays.append(await log_and_see(client, match, followers, 10_000))
            await until(redis.published)
        await spectator.reached((await in_database(feed.head, spectator.topic)).seq)
        for follower in [*followers, spectator]:
            await in_database(check_history, follower, is_full=False)
    return before, delays, followers, spectator


def spectator_of(demo, reader):
    """Somebody who watches the replay of the final."""
    link = ShareLink.objects.select_related("match").get(listed_token=demo.replay_token)
    token = exchange_share_token(demo.replay_token).viewer_token
    return Follower(reader.websocket(f"/ws/match/{link.match_id}/share"), token, link.match.topic)


@pytest.mark.timeout(300)
def test_outage_of_redis_costs_seconds_at_most(match, headers, redis, viewer_token):
    variables = {"REDIS_URL": redis.url}
    demo = set_up_demo()

    with server_process(**variables) as writer, server_process(**variables) as reader:
        before, delays, followers, spectator = asyncio.run(
            follow_through_outage(redis, writer, reader, match, headers, viewer_token, demo)
        )

    assert before < LATE_SECONDS
    assert max(delays) < LATE_SECONDS
    assert [follower.codes for follower in [*followers, spectator]] == [[]] * (FOLLOWERS + 1)
    assert [follower.resets for follower in followers] == [[]] * FOLLOWERS
    final = Match.objects.get(replay_of=demo.source)
    assert (final.status, final.home_goals, final.away_goals) == ("completed", 3, 3)
    assert (final.home_shootout_goals, final.away_shootout_goals) == (4, 2)
