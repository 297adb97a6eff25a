"""What looks wrong about an event but may be a gap in the log: it is told, never refused.

Volunteers forget a substitution or upload it late; to refuse the goal after it would lose it.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

from matches.rules import shootout
from matches.rules.events import EventDraft, TimelineEvent, order_key
from matches.rules.kinds import EventKind, Side
from matches.rules.lineups import Lineup, OnPitch, on_pitch_at

# Cards are shown to the bench too, and notes and injuries concern anybody (Law 12).
ANYBODY: Final = frozenset(
    {
        EventKind.YELLOW_CARD,
        EventKind.SECOND_YELLOW,
        EventKind.RED_CARD,
        EventKind.INJURY,
        EventKind.NOTE,
    }
)
AFTER_ALL: Final = 2**63


class EventWarning(StrEnum):
    NOT_IN_LINEUP = "player_not_in_lineup"
    NOT_ON_PITCH = "player_not_on_pitch"
    ALREADY_ON_PITCH = "player_already_on_pitch"
    SENT_OFF = "player_sent_off"
    ALREADY_CAUTIONED = "player_already_cautioned"
    NOT_YET_CAUTIONED = "player_not_yet_cautioned"
    SHOOTOUT_DECIDED = "shootout_decided"
    KICK_OUT_OF_TURN = "kick_out_of_turn"


def warnings_for(
    event: EventDraft,
    *,
    side: Side | None,
    timeline: Sequence[TimelineEvent],
    lineups: Mapping[Side, Lineup],
) -> list[str]:
    """Codes of `EventWarning`, sorted; a side without starters in `lineups` is not known.

    `timeline` may hold the event itself, as it was before an edit. A new event comes after all
    others of the same clock.
    """
    if side is None:
        return []
    sequence = next((e.sequence for e in timeline if e.id == event.id), AFTER_ALL)
    moment = order_key(event.period, event.clock_ms, sequence)
    others = [other for other in timeline if other.id != event.id]
    earlier = [other for other in others if other.order < moment]
    found = _about_cards(event, earlier) | _about_shootout(event, side, others, earlier)
    lineup = lineups.get(side)
    if lineup and lineup.starters:
        on_pitch = on_pitch_at(lineup.starters, earlier, side=side, before=moment)
        found |= _about_people(event, lineup, on_pitch)
    return sorted(found)


def _about_people(event: EventDraft, lineup: Lineup, on_pitch: OnPitch) -> set[EventWarning]:
    checks: list[tuple[UUID | None, Callable[[UUID], EventWarning | None]]] = [
        (event.player_off_id, lambda player: _plays(player, on_pitch)),
        (event.player_on_id, lambda player: _comes_on(player, on_pitch)),
    ]
    if event.kind not in ANYBODY:
        checks.append((event.player_id, lambda player: _plays(player, on_pitch)))
    people = {event.player_id, event.player_on_id, event.player_off_id} - {None}
    found = {EventWarning.NOT_IN_LINEUP} if people - lineup.everybody else set()
    return found | {
        warning for player, check in checks if player and (warning := check(player)) is not None
    }


def _plays(player: UUID, on_pitch: OnPitch) -> EventWarning | None:
    if player in on_pitch.sent_off:
        return EventWarning.SENT_OFF
    return None if player in on_pitch.players else EventWarning.NOT_ON_PITCH


def _comes_on(player: UUID, on_pitch: OnPitch) -> EventWarning | None:
    if player in on_pitch.sent_off:
        return EventWarning.SENT_OFF
    return EventWarning.ALREADY_ON_PITCH if player in on_pitch.players else None


def _about_cards(event: EventDraft, earlier: Sequence[TimelineEvent]) -> set[EventWarning]:
    if event.player_id is None:
        return set()
    was_cautioned = any(
        other.kind is EventKind.YELLOW_CARD and other.player_id == event.player_id
        for other in earlier
    )
    if event.kind is EventKind.YELLOW_CARD and was_cautioned:
        return {EventWarning.ALREADY_CAUTIONED}
    if event.kind is EventKind.SECOND_YELLOW and not was_cautioned:
        return {EventWarning.NOT_YET_CAUTIONED}
    return set()


def _about_shootout(
    event: EventDraft,
    side: Side,
    others: Sequence[TimelineEvent],
    earlier: Sequence[TimelineEvent],
) -> set[EventWarning]:
    if event.kind is not EventKind.SHOOTOUT_KICK:
        return set()
    before = shootout.state(earlier, shootout.first_side(others))
    if before.winner is not None:
        return {EventWarning.SHOOTOUT_DECIDED}
    is_first = before.home_kicks + before.away_kicks == 0
    if not is_first and before.next_side is not side:
        return {EventWarning.KICK_OUT_OF_TURN}
    return set()
