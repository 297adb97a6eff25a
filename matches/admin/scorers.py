"""Members who log a single match, on the page of that match."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest

from accounts.models import Membership
from matches.admin.owned import acting_user
from matches.models import Match, MatchScorer
from matches.operations.scorers import assign_scorer, unassign_scorer


class MatchScorerInline(admin.TabularInline[MatchScorer, Match]):
    model = MatchScorer
    fields = ["membership", "assigned_by", "created_at"]
    readonly_fields = ["assigned_by", "created_at"]
    verbose_name_plural = "scorers of this match alone"
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatchScorer]:
        rows = super().get_queryset(request)
        return rows.select_related("membership__user", "membership__organisation", "assigned_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Somebody else is another row."""
        return False

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        if db_field.name == "membership":
            kwargs["queryset"] = _members(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ScorersAdminMixin:
    """Saves the rows of a `MatchScorerInline` through the operations."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        actor = acting_user(request)
        for row in formset.save(commit=False):
            assign_scorer(match=row.match, actor=actor, user=row.membership.user)
        for row in formset.deleted_objects:
            unassign_scorer(match=row.match, actor=actor, user=row.membership.user)


def _members(request: HttpRequest) -> QuerySet[Membership]:
    """Those of the club whose match the page is about; nobody's on any other page."""
    route: Any = request.resolver_match
    matches = Match.objects.visible_to(acting_user(request))
    matches = matches.filter(pk=route.kwargs.get("object_id"))
    members = Membership.objects.filter(organisation__in=matches.values("organisation"))
    return members.select_related("user", "organisation").order_by("user__username")
