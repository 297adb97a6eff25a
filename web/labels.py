"""The words of a match card, the same as `labels.js` finds once it follows the match."""

from collections.abc import Sequence
from typing import Literal

from matches.models import Format, Match, MatchEvent
from matches.queries.document import side_of
from matches.rules.clock import PeriodTimes, minute_label
from matches.rules.kinds import EventKind, MatchStatus, Outcome, PeriodKind, Side

Tone = Literal["upcoming", "live", "break", "over", "off"]

_ORDINALS = ("", "First", "Second", "Third", "Fourth")
_PENALTIES = {
    Outcome.AWARDED: "Penalty awarded",
    Outcome.SCORED: "Penalty scored",
    Outcome.SAVED: "Penalty saved",
    Outcome.MISSED: "Penalty missed",
    Outcome.RETAKEN: "Penalty to be retaken",
}
_TITLES = {
    EventKind.SECOND_YELLOW: "Second yellow card",
    EventKind.BALL_OUT: "Ball out of play",
}


def standing(match: Match, periods: Sequence[PeriodTimes]) -> tuple[str, Tone]:
    """Where the match stands, in a word for people and a word for the style sheet."""
    match match.status:
        case MatchStatus.SCHEDULED:
            return "Not started", "upcoming"
        case MatchStatus.PAUSED:
            return "Paused", "break"
        case MatchStatus.COMPLETED:
            return _end(match, periods), "over"
        case MatchStatus.LIVE:
            return _in_play(match.format, periods)
        case other:
            return other.capitalize(), "off"


def period_name(period: PeriodTimes, played: Format) -> str:
    if period.kind is PeriodKind.PENALTY_SHOOTOUT:
        return "Penalty shoot-out"
    if period.kind is PeriodKind.EXTRA_TIME:
        part = _part(period.number - played.regular_periods, played.extra_time_periods)
        return f"Extra time, {part.lower()}" if part else "Extra time"
    return _part(period.number, played.regular_periods) or "The match"


def break_name(period: PeriodTimes, played: Format) -> str:
    """What the pause after a period is called."""
    if period.kind is PeriodKind.PENALTY_SHOOTOUT:
        return "End of the shoot-out"
    if period.kind is PeriodKind.EXTRA_TIME:
        is_last = period.number >= played.regular_periods + played.extra_time_periods
        return "End of extra time" if is_last else "Half-time in extra time"
    if period.number * 2 == played.regular_periods:
        return "Half-time"
    if period.number >= played.regular_periods:
        return "End of normal time"
    return f"End of the {_part(period.number, played.regular_periods).lower()}"


def event_sentence(match: Match, event: MatchEvent, periods: Sequence[PeriodTimes]) -> str:
    """What happened, for whom and when; no player, because strangers read it."""
    side = side_of(match, event.team_id)
    team = {Side.HOME: match.home_team.name, Side.AWAY: match.away_team.name, None: ""}[side]
    minute = _minute(event, periods)
    parts = [event_title(event), team, f"minute {minute}" if minute else ""]
    return ", ".join(part for part in parts if part)


def event_title(event: MatchEvent) -> str:
    kind = EventKind(event.kind)
    if kind is EventKind.PENALTY:
        return _PENALTIES[Outcome(event.outcome)] if event.outcome else "Penalty"
    if kind is EventKind.SHOOTOUT_KICK:
        outcome = _PENALTIES.get(Outcome(event.outcome or Outcome.AWARDED), "")
        return f"Penalty kick {outcome.removeprefix('Penalty ')}"
    return _TITLES.get(kind) or kind.value.replace("_", " ").capitalize()


def _minute(event: MatchEvent, periods: Sequence[PeriodTimes]) -> str:
    for period in periods:
        if period.number == event.period and period.kind is not PeriodKind.PENALTY_SHOOTOUT:
            return minute_label(period.kind, period.base_ms, period.length_ms, event.clock_ms)
    return ""


def _in_play(played: Format, periods: Sequence[PeriodTimes]) -> tuple[str, Tone]:
    if not periods:
        return "About to start", "live"
    latest = periods[-1]
    if latest.ended_at is not None:
        return break_name(latest, played), "break"
    return period_name(latest, played), "live"


def _end(match: Match, periods: Sequence[PeriodTimes]) -> str:
    if match.home_shootout_goals is not None:
        return "Full time, decided on penalties"
    if any(period.kind is PeriodKind.EXTRA_TIME for period in periods):
        return "Full time, after extra time"
    return "Full time"


def _part(number: int, of: int) -> str:
    if of <= 1:
        return ""
    part = {2: "half", 4: "quarter"}.get(of, "period")
    return f"{_ORDINALS[number]} {part}" if number < len(_ORDINALS) else f"Period {number}"
