"""The frames of the socket protocol: what the server sends and what it takes from a client.

Every frame is one JSON object in one text message; `docs/realtime.md` is the reader's guide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple

import orjson

from core.api import strict_json

# An entry's kind becomes the `type` of its frame, so a kind must not be one of these.
RESERVED_TYPES = frozenset(
    {"welcome", "snapshot", "skip", "live", "reset", "ping", "error", "bye"}
    | {"hello", "subscribe", "unsubscribe", "pong"}
)
LARGEST_SEQ = 2**63 - 1
LONGEST_EPOCH = 32
LONGEST_TOPIC = 96


class CloseCode(IntEnum):
    """Why the server ends a connection."""

    TOO_BIG = 1009
    BROKEN = 1011
    RESTART = 1012
    TOO_SLOW = 4008
    COME_BACK = 4009
    POSITION_LOST = 4010
    NO_PONG = 4012
    TOO_MANY = 4013
    NOT_SIGNED_IN = 4401
    SIGNED_OUT = 4403
    NOT_VISIBLE = 4404
    GONE = 4410
    MALFORMED = 4422


# After any other code the client would only meet the same answer again.
WORTH_A_RETRY = frozenset(
    {CloseCode.BROKEN, CloseCode.RESTART, CloseCode.TOO_SLOW, CloseCode.COME_BACK}
    | {CloseCode.POSITION_LOST, CloseCode.NO_PONG, CloseCode.TOO_MANY}
)


# What ends a connection because its reader may no longer read.
RIGHTS_LOST = frozenset({CloseCode.SIGNED_OUT, CloseCode.NOT_VISIBLE, CloseCode.GONE})


class Cursor(NamedTuple):
    """How far a reader has got: every entry of `epoch` up to and including `seq`."""

    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame of a client that could not send a header; later it subscribes again."""

    token: str | None
    cursor: Cursor | None


@dataclass(frozen=True, slots=True)
class Subscribe:
    topic: str
    cursor: Cursor | None


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    topic: str


@dataclass(frozen=True, slots=True)
class Pong:
    pass


ClientFrame = Hello | Subscribe | Unsubscribe | Pong


class MalformedFrameError(Exception):
    """A frame this protocol does not know; the third one of a connection ends it."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


def decode(message: Mapping[str, Any], *, max_bytes: int) -> ClientFrame:
    """Read one ASGI `websocket.receive`; raises MalformedFrameError or strict_json.TooLargeError.

    Unknown fields are ignored, so that an older server understands a newer client.
    """
    text = message.get("text")
    if text is None:
        if len(message.get("bytes") or b"") > max_bytes:
            raise strict_json.TooLargeError
        raise MalformedFrameError("binary_frame", "Frames are JSON text, never binary.")
    try:
        document = strict_json.loads(text, max_bytes=max_bytes)
    except strict_json.MalformedJSONError as error:
        raise MalformedFrameError(error.code, error.message) from error
    if not isinstance(document, dict):
        raise MalformedFrameError("validation_error", "A frame is a JSON object.")
    return _client_frame(document)


def _client_frame(document: dict[str, Any]) -> ClientFrame:
    match document.get("type"):
        case "hello":
            token = document.get("token")
            if token is not None and not isinstance(token, str):
                raise MalformedFrameError("validation_error", "`token` is a string.")
            return Hello(token, _cursor(document))
        case "subscribe":
            return Subscribe(_topic(document), _cursor(document))
        case "unsubscribe":
            return Unsubscribe(_topic(document))
        case "pong":
            return Pong()
        case _:
            raise MalformedFrameError(
                "unknown_type", "`type` is one of hello, subscribe, unsubscribe and pong."
            )


def _topic(document: dict[str, Any]) -> str:
    topic = document.get("topic")
    if not isinstance(topic, str) or len(topic) > LONGEST_TOPIC:
        raise MalformedFrameError("validation_error", "`topic` is the name of a topic.")
    return topic


def _cursor(document: dict[str, Any]) -> Cursor | None:
    since, epoch = document.get("since"), document.get("epoch")
    if since is None:
        return None
    # True is an integer to Python and a mistake to everybody else.
    if not isinstance(since, int) or isinstance(since, bool) or not 0 <= since <= LARGEST_SEQ:
        raise MalformedFrameError("validation_error", "`since` is a sequence number.")
    if epoch is not None and (not isinstance(epoch, str) or len(epoch) > LONGEST_EPOCH):
        raise MalformedFrameError("validation_error", "`epoch` is the epoch of the feed.")
    return Cursor(epoch or "", since)


def welcome(*, connection: str, server_time: datetime, ping_seconds: float) -> str:
    return _encode(
        type="welcome", connection=connection, server_time=server_time, ping_seconds=ping_seconds
    )


def snapshot(*, topic: str, epoch: str, seq: int, data: dict[str, Any]) -> str:
    return _encode(type="snapshot", topic=topic, epoch=epoch, seq=seq, data=data)


def entry(*, topic: str, seq: int, kind: str, at: datetime, data: dict[str, Any]) -> str:
    return _encode(type=kind, topic=topic, seq=seq, at=at, data=data)


def skip(*, topic: str, seq: int) -> str:
    """An entry that this audience does not see; it keeps the count."""
    return _encode(type="skip", topic=topic, seq=seq)


def live(*, topic: str, seq: int) -> str:
    """Everything up to `seq` is sent; what follows is live."""
    return _encode(type="live", topic=topic, seq=seq)


def reset(*, topic: str, reason: str) -> str:
    """Forget the topic; a snapshot follows."""
    return _encode(type="reset", topic=topic, reason=reason)


def ping(*, at: datetime, heads: dict[str, int]) -> str:
    return _encode(type="ping", at=at, heads=heads)


def error(*, code: str, message: str, topic: str | None = None) -> str:
    about = {} if topic is None else {"topic": topic}
    return _encode(type="error", code=code, message=message, **about)


def bye(*, code: int, retry_ms: int | None) -> str:
    """The connection is about to close; without `retry_ms` there is no use in coming back."""
    return _encode(type="bye", code=code, retry_ms=retry_ms)


def _encode(**frame: Any) -> str:
    return orjson.dumps(frame, option=orjson.OPT_UTC_Z).decode()
