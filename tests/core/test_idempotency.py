import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import Organisation
from core.api import idempotency

pytestmark = [pytest.mark.urls("tests.core.views"), pytest.mark.django_db]


def found(api, key=None, body=None, path="/api/v1/clubs", caller="robin"):
    headers = {"Authorization": f"Caller {caller}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return api.post(path, body or {}, headers=headers)


def test_same_key_gets_the_first_answer_and_founds_one_club(api):
    first = found(api, "key-1")
    again = found(api, "key-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["ETag"] == first["ETag"]
    assert again["Idempotency-Replayed"] == "true"
    assert "X-Other" not in again
    assert "Idempotency-Replayed" not in first
    assert Organisation.objects.count() == 1


def test_answer_without_a_body_is_kept_too(api):
    assert found(api, "key-1", {"silently": True}).status_code == 204
    again = found(api, "key-1", {"silently": True})

    assert (again.status_code, again.content) == (204, b"")
    assert Organisation.objects.count() == 1


def test_without_a_key_every_request_counts(api):
    found(api)
    found(api)

    assert Organisation.objects.count() == 2


def test_order_of_fields_makes_no_other_body(api):
    api.credentials(HTTP_IDEMPOTENCY_KEY="key-1")
    bodies = ['{"a": 1, "b": [2]}', '{"b":[2],"a":1}']

    answers = [
        api.generic("POST", "/api/v1/clubs", body, "application/json").json() for body in bodies
    ]

    assert answers[0] == answers[1]


def test_same_key_with_another_body_is_refused(api):
    found(api, "key-1", {"a": 1})

    response = found(api, "key-1", {"a": 2})

    assert response.status_code == 422
    assert response.json()["error"]["code"] == "idempotency_key_reused"
    assert Organisation.objects.count() == 1


def test_key_belongs_to_its_caller_and_its_address(api):
    found(api, "key-1", caller="robin")
    found(api, "key-1", caller="sam")
    found(api, "key-1", caller="robin", path="/api/v1/clubs/7")

    assert Organisation.objects.count() == 3


def test_strangers_are_told_apart_by_their_address(api):
    first = api.post("/api/v1/clubs", {}, headers={"Idempotency-Key": "k"}, REMOTE_ADDR="192.0.2.1")
    other = api.post("/api/v1/clubs", {}, headers={"Idempotency-Key": "k"}, REMOTE_ADDR="192.0.2.2")

    assert first.json() != other.json()


def test_alias_and_version_are_one_address(api):
    first = found(api, "key-1")
    again = found(api, "key-1", path="/api/clubs")

    assert again.json() == first.json()


def test_refusal_is_not_kept(api):
    assert found(api, "key-1", {"refuse": True}).status_code == 409
    assert found(api, "key-1", {"refuse": False}).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "has space", "é", "x" * 256])
def test_odd_keys_are_refused(api, key):
    response = found(api, key)

    assert response.status_code == 400
    assert "Idempotency-Key" in response.json()["error"]["details"]


def test_reading_ignores_the_key(api):
    headers = {"Idempotency-Key": "key-1", "Authorization": "Caller robin"}
    before = api.get("/api/v1/clubs", headers=headers).json()
    found(api, "key-1")

    assert api.get("/api/v1/clubs", headers=headers).json() != before


def test_malformed_body_does_not_use_up_the_key(api):
    headers = {"Idempotency-Key": "key-1", "Authorization": "Caller robin"}

    assert (
        api.generic("POST", "/api/v1/clubs", "{", "application/json", headers=headers).status_code
        == 400
    )
    assert found(api, "key-1").status_code == 201


def test_request_in_flight_refuses_its_twin(api, monkeypatch):
    answers = []
    create = Organisation.objects.create

    def create_while_the_twin_asks(**fields):
        answers.append(found(APIClient(), "key-1"))
        return create(**fields)

    monkeypatch.setattr(Organisation.objects, "create", create_while_the_twin_asks)
    found(api, "key-1")

    assert answers[0].status_code == 409
    assert answers[0].json()["error"]["code"] == "idempotency_in_flight"
    assert answers[0]["Retry-After"] == "1"


def test_twin_with_another_body_in_flight_is_told_so(api, monkeypatch):
    answers = []
    create = Organisation.objects.create

    def create_while_the_twin_asks(**fields):
        answers.append(found(APIClient(), "key-1", {"other": "body"}))
        return create(**fields)

    monkeypatch.setattr(Organisation.objects, "create", create_while_the_twin_asks)
    found(api, "key-1")

    assert answers[0].status_code == 422


class VanishingCache(LocMemCache):
    """A claim is there when it is taken and gone when it is looked at."""

    def add(self, *_, **__):
        return False


def test_claim_that_ends_between_two_looks_may_be_repeated(api, settings):
    backend = f"{VanishingCache.__module__}.{VanishingCache.__name__}"
    settings.CACHES = {"default": {"BACKEND": backend}}

    response = found(api, "key-1")

    assert response.json()["error"]["code"] == "idempotency_in_flight"


@pytest.mark.usefixtures("without_cache")
def test_without_the_cache_the_request_goes_ahead(api):
    assert found(api, "key-1").status_code == 201
    assert found(api, "key-1").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_founds_the_club():
    together = threading.Barrier(8)

    def ask(_):
        together.wait()
        try:
            return found(APIClient(), "key-1")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(8)))

    assert Organisation.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert any(answer.status_code == 201 for answer in answers)


def test_answers_are_kept_for_a_day(api):
    assert idempotency.KEPT_SECONDS == 86_400
