"""Pages that open by the role in the organisation which a row belongs to, and pages for superusers.

Model permissions open lists: `accounts.backends` adds those of the roles. Here each row asks for
the role in its own organisation, so that an owner of one club stays a member in another.
"""

from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

from accounts import rights
from accounts.admin.refusals import actor_of

Row = TypeVar("Row", bound=Model)


class VisibleChoicesMixin(BaseModelAdmin[Row]):
    """A form takes, and names, only rows that the other row's own list would show.

    Django offers all rows there are, and would write the name of a hidden one on the page.
    """

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> QuerySet[Any] | None:
        try:
            related = self.admin_site.get_model_admin(db_field.remote_field.model)
        except NotRegistered:
            return super().get_field_queryset(db, db_field, request)
        return related.get_queryset(request)


class GuardedLookupsMixin(admin.ModelAdmin[Row]):
    """Nobody filters a list by what its pages do not show: it would tell it, bit by bit."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        if any(word in lookup for word in ("token", "password", "master_key")):
            return False
        # What refers to a row may belong to other organisations than the row's reader.
        referring = {relation.name for relation in self.opts.related_objects}
        if lookup.partition(LOOKUP_SEP)[0] in referring and not actor_of(request).is_superuser:
            return False
        return super().lookup_allowed(lookup, value, request)


class RoleAdmin(VisibleChoicesMixin[Row], GuardedLookupsMixin[Row]):
    """Rows of organisations, opened by the role there."""

    def organisation_id(self, row: Row) -> UUID:
        """The organisation whose role decides about this row."""
        return cast("UUID", row.organisation_id)  # type: ignore[attr-defined]

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return super().has_view_permission(request, obj) and self.opens(request, "view", obj)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return super().has_change_permission(request, obj) and self.opens(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self.opens(request, "delete", obj)

    def opens(self, request: HttpRequest, right: str, row: Row | None) -> bool:
        if row is None or row._state.adding:
            return True
        label = self.opts.label_lower
        return rights.may(actor_of(request), label, right, self.organisation_id(row))


class ReadOnlyMixin(BaseModelAdmin[Row]):
    """Rows that only operations write: the pages show them and offer actions."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SuperuserOnlyMixin(BaseModelAdmin[Row]):
    """Rows of the platform: no role opens them, nor does a permission given by name."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        # Django looks a row up before it asks who may: to others there is none.
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.none()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and super().has_delete_permission(request, obj)
