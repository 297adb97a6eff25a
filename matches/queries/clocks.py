"""The stored periods and pauses as the rules of the clock want them."""

from collections.abc import Iterable

from matches.models import Format, Match, Period
from matches.rules.clock import PeriodTimes
from matches.rules.kinds import PeriodKind
from matches.rules.lifecycle import FormatRules


def format_rules(played: Format) -> FormatRules:
    return FormatRules(
        regular_periods=played.regular_periods,
        regular_ms=played.regular_minutes * 60_000,
        extra_time_periods=played.extra_time_periods,
        extra_time_ms=played.extra_time_minutes * 60_000,
        has_shootout=played.has_shootout,
        players_on_pitch=played.players_on_pitch,
    )


def period_rows(match: Match) -> list[Period]:
    """The periods played so far with their pauses, in order; two queries."""
    return list(match.periods.order_by("number").prefetch_related("pauses"))


def period_times(match: Match, rows: Iterable[Period]) -> list[PeriodTimes]:
    """`rows` in order, their pauses prefetched. Each begins where the ones before should end."""
    times: list[PeriodTimes] = []
    base_ms = 0
    for row in rows:
        times.append(
            PeriodTimes(
                number=row.number,
                kind=PeriodKind(row.kind),
                length_ms=row.length_ms,
                base_ms=base_ms,
                started_at=row.started_at,
                ended_at=row.ended_at,
                pauses=tuple((pause.started_at, pause.ended_at) for pause in row.pauses.all()),
                rate=match.clock_rate,
            )
        )
        base_ms += row.length_ms
    return times


def played_times(match: Match) -> list[PeriodTimes]:
    """The periods played so far as the rules want them; two queries."""
    return period_times(match, period_rows(match))
