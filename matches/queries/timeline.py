from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from matches.models import Match, MatchEvent
from matches.queries import document
from matches.queries.clocks import played_times
from matches.queries.document import Part
from matches.queries.people import Lens
from matches.rules.clock import PeriodTimes


@dataclass(frozen=True, slots=True)
class SeenEvents:
    """The standing events that an audience may know of, in order, as parts of the document."""

    parts: list[Part]
    player_ids: set[UUID]


@dataclass(frozen=True, slots=True)
class PeriodTimeline:
    """One period and what happened in it."""

    period: Part
    events: list[Part]


def seen_events(match: Match, times: Iterable[PeriodTimes], lens: Lens) -> SeenEvents:
    """One query."""
    # Voided events too: whether a linked event may be mentioned does not end with it.
    events = list(match.events.in_order())
    hidden = {event.pk for event in events if event.kind in document.HIDDEN_KINDS}
    standing = [event for event in events if event.voided_at is None]
    seen = [event for event in standing if lens.is_full or event.pk not in hidden]
    by_number = {period.number: period for period in times}
    return SeenEvents(
        parts=[document.event_part(event, match, by_number, lens, hidden) for event in seen],
        player_ids=_players_in(seen),
    )


def timeline(match: Match, lens: Lens) -> list[PeriodTimeline]:
    """Period by period; three queries, however long the match is."""
    times = played_times(match)
    parts = seen_events(match, times, lens).parts
    return [
        PeriodTimeline(
            period=document.period_part(period),
            events=[part for part in parts if part["period"] == period.number],
        )
        for period in times
    ]


def _players_in(events: Iterable[MatchEvent]) -> set[UUID]:
    return {
        player_id
        for event in events
        for player_id in (event.player_id, event.player_on_id, event.player_off_id)
        if player_id is not None
    }
