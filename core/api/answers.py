"""What views share: finding rows the caller may see, reading forms, versions and answers."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.preconditions import etag, not_modified, require_match
from core.errors import NotFoundError

M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=serializers.Serializer[Any])


def find(rows: QuerySet[M], pk: UUID) -> M:
    """Rows already narrowed to the visible: hidden and unknown look the same."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFoundError
    return found


def named(rows: QuerySet[M], pk: UUID, field: str) -> M:
    """A row that a field of the body names; the refusal says which field."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFoundError(**{field: ["Not found."]})
    return found


def read_form(form_class: type[F], request: Request, *, partial: bool = False) -> F:
    form = form_class(data=request.data, partial=partial)
    form.is_valid(raise_exception=True)
    return form


def read_filters(
    filter_class: type[serializers.Serializer[Any]], request: Request
) -> dict[str, Any]:
    """The filters given, checked. `page` refuses the parameters that are none."""
    # A plain dict: in a QueryDict a missing boolean would count as an unticked box.
    form = filter_class(data=request.query_params.dict())
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def base_version(request: Request, current_version: int) -> int | None:
    """The version the caller's `If-Match` holds, for the operation to compare under its lock."""
    require_match(request, current_version)
    is_conditional = request.headers.get("If-Match", "*").strip() != "*"
    return current_version if is_conditional else None


def versioned(body: dict[str, Any], version: int) -> Response:
    return Response(body, headers={"ETag": etag(version)})


def created(body: dict[str, Any], location: str, version: int | None = None) -> Response:
    headers = {"Location": location}
    if version is not None:
        headers["ETag"] = etag(version)
    return Response(body, status=status.HTTP_201_CREATED, headers=headers)


def unless_held(request: Request, body: dict[str, Any], tag: str) -> Response:
    """The body, or 304 to a caller who holds this version of it."""
    if not_modified(request, tag):
        return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
    return Response(body, headers={"ETag": tag})
