from typing import Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import documented
from core.api.pages import page_of
from core.api.pagination import page
from core.api.schema import errors
from matches.models import Format
from matches.serializers.formats import FormatSerializer, format_document

SORTS: Final = {"name": "name", "players_on_pitch": "players_on_pitch"}
DEFAULT_SORT: Final = "name"


class FormatsView(APIView):
    @extend_schema(
        operation_id="formats_list",
        summary="Formats a match can be played in",
        description="The platform's staff keeps them in the admin.",
        tags=["matches"],
        parameters=documented.paged(SORTS, DEFAULT_SORT),
        responses={200: page_of(FormatSerializer), **errors(*documented.LISTED)},
    )
    def get(self, request: Request) -> Response:
        return page(
            Format.objects.all(),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [format_document(row) for row in rows],
        )
