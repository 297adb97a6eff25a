import sys
from contextlib import contextmanager

import pytest
from django.core.signals import got_request_exception
from django.db import IntegrityError
from rest_framework.test import APIClient

from accounts.models import Membership
from core.api.exceptions import as_domain_error
from core.ids import uuid7
from tests.factories import build_user

pytestmark = pytest.mark.urls("tests.core.views")


@pytest.fixture
def api():
    return APIClient(raise_request_exception=False)


@contextmanager
def signal_received(signal, receiver):
    signal.connect(receiver)
    yield
    signal.disconnect(receiver)


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("domain", 409, "conflict"),
        ("invalid", 400, "validation_error"),
        ("limited", 429, "rate_limited"),
        ("absent", 404, "not_found"),
        ("denied", 403, "forbidden"),
        ("too-big", 413, "too_large"),
        ("bad", 400, "bad_request"),
        ("django-form", 400, "validation_error"),
        ("django-text", 400, "validation_error"),
        ("bug", 500, "internal_error"),
        ("down", 503, "service_unavailable"),
        ("gone", 503, "service_unavailable"),
        ("locked", 503, "busy"),
        ("lock-timeout", 503, "busy"),
        ("deadlock", 503, "busy"),
        ("data", 500, "internal_error"),
        ("twice", 500, "internal_error"),
        ("drf-list", 400, "validation_error"),
        ("drf-fields", 400, "validation_error"),
        ("drf-parse", 400, "malformed_json"),
        ("drf-throttled", 429, "rate_limited"),
        ("drf-login", 401, "not_authenticated"),
        ("drf-token", 401, "token_invalid"),
        ("drf-denied", 403, "forbidden"),
        ("drf-accept", 406, "not_acceptable"),
        ("drf-other", 418, "error"),
    ],
)
def test_every_refusal_has_the_envelope_and_keeps_its_reasons(api, what, status, code):
    response = api.get(f"/raise/{what}", headers={"X-Request-ID": "trace-1"})

    error = response.json()["error"]
    assert response.status_code == status
    assert set(error) == {"code", "message", "details", "request_id"}
    assert error["code"] == code
    assert error["message"]
    assert error["request_id"] == response["X-Request-ID"] == "trace-1"
    assert "secret reason" not in response.text


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("drf-login", "Sign in, and send your access token with the request."),
        ("drf-denied", "Your role does not allow this."),
    ],
)
def test_refusals_before_a_view_is_reached_say_what_to_do(api, what, message):
    assert api.get(f"/raise/{what}").json()["error"]["message"] == message


@pytest.mark.parametrize(
    ("what", "details"),
    [
        ("domain", {"who": "you"}),
        ("invalid", {"message": ["Too long."]}),
        ("too-big", {"max_bytes": 1_048_576}),
        ("django-form", {"name": ["Taken."]}),
        ("django-text", {"non_field_errors": ["Not like this."]}),
        ("drf-list", {"non_field_errors": ["Wrong."]}),
        ("drf-fields", {"minute": ["Wrong."]}),
        ("bug", {}),
    ],
)
def test_details_are_always_an_object(api, what, details):
    assert api.get(f"/raise/{what}").json()["error"]["details"] == details


@pytest.mark.parametrize(
    ("what", "seconds"),
    [
        ("limited", "7"),
        ("limited-vaguely", "5"),
        ("drf-throttled", "13"),
        ("down", "5"),
        ("locked", "1"),
    ],
)
def test_who_may_come_back_is_told_when(api, what, seconds):
    assert api.get(f"/raise/{what}")["Retry-After"] == seconds


def test_a_field_that_is_called_retry_after_does_not_reach_the_header(api):
    response = api.get("/raise/named-like-ours")

    assert response.json()["error"]["details"] == {"retry_after": ["Unknown parameter."]}
    assert "Retry-After" not in response


@pytest.mark.parametrize(
    ("what", "challenge"),
    [
        ("drf-login", 'Bearer realm="touchline"'),
        ("drf-token", 'Bearer realm="touchline"'),
        ("password", 'Bearer realm="touchline"'),
        ("token", 'Bearer realm="touchline", error="invalid_token"'),
        ("session", 'Bearer realm="touchline", error="invalid_token"'),
    ],
)
def test_401_names_the_way_to_authenticate(api, what, challenge):
    assert api.get(f"/raise/{what}")["WWW-Authenticate"] == challenge


def test_wrong_method_lists_the_right_ones(api):
    response = api.delete("/echo")

    assert response.status_code == 405
    assert response.json()["error"]["code"] == "method_not_allowed"
    assert "POST" in response["Allow"]


def test_bug_is_logged_once_with_its_request_id_and_traceback(api, caplog):
    api.get("/raise/bug", headers={"X-Request-ID": "trace-2"})

    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.msg["event"] == "request_failed"
    assert record.msg["request_id"] == "trace-2"
    assert record.msg["exc_info"]


def test_bug_reaches_whoever_watches_for_bugs(api):
    caught = []

    def watch(sender, request, **_):
        caught.append((sys.exc_info()[1], request.path))

    with signal_received(got_request_exception, watch):
        api.get("/raise/bug")
        api.get("/raise/domain")

    [(exception, path)] = caught
    assert isinstance(exception, ZeroDivisionError)
    assert path == "/raise/bug"


def test_development_shows_the_exception(api, settings):
    settings.DEBUG = True

    details = api.get("/raise/bug").json()["error"]["details"]

    assert details == {"exception": "ZeroDivisionError: secret reason"}


@pytest.mark.django_db(transaction=True)
def test_reference_to_a_row_that_was_just_deleted_is_a_conflict():
    with pytest.raises(IntegrityError) as lost:
        Membership.objects.create(user=build_user(), organisation_id=uuid7())

    refusal = as_domain_error(lost.value)

    assert (refusal.status, refusal.code) == (409, "conflict")


@pytest.mark.django_db
def test_query_on_a_missing_table_tells_nothing_about_the_database(api):
    response = api.get("/broken-query")

    assert response.status_code in {500, 503}
    assert "nowhere" not in response.text
