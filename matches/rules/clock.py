"""The match clock, derived from when its periods started, paused and ended; all times are given.

An event is timed by its period and the milliseconds since that began, so that neither a pause nor
a late upload moves it. Minutes are for people, and only ever derived.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from matches.rules.errors import RuleBrokenError
from matches.rules.kinds import PeriodKind
from matches.rules.lifecycle import FormatRules, PeriodPlan, planned_periods

MINUTE_MS = 60_000
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodTimes:
    """`base_ms` is the playing time before it (0, 45', 90', 105'); `rate` above 1 is a replay."""

    number: int
    kind: PeriodKind
    length_ms: int
    base_ms: int
    started_at: datetime
    ended_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    rate: int = 1


class Anchor(NamedTuple):
    """What a client needs to run the clock by itself: elapsed_ms + (now - at) * rate."""

    elapsed_ms: int
    at: datetime
    running: bool


def elapsed_ms(period: PeriodTimes, now: datetime) -> int:
    """Match milliseconds since the period began, without its pauses; it stands when it is over."""
    until = now if period.ended_at is None else min(now, period.ended_at)
    played = until - period.started_at
    for started_at, ended_at in period.pauses:
        resumed_at = until if ended_at is None else min(ended_at, until)
        played -= max(resumed_at - max(started_at, period.started_at), timedelta())
    return max(played, timedelta()) * period.rate // _MILLISECOND


def anchor(period: PeriodTimes) -> Anchor:
    """The elapsed time at the last moment the clock started or stopped; the same at any time."""
    if period.ended_at is not None:
        return Anchor(elapsed_ms(period, period.ended_at), period.ended_at, running=False)
    for started_at, ended_at in period.pauses:
        if ended_at is None:
            return Anchor(elapsed_ms(period, started_at), started_at, running=False)
    resumed_at = max(
        (ended_at for _, ended_at in period.pauses if ended_at is not None),
        default=period.started_at,
    )
    return Anchor(elapsed_ms(period, resumed_at), resumed_at, running=True)


def minute_label(kind: PeriodKind, base_ms: int, length_ms: int, clock_ms: int | None) -> str:
    """The minute as football writes it: 1-based, stoppage time as "45+2", a shootout as "P".

    The first minute of stoppage time is "+1". Unknown time has no label.
    """
    if kind is PeriodKind.PENALTY_SHOOTOUT:
        return "P"
    if clock_ms is None:
        return ""
    if clock_ms < length_ms:
        return str((base_ms + clock_ms) // MINUTE_MS + 1)
    return f"{(base_ms + length_ms) // MINUTE_MS}+{(clock_ms - length_ms) // MINUTE_MS + 1}"


def timestamp_label(base_ms: int, clock_ms: int | None) -> str:
    """The stopwatch as "57:34"; stoppage time simply runs on. Unknown time has no label."""
    if clock_ms is None:
        return ""
    minutes, seconds = divmod((base_ms + clock_ms) // 1000, 60)
    return f"{minutes:02}:{seconds:02}"


def clock_of(minute: int, stoppage: int, rules: FormatRules) -> tuple[int, int]:
    """The number of the period and the clock, in milliseconds, at the start of a printed minute.

    With stoppage the minute must be the last of a period: "90+3" is (90, 3). Without, a minute
    after the end is stoppage time of the last period: 125 is 120+5. Else RuleBrokenError.
    """
    plans = [
        plan for plan in planned_periods(rules) if plan.kind is not PeriodKind.PENALTY_SHOOTOUT
    ]
    if minute < 1 or stoppage < 0:
        raise RuleBrokenError("unknown_minute", f"There is no minute {minute}+{stoppage}.")
    if stoppage:
        plan = _ending_at(plans, minute, stoppage)
        return plan.number, plan.length_ms + (stoppage - 1) * MINUTE_MS
    started_ms = (minute - 1) * MINUTE_MS
    plan = next(plan for plan in reversed(plans) if plan.base_ms <= started_ms)
    return plan.number, started_ms - plan.base_ms


def _ending_at(plans: list[PeriodPlan], minute: int, stoppage: int) -> PeriodPlan:
    for plan in plans:
        if plan.base_ms + plan.length_ms == minute * MINUTE_MS:
            return plan
    raise RuleBrokenError(
        "unknown_minute", f"{minute}+{stoppage}: no period of this format ends at minute {minute}."
    )
