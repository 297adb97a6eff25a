from hypothesis import given
from hypothesis import strategies as st

from matches.rules.kinds import EventKind, Side
from matches.rules.replay import PlayedTime, StepKind, script
from tests.matches.rules.strategies import make_event, make_kick

MINUTE = 60_000
HALVES = [PlayedTime(1, 47 * MINUTE), PlayedTime(2, 50 * MINUTE)]


def outline(steps):
    return [(step.due_ms, step.kind.value, step.period) for step in steps]


def logged(steps):
    return [step.event for step in steps if step.kind is StepKind.EVENT]


def test_periods_follow_each_other_after_a_short_break():
    assert outline(script(HALVES, [], links={})) == [
        (0, "start_period", 1),
        (47 * MINUTE, "end_period", 1),
        (48 * MINUTE, "start_period", 2),
        (98 * MINUTE, "end_period", 2),
        (98 * MINUTE, "complete", 2),
    ]


def test_events_are_due_at_their_clock():
    goal = make_event(period=2, clock_ms=5 * MINUTE)

    steps = script(HALVES, [goal], links={})

    assert (48 + 5) * MINUTE in {step.due_ms for step in steps if step.event is goal}


def test_unknown_times_are_spread_in_the_order_of_recording():
    first, second = make_event(clock_ms=None), make_event(clock_ms=None)

    steps = script([PlayedTime(1, 30 * MINUTE)], [second, first], links={})

    assert outline(steps)[1:3] == [(10 * MINUTE, "event", 1), (20 * MINUTE, "event", 1)]
    assert logged(steps) == [first, second]


def test_shootout_without_a_length_takes_time_for_each_kick():
    kicks = [make_kick(side, scored=True) for side in (Side.AWAY, Side.HOME)]
    kicks = [make_event(EventKind.SHOOTOUT_KICK, kick.side, period=1, clock_ms=None)
             for kick in kicks]  # fmt: skip

    steps = script([PlayedTime(1, 0)], kicks, links={})

    assert logged(steps) == kicks
    assert steps[-2].due_ms == 90_000


def test_period_lasts_until_its_last_event_is_logged():
    late = make_event(clock_ms=48 * MINUTE)

    steps = script(HALVES[:1], [late], links={})

    assert outline(steps)[1:3] == [(48 * MINUTE, "event", 1), (48 * MINUTE + 1000, "end_period", 1)]


def test_event_waits_for_the_one_it_links_to():
    assist = make_event(EventKind.ASSIST, clock_ms=MINUTE)
    card = make_event(EventKind.YELLOW_CARD, clock_ms=MINUTE + 1)
    goal = make_event(clock_ms=MINUTE + 2)

    steps = script(HALVES, [assist, card, goal], links={assist.id: goal.id})

    assert logged(steps) == [card, goal, assist]
    assert next(step for step in steps if step.event is assist).linked_event_id == goal.id


def test_events_that_name_each_other_are_logged_all_the_same():
    one, other = make_event(), make_event()

    steps = script(HALVES, [one, other], links={one.id: other.id, other.id: one.id})

    assert {event.id for event in logged(steps)} == {one.id, other.id}
    assert sum(step.linked_event_id is not None for step in steps) == 1


def test_link_to_what_is_not_logged_before_is_left_out():
    deleted, later = make_event(), make_event(period=2)
    save, tackle = make_event(EventKind.SAVE), make_event(EventKind.TACKLE)

    steps = script(HALVES, [save, tackle, later], links={save.id: deleted.id, tackle.id: later.id})

    assert [step.linked_event_id for step in steps if step.event in {save, tackle}] == [None, None]


def test_match_without_periods_has_no_script():
    assert script([], [], links={}) == ()


@st.composite
def played_matches(draw):
    periods = [
        PlayedTime(number, draw(st.integers(0, 3_000_000)))
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]
    events = [
        make_event(
            period=draw(st.integers(1, len(periods))),
            clock_ms=draw(st.none() | st.integers(0, 3_000_000)),
        )
        for _ in range(draw(st.integers(0, 12)))
    ]
    ids = [event.id for event in events]
    links = draw(st.dictionaries(st.sampled_from(ids), st.sampled_from(ids))) if ids else {}
    return periods, events, links


@given(played_matches())
def test_script_logs_every_event_once_within_its_period_and_in_time(match):
    periods, events, links = match

    steps = script(periods, events, links=links)

    assert sorted(e.sequence for e in logged(steps)) == sorted(e.sequence for e in events)
    assert [step.due_ms for step in steps] == sorted(step.due_ms for step in steps)
    running, seen = None, set()
    for step in steps:
        if step.kind is StepKind.START_PERIOD:
            assert running is None
            running = step.period
        elif step.kind is StepKind.EVENT:
            assert step.event.period == running
            assert step.linked_event_id is None or step.linked_event_id in seen
            seen.add(step.event.id)
        elif step.kind is StepKind.END_PERIOD:
            running = None
    assert steps[-1].kind is StepKind.COMPLETE
