"""Who logs one match without being a scorer of the whole organisation."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models

from accounts.models import Membership
from core.ids import uuid7
from matches.models.match import Match
from matches.models.owned import OwnedQuerySet


class MatchScorerQuerySet(OwnedQuerySet["MatchScorer"]):
    owner_path = "match__organisation"


class MatchScorer(models.Model):
    """A member who may log this match. It hangs on the membership, so it ends with that."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="scorers")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="assigned_matches"
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    match_id: UUID
    membership_id: UUID
    objects = MatchScorerQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["match", "membership"], name="match_scorer_once"),
        ]

    def __str__(self) -> str:
        return str(self.membership.user)
