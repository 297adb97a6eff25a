"""Every address: the API under its version and its alias, probes, documents, admin, pages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

import accounts.urls
from config import docs, errors
from config.health import HealthView, LiveView, ReadyView

Patterns = list[URLPattern | URLResolver]

versioned: Patterns = [
    path("health", HealthView.as_view(), name="api-health"),
    path("openapi.json", docs.openapi, name="api-openapi"),
    path("", include("accounts.urls")),
    path("", include("items.urls")),
    path("", include("matches.urls")),
]

# What the dashboard calls without a prefix, too.
AT_THE_ROOT = {"auth-login", "auth-refresh", "auth-verify", "auth-logout"}
sign_in: Patterns = [route for route in accounts.urls.urlpatterns if route.name in AT_THE_ROOT]

urlpatterns: Patterns = [
    path("api/v1/", include(versioned)),
    # What early clients and the dashboard use, in namespaces so that `reverse` never yields them.
    path("api/", include((versioned, "alias"))),
    path("", include((sign_in, "dashboard"))),
    path("health", HealthView.as_view(), name="health"),
    path("healthz", HealthView.as_view(), name="healthz"),
    path("health/live", LiveView.as_view(), name="live"),
    path("health/ready", ReadyView.as_view(), name="ready"),
    path("openapi.json", docs.openapi, name="openapi"),
    path("docs", docs.swagger, name="docs"),
    path("redoc", docs.redoc, name="redoc"),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("", include("web.urls")),
    # Before Django's own answer, which in DEBUG is a page even for programs.
    # It reads no cookie, so a POST from anywhere learns that there is nothing here.
    re_path(r"^(?:api|auth|health)(?:/|$)", csrf_exempt(errors.not_found)),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
