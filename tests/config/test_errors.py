import pytest
from django.core.exceptions import BadRequest
from django.test import Client, RequestFactory

from config import errors
from core.api.request_id import adopt_request_id

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/nowhere",
        "/api/v1/matches/not-a-uuid",
        "/api/v1/matches/not-a-uuid/live",
        "/api/v1/events/12345",
        "/api/v9/matches",
        "/auth/nowhere",
        "/health/nowhere",
    ],
)
@pytest.mark.parametrize("debug", [False, True])
def test_programs_get_the_envelope_for_unknown_addresses(client, settings, path, debug):
    settings.DEBUG = debug

    response = client.get(path, headers={"Accept": "text/html"})

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"
    assert response.json()["error"]["request_id"] == response["X-Request-ID"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_unknown_address_is_unknown_to_every_method(method):
    # Unlike the usual test client, this one must send what a form needs.
    browser = Client(enforce_csrf_checks=True)

    response = getattr(browser, method)("/api/v1/nowhere")

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_programs_that_post_to_nowhere_are_not_asked_for_a_form_token():
    response = Client(enforce_csrf_checks=True).post("/api/v1/nowhere", {})

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_people_get_a_page(client):
    response = client.get("/nowhere", headers={"Accept": "text/html,application/json;q=0.9"})

    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")
    assert "<h1" in response.text


def test_programs_may_ask_for_json_anywhere(client):
    response = client.get("/nowhere", headers={"Accept": "application/json"})

    assert response.json()["error"]["code"] == "not_found"


def test_unknown_host_is_refused_without_a_traceback(client, settings):
    settings.ALLOWED_HOSTS = ["club.test"]

    response = client.get("/api/v1/health", headers={"Host": "evil.test"})

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "bad_request"


def test_form_without_its_token_is_refused_with_a_page_that_helps():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})

    assert response.status_code == 403
    assert "This form has expired" in response.text


@pytest.mark.urls("tests.config.views")
@pytest.mark.parametrize("path", ["/broken", "/api/broken"])
def test_bug_tells_its_id_and_nothing_else(path):
    client = Client(raise_request_exception=False)

    response = client.get(path, headers={"X-Request-ID": "trace-1"})

    assert response.status_code == 500
    assert "trace-1" in response.text
    assert "secret reason" not in response.text


@pytest.mark.urls("tests.config.views")
def test_broken_error_page_is_replaced_by_a_plain_one(settings, tmp_path):
    (tmp_path / "500.html").write_text("{% extends 'gone.html' %}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    response = Client(raise_request_exception=False).get("/broken")

    assert response.status_code == 500
    assert "Something went wrong here" in response.text


def test_other_refusals_have_their_code():
    request = RequestFactory().get("/api/v1/x")
    adopt_request_id("trace-1")

    assert errors.bad_request(request, BadRequest("secret reason")).status_code == 400
    assert errors.forbidden(request, PermissionError("secret reason")).status_code == 403
    assert b"secret reason" not in errors.forbidden(request, PermissionError()).content


def test_page_carries_the_headers_of_its_refusal(rf):
    class LimitedError(errors.DomainError):
        status = 429

    response = errors.refused(rf.get("/page"), LimitedError("Slow down.", retry_after=3))

    assert response["Retry-After"] == "3"
    assert "Slow down." in response.text
