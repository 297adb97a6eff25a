"""The receiving half of every socket: who is it, what does it want, and may it.

A plain ASGI application rather than a Channels consumer, which would open a channel of the layer
for each socket and break off with a traceback at the first frame that is no JSON.
"""

import asyncio
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import structlog
from django.db import Error as DatabaseError
from django.utils import timezone

from accounts.errors import SessionRevokedError
from accounts.queries import Anonymous, Reader, Service, SignedIn
from accounts.tokens import TokenExpiredError, TokenInvalidError
from core.api.strict_json import TooLargeError
from core.errors import DomainError
from realtime import frames
from realtime.frames import CloseCode, Cursor, MalformedFrameError
from realtime.hub import Hub, Receive, Scope, Send, Socket, Transport, current_hub

logger = structlog.get_logger(__name__)


class RefusedError(Exception):
    """The connection ends with `code`; `error` is the frame that says why."""

    def __init__(self, code: CloseCode, error: str | None = None) -> None:
        self.code = code
        self.error = error
        super().__init__(code)


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """What one path is for: which readers come in here, and to which topic, if to one."""

    readers: tuple[type[Reader], ...]
    # The connection is opened for this topic, and ends with it.
    topic: str | None = None


# A browser does not see the status of a refused handshake, so who opens a path that leads nowhere
# is let in and told so in a close code.
NOWHERE = Entrance(readers=())


