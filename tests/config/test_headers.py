"""What every kind of answer leaves with, in production's settings and each mode of the policy."""

import pytest
from django.test import Client

from tests.config.loading import PRODUCTION, settings_with
from tests.factories import build_access_token

pytestmark = pytest.mark.django_db

TAKEN = [
    "CONTENT_SECURITY_POLICY", "CORS_ALLOWED_ORIGINS", "CORS_ALLOW_HEADERS", "CORS_EXPOSE_HEADERS",
    "CORS_URLS_REGEX", "CSP_MODE", "MIDDLEWARE", "REST_FRAMEWORK", "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_HSTS_SECONDS", "SECURE_REFERRER_POLICY", "SECURE_SSL_REDIRECT", "X_FRAME_OPTIONS",
]  # fmt: skip
PAGE, API = "no-cache", "no-store"
# Kind: address, status, Referrer-Policy, Cache-Control (None where it does not matter).
ANSWERS = {
    "landing": ("/", 200, "no-referrer", PAGE),
    "viewer": ("/w", 200, "no-referrer", PAGE),
    "mailed link": ("/account/reset", 200, "no-referrer", PAGE),
    "admin login": ("/admin/login/", 200, "same-origin", "private"),
    "admin redirect": ("/admin/", 302, "same-origin", "private"),
    "redirect": ("/admin", 302, "no-referrer", None),
    "docs": ("/docs", 200, "no-referrer", None),
    "redoc": ("/redoc", 200, "no-referrer", None),
    "document": ("/openapi.json", 200, "no-referrer", None),
    "health": ("/health", 200, "no-referrer", None),
    "page not found": ("/nowhere", 404, "no-referrer", None),
    "API": ("/api/v1/auth/me", 200, "no-referrer", API),
    "API alias": ("/api/auth/me", 200, "no-referrer", API),
    "API not signed in": ("/api/v1/teams", 401, "no-referrer", API),
    "API not found": ("/api/v1/nowhere", 404, "no-referrer", API),
    "API too often": ("/api/v1/auth/me", 429, "no-referrer", API),
    "malformed": ("/api/v1/health?q=%00", 400, "no-referrer", API),
    "broken page": ("/broken", 500, "no-referrer", None),
    "broken API": ("/api/broken", 500, "no-referrer", API),
}
MODES = ["strict", "relaxed", "disabled"]


@pytest.fixture
def production(settings, tmp_path):
    """Takes over what a production start would have set."""

    def take(**environment):
        found = settings_with(tmp_path, **{**PRODUCTION, "API_DOCS": "public", **environment})
        for name in TAKEN:
            if hasattr(found, name):
                setattr(settings, name, getattr(found, name))
            else:
                delattr(settings, name)

    return take


def answer_of(kind, settings):
    path, status, *_ = ANSWERS[kind]
    headers = {}
    if path.endswith("/auth/me"):
        headers["Authorization"] = f"Bearer {build_access_token()}"
    if status == 500:
        settings.ROOT_URLCONF = "tests.config.views"
    client = Client(raise_request_exception=False, headers=headers)
    if status == 429:
        settings.LIMITS = {**settings.LIMITS, "reads": "1/1d"}
        client.get(path, secure=True)
    response = client.get(path, secure=True)
    assert response.status_code == status
    return response


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_carries_the_safe_headers(production, settings, kind, mode):
    production(CSP_MODE=mode)

    response = answer_of(kind, settings)

    _, _, referrer, caching = ANSWERS[kind]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Strict-Transport-Security"] == "max-age=31536000"
    assert response["Referrer-Policy"] == referrer
    assert "camera=()" in response["Permissions-Policy"]
    assert "geolocation=()" in response["Permissions-Policy"]
    if caching:
        assert caching in response["Cache-Control"]
    assert ("Content-Security-Policy" in response) == (mode != "disabled")
    if mode != "disabled":
        assert_policy(response, kind, mode)


def assert_policy(response, kind, mode):
    parts = response["Content-Security-Policy"].split("; ")
    policy = {name: set(sources) for name, *sources in (part.split() for part in parts)}
    assert policy["default-src"] == {"'none'"}
    assert policy["script-src"] == policy["connect-src"] == {"'self'"}
    assert policy["frame-ancestors"] == policy["base-uri"] == {"'none'"}
    # The readers of the document write style attributes in any mode.
    has_inline_styles = mode == "relaxed" or kind in {"docs", "redoc"}
    assert ("'unsafe-inline'" in policy["style-src"]) == has_inline_styles
    assert ("https:" in policy["img-src"]) == (mode == "relaxed")


def test_without_https_nobody_is_bound_to_it(production, settings):
    production(HTTPS_ONLY="false")

    assert "Strict-Transport-Security" not in answer_of("landing", settings)


def test_shorter_hsts_is_possible(production, settings):
    production(HSTS_SECONDS="300")

    assert answer_of("landing", settings)["Strict-Transport-Security"] == "max-age=300"


def test_view_may_allow_one_site_to_frame_it(production, settings):
    production()
    settings.ROOT_URLCONF = "tests.config.views"

    response = Client().get("/framed", secure=True)

    assert "X-Frame-Options" not in response
    assert "frame-ancestors https://studio.test" in response["Content-Security-Policy"]
