"""Identifiers and secrets: UUIDv7 keys (RFC 9562) and 256-bit tokens that are stored as hashes."""

import hashlib
import secrets
import threading
import time
import uuid

# A clock that was set back further than this is followed; less, and ids go on from the last one.
_TOLERATED_SETBACK = 1_000 << 12

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562 5.7): 48 bits of Unix milliseconds, 12 bits of their fraction
    (6.2, method 3), 62 random bits. Those of one process sort in the order they were made in."""
    stamp = _next_stamp()
    value = (stamp >> 12 & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64
    return uuid.UUID(int=value | 0x2 << 62 | secrets.randbits(62))


def _next_stamp() -> int:
    """Now in 4096ths of a millisecond, and later than the one before."""
    global _last  # noqa: PLW0603  one line of ids a process is the point
    stamp = (time.time_ns() << 12) // 1_000_000
    with _lock:
        if 0 <= _last - stamp < _TOLERATED_SETBACK:
            stamp = _last + 1
        _last = stamp
    return stamp


def new_token() -> str:
    """256 random bits, URL-safe, 43 characters."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 in hex. Tokens carry 256 bits of their own, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
