"""One socket's reading of one topic."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from realtime import frames
from realtime.hub.watched import WatchedTopic
from realtime.topics import Audience

if TYPE_CHECKING:
    from realtime.hub.socket import Socket


class Subscription:
    """Where the reader stands; `position` is the number of the last entry handed to the client."""

    def __init__(
        self,
        socket: Socket,
        watched: WatchedTopic,
        *,
        audience: Audience,
        on_lost: Callable[[Subscription], None],
    ) -> None:
        self.socket = socket
        self.watched = watched
        self.audience = audience
        # Called when the entry after `position` is no longer kept.
        self.on_lost = on_lost
        self.position = 0
        self.is_placed = False
        self.is_live = False
        # Frames that go before the first entry: a reset, a snapshot.
        self.opening: list[str] = []
        self.placing: asyncio.Task[None] | None = None

    def lift(self) -> None:
        """Send nothing of the topic until `follow_from` says where to begin."""
        self.is_placed = self.is_live = False
        self.opening.clear()
        if self.placing is not None:
            self.placing.cancel()
            self.placing = None

    def say_first(self, text: str) -> None:
        self.opening.append(text)
        self.socket.wake()

    def follow_from(self, seq: int) -> None:
        self.position = seq
        self.is_placed = True
        self.socket.wake()

    def next_frame(self) -> str | None:
        if self.opening:
            return self.opening.pop(0)
        if not self.is_placed:
            return None
        watched = self.watched
        if self.position < watched.seq:
            texts = watched.entries.get(self.position + 1)
            if texts is None:
                self.on_lost(self)
                return self.next_frame()
            self.position += 1
            return texts.full if self.audience.is_full else texts.public
        if not self.is_live:
            self.is_live = True
            return frames.live(topic=watched.name, seq=self.position)
        return None
