"""The OpenAPI document and its two readers, from local files and under a strict policy."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from config.errors import wants_json

View = Callable[..., HttpResponseBase]


def _for_the_invited(view: View) -> View:
    """API_DOCS says for whom: public, staff (who sign in to the admin), or nobody."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.API_DOCS == "off":
            raise Http404
        if settings.API_DOCS == "staff" and not request.user.is_staff:
            if wants_json(request):
                raise PermissionDenied
            return redirect_to_login(request.path, reverse("admin:login"))
        return view(request, *args, **kwargs)

    return guarded


@_for_the_invited
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    # Costs a second and never changes while the process runs.
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return bytes(OpenApiJsonRenderer().render(schema, renderer_context={}))


_OPEN: dict[str, Any] = {
    "url_name": "openapi",
    "authentication_classes": [],
    "permission_classes": [AllowAny],
    "throttle_classes": [],
}
# Both libraries write style attributes; no script but our own files runs.
swagger = _for_the_invited(
    csp_update({"style-src": [UNSAFE_INLINE]})(SpectacularSwaggerSplitView.as_view(**_OPEN))
)
redoc = _for_the_invited(
    csp_update({"style-src": [UNSAFE_INLINE], "worker-src": ["blob:"]})(
        SpectacularRedocView.as_view(**_OPEN, template_name="config/redoc.html")
    )
)
