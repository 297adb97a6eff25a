"""People's accounts: one's own, and those of others as far as one may see them."""

from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import operations
from accounts.authentication import actor_of
from accounts.errors import ConfirmationRequiredError
from accounts.models import User
from accounts.policies import can_change_platform
from accounts.queries import manages
from accounts.queries.personal_data import counts_of, owned_rows
from accounts.serializers.users import (
    ErasureSerializer,
    PersonSerializer,
    ProfileChangesSerializer,
    ProfileSerializer,
    UserChangesSerializer,
    UserDraftSerializer,
    UserFilterSerializer,
    account_document,
    full_document,
    person_document,
)
from core.api import documented
from core.api.address import client_address
from core.api.answers import created, find, read_filters, read_form
from core.api.pages import page_of
from core.api.pagination import page, refuse_unknown_parameters
from core.api.schema import errors
from core.api.serializers import ErrorSerializer
from core.errors import ForbiddenError

TAG: Final = "users"
SORTS: Final = {"username": "username", "created_at": "date_joined"}
DEFAULT_SORT: Final = "username"
CONFIRM: Final = OpenApiParameter("confirm", str, description="The username of the account.")
PROFILE_EXAMPLE = OpenApiExample(
    "A scorer",
    value={
        "id": "019343f2-8c00-7c2e-9d55-0f6a8b1c2d3e",
        "username": "robin",
        "email": "robin@example.org",
        "email_verified": True,
        "pending_email": None,
        "is_active": True,
        "roles": ["user"],
        "organisations": [
            {
                "id": "019343f2-9a10-7b4f-8e21-5c7d9e0f1a2b",
                "name": "Riverside Juniors",
                "role": "scorer",
            }
        ],
        "created_at": "2026-08-01T09:30:00Z",
    },
    response_only=True,
)
CHANGES_EXAMPLE = OpenApiExample(
    "Another address",
    value={"email": "robin@example.net", "current_password": "correct horse battery staple"},
    request_only=True,
)


