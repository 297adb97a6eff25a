"""What the OpenAPI document says of many routes alike: refusals and conditional headers."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

LISTED: Final = (400, 401, 403, 503)
READ: Final = (401, 403, 404, 503)
WRITTEN: Final = (400, 401, 403, 404, 409, 413, 415, 503)
POSTED: Final = (400, 401, 403, 404, 409, 413, 415, 422, 503)
CHANGED: Final = (400, 401, 403, 404, 409, 412, 413, 415, 503)
REMOVED: Final = (401, 403, 404, 409, 412, 503)
ENDED: Final = (401, 403, 404, 503)


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=description
    )


def _number(name: str, default: int, description: str, most: int | None = None) -> OpenApiParameter:
    schema: dict[str, Any] = {"type": "integer", "minimum": 0, "default": default}
    if most is not None:
        schema |= {"minimum": 1, "maximum": most}
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=description)


IF_MATCH = _header("If-Match", "The ETag you read: 412 when somebody has changed it since.")
IF_NONE_MATCH = _header("If-None-Match", "The ETag you hold: 304 when it is still current.")
IDEMPOTENCY_KEY = _header(
    "Idempotency-Key", "Sending the same request again with the same key changes nothing (24 h)."
)
LIMIT = _number("limit", 20, "At most this many.", most=100)
MANY = _number("limit", 100, "At most this many.", most=100)
OFFSET = _number("offset", 0, "Leave out this many.")
SINCE = _number("since", 0, "After this number.")


def sort(names: Any, default: str) -> OpenApiParameter:
    choices = [sign + name for name in names for sign in ("", "-")]
    schema = {"type": "string", "enum": choices, "default": default}
    return OpenApiParameter("sort", schema, OpenApiParameter.QUERY, description="- is descending.")


def paged(sorts: Any, default_sort: str) -> list[OpenApiParameter]:
    return [LIMIT, OFFSET, sort(sorts, default_sort)]
