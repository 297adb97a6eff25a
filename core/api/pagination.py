"""Lists: `limit`, `offset`, `sort` and filters, checked strictly, with `Link` to the neighbours."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.errors import InvalidInputError

M = TypeVar("M", bound=Model)

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
# The largest offset that fits every database's integer.
MAX_OFFSET = 2**31 - 1


def page(
    queryset: QuerySet[M],
    request: Request,
    *,
    sorts: Mapping[str, str],
    default_sort: str,
    serialize: Callable[[list[M]], list[dict[str, Any]]],
    filters: Collection[str] = (),
) -> Response:
    """One page of `queryset` as `{"items", "total", "limit", "offset"}`.

    `sorts` maps public names to ORM fields; `filters` names the further query parameters that the
    view has applied itself. Anything else in the query string is refused.
    """
    refuse_unknown_parameters(request, {"limit", "offset", "sort", *filters})
    limit = integer_parameter(request, "limit", default=DEFAULT_LIMIT, least=1, most=MAX_LIMIT)
    offset = integer_parameter(request, "offset", default=0, least=0, most=MAX_OFFSET)
    ordered = queryset.order_by(*_ordering(request, sorts, default_sort))
    total = queryset.order_by().count()
    rows = list(ordered[offset : offset + limit]) if offset < total else []
    body = {"items": serialize(rows), "total": total, "limit": limit, "offset": offset}
    links = _links(request, total=total, limit=limit, offset=offset)
    return Response(body, headers={"Link": links} if links else None)


def refuse_unknown_parameters(request: Request, known: Collection[str]) -> None:
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        raise InvalidInputError(**{name: ["Unknown parameter."] for name in unknown})


def integer_parameter(request: Request, name: str, *, default: int, least: int, most: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    # int() alone would take "1_000", " 7 " and Arabic digits.
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdecimal() and len(digits) < 20 and least <= int(text) <= most:
        return int(text)
    raise InvalidInputError(**{name: [f"Must be a whole number from {least} to {most}."]})


def _ordering(request: Request, sorts: Mapping[str, str], default_sort: str) -> list[str]:
    wanted = request.query_params.get("sort", default_sort)
    name = wanted.removeprefix("-")
    if name not in sorts:
        raise InvalidInputError(
            sort=[f"Must be one of {', '.join(sorted(sorts))}, or - before it."]
        )
    sign = "-" if wanted.startswith("-") else ""
    # The key last, so rows that compare equal never swap between two pages.
    return [f"{sign}{sorts[name]}", f"{sign}pk"]


def _links(request: Request, *, total: int, limit: int, offset: int) -> str:
    url = request.build_absolute_uri()

    def link(start: int, relation: str) -> str:
        target = replace_query_param(replace_query_param(url, "limit", limit), "offset", start)
        return f'<{target}>; rel="{relation}"'

    links = []
    if offset + limit < total:
        links.append(link(offset + limit, "next"))
    if offset > 0:
        links.append(link(max(0, offset - limit), "prev"))
    return ", ".join(links)
