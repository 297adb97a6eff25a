"""The parts of the live document, one function each, from rows that are already in memory.

A snapshot is made of all parts and a feed entry of a few, by the same functions: that is why a
snapshot and the entries after it add up to the next snapshot.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from matches.models import Format, LineupPlayer, Match, MatchEvent, Team
from matches.queries.people import Lens
from matches.rules.clock import PeriodTimes, anchor, minute_label, timestamp_label
from matches.rules.kinds import EventKind, Side

# Free text and a child's injury are nobody's business outside the club.
HIDDEN_KINDS = frozenset({EventKind.NOTE, EventKind.INJURY})

Part = dict[str, Any]


def match_part(match: Match) -> Part:
    """The header. Why a match was postponed is free text, so it is not here: see `queries.live`."""
    return {
        "id": str(match.pk),
        "status": match.status,
        "competition": match.competition,
        "round": match.round,
        "venue": match.venue,
        "kickoff_at": rfc3339(match.kickoff_at),
        "clock_rate": match.clock_rate,
        "replay": match.replay_of_id is not None,
        "format": format_part(match.format),
    }


def format_part(played: Format) -> Part:
    return {
        "name": played.name,
        "regular_periods": played.regular_periods,
        "regular_minutes": played.regular_minutes,
        "extra_time_periods": played.extra_time_periods,
        "extra_time_minutes": played.extra_time_minutes,
        "has_shootout": played.has_shootout,
        "players_on_pitch": played.players_on_pitch,
    }


def teams_part(match: Match) -> Part:
    return {"home": _team(match.home_team), "away": _team(match.away_team)}


def score_part(match: Match) -> Part:
    return {"home": match.home_goals, "away": match.away_goals}


def shootout_part(match: Match) -> Part | None:
    if match.home_shootout_goals is None:
        return None
    return {"home": match.home_shootout_goals, "away": match.away_shootout_goals}


def clock_part(times: Sequence[PeriodTimes]) -> Part | None:
    """The clock of the latest period, from which a client runs its own; None before kick-off."""
    if not times:
        return None
    period = times[-1]
    elapsed_ms, at, running = anchor(period)
    return {
        "period": period.number,
        "kind": period.kind.value,
        "running": running,
        "elapsed_ms": elapsed_ms,
        "at": rfc3339(at),
        "rate": period.rate,
        "length_ms": period.length_ms,
        "base_ms": period.base_ms,
    }


def period_part(period: PeriodTimes) -> Part:
    return {
        "number": period.number,
        "kind": period.kind.value,
        "length_ms": period.length_ms,
        "base_ms": period.base_ms,
        "started_at": rfc3339(period.started_at),
        "ended_at": period.ended_at and rfc3339(period.ended_at),
    }


def event_part(
    event: MatchEvent,
    match: Match,
    times: Mapping[int, PeriodTimes],
    lens: Lens,
    hidden: Collection[UUID],
) -> Part:
    """`times` by number of period; `hidden` are ids that an outsider must not learn of."""
    linked_id = event.linked_event_id
    if linked_id in hidden and not lens.is_full:
        linked_id = None
    side = side_of(match, event.team_id)
    part = {
        "event_id": str(event.pk),
        "kind": event.kind,
        "team": event.team_id and str(event.team_id),
        "side": side and side.value,
        "player": lens.ref(event.player_id),
        "player_on": lens.ref(event.player_on_id),
        "player_off": lens.ref(event.player_off_id),
        "period": event.period,
        "clock_ms": event.clock_ms,
        **_labels(times.get(event.period), event.clock_ms),
        "sequence": event.sequence,
        "outcome": event.outcome,
        "linked_event": linked_id and str(linked_id),
        "version": event.version,
    }
    return part | {"sentiment": event.sentiment} if lens.is_full else part


def lineup_part(rows: Iterable[LineupPlayer], lens: Lens) -> list[Part]:
    """`rows` of one team, in its own order."""
    return [
        {
            "player": lens.ref(row.player_id),
            "number": row.number,
            "role": row.role,
            "position": row.position,
            "x": row.x,
            "y": row.y,
            "is_captain": row.is_captain,
        }
        for row in rows
    ]


def side_of(match: Match, team_id: UUID | None) -> Side | None:
    if team_id == match.home_team_id:
        return Side.HOME
    return Side.AWAY if team_id == match.away_team_id else None


def rfc3339(moment: datetime) -> str:
    """To the millisecond, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _team(team: Team) -> Part:
    return {
        "team_id": str(team.pk),
        "name": team.name,
        "short_name": team.short_name,
        "colour": team.colour,
    }


def _labels(period: PeriodTimes | None, clock_ms: int | None) -> Part:
    if period is None:
        return {"timestamp": "", "minute": ""}
    return {
        "timestamp": timestamp_label(period.base_ms, clock_ms),
        "minute": minute_label(period.kind, period.base_ms, period.length_ms, clock_ms),
    }
