"""Playing a finished match again: this prepares a copy, the usual steps and events then fill it."""

from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of
from core.api import documented
from core.api.answers import created, read_form
from core.api.idempotency import IdempotentMixin
from core.api.schema import errors
from matches.operations.replays import prepare_replay
from matches.serializers.matches import MatchSerializer, match_document
from matches.serializers.replays import ReplaySerializer
from matches.views.lookup import visible_match


class ReplayView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="matches_replay",
        summary="Prepare a completed match to be played again",
        description=(
            "Answers a copy with the same line-ups that has not started, and whose clock will run "
            "at `clock_rate`. A match has one such copy: preparing it again takes back what was "
            "played, and its share links stay valid."
        ),
        tags=["matches"],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=ReplaySerializer,
        responses={201: MatchSerializer, **errors(*documented.POSTED)},
    )
    def post(self, request: Request, match_id: UUID) -> Response:
        source = visible_match(request, match_id)
        form = read_form(ReplaySerializer, request)
        copy = prepare_replay(source=source, actor=actor_of(request), **form.validated_data)
        location = reverse("match", args=[copy.pk])
        return created(match_document(copy), location, copy.version)
