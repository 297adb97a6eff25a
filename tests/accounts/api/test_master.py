import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from rest_framework.test import APIClient

from accounts.models import AuditEntry, DeviceSession
from tests.factories import build_match, build_user
from tests.hashers import quick_hash

pytestmark = pytest.mark.django_db
MASTER = "seventeen geese over the harbour"
HASH = quick_hash(MASTER)
LOGIN = "/auth/login"


@pytest.fixture(autouse=True)
def master_hash(settings):
    settings.MASTER_PASSWORD_HASH = HASH


@pytest.fixture
def credentials(api):
    return api.post(LOGIN, {"master_password": MASTER, "device_name": "OBS"}).json()


@pytest.fixture
def dashboard(credentials):
    return APIClient(headers={"authorization": f"Bearer {credentials['access_token']}"})


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.parametrize("login", [LOGIN, "/api/v1/auth/login"])
def test_login_answers_as_it_does_to_people(api, login):
    answer = api.post(login, {"master_password": MASTER, "device_name": "OBS"})

    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert answer["Cache-Control"] == "no-store"
    session = DeviceSession.objects.get()
    assert (session.device_name, session.address) == ("OBS", "127.0.0.1")
    assert AuditEntry.objects.get().address == "127.0.0.1"


def test_wrong_and_missing_master_password_look_the_same(api, settings):
    wrong = api.post(LOGIN, {"master_password": "wrong"})
    settings.MASTER_PASSWORD_HASH = ""
    unset = api.post(LOGIN, {"master_password": MASTER})
    nobody = api.post(LOGIN, {"username": "nobody", "password": "wrong"})

    assert code(wrong) == code(unset) == (401, "invalid_credentials")
    bodies = [{**each.json()["error"], "request_id": ""} for each in (wrong, unset, nobody)]
    assert bodies[0] == bodies[1] == bodies[2]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"username": "robin"}, {"username"}),
        ({"email": "robin@example.org"}, {"email"}),
        ({"password": "x"}, {"password"}),
        ({"master_password": ""}, {"master_password"}),
        ({"master_password": None}, {"master_password"}),
        ({"master_password": "m" * 1025}, {"master_password"}),
    ],
)
def test_master_password_comes_alone(api, body, fields):
    answer = api.post(LOGIN, {"master_password": MASTER, **body})

    assert code(answer) == (400, "validation_error")
    assert set(answer.json()["error"]["details"]) == fields


@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_sixth_try_is_told_when_to_come_back(api):
    for _ in range(5):
        api.post(LOGIN, {"master_password": "wrong"})

    answer = api.post(LOGIN, {"master_password": MASTER})

    assert code(answer) == (429, "rate_limited")
    assert answer["Retry-After"] == "900"


def test_without_the_cache_nobody_signs_in(api, without_cache):
    answer = api.post(LOGIN, {"master_password": MASTER})

    assert code(answer) == (503, "service_unavailable")


@pytest.mark.parametrize("method", ["get", "post"])
def test_verify_names_its_scopes(dashboard, method):
    body = getattr(dashboard, method)("/auth/verify").json()

    assert (body["valid"], body["username"]) == (True, "master")
    assert body["scopes"] == ["graphics", "tournaments"]


def test_refresh_and_logout_work_for_it(api, dashboard, credentials):
    again = api.post("/auth/refresh", {"refresh_token": credentials["refresh_token"]})
    assert again.status_code == 200

    assert dashboard.post("/auth/logout").status_code == 200
    assert code(dashboard.get("/auth/verify")) == (401, "session_revoked")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/api/v1/auth/me"),
        ("get", "/api/v1/auth/sessions"),
        ("post", "/api/v1/auth/logout-all"),
        ("get", "/api/v1/users/me"),
        ("get", "/api/v1/matches"),
        ("post", "/api/v1/matches"),
        ("get", "/api/v1/teams"),
    ],
)
def test_everything_else_is_forbidden_rather_than_unauthenticated(dashboard, method, path):
    assert code(getattr(dashboard, method)(path)) == (403, "forbidden")


@pytest.mark.parametrize("route", ["", "/live", "/feed", "/score", "/events", "/share"])
def test_matches_are_forbidden_whether_they_exist_or_not(dashboard, route):
    match = build_match()
    unknown = build_user().pk

    for pk in (match.pk, unknown):
        assert code(dashboard.get(f"/api/v1/matches/{pk}{route}")) == (403, "forbidden")


def test_another_hash_ends_its_sessions_at_once(dashboard, settings):
    settings.MASTER_PASSWORD_HASH = make_password("another long password")

    assert code(dashboard.get("/auth/verify")) == (401, "session_revoked")
