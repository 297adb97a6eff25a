import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import DeviceSession, Role, User
from tests.factories import PASSWORD, build_access_token, build_organisation, build_user

pytestmark = pytest.mark.django_db
LOGIN, REFRESH, LOGOUT = "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/logout"
PROFILES = ["/api/v1/auth/me", "/api/v1/users/me"]


@pytest.fixture
def robin():
    return build_user(username="robin", email="robin@example.org", password=PASSWORD)


@pytest.fixture
def api():
    return APIClient()


def as_(user_or_token):
    token = build_access_token(user_or_token) if isinstance(user_or_token, User) else user_or_token
    return APIClient(headers={"authorization": f"Bearer {token}"})


def refusal(answer):
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "details", "request_id"}
    return answer.status_code, body["error"]["code"]


@pytest.mark.parametrize(
    "name",
    [{"username": "Robin"}, {"username": "robin@example.org"}, {"email": "robin@EXAMPLE.org"}],
)
def test_login_answers_what_a_device_needs(api, robin, name):
    answer = api.post(LOGIN, {**name, "password": PASSWORD, "device_name": "phone"})

    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 900)
    assert answer["Cache-Control"] == "no-store"
    assert as_(body["access_token"]).get(PROFILES[0]).json()["username"] == "robin"
    session = DeviceSession.objects.get()
    assert (session.device_name, session.address) == ("phone", "127.0.0.1")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"password"}),
        ({"username": "robin"}, {"password"}),
        ({"password": PASSWORD}, {"username"}),
        ({"username": "robin", "email": "robin@example.org", "password": PASSWORD}, {"username"}),
        ({"username": "", "password": PASSWORD}, {"username"}),
        ({"username": "robin", "password": ""}, {"password"}),
        ({"username": None, "password": PASSWORD}, {"username"}),
        ({"username": ["robin"], "password": PASSWORD}, {"username"}),
        ({"username": "robin", "password": {"a": 1}}, {"password"}),
        ({"username": "r" * 255, "password": PASSWORD}, {"username"}),
        ({"username": "robin", "password": "p" * 1025}, {"password"}),
        ({"username": "robin", "password": PASSWORD, "device_name": "d" * 121}, {"device_name"}),
        ({"username": "robin", "password": PASSWORD, "remember": True}, {"remember"}),
        ([], {"non_field_errors"}),
    ],
)
def test_login_names_the_fields_that_are_wrong(api, robin, body, fields):
    answer = api.post(LOGIN, body)

    assert refusal(answer) == (400, "validation_error")
    assert set(answer.json()["error"]["details"]) == fields
    assert not DeviceSession.objects.exists()


def test_spaces_belong_to_a_password(api):
    build_user(username="robin", password=" correct horse battery ")

    answer = api.post(LOGIN, {"username": "robin", "password": " correct horse battery "})
    trimmed = api.post(LOGIN, {"username": "robin", "password": "correct horse battery"})

    assert answer.status_code == 200
    assert refusal(trimmed) == (401, "invalid_credentials")


def test_unknown_user_and_wrong_password_get_the_same_answer(api, robin):
    wrong = api.post(LOGIN, {"username": "robin", "password": "wrong"})
    unknown = api.post(LOGIN, {"username": "nobody", "password": "wrong"})

    assert refusal(wrong) == refusal(unknown) == (401, "invalid_credentials")
    assert "WWW-Authenticate" in wrong
    bodies = [{**answer.json()["error"], "request_id": ""} for answer in (wrong, unknown)]
    assert bodies[0] == bodies[1]


def test_disabled_user_is_told_so(api, robin):
    User.objects.update(is_active=False)

    answer = api.post(LOGIN, {"username": "robin", "password": PASSWORD})

    assert refusal(answer) == (403, "user_disabled")


@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_too_many_failures_are_told_when_to_come_back(api, robin):
    for _ in range(10):
        api.post(LOGIN, {"username": "robin", "password": "wrong"})

    answer = api.post(LOGIN, {"username": "robin", "password": PASSWORD})

    assert refusal(answer) == (429, "rate_limited")
    assert answer["Retry-After"] == "900"


def test_expired_token_keeps_nobody_from_signing_in(robin):
    answer = as_("expired.or.worse").post(LOGIN, {"username": "robin", "password": PASSWORD})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("content", "content_type", "expected"),
    [
        (b'{"username": "robin", "username": "x"}', "application/json", (400, "malformed_json")),
        (b'{"username": "ro\\u0000bin", "password": "x"}', "application/json", 400),
        (b"username=robin&password=x", "application/x-www-form-urlencoded", 415),
    ],
)
def test_login_reads_strict_json_only(api, robin, content, content_type, expected):
    answer = api.generic("POST", LOGIN, content, content_type=content_type)

    assert expected in (refusal(answer), answer.status_code)


def test_refresh_answers_the_next_pair(api, robin):
    first = api.post(LOGIN, {"username": "robin", "password": PASSWORD}).json()

    answer = api.post(REFRESH, {"refresh_token": first["refresh_token"]})

    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == set(first)
    assert body["refresh_token"] != first["refresh_token"]
    assert answer["Cache-Control"] == "no-store"
    assert as_(body["access_token"]).get(PROFILES[0]).status_code == 200


