"""Superusers may look at the feed, which holds the matches of every club; only operations write."""

from typing import TypeVar

from django.contrib import admin
from django.db.models import Model

from accounts.admin.by_role import ReadOnlyMixin, SuperuserOnlyMixin
from realtime.models import FeedEntry, FeedHead

Row = TypeVar("Row", bound=Model)


class FeedAdmin(SuperuserOnlyMixin[Row], ReadOnlyMixin[Row], admin.ModelAdmin[Row]):
    # Counting a table that only grows would take longer than showing a page of it.
    show_full_result_count = False
    list_per_page = 50


@admin.register(FeedHead)
class FeedHeadAdmin(FeedAdmin[FeedHead]):
    list_display = ["topic", "last_seq", "epoch"]
    search_fields = ["topic__startswith"]
    search_help_text = "The beginning of a topic, for example match."


@admin.register(FeedEntry)
class FeedEntryAdmin(FeedAdmin[FeedEntry]):
    list_display = ["topic", "seq", "kind", "is_public", "created_at"]
    list_filter = ["kind"]
    search_fields = ["topic__startswith"]
    search_help_text = "The beginning of a topic, for example match."
    ordering = ["-id"]

    @admin.display(boolean=True, description="Seen by viewers")
    def is_public(self, entry: FeedEntry) -> bool:
        return entry.public_payload is not None
