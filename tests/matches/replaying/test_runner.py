import threading
import time

import pytest
from structlog.testing import capture_logs

from core.errors import ConflictError
from matches.replaying import runner as runner_module
from matches.replaying.runner import Runner, UnreachableError
from matches.rules.kinds import Side
from matches.rules.replay import Step, StepKind
from matches.rules.score import Tally
from tests.matches.rules.strategies import make_event

SPEED = 1000


def step(due_ms, kind=StepKind.EVENT, event=None):
    return Step(due_ms, kind, 1, event)


SCRIPT = (
    step(0, StepKind.START_PERIOD),
    step(20_000, event=make_event()),
    step(40_000, event=make_event(side=Side.AWAY)),
    step(60_000, StepKind.END_PERIOD),
    step(60_000, StepKind.COMPLETE),
)


class Toy:
    """Notes what it was asked to do and when; `trouble` is what it raises, by step."""

    def __init__(self, label="Toy", steps=SCRIPT):
        self.label = label
        self.steps = steps
        self.trouble = {}
        self.done = []
        self.times = []
        self.rounds = 0

    def prepare(self):
        self._maybe_fail("prepare")
        self.rounds += 1
        self.done = []
        return self.steps

    def perform(self, step):
        self.times.append(time.monotonic())
        self._maybe_fail(step)
        self.done.append(step)

    def _maybe_fail(self, what):
        errors = self.trouble.get(what, [])
        if errors:
            raise errors.pop(0)


def play(*toys, **options):
    runner = Runner(toys, **{"speed": SPEED, "stop": threading.Event(), **options})
    runner.run()
    return runner.playbacks


def test_steps_are_done_in_order_and_in_time():
    toy = Toy()

    [playback] = play(toy)

    assert toy.done == list(SCRIPT)
    assert playback.is_over
    assert (playback.problem, playback.progress) == ("", 1.0)
    started, *later = toy.times
    for at, due in zip(later, SCRIPT[1:], strict=True):
        assert at - started >= due.due_ms / 1000 / SPEED


def test_score_is_that_of_the_steps_done():
    [playback] = play(Toy())

    assert playback.score == Tally(1, 1)


def test_matches_are_played_side_by_side():
    toys = [Toy(f"Toy {number}") for number in range(20)]

    play(*toys)

    assert all(toy.done == list(SCRIPT) for toy in toys)
    # One after another, nobody would have begun before the first has ended.
    first_end = min(toy.times[-1] for toy in toys)
    assert sum(toy.times[0] < first_end for toy in toys) > 1


def test_unreachable_server_is_asked_again_with_the_same_step():
    toy = Toy()
    toy.trouble = {
        "prepare": [UnreachableError("down")],
        SCRIPT[1]: [UnreachableError("down"), UnreachableError("down", wait_seconds=0.3)],
    }

    [playback] = play(toy)

    assert toy.done == list(SCRIPT)
    assert playback.problem == ""
    first, second, third = toy.times[1:4]
    assert second - first >= runner_module.FIRST_RETRY_SECONDS
    assert third - second >= 0.3


def test_patience_ends():
    toy = Toy()
    toy.trouble = {SCRIPT[1]: [UnreachableError("down")] * 100}

    [playback] = play(toy, patience_seconds=0.3)

    assert playback.problem == "down"
    assert toy.done == [SCRIPT[0]]


def test_refusal_ends_one_match_and_no_other():
    refused, other = Toy("Refused"), Toy("Other")
    refused.trouble = {SCRIPT[2]: [ConflictError("The match is over.")]}

    one, two = play(refused, other)

    assert one.problem == "The match is over."
    assert one.is_over
    assert two.problem == ""
    assert other.done == list(SCRIPT)


def test_bug_ends_one_match_and_is_logged():
    broken, other = Toy("Broken"), Toy("Other")
    broken.trouble = {SCRIPT[1]: [ZeroDivisionError("oops")]}

    with capture_logs() as logs:
        one, _ = play(broken, other)

    assert one.problem == "ZeroDivisionError('oops')"
    assert other.done == list(SCRIPT)
    # Threads of other tests may still be saying something of their own.
    assert [log["match"] for log in logs if log["event"] == "replay_broke"] == ["Broken"]


def test_script_without_steps_is_over_at_once():
    [playback] = play(Toy(steps=()))

    assert playback.is_over
    assert playback.progress == 0.0


def test_loop_starts_again_after_a_rest_until_it_is_stopped():
    stop = threading.Event()
    toy = Toy()
    runner = Runner([toy], speed=SPEED, stop=stop, loop=True, rest_seconds=0.01)
    player = threading.Thread(target=runner.run)

    player.start()
    deadline = time.monotonic() + 10
    while toy.rounds < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    player.join(10)

    assert toy.rounds >= 3
    assert not player.is_alive()


def test_refusal_in_a_loop_is_followed_by_another_round():
    stop = threading.Event()
    toy = Toy()
    toy.trouble = {SCRIPT[1]: [ConflictError("Somebody ended the match.")]}
    runner = Runner([toy], speed=SPEED, stop=stop, loop=True, rest_seconds=0.01)

    def stop_when_complete(playbacks):
        if toy.done == list(SCRIPT):
            stop.set()

    runner.run(watch=stop_when_complete)

    assert toy.rounds >= 2
    assert runner.playbacks[0].problem == ""


def test_what_cannot_be_prepared_ends_a_loop():
    toy = Toy()
    toy.trouble = {"prepare": [ConflictError("Only a completed match can be replayed.")]}

    [playback] = play(toy, loop=True)

    assert playback.is_over
    assert playback.problem == "Only a completed match can be replayed."


def test_nothing_is_played_after_an_interruption():
    toy = Toy(steps=(step(0, StepKind.START_PERIOD), step(10_000_000)))

    def interrupt(playbacks):
        if toy.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Runner([toy], speed=SPEED, stop=threading.Event()).run(watch=interrupt)

    assert toy.done == [toy.steps[0]]
    assert not any(thread.name.startswith("replay-") for thread in threading.enumerate())


def test_no_matches_are_over_at_once():
    assert play() == []
