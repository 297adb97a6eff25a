"""People and the proofs of their e-mail addresses."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.ids import uuid7


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User | AnonymousUser) -> UserQuerySet:
        """Oneself and whoever shares an organisation; superusers see all."""
        if user.is_superuser:
            return self
        if isinstance(user, AnonymousUser):
            return self.none()
        # A subquery rather than a join: who shares two organisations is one person.
        shared = self.model.objects.filter(memberships__organisation__memberships__user_id=user.pk)
        return self.filter(Q(pk=user.pk) | Q(pk__in=shared.values("pk")))


class UserManager(DjangoUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: User | AnonymousUser) -> UserQuerySet:
        return self.get_queryset().visible_to(user)


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    objects: ClassVar[UserManager] = UserManager()

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


class EmailToken(models.Model):
    """A link that was mailed: whoever opens it reads that mailbox. Good once, kept as a hash.

    Without a user nothing is sent: the row only makes an unknown address cost what a known one
    does. The token itself is derived from the key of the row, so no table ever holds it.
    """

    class Kind(models.TextChoices):
        VERIFY_EMAIL = "verify_email", "Verify an e-mail address"
        RESET_PASSWORD = "reset_password", "Reset a password"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="email_tokens"
    )
    # The mailbox the link goes to: what verifying makes the user's address, and what a reset must
    # still find there. Empty without a user, whose address is none of our business.
    email = models.EmailField(max_length=254, blank=True)
    # Once it was used: the address it took the place of, which is told so.
    replaced_email = models.EmailField(max_length=254, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    user_id: UUID | None

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"
