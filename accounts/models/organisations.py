"""Organisations, who belongs to them as what, and who is invited."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower

from accounts.models.people import User
from core.ids import uuid7


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

    def managed_by(self, user: User) -> OrganisationQuerySet:
        """Those in which the user is owner or admin, whatever they are on the platform."""
        return self.filter(memberships__user_id=user.pk, memberships__role__in=MANAGERS)

    def with_role_of(self, user: User) -> OrganisationQuerySet:
        """With `role`, what the user is in each, or None, and `member_count`."""
        members = Membership.objects.filter(organisation=models.OuterRef("pk")).order_by()
        count = members.values("organisation").annotate(count=models.Count("pk")).values("count")
        return self.annotate(
            role=models.Subquery(members.filter(user_id=user.pk).values("role")),
            member_count=Coalesce(models.Subquery(count), 0),
        )


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


MANAGERS: Final = frozenset({Role.OWNER, Role.ADMIN})


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User | AnonymousUser) -> MembershipQuerySet:
        if user.is_superuser:
            return self
        return self.filter(organisation__in=Organisation.objects.visible_to(user).values("pk"))


class Membership(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    organisation_id: UUID
    user_id: UUID

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="membership_role_is_one_of_ours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.organisation}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User | AnonymousUser) -> InvitationQuerySet:
        """Those of the organisations whose members the user manages: they hold addresses."""
        if user.is_superuser:
            return self
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(organisation__in=Organisation.objects.managed_by(user).values("pk"))

    def pending(self) -> InvitationQuerySet:
        """Neither accepted nor withdrawn; sending one that has expired again renews it."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open_at(self, now: datetime) -> InvitationQuerySet:
        """Those that can still be accepted."""
        return self.pending().filter(expires_at__gt=now)


class Invitation(models.Model):
    """A link that was mailed and makes its holder a member. Good once, kept as a hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    organisation_id: UUID

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            # Inviting somebody again renews what they have instead of making a second link.
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.organisation}"

    def is_open_at(self, now: datetime) -> bool:
        """What `open_at` asks of the database."""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > now
