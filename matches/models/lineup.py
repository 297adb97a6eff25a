"""Who starts, who sits on the bench, and where on the pitch."""

from __future__ import annotations

from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.ids import uuid7
from matches.models.match import Match
from matches.models.owned import OwnedQuerySet
from matches.models.roster import POSITIONS, Player, Team
from matches.rules.kinds import LineupRole

LINEUP_ROLES = [(LineupRole.STARTER.value, "Starter"), (LineupRole.BENCH.value, "Bench")]
PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class LineupPlayerQuerySet(OwnedQuerySet["LineupPlayer"]):
    owner_path = "match__organisation"


class LineupPlayer(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="lineup")
    team = models.ForeignKey(Team, on_delete=models.RESTRICT, related_name="+")
    player = models.ForeignKey(Player, on_delete=models.CASCADE, related_name="lineups")
    number = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    role = models.CharField(max_length=8, choices=LINEUP_ROLES)
    position = models.CharField(max_length=2, choices=POSITIONS, blank=True)
    x = models.FloatField(
        "across the pitch",
        null=True,
        blank=True,
        validators=PERCENT,
        help_text="Percent from the left touchline, seen in the direction of attack.",
    )
    y = models.FloatField(
        "up the pitch",
        null=True,
        blank=True,
        validators=PERCENT,
        help_text="Percent from the own goal line.",
    )
    is_captain = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    match_id: UUID
    team_id: UUID
    player_id: UUID
    objects = LineupPlayerQuerySet.as_manager()

    class Meta:
        ordering = ["match_id", "team_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["match", "player"], name="lineup_player_once"),
            models.UniqueConstraint(
                fields=["match", "team", "number"], name="lineup_player_number_unique"
            ),
            models.UniqueConstraint(
                fields=["match", "team"],
                condition=Q(is_captain=True),
                name="lineup_player_one_captain",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or '-'} {self.player}"
