from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import DeviceSession
from tests.factories import build_session, build_user

pytestmark = pytest.mark.django_db
SESSIONS, LOGOUT_ALL = "/api/v1/auth/sessions", "/api/v1/auth/logout-all"
VERIFY = "/api/v1/auth/verify"


@pytest.fixture
def robin():
    return build_user(username="robin")


@pytest.fixture
def phone(robin):
    return build_session(robin, device_name="phone", address="192.0.2.1")


@pytest.fixture
def api(phone):
    return on(phone)


def on(session):
    token = tokens.issue_access(session.user_id, session.pk)
    return APIClient(headers={"authorization": f"Bearer {token}"})


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_list_shows_every_open_session_of_ones_own(api, robin, phone):
    laptop = build_session(robin, device_name="laptop")
    build_session(robin, revoked_at=timezone.now())
    build_session(robin, expires_at=timezone.now() - timedelta(seconds=1))
    build_session()

    body = api.get(SESSIONS).json()

    assert (body["total"], body["limit"], body["offset"]) == (2, 20, 0)
    assert [(item["id"], item["is_current"]) for item in body["items"]] == [
        (str(laptop.pk), False),
        (str(phone.pk), True),
    ]
    assert set(body["items"][0]) == {
        "id",
        "device_name",
        "address",
        "created_at",
        "last_seen_at",
        "expires_at",
        "is_current",
    }
    assert body["items"][1]["device_name"] == "phone"
    assert body["items"][1]["address"] == "192.0.2.1"
    assert body["items"][0]["address"] is None


@pytest.mark.parametrize("sessions", [1, 10])
def test_list_costs_the_same_for_any_length(api, robin, sessions, django_assert_num_queries):
    for _ in range(sessions - 1):
        build_session(robin)

    with django_assert_num_queries(3):
        assert api.get(SESSIONS).json()["total"] == sessions


@pytest.mark.parametrize("query", ["limit=0", "sort=address", "user=1"])
def test_list_refuses_what_it_does_not_know(api, query):
    assert code(api.get(f"{SESSIONS}?{query}")) == (400, "validation_error")


def test_one_device_can_be_signed_out_from_another(api, robin, phone):
    laptop = build_session(robin)

    assert api.delete(f"{SESSIONS}/{laptop.pk}").status_code == 204

    assert code(on(laptop).get(SESSIONS)) == (401, "session_revoked")
    assert api.get(SESSIONS).json()["total"] == 1


def test_one_may_end_the_session_one_asks_with(api, phone):
    assert api.delete(f"{SESSIONS}/{phone.pk}").status_code == 204
    assert code(api.get(SESSIONS)) == (401, "session_revoked")


def test_one_device_reads_as_in_the_list(api, phone):
    assert api.get(f"{SESSIONS}/{phone.pk}").json() == api.get(SESSIONS).json()["items"][0]


@pytest.mark.parametrize("method", ["get", "delete"])
def test_foreign_unknown_and_ended_sessions_look_the_same(api, robin, method):
    foreign, ended = build_session(), build_session(robin, revoked_at=timezone.now())
    ask = getattr(api, method)
    answers = [ask(f"{SESSIONS}/{pk}") for pk in (foreign.pk, ended.pk, uuid4(), "x")]

    assert [code(answer) for answer in answers] == [(404, "not_found")] * 4
    bodies = [{**answer.json()["error"], "request_id": ""} for answer in answers[:3]]
    assert bodies[0] == bodies[1] == bodies[2]
    foreign.refresh_from_db()
    assert foreign.revoked_at is None


def test_superuser_ends_nobody_elses_session_here():
    boss = build_session(build_user(is_superuser=True, is_staff=True))
    foreign = build_session()

    assert code(on(boss).delete(f"{SESSIONS}/{foreign.pk}")) == (404, "not_found")


def test_logout_all_ends_this_session_too_and_says_how_many(api, robin, phone):
    build_session(robin)
    other = build_session()

    answer = api.post(LOGOUT_ALL)

    assert (answer.status_code, answer.json()["ended"]) == (200, 2)
    assert code(api.get(SESSIONS)) == (401, "session_revoked")
    assert list(DeviceSession.objects.filter(revoked_at=None)) == [other]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", [VERIFY, "/auth/verify"])
def test_verify_says_whose_token_it_is(api, method, path):
    answer = getattr(api, method)(path)

    body = answer.json()
    assert answer.status_code == 200
    assert body.pop("expires_in") in range(1, 901)
    assert body == {"valid": True, "username": "robin", "scopes": []}


def test_verify_costs_one_query(api, django_assert_num_queries):
    with django_assert_num_queries(1):
        api.get(VERIFY)


def test_ended_session_verifies_nothing(api, phone):
    DeviceSession.objects.update(revoked_at=timezone.now())

    assert code(api.get(VERIFY)) == (401, "session_revoked")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", SESSIONS),
        ("delete", f"{SESSIONS}/{uuid4()}"),
        ("post", LOGOUT_ALL),
        ("get", VERIFY),
        ("post", VERIFY),
    ],
    ids=["list", "end", "logout-all", "verify", "verify by post"],
)
def test_strangers_are_asked_to_sign_in(method, path):
    assert code(getattr(APIClient(), method)(path)) == (401, "not_authenticated")