class ProfileView(APIView):
    @extend_schema(
        operation_id="users_me",
        summary="One's own account",
        tags=[TAG],
        responses={200: ProfileSerializer, **errors(401, 403, 503)},
        examples=[PROFILE_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        return Response(ProfileSerializer(actor_of(request)).data)

    @extend_schema(
        operation_id="users_me_update",
        summary="Change one's username, or ask for another e-mail address",
        description=(
            "Another address needs `current_password`, and takes effect when the link mailed "
            "there is opened; until then it is `pending_email`. Asking for the address one has "
            "takes back what was asked for before."
        ),
        tags=[TAG],
        request=ProfileChangesSerializer(partial=True),
        responses={
            200: ProfileSerializer,
            **errors(400, 401, 413, 415, 429, 503),
            403: OpenApiResponse(ErrorSerializer, "`wrong_password`, or `forbidden`."),
            409: OpenApiResponse(ErrorSerializer, "`account_taken` or `email_taken`."),
        },
        examples=[PROFILE_EXAMPLE, CHANGES_EXAMPLE],
    )
    def patch(self, request: Request) -> Response:
        actor = actor_of(request)
        changes = dict(read_form(ProfileChangesSerializer, request, partial=True).validated_data)
        user = operations.update_profile(
            actor=actor,
            current_password=changes.pop("current_password", ""),
            address=client_address(request),
            changes=changes,
        )
        return Response(ProfileSerializer(user).data)

    @extend_schema(
        operation_id="users_me_erase",
        summary="Erase one's account for good",
        description=(
            "Everything about the person goes. What they logged stays with the match, without "
            "them. An organisation must have another owner, or be deleted, first."
        ),
        tags=[TAG],
        request=ErasureSerializer,
        responses={
            204: None,
            **errors(400, 401, 413, 415, 429, 503),
            403: OpenApiResponse(ErrorSerializer, "`wrong_password`, or `forbidden`."),
            409: OpenApiResponse(
                ErrorSerializer,
                "`last_owner`, with `details.organisations`, or `last_superuser`.",
            ),
        },
    )
    def delete(self, request: Request) -> Response:
        actor = actor_of(request)
        password = read_form(ErasureSerializer, request).validated_data["password"]
        address = client_address(request)
        operations.confirm_password(actor=actor, password=password, address=address)
        operations.erase_user(user=actor, actor=actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class UsersView(APIView):
    @extend_schema(
        operation_id="users_list",
        summary="The people of your organisations; for superusers, everybody",
        description=(
            "Members get `id` and `username` and search by username; superusers get the account "
            "and may filter by its state."
        ),
        tags=[TAG],
        parameters=[UserFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(PersonSerializer), **errors(*documented.LISTED, 403)},
    )
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        wanted = read_filters(UserFilterSerializer, request)
        document = account_document if actor.is_superuser else person_document
        return page(
            _filtered(User.objects.visible_to(actor), wanted, everything=actor.is_superuser),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [document(user) for user in rows],
            filters=["q", "is_active", "is_superuser"] if actor.is_superuser else ["q"],
        )

    @extend_schema(
        operation_id="users_create",
        summary="Make an account for somebody, as a superuser",
        description="Without a password, its person asks for a link to choose one.",
        tags=[TAG],
        request=UserDraftSerializer,
        responses={
            201: PersonSerializer,
            **errors(401, 403, 413, 415, 503),
            400: OpenApiResponse(ErrorSerializer, "`validation_error` or `weak_password`."),
            409: OpenApiResponse(ErrorSerializer, "`account_taken`."),
        },
    )
    def post(self, request: Request) -> Response:
        actor = _superuser(request)
        fields = read_form(UserDraftSerializer, request).validated_data
        user = operations.create_user(**{"password": None, **fields}, actor=actor)
        return created(full_document(user), reverse("user", args=[user.pk]))


class UserView(APIView):
    @extend_schema(
        operation_id="users_get",
        summary="Somebody of your organisations; for superusers, anybody",
        tags=[TAG],
        responses={200: PersonSerializer, **errors(*documented.READ, 403)},
    )
    def get(self, request: Request, user_id: UUID) -> Response:
        actor, user = actor_of(request), _visible(request, user_id)
        if actor.is_superuser or actor == user:
            return Response(full_document(user))
        return Response(person_document(user, with_email=manages(actor, user)))

    @extend_schema(
        operation_id="users_update",
        summary="Change an account and its rights, as a superuser",
        tags=[TAG],
        request=UserChangesSerializer(partial=True),
        responses={
            200: PersonSerializer,
            **errors(400, 401, 403, 404, 413, 415, 503),
            409: OpenApiResponse(ErrorSerializer, "`account_taken` or `last_superuser`."),
        },
    )
    def patch(self, request: Request, user_id: UUID) -> Response:
        user, actor = _visible(request, user_id), _superuser(request)
        changes = read_form(UserChangesSerializer, request, partial=True).validated_data
        changed = operations.update_user(user=user, actor=actor, changes=changes)
        return Response(full_document(changed))

    @extend_schema(
        operation_id="users_erase",
        summary="Erase somebody's account for good, as a superuser",
        description=(
            "Without the username as `confirm` the answer is 409 `confirmation_required`, which "
            "counts in `would_lose` what would go. One's own goes by `DELETE /users/me`."
        ),
        tags=[TAG],
        parameters=[CONFIRM],
        responses={
            204: None,
            **errors(400, 401, 403, 404, 503),
            409: OpenApiResponse(
                ErrorSerializer,
                "`confirmation_required`, `last_owner` with `details.organisations`, or "
                "`last_superuser`.",
            ),
        },
    )
    def delete(self, request: Request, user_id: UUID) -> Response:
        user, actor = _visible(request, user_id), _superuser(request)
        if user == actor:
            raise ForbiddenError("Erase your own account at /users/me.")
        refuse_unknown_parameters(request, {"confirm"})
        _require_confirmed(user, request.query_params.get("confirm", ""))
        operations.erase_user(user=user, actor=actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _visible(request: Request, user_id: UUID) -> User:
    return find(User.objects.visible_to(actor_of(request)), user_id)


def _superuser(request: Request) -> User:
    """Asked before the body is read: it would tell others what fits."""
    actor = actor_of(request)
    if not can_change_platform(actor):
        raise ForbiddenError
    return actor


def _require_confirmed(user: User, confirmation: str) -> None:
    # Each face asks in its own way: the admin with a form, the command with a prompt.
    if confirmation != user.username:
        raise ConfirmationRequiredError(
            confirm=user.username, would_lose=counts_of(owned_rows(user), user)
        )


def _filtered(users: QuerySet[User], wanted: dict[str, Any], *, everything: bool) -> QuerySet[User]:
    words = wanted.pop("q", None)
    if words is not None:
        found = Q(username__icontains=words)
        # Who may not see addresses must not find people by them, either.
        users = users.filter(found | Q(email__icontains=words) if everything else found)
    # Others are told by `page` that there are no such filters.
    return users.filter(**wanted) if everything else users
