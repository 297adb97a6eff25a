"""Matches in admin: the header is edited, the game itself is moved on by actions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.by_role import GuardedLookupsMixin
from matches.admin.actions import lifecycle_action, reasoned_action
from matches.admin.owned import EditedAdmin, Operations, ReadOnlyInline, acting_user, of_mine
from matches.admin.scorers import MatchScorerInline, ScorersAdminMixin
from matches.models import Format, LineupPlayer, Match, MatchEvent, Pause, Period, ShareLink
from matches.operations import lifecycle
from matches.operations.matches import create_match, delete_match, update_match

HEADER = [
    "season",
    "format",
    "home_team",
    "away_team",
    "competition",
    "round",
    "venue",
    "kickoff_at",
]


@admin.register(Format)
class FormatAdmin(GuardedLookupsMixin[Format]):
    list_display = [
        "name",
        "regular_periods",
        "regular_minutes",
        "extra_time_periods",
        "extra_time_minutes",
        "has_shootout",
        "players_on_pitch",
    ]
    list_filter = ["players_on_pitch", "has_shootout"]
    search_fields = ["name"]

    # Formats serve every club, and a match that was played keeps the rules it was played by.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return acting_user(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Format | None = None) -> bool:
        is_used = obj is not None and obj.matches.exists()
        return acting_user(request).is_superuser and not is_used

    def has_delete_permission(self, request: HttpRequest, obj: Format | None = None) -> bool:
        return self.has_change_permission(request, obj)


class MatchForm(forms.ModelForm[Match]):
    class Meta:
        model = Match
        fields = ["organisation", *HEADER]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        organisation = cleaned.get("organisation")
        owner_id = organisation.pk if organisation else self.instance.organisation_id
        for field in ("home_team", "away_team", "season"):
            row = cleaned.get(field)
            if row and row.organisation_id != owner_id:
                self.add_error(field, f"{row} belongs to another organisation.")
        return cleaned


class PeriodInline(ReadOnlyInline):
    model = Period
    fields = ["number", "kind", "length_ms", "started_at", "ended_at", "paused"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Period]:
        return super().get_queryset(request).prefetch_related("pauses")

    @admin.display(description="Pauses", empty_value="none")
    def paused(self, period: Period) -> str:
        return ", ".join(_spell(pause) for pause in period.pauses.all())


def _spell(pause: Pause) -> str:
    started = f"{pause.started_at:%H:%M:%S}"
    return f"{started} to {pause.ended_at:%H:%M:%S}" if pause.ended_at else f"since {started}"


class LineupInline(ReadOnlyInline):
    model = LineupPlayer
    fields = ["team", "number", "player", "role", "position", "is_captain"]
    verbose_name_plural = "line-ups"

    def get_queryset(self, request: HttpRequest) -> QuerySet[LineupPlayer]:
        return super().get_queryset(request).select_related("team", "player")


class EventInline(ReadOnlyInline):
    model = MatchEvent
    fields = ["period", "clock_ms", "kind", "team", "player", "outcome", "version", "voided_at"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatchEvent]:
        return MatchEvent.objects.in_order().select_related("team", "player")


class ShareLinkInline(ReadOnlyInline):
    model = ShareLink
    fields = ["label", "name_policy", "token_prefix", "created_at", "expires_at", "revoked_at"]
    show_change_link = True


@admin.register(Match)
class MatchAdmin(ScorersAdminMixin, EditedAdmin[Match]):
    form = MatchForm
    list_display = ["__str__", "kickoff_at", "status", "score", "competition", "organisation"]
    list_filter = ["status", of_mine("organisation"), of_mine("season")]
    list_select_related = ["home_team", "away_team", "organisation"]
    search_fields = ["home_team__name", "away_team__name", "competition", "venue"]
    search_help_text = "Team, competition or venue"
    date_hierarchy = "kickoff_at"
    autocomplete_fields = ["organisation", "season", "format", "home_team", "away_team"]
    readonly_fields = ["status", "status_reason", "score", "version", "created_by", "updated_at"]
    inlines = [PeriodInline, LineupInline, EventInline, MatchScorerInline, ShareLinkInline]
    actions = [
        lifecycle_action("Kick off", lifecycle.start_match),
        lifecycle_action("Pause the clock", lifecycle.pause_match),
        lifecycle_action("Resume the clock", lifecycle.resume_match),
        lifecycle_action("End the period", lifecycle.end_period),
        lifecycle_action("Start the next period", lifecycle.start_period),
        lifecycle_action("Full time", lifecycle.complete_match),
        reasoned_action("Abandon", lifecycle.abandon_match),
        reasoned_action("Postpone", lifecycle.postpone_match, "change"),
        reasoned_action("Cancel", lifecycle.cancel_match, "change"),
        reasoned_action("Reopen after full time", lifecycle.reopen_match),
    ]

    operations = Operations(
        create=create_match,
        update=lambda row, **said: update_match(match=row, **said),
        delete=lambda row, **said: delete_match(match=row, **said),
    )

    def get_inlines(self, request: HttpRequest, obj: Match | None) -> list[Any]:
        """Nobody can be given a match that is still to be made."""
        hidden = set() if obj else {MatchScorerInline}
        return [inline for inline in super().get_inlines(request, obj) if inline not in hidden]

    @admin.display(description="Score")
    def score(self, match: Match) -> str:
        score = f"{match.home_goals}-{match.away_goals}"
        if match.home_shootout_goals is None:
            return score
        return f"{score} ({match.home_shootout_goals}-{match.away_shootout_goals} p)"
