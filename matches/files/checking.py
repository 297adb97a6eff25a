"""Whether a draft is a match that could have been played: the same for every shape of file."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from itertools import pairwise

from matches.files.draft import EventEntry, MatchDraft, TeamDraft, optional_ref_id, ref_id
from matches.files.errors import FileError
from matches.files.names import folded
from matches.rules.errors import RuleBrokenError
from matches.rules.events import EventDraft, TimelineEvent, check_event
from matches.rules.kinds import IN_PLAY, MatchStatus, Side
from matches.rules.lifecycle import planned_periods

NOT_PLAYED = frozenset({MatchStatus.SCHEDULED, MatchStatus.POSTPONED, MatchStatus.CANCELLED})


def check(draft: MatchDraft) -> None:
    """Raise FileError at the first thing that contradicts itself or the laws of the game."""
    if folded(draft.home.name) == folded(draft.away.name):
        raise FileError("a team cannot play itself.", where="teams")
    _once((player.ref for _, team in draft.sides() for player in team.players), "teams", "player")
    for side, team in draft.sides():
        _check_lineup(team, f"teams.{side}")
    _check_periods(draft)
    _check_events(draft)


def _once(values: Iterable[Hashable], where: str, what: str) -> None:
    twice = [str(value) for value, count in Counter(values).items() if count > 1]
    if twice:
        raise FileError(f"{what} {', '.join(twice)} stands here twice.", where=where)


def _check_lineup(team: TeamDraft, where: str) -> None:
    where = f"{where}.lineup"
    known = {player.ref for player in team.players}
    for entry in team.lineup:
        if entry.player not in known:
            raise FileError(f"{entry.player!r} is no player of {team.name}.", where=where)
    _once((entry.player for entry in team.lineup), where, "player")
    _once((e.number for e in team.lineup if e.number is not None), where, "number")
    if sum(entry.is_captain for entry in team.lineup) > 1:
        raise FileError("a team has one captain.", where=where)


def _check_periods(draft: MatchDraft) -> None:
    if draft.status in NOT_PLAYED and (draft.periods or draft.events):
        raise FileError(f"a {draft.status} match has no periods and no events.", where="status")
    plans = planned_periods(draft.rules)
    if len(draft.periods) > len(plans):
        raise FileError(f"these rules have no period {len(plans) + 1}.", where="periods")
    for index, (period, plan) in enumerate(zip(draft.periods, plans, strict=False)):
        where = f"periods[{index}]"
        if period.kind is not plan.kind:
            raise FileError(f"by the rules this one is {plan.kind}.", where=where)
        _check_order([period.started_at, period.ended_at], where)
        is_last = index == len(draft.periods) - 1
        if period.ended_at is None and not (is_last and draft.status in IN_PLAY):
            raise FileError("only the last period of a running match is open.", where=where)
        for started_at, ended_at in period.pauses:
            _check_order([period.started_at, started_at, ended_at, period.ended_at], where)
    _check_order([period.started_at for period in draft.periods], "periods")


def _check_order(moments: Iterable[datetime | None], where: str) -> None:
    known = [moment for moment in moments if moment is not None]
    if any(later < earlier for earlier, later in pairwise(known)):
        raise FileError("these times are not in order.", where=where)


def _check_events(draft: MatchDraft) -> None:
    _once((event.ref for event in draft.events), "events", "id")
    periods = {number: period.kind for number, period in enumerate(draft.periods, start=1)}
    timeline = {event.id: event for event in draft.timeline()}
    for index, event in enumerate(draft.events):
        where = f"events[{index}]"
        _check_people(draft, event, event.side, where)
        linked: TimelineEvent | None = timeline.get(ref_id(event.linked)) if event.linked else None
        try:
            check_event(_as_sent(event), side=event.side, periods=periods, linked=linked)
        except RuleBrokenError as broken:
            field = broken.field.removesuffix("_id")
            raise FileError(broken.message, where=f"{where}.{field}".rstrip(".")) from broken


def _check_people(draft: MatchDraft, event: EventEntry, side: Side | None, where: str) -> None:
    # Whoever is named needs a side, which the rules ask for.
    if side is None:
        return
    people: Mapping[str, str | None] = {
        "player": event.player,
        "player_on": event.player_on,
        "player_off": event.player_off,
    }
    team = draft.team(side)
    squad = {player.ref for player in team.players}
    for field, ref in people.items():
        if ref is not None and ref not in squad:
            raise FileError(f"{ref!r} is no player of {team.name}.", where=f"{where}.{field}")


def _as_sent(event: EventEntry) -> EventDraft:
    """The same event as a phone would send it, its references turned into ids."""
    return EventDraft(
        id=ref_id(event.ref),
        kind=event.kind,
        period=event.period,
        clock_ms=event.clock_ms,
        player_id=optional_ref_id(event.player),
        player_on_id=optional_ref_id(event.player_on),
        player_off_id=optional_ref_id(event.player_off),
        outcome=event.outcome,
        linked_event_id=optional_ref_id(event.linked),
        sentiment=event.sentiment,
        notes=event.notes,
    )
