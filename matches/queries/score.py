from dataclasses import dataclass
from datetime import datetime

from matches.models import Match
from matches.queries.clocks import played_times
from matches.rules.clock import elapsed_ms, minute_label


@dataclass(frozen=True, slots=True)
class Score:
    """`minute` is as football writes it, empty before kick-off; `shootout` is (home, away)."""

    match: Match
    home_goals: int
    away_goals: int
    shootout: tuple[int, int] | None
    minute: str


def score(match: Match, now: datetime) -> Score:
    """The score at a glance; two queries."""
    kicks = (match.home_shootout_goals, match.away_shootout_goals)
    return Score(
        match=match,
        home_goals=match.home_goals,
        away_goals=match.away_goals,
        shootout=(kicks[0], kicks[1]) if kicks[0] is not None and kicks[1] is not None else None,
        minute=_minute(match, now),
    )


def _minute(match: Match, now: datetime) -> str:
    times = played_times(match)
    if not times:
        return ""
    period = times[-1]
    elapsed = elapsed_ms(period, now)
    return minute_label(period.kind, period.base_ms, period.length_ms, elapsed)
