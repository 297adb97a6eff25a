"""The hub's limits and rhythms; `settings.REALTIME` changes any of them by name."""

from dataclasses import dataclass
from typing import Self

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Times are in seconds."""

    # How long an entry may stay unseen when its doorbell was lost.
    sweep: float = 2.0
    sweep_without_layer: float = 1.0
    # The line to the channel layer is tried so often, and given up after so long a silence.
    heartbeat: float = 1.0
    silence: float = 3.0
    # How long a lost right may still be used: what ended a session or changed a role rings no
    # doorbell, so it is looked for so often; all else is asked again when a doorbell was lost.
    people: float = 1.0
    recheck: float = 10.0
    tick: float = 1.0
    ping: float = 25.0
    hello: float = 5.0
    write: float = 10.0
    # For the closing handshake, after which the connection is cut. Less for whoever has lost the
    # right to read, which must act within two seconds even on a client that takes nothing.
    close: float = 2.0
    show_out: float = 0.5
    drain: float = 5.0
    # Joining readers share a snapshot for this long.
    snapshot: float = 2.0

    hello_bytes: int = 4 * 1024
    frame_bytes: int = 16 * 1024
    frames_a_minute: int = 60
    malformed_frames: int = 3
    topics_a_socket: int = 20
    # Both per process.
    sockets_a_user: int = 10
    viewers_a_link: int = 5_000

    # What is kept of each watched topic: whoever is further behind starts from a snapshot.
    kept_entries: int = 1_000
    kept_bytes: int = 4 * 1024 * 1024

    @classmethod
    def from_settings(cls) -> Self:
        return cls(**getattr(settings, "REALTIME", {}))
