"""The hub of this process: found by those who need it, drained when the server is told to stop."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

from realtime.hub.hub import Hub
from realtime.hub.transport import Receive, Scope, Send
from realtime.hub.tuning import Tuning

SignalHandler = Callable[[int, FrameType | None], object]

# One for each running event loop; a server has one.
_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}
# The handlers that ours stand before, by signal.
_servers_own: dict[int, SignalHandler] = {}


def current_hub() -> Hub:
    """The hub of the running event loop, started when it is first needed."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub(Tuning.from_settings())
        hub.start()
        _drain_before_stopping(hub)
    return hub


def is_draining() -> bool:
    """True once this process has been told to stop: it takes no new work."""
    return any(hub.is_draining for hub in _hubs.values())


async def stop_hub() -> None:
    """Say goodbye to everyone and end the hub of the running event loop, if there is one."""
    hub = _hubs.get(asyncio.get_running_loop())
    if hub is not None:
        await hub.drain()
        await hub.stop()
        _leave_signals_alone()
        del _hubs[hub.loop]


async def lifespan(_scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI lifespan application."""
    await receive()
    current_hub()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await stop_hub()
    await send({"type": "lifespan.shutdown.complete"})


def _drain_before_stopping(hub: Hub) -> None:
    """Come between the server and the signals that stop it.

    A server closes its sockets as soon as it is told to stop, and tells its application last; by
    then there is nobody left to say goodbye to. So the signal is kept until they are gone.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        servers_own = signal.getsignal(number)
        if callable(servers_own):
            _servers_own[number] = servers_own
            signal.signal(number, _drained_first(hub, servers_own))


def _leave_signals_alone() -> None:
    if threading.current_thread() is threading.main_thread():
        while _servers_own:
            signal.signal(*_servers_own.popitem())


def _drained_first(hub: Hub, servers_own: SignalHandler) -> SignalHandler:
    tasks: set[asyncio.Task[None]] = set()

    async def drain_and_stop(number: int) -> None:
        await hub.drain()
        servers_own(number, None)

    def handle(number: int, frame: FrameType | None) -> None:
        if hub.is_draining:
            # Told twice: at once.
            hub.loop.call_soon_threadsafe(hub.abort)
            servers_own(number, frame)
        else:
            hub.is_draining = True
            hub.loop.call_soon_threadsafe(
                lambda: tasks.add(hub.loop.create_task(drain_and_stop(number)))
            )

    return handle
