from typing import Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of
from core.api import documented
from core.api.answers import named, read_form
from core.api.schema import errors
from matches.models import Team
from matches.operations.lineups import set_lineup
from matches.serializers.lineups import (
    LineupDraftSerializer,
    LineupSerializer,
    LineupsSerializer,
    lineup_document,
)
from matches.views.lookup import visible_match

TAG: Final = "matches"


class LineupView(APIView):
    @extend_schema(
        operation_id="matches_lineup_get",
        summary="Both line-ups",
        tags=[TAG],
        responses={200: LineupsSerializer, **errors(*documented.READ)},
    )
    def get(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        rows = list(match.lineup.select_related("player").order_by("order", "pk"))
        home = lineup_document(match.home_team_id, rows)
        away = lineup_document(match.away_team_id, rows)
        return Response({"match_id": match.pk, "home": home, "away": away})

    @extend_schema(
        operation_id="matches_lineup_set",
        summary="Set the whole line-up of one team",
        description="The order is kept. No players: the line-up is not known.",
        tags=[TAG],
        request=LineupDraftSerializer,
        responses={200: LineupSerializer, **errors(*documented.WRITTEN)},
    )
    def put(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        form = read_form(LineupDraftSerializer, request)
        actor = actor_of(request)
        team = named(Team.objects.visible_to(actor), form.validated_data["team_id"], "team_id")
        set_lineup(match=match, actor=actor, team=team, players=form.drafts())
        rows = match.lineup.filter(team=team).select_related("player").order_by("order", "pk")
        return Response(lineup_document(team.pk, rows))
