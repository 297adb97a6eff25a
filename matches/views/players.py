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
from matches.models import Player, SquadMembership
from matches.operations.roster import create_player, delete_player, update_player
from matches.serializers.players import (
    PlayerChangesSerializer,
    PlayerDraftSerializer,
    PlayerFilterSerializer,
    PlayerSerializer,
    player_document,
)

TAG: Final = "players"
SORTS: Final = {"name": "name", "created_at": "created_at"}
DEFAULT_SORT: Final = "name"
LOOKUPS: Final = {"organisation": "organisation_id", "q": "name__icontains"}


class PlayersView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="players_list",
        summary="Players of your organisations",
        tags=[TAG],
        parameters=[PlayerFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(PlayerSerializer), **errors(*documented.LISTED)},
    )
    def get(self, request: Request) -> Response:
        wanted = read_filters(PlayerFilterSerializer, request)
        actor = actor_of(request)
        players = Player.objects.visible_to(actor)
        if "team" in wanted:
            squads = SquadMembership.objects.visible_to(actor).current()
            squad = squads.filter(team_id=wanted.pop("team"))
            players = players.filter(pk__in=squad.values("player_id"))
        return page(
            players.filter(**{LOOKUPS[name]: value for name, value in wanted.items()}),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [player_document(player) for player in rows],
            filters={*LOOKUPS, "team"},
        )

    @extend_schema(
        operation_id="players_create",
        summary="Add a player",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=PlayerDraftSerializer,
        responses={201: PlayerSerializer, **errors(*documented.POSTED)},
    )
    def post(self, request: Request) -> Response:
        fields = dict(read_form(PlayerDraftSerializer, request).validated_data)
        organisation = organisation_for(request, fields.pop("organisation_id", None))
        player = create_player(actor=actor_of(request), organisation=organisation, **fields)
        location = reverse("player", args=[player.pk])
        return created(player_document(player), location, player.version)


class PlayerView(APIView):
    @extend_schema(
        operation_id="players_get",
        summary="One player",
        tags=[TAG],
        parameters=[documented.IF_NONE_MATCH],
        responses={200: PlayerSerializer, 304: None, **errors(*documented.READ)},
    )
    def get(self, request: Request, player_id: UUID) -> Response:
        player = _visible(request, player_id)
        return unless_held(request, player_document(player), etag(player.version))

    @extend_schema(
        operation_id="players_update",
        summary="Change a player",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        request=PlayerChangesSerializer(partial=True),
        responses={200: PlayerSerializer, **errors(*documented.CHANGED)},
    )
    def patch(self, request: Request, player_id: UUID) -> Response:
        player = _visible(request, player_id)
        form = read_form(PlayerChangesSerializer, request, partial=True)
        changed = update_player(
            player=player,
            actor=actor_of(request),
            changes=form.validated_data,
            base_version=base_version(request, player.version),
        )
        return versioned(player_document(changed), changed.version)

    @extend_schema(
        operation_id="players_delete",
        summary="Delete a player who took part in no match",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        responses={204: None, **errors(*documented.REMOVED)},
    )
    def delete(self, request: Request, player_id: UUID) -> Response:
        player = _visible(request, player_id)
        require_match(request, player.version)
        delete_player(player=player, actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _visible(request: Request, player_id: UUID) -> Player:
    return find(Player.objects.visible_to(actor_of(request)), player_id)
