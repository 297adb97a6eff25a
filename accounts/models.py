"""People, the organisations they belong to, and the devices they are signed in on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.ids import uuid7


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        constraints = [
            # Signing in by e-mail or username ignores case, so uniqueness must too.
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.UniqueConstraint(Lower("username"), name="user_username_unique"),
        ]

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username


class NamePolicy(models.TextChoices):
    """How outsiders see a player; the stricter of organisation and link wins."""

    NUMBER = "number", "Number only"
    INITIALS = "initials", "Initials"
    FULL = "full", "Full name"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        if user.is_superuser:
            return self
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(memberships__user_id=user.pk)


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    name_policy = models.CharField(
        max_length=10,
        choices=NamePolicy.choices,
        default=NamePolicy.NUMBER,
        help_text="The most that viewers outside the organisation may learn of a player's name.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    SCORER = "scorer", "Scorer"
    MEMBER = "member", "Member"


class Membership(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    organisation_id: UUID
    user_id: UUID

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.organisation}"


class DeviceSessionQuerySet(models.QuerySet["DeviceSession"]):
    def open_at(self, now: datetime) -> DeviceSessionQuerySet:
        """Sessions that still let their user in."""
        return self.filter(revoked_at=None, expires_at__gt=now, user__is_active=True)


class DeviceSession(models.Model):
    """One signed-in device. Its row is checked on every request, so ending it acts at once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="device_sessions")
    device_name = models.CharField(max_length=120, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DeviceSessionQuerySet.as_manager()

    user_id: UUID

    class Meta:
        ordering = ["-last_seen_at", "id"]
        indexes = [
            # A user's open sessions, newest first.
            models.Index(
                fields=["user", "-last_seen_at"],
                name="device_session_open",
                condition=Q(revoked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_name or 'device'} of {self.user}"

    def is_open(self, now: datetime) -> bool:
        """What `open_at` asks of the database; reads the user."""
        return self.revoked_at is None and self.expires_at > now and self.user.is_active


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
