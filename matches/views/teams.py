from typing import Final
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of, organisation_for
from core.api import documented
from core.api.answers import (
    base_version,
    created,
    find,
    read_filters,
    read_form,
    unless_held,
    versioned,
)
from core.api.idempotency import IdempotentMixin
from core.api.pages import page_of
from core.api.pagination import page
from core.api.preconditions import etag, require_match
from core.api.schema import errors
from matches.models import Team
from matches.operations.roster import create_team, delete_team, update_team
from matches.serializers.teams import (
    TeamChangesSerializer,
    TeamDraftSerializer,
    TeamFilterSerializer,
    TeamSerializer,
    team_document,
)

TAG: Final = "teams"
SORTS: Final = {"name": "name", "created_at": "created_at"}
DEFAULT_SORT: Final = "name"
LOOKUPS: Final = {
    "organisation": "organisation_id",
    "is_opponent": "is_opponent",
    "q": "name__icontains",
}


class TeamsView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="teams_list",
        summary="Teams of your organisations",
        tags=[TAG],
        parameters=[TeamFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(TeamSerializer), **errors(*documented.LISTED)},
    )
    def get(self, request: Request) -> Response:
        wanted = read_filters(TeamFilterSerializer, request)
        teams = Team.objects.visible_to(actor_of(request))
        return page(
            teams.filter(**{LOOKUPS[name]: value for name, value in wanted.items()}),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [team_document(team) for team in rows],
            filters=LOOKUPS,
        )

    @extend_schema(
        operation_id="teams_create",
        summary="Add a team",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=TeamDraftSerializer,
        responses={201: TeamSerializer, **errors(*documented.POSTED)},
    )
    def post(self, request: Request) -> Response:
        fields = dict(read_form(TeamDraftSerializer, request).validated_data)
        organisation = organisation_for(request, fields.pop("organisation_id", None))
        team = create_team(actor=actor_of(request), organisation=organisation, **fields)
        location = reverse("team", args=[team.pk])
        return created(team_document(team), location, team.version)


class TeamView(APIView):
    @extend_schema(
        operation_id="teams_get",
        summary="One team",
        tags=[TAG],
        parameters=[documented.IF_NONE_MATCH],
        responses={200: TeamSerializer, 304: None, **errors(*documented.READ)},
    )
    def get(self, request: Request, team_id: UUID) -> Response:
        team = _visible(request, team_id)
        return unless_held(request, team_document(team), etag(team.version))

    @extend_schema(
        operation_id="teams_update",
        summary="Change a team",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        request=TeamChangesSerializer(partial=True),
        responses={200: TeamSerializer, **errors(*documented.CHANGED)},
    )
    def patch(self, request: Request, team_id: UUID) -> Response:
        team = _visible(request, team_id)
        form = read_form(TeamChangesSerializer, request, partial=True)
        changed = update_team(
            team=team,
            actor=actor_of(request),
            changes=form.validated_data,
            base_version=base_version(request, team.version),
        )
        return versioned(team_document(changed), changed.version)

    @extend_schema(
        operation_id="teams_delete",
        summary="Delete a team that has no matches",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        responses={204: None, **errors(*documented.REMOVED)},
    )
    def delete(self, request: Request, team_id: UUID) -> Response:
        team = _visible(request, team_id)
        require_match(request, team.version)
        delete_team(team=team, actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _visible(request: Request, team_id: UUID) -> Team:
    return find(Team.objects.visible_to(actor_of(request)), team_id)
