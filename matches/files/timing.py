"""Periods for files that say when a match was kicked off, but not when its halves ended."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from matches.files.draft import EventEntry, PeriodDraft
from matches.rules.clock import MINUTE_MS
from matches.rules.kinds import PeriodKind
from matches.rules.lifecycle import FormatRules, PeriodPlan, planned_periods

HALF_TIME = timedelta(minutes=15)
# Before extra time, between its halves, and before a shootout (IFAB Law 7 allows a drinks break).
SHORT_BREAK = timedelta(minutes=2)
KICK = timedelta(seconds=45)


def likely_periods(
    rules: FormatRules, count: int, kickoff_at: datetime, events: Sequence[EventEntry]
) -> tuple[PeriodDraft, ...]:
    """The first `count` periods: each as long as planned, and to the end of its last event."""
    periods: list[PeriodDraft] = []
    started_at = kickoff_at
    for plan in planned_periods(rules)[:count]:
        ended_at = started_at + _played(plan, [e for e in events if e.period == plan.number])
        periods.append(
            PeriodDraft(
                kind=plan.kind, length_ms=plan.length_ms, started_at=started_at, ended_at=ended_at
            )
        )
        is_half_time = plan.number < rules.regular_periods
        started_at = ended_at + (HALF_TIME if is_half_time else SHORT_BREAK)
    return tuple(periods)


def _played(plan: PeriodPlan, events: Sequence[EventEntry]) -> timedelta:
    if plan.kind is PeriodKind.PENALTY_SHOOTOUT:
        return KICK * max(len(events), 1)
    last_ms = max(_clocks(events), default=0)
    # An event is known to the minute, so the period lasts to the end of that minute.
    return timedelta(milliseconds=max(plan.length_ms, last_ms + MINUTE_MS))


def _clocks(events: Iterable[EventEntry]) -> Iterable[int]:
    return (event.clock_ms for event in events if event.clock_ms is not None)
