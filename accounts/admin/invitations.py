from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from accounts import operations
from accounts.admin.by_role import ReadOnlyMixin, RoleAdmin
from accounts.admin.refusals import actor_of
from accounts.models import Invitation
from core.errors import DomainError

STATES = [
    ("pending", "Pending"),
    ("accepted", "Accepted"),
    ("revoked", "Revoked"),
    ("expired", "Expired"),
]


def state_at(invitation: Invitation, now: datetime) -> str:
    if invitation.accepted_at:
        return "accepted"
    if invitation.revoked_at:
        return "revoked"
    return "pending" if invitation.expires_at > now else "expired"


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return STATES

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Invitation]
    ) -> QuerySet[Invitation]:
        now = timezone.now()
        unused = queryset.filter(accepted_at=None, revoked_at=None)
        narrowed = {
            "pending": unused.filter(expires_at__gt=now),
            "accepted": queryset.exclude(accepted_at=None),
            "revoked": queryset.filter(accepted_at=None).exclude(revoked_at=None),
            "expired": unused.filter(expires_at__lte=now),
        }
        return narrowed.get(self.value() or "", queryset)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyMixin[Invitation], RoleAdmin[Invitation]):
    """Invitations are sent where the mail is, by an operation; here they are seen and revoked."""

    list_display = ["email", "organisation", "role", "state", "invited_by", "created_at"]
    list_filter = [StateFilter, "role", ("organisation", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organisation", "invited_by"]
    search_fields = ["email", "organisation__name"]
    date_hierarchy = "created_at"
    actions = ["revoke"]
    exclude = ["token_hash"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        visible = Invitation.objects.visible_to(actor_of(request)).values("pk")
        invitations: QuerySet[Invitation] = super().get_queryset(request)
        return invitations.filter(pk__in=visible)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).has_perm("accounts.revoke_invitation")

    @admin.action(description="Revoke the selected invitations", permissions=["revoke"])
    def revoke(self, request: HttpRequest, invitations: QuerySet[Invitation]) -> None:
        actor, done = actor_of(request), 0
        for invitation in invitations:
            try:
                operations.revoke_invitation(invitation=invitation, actor=actor)
            except DomainError as error:
                text = f"{invitation.email}: {error.message}"
                self.message_user(request, text, messages.ERROR)
                continue
            self.log_change(request, invitation, "Revoked.")
            done += 1
        if done:
            noun = ngettext("invitation", "invitations", done)
            self.message_user(request, f"Revoked {done} {noun}.", messages.SUCCESS)

    @admin.display(description="state")
    def state(self, invitation: Invitation) -> str:
        return state_at(invitation, timezone.now())
