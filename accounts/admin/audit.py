"""The audit trail: read by those who answer for it, written and changed by nobody."""

import json
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from import_export.admin import ExportMixin
from import_export.forms import ExportForm

from accounts.admin.audit_export import FORMATS, AuditEntryResource
from accounts.admin.by_role import ReadOnlyMixin, RoleAdmin
from accounts.admin.refusals import actor_of
from accounts.models import AuditEntry, User
from accounts.operations.trail_exports import record_audit_export


class PersonFilter(admin.SimpleListFilter):
    """The trail of one person, as their page links to it."""

    title = "person"
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        try:
            chosen = UUID(self.value() or "")
        except ValueError:
            return []
        people = model_admin.admin_site.get_model_admin(User).get_queryset(request)
        return [(str(person.pk), str(person)) for person in people.filter(pk=chosen)]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        if not self.value():
            return queryset
        person = UUID(self.value())
        return queryset.filter(Q(actor_id=person) | Q(subject_id=person))


@admin.register(AuditEntry)
class AuditEntryAdmin(
    ExportMixin,  # type: ignore[misc]  # untyped package
    ReadOnlyMixin[AuditEntry],
    RoleAdmin[AuditEntry],
):
    list_display = ["at", "action", "who", "organisation", "subject", "target", "address"]
    list_filter = [
        PersonFilter,
        ("action", admin.AllValuesFieldListFilter),
        "actor_kind",
        ("organisation", admin.RelatedOnlyFieldListFilter),
        "at",
    ]
    list_select_related = ["actor", "organisation", "subject"]
    search_fields = ["actor__username", "subject__username", "target", "address", "request_id"]
    search_help_text = "Person, target, address or request id"
    date_hierarchy = "at"
    show_full_result_count = False
    fields = [
        "at",
        "action",
        "actor_kind",
        "actor",
        "organisation",
        "subject",
        "target",
        "address",
        "request_id",
        "all_details",
    ]
    readonly_fields = ["all_details"]

    resource_classes = [AuditEntryResource]
    export_formats = FORMATS
    export_form_class = ExportForm
    export_template_name = "admin/accounts/auditentry/export.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        visible = AuditEntry.objects.visible_to(actor_of(request))
        entries: QuerySet[AuditEntry] = super().get_queryset(request)
        return entries.filter(pk__in=visible.values("pk")).select_related(*self.list_select_related)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).has_perm("accounts.export_auditentry")

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[UUID]:
        # What is exported is chosen by the filters of the list, never by a list of ids.
        return []

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: QuerySet[AuditEntry], **kwargs: Any
    ) -> Any:
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        record_audit_export(
            actor=actor_of(request), entries=queryset, file_format=file_format.get_extension()
        )
        return data

    @admin.display(description="who", ordering="actor__username")
    def who(self, entry: AuditEntry) -> str:
        return str(entry.actor or entry.get_actor_kind_display())

    @admin.display(description="details")
    def all_details(self, entry: AuditEntry) -> str:
        return format_html("<pre>{}</pre>", json.dumps(entry.details, indent=2, sort_keys=True))
