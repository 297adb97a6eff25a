"""Invitations, on the side of who sends them and of who holds the mailed link."""

from typing import Final
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import operations
from accounts.authentication import actor_of
from accounts.models import Invitation, Role
from accounts.operations.invitations import invitation_behind
from accounts.serializers.invitations import (
    AcceptedInvitationSerializer,
    InvitationDraftSerializer,
    InvitationPreviewSerializer,
    InvitationSerializer,
    InvitationTokenSerializer,
    accepted_document,
    invitation_document,
    preview_document,
)
from accounts.views.lookup import managed_organisation
from core.api import documented
from core.api.answers import find, read_form
from core.api.idempotency import IdempotentMixin
from core.api.pages import page_of
from core.api.pagination import page
from core.api.schema import errors
from core.api.serializers import ErrorSerializer

TAG: Final = "organisations"
SORTS: Final = {"created_at": "created_at", "expires_at": "expires_at", "email": "email"}
DEFAULT_SORT: Final = "-created_at"
GONE: Final = {
    410: OpenApiResponse(ErrorSerializer, "`link_gone`: used, withdrawn or expired."),
}


class InvitationsView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="invitations_list",
        summary="Invitations that were neither accepted nor withdrawn",
        tags=[TAG],
        parameters=documented.paged(SORTS, DEFAULT_SORT),
        responses={200: page_of(InvitationSerializer), **errors(*documented.LISTED, 403, 404)},
    )
    def get(self, request: Request, organisation_id: UUID) -> Response:
        organisation = managed_organisation(request, organisation_id)
        pending = Invitation.objects.pending().filter(organisation=organisation)
        return page(
            pending.select_related("invited_by"),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [invitation_document(row) for row in rows],
        )

    @extend_schema(
        operation_id="invitations_send",
        summary="Invite somebody by mail; again renews and sends it again (200)",
        description=(
            "Only an owner invites an owner. The link is good for seven days and once, and only "
            "while who sent it may still give that role."
        ),
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=InvitationDraftSerializer,
        responses={
            201: InvitationSerializer,
            200: InvitationSerializer,
            **errors(*documented.POSTED, 429),
            409: OpenApiResponse(ErrorSerializer, "`already_member`: somebody with this address."),
        },
    )
    def post(self, request: Request, organisation_id: UUID) -> Response:
        organisation = managed_organisation(request, organisation_id)
        fields = read_form(InvitationDraftSerializer, request).validated_data
        invitation, is_new = operations.invite_member(
            organisation=organisation,
            email=fields["email"],
            role=Role(fields["role"]),
            actor=actor_of(request),
        )
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(invitation_document(invitation), status=code)


class InvitationView(APIView):
    @extend_schema(
        operation_id="invitations_revoke",
        summary="Withdraw an invitation",
        tags=[TAG],
        responses={204: None, **errors(*documented.ENDED)},
    )
    def delete(self, request: Request, organisation_id: UUID, invitation_id: UUID) -> Response:
        organisation = managed_organisation(request, organisation_id)
        pending = Invitation.objects.pending().filter(organisation=organisation)
        invitation = find(pending.select_related("organisation"), invitation_id)
        operations.revoke_invitation(invitation=invitation, actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationPreviewView(APIView):
    # No authentication: whoever holds the link may look before they sign in or register.
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="invitations_preview",
        summary="What the link in an invitation leads to",
        tags=[TAG],
        auth=[],
        request=InvitationTokenSerializer,
        responses={200: InvitationPreviewSerializer, **errors(400, 404, 413, 415, 503), **GONE},
    )
    def post(self, request: Request) -> Response:
        token = read_form(InvitationTokenSerializer, request).validated_data["token"]
        return Response(preview_document(invitation_behind(token)))


class InvitationAcceptView(APIView):
    # Not idempotent by key: the body holds a secret, which no cache may keep.
    @extend_schema(
        operation_id="invitations_accept",
        summary="Become a member",
        description=(
            "With any account. When its address is the invited one, that is verified with it. "
            "409 `already_member` leaves the link as it is."
        ),
        tags=[TAG],
        request=InvitationTokenSerializer,
        responses={
            200: AcceptedInvitationSerializer,
            **errors(400, 401, 403, 404, 409, 413, 415, 503),
            **GONE,
        },
    )
    def post(self, request: Request) -> Response:
        token = read_form(InvitationTokenSerializer, request).validated_data["token"]
        membership = operations.accept_invitation(token=token, actor=actor_of(request))
        return Response(accepted_document(membership))
