"""Members who log single matches; scorers of the organisation log all, and are not listed."""

from typing import Final
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of
from accounts.models import User
from core.api import documented
from core.api.answers import created, find, named, read_form
from core.api.idempotency import IdempotentMixin
from core.api.pages import page_of
from core.api.pagination import page
from core.api.schema import errors
from matches.operations.scorers import assign_scorer, unassign_scorer
from matches.serializers.scorers import (
    MatchScorerDraftSerializer,
    MatchScorerSerializer,
    match_scorer_document,
)
from matches.views.lookup import visible_match

TAG: Final = "matches"
SORTS: Final = {"assigned_at": "created_at", "username": "membership__user__username"}
DEFAULT_SORT: Final = "assigned_at"


class MatchScorersView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="matches_scorers_list",
        summary="Members who were given this match to log",
        tags=[TAG],
        parameters=documented.paged(SORTS, DEFAULT_SORT),
        responses={200: page_of(MatchScorerSerializer), **errors(*documented.LISTED, 404)},
    )
    def get(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        return page(
            match.scorers.select_related("membership__user"),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [match_scorer_document(scorer) for scorer in rows],
        )

    @extend_schema(
        operation_id="matches_scorers_assign",
        summary="Let a member log this match",
        description="200 when the member had it already. Scorers and managers log every match.",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=MatchScorerDraftSerializer,
        responses={
            200: MatchScorerSerializer,
            201: MatchScorerSerializer,
            **errors(*documented.POSTED),
        },
    )
    def post(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        actor = actor_of(request)
        user_id = read_form(MatchScorerDraftSerializer, request).validated_data["user_id"]
        user = named(User.objects.visible_to(actor), user_id, "user_id")
        assigned = assign_scorer(match=match, actor=actor, user=user)
        body = match_scorer_document(assigned.scorer)
        if not assigned.created:
            return Response(body)
        return created(body, reverse("match-scorer", args=[match.pk, user.pk]))


class MatchScorerView(APIView):
    @extend_schema(
        operation_id="matches_scorers_unassign",
        summary="Take the match back from a member",
        description="Scorers and managers of the organisation still log it.",
        tags=[TAG],
        responses={204: None, **errors(*documented.ENDED)},
    )
    def delete(self, request: Request, match_id: UUID, user_id: UUID) -> Response:
        match = visible_match(request, match_id)
        actor = actor_of(request)
        user = find(User.objects.visible_to(actor), user_id)
        unassign_scorer(match=match, actor=actor, user=user)
        return Response(status=status.HTTP_204_NO_CONTENT)
