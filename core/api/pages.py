"""How the OpenAPI document shows examples and lists."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer, inline_serializer
from rest_framework import serializers

Document = serializers.Serializer[Any]
S = TypeVar("S", bound=type[Document])

_examples: dict[type[Document], Any] = {}


def example(value: Any) -> Callable[[S], S]:
    """Show `value` wherever the document names this serializer."""

    def decorate(serializer: S) -> S:
        _examples[serializer] = value
        return extend_schema_serializer(examples=[OpenApiExample("Example", value=value)])(
            serializer
        )

    return decorate


def page_of(item: type[Document]) -> Document:
    """The body of a list, as `core.api.pagination.page` makes it."""
    name = f"{item.__name__.removesuffix('Serializer')}Page"
    fields = {
        "items": item(many=True),
        "total": serializers.IntegerField(),
        "limit": serializers.IntegerField(),
        "offset": serializers.IntegerField(),
    }
    page = inline_serializer(name, fields=fields)
    shown = {"items": [_examples[item]], "total": 1, "limit": 20, "offset": 0}
    example(shown)(type(page))
    return page
