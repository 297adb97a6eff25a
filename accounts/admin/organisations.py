from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from accounts import operations
from accounts.admin.by_role import RoleAdmin
from accounts.admin.memberships import (
    MembershipForm,
    MembershipInline,
    MembershipsAdminMixin,
    remove_membership,
    save_membership,
    visible_memberships,
)
from accounts.admin.refusals import RefusalsAsMessagesMixin, actor_of
from accounts.models import Membership, NamePolicy, Organisation, User
from accounts.queries.organisations import what_goes_with


class OrganisationAddForm(forms.ModelForm[Organisation]):
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        widget=AutocompleteSelect(Membership._meta.get_field("user"), admin.site),
    )

    class Meta:
        model = Organisation
        fields = ["name", "name_policy"]


@admin.register(Organisation)
class OrganisationAdmin(MembershipsAdminMixin, RoleAdmin[Organisation]):
    list_display = ["name", "slug", "name_policy", "members", "created_at"]
    list_filter = ["name_policy", "created_at"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    readonly_fields = ["created_at"]
    fields = ["name", "slug", "name_policy", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        visible = Organisation.objects.visible_to(actor_of(request)).values("pk")
        organisations: QuerySet[Organisation] = super().get_queryset(request)
        return organisations.filter(pk__in=visible).annotate(member_count=Count("memberships"))

    def organisation_id(self, row: Organisation) -> UUID:
        return row.pk

    def has_add_permission(self, request: HttpRequest) -> bool:
        # On somebody else's behalf; everybody founds their own by themselves.
        return actor_of(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return actor_of(request).is_superuser

    def get_inlines(
        self, request: HttpRequest, obj: Organisation | None
    ) -> list[type[InlineModelAdmin[Any, Any]]]:
        return [MembershipInline] if obj else []

    def get_fields(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        return super().get_fields(request, obj) if obj else ["name", "name_policy", "owner"]

    def get_form(
        self,
        request: HttpRequest,
        obj: Organisation | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        return super().get_form(
            request, obj, change, **({} if obj else {"form": OrganisationAddForm}), **kwargs
        )

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        actor = actor_of(request)
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            stored = Organisation.objects.get(pk=obj.pk)
            operations.update_organisation(organisation=stored, changes=changes, actor=actor)
            return
        founded = operations.create_organisation(
            name=obj.name,
            owner=form.cleaned_data["owner"],
            name_policy=NamePolicy(obj.name_policy),
            actor=actor,
        )
        obj.pk, obj.slug = founded.pk, founded.slug

    def get_deleted_objects(
        self, objs: Iterable[Organisation], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """What the page that asks once more shows: how many rows of each kind would be lost."""
        named: list[Any] = []
        lost: Counter[str] = Counter()
        for organisation in objs:
            goes = what_goes_with(organisation)
            named += [str(organisation), [f"{name}: {count}" for name, count in goes.items()]]
            lost.update(goes)
        return named, dict(lost), set(), []

    def delete_model(self, request: HttpRequest, obj: Organisation) -> None:
        # The page that named all that goes was the question; the slug is the answer to it.
        operations.delete_organisation(
            organisation=obj, confirmation=obj.slug, actor=actor_of(request)
        )

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> None:
        for organisation in queryset:
            self.delete_model(request, organisation)

    @admin.display(description="members", ordering="member_count")
    def members(self, organisation: Any) -> int:
        return int(organisation.member_count)


@admin.register(Membership)
class MembershipAdmin(RefusalsAsMessagesMixin, RoleAdmin[Membership]):
    form = MembershipForm
    list_display = ["user", "organisation", "role", "created_at"]
    list_filter = ["role", "created_at"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__username", "organisation__name", "organisation__slug"]
    autocomplete_fields = ["user", "organisation"]
    fields = ["user", "organisation", "role", "created_at"]
    readonly_fields = ["created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return visible_memberships(super().get_queryset(request), request)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        save_membership(obj, request)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        remove_membership(obj, request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset.select_related("user", "organisation"):
            remove_membership(membership, request)
