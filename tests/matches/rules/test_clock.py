from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matches.rules.clock import (
    Anchor,
    PeriodTimes,
    anchor,
    clock_of,
    elapsed_ms,
    minute_label,
    timestamp_label,
)
from matches.rules.errors import RuleBrokenError
from matches.rules.kinds import PeriodKind
from matches.rules.lifecycle import FormatRules, planned_periods
from tests.matches.rules.strategies import formats

KICKOFF = datetime(2026, 11, 21, 15, tzinfo=UTC)
MINUTE = 60_000
FINAL = FormatRules(extra_time_periods=2, extra_time_ms=15 * MINUTE, has_shootout=True)
QUARTERS = FormatRules(regular_periods=4, regular_ms=10 * MINUTE)


def at(seconds):
    return KICKOFF + timedelta(seconds=seconds)


def make_period(**fields):
    return PeriodTimes(
        **{
            "number": 1,
            "kind": PeriodKind.REGULAR,
            "length_ms": 45 * MINUTE,
            "base_ms": 0,
            "started_at": KICKOFF,
            **fields,
        }
    )


def label(rules, number, clock_ms):
    plan = planned_periods(rules)[number - 1]
    return minute_label(plan.kind, plan.base_ms, plan.length_ms, clock_ms)


@pytest.mark.parametrize(
    ("rules", "number", "clock_ms", "expected"),
    [
        (FINAL, 1, 0, "1"),
        (FINAL, 1, 59_999, "1"),
        (FINAL, 1, 60_000, "2"),
        (FINAL, 1, 45 * MINUTE - 1, "45"),
        (FINAL, 1, 45 * MINUTE, "45+1"),
        (FINAL, 1, 46 * MINUTE + 30_000, "45+2"),
        (FINAL, 2, 0, "46"),
        (FINAL, 2, 12 * MINUTE + 34_000, "58"),
        (FINAL, 2, 47 * MINUTE, "90+3"),
        (FINAL, 3, 0, "91"),
        (FINAL, 3, 15 * MINUTE, "105+1"),
        (FINAL, 4, 16 * MINUTE + 59_999, "120+2"),
        (FINAL, 5, 1_000, "P"),
        (FINAL, 5, None, "P"),
        (FINAL, 1, None, ""),
        (QUARTERS, 1, 10 * MINUTE, "10+1"),
        (QUARTERS, 2, 10 * MINUTE, "20+1"),
        (QUARTERS, 4, 9 * MINUTE, "40"),
    ],
)
def test_minutes_are_written_as_football_writes_them(rules, number, clock_ms, expected):
    assert label(rules, number, clock_ms) == expected


@given(formats, st.data())
def test_clock_of_is_the_inverse_of_the_label(rules, data):
    plans = [p for p in planned_periods(rules) if p.kind is not PeriodKind.PENALTY_SHOOTOUT]
    plan = data.draw(st.sampled_from(plans))
    clock_ms = data.draw(st.integers(0, plan.length_ms + 30 * MINUTE))
    minute, _, stoppage = label(rules, plan.number, clock_ms).partition("+")

    assert clock_of(int(minute), int(stoppage or 0), rules) == (
        plan.number,
        clock_ms // MINUTE * MINUTE,
    )


@pytest.mark.parametrize(
    ("minute", "stoppage", "expected"),
    [
        (45, 0, (1, 44 * MINUTE)),
        (45, 7, (1, 51 * MINUTE)),
        (46, 0, (2, 0)),
        (90, 3, (2, 47 * MINUTE)),
        (93, 0, (3, 2 * MINUTE)),
        (120, 1, (4, 15 * MINUTE)),
        (125, 0, (4, 19 * MINUTE)),
    ],
)
def test_printed_minutes_find_their_period(minute, stoppage, expected):
    assert clock_of(minute, stoppage, FINAL) == expected


def test_minute_after_the_end_is_stoppage_when_there_is_no_extra_time():
    assert clock_of(93, 0, FormatRules()) == (2, 47 * MINUTE)
    assert label(FormatRules(), *clock_of(93, 0, FormatRules())) == "90+3"


@pytest.mark.parametrize(("minute", "stoppage"), [(0, 0), (-3, 0), (45, -1), (44, 2)])
def test_minutes_that_do_not_exist_are_refused(minute, stoppage):
    with pytest.raises(RuleBrokenError) as refusal:
        clock_of(minute, stoppage, FINAL)

    assert refusal.value.code == "unknown_minute"


@pytest.mark.parametrize(
    ("base_ms", "clock_ms", "expected"),
    [
        (0, 5_000, "00:05"),
        (45 * MINUTE, 754_000, "57:34"),
        (105 * MINUTE, 20 * MINUTE, "125:00"),
        (0, None, ""),
    ],
)
def test_stopwatch_runs_on_through_the_match(base_ms, clock_ms, expected):
    assert timestamp_label(base_ms, clock_ms) == expected


def test_clock_leaves_out_pauses():
    period = make_period(pauses=((at(60), at(90)), (at(120), None)))

    assert elapsed_ms(period, at(30)) == 30_000
    assert elapsed_ms(period, at(75)) == 60_000
    assert elapsed_ms(period, at(100)) == 70_000
    assert elapsed_ms(period, at(500)) == 90_000


def test_clock_stands_at_the_end_of_the_period():
    period = make_period(ended_at=at(100), pauses=((at(90), None),))

    assert elapsed_ms(period, at(1000)) == 90_000
    assert anchor(period) == Anchor(90_000, at(100), running=False)


def test_clock_before_the_start_shows_nothing_negative():
    assert elapsed_ms(make_period(), at(-5)) == 0


def test_replay_clock_runs_at_its_rate():
    assert elapsed_ms(make_period(rate=60), at(10.0005)) == 600_030


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ((), Anchor(0, at(0), running=True)),
        (((at(60), None),), Anchor(60_000, at(60), running=False)),
        (((at(60), at(90)),), Anchor(60_000, at(90), running=True)),
    ],
)
def test_anchor_is_where_the_clock_last_started_or_stopped(pauses, expected):
    assert anchor(make_period(pauses=pauses)) == expected


@given(
    st.lists(st.integers(0, 5_000), max_size=7, unique=True).map(sorted),
    st.integers(1, 3600),
    st.none() | st.integers(0, 6_000),
    st.integers(0, 7_000),
)
def test_client_counting_from_the_anchor_agrees_with_the_server(marks, rate, end, later):
    assume(end is None or not marks or end >= marks[-1])
    pairs = [(at(m), at(marks[i + 1]) if i + 1 < len(marks) else None)
             for i, m in enumerate(marks) if i % 2 == 0]  # fmt: skip
    period = make_period(pauses=tuple(pairs), rate=rate, ended_at=None if end is None else at(end))
    elapsed, since, running = anchor(period)
    now = max(since, at(later))

    shown = elapsed + ((now - since) // timedelta(milliseconds=1) * rate if running else 0)

    assert shown == elapsed_ms(period, now)
