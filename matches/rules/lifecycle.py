"""How a match moves from kick-off to its end, and which period comes next (IFAB Laws 7 and 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from matches.rules.errors import TransitionError
from matches.rules.kinds import MatchStatus, PeriodKind


class Action(StrEnum):
    START = "start"
    START_PERIOD = "start_period"
    END_PERIOD = "end_period"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    ABANDON = "abandon"
    POSTPONE = "postpone"
    CANCEL = "cancel"
    RESCHEDULE = "reschedule"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Step:
    """An action may be taken from these states and leads to that one."""

    from_: frozenset[MatchStatus]
    to: MatchStatus


def _step(to: MatchStatus, *from_: MatchStatus) -> Step:
    return Step(frozenset(from_), to)


ACTIONS: Final[Mapping[Action, Step]] = {
    Action.START: _step(MatchStatus.LIVE, MatchStatus.SCHEDULED, MatchStatus.POSTPONED),
    Action.START_PERIOD: _step(MatchStatus.LIVE, MatchStatus.LIVE),
    # Ending a period during a pause ends the pause with it.
    Action.END_PERIOD: _step(MatchStatus.LIVE, MatchStatus.LIVE, MatchStatus.PAUSED),
    Action.PAUSE: _step(MatchStatus.PAUSED, MatchStatus.LIVE),
    Action.RESUME: _step(MatchStatus.LIVE, MatchStatus.PAUSED),
    Action.COMPLETE: _step(MatchStatus.COMPLETED, MatchStatus.LIVE, MatchStatus.PAUSED),
    Action.ABANDON: _step(MatchStatus.ABANDONED, MatchStatus.LIVE, MatchStatus.PAUSED),
    # A postponed match may be put off again.
    Action.POSTPONE: _step(MatchStatus.POSTPONED, MatchStatus.SCHEDULED, MatchStatus.POSTPONED),
    Action.CANCEL: _step(MatchStatus.CANCELLED, MatchStatus.SCHEDULED, MatchStatus.POSTPONED),
    Action.RESCHEDULE: _step(MatchStatus.SCHEDULED, MatchStatus.POSTPONED, MatchStatus.CANCELLED),
    Action.REOPEN: _step(MatchStatus.LIVE, MatchStatus.COMPLETED, MatchStatus.ABANDONED),
}


def allowed_actions(status: MatchStatus) -> list[Action]:
    return [action for action, step in ACTIONS.items() if status in step.from_]


def check_action(status: MatchStatus, action: Action) -> MatchStatus:
    """The status that the action leads to; TransitionError lists the actions possible now."""
    if status not in ACTIONS[action].from_:
        raise TransitionError(
            f"A match that is {status} does not allow: {action.replace('_', ' ')}.",
            allowed=allowed_actions(status),
        )
    return ACTIONS[action].to


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRules:
    """The format of a match: how many periods of which length, and what follows a draw."""

    regular_periods: int = 2
    regular_ms: int = 45 * 60_000
    extra_time_periods: int = 0
    extra_time_ms: int = 0
    has_shootout: bool = False
    players_on_pitch: int = 11


@dataclass(frozen=True, slots=True)
class PeriodPlan:
    """`base_ms` is the playing time, without stoppage, that comes before the period."""

    number: int
    kind: PeriodKind
    length_ms: int
    base_ms: int


def planned_periods(rules: FormatRules) -> tuple[PeriodPlan, ...]:
    """Every period the format can have, in order."""
    lengths = [
        *[(PeriodKind.REGULAR, rules.regular_ms)] * rules.regular_periods,
        *[(PeriodKind.EXTRA_TIME, rules.extra_time_ms)] * rules.extra_time_periods,
        *[(PeriodKind.PENALTY_SHOOTOUT, 0)] * rules.has_shootout,
    ]
    plans: list[PeriodPlan] = []
    base_ms = 0
    for number, (kind, length_ms) in enumerate(lengths, start=1):
        plans.append(PeriodPlan(number, kind, length_ms, base_ms))
        base_ms += length_ms
    return tuple(plans)


class PlayedPeriod(Protocol):
    """What matters of a period that was started; `rules.clock.PeriodTimes` has it."""

    @property
    def number(self) -> int: ...
    @property
    def kind(self) -> PeriodKind: ...
    @property
    def ended_at(self) -> datetime | None: ...


def next_period(
    rules: FormatRules, periods: Sequence[PlayedPeriod], *, score_level: bool
) -> PeriodPlan:
    """The period that may start now, or TransitionError.

    Extra time and a shootout follow a draw only; extra time once begun is played to its end, also
    when a side leads at its half-time (Law 7). Whether it is a draw the caller decides: over two
    legs the aggregate does.
    """
    if periods and periods[-1].ended_at is None:
        raise TransitionError(
            f"Period {periods[-1].number} is still running.",
            allowed=[Action.END_PERIOD, Action.COMPLETE],
        )
    plans = planned_periods(rules)
    if len(periods) >= len(plans):
        raise TransitionError("The format has no further period.", allowed=[Action.COMPLETE])
    plan = plans[len(periods)]
    follows_draw = plan.kind is not PeriodKind.REGULAR and plan.kind is not (
        periods[-1].kind if periods else None
    )
    if follows_draw and not score_level:
        raise TransitionError(
            "Extra time and a shootout are played only when the score is level.",
            allowed=[Action.COMPLETE],
        )
    return plan
