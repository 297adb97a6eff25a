"""What happened in a match, and how each record of it was changed afterwards."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.ids import uuid7
from matches.models.match import Match
from matches.models.owned import OwnedQuerySet
from matches.models.roster import Player, Team
from matches.rules.kinds import EventKind, Outcome

EVENT_KINDS = [(kind.value, kind.value.replace("_", " ").capitalize()) for kind in EventKind]
OUTCOMES = [(outcome.value, outcome.value.capitalize()) for outcome in Outcome]


class MatchEventQuerySet(OwnedQuerySet["MatchEvent"]):
    owner_path = "match__organisation"

    def standing(self) -> Self:
        """Events that count: those that were not voided."""
        return self.filter(voided_at=None)

    def in_order(self) -> Self:
        """By period, match clock (unknown last) and order of recording; never by wall time."""
        return self.order_by("period", F("clock_ms").asc(nulls_last=True), "sequence")


class MatchEvent(models.Model):
    """`id` is made by the client and is the idempotency key. A deleted event stays, voided."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=EVENT_KINDS)
    team = models.ForeignKey(
        Team, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    player = models.ForeignKey(
        Player, on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )
    player_on = models.ForeignKey(
        Player, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    player_off = models.ForeignKey(
        Player, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    period = models.PositiveSmallIntegerField(help_text="Number of the period, from 1.")
    clock_ms = models.PositiveIntegerField(
        null=True, blank=True, help_text="Since the period began; empty when nobody noted the time."
    )
    sequence = models.PositiveIntegerField(help_text="Order of recording within the match.")
    outcome = models.CharField(max_length=8, choices=OUTCOMES, blank=True)
    linked_event = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="links"
    )
    sentiment = models.SmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(-3), MaxValueValidator(3)]
    )
    notes = models.TextField(blank=True, max_length=500)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(
        null=True, blank=True, help_text="By the clock of the device that recorded it."
    )
    received_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # A digest of what the client sent first, to tell a repeat from another event under the same id.
    content_digest = models.CharField(max_length=64, editable=False)

    match_id: UUID
    team_id: UUID | None
    player_id: UUID | None
    player_on_id: UUID | None
    player_off_id: UUID | None
    linked_event_id: UUID | None
    objects = MatchEventQuerySet.as_manager()

    class Meta:
        ordering = ["match_id", "period", "clock_ms", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["match", "sequence"], name="match_event_sequence_unique"
            ),
            models.CheckConstraint(
                condition=Q(sentiment=None) | (Q(sentiment__gte=-3) & Q(sentiment__lte=3)),
                name="match_event_sentiment_in_range",
            ),
            models.CheckConstraint(
                condition=Q(player_on=None) | Q(player_off=None) | ~Q(player_on=F("player_off")),
                name="match_event_swaps_two_players",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in period {self.period}"


class EventRevisionQuerySet(OwnedQuerySet["EventRevision"]):
    owner_path = "event__match__organisation"


class EventRevision(models.Model):
    """One change of an event: who, when, why, and every field before and after."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.ForeignKey(MatchEvent, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField(help_text="The version that this change made.")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=200, blank=True)
    before = models.JSONField()
    after = models.JSONField()

    objects = EventRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["event_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["event", "version"], name="event_revision_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of {self.event_id}"
