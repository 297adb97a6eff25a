"""What the feed says of each change of a match; `docs/feed.md` shows every kind.

Each function returns the arguments of `feed.append` but the topic. Names, notes and reasons are
not among the values: a person can be erased without rewriting the feed. Members and viewers get
the parts of the live document that changed, and put them in place of those they have.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID

from accounts.models import NamePolicy
from matches.models import LineupPlayer, Match, MatchEvent
from matches.queries import document
from matches.queries.people import Lens
from matches.rules.clock import PeriodTimes
from matches.rules.kinds import EventKind, Side


class FeedKind(StrEnum):
    EVENT_LOGGED = "event_logged"
    SUBSTITUTION = "substitution"
    EVENT_UPDATED = "event_updated"
    EVENT_DELETED = "event_deleted"
    PERIOD_STARTED = "period_started"
    PERIOD_ENDED = "period_ended"
    CLOCK_CHANGED = "clock_changed"
    LINEUP_CHANGED = "lineup_changed"
    MATCH_CHANGED = "match_changed"
    MATCH_FINISHED = "match_finished"


class Entry(TypedDict):
    kind: FeedKind
    payload: dict[str, Any]
    public_payload: dict[str, Any] | None


def event_logged(
    match: Match, event: MatchEvent, times: Sequence[PeriodTimes], hidden: Collection[UUID]
) -> Entry:
    """`hidden` are the match's events that only members know of."""
    is_substitution = event.kind == EventKind.SUBSTITUTION
    kind = FeedKind.SUBSTITUTION if is_substitution else FeedKind.EVENT_LOGGED
    return _event_entry(kind, match, event, times, hidden)


def event_updated(
    match: Match, event: MatchEvent, times: Sequence[PeriodTimes], hidden: Collection[UUID]
) -> Entry:
    return _event_entry(FeedKind.EVENT_UPDATED, match, event, times, hidden)


def event_deleted(match: Match, event: MatchEvent) -> Entry:
    payload = {"event_id": str(event.pk), **_scores(match)}
    hidden = event.kind in document.HIDDEN_KINDS
    return Entry(
        kind=FeedKind.EVENT_DELETED, payload=payload, public_payload=None if hidden else payload
    )


def period_started(match: Match, times: Sequence[PeriodTimes]) -> Entry:
    return _for_all(FeedKind.PERIOD_STARTED, _period(match, times))


def period_ended(match: Match, times: Sequence[PeriodTimes]) -> Entry:
    return _for_all(FeedKind.PERIOD_ENDED, _period(match, times))


def clock_changed(match: Match, times: Sequence[PeriodTimes]) -> Entry:
    return _for_all(
        FeedKind.CLOCK_CHANGED, {"status": match.status, "clock": document.clock_part(times)}
    )


def lineup_changed(match: Match, side: Side, rows: Iterable[LineupPlayer]) -> Entry:
    def seen_through(lens: Lens) -> dict[str, Any]:
        return {"side": side.value, "lineup": document.lineup_part(lineup, lens)}

    lineup = list(rows)
    return Entry(
        kind=FeedKind.LINEUP_CHANGED,
        payload=seen_through(_members(match)),
        public_payload=seen_through(_viewers(match)),
    )


def match_changed(match: Match, times: Sequence[PeriodTimes]) -> Entry:
    return _for_all(
        FeedKind.MATCH_CHANGED,
        {
            "match": document.match_part(match),
            "teams": document.teams_part(match),
            **_scores(match),
            "clock": document.clock_part(times),
        },
    )


def match_finished(match: Match, times: Sequence[PeriodTimes]) -> Entry:
    return _for_all(
        FeedKind.MATCH_FINISHED,
        {"status": match.status, **_scores(match), "clock": document.clock_part(times)},
    )


def _event_entry(
    kind: FeedKind,
    match: Match,
    event: MatchEvent,
    times: Sequence[PeriodTimes],
    hidden: Collection[UUID],
) -> Entry:
    def seen_through(lens: Lens) -> dict[str, Any]:
        part = document.event_part(event, match, by_number, lens, hidden)
        return part | _scores(match)

    by_number = {period.number: period for period in times}
    is_hidden = event.kind in document.HIDDEN_KINDS
    return Entry(
        kind=kind,
        payload=seen_through(_members(match)),
        public_payload=None if is_hidden else seen_through(_viewers(match)),
    )


def _period(match: Match, times: Sequence[PeriodTimes]) -> dict[str, Any]:
    return {
        "status": match.status,
        "clock": document.clock_part(times),
        "period": document.period_part(times[-1]),
    }


def _scores(match: Match) -> dict[str, Any]:
    return {"score": document.score_part(match), "shootout": document.shootout_part(match)}


def _for_all(kind: FeedKind, payload: dict[str, Any]) -> Entry:
    """What holds nothing about a person is the same for members and viewers."""
    return Entry(kind=kind, payload=payload, public_payload=payload)


def _members(match: Match) -> Lens:
    return Lens(match.pk)


def _viewers(match: Match) -> Lens:
    # One payload serves the viewers of every policy, for it holds no name.
    return Lens(match.pk, NamePolicy.NUMBER)
