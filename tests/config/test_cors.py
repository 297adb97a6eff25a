"""Pages of other sites may call the API only if the site is listed, exactly."""

import pytest
from django.test import Client

from tests.config.loading import PRODUCTION, settings_with
from tests.factories import build_access_token

pytestmark = pytest.mark.django_db

LISTED = "https://dashboard.test"
STRANGERS = [
    "https://evil.test", "http://dashboard.test", "https://dashboard.test:8443",
    "https://dashboard.test.evil.test", "https://sub.dashboard.test", "null",
]  # fmt: skip
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
READABLE = {
    "etag", "idempotency-replayed", "link", "location", "ratelimit", "ratelimit-policy",
    "retry-after", "www-authenticate", "x-request-id",
}  # fmt: skip


@pytest.fixture(autouse=True)
def listed(settings, tmp_path):
    found = settings_with(tmp_path, **PRODUCTION, CORS_ORIGINS=LISTED)
    for name in dir(found):
        if name.startswith("CORS_"):
            setattr(settings, name, getattr(found, name))


def ask(path="/api/v1/auth/me", origin=LISTED, **headers):
    return Client(headers={"Origin": origin, **headers}).get(path)


def preflight(method, origin=LISTED, path="/api/v1/teams", asked="authorization,if-match"):
    return Client().options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": asked,
        },
    )


def words(header):
    return {word.strip().lower() for word in header.split(",")}


def has_cors(response):
    return any(name.lower().startswith("access-control-") for name in response.headers)


@pytest.mark.parametrize("path", ["/api/v1/auth/me", "/api/auth/me", "/auth/verify", "/health"])
def test_listed_site_may_read_answers_and_their_headers(path):
    response = ask(path)

    assert response["Access-Control-Allow-Origin"] == LISTED
    assert words(response["Access-Control-Expose-Headers"]) == READABLE
    assert "origin" in words(response["Vary"])


@pytest.mark.parametrize("origin", STRANGERS)
def test_other_site_gets_nothing(origin):
    assert not has_cors(ask(origin=origin))
    assert not has_cors(preflight("GET", origin))
    # So that no cache gives it what the listed site got.
    assert "origin" in words(ask(origin=origin)["Vary"])


@pytest.mark.parametrize("method", METHODS)
def test_each_method_may_be_asked_for_in_advance(method):
    response = preflight(method)

    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == LISTED
    assert method.lower() in words(response["Access-Control-Allow-Methods"])
    allowed = words(response["Access-Control-Allow-Headers"])
    assert {"authorization", "content-type", "idempotency-key", "if-match"} <= allowed


def test_cookies_are_never_asked_for():
    responses = [ask(), ask("/health"), *(preflight(method) for method in METHODS)]

    assert not any("Access-Control-Allow-Credentials" in response for response in responses)


def test_refusals_can_be_read_too(settings):
    settings.LIMITS = {**settings.LIMITS, "reads": "1/1d"}
    token = f"Bearer {build_access_token()}"

    answers = [ask(Authorization=token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert all(answer["Access-Control-Allow-Origin"] == LISTED for answer in answers)


@pytest.mark.parametrize("path", ["/", "/w", "/admin/login/", "/docs"])
def test_pages_are_for_nobody_elses_scripts(path):
    assert not has_cors(ask(path))


def test_asking_in_advance_is_not_counted(settings):
    settings.LIMITS = {**settings.LIMITS, "reads": "1/1d", "writes": "1/1d"}

    answers = [preflight("POST") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert not any("RateLimit" in answer for answer in answers)
