import asyncio
import os
import signal

import pytest

from realtime.hub import current_hub, is_draining, lifespan, stop_hub
from realtime.hub.transport import Transport
from tests.live import until


@pytest.fixture
def told():
    """What reaches the server's own handlers of the signals that stop it."""
    told = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda number, _: told.append(number))
    yield told
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
async def hub(told, tuning):
    tuning["drain"] = 0.3
    yield current_hub()
    await stop_hub()


async def test_loop_has_one_hub(hub):
    assert current_hub() is hub


async def test_signal_reaches_the_server_after_the_goodbyes(hub, told):
    sent = []

    async def send(message):
        sent.append(message)

    socket = hub.open(Transport(send))
    os.kill(os.getpid(), signal.SIGTERM)
    await until(lambda: sent)
    assert is_draining()
    assert told == []
    hub.leave(socket)
    await until(lambda: told)

    assert told == [signal.SIGTERM]
    assert [message["type"] for message in sent] == ["websocket.send", "websocket.close"]


async def test_second_signal_reaches_the_server_at_once(hub, told):
    hub.tuning  # noqa: B018
    socket = hub.open(Transport(lambda message: asyncio.sleep(60)))
    os.kill(os.getpid(), signal.SIGINT)
    await until(is_draining)
    os.kill(os.getpid(), signal.SIGINT)
    await until(lambda: told)

    hub.leave(socket)
    assert told[0] == signal.SIGINT


async def test_who_does_not_leave_is_cut(hub, told):
    class Stuck:
        def __init__(self):
            self.transport = self
            self.is_cut = False

        def abort(self):
            self.is_cut = True

        async def send(self, message):
            await asyncio.sleep(60)

    stuck = Stuck()
    socket = hub.open(Transport(stuck.send))

    await hub.drain()

    assert stuck.is_cut
    hub.leave(socket)


async def test_signals_are_the_servers_own_again_afterwards(told, tuning):
    before = signal.getsignal(signal.SIGTERM)
    current_hub()
    assert signal.getsignal(signal.SIGTERM) is not before

    await stop_hub()

    assert signal.getsignal(signal.SIGTERM) is before
    assert not is_draining()


async def test_stopping_without_a_hub_is_nothing():
    await stop_hub()


async def test_lifespan_starts_and_stops_the_hub(told, tuning):
    received = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent = []

    async def receive():
        return next(received)

    async def send(message):
        sent.append(message["type"])

    await lifespan({"type": "lifespan"}, receive, send)

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
