"""The way out to one client, over what any ASGI server offers.

A server whose transport can do more (be cut off, take bytes that are framed already) is asked for
it here and nowhere else.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from realtime.frames import CloseCode

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Scope = MutableMapping[str, Any]


# Daphne gives out no close code below 3000 but 1000. The `bye` before has told the real one, and
# to these a client does the same.
_SUBSTITUTES = {
    CloseCode.RESTART: CloseCode.COME_BACK,
    CloseCode.BROKEN: CloseCode.COME_BACK,
    CloseCode.TOO_BIG: CloseCode.MALFORMED,
}


class Transport:
    __slots__ = ("_send",)

    def __init__(self, send: Send) -> None:
        self._send = send

    async def accept(self) -> None:
        await self._send({"type": "websocket.accept"})

    async def refuse(self) -> None:
        """Answer the handshake with 403."""
        await self._send({"type": "websocket.close"})

    def send(self, text: str) -> Awaitable[None]:
        # Passed on as it is: a coroutine around it would cost as much as all else in a delivery.
        return self._send({"type": "websocket.send", "text": text})

    async def close(self, code: CloseCode) -> None:
        try:
            await self._send({"type": "websocket.close", "code": int(code)})
        except OSError:
            raise
        except Exception:
            if code not in _SUBSTITUTES:
                raise
            await self._send({"type": "websocket.close", "code": int(_SUBSTITUTES[code])})

    def abort(self) -> None:
        """Cut the connection without waiting for the client, where the server lets us.

        ASGI has no word for it: a close frame queues up behind what the client does not read.
        """
        if cut := _cutter(self._send):
            cut()


def _cutter(send: Any) -> Callable[[], None] | None:
    # uvicorn hands out a method of its protocol; daphne a function bound to its protocol.
    bound = [getattr(send, "__self__", None), *getattr(send, "args", ())[:1]]
    for protocol in bound:
        transport = getattr(protocol, "transport", None)
        for name in ("abort", "abortConnection"):
            if callable(cut := getattr(transport, name, None)):
                found: Callable[[], None] = cut
                return found
    return None