class FeedConsumer:
    """One connection."""

    def __init__(self, entrance: Entrance) -> None:
        self.entrance = entrance
        self.hub: Hub
        self.socket: Socket
        self.receive: Receive
        self.malformed = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = Transport(send)
        if (await receive())["type"] != "websocket.connect":
            return
        await transport.accept()
        self.receive = receive
        self.hub = current_hub()
        self.socket = self.hub.open(transport)
        try:
            await self._attend(scope)
        except asyncio.CancelledError:
            # The server is going down without having told us before.
            self.socket.close(CloseCode.RESTART)
            await self.socket.finish()
            raise
        finally:
            self.hub.leave(self.socket)

    async def _attend(self, scope: Scope) -> None:
        try:
            async with asyncio.timeout(self.hub.tuning.hello) as self.socket.deadline:
                await self._serve(scope)
        except TimeoutError:
            # Either nobody has said who they are, or a goodbye has not been taken in time.
            is_stranger = self.socket.reader is None
            self.socket.close(CloseCode.NOT_SIGNED_IN if is_stranger else CloseCode.BROKEN)
        except Exception:
            logger.exception("socket_failed", connection=self.socket.connection)
            self.socket.close(CloseCode.BROKEN)
        await self.socket.finish()

    async def _serve(self, scope: Scope) -> None:
        if self.hub.is_draining:
            self.socket.close(CloseCode.RESTART)
        elif self.entrance is NOWHERE:
            self.socket.close(CloseCode.NOT_VISIBLE)
        elif token := _bearer(scope):
            await self._unless_refused(self._come_in(token, _query_cursor(scope)))
        while (message := await self.receive())["type"] != "websocket.disconnect":
            # After the goodbye only the client's own goodbye is waited for.
            if self.socket.close_code is None:
                await self._hear(message)

    async def _hear(self, message: Mapping[str, Any]) -> None:
        if not self.socket.hears():
            self.socket.close(CloseCode.TOO_MANY)
            return
        tuning = self.hub.tuning
        max_bytes = tuning.hello_bytes if self.socket.reader is None else tuning.frame_bytes
        try:
            frame = frames.decode(message, max_bytes=max_bytes)
            await self._unless_refused(self._obey(frame))
        except TooLargeError:
            self.socket.close(CloseCode.TOO_BIG)
        except MalformedFrameError as error:
            self.socket.tell(frames.error(code=error.code, message=error.message))
            self.malformed += 1
            if self.malformed >= tuning.malformed_frames:
                self.socket.close(CloseCode.MALFORMED)

    async def _unless_refused(self, step: Awaitable[None]) -> None:
        try:
            await step
        except RefusedError as refused:
            if refused.error is not None:
                self.socket.tell(refused.error)
            self.socket.close(refused.code)

    async def _obey(self, frame: frames.ClientFrame) -> None:
        reader = self.socket.reader
        if reader is None:
            if not isinstance(frame, frames.Hello):
                raise MalformedFrameError("hello_expected", "The first frame is `hello`.")
            await self._come_in(frame.token, frame.cursor)
            return
        match frame:
            case frames.Hello(cursor=cursor):
                if self.socket.fixed_topic is not None:
                    await self._subscribe(reader, self.socket.fixed_topic, cursor)
            case frames.Subscribe(topic=topic, cursor=cursor):
                await self._subscribe(reader, topic, cursor)
            case frames.Unsubscribe(topic=topic):
                self.hub.unsubscribe(self.socket, topic)
            case frames.Pong():
                pass

    async def _come_in(self, token: str | None, cursor: Cursor | None) -> None:
        self.socket.stay()
        reader = await self._reader(token)
        if not isinstance(reader, self.entrance.readers):
            raise RefusedError(
                CloseCode.NOT_SIGNED_IN,
                frames.error(code="token_invalid", message="This token is not for this path."),
            )
        if not self.hub.admit(self.socket, reader):
            message = "You have too many connections."
            raise RefusedError(
                CloseCode.TOO_MANY, frames.error(code="too_many_connections", message=message)
            )
        self.socket.tell(
            frames.welcome(
                connection=self.socket.connection,
                server_time=timezone.now(),
                ping_seconds=self.hub.tuning.ping,
            )
        )
        self.socket.fixed_topic = self.entrance.topic
        if self.entrance.topic is not None:
            await self._subscribe(reader, self.entrance.topic, cursor)

    async def _reader(self, token: str | None) -> Reader:
        if token is None:
            return Anonymous()
        try:
            return await self.hub.guard.reader_for(token)
        except (TokenInvalidError, TokenExpiredError) as error:
            raise RefusedError(CloseCode.NOT_SIGNED_IN, _error_frame(error)) from error
        except SessionRevokedError as error:
            raise RefusedError(CloseCode.SIGNED_OUT, _error_frame(error)) from error
        except DatabaseError as error:
            raise _come_back(error) from error

    async def _subscribe(self, reader: Reader, topic: str, cursor: Cursor | None) -> None:
        socket = self.socket
        is_elsewhere = topic != socket.fixed_topic
        # Who holds a share link, or nothing at all, reads what the path is for and nothing else.
        if is_elsewhere and not isinstance(reader, SignedIn | Service):
            self._not_found(topic)
            return
        is_one_more = topic not in socket.subscriptions
        if is_one_more and len(socket.subscriptions) >= self.hub.tuning.topics_a_socket:
            message = f"A connection follows at most {self.hub.tuning.topics_a_socket} topics."
            socket.tell(frames.error(code="too_many_topics", message=message, topic=topic))
            return
        try:
            verdict = await self.hub.guard.verdict(reader, topic)
        except DatabaseError as error:
            raise _come_back(error) from error
        if not isinstance(verdict, CloseCode):
            self.hub.subscribe(socket, topic, audience=verdict, cursor=cursor)
        elif is_elsewhere:
            self._not_found(topic)
        else:
            raise RefusedError(verdict)

    def _not_found(self, topic: str) -> None:
        message = "There is no such topic, or it is not for you."
        self.socket.tell(frames.error(code="not_found", message=message, topic=topic))


def _error_frame(error: DomainError) -> str:
    return frames.error(code=error.code, message=error.message)


def _come_back(error: DatabaseError) -> RefusedError:
    logger.warning("socket_without_database", error=repr(error))
    message = "The service is not available. Try again shortly."
    return RefusedError(
        CloseCode.COME_BACK, frames.error(code="service_unavailable", message=message)
    )


def _bearer(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer":
                return str(token.strip())
    return None


def _query_cursor(scope: Scope) -> Cursor | None:
    """`?since=41&epoch=9f2c`, for clients that sign in by header and never say hello."""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if not re.fullmatch(r"[0-9]{1,18}", query.get("since", "")):
        return None
    return Cursor(query.get("epoch", ""), int(query["since"]))
