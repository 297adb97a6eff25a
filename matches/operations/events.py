"""Recording, changing and deleting events: the work on the touchline."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from matches import payloads
from matches.errors import EventVoidedError, IdReusedError, MatchNotLiveError
from matches.models import EventRevision, Match, MatchEvent
from matches.operations.drafts import check_draft, columns_of, content_digest, draft_of, event_row
from matches.operations.fields import check_reason, check_version
from matches.operations.locking import locked
from matches.operations.scoring import SCORE_FIELDS, apply_score
from matches.policies import can_log_events
from matches.queries.clocks import played_times
from matches.queries.log import read_log, timeline_event
from matches.rules.clock import PeriodTimes
from matches.rules.events import EventDraft, TimelineEvent
from matches.rules.kinds import IN_PLAY, Outcome
from matches.rules.warnings import warnings_for
from realtime import feed

EDITABLE: Final = (
    "team_id",
    "player_id",
    "player_on_id",
    "player_off_id",
    "period",
    "clock_ms",
    "outcome",
    "linked_event_id",
    "sentiment",
    "notes",
)


class Recorded(NamedTuple):
    """`created` is false for an event that was sent before; `warnings` are codes for the scorer.

    `times` are the periods of the match, which whoever shows the event needs for its minute.
    """

    event: MatchEvent
    created: bool
    warnings: list[str]
    times: tuple[PeriodTimes, ...]


def record_event(*, match: Match, actor: User, event: EventDraft) -> Recorded:
    """Record one event, bring the score up to date and announce both.

    Sending the same event again returns the one recorded the first time. Raises IdReusedError when
    the id belongs to another event, MatchNotLiveError, InvalidInputError and ForbiddenError.
    """
    try:
        return _record_event(match, actor, event)
    except IntegrityError as error:
        # Each match has a lock of its own, so only the primary key can refuse an id that two
        # matches use at the same moment.
        if MatchEvent.objects.filter(pk=event.id).exclude(match_id=match.pk).exists():
            raise IdReusedError from error
        raise


@transaction.atomic
def _record_event(match: Match, actor: User, draft: EventDraft) -> Recorded:
    match = locked(match)
    if not can_log_events(actor, match):
        raise ForbiddenError
    if earlier := MatchEvent.objects.filter(pk=draft.id).first():
        repeated = _repeated(match, earlier, draft)
        times = tuple(played_times(match))
        return Recorded(repeated, created=False, warnings=[], times=times)
    if match.status not in IN_PLAY:
        raise MatchNotLiveError(status=match.status)
    log = read_log(match)
    side = check_draft(match, draft, log)
    match.last_sequence += 1
    event = event_row(match, actor, match.last_sequence, draft)
    event.save(force_insert=True)
    standing = [*log.standing.values(), timeline_event(match, event)]
    _save_score(match, standing, "last_sequence")
    entry = payloads.event_logged(match, event, log.times, log.hidden)
    feed.append(topic=match.topic, **entry)
    told = warnings_for(draft, side=side, timeline=list(log.standing.values()), lineups=log.lineups)
    return Recorded(event, created=True, warnings=told, times=log.times)


@transaction.atomic
def edit_event(
    *,
    event: MatchEvent,
    actor: User,
    changes: Mapping[str, Any],
    base_version: int | None,
    reason: str = "",
) -> MatchEvent:
    """Correct an event; the score follows, and a revision keeps what it was.

    `changes` are fields of EventDraft, but kind and match stay. Changing nothing makes no version.
    Raises EventVoidedError, VersionConflictError, InvalidInputError (also without a `reason` once
    the match is over) and ForbiddenError.
    """
    match, event = _locked_event(event, actor)
    if event.voided_at is not None:
        raise EventVoidedError
    check_version(event.version, base_version)
    before = draft_of(event)
    draft = replace(before, **_checked_changes(changes))
    if draft == before:
        return event
    reason = _reason_for_change(match, reason)
    log = read_log(match)
    check_draft(match, draft, log, before=before)
    for name, value in columns_of(draft).items():
        setattr(event, name, value)
    _save_revision(event, actor, reason, before=_figures(before), after=_figures(draft))
    standing = {**log.standing, event.pk: timeline_event(match, event)}
    _save_score(match, standing.values())
    feed.append(topic=match.topic, **payloads.event_updated(match, event, log.times, log.hidden))
    return event


@transaction.atomic
def void_event(
    *, event: MatchEvent, actor: User, base_version: int | None, reason: str = ""
) -> MatchEvent:
    """Delete an event: it stays as a tombstone and no longer counts. Deleting twice is the same.

    Raises VersionConflictError, InvalidInputError without a `reason` once the match is over, and
    ForbiddenError.
    """
    match, event = _locked_event(event, actor)
    if event.voided_at is not None:
        return event
    check_version(event.version, base_version)
    reason = _reason_for_change(match, reason)
    log = read_log(match)
    event.voided_at = timezone.now()
    event.voided_by = actor
    figures = _figures(draft_of(event))
    _save_revision(event, actor, reason, before=figures, after=figures | {"voided": True})
    _save_score(match, [kept for kept in log.standing.values() if kept.id != event.pk])
    feed.append(topic=match.topic, **payloads.event_deleted(match, event))
    return event


def _locked_event(event: MatchEvent, actor: User) -> tuple[Match, MatchEvent]:
    match = locked(Match(pk=event.match_id))
    if not can_log_events(actor, match):
        raise ForbiddenError
    current = match.events.filter(pk=event.pk).first()
    if current is None:
        raise NotFoundError
    return match, current


def _repeated(match: Match, earlier: MatchEvent, draft: EventDraft) -> MatchEvent:
    if earlier.match_id != match.pk or earlier.content_digest != content_digest(draft):
        raise IdReusedError
    earlier.match = match
    return earlier


def _reason_for_change(match: Match, reason: str) -> str:
    """Whoever corrects a match that is over must say why."""
    if match.status in IN_PLAY and not reason.strip():
        return ""
    return check_reason(reason)


def _checked_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := changes.keys() - set(EDITABLE):
        raise InvalidInputError(**{name: ["This cannot be changed."] for name in sorted(unknown)})
    checked = dict(changes)
    if outcome := checked.get("outcome"):
        if outcome not in set(Outcome):
            raise InvalidInputError(outcome=["There is no such outcome."])
        checked["outcome"] = Outcome(outcome)
    elif "outcome" in checked:
        checked["outcome"] = None
    return checked


def _figures(draft: EventDraft) -> dict[str, Any]:
    """What a revision keeps of an event."""
    fields = asdict(draft)
    return {
        name: str(fields[name]) if isinstance(fields[name], UUID) else fields[name]
        for name in ("kind", *EDITABLE)
    } | {"voided": False}


def _save_revision(
    event: MatchEvent, actor: User, reason: str, *, before: dict[str, Any], after: dict[str, Any]
) -> None:
    event.version += 1
    event.save()
    EventRevision.objects.create(
        event=event,
        version=event.version,
        changed_by=actor,
        reason=reason,
        before=before,
        after=after,
    )


def _save_score(match: Match, standing: Iterable[TimelineEvent], *also: str) -> None:
    changed: list[str] = [*also]
    if apply_score(match, standing):
        match.version += 1
        changed += [*SCORE_FIELDS, "version"]
    if changed:
        match.save(update_fields=[*changed, "updated_at"])
