from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_of, organisation_for
from core.api import documented
from core.api.answers import (
    base_version,
    created,
    find,
    read_filters,
    read_form,
    unless_held,
    versioned,
)
from core.api.idempotency import IdempotentMixin
from core.api.pages import page_of
from core.api.pagination import page
from core.api.preconditions import etag
from core.api.schema import errors
from core.errors import ForbiddenError
from items.models import Item, ItemQuerySet
from items.operations import create_item, delete_item, update_item
from items.policies import can_read
from items.serializers import (
    ItemChangesSerializer,
    ItemDraftSerializer,
    ItemFilterSerializer,
    ItemSerializer,
    item_document,
)

TAG: Final = "items"
SORTS: Final = {"created_at": "created_at", "title": "title"}
DEFAULT_SORT: Final = "-created_at"
LOOKUPS: Final = {
    "organisation_id": "organisation_id",
    "owner_id": "owner_id",
    "private": "is_private",
}


class ItemsView(IdempotentMixin, APIView):
    @extend_schema(
        operation_id="items_list",
        summary="Items on the boards of your organisations",
        description="Private items are listed for their owner and those who manage the "
        "organisation.",
        tags=[TAG],
        parameters=[ItemFilterSerializer, *documented.paged(SORTS, DEFAULT_SORT)],
        responses={200: page_of(ItemSerializer), **errors(*documented.LISTED)},
    )
    def get(self, request: Request) -> Response:
        wanted = read_filters(ItemFilterSerializer, request)
        return page(
            _narrowed(Item.objects.visible_to(actor_of(request)), wanted),
            request,
            sorts=SORTS,
            default_sort=DEFAULT_SORT,
            serialize=lambda rows: [item_document(item) for item in rows],
            filters={*LOOKUPS, "q"},
        )

    @extend_schema(
        operation_id="items_create",
        summary="Pin an item to the board",
        tags=[TAG],
        parameters=[documented.IDEMPOTENCY_KEY],
        request=ItemDraftSerializer,
        responses={201: ItemSerializer, **errors(*documented.POSTED)},
    )
    def post(self, request: Request) -> Response:
        fields = dict(read_form(ItemDraftSerializer, request).validated_data)
        organisation = organisation_for(request, fields.pop("organisation_id", None))
        item = create_item(actor=actor_of(request), organisation=organisation, **fields)
        return created(item_document(item), reverse("item", args=[item.pk]), item.version)


class ItemView(APIView):
    @extend_schema(
        operation_id="items_get",
        summary="One item",
        tags=[TAG],
        parameters=[documented.IF_NONE_MATCH],
        responses={200: ItemSerializer, 304: None, **errors(403, *documented.READ)},
    )
    def get(self, request: Request, item_id: UUID) -> Response:
        item = _readable(request, item_id)
        return unless_held(request, item_document(item), etag(item.version))

    @extend_schema(
        operation_id="items_replace",
        summary="Set the whole item",
        description="A description left out is emptied, but whether it is private stays.",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        request=ItemChangesSerializer,
        responses={200: ItemSerializer, **errors(*documented.CHANGED)},
    )
    def put(self, request: Request, item_id: UUID) -> Response:
        return self._update(request, item_id, partial=False)

    @extend_schema(
        operation_id="items_update",
        summary="Change an item",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        request=ItemChangesSerializer(partial=True),
        responses={200: ItemSerializer, **errors(*documented.CHANGED)},
    )
    def patch(self, request: Request, item_id: UUID) -> Response:
        return self._update(request, item_id, partial=True)

    @extend_schema(
        operation_id="items_delete",
        summary="Take an item down",
        tags=[TAG],
        parameters=[documented.IF_MATCH],
        responses={204: None, **errors(*documented.REMOVED)},
    )
    def delete(self, request: Request, item_id: UUID) -> Response:
        item = _readable(request, item_id)
        version = base_version(request, item.version)
        delete_item(item=item, actor=actor_of(request), base_version=version)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _update(self, request: Request, item_id: UUID, *, partial: bool) -> Response:
        item = _readable(request, item_id)
        form = read_form(ItemChangesSerializer, request, partial=partial)
        changed = update_item(
            item=item,
            actor=actor_of(request),
            changes=form.validated_data,
            base_version=base_version(request, item.version),
        )
        return versioned(item_document(changed), changed.version)


def _readable(request: Request, item_id: UUID) -> Item:
    """Members of the organisation may know that there is an item which is not for them."""
    actor = actor_of(request)
    item = find(Item.objects.in_organisations_of(actor), item_id)
    if not can_read(actor, item):
        raise ForbiddenError("This item is private.")
    return item


def _narrowed(items: ItemQuerySet, wanted: dict[str, Any]) -> ItemQuerySet:
    items = items.filter(
        **{LOOKUPS[name]: value for name, value in wanted.items() if name in LOOKUPS}
    )
    if text := wanted.get("q"):
        items = items.filter(Q(title__icontains=text) | Q(description__icontains=text))
    return items
