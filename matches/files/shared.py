"""What the foreign shapes have in common: squads by name, local times, and a final recount."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from matches.files.draft import MatchDraft, PlayerDraft
from matches.files.errors import FileError
from matches.files.names import folded, written
from matches.files.nodes import Node
from matches.rules.clock import MINUTE_MS, clock_of
from matches.rules.errors import RuleBrokenError
from matches.rules.lifecycle import FormatRules
from matches.rules.score import Tally, tally

LEAGUE: Final = FormatRules()
SHOOTOUT_ONLY: Final = FormatRules(has_shootout=True)
KNOCKOUT: Final = FormatRules(extra_time_periods=2, extra_time_ms=15 * MINUTE_MS, has_shootout=True)
RULES_NAMES: Final = {
    LEAGUE: "Football 11, 2 x 45",
    SHOOTOUT_ONLY: "Football 11, 2 x 45, shootout",
    KNOCKOUT: "Football 11, 2 x 45, extra time 2 x 15, shootout",
}
# When a file knows the day only.
USUAL_KICKOFF: Final = "15:00"
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?:\s*UTC([+-])(\d{1,2})(?::?(\d{2}))?)?")


class Squad:
    """The players of one team, found by name; somebody new joins when first mentioned."""

    def __init__(self, team: str, known: Iterable[PlayerDraft] = ()) -> None:
        self.team = team
        self._players = {folded(player.name): player for player in known}

    @property
    def players(self) -> tuple[PlayerDraft, ...]:
        return tuple(self._players.values())

    def find(self, name: str) -> PlayerDraft:
        key = folded(name)
        if key not in self._players:
            ref = f"{self.team}/{key}"[:80]
            self._players[key] = PlayerDraft(ref=ref, name=written(name))
        return self._players[key]

    def ref(self, node: Node, field: str) -> str | None:
        """Of the player named in that field; None when nobody is."""
        return self.find(node.name(field, limit=120)).ref if node.has(field) else None


def kickoff(node: Node, clock: str, zone: tzinfo) -> datetime:
    """In UTC, from a date and a local time like "20:00" or "13:00 UTC-6"; else in `zone`."""
    day = node.day("date")
    parts = _TIME.fullmatch(clock or USUAL_KICKOFF)
    try:
        local = _read_time(parts, zone) if parts else None
    except ValueError:
        local = None
    if local is None:
        raise FileError(
            'use a time of the day like "20:00" or "20:00 UTC+1".', where=node.at("time")
        )
    return datetime.combine(day, local).astimezone(UTC)


def _read_time(parts: re.Match[str], zone: tzinfo) -> time:
    hour, minute, sign, offset_hours, offset_minutes = parts.groups()
    if sign:
        offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
    return time(int(hour), int(minute), tzinfo=zone)


def when(node: Node, stoppage_field: str, rules: FormatRules) -> tuple[int, int]:
    """Period and clock of an event that has a minute and perhaps stoppage time."""
    minute = node.integer("minute", low=1, high=200)
    stoppage = node.integer(stoppage_field, 0, low=0, high=60)
    try:
        return clock_of(minute, stoppage, rules)
    except RuleBrokenError as broken:
        raise FileError(broken.message, where=node.at("minute")) from broken


def key_of(*parts: str) -> str:
    """A key for a match in a file that gives none."""
    return "/".join(" ".join(part.split()) for part in parts if part)[:200]


def check_count(draft: MatchDraft, stated: Tally, *, where: str) -> None:
    """The events must give the score that the file states."""
    counted = tally(draft.timeline())
    if counted != stated:
        raise FileError(
            f"the score says {_written(stated)} but the goals listed give {_written(counted)}; "
            "correct one of them.",
            where=where,
        )


def _written(count: Tally) -> str:
    text = f"{count.home}-{count.away}"
    if count.shootout_home or count.shootout_away:
        text += f" ({count.shootout_home}-{count.shootout_away} p)"
    return text
