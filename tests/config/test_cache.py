"""The cache on a Redis that is frozen and woken."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from django.core.cache import caches

import config.cache
from core.errors import RateLimitedError, ServiceUnavailableError
from core.limits import Limit, hit
from tests.realtime.own_redis import needs_redis, own_redis

pytestmark = needs_redis
MANY = Limit(name="many", count=1000, seconds=86_400)
GUARDED = Limit(name="guarded", count=50, seconds=86_400, fail_closed=True)


@pytest.fixture
def redis(settings):
    with own_redis() as server:
        settings.CACHES = {
            "default": {
                "BACKEND": "config.cache.ProcessRedisCache",
                "LOCATION": server.url,
                "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
            }
        }
        yield server
        server.thaw()


def connections_made(redis):
    lines = redis.command("INFO", "stats").splitlines()
    [found] = [line for line in lines if line.startswith("total_connections_received:")]
    return int(found.partition(":")[2])


def hit_with_a_cache_of_its_own():
    """As each request of the server has."""
    del caches["default"]
    hit(MANY, "somebody")


def test_requests_share_the_connections_of_the_process(redis):
    hit(MANY, "somebody")
    before = connections_made(redis)

    for _ in range(20):
        copy_context().run(hit_with_a_cache_of_its_own)

    # That of the question itself.
    assert connections_made(redis) - before == 1


@pytest.mark.usefixtures("redis")
def test_threads_at_once_get_exactly_what_is_allowed():
    def is_allowed(_):
        try:
            hit(GUARDED, "everybody")
        except RateLimitedError:
            return False
        return True

    with ThreadPoolExecutor(100) as threads:
        assert sum(threads.map(is_allowed, range(200))) == 50


def test_nobody_queues_for_a_server_that_hung_a_moment_ago(redis, monkeypatch):
    monkeypatch.setattr(config.cache, "REST_SECONDS", 3600)
    hit(MANY, "somebody")
    redis.freeze()
    assert hit(MANY, "somebody").remaining == 999
    redis.thaw()

    # It would answer again, but is not asked: the process counts on.
    assert hit(MANY, "somebody").remaining == 998
    with pytest.raises(ServiceUnavailableError):
        hit(GUARDED, "somebody")


def test_server_that_answers_again_counts_again(redis, monkeypatch):
    monkeypatch.setattr(config.cache, "REST_SECONDS", 0)
    for _ in range(10):
        hit(MANY, "somebody")
    redis.freeze()
    assert hit(MANY, "somebody").remaining == 999
    redis.thaw()

    assert hit(MANY, "somebody").remaining <= 989
    assert hit(GUARDED, "somebody").remaining == 49
