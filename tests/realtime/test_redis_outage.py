"""Redis makes it faster. Without it nothing fails, nobody is sent away and nothing is lost."""

import time

import pytest

from realtime import doorbell
from tests.live import Follower, check_history, in_database, live_server, until
from tests.realtime import toys
from tests.realtime.own_redis import needs_redis, own_redis

pytestmark = needs_redis


@pytest.fixture
def redis(settings):
    with own_redis() as redis:
        settings.CHANNEL_LAYERS = redis.layers
        yield redis
        doorbell.close()


@pytest.fixture
def tuning(tuning):
    # The sweep is slow enough for a doorbell to show that it was heard.
    tuning.update(sweep=30, heartbeat=0.1, silence=0.5)
    return tuning


@pytest.fixture
def server(transactional_db, redis, toy, tuning):
    with live_server(toys.application) as server:
        # As if the writer were another process: only Redis and the sweep tell.
        doorbell.stop_listening(server.hub.hear)
        yield server


@pytest.fixture
async def follower(server, toy, token):
    async with Follower(server.websocket(toys.path(toy)), token, toy) as follower:
        await until(lambda: follower.is_live and toy in server.hub.line._joined)
        await until(lambda: server.hub.line.is_up)
        yield follower
    assert follower.codes == []
    await in_database(check_history, follower)


async def test_doorbell_of_another_process_is_heard(toy, follower):
    await in_database(toys.say, toy, "one")

    await follower.reached(1)


async def test_burst_of_rings_is_heard_as_few(toy, follower):
    await in_database(toys.say, toy, *map(str, range(100)))

    await follower.reached(100)


async def test_sockets_and_writes_survive_an_outage(server, redis, toy, follower):
    redis.stop()

    started = time.monotonic()
    await in_database(toys.say, toy, "without", "Redis")
    assert time.monotonic() - started < 5
    await until(lambda: not server.hub.line.is_up)
    # The sweep hurries while there is no layer.
    await follower.reached(2)
    await in_database(toys.say, toy, "still without")
    await follower.reached(3)

    redis.start()
    await until(lambda: server.hub.line.is_up)
    await until(lambda: toy in server.hub.line._joined)
    await in_database(toys.say, toy, "with")
    await follower.reached(4)


async def test_restart_of_redis_goes_by(server, redis, toy, follower):
    redis.stop()
    redis.start()

    await in_database(toys.say, toy, "one")
    await until(lambda: server.hub.line.is_up and toy in server.hub.line._joined)
    await in_database(toys.say, toy, "two")

    await follower.reached(2)


async def test_frozen_redis_is_noticed_by_its_silence(server, redis, toy, follower):
    redis.freeze()
    try:
        await in_database(toys.say, toy, "one")
        await until(lambda: not server.hub.line.is_up)
        await follower.reached(1)
    finally:
        redis.thaw()

    await until(lambda: server.hub.line.is_up)


async def test_flushed_redis_loses_nothing(redis, toy, follower):
    redis.command("FLUSHALL")
    await in_database(toys.say, toy, "one")

    await follower.reached(1)


async def test_connections_that_redis_drops_are_made_again(server, redis, toy, follower):
    redis.command("CLIENT", "KILL", "TYPE", "pubsub")
    await in_database(toys.say, toy, "one")
    await until(lambda: redis.command("PUBSUB", "NUMSUB", f"asgi__group__{toy}").endswith(":1\r\n"))
    await in_database(toys.say, toy, "two")

    await follower.reached(2)


async def test_server_may_start_before_redis(transactional_db, redis, toy, tuning, token):
    redis.stop()
    with live_server(toys.application) as server:
        doorbell.stop_listening(server.hub.hear)
        async with Follower(server.websocket(toys.path(toy)), token, toy) as follower:
            await until(lambda: follower.is_live)
            await in_database(toys.say, toy, "one")
            await follower.reached(1)

            redis.start()
            await until(lambda: server.hub.line.is_up)
            await until(lambda: toy in server.hub.line._joined)

    await in_database(check_history, follower)


async def test_topic_that_is_no_longer_watched_is_left(server, redis, toy, follower):
    other = toys.new_topic()
    async with Follower(server.websocket(toys.path(other)), follower.token, other) as second:
        await until(lambda: second.is_live and other in server.hub.line._joined)

    await until(lambda: other not in server.hub.line._joined)
    assert toy in server.hub.line._joined


async def test_what_cannot_be_read_does_not_end_the_line(server, redis, toy, follower):
    redis.command("PUBLISH", f"asgi__group__{toy}", "nonsense")
    await until(lambda: not server.hub.line.is_up)
    await until(lambda: server.hub.line.is_up and toy in server.hub.line._joined)

    await in_database(toys.say, toy, "one")
    await follower.reached(1)
