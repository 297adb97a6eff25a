from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from accounts import operations
from accounts.admin.by_role import ReadOnlyMixin
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


class HolderFilter(admin.SimpleListFilter):
    title = "held by"
    parameter_name = "holder"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("person", "A person"), ("dashboard", "The dashboard")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[DeviceSession]
    ) -> QuerySet[DeviceSession]:
        if self.value() is None:
            return queryset
        return queryset.filter(user__isnull=self.value() == "dashboard")


@admin.register(DeviceSession)
class DeviceSessionAdmin(
    RefusalsAsMessagesMixin, ReadOnlyMixin[DeviceSession], admin.ModelAdmin[DeviceSession]
):
    """One's own devices; superusers see those of all, and the dashboards that are signed in."""

    list_display = ["held_by", "device_name", "address", "created_at", "last_seen_at", "is_open"]
    list_filter = [StateFilter, HolderFilter, "last_seen_at", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email", "device_name", "address"]
    date_hierarchy = "last_seen_at"
    actions = ["end"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeviceSession]:
        sessions: QuerySet[DeviceSession] = super().get_queryset(request)
        actor = actor_of(request)
        return sessions if actor.is_superuser else sessions.filter(user=actor)

    def has_view_permission(self, request: HttpRequest, obj: DeviceSession | None = None) -> bool:
        # A device is nobody's but its user's, whatever their roles are.
        actor = actor_of(request)
        is_theirs = obj is None or actor.is_superuser or obj.user_id == actor.pk
        return is_theirs and super().has_view_permission(request, obj)

    @admin.display(description="held by", ordering="user__username")
    def held_by(self, session: DeviceSession) -> str:
        return str(session.user or "dashboard")

    @admin.display(description="open", boolean=True)
    def is_open(self, session: DeviceSession) -> bool:
        return session.is_open(timezone.now())

    @admin.action(description="Sign these devices out", permissions=["view"])
    def end(self, request: HttpRequest, sessions: QuerySet[DeviceSession]) -> None:
        chosen = list(sessions)
        ended = operations.end_sessions(sessions=chosen, actor=actor_of(request))
        for session in chosen:
            self.log_change(request, session, "Signed out by staff.")
        devices = ngettext("device", "devices", ended)
        self.message_user(request, f"Signed out {ended} {devices}.", messages.SUCCESS)
