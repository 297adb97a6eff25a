from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matches.rules.clock import PeriodTimes
from matches.rules.errors import TransitionError
from matches.rules.kinds import MatchStatus, PeriodKind
from matches.rules.lifecycle import (
    Action,
    FormatRules,
    check_action,
    next_period,
    planned_periods,
)
from tests.matches.rules.strategies import formats

MINUTE = 60_000
NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
FINAL = FormatRules(extra_time_periods=2, extra_time_ms=15 * MINUTE, has_shootout=True)


def played(rules, count, *, running=False):
    return [
        PeriodTimes(
            number=plan.number,
            kind=plan.kind,
            length_ms=plan.length_ms,
            base_ms=plan.base_ms,
            started_at=NOW,
            ended_at=None if running and plan.number == count else NOW,
        )
        for plan in planned_periods(rules)[:count]
    ]


# Written down by hand, not read from the code: what may be done in each state, and what follows.
LEGAL = {
    "scheduled": {"start": "live", "postpone": "postponed", "cancel": "cancelled"},
    "live": {
        "start_period": "live",
        "end_period": "live",
        "pause": "paused",
        "complete": "completed",
        "abandon": "abandoned",
    },
    "paused": {
        "end_period": "live",
        "resume": "live",
        "complete": "completed",
        "abandon": "abandoned",
    },
    "completed": {"reopen": "live"},
    "postponed": {
        "start": "live",
        "postpone": "postponed",
        "cancel": "cancelled",
        "reschedule": "scheduled",
    },
    "cancelled": {"reschedule": "scheduled"},
    "abandoned": {"reopen": "live"},
    "awarded": {},
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", MatchStatus)
def test_no_illegal_transition_passes(status, action):
    legal = LEGAL[status]
    if action in legal:
        assert check_action(status, action) == legal[action]
    else:
        with pytest.raises(TransitionError) as refusal:
            check_action(status, action)
        assert refusal.value.allowed == sorted(legal)


@given(st.lists(st.sampled_from(Action), max_size=12))
def test_a_finished_match_runs_again_only_when_reopened(actions):
    status, was_completed = MatchStatus.SCHEDULED, False
    for action in actions:
        try:
            status = check_action(status, action)
        except TransitionError:
            continue
        was_completed |= status is MatchStatus.COMPLETED
        if was_completed and status in {MatchStatus.LIVE, MatchStatus.PAUSED}:
            assert Action.REOPEN in actions


def test_final_is_planned_to_the_shootout():
    plans = [(p.number, p.kind, p.length_ms, p.base_ms) for p in planned_periods(FINAL)]

    assert plans == [
        (1, PeriodKind.REGULAR, 45 * MINUTE, 0),
        (2, PeriodKind.REGULAR, 45 * MINUTE, 45 * MINUTE),
        (3, PeriodKind.EXTRA_TIME, 15 * MINUTE, 90 * MINUTE),
        (4, PeriodKind.EXTRA_TIME, 15 * MINUTE, 105 * MINUTE),
        (5, PeriodKind.PENALTY_SHOOTOUT, 0, 120 * MINUTE),
    ]


@given(formats, st.booleans())
def test_periods_follow_the_plan_while_the_score_is_level(rules, running):
    plans = planned_periods(rules)
    for count, plan in enumerate(plans):
        assert next_period(rules, played(rules, count), score_level=True) == plan
    with pytest.raises(TransitionError) as refusal:
        next_period(rules, played(rules, len(plans), running=running), score_level=True)
    assert Action.COMPLETE in refusal.value.allowed


@pytest.mark.parametrize("over", [2, 4])
def test_neither_extra_time_nor_a_shootout_follows_a_win(over):
    with pytest.raises(TransitionError, match="level"):
        next_period(FINAL, played(FINAL, over), score_level=False)


@pytest.mark.parametrize("over", [0, 1, 3])
def test_a_lead_does_not_end_a_match_between_the_halves(over):
    assert next_period(FINAL, played(FINAL, over), score_level=False).number == over + 1


def test_shootout_may_follow_regular_time_directly():
    rules = FormatRules(has_shootout=True)

    plan = next_period(rules, played(rules, 2), score_level=True)

    assert (plan.kind, plan.base_ms, plan.length_ms) == (
        PeriodKind.PENALTY_SHOOTOUT,
        90 * MINUTE,
        0,
    )


def test_no_period_starts_while_one_is_running():
    with pytest.raises(TransitionError) as refusal:
        next_period(FINAL, played(FINAL, 1, running=True), score_level=True)

    assert refusal.value.allowed == ["complete", "end_period"]
