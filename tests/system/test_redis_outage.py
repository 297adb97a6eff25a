"""Redis goes away in mid-match: no write fails, no socket falls, nobody is late for long."""

import asyncio
import time
from uuid import uuid4

import httpx
import pytest

from accounts.models import Role
from matches.operations.sharing import create_share_link, exchange_share_token
from realtime import feed
from tests.factories import build_member
from tests.live import Follower, check_history, in_database, until
from tests.realtime.own_redis import needs_redis, own_redis
from tests.system.processes import server_process

OUTAGE_SECONDS = 10
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
    await log(client, match, clock_ms)
    head = await in_database(feed.head, match.topic)
    started = time.monotonic()
    await until(lambda: all(follower.seq >= head.seq for follower in followers))
    return time.monotonic() - started


@pytest.fixture
def viewer_token(match):
    owner = build_member(match.organisation, Role.OWNER)
    _, token = create_share_link(match=match, actor=owner)
    return exchange_share_token(token).viewer_token


async def follow_through_outage(redis, writer, reader, match, headers, viewer_token):
    """Two processes, so that what one writes reaches the other's sockets through Redis."""
    address = reader.websocket(f"/ws/match/{match.pk}/share")
    followers = [Follower(address, viewer_token, match.topic) for _ in range(FOLLOWERS)]
    delays = []
    async with httpx.AsyncClient(base_url=writer.url, headers=headers, timeout=5) as client:
        for follower in followers:
            await follower.__aenter__()
        await until(lambda: all(follower.is_live for follower in followers))
        before = await log_and_see(client, match, followers, 1)
        redis.stop()
        ends = time.monotonic() + OUTAGE_SECONDS
        while time.monotonic() < ends:
            delays.append(await log_and_see(client, match, followers, len(delays) + 2))
            await asyncio.sleep(0.2)
        redis.start()
        delays.append(await log_and_see(client, match, followers, 10_000))
        for follower in followers:
            await in_database(check_history, follower, is_full=False)
            await follower.__aexit__()
    return before, delays, followers


def test_outage_of_redis_costs_seconds_at_most(match, headers, redis, viewer_token):
    variables = {"REDIS_URL": redis.url}

    with server_process(**variables) as writer, server_process(**variables) as reader:
        before, delays, followers = asyncio.run(
            follow_through_outage(redis, writer, reader, match, headers, viewer_token)
        )

    assert before < LATE_SECONDS
    assert max(delays) < LATE_SECONDS
    assert [follower.codes for follower in followers] == [[]] * FOLLOWERS
    assert [follower.resets for follower in followers] == [[]] * FOLLOWERS
