"""The devices people are signed in on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.people import User
from core.ids import hash_token, uuid7


def master_key() -> str:
    """Names the hash of the master password that is set, without telling it; empty for none."""
    return hash_token(settings.MASTER_PASSWORD_HASH) if settings.MASTER_PASSWORD_HASH else ""


class DeviceSessionQuerySet(models.QuerySet["DeviceSession"]):
    def open_at(self, now: datetime) -> DeviceSessionQuerySet:
        """Sessions that still let their user, or the holder of today's master password, in."""
        is_for_whom = Q(user__is_active=True)
        if key := master_key():
            is_for_whom |= Q(master_key=key)
        return self.filter(is_for_whom, revoked_at=None, expires_at__gt=now)


class DeviceSession(models.Model):
    """One signed-in device. Its row is checked on every request, so ending it acts at once.

    It is a person's, or a service session opened with the master password: then it has no user,
    and `master_key` names the hash it was opened under, so that another hash ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="device_sessions"
    )
    master_key = models.CharField(max_length=64, blank=True, editable=False)
    device_name = models.CharField(max_length=120, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DeviceSessionQuerySet.as_manager()

    user_id: UUID | None

    class Meta:
        ordering = ["-last_seen_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(master_key=""), name="device_session_of_user_or_master"
            ),
        ]
        indexes = [
            # A user's open sessions, newest first.
            models.Index(
                fields=["user", "-last_seen_at"],
                name="device_session_open",
                condition=Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_name or 'device'} of {self.user or 'the dashboard'}"

    @property
    def subject_id(self) -> UUID:
        """Whom an access token is about: the person, or a service session itself."""
        return self.user_id or self.pk

    def is_open(self, now: datetime) -> bool:
        """What `open_at` asks of the database; reads the user."""
        is_let_in = self.user.is_active if self.user else self.master_key == master_key()
        return self.revoked_at is None and self.expires_at > now and is_let_in


class RefreshToken(models.Model):
    """One link of a session's chain of rotating refresh tokens; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(
        DeviceSession, on_delete=models.CASCADE, related_name="refresh_tokens"
    )
    parent = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="successor"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"refresh token {self.pk}"
