"""Plays scripts of matches side by side, each step when it is due, with a few workers.

It knows neither rows nor HTTP: a performer does the steps, see `local` and `remote`. A step that
fails for a passing reason is tried again under the same ids, so that nothing is logged twice.
"""

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, Protocol

import structlog
from django.db import connections

from core.errors import DomainError
from matches.rules.replay import Step, StepKind
from matches.rules.score import Tally, tally

logger = structlog.get_logger(__name__)

WORKERS: Final = 4
# How long an unreachable server or database is waited for, and how often it is asked.
PATIENCE_SECONDS: Final = 120.0
FIRST_RETRY_SECONDS: Final = 0.2
LAST_RETRY_SECONDS: Final = 5.0
# How long a finished replay stays on the screens before it starts again.
REST_SECONDS: Final = 15.0
POLL_SECONDS: Final = 0.2


class UnreachableError(Exception):
    """The server or database did not answer: the step may have been done, or not.

    `wait_seconds` is how long it asked to be left alone.
    """

    def __init__(self, message: str, *, wait_seconds: float = 0.0) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(message)


class Performer(Protocol):
    """One match to be played. To do again what was done already must change nothing.

    Both methods raise UnreachableError to be asked again, and DomainError to give up.
    """

    @property
    def label(self) -> str: ...

    def prepare(self) -> Sequence[Step]:
        """Take back what was played before, and return the script."""

    def perform(self, step: Step) -> None: ...


@dataclass(slots=True)
class Playback:
    """How far one match has got: written by one worker at a time, read by whoever shows it."""

    performer: Performer
    steps: Sequence[Step] = ()
    done: int = 0
    is_prepared: bool = False
    is_over: bool = False
    problem: str = ""
    # The match clock stood at `clock_ms` when the monotonic clock showed `clock_at`.
    clock_ms: int = 0
    clock_at: float = 0.0
    failing_since: float | None = None
    retry_seconds: float = FIRST_RETRY_SECONDS

    @property
    def score(self) -> Tally:
        return tally(step.event for step in self.steps[: self.done] if step.event)

    @property
    def progress(self) -> float:
        return self.done / len(self.steps) if self.steps else 0.0


class Runner:
    def __init__(
        self,
        performers: Sequence[Performer],
        *,
        speed: int,
        stop: threading.Event,
        loop: bool = False,
        rest_seconds: float = REST_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """`speed` is match seconds per second. With `loop` each match starts again after its end
        and a rest, until `stop` is set."""
        self.playbacks = [Playback(performer) for performer in performers]
        self._speed = speed
        self._stop = stop
        self._loop = loop
        self._rest_seconds = rest_seconds
        self._patience_seconds = patience_seconds
        self._changed = threading.Condition()
        self._tie = count()
        self._due: list[tuple[float, int, Playback]] = []
        self._open = len(self.playbacks)
        self._is_halted = False
        for playback in self.playbacks:
            self._schedule(playback, time.monotonic())

    def run(self, watch: Callable[[Sequence[Playback]], None] | None = None) -> None:
        """Play until every match is over or `stop` is set; `watch` is called now and then."""
        workers = [
            threading.Thread(target=self._work, name=f"replay-{number}", daemon=True)
            for number in range(min(WORKERS, len(self.playbacks)))
        ]
        for worker in workers:
            worker.start()
        try:
            while any(worker.is_alive() for worker in workers):
                if watch:
                    watch(self.playbacks)
                workers[0].join(POLL_SECONDS)
                if not workers[0].is_alive():
                    workers.append(workers.pop(0))
        finally:
            # Also when the caller was interrupted: nobody plays on without it.
            self._is_halted = True
            for worker in workers:
                worker.join()
        if watch:
            watch(self.playbacks)

    def _work(self) -> None:
        while (playback := self._take()) is not None:
            try:
                due_at = self._advance(playback)
            except Exception as error:
                # The outermost loop of a worker: one broken match must not stop the others.
                logger.exception("replay_broke", match=playback.performer.label)
                due_at = self._give_up(playback, repr(error))
            finally:
                # Nothing is held between two steps: a step may be minutes away.
                connections.close_all()
            with self._changed:
                if due_at is None:
                    playback.is_over = True
                    self._open -= 1
                else:
                    self._schedule(playback, due_at)
                self._changed.notify_all()

    def _take(self) -> Playback | None:
        """The playback whose step is due, once there is one; None when it is time to go home."""
        with self._changed:
            while self._open and not (self._stop.is_set() or self._is_halted):
                wait_seconds = POLL_SECONDS
                if self._due:
                    wait_seconds = min(wait_seconds, self._due[0][0] - time.monotonic())
                if wait_seconds <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait_seconds)
        return None

    def _schedule(self, playback: Playback, due_at: float) -> None:
        heapq.heappush(self._due, (due_at, next(self._tie), playback))

    def _advance(self, playback: Playback) -> float | None:
        """Do the next thing; return when the one after is due, None when there is none."""
        was_prepared = playback.is_prepared
        try:
            if was_prepared:
                self._perform(playback)
            else:
                self._begin(playback)
        except UnreachableError as error:
            return self._try_later(playback, error)
        except DomainError as error:
            logger.warning("replay_refused", match=playback.performer.label, problem=error.message)
            due_at = self._give_up(playback, error.message)
            # What cannot be prepared now, because it was deleted or nobody may, never can.
            return due_at if was_prepared else None
        playback.failing_since, playback.retry_seconds = None, FIRST_RETRY_SECONDS
        return self._next_due(playback)

    def _begin(self, playback: Playback) -> None:
        steps = playback.performer.prepare()
        playback.is_prepared = True
        playback.done, playback.steps, playback.problem = 0, steps, ""
        playback.clock_ms, playback.clock_at = 0, time.monotonic()

    def _perform(self, playback: Playback) -> None:
        step = playback.steps[playback.done]
        playback.performer.perform(step)
        playback.done += 1
        if step.kind is StepKind.START_PERIOD:
            # The clock of the match started with this step, so all times of the period count
            # from here: an event never comes before the clock shows its minute.
            playback.clock_ms, playback.clock_at = step.due_ms, time.monotonic()

    def _next_due(self, playback: Playback) -> float | None:
        if playback.done < len(playback.steps):
            ahead_ms = playback.steps[playback.done].due_ms - playback.clock_ms
            return playback.clock_at + ahead_ms / 1000 / self._speed
        return self._again(playback)

    def _again(self, playback: Playback) -> float | None:
        if not self._loop:
            return None
        playback.is_prepared = False
        return time.monotonic() + self._rest_seconds

    def _try_later(self, playback: Playback, error: UnreachableError) -> float | None:
        now = time.monotonic()
        if playback.failing_since is None:
            playback.failing_since = now
        if now - playback.failing_since > self._patience_seconds:
            logger.warning("replay_gave_up", match=playback.performer.label, problem=str(error))
            return self._give_up(playback, str(error))
        wait_seconds = max(playback.retry_seconds, error.wait_seconds)
        playback.retry_seconds = min(playback.retry_seconds * 2, LAST_RETRY_SECONDS)
        return now + wait_seconds

    def _give_up(self, playback: Playback, problem: str) -> float | None:
        """In a loop the next round may go better, for instance when somebody ended the match."""
        playback.problem = problem
        playback.failing_since = None
        return self._again(playback)
