"""Superusers may look at the feed, which holds the matches of every club; only operations write."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from realtime.models import FeedEntry, FeedHead

Row = TypeVar("Row", bound=Model)


class ReadOnlyAdmin(admin.ModelAdmin[Row]):
    # Counting a table that only grows would take longer than showing a page of it.
    show_full_result_count = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(FeedHead)
class FeedHeadAdmin(ReadOnlyAdmin[FeedHead]):
    list_display = ["topic", "last_seq", "epoch"]
    search_fields = ["topic__startswith"]
    search_help_text = "The beginning of a topic, for example match."


@admin.register(FeedEntry)
class FeedEntryAdmin(ReadOnlyAdmin[FeedEntry]):
    list_display = ["topic", "seq", "kind", "is_public", "created_at"]
    list_filter = ["kind"]
    search_fields = ["topic__startswith"]
    search_help_text = "The beginning of a topic, for example match."
    ordering = ["-id"]

    @admin.display(boolean=True, description="Seen by viewers")
    def is_public(self, entry: FeedEntry) -> bool:
        return entry.public_payload is not None
