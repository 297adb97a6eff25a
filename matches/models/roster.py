"""Seasons, teams, players, and who belongs to which squad."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from core.ids import uuid7
from matches.models.owned import OwnedQuerySet
from matches.rules.kinds import Position

POSITIONS = [
    (Position.GOALKEEPER, "Goalkeeper"),
    (Position.DEFENDER, "Defender"),
    (Position.MIDFIELDER, "Midfielder"),
    (Position.FORWARD, "Forward"),
]
COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", "Use a colour like #1a2b3c.")


class SeasonQuerySet(OwnedQuerySet["Season"]):
    pass


class Season(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="seasons")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    version = models.PositiveIntegerField(default=1, editable=False)

    organisation_id: UUID
    objects = SeasonQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="season_name_unique",
                violation_error_code="already_exists",
                violation_error_message="There is a season of this name already.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="season_ends_after_start",
                violation_error_message="A season cannot end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(OwnedQuerySet["Team"]):
    pass


class Team(models.Model):
    """A side that plays. Opponents are teams of the organisation too, marked `is_opponent`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=12, blank=True)
    colour = models.CharField(max_length=7, default="#1d4ed8", validators=[COLOUR])
    is_opponent = models.BooleanField(
        default=False, help_text="A team of another club that this organisation only plays against."
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    organisation_id: UUID
    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="team_name_unique",
                violation_error_code="already_exists",
                violation_error_message="There is a team of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlayerQuerySet(OwnedQuerySet["Player"]):
    pass


class Player(models.Model):
    """A person who plays. The name stands in this row only, so that erasing it rewrites no feed.

    Somebody who was erased has an empty name; the row stays for what was played.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="players")
    name = models.CharField(max_length=120)
    birth_date = models.DateField(null=True, blank=True)
    name_consent = models.BooleanField(
        "consent to be named",
        default=False,
        help_text="Without it, viewers outside the organisation see a number or initials at most.",
    )
    position = models.CharField(max_length=2, choices=POSITIONS, blank=True)
    notes = models.TextField(blank=True, max_length=2000)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    organisation_id: UUID
    objects = PlayerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            # The list of an organisation's players, by name.
            models.Index(fields=["organisation", "name"], name="player_by_name"),
        ]

    def __str__(self) -> str:
        return self.name or "Erased player"


class SquadMembershipQuerySet(OwnedQuerySet["SquadMembership"]):
    owner_path = "team__organisation"

    def current(self) -> Self:
        return self.filter(left_on=None)


class SquadMembership(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="squad")
    player = models.ForeignKey(Player, on_delete=models.CASCADE, related_name="squads")
    number = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    team_id: UUID
    player_id: UUID
    objects = SquadMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "player"],
                condition=Q(left_on=None),
                name="squad_membership_player_once",
                violation_error_code="already_exists",
                violation_error_message="The player is in this squad already.",
            ),
            models.UniqueConstraint(
                fields=["team", "number"],
                condition=Q(left_on=None),
                name="squad_membership_number_unique",
                violation_error_code="already_exists",
                violation_error_message="Another player of this squad has the number.",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                name="squad_membership_leaves_after_joining",
                violation_error_message="A player cannot leave before joining.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or '-'} {self.player}"
