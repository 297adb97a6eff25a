"""What happened in an organisation, for who manages it."""

from typing import Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import AuditEntry
from accounts.serializers.audit import (
    AuditEntrySerializer,
    AuditFilterSerializer,
    audit_document,
)
from accounts.views.lookup import managed_organisation
from core.api import documented
from core.api.answers import read_filters
from core.api.pages import page_of
from core.api.pagination import page
from core.api.schema import errors

SORTS: Final = {"at": "at"}
DEFAULT_SORT: Final = "-at"
LOOKUPS: Final = {
    "action": "action",
    "actor_id": "actor_id",
    "subject_id": "subject_id",
    "from": "at__gte",
    "to": "at__lt",
}


class OrganisationAuditView(APIView):
    @extend_schema(
        operation_id="organisations_audit",
        summary="The audit trail of an organisation, newest first",
        tags=["organisations"],
        parameters=[AuditFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(AuditEntrySerializer), **errors(*documented.LISTED, 403, 404)},
    )
    def get(self, request: Request, organisation_id: UUID) -> Response:
        organisation = managed_organisation(request, organisation_id)
        wanted = read_filters(AuditFilterSerializer, request)
        entries = AuditEntry.objects.filter(organisation=organisation)
        return page(
            entries.filter(
                **{LOOKUPS[name]: value for name, value in wanted.items()}
            ).select_related("actor", "subject"),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [audit_document(entry) for entry in rows],
            filters=LOOKUPS,
        )
