"""The running clock of a page against the rules of the server."""

from datetime import UTC, datetime, timedelta

import pytest

from matches.rules.clock import PeriodTimes, anchor, elapsed_ms, minute_label, timestamp_label
from matches.rules.kinds import PeriodKind

pytestmark = pytest.mark.browser

START = datetime(2026, 11, 21, 15, tzinfo=UTC)
MINUTE_MS = 60_000


def clock(**changes):
    return {
        "period": 2,
        "kind": "regular",
        "running": True,
        "elapsed_ms": 0,
        "at": START.isoformat(),
        "rate": 1,
        "length_ms": 45 * MINUTE_MS,
        "base_ms": 45 * MINUTE_MS,
        **changes,
    }


def at(seconds):
    return (START + timedelta(seconds=seconds)).timestamp() * 1000


@pytest.mark.parametrize(
    ("base_minutes", "length_minutes"), [(0, 45), (45, 45), (90, 15), (105, 15), (0, 10), (10, 10)]
)
def test_minutes_and_times_read_as_the_server_writes_them(modules, base_minutes, length_minutes):
    base_ms, length_ms = base_minutes * MINUTE_MS, length_minutes * MINUTE_MS
    moments = range(0, length_ms + 6 * MINUTE_MS, 29_500)

    shown = modules.run(
        """async (load, { base, length, moments }) => {
             const { minuteLabel, timeLabel } = await load("clock");
             return moments.map((ms) => [minuteLabel(base, length, ms), timeLabel(base + ms)]);
           }""",
        {"base": base_ms, "length": length_ms, "moments": list(moments)},
    )

    assert shown == [
        [
            minute_label(PeriodKind.REGULAR, base_ms, length_ms, moment),
            timestamp_label(base_ms, moment),
        ]
        for moment in moments
    ]


@pytest.mark.parametrize("rate", [1, 60])
def test_the_page_reckons_on_from_the_anchor_as_the_server_does(modules, rate):
    period = PeriodTimes(
        number=1,
        kind=PeriodKind.REGULAR,
        length_ms=45 * MINUTE_MS,
        base_ms=0,
        started_at=START,
        pauses=((START + timedelta(seconds=100), START + timedelta(seconds=160)),),
        rate=rate,
    )
    anchored = anchor(period)
    moments = [START + timedelta(seconds=seconds) for seconds in (160, 161.5, 400)]

    reckoned = modules.run(
        """async (load, [clock, moments]) => {
             const { elapsedMs } = await load("clock");
             return moments.map((now) => elapsedMs(clock, now));
           }""",
        [
            clock(elapsed_ms=anchored.elapsed_ms, at=anchored.at.isoformat(), rate=rate),
            [moment.timestamp() * 1000 for moment in moments],
        ],
    )

    assert reckoned == [elapsed_ms(period, moment) for moment in moments]


def test_a_running_clock_shows_time_and_minute(modules):
    reading = modules.call("clock", "readClock", clock(), at(754))

    assert reading == {"time": "57:34", "minute": "58", "isStoppage": False}


def test_stoppage_time_runs_on_and_says_so(modules):
    reading = modules.call("clock", "readClock", clock(), at(47 * 60 + 5))

    assert reading == {"time": "92:05", "minute": "90+3", "isStoppage": True}


def test_a_stopped_clock_stands(modules):
    reading = modules.call(
        "clock", "readClock", clock(running=False, elapsed_ms=61_000), at(999_999)
    )

    assert reading["time"] == "46:01"


def test_a_clock_never_runs_before_its_start(modules):
    reading = modules.call("clock", "readClock", clock(), at(-30))

    assert reading["time"] == "45:00"


@pytest.mark.parametrize("untimed", [None, clock(kind="penalty_shootout")])
def test_without_a_timed_period_there_is_nothing_to_read(modules, untimed):
    assert modules.call("clock", "readClock", untimed, at(0)) is None


def test_a_replay_ticks_faster_but_not_faster_than_an_eye(modules):
    waits = [modules.call("clock", "untilNextTick", clock(rate=rate), at(0.25)) for rate in (1, 60)]

    assert waits == [750, 100]


OFFSET = """async (load, samples) => {
  const { ServerTime } = await load("clock");
  const time = new ServerTime();
  for (const [stamp, local] of samples) time.sample(stamp, local);
  return time.now(1_000_000);
}"""


def stamped(milliseconds):
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def test_server_time_trusts_the_stamp_that_took_least_time(modules):
    # The server is 5,000 ms ahead; the stamps were 900, 40 and 300 ms on their way.
    samples = [[stamped(sent + 5_000), sent + way] for sent, way in ((0, 900), (10, 40), (20, 300))]

    assert modules.run(OFFSET, samples) == 1_000_000 + 5_000 - 40


def test_only_the_latest_stamps_count(modules):
    before_it_was_set = [[stamped(99_000), 0]]
    samples = before_it_was_set + [[stamped(1_000 + n), n] for n in range(8)]

    assert modules.run(OFFSET, samples) == 1_001_000


def test_an_unreadable_stamp_changes_nothing(modules):
    assert modules.run(OFFSET, [["yesterday", 0]]) == 1_000_000
