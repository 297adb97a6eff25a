"""Who is assigned to single matches."""

from accounts.models import User
from matches.models import Match, MatchScorer


def is_assigned(user: User, match: Match) -> bool:
    """Whether a member was given this match to log, whatever their role says."""
    return MatchScorer.objects.filter(match_id=match.pk, membership__user_id=user.pk).exists()
