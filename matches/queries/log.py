"""A match's log as the rules want it: plain events, started periods and known line-ups."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from matches.models import Match, MatchEvent
from matches.queries.clocks import played_times
from matches.queries.document import HIDDEN_KINDS, side_of
from matches.rules.clock import PeriodTimes
from matches.rules.events import TimelineEvent
from matches.rules.kinds import EventKind, LineupRole, Outcome, PeriodKind, Side
from matches.rules.lineups import Lineup

FIGURES = (
    "id",
    "kind",
    "team_id",
    "period",
    "clock_ms",
    "sequence",
    "outcome",
    "player_id",
    "player_on_id",
    "player_off_id",
)


@dataclass(frozen=True, slots=True)
class MatchLog:
    """`standing` are the events that count, by id; `voided` were deleted."""

    standing: Mapping[UUID, TimelineEvent]
    voided: Mapping[UUID, TimelineEvent]
    times: tuple[PeriodTimes, ...]
    lineups: Mapping[Side, Lineup]

    @property
    def periods(self) -> dict[int, PeriodKind]:
        return {period.number: period.kind for period in self.times}

    @property
    def hidden(self) -> set[UUID]:
        """Events that only members know of."""
        everything = [*self.standing.values(), *self.voided.values()]
        return {event.id for event in everything if event.kind in HIDDEN_KINDS}


def read_log(match: Match) -> MatchLog:
    """Four queries, however long the log is."""
    standing: dict[UUID, TimelineEvent] = {}
    voided: dict[UUID, TimelineEvent] = {}
    # Plain values: each event logged reads those before it, and model instances cost three times.
    for row in match.events.order_by().values("voided_at", *FIGURES):
        kept = standing if row["voided_at"] is None else voided
        kept[row["id"]] = _timeline_event(match, row)
    return MatchLog(
        standing=standing,
        voided=voided,
        times=tuple(played_times(match)),
        lineups=_lineups(match),
    )


def timeline_event(match: Match, event: MatchEvent) -> TimelineEvent:
    return _timeline_event(match, {name: getattr(event, name) for name in FIGURES})


def _timeline_event(match: Match, row: Mapping[str, Any]) -> TimelineEvent:
    return TimelineEvent(
        id=row["id"],
        kind=EventKind(row["kind"]),
        side=side_of(match, row["team_id"]),
        period=row["period"],
        clock_ms=row["clock_ms"],
        sequence=row["sequence"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        player_id=row["player_id"],
        player_on_id=row["player_on_id"],
        player_off_id=row["player_off_id"],
    )


def _lineups(match: Match) -> dict[Side, Lineup]:
    names: dict[tuple[Side | None, str], set[UUID]] = defaultdict(set)
    for team_id, role, player_id in match.lineup.order_by().values_list(
        "team_id", "role", "player_id"
    ):
        names[side_of(match, team_id), role].add(player_id)
    return {
        side: Lineup(
            starters=frozenset(names[side, LineupRole.STARTER]),
            bench=frozenset(names[side, LineupRole.BENCH]),
        )
        for side in Side
    }
