"""A ring never blocks and never fails, whatever the channel layer does."""

import asyncio
import os
import time

import pytest

from realtime import doorbell
from tests.live import wait_until
from tests.realtime.own_redis import needs_redis, own_redis


@pytest.fixture(autouse=True)
def _no_sender_of_earlier_tests():
    doorbell.close()


@pytest.fixture
def heard():
    return []


async def test_hub_of_this_process_is_told_in_its_own_loop(heard):
    def listener(topic, seq):
        heard.append((topic, seq, asyncio.get_running_loop()))

    loop = asyncio.get_running_loop()
    doorbell.listen(listener, loop)
    await asyncio.to_thread(doorbell.ring, "toy.1", 7)
    await asyncio.sleep(0)
    doorbell.stop_listening(listener)
    doorbell.ring("toy.1", 8)
    await asyncio.sleep(0)

    assert heard == [("toy.1", 7, loop)]


def test_loop_that_has_closed_is_passed_over(heard):
    loop = asyncio.new_event_loop()
    loop.close()

    doorbell.listen(heard.append, loop)
    doorbell.ring("toy.1", 1)
    doorbell.stop_listening(heard.append)


def test_one_process_alone_needs_no_thread(settings):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

    doorbell.ring("toy.1", 1)

    assert doorbell._sender is None
    assert doorbell.failed_rings() == 0


def test_project_without_a_channel_layer_rings_all_the_same(settings):
    settings.CHANNEL_LAYERS = {}

    doorbell.ring("toy.1", 1)


class TestRedis:
    pytestmark = needs_redis

    @pytest.fixture
    def redis(self, settings):
        with own_redis() as redis:
            settings.CHANNEL_LAYERS = redis.layers
            yield redis
            doorbell.close()

    def test_rings_go_out_and_the_last_ones_before_the_end(self, redis):
        for number in range(50):
            doorbell.ring(f"toy.{number}", 1)
        doorbell.close()

        assert redis.published() == 50

    def test_rings_that_wait_together_become_one(self, redis):
        doorbell.ring("toy.1", 1)
        wait_until(lambda: redis.published() == 1)
        redis.freeze()
        doorbell.ring("toy.1", 2)
        time.sleep(0.05)
        for seq in (5, 3, 4, doorbell.RECHECK):
            doorbell.ring("toy.1", seq)

        waiting = dict(doorbell._sender._pending)
        redis.thaw()
        doorbell.close()

        assert waiting == {("toy.1", False): 5, ("toy.1", True): doorbell.RECHECK}

    def test_beginning_anew_is_not_overruled_by_a_number(self, redis):
        redis.freeze()
        doorbell.ring("toy.1", 1)
        time.sleep(0.05)
        for seq in (9, 0, 1):
            doorbell.ring("toy.1", seq)

        waiting = dict(doorbell._sender._pending)
        redis.thaw()
        doorbell.close()

        assert waiting == {("toy.1", False): 0}

    def test_writer_never_waits(self, redis):
        redis.freeze()
        # Any wait for the frozen server, even one that gives up, would outlast the test's limit.
        for seq in range(1_000):
            doorbell.ring("toy.1", seq)

        redis.thaw()

    def test_rings_that_nobody_takes_are_counted_and_do_not_pile_up(self, redis):
        redis.stop()
        for seq in range(1, 4):
            doorbell.ring("toy.1", seq)

        wait_until(lambda: doorbell.failed_rings() >= 1)
        redis.start()
        before = doorbell.failed_rings()
        doorbell.ring("toy.1", 4)
        wait_until(lambda: redis.published() >= 1)

        assert doorbell.failed_rings() == before <= 3

    def test_closing_does_not_wait_for_a_redis_that_is_not_there(self, redis, monkeypatch):
        monkeypatch.setattr(doorbell, "SEND_SECONDS", 600)
        redis.freeze()
        doorbell.ring("toy.1", 1)

        # Were the sending waited for, the test's own limit would come first.
        doorbell.close(timeout=0.2)

        redis.thaw()

    @pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
    @pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows starts processes afresh")
    def test_forked_child_rings_with_a_sender_of_its_own(self, redis):
        doorbell.ring("toy.1", 1)
        wait_until(lambda: redis.published() == 1)

        child = os.fork()
        if child == 0:
            doorbell.ring("toy.1", 2)
            doorbell.close()
            os._exit(0)
        _, status = os.waitpid(child, 0)

        assert status == 0
        assert redis.published() == 2
