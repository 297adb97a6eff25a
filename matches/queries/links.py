from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Value, When

from matches.models import Match, ShareLink
from matches.rules.kinds import IN_PLAY

MOST_LISTED = 50
LIVE_FIRST = Case(
    When(match__status__in=IN_PLAY, then=Value(0)),
    default=Value(1),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A match that an organisation shows to everybody; `match` comes with teams and format."""

    token: str
    match: Match


def listed_links(now: datetime) -> Sequence[ListedLink]:
    """What the landing page shows, live matches first, then the latest; one query."""
    links = (
        ShareLink.objects.alive(now)
        .exclude(listed_token="")
        .select_related("match__home_team", "match__away_team", "match__format")
    )
    ordered = links.order_by(LIVE_FIRST, "-match__kickoff_at", "-created_at", "pk")
    return [ListedLink(link.listed_token, link.match) for link in ordered[:MOST_LISTED]]
