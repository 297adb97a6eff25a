"""Organisations: founded by anybody, seen by their members."""

from typing import Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import operations
from accounts.authentication import actor_of
from accounts.models import Organisation, OrganisationQuerySet
from accounts.serializers.organisations import (
    ConfirmationSerializer,
    OrganisationChangesSerializer,
    OrganisationDraftSerializer,
    OrganisationFilterSerializer,
    OrganisationSerializer,
    organisation_document,
)
from accounts.views.lookup import visible_organisation
from core import limits
from core.api import documented
from core.api.answers import created, find, read_filters, read_form
from core.api.idempotency import IdempotentMixin
from core.api.pages import page_of
from core.api.pagination import page, refuse_unknown_parameters
from core.api.schema import errors
from core.api.serializers import ErrorSerializer

TAG: Final = "organisations"
SORTS: Final = {"name": "name", "created_at": "created_at"}
DEFAULT_SORT: Final = "name"


class OrganisationsView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="organisations_list",
        summary="Your organisations; for superusers, all",
        tags=[TAG],
        parameters=[OrganisationFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(OrganisationSerializer), **errors(*documented.LISTED, 403)},
    )
    def get(self, request: Request) -> Response:
        organisations = _mine(request)
        if text := read_filters(OrganisationFilterSerializer, request).get("q"):
            organisations = organisations.filter(Q(name__icontains=text) | Q(slug__icontains=text))
        return page(
            organisations,
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [organisation_document(row) for row in rows],
            filters=["q"],
        )

    @extend_schema(
        operation_id="organisations_create",
        summary="Found an organisation and become its owner",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=OrganisationDraftSerializer,
        responses={
            201: OrganisationSerializer,
            **errors(400, 401, 403, 409, 413, 415, 422, 429, 503),
        },
    )
    def post(self, request: Request) -> Response:
        actor = actor_of(request)
        fields = read_form(OrganisationDraftSerializer, request).validated_data
        limits.hit(limits.named("organisation-create"), str(actor.pk))
        organisation = operations.create_organisation(owner=actor, actor=actor, **fields)
        body = organisation_document(find(_mine(request), organisation.pk))
        return created(body, reverse("organisation", args=[organisation.pk]))


class OrganisationView(APIView):
    @extend_schema(
        operation_id="organisations_get",
        summary="One organisation",
        tags=[TAG],
        responses={200: OrganisationSerializer, **errors(*documented.READ, 403)},
    )
    def get(self, request: Request, organisation_id: UUID) -> Response:
        return Response(organisation_document(find(_mine(request), organisation_id)))

    @extend_schema(
        operation_id="organisations_update",
        summary="Rename an organisation, or change what outsiders learn of names",
        tags=[TAG],
        request=OrganisationChangesSerializer(partial=True),
        responses={
            200: OrganisationSerializer,
            **errors(*documented.WRITTEN),
            409: OpenApiResponse(ErrorSerializer, "`slug_taken`."),
        },
    )
    def patch(self, request: Request, organisation_id: UUID) -> Response:
        organisation = visible_organisation(request, organisation_id)
        form = read_form(OrganisationChangesSerializer, request, partial=True)
        operations.update_organisation(
            organisation=organisation, actor=actor_of(request), changes=form.validated_data
        )
        return Response(organisation_document(find(_mine(request), organisation_id)))

    @extend_schema(
        operation_id="organisations_delete",
        summary="Delete an organisation with all that belongs to it",
        description=(
            "For owners. Without its slug as `confirm` the answer is 409 `confirmation_required`, "
            "which counts in `would_lose` what would go; it cannot be undone."
        ),
        tags=[TAG],
        parameters=[ConfirmationSerializer],
        responses={
            204: None,
            **errors(400, 401, 403, 404, 503),
            409: OpenApiResponse(ErrorSerializer, "`confirmation_required`."),
        },
    )
    def delete(self, request: Request, organisation_id: UUID) -> Response:
        organisation = visible_organisation(request, organisation_id)
        refuse_unknown_parameters(request, {"confirm"})
        operations.delete_organisation(
            organisation=organisation,
            actor=actor_of(request),
            confirmation=request.query_params.get("confirm", ""),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _mine(request: Request) -> OrganisationQuerySet:
    actor = actor_of(request)
    return Organisation.objects.visible_to(actor).with_role_of(actor)
