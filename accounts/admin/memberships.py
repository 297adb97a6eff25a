"""Memberships as rows of a person's or an organisation's page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import operations
from accounts.admin.by_role import VisibleChoicesMixin
from accounts.admin.refusals import RefusalsAsMessagesMixin, actor_of
from accounts.models import Membership, Role


class MembershipForm(forms.ModelForm[Membership]):
    """A membership keeps its person and organisation; another one is another membership."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            return
        for name in {"user", "organisation"} & self.fields.keys():
            kept = getattr(self.instance, name)
            self.fields[name].disabled = True
            # The autocomplete widget would ask the database for the name, once for each row.
            self.fields[name].widget = forms.Select(choices=[(kept.pk, str(kept))])


class MembershipInline(VisibleChoicesMixin[Any], admin.TabularInline[Membership, Any]):
    model = Membership
    form = MembershipForm
    fields = ["user", "organisation", "role", "created_at"]
    readonly_fields = ["created_at"]
    autocomplete_fields = ["user", "organisation"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        visible = visible_memberships(super().get_queryset(request), request)
        return visible.select_related("user", "organisation")


class MembershipsAdminMixin(RefusalsAsMessagesMixin):
    """Saves the rows of a `MembershipInline` through the operations."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        kept = formset.save(commit=False)
        # New owners first: an organisation whose only owner hands over has two for a moment.
        for membership in sorted(kept, key=lambda membership: membership.role != Role.OWNER):
            save_membership(membership, request)
        for membership in formset.deleted_objects:
            remove_membership(membership, request)


def visible_memberships(
    memberships: QuerySet[Membership], request: HttpRequest
) -> QuerySet[Membership]:
    return memberships.filter(pk__in=Membership.objects.visible_to(actor_of(request)).values("pk"))


def save_membership(membership: Membership, request: HttpRequest) -> None:
    save = operations.add_member if membership._state.adding else operations.change_role
    saved = save(
        organisation=membership.organisation,
        user=membership.user,
        role=Role(membership.role),
        actor=actor_of(request),
    )
    membership.pk = saved.pk


def remove_membership(membership: Membership, request: HttpRequest) -> None:
    operations.remove_member(
        organisation=membership.organisation, user=membership.user, actor=actor_of(request)
    )
