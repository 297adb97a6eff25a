"""What a server may do to an application that no client can: seen without a server."""

import asyncio

import pytest

from accounts.queries import SignedIn
from realtime.consumers import Entrance, FeedConsumer
from realtime.hub import current_hub, stop_hub
from tests.live import until


class Connection:
    """The two ends of the ASGI protocol."""

    def __init__(self, **scope):
        self.scope = {"type": "websocket", "headers": [], "query_string": b"", **scope}
        self.inbox = asyncio.Queue()
        self.sent = []

    async def send(self, message):
        self.sent.append(message)

    def run(self, consumer):
        return consumer(self.scope, self.inbox.get, self.send)

    @property
    def kinds(self):
        return [message["type"].removeprefix("websocket.") for message in self.sent]


@pytest.fixture
async def hub(tuning):
    yield current_hub()
    await stop_hub()


@pytest.fixture
def consumer(hub):
    return FeedConsumer(Entrance(readers=(SignedIn,)))


@pytest.fixture
def connection():
    return Connection()


async def test_client_that_left_before_it_came_is_no_connection(hub, consumer, connection):
    connection.inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})

    await connection.run(consumer)

    assert connection.sent == []
    assert hub.sockets == set()


async def test_server_that_ends_without_warning_still_gets_to_say_goodbye(
    hub, consumer, connection
):
    connection.inbox.put_nowait({"type": "websocket.connect"})
    serving = asyncio.create_task(connection.run(consumer))
    await until(lambda: hub.sockets)

    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)

    assert serving.cancelled()
    assert connection.kinds == ["accept", "send", "close"]
    assert connection.sent[-1]["code"] == 1012
    assert hub.sockets == set()


async def test_server_that_drains_takes_nobody_in(hub, consumer, connection):
    hub.is_draining = True
    connection.inbox.put_nowait({"type": "websocket.connect"})
    serving = asyncio.create_task(connection.run(consumer))
    await until(lambda: len(connection.sent) == 3)
    connection.inbox.put_nowait({"type": "websocket.disconnect", "code": 1012})
    await serving

    assert connection.kinds == ["accept", "send", "close"]
    assert connection.sent[-1]["code"] == 1012


async def test_nothing_is_heard_after_the_goodbye(hub, consumer, connection):
    hub.is_draining = True
    connection.inbox.put_nowait({"type": "websocket.connect"})
    connection.inbox.put_nowait({"type": "websocket.receive", "text": "not even JSON"})
    connection.inbox.put_nowait({"type": "websocket.disconnect", "code": 1012})

    await connection.run(consumer)

    assert connection.kinds == ["accept", "send", "close"]


async def test_client_that_does_not_answer_the_goodbye_is_not_waited_for(
    hub, consumer, connection, tuning
):
    hub.is_draining = True
    connection.inbox.put_nowait({"type": "websocket.connect"})

    async with asyncio.timeout(tuning["close"] * 4):
        await connection.run(consumer)

    assert hub.sockets == set()


async def test_write_that_fails_for_no_known_reason_ends_the_connection(hub, consumer):
    class Broken(Connection):
        async def send(self, message):
            if message["type"] != "websocket.accept":
                raise LookupError("a bug of the server")

    connection = Broken()
    connection.inbox.put_nowait({"type": "websocket.connect"})

    # The hello never comes, and the goodbye cannot be said.
    await connection.run(consumer)

    assert hub.sockets == set()


async def test_write_that_never_ends_is_given_up(hub, consumer, tuning):
    class Stuck(Connection):
        async def send(self, message):
            if message["type"] != "websocket.accept":
                await asyncio.sleep(60)

    connection = Stuck()
    connection.inbox.put_nowait({"type": "websocket.connect"})

    async with asyncio.timeout(tuning["hello"] + tuning["close"] * 4):
        await connection.run(consumer)

    assert hub.sockets == set()
