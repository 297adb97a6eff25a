from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from accounts import operations
from accounts.admin.refusals import RefusalsAsMessagesMixin, actor_of
from accounts.models import DeviceSession


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("ended", "Ended")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[DeviceSession]
    ) -> QuerySet[DeviceSession]:
        if self.value() is None:
            return queryset
        is_open = DeviceSession.objects.open_at(timezone.now()).values("pk")
        if self.value() == "open":
            return queryset.filter(pk__in=is_open)
        return queryset.exclude(pk__in=is_open)


@admin.register(DeviceSession)
class DeviceSessionAdmin(RefusalsAsMessagesMixin, admin.ModelAdmin[DeviceSession]):
    list_display = ["user", "device_name", "address", "created_at", "last_seen_at", "is_open"]
    list_filter = [StateFilter, "last_seen_at", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email", "device_name", "address"]
    date_hierarchy = "last_seen_at"
    actions = ["end"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DeviceSession | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DeviceSession | None = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).has_perm("accounts.change_devicesession")

    @admin.display(description="open", boolean=True)
    def is_open(self, session: DeviceSession) -> bool:
        return session.is_open(timezone.now())

    @admin.action(description="Sign these devices out", permissions=["end"])
    def end(self, request: HttpRequest, sessions: QuerySet[DeviceSession]) -> None:
        chosen = list(sessions)
        ended = operations.end_sessions(sessions=chosen, actor=actor_of(request))
        for session in chosen:
            self.log_change(request, session, "Signed out by staff.")
        devices = ngettext("device", "devices", ended)
        self.message_user(request, f"Signed out {ended} {devices}.", messages.SUCCESS)
