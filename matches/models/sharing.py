"""Links through which people outside the organisation follow one match."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import NamePolicy
from core.ids import uuid7
from matches.models.match import Match
from matches.models.owned import OwnedQuerySet


class ShareLinkQuerySet(OwnedQuerySet["ShareLink"]):
    owner_path = "match__organisation"

    def alive(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=now)


class ShareLink(models.Model):
    """The token is stored hashed and shown once; a listed link is public, so its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="share_links")
    label = models.CharField(max_length=80, blank=True)
    name_policy = models.CharField(
        max_length=10, choices=NamePolicy.choices, default=NamePolicy.NUMBER
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    token_prefix = models.CharField(max_length=6, editable=False)
    listed_token = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Set for a link that the landing page shows to everybody.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    match_id: UUID
    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            # The landing page: listed links that still live.
            models.Index(
                fields=["expires_at"],
                name="share_link_listed",
                condition=~Q(listed_token="") & Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"link {self.token_prefix}…"

    @property
    def is_listed(self) -> bool:
        return bool(self.listed_token)

    def is_alive_at(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now
