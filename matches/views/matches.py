from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of, organisation_for
from core.api import documented
from core.api.answers import base_version, created, named, read_filters, read_form, versioned
from core.api.idempotency import IdempotentMixin
from core.api.pages import page_of
from core.api.pagination import page
from core.api.preconditions import require_match
from core.api.schema import errors
from matches.models import Format, Match, Season, Team
from matches.models.match import MatchQuerySet
from matches.operations.matches import create_match, delete_match, update_match
from matches.policies import can_log_events
from matches.serializers.matches import (
    MatchChangesSerializer,
    MatchDraftSerializer,
    MatchFilterSerializer,
    MatchForCallerSerializer,
    MatchSerializer,
    match_document,
)
from matches.views.lookup import visible_match, visible_match_with_teams

TAG: Final = "matches"
SORTS: Final = {"kickoff_at": "kickoff_at", "created_at": "created_at"}
DEFAULT_SORT: Final = "-kickoff_at"
LOOKUPS: Final = {
    "organisation": "organisation_id",
    "season": "season_id",
    "status": "status",
    "from": "kickoff_at__gte",
    "to": "kickoff_at__lt",
}
SEARCHED: Final = ("home_team__name", "away_team__name", "competition", "round", "venue")


class MatchesView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="matches_list",
        summary="Matches of your organisations",
        tags=[TAG],
        parameters=[MatchFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(MatchSerializer), **errors(*documented.LISTED)},
    )
    def get(self, request: Request) -> Response:
        wanted = read_filters(MatchFilterSerializer, request)
        matches = Match.objects.visible_to(actor_of(request)).with_teams()
        return page(
            _narrowed(matches, wanted),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [match_document(match) for match in rows],
            filters={*LOOKUPS, "team", "q"},
        )

    @extend_schema(
        operation_id="matches_create",
        summary="Schedule a match",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=MatchDraftSerializer,
        responses={201: MatchSerializer, **errors(*documented.POSTED)},
    )
    def post(self, request: Request) -> Response:
        fields = dict(read_form(MatchDraftSerializer, request).validated_data)
        organisation = organisation_for(request, fields.pop("organisation_id", None))
        match = create_match(
            actor=actor_of(request), organisation=organisation, **_with_rows(request, fields)
        )
        location = reverse("match", args=[match.pk])
        return created(match_document(match), location, match.version)


class MatchView(APIView):
    # No 304: the tag is the version of the match, but the body also names its teams, and what its
    # reader may do.
    @extend_schema(
        operation_id="matches_get",
        summary="One match, and whether you may log it",
        tags=[TAG],
        responses={200: MatchForCallerSerializer, **errors(*documented.READ)},
    )
    def get(self, request: Request, match_id: UUID) -> Response:
        match = visible_match_with_teams(request, match_id)
        can_log = can_log_events(actor_of(request), match)
        return versioned(match_document(match) | {"can_log": can_log}, match.version)

    @extend_schema(
        operation_id="matches_replace",
        summary="Set the whole header of a match",
        description="A field left out gets its default, but the format stays.",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        request=MatchChangesSerializer,
        responses={200: MatchSerializer, **errors(*documented.CHANGED)},
    )
    def put(self, request: Request, match_id: UUID) -> Response:
        return self._update(request, match_id, partial=False)

    @extend_schema(
        operation_id="matches_update",
        summary="Change the header of a match",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        request=MatchChangesSerializer(partial=True),
        responses={200: MatchSerializer, **errors(*documented.CHANGED)},
    )
    def patch(self, request: Request, match_id: UUID) -> Response:
        return self._update(request, match_id, partial=True)

    @extend_schema(
        operation_id="matches_delete",
        summary="Delete a match that is not being played",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        responses={204: None, **errors(*documented.REMOVED)},
    )
    def delete(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        require_match(request, match.version)
        delete_match(match=match, actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _update(self, request: Request, match_id: UUID, *, partial: bool) -> Response:
        match = visible_match(request, match_id)
        form = read_form(MatchChangesSerializer, request, partial=partial)
        changed = update_match(
            match=match,
            actor=actor_of(request),
            changes=_with_rows(request, form.validated_data),
            base_version=base_version(request, match.version),
        )
        return versioned(match_document(changed), changed.version)


def _narrowed(matches: MatchQuerySet, wanted: dict[str, Any]) -> MatchQuerySet:
    matches = matches.filter(
        **{LOOKUPS[name]: value for name, value in wanted.items() if name in LOOKUPS}
    )
    if "team" in wanted:
        matches = matches.filter(Q(home_team=wanted["team"]) | Q(away_team=wanted["team"]))
    if "q" in wanted:
        found = Q()
        for field in SEARCHED:
            found |= Q(**{f"{field}__icontains": wanted["q"]})
        matches = matches.filter(found)
    return matches


def _with_rows(request: Request, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the rows that their ids name, as far as the caller may see them."""
    actor = actor_of(request)
    sources = {
        "season": Season.objects.visible_to(actor),
        "format": Format.objects.all(),
        "home_team": Team.objects.visible_to(actor),
        "away_team": Team.objects.visible_to(actor),
    }
    values = {name: value for name, value in fields.items() if not name.endswith("_id")}
    for name, rows in sources.items():
        field = f"{name}_id"
        if field in fields:
            pk = fields[field]
            values[name] = None if pk is None else named(rows, pk, field)
    return values
