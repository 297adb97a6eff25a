"""Playing finished matches again, step by step and in their own time."""

from matches.replaying.local import run_replays

__all__ = ["run_replays"]
