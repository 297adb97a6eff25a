"""The match that a route names, if the caller may see it."""

from uuid import UUID

from rest_framework.request import Request

from accounts.authentication import actor_of
from core.api.answers import find
from matches.models import Match


def visible_match(request: Request, match_id: UUID) -> Match:
    """The bare row: operations read it again under their lock, and most answers need no more."""
    return find(Match.objects.visible_to(actor_of(request)), match_id)


def visible_match_with_teams(request: Request, match_id: UUID) -> Match:
    return find(Match.objects.visible_to(actor_of(request)).with_teams(), match_id)
