"""What the landing page shows: the matches that their organisations have listed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from accounts.models import Organisation
from matches.models import Match, MatchEvent, Period, Team
from matches.queries.clocks import period_times
from matches.queries.links import ListedLink, listed_links
from matches.rules.clock import PeriodTimes, elapsed_ms, minute_label, timestamp_label
from matches.rules.kinds import IN_PLAY, EventKind, MatchStatus, PeriodKind
from web.demo import DEMO_ORGANISATION_SLUG
from web.labels import Tone, event_sentence, standing

TO_COME = frozenset({MatchStatus.SCHEDULED, MatchStatus.POSTPONED})
# The same kinds as the short timeline of the viewer page.
NOTEWORTHY = [
    EventKind.GOAL,
    EventKind.OWN_GOAL,
    EventKind.PENALTY,
    EventKind.PENALTY_MISSED,
    EventKind.YELLOW_CARD,
    EventKind.SECOND_YELLOW,
    EventKind.RED_CARD,
    EventKind.SIN_BIN,
    EventKind.SUBSTITUTION,
    EventKind.SHOOTOUT_KICK,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTeam:
    name: str
    colour: str
    goals: int
    shootout: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One listed match at one moment. It names no player: everybody may read it."""

    match_id: UUID
    token: str
    status: str
    heading: str
    kickoff_at: datetime
    home: CardTeam
    away: CardTeam
    standing: str
    tone: Tone
    clock: str
    latest: str


@dataclass(frozen=True, slots=True)
class Landing:
    in_play: Sequence[Card]
    to_come: Sequence[Card]
    over: Sequence[Card]

    @property
    def is_empty(self) -> bool:
        return not (self.in_play or self.to_come or self.over)


def landing(now: datetime) -> Landing:
    """A fixed number of queries, however many matches are listed."""
    links: dict[UUID, ListedLink] = {}
    for link in listed_links(now):
        # A match may be listed twice, say by a link that runs out and the one made to replace it.
        links.setdefault(link.match.pk, link)
    matches = [link.match for link in links.values()]
    periods = Period.objects.order_by("number").prefetch_related("pauses")
    prefetch_related_objects(matches, Prefetch("periods", periods))
    latest = _latest_events(match for match in matches if match.status in IN_PLAY)
    cards = [
        _card(link.match, link.token, latest.get(link.match.pk), now) for link in links.values()
    ]
    return Landing(
        in_play=[card for card in cards if card.status in IN_PLAY],
        to_come=sorted(
            (card for card in cards if card.status in TO_COME), key=lambda card: card.kickoff_at
        ),
        over=[card for card in cards if card.status not in IN_PLAY | TO_COME],
    )


def has_demo() -> bool:
    return Organisation.objects.filter(slug=DEMO_ORGANISATION_SLUG).exists()


def _latest_events(matches: Iterable[Match]) -> dict[UUID, MatchEvent]:
    """The last noteworthy event of each match; a match has dozens of them, not thousands."""
    events = MatchEvent.objects.standing().filter(match__in=list(matches), kind__in=NOTEWORTHY)
    return {event.match_id: event for event in events.in_order()}


def _card(match: Match, token: str, latest: MatchEvent | None, now: datetime) -> Card:
    periods = period_times(match, match.periods.all())
    text, tone = standing(match, periods)
    return Card(
        match_id=match.pk,
        token=token,
        status=match.status,
        heading=" · ".join(part for part in (match.competition, match.round) if part),
        kickoff_at=match.kickoff_at,
        home=_team(match.home_team, match.home_goals, match.home_shootout_goals),
        away=_team(match.away_team, match.away_goals, match.away_shootout_goals),
        standing=text,
        tone=tone,
        clock=_clock(match, periods, now),
        latest=event_sentence(match, latest, periods) if latest else "",
    )


def _team(team: Team, goals: int, shootout: int | None) -> CardTeam:
    return CardTeam(name=team.name, colour=team.colour, goals=goals, shootout=shootout)


def _clock(match: Match, periods: Sequence[PeriodTimes], now: datetime) -> str:
    """The running time, "45+2" in stoppage time; nothing while nothing is timed."""
    if match.status not in IN_PLAY or not periods or periods[-1].ended_at is not None:
        return ""
    period = periods[-1]
    if period.kind is PeriodKind.PENALTY_SHOOTOUT:
        return ""
    played = elapsed_ms(period, now)
    if played < period.length_ms:
        return timestamp_label(period.base_ms, played)
    return minute_label(period.kind, period.base_ms, period.length_ms, played)
