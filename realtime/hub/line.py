"""The hub's end of the channel layer: one channel for the process, in one group a watched topic.

Nothing depends on it but speed. A heartbeat that the hub sends to itself tells whether rings get
through; when they do not, the line is torn down and built anew until they do.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any, TypeVar

import structlog
from channels import DEFAULT_CHANNEL_LAYER
from channels.layers import channel_layers

from realtime.hub.tuning import Tuning

logger = structlog.get_logger(__name__)

T = TypeVar("T")

CALL_SECONDS = 2.0


def own_layer() -> Any:
    """A channel layer that nobody else uses: to be thrown away with its connections when broken."""
    return channel_layers.make_backend(DEFAULT_CHANNEL_LAYER)


class Line:
    def __init__(
        self,
        tuning: Tuning,
        *,
        wanted: Callable[[], Collection[str]],
        on_ring: Callable[[str, int], None],
        on_down: Callable[[], None],
        make_layer: Callable[[], Any] = own_layer,
    ) -> None:
        self.is_up = False
        self._tuning = tuning
        self._wanted = wanted
        self._on_ring = on_ring
        self._on_down = on_down
        self._make_layer = make_layer
        self._layer: Any = None
        self._channel = ""
        self._joined: set[str] = set()
        self._unheard_since: float | None = None
        # Why the listener has stopped listening, if it has.
        self._deaf_because = ""
        self._listener: asyncio.Task[None] | None = None
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Other topics are watched now."""
        self._nudged.set()

    async def run(self) -> None:
        while True:
            self._nudged.clear()
            try:
                await self._keep_up()
            except Exception as error:  # noqa: BLE001  the outermost loop of this worker
                self._lost(repr(error))
                await self._hang_up()
                # No nudge hurries this: who joins meanwhile is served by the sweep.
                await asyncio.sleep(self._tuning.heartbeat)
            else:
                with suppress(TimeoutError):
                    # Not wait_for, which in Python 3.11 loses a cancellation that meets a nudge.
                    async with asyncio.timeout(self._tuning.heartbeat):
                        await self._nudged.wait()

    async def close(self) -> None:
        await self._hang_up()

    async def _keep_up(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._unheard_since is not None and now - self._unheard_since > self._tuning.silence:
            raise ConnectionError("The channel layer takes messages and does not deliver them.")
        if self._deaf_because:
            raise ConnectionError(self._deaf_because)
        if not self._channel:
            await self._pick_up()
        wanted = set(self._wanted())
        for topic in wanted - self._joined:
            await self._call(self._layer.group_add(topic, self._channel))
            self._joined.add(topic)
            # Whatever was rung before we had joined.
            self._on_ring(topic, 0)
        for topic in self._joined - wanted:
            self._joined.discard(topic)
            await self._call(self._layer.group_discard(topic, self._channel))
        if self._unheard_since is None:
            self._unheard_since = now
        await self._call(self._layer.send(self._channel, {"type": "heartbeat"}))

    async def _pick_up(self) -> None:
        if self._layer is None:
            self._layer = self._make_layer()
        self._channel = await self._call(self._layer.new_channel("hub"))
        self._listener = asyncio.create_task(self._listen(self._layer, self._channel))

    async def _hang_up(self) -> None:
        self._channel = ""
        self._joined.clear()
        self._unheard_since = None
        self._deaf_because = ""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.cancel()
            await asyncio.wait({listener}, timeout=CALL_SECONDS)
        try:
            if self._layer is not None:
                await self._call(self._layer.flush())
        except Exception as error:  # noqa: BLE001  whatever a broken layer may raise
            logger.warning("channel_layer_abandoned", error=repr(error))
            self._layer = None

    async def _listen(self, layer: Any, channel: str) -> None:
        try:
            while True:
                message = await layer.receive(channel)
                if message["type"] == "ring":
                    self._on_ring(message["topic"], message["seq"])
                else:
                    self._heard_beat()
        except Exception as error:  # noqa: BLE001  the outermost loop of this worker
            self._deaf_because = repr(error)
            self._nudged.set()

    def _heard_beat(self) -> None:
        self._unheard_since = None
        if not self.is_up:
            self.is_up = True
            logger.info("channel_layer_up")

    def _lost(self, error: str) -> None:
        if self.is_up:
            logger.warning("channel_layer_down", error=error)
            self.is_up = False
            self._on_down()

    async def _call(self, call: Awaitable[T]) -> T:
        async with asyncio.timeout(CALL_SECONDS):
            return await call
