"""Seasons, teams, players and squads in admin, each change through its operation."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from accounts.admin.by_role import VisibleChoicesMixin
from matches.admin.owned import EditedAdmin, Operations, acting_user, of_mine
from matches.models import Player, Season, SquadMembership, Team
from matches.operations import roster
from matches.operations.squads import SQUAD_FIELDS, add_to_squad, change_squad_membership


@admin.register(Season)
class SeasonAdmin(EditedAdmin[Season]):
    list_display = ["name", "organisation", "starts_on", "ends_on"]
    list_filter = [of_mine("organisation")]
    list_select_related = ["organisation"]
    search_fields = ["name", "organisation__name"]
    autocomplete_fields = ["organisation"]
    date_hierarchy = "starts_on"
    operations = Operations(
        create=roster.create_season,
        update=lambda row, **said: roster.update_season(season=row, **said),
        delete=lambda row, **said: roster.delete_season(season=row, **said),
    )


class SquadMembershipForm(forms.ModelForm[SquadMembership]):
    """A membership keeps its player and team; another player is another membership."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            return
        for name in {"player", "team"} & self.fields.keys():
            kept = getattr(self.instance, name)
            self.fields[name].disabled = True
            # The autocomplete widget would ask the database for the name, once for each row.
            self.fields[name].widget = forms.Select(choices=[(kept.pk, str(kept))])


class SquadMembershipInline(VisibleChoicesMixin[Any], admin.TabularInline[SquadMembership, Any]):
    model = SquadMembership
    form = SquadMembershipForm
    # Whoever leaves gets a date: the row stays, for the matches played meanwhile.
    can_delete = False
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[SquadMembership]:
        return super().get_queryset(request).select_related("team", "player")


class SquadInline(SquadMembershipInline):
    fields = ["number", "player", "joined_on", "left_on"]
    autocomplete_fields = ["player"]


class SquadsOfPlayerInline(SquadMembershipInline):
    fields = ["team", "number", "joined_on", "left_on"]
    autocomplete_fields = ["team"]


class SquadsAdminMixin:
    """Saves the rows of a `SquadMembershipInline` through the operations."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        actor = acting_user(request)
        for row in formset.save(commit=False):
            values = {name: getattr(row, name) for name in SQUAD_FIELDS}
            if row._state.adding:
                add_to_squad(team=row.team, player=row.player, actor=actor, **values)
            else:
                change_squad_membership(membership=row, actor=actor, changes=values)


@admin.register(Team)
class TeamAdmin(SquadsAdminMixin, EditedAdmin[Team]):
    list_display = ["name", "short_name", "organisation", "is_opponent", "squad_size"]
    list_filter = ["is_opponent", of_mine("organisation")]
    list_select_related = ["organisation"]
    search_fields = ["name", "short_name"]
    # Counting takes the order of the model away, and pages need one.
    ordering = ["name", "pk"]
    autocomplete_fields = ["organisation"]
    readonly_fields = ["created_at"]
    inlines = [SquadInline]
    operations = Operations(
        create=roster.create_team,
        update=lambda row, **said: roster.update_team(team=row, **said),
        delete=lambda row, **said: roster.delete_team(team=row, **said),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        in_squad = Count("squad", filter=Q(squad__left_on=None), distinct=True)
        return super().get_queryset(request).annotate(current_squad=in_squad)

    @admin.display(description="Squad", ordering="current_squad")
    def squad_size(self, team: Any) -> int:
        return int(team.current_squad)


@admin.register(Player)
class PlayerAdmin(SquadsAdminMixin, EditedAdmin[Player]):
    list_display = ["name", "position", "birth_date", "name_consent", "organisation"]
    list_filter = ["name_consent", "position", of_mine("organisation")]
    list_select_related = ["organisation"]
    search_fields = ["name"]
    autocomplete_fields = ["organisation"]
    readonly_fields = ["created_at"]
    inlines = [SquadsOfPlayerInline]
    operations = Operations(
        create=roster.create_player,
        update=lambda row, **said: roster.update_player(player=row, **said),
        delete=lambda row, **said: roster.delete_player(player=row, **said),
    )
