"""Who belongs to an organisation; the addresses of the members are for who manages them."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import operations
from accounts.authentication import actor_of
from accounts.models import Membership, Role, User
from accounts.policies import can_add_anybody, can_manage
from accounts.queries import member_of
from accounts.serializers.members import (
    ChangedMembersSerializer,
    MemberDraftSerializer,
    MemberFilterSerializer,
    MemberSerializer,
    MembersRoleSerializer,
    MembersSerializer,
    RoleSerializer,
    member_document,
)
from accounts.views.lookup import visible_organisation
from core.api import documented
from core.api.answers import created, named, read_filters, read_form
from core.api.idempotency import IdempotentMixin
from core.api.pages import page_of
from core.api.pagination import page
from core.api.schema import errors
from core.api.serializers import ErrorSerializer
from core.errors import ForbiddenError

TAG: Final = "organisations"
SORTS: Final = {"username": "user__username", "role": "role", "since": "created_at"}
DEFAULT_SORT: Final = "username"

ALREADY: Final = {
    409: OpenApiResponse(ErrorSerializer, "`already_member`, with the role in `details.role`.")
}
LAST_OWNER: Final = {409: OpenApiResponse(ErrorSerializer, "`last_owner`.")}
ALL_OR_NONE: Final = {
    409: OpenApiResponse(
        ErrorSerializer,
        "`last_owner` or `not_a_member`, with those it is about in `details.user_ids`.",
    )
}


class MembersView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="members_list",
        summary="The members of an organisation",
        tags=[TAG],
        parameters=[MemberFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(MemberSerializer), **errors(*documented.LISTED, 403, 404)},
    )
    def get(self, request: Request, organisation_id: UUID) -> Response:
        organisation = visible_organisation(request, organisation_id)
        wanted = read_filters(MemberFilterSerializer, request)
        is_manager = can_manage(actor_of(request), organisation.pk)
        document = partial(member_document, with_email=is_manager)
        members = Membership.objects.filter(organisation=organisation).select_related("user")
        return page(
            _filtered(members, wanted, by_email=is_manager),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [document(row) for row in rows],
            filters=["role", "q"],
        )

    @extend_schema(
        operation_id="members_add",
        summary="Make somebody a member, as a superuser",
        description="Everybody else sends an invitation: the person decides about joining.",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=MemberDraftSerializer,
        responses={201: MemberSerializer, **errors(*documented.POSTED), **ALREADY},
    )
    def post(self, request: Request, organisation_id: UUID) -> Response:
        actor, organisation = actor_of(request), visible_organisation(request, organisation_id)
        if not can_add_anybody(actor):
            raise ForbiddenError
        fields = read_form(MemberDraftSerializer, request).validated_data
        user = named(User.objects.visible_to(actor), fields["user_id"], "user_id")
        membership = operations.add_member(
            organisation=organisation, user=user, role=Role(fields["role"]), actor=actor
        )
        location = reverse("member", args=[organisation.pk, user.pk])
        return created(member_document(membership, with_email=True), location)

    @extend_schema(
        operation_id="members_change_roles",
        summary="Give several members one role, all of them or none",
        tags=[TAG],
        request=MembersRoleSerializer,
        responses={200: ChangedMembersSerializer, **errors(*documented.WRITTEN), **ALL_OR_NONE},
    )
    def patch(self, request: Request, organisation_id: UUID) -> Response:
        organisation = visible_organisation(request, organisation_id)
        fields = read_form(MembersRoleSerializer, request).validated_data
        members = operations.change_roles(
            organisation=organisation,
            user_ids=fields["user_ids"],
            role=Role(fields["role"]),
            actor=actor_of(request),
        )
        items = [member_document(member, with_email=True) for member in members]
        return Response({"items": items})

    @extend_schema(
        operation_id="members_remove",
        summary="Remove several members, all of them or none",
        tags=[TAG],
        request=MembersSerializer,
        responses={204: None, **errors(*documented.WRITTEN), **ALL_OR_NONE},
    )
    def delete(self, request: Request, organisation_id: UUID) -> Response:
        organisation = visible_organisation(request, organisation_id)
        user_ids = read_form(MembersSerializer, request).validated_data["user_ids"]
        operations.remove_members(
            organisation=organisation, user_ids=user_ids, actor=actor_of(request)
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class MemberView(APIView):
    @extend_schema(
        operation_id="members_get",
        summary="One member; with the e-mail address for who manages the members",
        tags=[TAG],
        responses={200: MemberSerializer, **errors(401, 403, 404, 503)},
    )
    def get(self, request: Request, organisation_id: UUID, user_id: UUID) -> Response:
        organisation = visible_organisation(request, organisation_id)
        member = member_of(organisation.pk, user_id)
        manages = can_manage(actor_of(request), organisation.pk)
        return Response(member_document(member, with_email=manages))

    @extend_schema(
        operation_id="members_change_role",
        summary="Give a member another role",
        tags=[TAG],
        request=RoleSerializer,
        responses={200: MemberSerializer, **errors(*documented.WRITTEN), **LAST_OWNER},
    )
    def patch(self, request: Request, organisation_id: UUID, user_id: UUID) -> Response:
        organisation = visible_organisation(request, organisation_id)
        member = member_of(organisation.pk, user_id)
        role = Role(read_form(RoleSerializer, request).validated_data["role"])
        changed = operations.change_role(
            organisation=organisation, user=member.user, role=role, actor=actor_of(request)
        )
        return Response(member_document(changed, with_email=True))

    @extend_schema(
        operation_id="members_remove_one",
        summary="Remove a member, or leave",
        tags=[TAG],
        responses={204: None, **errors(401, 403, 404, 503), **LAST_OWNER},
    )
    def delete(self, request: Request, organisation_id: UUID, user_id: UUID) -> Response:
        organisation = visible_organisation(request, organisation_id)
        member = member_of(organisation.pk, user_id)
        operations.remove_member(
            organisation=organisation, user=member.user, actor=actor_of(request)
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class LeaveView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="organisations_leave",
        summary="Leave an organisation; its last owner cannot",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=None,
        responses={204: None, **errors(400, 401, 403, 404, 422, 503), **LAST_OWNER},
    )
    def post(self, request: Request, organisation_id: UUID) -> Response:
        actor, organisation = actor_of(request), visible_organisation(request, organisation_id)
        operations.remove_member(organisation=organisation, user=actor, actor=actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _filtered(
    members: QuerySet[Membership], wanted: dict[str, Any], *, by_email: bool
) -> QuerySet[Membership]:
    if "role" in wanted:
        members = members.filter(role=wanted["role"])
    if text := wanted.get("q"):
        is_like = Q(user__username__icontains=text)
        members = members.filter(is_like | Q(user__email__icontains=text) if by_email else is_like)
    return members
