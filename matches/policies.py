"""Who may do what with matches; one predicate for each kind of work, asked inside operations."""

from uuid import UUID

from accounts.models import User
from accounts.policies import can_manage, can_score
from matches.models import Match
from matches.queries.scorers import is_assigned


def can_log_events(actor: User, match: Match) -> bool:
    """Run the match on the day: events, clock, line-ups, and links for the families.

    Scorers of the organisation, and members assigned to this one match.
    """
    if can_score(actor, match.organisation_id):
        return True
    return actor.is_active and is_assigned(actor, match)


def can_manage_match(actor: User, match: Match) -> bool:
    """Arrange it: its header, postponement and cancellation, deletion, and listing it publicly."""
    return can_manage(actor, match.organisation_id)


def can_manage_roster(actor: User, organisation_id: UUID) -> bool:
    """Seasons, teams, players and squads, and creating matches between them."""
    return can_manage(actor, organisation_id)
