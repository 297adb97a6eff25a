from collections.abc import Iterable

from matches.models import Match
from matches.rules.events import TimelineEvent
from matches.rules.kinds import EventKind
from matches.rules.score import tally

SCORE_FIELDS = ("home_goals", "away_goals", "home_shootout_goals", "away_shootout_goals")


def apply_score(match: Match, standing: Iterable[TimelineEvent]) -> bool:
    """Set the score that the standing events add up to; return whether it changed. Saves nothing.

    The shootout has a score as soon as one of its kicks was recorded.
    """
    standing = list(standing)
    before = [getattr(match, name) for name in SCORE_FIELDS]
    counted = tally(standing)
    has_kicks = any(event.kind is EventKind.SHOOTOUT_KICK for event in standing)
    match.home_goals = counted.home
    match.away_goals = counted.away
    match.home_shootout_goals = counted.shootout_home if has_kicks else None
    match.away_shootout_goals = counted.shootout_away if has_kicks else None
    return before != [getattr(match, name) for name in SCORE_FIELDS]
