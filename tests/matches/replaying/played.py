"""What must be equal of a match and its replay."""

from collections import Counter

from matches.models import Match
from matches.rules.kinds import MatchStatus


def facts(match):
    match = Match.objects.get(pk=match.pk)
    return {
        "status": match.status,
        "score": (match.home_goals, match.away_goals),
        "shootout": (match.home_shootout_goals, match.away_shootout_goals),
        "events": Counter(
            match.events.standing().values_list(
                *("kind", "team", "player", "player_on", "player_off", "period", "clock_ms"),
                *("outcome", "linked_event__kind", "sentiment", "notes"),
            )
        ),
        "order": list(match.events.standing().in_order().values_list("kind", "player", "team")),
        "periods": list(match.periods.values_list("number", "kind", "length_ms")),
    }


def is_played(match):
    return Match.objects.filter(pk=match.pk, status=MatchStatus.COMPLETED).exists()
