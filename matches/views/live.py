"""What is followed live: for members, and (document and feed only) for holders of a share link."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import orjson
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import ReaderAuthentication, reader_of
from core.api import documented
from core.api.answers import unless_held
from core.api.pagination import MAX_LIMIT, integer_parameter, refuse_unknown_parameters
from core.api.preconditions import etag
from core.api.schema import errors
from core.errors import NotFoundError
from matches.errors import ShareLinkGoneError
from matches.models import Match
from matches.queries import live
from matches.queries.people import Lens, people
from matches.queries.score import score
from matches.queries.timeline import PeriodTimeline, timeline
from matches.serializers.feed import FeedSerializer, feed_document
from matches.serializers.live import LiveSerializer, live_document
from matches.serializers.overview import (
    ScoreSerializer,
    TimelineSerializer,
    score_document,
    timeline_document,
)
from matches.views.lookup import visible_match, visible_match_with_teams
from realtime import feed
from realtime.topics import Audience, GoneError, Snapshot, UnreadableError

TAG: Final = "live"
# Numbers of the feed are the database's 64-bit integers.
MAX_SEQ: Final = 2**63 - 1
READ: Final = (401, 403, 404, 410, 503)
EPOCH = OpenApiParameter(
    "epoch", str, OpenApiParameter.QUERY, description="The epoch that `since` was counted in."
)


class IsReader(BasePermission):
    """Somebody signed in, or a viewer; what they may read the topic says."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.auth is not None


class LiveDocumentView(APIView):
    authentication_classes = [ReaderAuthentication]
    permission_classes = [IsReader]

    @extend_schema(
        operation_id="matches_live",
        summary="The whole match as it stands",
        description="Follow on from `seq` of `epoch` over the socket or `/feed`.",
        tags=[TAG],
        parameters=[documented.IF_NONE_MATCH],
        responses={200: LiveSerializer, 304: None, **errors(*READ)},
    )
    def get(self, request: Request, match_id: UUID) -> Response:
        topic = _topic(match_id)
        with _as_refusals():
            audience = live.may_read(reader_of(request), topic)
            snapshot = live.snapshot(topic, audience)
        response = unless_held(request, live_document(snapshot), _tag(snapshot, audience))
        patch_vary_headers(response, ["Authorization"])
        return response


class FeedView(APIView):
    authentication_classes = [ReaderAuthentication]
    permission_classes = [IsReader]

    @extend_schema(
        operation_id="matches_feed",
        summary="What happened after a number of the feed",
        description="The same entries as the socket sends, for clients that cannot open one.",
        tags=[TAG],
        parameters=[documented.SINCE, EPOCH, documented.MANY],
        responses={200: FeedSerializer, **errors(400, *READ)},
    )
    def get(self, request: Request, match_id: UUID) -> Response:
        refuse_unknown_parameters(request, {"since", "epoch", "limit"})
        since = integer_parameter(request, "since", default=0, least=0, most=MAX_SEQ)
        limit = integer_parameter(request, "limit", default=MAX_LIMIT, least=1, most=MAX_LIMIT)
        topic = _topic(match_id)
        with _as_refusals():
            audience = live.may_read(reader_of(request), topic)
        reading = feed.read(topic, since=since, limit=limit)
        epoch = request.query_params.get("epoch", reading.head.epoch)
        return Response(feed_document(reading, audience, since=since, epoch=epoch))


class ScoreView(APIView):
    @extend_schema(
        operation_id="matches_score",
        summary="The score at a glance",
        tags=[TAG],
        responses={200: ScoreSerializer, **errors(*documented.READ)},
    )
    def get(self, request: Request, match_id: UUID) -> Response:
        match = visible_match_with_teams(request, match_id)
        return Response(score_document(score(match, timezone.now())))


class TimelineView(APIView):
    @extend_schema(
        operation_id="matches_timeline",
        summary="What happened, period by period",
        tags=[TAG],
        responses={200: TimelineSerializer, **errors(*documented.READ)},
    )
    def get(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        periods = timeline(match, Lens(match.pk))
        return Response(timeline_document(match, periods, _people(match, periods)))


def _topic(match_id: UUID) -> str:
    return f"{live.PREFIX}.{match_id}"


@contextmanager
def _as_refusals() -> Iterator[None]:
    """What a topic says of its readers, in the words of the API."""
    try:
        yield
    except UnreadableError as error:
        raise NotFoundError from error
    except GoneError as error:
        raise ShareLinkGoneError from error


def _people(match: Match, periods: list[PeriodTimeline]) -> dict[str, Any]:
    parts = [part for period in periods for part in period.events]
    refs = {part[name] for part in parts for name in ("player", "player_on", "player_off")}
    player_ids = {UUID(ref) for ref in refs - {None}}
    return people(match, match.lineup.all(), player_ids, Lens(match.pk))


def _tag(snapshot: Snapshot, audience: Audience) -> str:
    # Not the position alone: a corrected name moves no feed but is another document, and a match of
    # which nothing was ever announced has no position yet.
    content = sha256(orjson.dumps(snapshot.data)).hexdigest()[:16]
    return etag(f"{snapshot.epoch}.{snapshot.seq}.{audience.key}.{content}")
