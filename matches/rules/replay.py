"""The script of a match: what a scorer did, and when, so that it can be done again.

All times are milliseconds of the match clock. A replay that runs sixty times as fast divides by
sixty; the breaks between the periods are shortened, for nobody wants to watch them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from matches.rules.events import TimelineEvent

BREAK_MS: Final = 60_000
KICK_MS: Final = 45_000
# What comes last in a period comes before its end, if only by a moment.
LAST_WORD_MS: Final = 1_000


class StepKind(StrEnum):
    START_PERIOD = "start_period"
    EVENT = "event"
    END_PERIOD = "end_period"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Step:
    """`due_ms` counts from the first kick-off. A step of kind EVENT has one, and its link."""

    due_ms: int
    kind: StepKind
    period: int
    event: TimelineEvent | None = None
    linked_event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlayedTime:
    """How long a period lasted, without its pauses."""

    number: int
    duration_ms: int


def script(
    periods: Sequence[PlayedTime],
    events: Sequence[TimelineEvent],
    *,
    links: Mapping[UUID, UUID],
    break_ms: int = BREAK_MS,
) -> tuple[Step, ...]:
    """The steps of a finished match in the order they are due.

    Events whose time nobody noted are spread over their period in the order they were recorded.
    `links` leads from an event to the one it names. That one is logged first if it is due in the
    same period; a link to what comes later still, or no longer stands, is left out.
    """
    steps: list[Step] = []
    logged: set[UUID] = set()
    began_ms = 0
    for period in periods:
        of_period = [event for event in events if event.period == period.number]
        known = [event.clock_ms for event in of_period if event.clock_ms is not None]
        unknown_ms = KICK_MS * (len(of_period) - len(known))
        lasted_ms = max(period.duration_ms or unknown_ms, max(known, default=0) + LAST_WORD_MS)
        steps.append(Step(began_ms, StepKind.START_PERIOD, period.number))
        for due_ms, event in _in_turn(of_period, _timed(of_period, lasted_ms), links):
            linked = links.get(event.id)
            steps.append(
                Step(
                    began_ms + due_ms,
                    StepKind.EVENT,
                    period.number,
                    event,
                    linked if linked in logged else None,
                )
            )
            logged.add(event.id)
        steps.append(Step(began_ms + lasted_ms, StepKind.END_PERIOD, period.number))
        began_ms += lasted_ms + break_ms
    if steps:
        steps.append(Step(steps[-1].due_ms, StepKind.COMPLETE, steps[-1].period))
    return tuple(steps)


def _timed(events: Sequence[TimelineEvent], lasted_ms: int) -> dict[UUID, int]:
    """When each event of a period is due."""
    due_ms = {event.id: event.clock_ms for event in events if event.clock_ms is not None}
    untimed = sorted(
        (event for event in events if event.clock_ms is None), key=lambda event: event.sequence
    )
    for place, event in enumerate(untimed, start=1):
        due_ms[event.id] = lasted_ms * place // (len(untimed) + 1)
    return due_ms


def _in_turn(
    events: Sequence[TimelineEvent], due_ms: Mapping[UUID, int], links: Mapping[UUID, UUID]
) -> list[tuple[int, TimelineEvent]]:
    """By time and order of recording, but after the event it links to."""
    by_id = {event.id: event for event in events}

    def turn(event: TimelineEvent, asked_by: frozenset[UUID]) -> tuple[int, int, int]:
        own = (due_ms[event.id], event.sequence, 0)
        linked = by_id.get(links.get(event.id, event.id), event)
        # Corrections can make events name each other; then one of them has to go first.
        if linked.id in asked_by:
            return own
        before = turn(linked, asked_by | {linked.id})
        return own if own > before else (before[0], before[1], before[2] + 1)

    turns = {event.id: turn(event, frozenset({event.id})) for event in events}
    ordered = sorted(events, key=lambda event: turns[event.id])
    return [(turns[event.id][0], event) for event in ordered]
