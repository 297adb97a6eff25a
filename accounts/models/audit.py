"""Who did what, when and from where; written by operations, changed by nobody."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from accounts.models.organisations import Organisation
from accounts.models.people import User
from core.ids import uuid7


class ActorKind(models.TextChoices):
    PERSON = "person", "Person"
    MASTER = "master", "Master password"
    OPERATOR = "operator", "Operator at the command line"
    ANONYMOUS = "anonymous", "Somebody not signed in"


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: User | AnonymousUser) -> AuditEntryQuerySet:
        """Owners and admins see what happened in their organisations; superusers see all."""
        if user.is_superuser:
            return self
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(organisation__in=Organisation.objects.managed_by(user).values("pk"))


class AuditEntry(models.Model):
    """`details` holds ids, roles and counts: never a secret, a name or an address.

    So erasing a person takes nothing but clearing the references and the address.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    subject = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The person it was done to.",
    )
    target = models.CharField(
        max_length=80, blank=True, help_text="What else it was done to, as kind and id."
    )
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit trail"
        ordering = ["-at", "-id"]
        indexes = [
            # The trail of one organisation, and of the whole platform, newest first.
            models.Index(fields=["organisation", "-at"], name="audit_entry_of_organisation"),
            models.Index(fields=["-at"], name="audit_entry_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.at:%Y-%m-%d %H:%M}"
