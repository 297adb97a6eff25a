"""What every request meets first, and the headers every answer leaves with."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.decorators import sync_only_middleware
from django.utils.encoding import escape_uri_path

from config.errors import refused
from core.api.address import adopt_address, comes_from_proxy
from core.api.exceptions import MalformedRequestError

# Nothing here films, listens or asks where the volunteer stands.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip
_ALIAS = re.compile(r"/(?:api/(?!v\d+(?:/|$))|(?=auth/))")


@sync_only_middleware
def proxy_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Only our own proxy may say where a request comes from, and that it came over HTTPS."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not comes_from_proxy(request):
            # Django would believe it (SECURE_PROXY_SSL_HEADER).
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        adopt_address(request)
        return get_response(request)

    return answer


@sync_only_middleware
def edge_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def answer(request: HttpRequest) -> HttpResponseBase:
        # No address of ours holds a NUL, and PostgreSQL would choke on one in a filter.
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            response: HttpResponseBase = refused(request, MalformedRequestError())
        else:
            response = get_response(request)
        _complete(request.path, response)
        return response

    return answer


class CompressionMiddleware(GZipMiddleware):
    """Compresses whole answers only.

    Django compresses each piece of an asynchronous stream by itself, and a reader that expects one
    gzip document stops after the first piece.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)


def _complete(path: str, response: HttpResponseBase) -> None:
    headers = response.headers
    headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if path.startswith("/admin/"):
        # Without a referrer browsers post forms with `Origin: null`, which CSRF checks refuse.
        headers.setdefault("Referrer-Policy", "same-origin")
    if path.startswith(("/api/", "/auth/")):
        # Personal data: a tagged answer may be kept and asked about again, others not at all.
        has_tag = response.has_header("ETag")
        headers.setdefault("Cache-Control", "private, no-cache" if has_tag else "no-store")
    if _ALIAS.match(path):
        # An alias names the address that the OpenAPI document lists (RFC 6596).
        # Escaped again: a decoded line break or `>` would end the header or the address.
        address = escape_uri_path(_ALIAS.sub("/api/v1/", path, count=1))
        canonical = f'<{address}>; rel="canonical"'
        headers["Link"] = ", ".join(filter(None, [headers.get("Link"), canonical]))
