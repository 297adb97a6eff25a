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
from matches.models import Season
from matches.operations.roster import create_season, delete_season, update_season
from matches.serializers.seasons import (
    SeasonChangesSerializer,
    SeasonDraftSerializer,
    SeasonFilterSerializer,
    SeasonSerializer,
    season_document,
)

TAG: Final = "teams"
SORTS: Final = {"name": "name", "starts_on": "starts_on"}
DEFAULT_SORT: Final = "-starts_on"
LOOKUPS: Final = {"organisation": "organisation_id", "q": "name__icontains"}


class SeasonsView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="seasons_list",
        summary="Seasons of your organisations",
        tags=[TAG],
        parameters=[SeasonFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(SeasonSerializer), **errors(*documented.LISTED)},
    )
    def get(self, request: Request) -> Response:
        wanted = read_filters(SeasonFilterSerializer, request)
        seasons = Season.objects.visible_to(actor_of(request))
        return page(
            seasons.filter(**{LOOKUPS[name]: value for name, value in wanted.items()}),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [season_document(season) for season in rows],
            filters=LOOKUPS,
        )

    @extend_schema(
        operation_id="seasons_create",
        summary="Add a season",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=SeasonDraftSerializer,
        responses={201: SeasonSerializer, **errors(*documented.POSTED)},
    )
    def post(self, request: Request) -> Response:
        fields = dict(read_form(SeasonDraftSerializer, request).validated_data)
        organisation = organisation_for(request, fields.pop("organisation_id", None))
        season = create_season(actor=actor_of(request), organisation=organisation, **fields)
        location = reverse("season", args=[season.pk])
        return created(season_document(season), location, season.version)


class SeasonView(APIView):
    @extend_schema(
        operation_id="seasons_get",
        summary="One season",
        tags=[TAG],
        parameters=[documented.IF_NONE_MATCH],
        responses={200: SeasonSerializer, 304: None, **errors(*documented.READ)},
    )
    def get(self, request: Request, season_id: UUID) -> Response:
        season = _visible(request, season_id)
        return unless_held(request, season_document(season), etag(season.version))

    @extend_schema(
        operation_id="seasons_update",
        summary="Change a season",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        request=SeasonChangesSerializer(partial=True),
        responses={200: SeasonSerializer, **errors(*documented.CHANGED)},
    )
    def patch(self, request: Request, season_id: UUID) -> Response:
        season = _visible(request, season_id)
        form = read_form(SeasonChangesSerializer, request, partial=True)
        changed = update_season(
            season=season,
            actor=actor_of(request),
            changes=form.validated_data,
            base_version=base_version(request, season.version),
        )
        return versioned(season_document(changed), changed.version)

    @extend_schema(
        operation_id="seasons_delete",
        summary="Delete a season; its matches stay",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        responses={204: None, **errors(*documented.REMOVED)},
    )
    def delete(self, request: Request, season_id: UUID) -> Response:
        season = _visible(request, season_id)
        require_match(request, season.version)
        delete_season(season=season, actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _visible(request: Request, season_id: UUID) -> Season:
    return find(Season.objects.visible_to(actor_of(request)), season_id)
