"""What realtime asks of matches: who may read one, and the document a reader starts from.

The document is made from the rows alone, without the present time, so it is the same for every
reader of an audience until the feed moves. Two texts are looked up anew each time and never enter
the feed, because they can be about a person: the names in `people` and `match.status_reason`.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import NamePolicy
from accounts.queries import Reader, SignedIn, Viewer
from matches.models import LineupPlayer, Match, ShareLink
from matches.queries import document
from matches.queries.clocks import played_times
from matches.queries.people import Lens, people, stricter
from matches.queries.timeline import seen_events
from realtime import feed
from realtime.topics import Audience, GoneError, Snapshot, UnreadableError

PREFIX = "match"
MEMBERS = Audience("members", is_full=True)


def audience_of(policy: NamePolicy) -> Audience:
    """Viewers whose links allow the same names share their bytes."""
    return Audience(f"public.{policy.value}", is_full=False)


def may_read(reader: Reader, topic: str) -> Audience:
    """Members of the match's organisation see all of it, holders of a share link the public part.

    Raises GoneError for a link that expired or was revoked, else UnreadableError.
    """
    match_id = _match_id(topic)
    if isinstance(reader, SignedIn):
        if Match.objects.visible_to(reader.user).filter(pk=match_id).exists():
            return MEMBERS
    elif isinstance(reader, Viewer) and reader.topic == topic:
        return _viewer_audience(reader, match_id)
    raise UnreadableError(topic)


def snapshot(topic: str, audience: Audience) -> Snapshot:
    """The whole match as `audience` may see it; UnreadableError when there is none (any more)."""
    match_id = _match_id(topic)
    head, data = feed.consistent(topic, lambda: live_document(match_id, audience))
    if data is None:
        raise UnreadableError(topic)
    return Snapshot(epoch=head.epoch, seq=head.seq, data=data)


def live_document(match_id: UUID, audience: Audience) -> dict[str, Any] | None:
    """A fixed number of queries, however long the match is."""
    match = Match.objects.with_teams().filter(pk=match_id).first()
    if match is None:
        return None
    lens = lens_for(match_id, audience)
    times = played_times(match)
    events = seen_events(match, times, lens)
    lineup = list(match.lineup.order_by("order", "pk"))
    return {
        "match": _header(match, lens),
        "teams": document.teams_part(match),
        "score": document.score_part(match),
        "shootout": document.shootout_part(match),
        "clock": document.clock_part(times),
        "periods": [document.period_part(period) for period in times],
        "events": events.parts,
        "lineups": {
            "home": document.lineup_part(_of_team(lineup, match.home_team_id), lens),
            "away": document.lineup_part(_of_team(lineup, match.away_team_id), lens),
        },
        "people": people(match, lineup, events.player_ids, lens),
    }


def lens_for(match_id: UUID, audience: Audience) -> Lens:
    if audience.is_full:
        return Lens(match_id)
    return Lens(match_id, NamePolicy(audience.key.removeprefix("public.")))


def _viewer_audience(viewer: Viewer, match_id: UUID) -> Audience:
    link = (
        ShareLink.objects.filter(pk=viewer.link_id, match_id=match_id)
        .select_related("match__organisation")
        .first()
    )
    if link is None:
        raise UnreadableError(viewer.topic)
    if not link.is_alive_at(timezone.now()):
        raise GoneError(viewer.topic)
    return audience_of(stricter(link.name_policy, link.match.organisation.name_policy))


def _match_id(topic: str) -> UUID:
    identifier = topic.removeprefix(f"{PREFIX}.")
    try:
        match_id = UUID(identifier)
    except ValueError as error:
        raise UnreadableError(topic) from error
    # Another spelling of the same id would be another topic, in which nothing ever happens.
    if str(match_id) != identifier:
        raise UnreadableError(topic)
    return match_id


def _header(match: Match, lens: Lens) -> dict[str, Any]:
    header = document.match_part(match)
    return header | {"status_reason": match.status_reason} if lens.is_full else header


def _of_team(lineup: Iterable[LineupPlayer], team_id: UUID) -> list[LineupPlayer]:
    return [row for row in lineup if row.team_id == team_id]
