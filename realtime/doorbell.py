"""The doorbell: tells every hub that a topic has moved. It carries no content and may be lost.

A ring never blocks and never fails a write: whoever misses one finds out at the next sweep.
It goes two ways at once: straight to the hubs of this process, and through the channel layer to
those of all others.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from channels.layers import InMemoryChannelLayer, get_channel_layer

logger = structlog.get_logger(__name__)

Listener = Callable[[str, int], None]

# The `seq` of a ring that says "ask again who may read this topic" and not "there is more".
RECHECK = -1

SEND_SECONDS = 2.0
FIRST_BACK_OFF_SECONDS = 0.1
LONGEST_BACK_OFF_SECONDS = 2.0
# What a short-lived process (a management command) may spend at its end on rings still to send.
FAREWELL_SECONDS = 1.0

_listeners: dict[Listener, asyncio.AbstractEventLoop] = {}


def listen(listener: Listener, loop: asyncio.AbstractEventLoop) -> None:
    """Call `listener(topic, seq)` in `loop` for every ring of this process."""
    _listeners[listener] = loop


def stop_listening(listener: Listener) -> None:
    _listeners.pop(listener, None)


def ring(topic: str, seq: int) -> None:
    """Say that `topic` has reached `seq` (0: it began anew; RECHECK: look who may read it)."""
    for listener, loop in list(_listeners.items()):
        # A loop that has just closed has no sockets left to tell.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(listener, topic, seq)
    if reaches_other_processes(get_channel_layer()):
        _current_sender().put(topic, seq)


def reaches_other_processes(layer: Any) -> bool:
    return layer is not None and not isinstance(layer, InMemoryChannelLayer)


def failed_rings() -> int:
    """How many rings of this process the channel layer has not taken."""
    return _sender.failed if _sender else 0


def close(timeout: float = FAREWELL_SECONDS) -> None:
    """Send what is still to be sent, for at most `timeout` seconds, and end the sender."""
    global _sender
    with _sender_lock:
        sender, _sender = _sender, None
    if sender:
        sender.close(timeout)


class _Sender:
    """One thread with one event loop and its connections: a ring costs an append, not a connect.

    Rings of one topic that wait together become one, so a burst cannot pile up.
    """

    def __init__(self) -> None:
        self.failed = 0
        self._pending: dict[tuple[str, bool], int] = {}
        self._lock = threading.Lock()
        self._is_closing = False
        self._loop = asyncio.new_event_loop()
        self._wake = asyncio.Event()
        self._thread = threading.Thread(target=self._work, name="doorbell", daemon=True)
        self._thread.start()

    def put(self, topic: str, seq: int) -> None:
        with self._lock:
            is_first = not self._pending
            before = self._pending.get((topic, seq == RECHECK), seq)
            # Rings may overtake each other, and 0 means "look, whatever you have".
            self._pending[topic, seq == RECHECK] = max(before, seq) if before and seq else 0
        if is_first:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake.set)

    def close(self, timeout: float) -> None:
        self._is_closing = True
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake.set)
        self._thread.join(timeout)

    def _work(self) -> None:
        try:
            self._loop.run_until_complete(self._send_for_ever())
        finally:
            # Closes the layer's connections, which belong to this loop.
            self._loop.close()

    async def _send_for_ever(self) -> None:
        back_off = FIRST_BACK_OFF_SECONDS
        while True:
            await self._wake.wait()
            self._wake.clear()
            rings = self._take()
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await self._send(rings)
                back_off = FIRST_BACK_OFF_SECONDS
            except Exception as error:  # noqa: BLE001  the outermost loop of this worker
                # These rings are dropped: the sweeps have found the entries before we are back.
                self.failed += len(rings)
                logger.warning("doorbell_failed", rings=len(rings), error=repr(error))
                if not self._is_closing:
                    await asyncio.sleep(back_off)
                back_off = min(2 * back_off, LONGEST_BACK_OFF_SECONDS)
            if self._is_closing and not self._pending:
                return

    def _take(self) -> dict[tuple[str, bool], int]:
        with self._lock:
            taken, self._pending = self._pending, {}
        return taken

    async def _send(self, rings: dict[tuple[str, bool], int]) -> None:
        layer = get_channel_layer()
        for (topic, _), seq in rings.items():
            # A topic is a legal group name as it is.
            await layer.group_send(topic, {"type": "ring", "topic": topic, "seq": seq})


_sender: _Sender | None = None
_sender_lock = threading.Lock()


def _current_sender() -> _Sender:
    global _sender  # noqa: PLW0603  one sender a process is the point
    with _sender_lock:
        if _sender is None:
            _sender = _Sender()
        return _sender


def _forget_after_fork() -> None:
    """A forked child has neither its parent's threads nor its loops."""
    global _sender, _sender_lock  # noqa: PLW0603  as above
    _sender = None
    _sender_lock = threading.Lock()
    _listeners.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(close)
