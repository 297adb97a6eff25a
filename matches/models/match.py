"""A match, the format it is played in, its periods and their pauses."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from core.ids import uuid7
from matches.models.owned import OwnedQuerySet
from matches.models.roster import Season, Team
from matches.rules.kinds import IN_PLAY, MatchStatus, PeriodKind

STATUSES = [(status.value, status.value.capitalize()) for status in MatchStatus]
PERIOD_KINDS = [
    (PeriodKind.REGULAR.value, "Regular time"),
    (PeriodKind.EXTRA_TIME.value, "Extra time"),
    (PeriodKind.PENALTY_SHOOTOUT.value, "Penalty shootout"),
]


class Format(models.Model):
    """How long and with how many a match is played (IFAB Law 3 and 7); data, not code."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80, unique=True)
    regular_periods = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    regular_minutes = models.PositiveSmallIntegerField(
        default=45, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    extra_time_periods = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(4)]
    )
    extra_time_minutes = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(45)]
    )
    has_shootout = models.BooleanField(default=False)
    players_on_pitch = models.PositiveSmallIntegerField(
        default=11, validators=[MinValueValidator(1), MaxValueValidator(15)]
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MatchQuerySet(OwnedQuerySet["Match"]):
    def with_teams(self) -> Self:
        return self.select_related("home_team", "away_team", "format")

    def in_play(self) -> Self:
        return self.filter(status__in=IN_PLAY)


class Match(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="matches")
    season = models.ForeignKey(
        Season, on_delete=models.SET_NULL, null=True, blank=True, related_name="matches"
    )
    format = models.ForeignKey(Format, on_delete=models.PROTECT, related_name="matches")
    # RESTRICT, where PROTECT would also keep an organisation from being deleted as a whole.
    home_team = models.ForeignKey(Team, on_delete=models.RESTRICT, related_name="home_matches")
    away_team = models.ForeignKey(Team, on_delete=models.RESTRICT, related_name="away_matches")
    competition = models.CharField(max_length=120, blank=True)
    round = models.CharField(max_length=80, blank=True)
    venue = models.CharField(max_length=120, blank=True)
    kickoff_at = models.DateTimeField("kick-off")
    status = models.CharField(
        max_length=10, choices=STATUSES, default=MatchStatus.SCHEDULED, editable=False
    )
    status_reason = models.CharField(max_length=200, blank=True, editable=False)
    # Derived from the events, and only from them, by `operations.scoring`.
    home_goals = models.PositiveSmallIntegerField(default=0, editable=False)
    away_goals = models.PositiveSmallIntegerField(default=0, editable=False)
    home_shootout_goals = models.PositiveSmallIntegerField(null=True, editable=False)
    away_shootout_goals = models.PositiveSmallIntegerField(null=True, editable=False)
    # The number the next event gets, so that events at the same clock time keep their order.
    last_sequence = models.PositiveIntegerField(default=0, editable=False)
    clock_rate = models.PositiveSmallIntegerField(
        default=1,
        editable=False,
        validators=[MinValueValidator(1), MaxValueValidator(3600)],
        help_text="Match milliseconds per real millisecond: 1, but for a replay.",
    )
    replay_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replays"
    )
    source_key = models.CharField(max_length=200, blank=True, editable=False)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    organisation_id: UUID
    season_id: UUID | None
    home_team_id: UUID
    away_team_id: UUID
    replay_of_id: UUID | None
    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "matches"
        ordering = ["-kickoff_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(home_team=F("away_team")),
                name="match_teams_differ",
                violation_error_message="A team cannot play itself.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "source_key"],
                condition=~Q(source_key=""),
                name="match_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(clock_rate__gte=1) & Q(clock_rate__lte=3600),
                name="match_clock_rate_in_range",
            ),
        ]
        indexes = [
            # The list of an organisation's matches, newest first.
            models.Index(fields=["organisation", "-kickoff_at"], name="match_by_kickoff"),
            # What is live now.
            models.Index(
                fields=["status"],
                name="match_in_play",
                condition=Q(status__in=["live", "paused"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home_team} - {self.away_team}"

    @property
    def topic(self) -> str:
        return f"match.{self.pk}"


class PeriodQuerySet(OwnedQuerySet["Period"]):
    owner_path = "match__organisation"


class Period(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="periods")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=PERIOD_KINDS)
    length_ms = models.PositiveIntegerField(help_text="Planned length; 0 for a shootout.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    match_id: UUID
    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["match_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["match", "number"], name="period_numbered_once"),
            models.UniqueConstraint(
                fields=["match"], condition=Q(ended_at=None), name="period_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="period_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"period {self.number}"


class PauseQuerySet(OwnedQuerySet["Pause"]):
    owner_path = "period__match__organisation"


class Pause(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(ended_at=None), name="pause_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"pause from {self.started_at:%H:%M:%S}"
