"""What is pinned to the notice board of an organisation."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import Q

from accounts.models import Organisation, User
from core.ids import uuid7

# Carriage returns are let through, because forms of a browser send them; operations drop them.
PLAIN_TEXT = RegexValidator(
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*\Z",
    "Control characters other than line ends and tabs are not allowed.",
)
ONE_LINE = RegexValidator(r"^[^\x00-\x1f\x7f-\x9f]*\Z", "Control characters are not allowed.")


class ItemQuerySet(models.QuerySet["Item"]):
    def in_organisations_of(self, user: User | AnonymousUser) -> Self:
        """Everything on the boards the user may walk up to, also what is not theirs to read."""
        if user.is_superuser:
            return self
        # A subquery rather than a join, so that no row appears twice and counts stay right.
        return self.filter(organisation__in=Organisation.objects.visible_to(user).values("pk"))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What is public there, one's own, and all that is on the boards one manages."""
        if user.is_superuser:
            return self
        if isinstance(user, AnonymousUser):
            return self.none()
        managed = Organisation.objects.managed_by(user)
        return self.in_organisations_of(user).filter(
            Q(is_private=False) | Q(owner_id=user.pk) | Q(organisation__in=managed.values("pk"))
        )


class Item(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="items")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="items")
    title = models.CharField(max_length=200, validators=[ONE_LINE])
    description = models.TextField(
        blank=True, max_length=10_000, validators=[MaxLengthValidator(10_000), PLAIN_TEXT]
    )
    is_private = models.BooleanField(
        "private",
        default=False,
        help_text="Only its owner and those who manage the organisation may read it.",
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    organisation_id: UUID
    owner_id: UUID
    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="item_has_title"),
        ]
        indexes = [
            # The board of an organisation, newest first.
            models.Index(fields=["organisation", "-created_at"], name="item_by_time"),
        ]

    def __str__(self) -> str:
        return self.title
