"""Links for family and friends. Their tokens are shown once, so the QR code comes with them."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of
from core.api import documented
from core.api.answers import find, read_form
from core.api.pages import page_of
from core.api.pagination import page
from core.api.schema import errors
from matches.errors import ShareLinkGoneError, ShareTokenNotKeptError
from matches.models import ShareLink
from matches.operations.sharing import (
    create_share_link,
    exchange_share_token,
    revoke_share_link,
)
from matches.serializers.qr import qr_svg
from matches.serializers.sharing import (
    ExchangeSerializer,
    NewShareLinkSerializer,
    ShareLinkDraftSerializer,
    ShareLinkSerializer,
    ViewerTokenSerializer,
    new_share_link_document,
    share_link_document,
    share_path,
    viewer_token_document,
)
from matches.views.lookup import visible_match

TAG: Final = "share"
SORTS: Final = {"created_at": "created_at", "expires_at": "expires_at"}
DEFAULT_SORT: Final = "-created_at"


class ShareLinksView(APIView):
    # Not idempotent by key: the answer holds a secret, which no cache may keep.
    @extend_schema(
        operation_id="matches_share_list",
        summary="The links of a match",
        tags=[TAG],
        parameters=documented.paged(SORTS, DEFAULT_SORT),
        responses={200: page_of(ShareLinkSerializer), **errors(*documented.LISTED, 404)},
    )
    def get(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        return page(
            match.share_links.all(),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [share_link_document(link) for link in rows],
        )

    @extend_schema(
        operation_id="matches_share_create",
        summary="Make a link",
        description="The token and its QR code are shown now and never again.",
        tags=[TAG],
        request=ShareLinkDraftSerializer,
        responses={201: NewShareLinkSerializer, **errors(*documented.WRITTEN)},
    )
    def post(self, request: Request, match_id: UUID) -> Response:
        match = visible_match(request, match_id)
        fields = read_form(ShareLinkDraftSerializer, request).validated_data
        link, token = create_share_link(match=match, actor=actor_of(request), **fields)
        body = new_share_link_document(link, token, _address(request, token))
        return Response(body, status=status.HTTP_201_CREATED)


class ShareLinkView(APIView):
    @extend_schema(
        operation_id="matches_share_revoke",
        summary="Withdraw a link, at once and for those who are watching",
        tags=[TAG],
        responses={204: None, **errors(*documented.ENDED)},
    )
    def delete(self, request: Request, match_id: UUID, share_id: UUID) -> Response:
        link = _visible_link(request, match_id, share_id)
        revoke_share_link(link=link, actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class OneRepresentation(DefaultContentNegotiation):
    """An image has one shape, and its refusals are JSON, whatever `Accept` says."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class ShareQRView(APIView):
    content_negotiation_class = OneRepresentation

    @extend_schema(
        operation_id="matches_share_qr",
        summary="The QR code of a listed link",
        description=(
            "The token of any other link is not kept: its QR code came with the answer that made "
            "it. 410 `share_token_not_kept` says so, `share_link_gone` that the link has ended."
        ),
        tags=[TAG],
        responses={(200, "image/svg+xml"): OpenApiTypes.STR, **errors(401, 403, 404, 410, 503)},
        examples=[OpenApiExample("Example", value="<svg>...</svg>", media_type="image/svg+xml")],
    )
    def get(self, request: Request, match_id: UUID, share_id: UUID) -> HttpResponse:
        link = _visible_link(request, match_id, share_id)
        if not link.is_alive_at(timezone.now()):
            raise ShareLinkGoneError
        if not link.is_listed:
            raise ShareTokenNotKeptError
        svg = qr_svg(_address(request, link.listed_token))
        return HttpResponse(svg, content_type="image/svg+xml")


class ExchangeView(APIView):
    # No authentication: whoever holds the link may follow, with an expired token in hand too.
    authentication_classes = []
    permission_classes = [AllowAny]
    limit = "share-exchange"

    @extend_schema(
        operation_id="share_exchange",
        summary="A viewer token for the token of a link",
        description="Good for 15 minutes; exchange the link again for the next one.",
        tags=[TAG],
        auth=[],
        request=ExchangeSerializer,
        responses={200: ViewerTokenSerializer, **errors(400, 404, 410, 413, 415, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        form = read_form(ExchangeSerializer, request)
        exchange = exchange_share_token(form.validated_data["token"])
        return Response(viewer_token_document(exchange))


def _visible_link(request: Request, match_id: UUID, share_id: UUID) -> ShareLink:
    links = ShareLink.objects.visible_to(actor_of(request)).filter(match_id=match_id)
    return find(links, share_id)


def _address(request: Request, token: str) -> str:
    return request.build_absolute_uri(share_path(token))
