"""Taking back all that was played, before a match is played or imported once more."""

from matches.models import Match
from matches.rules.kinds import MatchStatus
from realtime import feed


def forget_play(match: Match) -> None:
    """Bring a match back to before its kick-off; the caller saves it.

    What readers know of it is no longer its history, so their feed starts afresh.
    """
    match.events.all().delete()
    match.periods.all().delete()
    match.lineup.all().delete()
    match.status, match.status_reason = MatchStatus.SCHEDULED, ""
    match.home_goals = match.away_goals = match.last_sequence = 0
    match.home_shootout_goals = match.away_shootout_goals = None
    match.version += 1
    feed.restart(match.topic)
