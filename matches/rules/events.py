"""What makes an event of a match valid (IFAB Laws 3, 10, 12 and 14).

Refused is only what contradicts itself. A log made in the rain may be incomplete, so whatever
merely looks unlikely is a warning of `rules.warnings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from matches.rules.errors import RuleBrokenError
from matches.rules.kinds import EventKind, Outcome, PeriodKind, Side

MAX_CLOCK_MS: Final = 6 * 60 * 60 * 1000
MAX_NOTES: Final = 500
SENTIMENTS: Final = range(-3, 4)

# Play can stop for these without one side being the cause.
WITHOUT_TEAM: Final = frozenset({EventKind.NOTE, EventKind.INJURY, EventKind.BALL_OUT})
OUTCOMES: Final[Mapping[EventKind, frozenset[Outcome]]] = {
    EventKind.PENALTY: frozenset(Outcome),
    EventKind.SHOOTOUT_KICK: frozenset(Outcome) - {Outcome.AWARDED},
    EventKind.PENALTY_MISSED: frozenset({Outcome.SAVED, Outcome.MISSED}),
}
OUTCOME_REQUIRED: Final = frozenset({EventKind.PENALTY, EventKind.SHOOTOUT_KICK})
# A shootout is no longer part of the match (Law 10): no goals, but cards, and a goalkeeper who
# cannot continue may be replaced.
IN_SHOOTOUT: Final = frozenset(
    {
        EventKind.SHOOTOUT_KICK,
        EventKind.SAVE,
        EventKind.YELLOW_CARD,
        EventKind.SECOND_YELLOW,
        EventKind.RED_CARD,
        EventKind.SUBSTITUTION,
        EventKind.INJURY,
        EventKind.NOTE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """An event as a device sends it. `clock_ms` counts from the start of its period."""

    id: UUID
    kind: EventKind
    period: int
    clock_ms: int | None = None
    team_id: UUID | None = None
    player_id: UUID | None = None
    player_on_id: UUID | None = None
    player_off_id: UUID | None = None
    outcome: Outcome | None = None
    linked_event_id: UUID | None = None
    sentiment: int | None = None
    notes: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """What the rules know of an event that is stored and stands."""

    id: UUID
    kind: EventKind
    side: Side | None
    period: int
    clock_ms: int | None
    sequence: int
    outcome: Outcome | None = None
    player_id: UUID | None = None
    player_on_id: UUID | None = None
    player_off_id: UUID | None = None

    @property
    def order(self) -> tuple[int, float, int]:
        """By period, match clock (unknown last), then order of recording; never by wall time."""
        return order_key(self.period, self.clock_ms, self.sequence)


def order_key(period: int, clock_ms: int | None, sequence: int) -> tuple[int, float, int]:
    return (period, float("inf") if clock_ms is None else clock_ms, sequence)


def check_event(
    event: EventDraft,
    *,
    side: Side | None,
    periods: Mapping[int, PeriodKind],
    linked: TimelineEvent | None = None,
) -> None:
    """Raise RuleBrokenError when the event contradicts itself or the match.

    `side` is that of `event.team_id`; `periods` are those that were started; `linked` is the event
    of the same match that `linked_event_id` names.
    """
    _check_period(event, periods)
    _check_figures(event)
    _check_people(event, side)
    _check_outcome(event)
    if event.linked_event_id is not None:
        _check_link(event, side, linked)


def _check_period(event: EventDraft, periods: Mapping[int, PeriodKind]) -> None:
    kind = periods.get(event.period)
    if kind is None:
        raise RuleBrokenError(
            "period_not_started", f"Period {event.period} has not started.", field="period"
        )
    is_shootout = kind is PeriodKind.PENALTY_SHOOTOUT
    if event.kind is EventKind.SHOOTOUT_KICK and not is_shootout:
        raise RuleBrokenError(
            "not_in_shootout", "A shootout kick belongs to the penalty shootout.", field="period"
        )
    if is_shootout and event.kind not in IN_SHOOTOUT:
        raise RuleBrokenError(
            "match_is_over", "The match ended before the penalty shootout.", field="kind"
        )


def _check_figures(event: EventDraft) -> None:
    if event.clock_ms is not None and not 0 <= event.clock_ms <= MAX_CLOCK_MS:
        raise RuleBrokenError(
            "clock_out_of_range", f"Use 0 to {MAX_CLOCK_MS} milliseconds.", field="clock_ms"
        )
    if event.sentiment is not None and event.sentiment not in SENTIMENTS:
        raise RuleBrokenError("sentiment_out_of_range", "Use -3 to 3.", field="sentiment")
    if len(event.notes) > MAX_NOTES:
        raise RuleBrokenError(
            "notes_too_long", f"Use at most {MAX_NOTES} characters.", field="notes"
        )


def _check_people(event: EventDraft, side: Side | None) -> None:
    if side is None and event.kind not in WITHOUT_TEAM:
        raise RuleBrokenError("team_required", "Say which team this belongs to.", field="team_id")
    if side is None and event.player_id is not None:
        raise RuleBrokenError("team_required", "Say which team the player is in.", field="team_id")
    if event.kind is EventKind.SUBSTITUTION:
        if event.player_id is not None:
            raise RuleBrokenError(
                "player_not_used", "A substitution has player_on and player_off.", field="player_id"
            )
        if event.player_on_id is not None and event.player_on_id == event.player_off_id:
            raise RuleBrokenError(
                "same_player", "A player cannot replace themselves.", field="player_on_id"
            )
    elif event.player_on_id is not None or event.player_off_id is not None:
        raise RuleBrokenError(
            "not_a_substitution", "Only a substitution has these.", field="player_on_id"
        )


def _check_outcome(event: EventDraft) -> None:
    if event.outcome is None:
        if event.kind in OUTCOME_REQUIRED:
            raise RuleBrokenError(
                "outcome_required", "Say what became of the kick.", field="outcome"
            )
        return
    allowed = OUTCOMES.get(event.kind, frozenset())
    if event.outcome not in allowed:
        choices = ", ".join(sorted(allowed)) or "no outcome"
        raise RuleBrokenError(
            "outcome_not_allowed", f"{event.kind} takes {choices}.", field="outcome"
        )


def _check_link(event: EventDraft, side: Side | None, linked: TimelineEvent | None) -> None:
    if linked is None or linked.id == event.id:
        raise RuleBrokenError(
            "linked_event_unknown", "Link another event of this match.", field="linked_event_id"
        )
    if event.kind is not EventKind.ASSIST:
        return
    # Nobody assists an own goal (Law 10 lists it against the player who made it) or a penalty.
    if linked.kind is not EventKind.GOAL or linked.side is not side:
        raise RuleBrokenError(
            "assist_needs_goal", "An assist links to a goal of its team.", field="linked_event_id"
        )
    if event.player_id is not None and event.player_id == linked.player_id:
        raise RuleBrokenError(
            "assist_by_scorer", "The scorer cannot assist their own goal.", field="player_id"
        )
