"""Replays in this database, through the same operations as a phone's requests."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID, uuid5

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from accounts.models import User
from matches.errors import IllegalTransitionError
from matches.models import Match, MatchEvent, Period
from matches.operations import lifecycle
from matches.operations.drafts import draft_of
from matches.operations.events import record_event
from matches.operations.replays import prepare_replay
from matches.queries.log import read_log
from matches.replaying.runner import Performer, Playback, Runner, UnreachableError
from matches.rules.clock import elapsed_ms
from matches.rules.events import EventDraft
from matches.rules.kinds import MatchStatus
from matches.rules.replay import PlayedTime, Step, StepKind, script


class LocalReplay:
    """Plays a copy of `source`, which is found or made when it is prepared."""

    def __init__(self, source: Match, *, actor: User, speed: int) -> None:
        self.label = str(source)
        self.match: Match
        self._source = source
        self._actor = actor
        self._speed = speed
        self._events: Mapping[UUID, MatchEvent]

    def prepare(self) -> Sequence[Step]:
        with _reachable():
            self.match = prepare_replay(
                source=self._source, actor=self._actor, clock_rate=self._speed
            )
            self._events = {event.pk: event for event in self._source.events.standing()}
            log = read_log(self._source)
        periods = [
            PlayedTime(period.number, elapsed_ms(period, period.ended_at))
            for period in log.times
            if period.ended_at is not None
        ]
        links = {pk: e.linked_event_id for pk, e in self._events.items() if e.linked_event_id}
        return script(periods, list(log.standing.values()), links=links)

    def perform(self, step: Step) -> None:
        with _reachable():
            if step.event is not None:
                event = self._draft(self._events[step.event.id], step)
                record_event(match=self.match, actor=self._actor, event=event)
                return
            try:
                self._take_step(step)
            except IllegalTransitionError:
                # Done before an answer was lost, or by somebody else: either way it is done.
                if not self._is_done(step):
                    raise

    def _take_step(self, step: Step) -> None:
        match step.kind:
            case StepKind.START_PERIOD if step.period == 1:
                lifecycle.start_match(match=self.match, actor=self._actor)
            case StepKind.START_PERIOD:
                lifecycle.start_period(match=self.match, actor=self._actor)
            case StepKind.END_PERIOD:
                lifecycle.end_period(match=self.match, actor=self._actor)
            case _:
                lifecycle.complete_match(match=self.match, actor=self._actor)

    def _is_done(self, step: Step) -> bool:
        periods = Period.objects.filter(match=self.match, number=step.period)
        match step.kind:
            case StepKind.START_PERIOD:
                return periods.exists()
            case StepKind.END_PERIOD:
                return periods.exclude(ended_at=None).exists()
            case _:
                return Match.objects.filter(pk=self.match.pk, status=MatchStatus.COMPLETED).exists()

    def _draft(self, event: MatchEvent, step: Step) -> EventDraft:
        linked = step.linked_event_id
        return replace(
            draft_of(event),
            # The same each time, so that a step tried again records nothing twice.
            id=uuid5(self.match.pk, str(event.pk)),
            linked_event_id=linked and uuid5(self.match.pk, str(linked)),
            recorded_at=timezone.now(),
        )


def run_replays(
    matches: Sequence[Match],
    *,
    speed: int,
    loop: bool,
    actor: User,
    stop: threading.Event,
) -> list[Playback]:
    """Replay completed matches side by side until all are over or `stop` is set; see `Runner`."""
    performers: list[Performer] = [
        LocalReplay(match, actor=actor, speed=speed) for match in matches
    ]
    runner = Runner(performers, speed=speed, loop=loop, stop=stop)
    runner.run()
    return runner.playbacks


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise UnreachableError(str(error).strip()) from error
