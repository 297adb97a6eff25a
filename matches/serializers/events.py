"""Events as a phone sends them and as members read them, with ids spelt out as in every resource.

Viewers never get these: what they see is the projection of the live document and the feed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers

from core.api.fields import IdField, MomentField
from core.api.pages import example
from core.api.serializers import StrictSerializer
from core.ids import uuid7
from matches.models import EventRevision, MatchEvent
from matches.models.event import EVENT_KINDS, OUTCOMES
from matches.queries import document
from matches.queries.people import Lens
from matches.rules.clock import PeriodTimes
from matches.rules.events import MAX_CLOCK_MS, MAX_NOTES, EventDraft
from matches.rules.kinds import EventKind, Outcome, Side
from matches.rules.warnings import EventWarning
from matches.serializers.matches import HOME_ID, GoalsSerializer
from matches.serializers.matches import ID as MATCH_ID

WARNINGS = [(code.value, code.value) for code in EventWarning]
SIDES = [(side.value, side.value.capitalize()) for side in Side]
ID = "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e20"
GOAL = {
    "kind": "goal",
    "team_id": HOME_ID,
    "player_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e03",
    "period": 2,
    "clock_ms": 754_000,
}

EVENT = {
    "id": ID,
    "match_id": MATCH_ID,
    **GOAL,
    "side": "home",
    "player_on_id": None,
    "player_off_id": None,
    "timestamp": "57:34",
    "minute": "58",
    "sequence": 12,
    "outcome": "",
    "linked_event_id": None,
    "sentiment": None,
    "notes": "",
    "recorded_by_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e30",
    "recorded_at": "2026-09-12T11:12:34Z",
    "received_at": "2026-09-12T11:12:35.120Z",
    "version": 1,
    "voided_at": None,
}


class EventFactsSerializer(StrictSerializer):
    """What can be said of an event, then and later. A missing field has its default."""

    team_id = IdField(default=None, allow_null=True)
    player_id = IdField(default=None, allow_null=True, help_text="null when nobody knows who.")
    player_on_id = IdField(default=None, allow_null=True, help_text="Substitutions only.")
    player_off_id = IdField(default=None, allow_null=True, help_text="Substitutions only.")
    period = serializers.IntegerField(min_value=1, max_value=32, help_text="Counted from 1.")
    clock_ms = serializers.IntegerField(
        min_value=0,
        max_value=MAX_CLOCK_MS,
        default=None,
        allow_null=True,
        help_text="Milliseconds since the period began; null when nobody noted the time.",
    )
    outcome = serializers.ChoiceField(
        OUTCOMES,
        default=None,
        allow_null=True,
        help_text="What became of a penalty or a shootout kick.",
    )
    linked_event_id = IdField(default=None, allow_null=True, help_text="An assist names its goal.")
    sentiment = serializers.IntegerField(min_value=-3, max_value=3, default=None, allow_null=True)
    notes = serializers.CharField(
        max_length=MAX_NOTES, default="", allow_blank=True, help_text="For members only."
    )


@example({"id": ID, **GOAL})
class EventDraftSerializer(EventFactsSerializer):
    id = IdField(
        required=False,
        help_text="Made by the client (UUIDv7 or v4): sending it again changes nothing.",
    )
    kind = serializers.ChoiceField(EVENT_KINDS)
    recorded_at = MomentField(
        default=None, allow_null=True, help_text="By the clock of the device."
    )

    def draft(self) -> EventDraft:
        facts = dict(self.validated_data)
        return EventDraft(
            **{
                **facts,
                "id": facts.get("id") or uuid7(),
                "kind": EventKind(facts["kind"]),
                "outcome": Outcome(facts["outcome"]) if facts["outcome"] else None,
            }
        )


class BaseVersionSerializer(StrictSerializer):
    base_version = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="The version you read; not needed with `If-Match`.",
    )
    reason = serializers.CharField(
        max_length=200,
        default="",
        allow_blank=True,
        help_text="Required once the match is over; for members only.",
    )

    def terms(self) -> tuple[int | None, str]:
        """The base version and the reason, which are no part of the event."""
        facts = self.validated_data
        return facts.get("base_version"), facts.get("reason", "")


@example({"base_version": 1, "reason": "Logged by mistake"})
class EventVoidSerializer(BaseVersionSerializer):
    pass


@example(
    {
        "base_version": 1,
        "team_id": HOME_ID,
        "player_id": GOAL["player_id"],
        "period": 2,
        "clock_ms": 760_000,
    }
)
class EventChangesSerializer(BaseVersionSerializer, EventFactsSerializer):
    """A `kind` may be repeated, but not changed: void the event and record another."""

    kind = serializers.ChoiceField(EVENT_KINDS, required=False)

    def changes(self, event: MatchEvent) -> dict[str, Any]:
        """The facts to set; the kind only when it differs, for the operation to refuse."""
        facts = dict(self.validated_data)
        for term in ("base_version", "reason"):
            facts.pop(term, None)
        if facts.get("kind") == event.kind:
            del facts["kind"]
        return facts


@example(EVENT)
class MatchEventSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    match_id = serializers.UUIDField()
    kind = serializers.ChoiceField(EVENT_KINDS)
    team_id = serializers.UUIDField(allow_null=True)
    side = serializers.ChoiceField(SIDES, allow_null=True)
    player_id = serializers.UUIDField(allow_null=True)
    player_on_id = serializers.UUIDField(allow_null=True)
    player_off_id = serializers.UUIDField(allow_null=True)
    period = serializers.IntegerField()
    clock_ms = serializers.IntegerField(allow_null=True)
    timestamp = serializers.CharField(help_text='On the stopwatch: "57:34".')
    minute = serializers.CharField(help_text='As football writes it: "58", "90+3".')
    sequence = serializers.IntegerField(help_text="Order of recording within the match.")
    outcome = serializers.ChoiceField(OUTCOMES, allow_blank=True)
    linked_event_id = serializers.UUIDField(allow_null=True)
    sentiment = serializers.IntegerField(allow_null=True)
    notes = serializers.CharField()
    recorded_by_id = serializers.UUIDField(allow_null=True)
    recorded_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField()
    version = serializers.IntegerField(help_text="As in the ETag.")
    voided_at = serializers.DateTimeField(allow_null=True, help_text="Set once it was deleted.")


@example(
    {
        "version": 2,
        "changed_by_id": "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e30",
        "changed_at": "2026-09-12T11:20:00Z",
        "reason": "",
        "before": {"kind": "goal", "player_id": None, "voided": False},
        "after": {"kind": "goal", "player_id": GOAL["player_id"], "voided": False},
    }
)
class EventRevisionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="The version that this change made.")
    changed_by_id = serializers.UUIDField(allow_null=True)
    changed_at = serializers.DateTimeField()
    reason = serializers.CharField()
    before = serializers.DictField()
    after = serializers.DictField()


@example({"event": EVENT, "score": {"home": 2, "away": 1}, "shootout": None})
class ChangedEventSerializer(serializers.Serializer[Any]):
    event = MatchEventSerializer()
    score = GoalsSerializer()
    shootout = GoalsSerializer(allow_null=True)


@example({"event": EVENT, "score": {"home": 2, "away": 1}, "shootout": None, "warnings": []})
class RecordedEventSerializer(ChangedEventSerializer):
    warnings = serializers.ListField(child=serializers.ChoiceField(WARNINGS))


@example({"items": [EVENT], "next_since": None, "limit": 100})
class EventPageSerializer(serializers.Serializer[Any]):
    items = MatchEventSerializer(many=True)
    next_since = serializers.IntegerField(allow_null=True, help_text="null at the end.")
    limit = serializers.IntegerField()


def event_page_document(
    found: Sequence[MatchEvent], limit: int, times: Mapping[int, PeriodTimes]
) -> dict[str, Any]:
    """`found` holds one event more than `limit` when there are more."""
    shown = found[:limit]
    return {
        "items": [event_document(event, times) for event in shown],
        "next_since": shown[-1].sequence if len(found) > limit else None,
        "limit": limit,
    }


def changed_event_document(event: MatchEvent, times: Mapping[int, PeriodTimes]) -> dict[str, Any]:
    return {
        "event": event_document(event, times),
        "score": document.score_part(event.match),
        "shootout": document.shootout_part(event.match),
    }


def recorded_event_document(
    event: MatchEvent, times: Mapping[int, PeriodTimes], warnings: list[str]
) -> dict[str, Any]:
    return {**changed_event_document(event, times), "warnings": warnings}


def event_document(event: MatchEvent, times: Mapping[int, PeriodTimes]) -> dict[str, Any]:
    """`times` by number of period. Reads `event.match`, so a list sets it once for all."""
    derived = document.event_part(event, event.match, times, Lens(event.match_id), hidden=())
    return {
        "id": event.pk,
        "match_id": event.match_id,
        "kind": event.kind,
        "team_id": event.team_id,
        "side": derived["side"],
        "player_id": event.player_id,
        "player_on_id": event.player_on_id,
        "player_off_id": event.player_off_id,
        "period": event.period,
        "clock_ms": event.clock_ms,
        "timestamp": derived["timestamp"],
        "minute": derived["minute"],
        "sequence": event.sequence,
        "outcome": event.outcome,
        "linked_event_id": event.linked_event_id,
        "sentiment": event.sentiment,
        "notes": event.notes,
        "recorded_by_id": event.recorded_by_id,
        "recorded_at": event.recorded_at,
        "received_at": event.received_at,
        "version": event.version,
        "voided_at": event.voided_at,
    }


def revision_document(revision: EventRevision) -> dict[str, Any]:
    return {
        "version": revision.version,
        "changed_by_id": revision.changed_by_id,
        "changed_at": revision.changed_at,
        "reason": revision.reason,
        "before": revision.before,
        "after": revision.after,
    }
