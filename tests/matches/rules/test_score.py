from collections import Counter
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matches.rules.kinds import EventKind, Outcome, Side
from matches.rules.score import Tally, goal_for, tally
from tests.matches.rules.strategies import events, make_event, make_kick


@given(st.lists(events()), st.randoms(use_true_random=False))
def test_score_is_the_same_in_any_order(timeline, random):
    shuffled = list(timeline)
    random.shuffle(shuffled)

    assert tally(shuffled) == tally(timeline)


@given(st.lists(events()))
def test_score_equals_a_recount_by_hand(timeline):
    counted = Counter(
        (event.kind, event.outcome, event.side) for event in timeline if event.side is not None
    )

    def goals(side, other):
        return (
            counted[EventKind.GOAL, None, side]
            + counted[EventKind.PENALTY, Outcome.SCORED, side]
            + counted[EventKind.OWN_GOAL, None, other]
        )

    assert tally(timeline) == Tally(
        goals(Side.HOME, Side.AWAY),
        goals(Side.AWAY, Side.HOME),
        counted[EventKind.SHOOTOUT_KICK, Outcome.SCORED, Side.HOME],
        counted[EventKind.SHOOTOUT_KICK, Outcome.SCORED, Side.AWAY],
    )


@given(st.lists(events()), events())
def test_one_event_changes_the_score_by_one_goal_at_most(timeline, event):
    before, after = tally(timeline), tally([*timeline, event])

    gained = (after.home - before.home) + (after.away - before.away)
    assert gained == (1 if goal_for(event) else 0)


@given(st.lists(events(), min_size=1), st.data())
def test_voiding_an_event_takes_back_exactly_what_it_counted(timeline, data):
    index = data.draw(st.integers(0, len(timeline) - 1))
    before, after = tally(timeline), tally(timeline[:index] + timeline[index + 1 :])

    taken = [was - stays for was, stays in zip(astuple(before), astuple(after), strict=True)]
    assert taken == list(astuple(tally([timeline[index]])))
    assert sum(taken) <= 1


def test_own_goal_counts_for_the_other_side():
    assert tally([make_event(EventKind.OWN_GOAL, Side.HOME)]) == Tally(home=0, away=1)


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.SCORED])
def test_penalty_that_is_not_scored_is_no_goal(outcome):
    assert tally([make_event(EventKind.PENALTY, outcome=outcome)]) == Tally()


def test_shootout_leaves_the_match_a_draw():
    kicks = [make_kick(Side.HOME, scored=True), make_kick(Side.AWAY, scored=False)]

    score = tally([make_event(), make_event(side=Side.AWAY), *kicks])

    assert score == Tally(home=1, away=1, shootout_home=1, shootout_away=0)
