from functools import partial

import pytest

from realtime.frames import CloseCode
from realtime.hub.transport import Transport


class Wire:
    """What a server has below its protocol."""

    def __init__(self):
        self.is_cut = False

    def cut(self):
        self.is_cut = True


class Uvicorn:
    def __init__(self):
        self.transport = Wire()
        self.transport.abort = self.transport.cut

    async def send(self, message): ...


class Daphne:
    """Which has a function, bound to the protocol, and refuses close codes below 3000."""

    def __init__(self):
        self.transport = Wire()
        self.transport.abortConnection = self.transport.cut
        self.sent = []
        self.send = partial(self._send, self)

    @staticmethod
    async def _send(protocol, message):
        if message["type"] == "websocket.close" and message["code"] < 3000:
            raise Exception("invalid close code")  # noqa: TRY002  as autobahn does
        protocol.sent.append(message)


@pytest.mark.parametrize("server", [Uvicorn, Daphne])
def test_connection_is_cut_below_the_protocol(server):
    protocol = server()

    Transport(protocol.send).abort()

    assert protocol.transport.is_cut


def test_server_that_offers_nothing_is_left_alone():
    async def send(message): ...

    Transport(send).abort()


@pytest.mark.parametrize(
    ("code", "sent"),
    [
        (CloseCode.RESTART, 4009),
        (CloseCode.BROKEN, 4009),
        (CloseCode.TOO_BIG, 4422),
        (CloseCode.GONE, 4410),
    ],
)
async def test_code_a_server_does_not_know_is_given_as_its_like(code, sent):
    protocol = Daphne()

    await Transport(protocol.send).close(code)

    assert protocol.sent == [{"type": "websocket.close", "code": sent}]
    assert type(protocol.sent[0]["code"]) is int


async def test_close_that_fails_fails():
    async def send(message):
        raise LookupError

    with pytest.raises(LookupError):
        await Transport(send).close(CloseCode.GONE)


async def test_client_that_has_left_is_no_reason_to_try_another_code():
    sent = []

    async def send(message):
        sent.append(message)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011  any
        await Transport(send).close(CloseCode.RESTART)

    assert len(sent) == 1
