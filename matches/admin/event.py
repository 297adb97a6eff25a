from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.by_role import ReadOnlyMixin
from matches.admin.owned import OwnedAdmin, ReadOnlyInline, acting_user
from matches.models import EventRevision, MatchEvent
from matches.operations.events import void_event
from matches.rules.clock import timestamp_label


class RevisionInline(ReadOnlyInline):
    model = EventRevision
    fields = ["version", "changed_by", "changed_at", "reason", "before", "after"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventRevision]:
        return super().get_queryset(request).select_related("changed_by")


@admin.register(MatchEvent)
class MatchEventAdmin(ReadOnlyMixin[MatchEvent], OwnedAdmin[MatchEvent]):
    """Events are changed by operations only, so that score, history and feed follow."""

    list_display = ["match", "kind", "team", "player", "period", "clock", "outcome", "is_voided"]
    list_filter = ["kind", "outcome", ("voided_at", admin.EmptyFieldListFilter)]
    list_select_related = ["match__home_team", "match__away_team", "team", "player"]
    search_fields = ["match__home_team__name", "match__away_team__name", "player__name"]
    search_help_text = "Team or player"
    inlines = [RevisionInline]
    actions = ["void"]
    exclude = ["content_digest"]

    def organisation_id(self, row: MatchEvent) -> UUID:
        return row.match.organisation_id

    @admin.display(description="Clock", ordering="clock_ms")
    def clock(self, event: MatchEvent) -> str:
        return timestamp_label(0, event.clock_ms) or "not noted"

    @admin.display(description="Voided", boolean=True, ordering="voided_at")
    def is_voided(self, event: MatchEvent) -> bool:
        return event.voided_at is not None

    @admin.action(description="Void the selected events", permissions=["score"])
    def void(self, request: HttpRequest, queryset: QuerySet[MatchEvent]) -> None:
        actor = acting_user(request)

        def operation(event: MatchEvent) -> Any:
            return void_event(event=event, actor=actor, base_version=None, reason="voided in admin")

        self.run_for_each(request, queryset, operation, "Voided")