def test_reuse_ends_the_session_although_an_error_is_answered(api, robin):
    first = api.post(LOGIN, {"username": "robin", "password": PASSWORD}).json()
    second = api.post(REFRESH, {"refresh_token": first["refresh_token"]}).json()
    third = api.post(REFRESH, {"refresh_token": second["refresh_token"]}).json()

    reused = api.post(REFRESH, {"refresh_token": first["refresh_token"]})

    assert refusal(reused) == (401, "refresh_reused")
    youngest = api.post(REFRESH, {"refresh_token": third["refresh_token"]})
    assert refusal(youngest) == (401, "session_revoked")
    assert refusal(as_(third["access_token"]).get(PROFILES[0])) == (401, "session_revoked")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, "validation_error")),
        ({"refresh_token": ""}, (400, "validation_error")),
        ({"refresh_token": "unknown"}, (401, "token_invalid")),
        ({"refresh_token": "é" * 43}, (401, "token_invalid")),
        ({"refresh_token": "x" * 5000}, (400, "validation_error")),
        ({"refresh_token": "x", "access_token": "x"}, (400, "validation_error")),
    ],
)
def test_refresh_refuses_what_is_no_refresh_token(api, body, expected):
    assert refusal(api.post(REFRESH, body)) == expected


def test_access_token_is_no_refresh_token(api, robin):
    answer = api.post(REFRESH, {"refresh_token": build_access_token(robin)})

    assert refusal(answer) == (401, "token_invalid")


def test_logout_acts_at_once(robin):
    phone, laptop = as_(robin), as_(robin)

    answer = phone.post(LOGOUT)

    assert (answer.status_code, answer.json()) == (200, {"detail": "Logged out"})
    assert refusal(phone.get(PROFILES[0])) == (401, "session_revoked")
    assert refusal(phone.post(LOGOUT)) == (401, "session_revoked")
    assert laptop.get(PROFILES[0]).status_code == 200


@pytest.mark.parametrize("path", PROFILES)
def test_profile_says_who_somebody_is_and_where(path, robin):
    organisation = build_organisation(name="Riverside Juniors")
    organisation.memberships.create(user=robin, role=Role.SCORER)

    answer = as_(robin).get(path)

    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(robin.pk),
        "username": "robin",
        "email": "robin@example.org",
        "email_verified": False,
        "pending_email": None,
        "is_active": True,
        "roles": ["user"],
        "organisations": [
            {"id": str(organisation.pk), "name": "Riverside Juniors", "role": "scorer"}
        ],
        "created_at": robin.date_joined.isoformat().replace("+00:00", "Z"),
    }


@pytest.mark.parametrize("memberships", [1, 10])
def test_profile_costs_three_queries(django_assert_num_queries, memberships):
    user = build_user()
    for _ in range(memberships):
        build_organisation().memberships.create(user=user)
    client = as_(user)

    with django_assert_num_queries(3):
        client.get(PROFILES[0])


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_asked_to_sign_in(api, method):
    answer = api.get(PROFILES[0]) if method == "get" else api.post(LOGOUT)

    assert refusal(answer) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_tokens_that_are_not_good_are_refused(robin):
    viewer_token, _ = tokens.issue_viewer(uuid4(), "match.1")
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        old = build_access_token(robin)
    token = build_access_token(robin)

    for bad in ("x", token[:-4] + "AAAA", viewer_token):
        answer = as_(bad).get(PROFILES[0])
        assert refusal(answer) == (401, "token_invalid")
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert refusal(as_(old).get(PROFILES[0])) == (401, "token_expired")


def test_disabling_somebody_acts_at_once(robin):
    client = as_(robin)
    User.objects.update(is_active=False)

    assert refusal(client.get(PROFILES[0])) == (401, "session_revoked")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [(LOGIN, "get", "POST"), (REFRESH, "get", "POST"), (PROFILES[1], "put", "GET")],
)
def test_other_methods_are_refused(robin, path, method, allowed):
    answer = getattr(as_(robin), method)(path)

    assert refusal(answer) == (405, "method_not_allowed")
    assert allowed in answer["Allow"]


def test_no_password_or_token_is_ever_logged(api, robin, caplog, capsys):
    pair = api.post(LOGIN, {"username": "robin", "password": PASSWORD}).json()
    api.post(LOGIN, {"username": "robin", "password": "wrong battery"})
    refreshed = api.post(REFRESH, {"refresh_token": pair["refresh_token"]}).json()
    api.post(REFRESH, {"refresh_token": refreshed["refresh_token"]})
    api.post(REFRESH, {"refresh_token": pair["refresh_token"]})

    captured = capsys.readouterr()
    logged = caplog.text + captured.out + captured.err
    secrets = [PASSWORD, "wrong battery", *pair.values(), *refreshed.values()]
    assert "refresh_reused" in logged
    assert not [secret for secret in secrets if len(str(secret)) > 8 and str(secret) in logged]


def test_routes_are_documented_with_their_refusals_and_examples(api):
    paths = api.get("/api/v1/openapi.json").json()["paths"]

    operations = {
        ("/api/v1/auth/login", "post"): ("auth_login", {"200", "400", "401", "403", "429"}),
        ("/api/v1/auth/refresh", "post"): ("auth_refresh", {"200", "400", "401"}),
        ("/api/v1/auth/logout", "post"): ("auth_logout", {"200", "401"}),
        ("/api/v1/auth/me", "get"): ("auth_me", {"200", "401"}),
        ("/api/v1/users/me", "get"): ("users_me", {"200", "401"}),
    }
    for (path, method), (operation_id, codes) in operations.items():
        operation = paths[path][method]
        assert operation["operationId"] == operation_id
        assert codes <= set(operation["responses"])
        assert "example" in json.dumps(operation["responses"]["200"])
        is_public = operation_id in ("auth_login", "auth_refresh")
        assert operation.get("security", [{}]) == ([{}] if is_public else operation["security"])
