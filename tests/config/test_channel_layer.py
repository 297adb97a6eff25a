"""The doorbell's carrier on a real Redis: an idle reader must still be there when it rings."""

import asyncio

import pytest
from channels.layers import get_channel_layer
from django.conf import settings

needs_redis = pytest.mark.skipif(not settings.REDIS_URLS, reason="needs REDIS_URL")


@pytest.fixture
async def layer():
    found = get_channel_layer()
    yield found
    await found.flush()


@needs_redis
@pytest.mark.redis
async def test_reader_waits_without_a_time_limit(layer):
    await layer.new_channel()

    [shard] = layer._shards
    assert shard._redis.connection_pool.connection_kwargs["socket_timeout"] is None
    assert shard._redis.connection_pool.connection_kwargs["socket_connect_timeout"] == 2


@needs_redis
@pytest.mark.redis
async def test_reader_that_was_idle_for_six_seconds_hears_the_bell(layer):
    channel = await layer.new_channel()
    await layer.group_add("match.idle", channel)
    # redis-py's own limit is five seconds: this wait is what the test is about.
    await asyncio.sleep(6)

    await layer.group_send("match.idle", {"type": "ring", "seq": 1})

    heard = await asyncio.wait_for(layer.receive(channel), 2)
    assert heard["seq"] == 1
