"""A whole match as a value: what every file shape is read into, and what is stored from it.

People and events refer to each other by `ref`, a text that means something in one match only.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from matches.rules.events import TimelineEvent
from matches.rules.kinds import (
    EventKind,
    LineupRole,
    MatchStatus,
    Outcome,
    PeriodKind,
    Position,
    Side,
)
from matches.rules.lifecycle import FormatRules


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerDraft:
    ref: str
    name: str
    number: int | None = None
    position: Position | None = None
    birth_date: date | None = None
    name_consent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineupEntry:
    """`x` and `y` are percent of the pitch: from the left touchline and from the own goal line."""

    player: str
    number: int | None = None
    role: LineupRole = LineupRole.STARTER
    position: Position | None = None
    x: float | None = None
    y: float | None = None
    is_captain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDraft:
    name: str
    short_name: str = ""
    colour: str = ""
    is_opponent: bool = False
    players: tuple[PlayerDraft, ...] = ()
    lineup: tuple[LineupEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDraft:
    kind: PeriodKind
    length_ms: int
    started_at: datetime
    ended_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry:
    """`side` is that of the player: an own goal stands against the side that made it."""

    ref: str
    kind: EventKind
    side: Side | None = None
    period: int
    clock_ms: int | None = None
    player: str | None = None
    player_on: str | None = None
    player_off: str | None = None
    outcome: Outcome | None = None
    linked: str | None = None
    sentiment: int | None = None
    notes: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonDraft:
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchDraft:
    """`key` tells this match from every other of its organisation, also when it is read again."""

    key: str
    kickoff_at: datetime
    home: TeamDraft
    away: TeamDraft
    competition: str = ""
    round: str = ""
    venue: str = ""
    season: SeasonDraft | None = None
    status: MatchStatus = MatchStatus.SCHEDULED
    status_reason: str = ""
    rules: FormatRules = field(default_factory=FormatRules)
    rules_name: str = ""
    periods: tuple[PeriodDraft, ...] = ()
    events: tuple[EventEntry, ...] = ()

    def team(self, side: Side) -> TeamDraft:
        return self.home if side is Side.HOME else self.away

    def sides(self) -> Iterator[tuple[Side, TeamDraft]]:
        return ((side, self.team(side)) for side in Side)

    def timeline(self) -> list[TimelineEvent]:
        """The events as the rules know them, in the order of the file."""
        return [
            TimelineEvent(
                id=ref_id(event.ref),
                kind=event.kind,
                side=event.side,
                period=event.period,
                clock_ms=event.clock_ms,
                sequence=sequence,
                outcome=event.outcome,
                player_id=optional_ref_id(event.player),
                player_on_id=optional_ref_id(event.player_on),
                player_off_id=optional_ref_id(event.player_off),
            )
            for sequence, event in enumerate(self.events, start=1)
        ]

    def digest(self) -> str:
        """SHA-256 of everything in it: equal digests, nothing to do."""
        text = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def ref_id(ref: str) -> UUID:
    return uuid5(NAMESPACE_OID, ref)


def optional_ref_id(ref: str | None) -> UUID | None:
    return None if ref is None else ref_id(ref)
