"""The devices somebody is signed in on."""

from typing import Final
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import operations
from accounts.authentication import actor_of, session_of
from accounts.models import DeviceSession, User
from accounts.models.sessions import DeviceSessionQuerySet
from accounts.queries import SignedIn
from accounts.serializers.sessions import DeviceSessionSerializer
from core.api import documented
from core.api.answers import find
from core.api.pages import page_of
from core.api.pagination import page
from core.api.schema import errors

TAG: Final = "auth"
SORTS: Final = {"created_at": "created_at", "last_seen_at": "last_seen_at"}
DEFAULT_SORT: Final = "-last_seen_at"


class SessionsView(APIView):
    @extend_schema(
        operation_id="auth_sessions_list",
        summary="The devices you are signed in on",
        tags=[TAG],
        parameters=documented.paged(SORTS, DEFAULT_SORT),
        responses={200: page_of(DeviceSessionSerializer), **errors(*documented.LISTED, 403)},
    )
    def get(self, request: Request) -> Response:
        context = _context(request)
        return page(
            _open_sessions_of(actor_of(request)),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: list(
                DeviceSessionSerializer(rows, many=True, context=context).data
            ),
        )


class SessionView(APIView):
    @extend_schema(
        operation_id="auth_sessions_get",
        summary="One device you are signed in on",
        tags=[TAG],
        responses={200: DeviceSessionSerializer, **errors(401, 403, 404, 503)},
    )
    def get(self, request: Request, session_id: UUID) -> Response:
        session = find(_open_sessions_of(actor_of(request)), session_id)
        return Response(DeviceSessionSerializer(session, context=_context(request)).data)

    @extend_schema(
        operation_id="auth_sessions_end",
        summary="Sign a device out at once",
        tags=[TAG],
        responses={204: None, **errors(*documented.ENDED)},
    )
    def delete(self, request: Request, session_id: UUID) -> Response:
        actor = actor_of(request)
        session = find(_open_sessions_of(actor), session_id)
        operations.end_session(session=session, actor=actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _context(request: Request) -> dict[str, UUID | None]:
    """From which session it is asked."""
    reader = session_of(request)
    return {"session_id": reader.session_id if isinstance(reader, SignedIn) else None}


def _open_sessions_of(user: User) -> DeviceSessionQuerySet:
    return DeviceSession.objects.open_at(timezone.now()).filter(user=user)
