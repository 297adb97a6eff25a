"""The request parser of the API: strict JSON of a bounded size."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.utils.mediatypes import _MediaType

from core.api.strict_json import TooLargeError, loads


class StrictJSONParser(BaseParser):
    """Reads at most one byte more than is allowed, so a large body costs no memory."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request: Request = (parser_context or {})["request"]
        max_bytes: int = settings.MAX_JSON_BYTES
        # RFC 8259 8.1: JSON between systems is UTF-8; the parameter has no meaning but is common.
        charset = _MediaType(media_type or "").params.get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType(media_type or "")
        if int(request.META.get("CONTENT_LENGTH") or 0) > max_bytes:
            raise TooLargeError(max_bytes=max_bytes)
        return loads(stream.read(max_bytes + 1), max_bytes=max_bytes)
