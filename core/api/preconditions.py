"""Conditional requests (RFC 9110 13): `If-None-Match` saves a body, `If-Match` a lost update."""

import re

from django.http import HttpRequest
from rest_framework.request import Request

from core.errors import VersionConflictError

# What compresses on the way (a proxy, Django's GZipMiddleware) weakens a tag or adds its encoding.
# Our tags name the version of a row, not bytes, so `W/"v3"` and `"v3-gzip"` still mean version 3.
_ENTITY_TAG = re.compile(r'"([\x21\x23-\x7e\x80-\xff]*?)(?:-(?:gzip|br|zstd))?"')


def etag(version: int | str) -> str:
    """A strong entity tag, quotes included: `"v3"`."""
    return f'"v{version}"'


def require_match(request: Request | HttpRequest, current_version: int | str) -> None:
    """Raises `VersionConflictError` when the caller's `If-Match` is not the current version.

    Without the header the write goes ahead.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return
    if not _names(header, etag(current_version)):
        raise VersionConflictError(current_version=current_version)


def not_modified(request: Request | HttpRequest, current: str) -> bool:
    """Whether the caller already holds `current`, so that a 304 will do (RFC 9110 13.1.2)."""
    header = request.headers.get("If-None-Match")
    return header is not None and (header.strip() == "*" or _names(header, current))


def _names(header: str, tag: str) -> bool:
    return _ENTITY_TAG.findall(tag)[0] in _ENTITY_TAG.findall(header)
