"""Logging what happens, and putting it right afterwards. For members: viewers have the feed."""

from collections.abc import Iterable
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
from core.api.answers import base_version, created, find, read_form, unless_held, versioned
from core.api.idempotency import IdempotentMixin
from core.api.pages import page_of
from core.api.pagination import MAX_LIMIT, integer_parameter, page, refuse_unknown_parameters
from core.api.preconditions import etag
from core.api.schema import errors
from core.errors import InvalidInputError
from matches.models import Match, MatchEvent
from matches.operations.events import edit_event, record_event, void_event
from matches.queries.clocks import played_times
from matches.rules.clock import PeriodTimes
from matches.serializers.events import (
    ChangedEventSerializer,
    EventChangesSerializer,
    EventDraftSerializer,
    EventPageSerializer,
    EventRevisionSerializer,
    EventVoidSerializer,
    MatchEventSerializer,
    RecordedEventSerializer,
    changed_event_document,
    event_document,
    event_page_document,
    recorded_event_document,
    revision_document,
)
from matches.views.lookup import visible_match

TAG: Final = "events"
# `sequence` is the database's 32-bit integer.
MAX_SEQUENCE: Final = 2**31 - 1
REVISION_SORTS: Final = {"version": "version"}
CONDITIONS: Final = (
    "Say which version you read, in `If-Match` or `base_version`; once the match is over also the "
    "`reason`."
)


class MatchEventsView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="events_list",
        summary="The events that stand, in the order they were recorded",
        description="Ask again with `since` = `next_since` until that is null.",
        tags=[TAG],
        parameters=[documented.SINCE, documented.MANY],
        responses={200: EventPageSerializer, **errors(*documented.LISTED, 404)},
    )
    def get(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        refuse_unknown_parameters(request, {"since", "limit"})
        since = integer_parameter(request, "since", default=0, least=0, most=MAX_SEQUENCE)
        limit = integer_parameter(request, "limit", default=MAX_LIMIT, least=1, most=MAX_LIMIT)
        later = match.events.standing().filter(sequence__gt=since).order_by("sequence")
        # One more than asked for tells whether there is more.
        found = list(later[: limit + 1])
        return Response(event_page_document(found, limit, _times(match)))

    @extend_schema(
        operation_id="events_record",
        summary="Record an event of a live match",
        description=(
            "201 for a new event, 200 with the first answer's event when its id was sent before. "
            "`warnings` are codes of what looks unlikely but was recorded."
        ),
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=EventDraftSerializer,
        responses={
            200: RecordedEventSerializer,
            201: RecordedEventSerializer,
            **errors(*documented.POSTED),
        },
    )
    def post(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        form = read_form(EventDraftSerializer, request)
        recorded = record_event(match=match, actor=actor_of(request), event=form.draft())
        event = recorded.event
        body = recorded_event_document(event, _by_number(recorded.times), recorded.warnings)
        if not recorded.created:
            return versioned(body, event.version)
        return created(body, reverse("event", args=[event.pk]), event.version)


class EventView(APIView):
    @extend_schema(
        operation_id="events_get",
        summary="One event, also a deleted one",
        tags=[TAG],
        parameters=[documented.IF_NONE_MATCH],
        responses={200: MatchEventSerializer, 304: None, **errors(*documented.READ)},
    )
    def get(self, request: Request, event_id: UUID) -> Response:
        event = _visible(request, event_id)
        body = event_document(event, _times(event.match))
        return unless_held(request, body, etag(event.version))

    @extend_schema(
        operation_id="events_replace",
        summary="Set all that can be said of an event",
        description=f"A field left out gets its default. {CONDITIONS}",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        request=EventChangesSerializer,
        responses={200: ChangedEventSerializer, **errors(*documented.CHANGED)},
    )
    def put(self, request: Request, event_id: UUID) -> Response:
        return self._edit(request, event_id, partial=False)

    @extend_schema(
        operation_id="events_update",
        summary="Correct an event",
        description=CONDITIONS,
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        request=EventChangesSerializer(partial=True),
        responses={200: ChangedEventSerializer, **errors(*documented.CHANGED)},
    )
    def patch(self, request: Request, event_id: UUID) -> Response:
        return self._edit(request, event_id, partial=True)

    @extend_schema(
        operation_id="events_void",
        summary="Delete an event: it stays on record but no longer counts",
        description=(
            f"{CONDITIONS} Deleting twice is the same. The body, which OpenAPI tools seldom show "
            'for a DELETE: `{"base_version": 1, "reason": "Logged by mistake"}`, or none.'
        ),
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        responses={204: None, **errors(*documented.CHANGED)},
    )
    def delete(self, request: Request, event_id: UUID) -> Response:
        event = _visible(request, event_id)
        named_version, reason = read_form(EventVoidSerializer, request).terms()
        void_event(
            event=event,
            actor=actor_of(request),
            base_version=_base_version(request, event, named_version),
            reason=reason,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _edit(self, request: Request, event_id: UUID, *, partial: bool) -> Response:
        event = _visible(request, event_id)
        form = read_form(EventChangesSerializer, request, partial=partial)
        named_version, reason = form.terms()
        edited = edit_event(
            event=event,
            actor=actor_of(request),
            changes=form.changes(event),
            base_version=_base_version(request, event, named_version),
            reason=reason,
        )
        return versioned(changed_event_document(edited, _times(edited.match)), edited.version)


class EventRevisionsView(APIView):
    @extend_schema(
        operation_id="events_revisions",
        summary="How an event was changed, by whom and why",
        tags=[TAG],
        parameters=documented.paged(REVISION_SORTS, "version"),
        responses={200: page_of(EventRevisionSerializer), **errors(*documented.LISTED, 404)},
    )
    def get(self, request: Request, event_id: UUID) -> Response:
        return page(
            _visible(request, event_id).revisions.all(),
            request,
            sorts=REVISION_SORTS,
            default_sort="version",
            serialize=lambda rows: [revision_document(revision) for revision in rows],
        )


def _visible(request: Request, event_id: UUID) -> MatchEvent:
    events = MatchEvent.objects.visible_to(actor_of(request))
    return find(events.select_related("match"), event_id)


def _times(match: Match) -> dict[int, PeriodTimes]:
    return _by_number(played_times(match))


def _by_number(times: Iterable[PeriodTimes]) -> dict[int, PeriodTimes]:
    return {period.number: period for period in times}


def _base_version(request: Request, event: MatchEvent, named: int | None) -> int | None:
    """Two may correct the same event, so whoever writes says what they read."""
    if "If-Match" in request.headers:
        return base_version(request, event.version)
    if named is None:
        raise InvalidInputError(base_version=["Say which version you read, here or in If-Match."])
    return named
