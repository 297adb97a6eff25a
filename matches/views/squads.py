from typing import Final
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of
from core.api import documented
from core.api.answers import created, find, named, read_filters, read_form
from core.api.idempotency import IdempotentMixin
from core.api.pages import page_of
from core.api.pagination import page
from core.api.schema import errors
from matches.models import Player, SquadMembership, Team
from matches.operations.squads import add_to_squad, change_squad_membership, remove_from_squad
from matches.serializers.squads import (
    SquadFilterSerializer,
    SquadMembershipChangesSerializer,
    SquadMembershipDraftSerializer,
    SquadMembershipSerializer,
    squad_membership_document,
)

TAG: Final = "teams"
SORTS: Final = {"number": "number", "name": "player__name", "joined_on": "joined_on"}
DEFAULT_SORT: Final = "number"


class SquadView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="teams_players_list",
        summary="The squad of a team",
        tags=[TAG],
        parameters=[SquadFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(SquadMembershipSerializer), **errors(*documented.LISTED, 404)},
    )
    def get(self, request: Request, team_id: UUID) -> Response:
        team = _visible_team(request, team_id)
        wanted = read_filters(SquadFilterSerializer, request)
        members = team.squad.filter(left_on__isnull=wanted["current"])
        return page(
            members.select_related("player"),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [squad_membership_document(row) for row in rows],
            filters=wanted,
        )

    @extend_schema(
        operation_id="teams_players_add",
        summary="Add a player to the squad",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=SquadMembershipDraftSerializer,
        responses={201: SquadMembershipSerializer, **errors(*documented.POSTED)},
    )
    def post(self, request: Request, team_id: UUID) -> Response:
        team = _visible_team(request, team_id)
        fields = dict(read_form(SquadMembershipDraftSerializer, request).validated_data)
        players = Player.objects.visible_to(actor_of(request))
        player = named(players, fields.pop("player_id"), "player_id")
        membership = add_to_squad(team=team, actor=actor_of(request), player=player, **fields)
        location = reverse("squad-membership", args=[team.pk, membership.pk])
        return created(squad_membership_document(membership), location)


class SquadMembershipView(APIView):
    @extend_schema(
        operation_id="teams_players_update",
        summary="Change a squad number or the dates of a membership",
        tags=[TAG],
        request=SquadMembershipChangesSerializer(partial=True),
        responses={200: SquadMembershipSerializer, **errors(*documented.WRITTEN)},
    )
    def patch(self, request: Request, team_id: UUID, membership_id: UUID) -> Response:
        membership = _visible(request, team_id, membership_id)
        form = read_form(SquadMembershipChangesSerializer, request, partial=True)
        changed = change_squad_membership(
            membership=membership, actor=actor_of(request), changes=form.validated_data
        )
        return Response(squad_membership_document(changed))

    @extend_schema(
        operation_id="teams_players_remove",
        summary="Let a player leave the squad today",
        description="The membership stays on record with its last day.",
        tags=[TAG],
        responses={204: None, **errors(*documented.ENDED)},
    )
    def delete(self, request: Request, team_id: UUID, membership_id: UUID) -> Response:
        membership = _visible(request, team_id, membership_id)
        remove_from_squad(membership=membership, actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _visible_team(request: Request, team_id: UUID) -> Team:
    return find(Team.objects.visible_to(actor_of(request)), team_id)


def _visible(request: Request, team_id: UUID, membership_id: UUID) -> SquadMembership:
    members = SquadMembership.objects.visible_to(actor_of(request)).filter(team_id=team_id)
    return find(members, membership_id)
