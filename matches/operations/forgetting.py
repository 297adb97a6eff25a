"""Taking back all that was played: before it is played once more, or gone for good."""

from accounts.models import Organisation
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


def forget_organisation(organisation: Organisation) -> None:
    """Take back what the feeds said of its matches, before it is deleted with them.

    Whoever follows one is asked about at once, and shown out.
    """
    matches = Match.objects.filter(organisation=organisation).order_by("pk")
    followed = feed.heads(match.topic for match in matches.only("pk"))
    for topic in sorted(followed):
        feed.restart(topic)
        feed.recheck(topic)
