"""From kick-off to the final whistle, and what can come between: each step an operation.

The clock is never stored, only when periods and pauses began and ended. `at` is when it happened,
now unless given; it is never taken to be before what already happened in the match.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.errors import ForbiddenError
from matches import payloads
from matches.errors import IllegalTransitionError
from matches.models import Match, Pause, Period
from matches.operations.fields import check_reason
from matches.operations.locking import locked
from matches.policies import can_log_events, can_manage_match
from matches.queries.clocks import format_rules, period_rows, period_times, played_times
from matches.rules.errors import TransitionError
from matches.rules.kinds import MatchStatus
from matches.rules.lifecycle import Action, check_action, next_period
from realtime import feed

Policy = Callable[[User, Match], bool]


@transaction.atomic
def start_match(*, match: Match, actor: User, at: datetime | None = None) -> Match:
    """Kick off: the first period begins. All here raise IllegalTransitionError, ForbiddenError."""
    match = _take(match, actor, Action.START)
    _save_status(match, MatchStatus.LIVE, reason="")
    return _start_next_period(match, at)


@transaction.atomic
def start_period(*, match: Match, actor: User, at: datetime | None = None) -> Match:
    """Begin the next period of the format; extra time and a shootout only when level."""
    return _start_next_period(_take(match, actor, Action.START_PERIOD), at)


@transaction.atomic
def end_period(*, match: Match, actor: User, at: datetime | None = None) -> Match:
    """End the running period, and a pause with it. The match stays live."""
    match = _take(match, actor, Action.END_PERIOD)
    _end_running_period(match, _running_period(match), at)
    return match


@transaction.atomic
def pause_match(*, match: Match, actor: User, at: datetime | None = None) -> Match:
    """Stop the clock of the running period."""
    match = _take(match, actor, Action.PAUSE)
    period = _running_period(match)
    Pause.objects.create(period=period, started_at=_not_before(period, at))
    _save_status(match, MatchStatus.PAUSED)
    feed.append(topic=match.topic, **payloads.clock_changed(match, played_times(match)))
    return match


@transaction.atomic
def resume_match(*, match: Match, actor: User, at: datetime | None = None) -> Match:
    """Let the clock run on."""
    match = _take(match, actor, Action.RESUME)
    period = _running_period(match)
    _end_pause(period, _not_before(period, at))
    _save_status(match, MatchStatus.LIVE)
    feed.append(topic=match.topic, **payloads.clock_changed(match, played_times(match)))
    return match


@transaction.atomic
def complete_match(*, match: Match, actor: User, at: datetime | None = None) -> Match:
    """The final whistle; a period that still runs ends with it."""
    match = _take(match, actor, Action.COMPLETE)
    _stop_play(match, at)
    _save_status(match, MatchStatus.COMPLETED, reason="")
    feed.append(topic=match.topic, **payloads.match_finished(match, played_times(match)))
    return match


@transaction.atomic
def abandon_match(*, match: Match, actor: User, reason: str, at: datetime | None = None) -> Match:
    """Play ends before its time; what the result is the competition decides (Law 7)."""
    match = _take(match, actor, Action.ABANDON)
    reason = check_reason(reason)
    _stop_play(match, at)
    return _announce_status(match, MatchStatus.ABANDONED, reason)


@transaction.atomic
def postpone_match(
    *, match: Match, actor: User, reason: str, kickoff_at: datetime | None = None
) -> Match:
    """Put the match off, to a new date when there is one already."""
    match = _take(match, actor, Action.POSTPONE, can_manage_match)
    if kickoff_at is not None:
        match.kickoff_at = kickoff_at
    return _announce_status(match, MatchStatus.POSTPONED, check_reason(reason))


@transaction.atomic
def cancel_match(*, match: Match, actor: User, reason: str) -> Match:
    match = _take(match, actor, Action.CANCEL, can_manage_match)
    return _announce_status(match, MatchStatus.CANCELLED, check_reason(reason))


@transaction.atomic
def reschedule_match(*, match: Match, actor: User, kickoff_at: datetime) -> Match:
    """Give a postponed or cancelled match a date again."""
    match = _take(match, actor, Action.RESCHEDULE, can_manage_match)
    match.kickoff_at = kickoff_at
    return _announce_status(match, MatchStatus.SCHEDULED, "")


@transaction.atomic
def reopen_match(*, match: Match, actor: User, reason: str) -> Match:
    """Make a finished match live again, between periods: it was ended too early, or by mistake."""
    match = _take(match, actor, Action.REOPEN)
    return _announce_status(match, MatchStatus.LIVE, check_reason(reason))


def _take(match: Match, actor: User, action: Action, policy: Policy = can_log_events) -> Match:
    """The locked match, once the actor may act and the match allows it."""
    match = locked(match)
    if not policy(actor, match):
        raise ForbiddenError
    try:
        check_action(MatchStatus(match.status), action)
    except TransitionError as error:
        raise _refusal(match, error) from error
    return match


def _refusal(match: Match, error: TransitionError) -> IllegalTransitionError:
    return IllegalTransitionError(error.message, status=match.status, allowed=error.allowed)


def _start_next_period(match: Match, at: datetime | None) -> Match:
    rows = period_rows(match)
    try:
        plan = next_period(
            format_rules(match.format),
            period_times(match, rows),
            score_level=match.home_goals == match.away_goals,
        )
    except TransitionError as error:
        raise _refusal(match, error) from error
    Period.objects.create(
        match=match,
        number=plan.number,
        kind=plan.kind,
        length_ms=plan.length_ms,
        started_at=_not_before(rows[-1] if rows else None, at),
    )
    feed.append(topic=match.topic, **payloads.period_started(match, played_times(match)))
    return match


def _running_period(match: Match) -> Period:
    rows = period_rows(match)
    if not rows or rows[-1].ended_at is not None:
        raise IllegalTransitionError(
            "No period is running.",
            status=match.status,
            allowed=[Action.START_PERIOD, Action.COMPLETE, Action.ABANDON],
        )
    return rows[-1]


def _stop_play(match: Match, at: datetime | None) -> None:
    rows = period_rows(match)
    if rows and rows[-1].ended_at is None:
        _end_running_period(match, rows[-1], at)


def _end_running_period(match: Match, period: Period, at: datetime | None) -> None:
    ended_at = _not_before(period, at)
    _end_pause(period, ended_at)
    period.ended_at = ended_at
    period.save(update_fields=["ended_at"])
    if match.status == MatchStatus.PAUSED:
        _save_status(match, MatchStatus.LIVE)
    feed.append(topic=match.topic, **payloads.period_ended(match, played_times(match)))


def _end_pause(period: Period, at: datetime) -> None:
    period.pauses.filter(ended_at=None).update(ended_at=at)


def _not_before(period: Period | None, at: datetime | None) -> datetime:
    """`at`, or the last moment known of the period when that is later: a clock can be set back."""
    moments = [at or timezone.now()]
    if period is not None:
        moments += [period.started_at, period.ended_at or period.started_at]
        for pause in period.pauses.all():
            moments += [pause.started_at, pause.ended_at or pause.started_at]
    return max(moments)


def _save_status(match: Match, status: MatchStatus, *, reason: str | None = None) -> None:
    match.status = status
    if reason is not None:
        match.status_reason = reason
    match.version += 1
    match.save(update_fields=["status", "status_reason", "kickoff_at", "version", "updated_at"])


def _announce_status(match: Match, status: MatchStatus, reason: str) -> Match:
    _save_status(match, status, reason=reason)
    feed.append(topic=match.topic, **payloads.match_changed(match, played_times(match)))
    return match
