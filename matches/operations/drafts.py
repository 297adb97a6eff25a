"""Judging an event before it is stored: does it belong to this match, and do the rules allow it."""

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any
from uuid import UUID

from accounts.models import User
from core.errors import InvalidInputError
from matches.models import Match, MatchEvent, SquadMembership
from matches.queries.document import side_of
from matches.queries.log import MatchLog
from matches.rules.errors import RuleBrokenError
from matches.rules.events import EventDraft, TimelineEvent, check_event
from matches.rules.kinds import EventKind, Outcome, Side

PLAYERS = ("player_id", "player_on_id", "player_off_id")


def check_draft(
    match: Match, draft: EventDraft, log: MatchLog, *, before: EventDraft | None = None
) -> Side | None:
    """The side the event belongs to; InvalidInputError, by field, when it cannot be.

    `before` is the event as it was, when this is an edit.
    """
    side = side_of(match, draft.team_id)
    if draft.team_id is not None and side is None:
        raise InvalidInputError(team_id=["This team does not play in this match."])
    try:
        check_event(draft, side=side, periods=log.periods, linked=_linked(draft, log, before))
    except RuleBrokenError as broken:
        raise InvalidInputError(**{broken.field: [broken.message]}) from broken
    _check_players(draft, side, log, before)
    return side


def content_digest(draft: EventDraft) -> str:
    """The same for the same event. When the device thinks it happened is no part of it."""
    content = asdict(draft)
    del content["recorded_at"]
    return sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


def draft_of(event: MatchEvent) -> EventDraft:
    return EventDraft(
        id=event.pk,
        kind=EventKind(event.kind),
        period=event.period,
        clock_ms=event.clock_ms,
        team_id=event.team_id,
        player_id=event.player_id,
        player_on_id=event.player_on_id,
        player_off_id=event.player_off_id,
        outcome=Outcome(event.outcome) if event.outcome else None,
        linked_event_id=event.linked_event_id,
        sentiment=event.sentiment,
        notes=event.notes,
        recorded_at=event.recorded_at,
    )


def columns_of(draft: EventDraft) -> dict[str, Any]:
    """The fields of the stored event; `draft_of` is the way back."""
    return asdict(draft) | {"outcome": draft.outcome or ""}


def event_row(match: Match, recorded_by: User, sequence: int, draft: EventDraft) -> MatchEvent:
    """The event as it is stored first; not saved."""
    return MatchEvent(
        match=match,
        recorded_by=recorded_by,
        sequence=sequence,
        content_digest=content_digest(draft),
        **columns_of(draft),
    )


def _linked(draft: EventDraft, log: MatchLog, before: EventDraft | None) -> TimelineEvent | None:
    if draft.linked_event_id is None:
        return None
    found = log.standing.get(draft.linked_event_id)
    # A link made earlier may by now lead to a deleted event; that must not bar other corrections.
    if found is None and before and before.linked_event_id == draft.linked_event_id:
        found = log.voided.get(draft.linked_event_id)
    return found


def _check_players(
    draft: EventDraft, side: Side | None, log: MatchLog, before: EventDraft | None
) -> None:
    """Everybody named must be in the line-up of the side, or else in the squad of its team."""
    if side is None or draft.team_id is None:
        return
    # Who was accepted once stays so, even when the line-up has changed since.
    is_same_team = before is not None and before.team_id == draft.team_id
    named = {
        name: player
        for name in PLAYERS
        if (player := getattr(draft, name)) is not None
        and not (is_same_team and getattr(before, name) == player)
    }
    ours, theirs = log.lineups[side].everybody, log.lineups[side.other].everybody
    unsure = set(named.values()) - ours - theirs
    known = ours | (_in_squad(draft.team_id, unsure) if unsure else set())
    if strangers := [name for name, player in named.items() if player not in known]:
        raise InvalidInputError(**{name: ["This is no player of this team."] for name in strangers})


def _in_squad(team_id: UUID, players: set[UUID]) -> set[UUID]:
    """Past members too: an old match may be completed after somebody has left."""
    squad = SquadMembership.objects.filter(team_id=team_id, player_id__in=players)
    return set(squad.values_list("player_id", flat=True))
