from concurrent.futures import ThreadPoolExecutor

import pytest
from rest_framework.test import APIClient

from tests.factories import build_access_token

pytestmark = pytest.mark.urls("tests.core.views")


@pytest.fixture(autouse=True)
def few(settings):
    """Windows of a day, so that none ends in the middle of a test."""
    settings.LIMITS = {
        **settings.LIMITS, "reads": "5/1d", "writes": "3/1d", "share-exchange": "1/1d",
    }  # fmt: skip


@pytest.fixture
def person():
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {build_access_token()}")


def caller(name="", address="192.0.2.7"):
    headers = {"HTTP_AUTHORIZATION": f"Caller {name}"} if name else {}
    return APIClient(REMOTE_ADDR=address, **headers)


def written(client):
    return client.post("/echo", {"a": 1})


def read(client):
    # Refused by the view, and counted all the same.
    return client.get("/raise/domain")


def test_answers_tell_what_is_left():
    client = caller()

    answers = [written(client) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer["RateLimit-Policy"] for answer in answers] == ['"writes";q=3;w=86400'] * 3
    assert [answer["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0"]


def test_one_too_many_is_refused_and_told_when_to_come_back():
    client = caller()
    for _ in range(3):
        written(client)

    refused = written(client)

    assert refused.status_code == 429
    error = refused.json()["error"]
    assert error["code"] == "rate_limited"
    assert error["details"] == {
        "retry_after": int(refused["Retry-After"]), "limit": 3, "window_seconds": 86_400,
    }  # fmt: skip
    assert refused["RateLimit-Policy"] == '"writes";q=3;w=86400'
    assert refused["RateLimit"] == f'"writes";r=0;t={refused["Retry-After"]}'


def test_refusals_count_and_tell_too():
    client = caller()

    assert read(client)["RateLimit"].startswith('"reads";r=4;')
    assert client.post("/echo", "{", content_type="application/json")["RateLimit"].startswith(
        '"writes";r=2;'
    )


def test_reads_and_writes_count_apart():
    client = caller()
    for _ in range(4):
        written(client)

    assert written(client).status_code == 429
    assert read(client).status_code == 409
    assert client.head("/raise/domain")["RateLimit"].startswith('"reads";r=3;')


def test_callers_do_not_use_up_what_others_need():
    for _ in range(4):
        written(caller())

    assert written(caller()).status_code == 429
    assert written(caller(address="192.0.2.8")).status_code == 200
    assert written(caller("link")).status_code == 200


def test_one_link_is_followed_from_many_addresses():
    crowd = [written(caller("link", f"192.0.2.{number}")) for number in range(20)]
    greedy = [written(caller("link", "198.51.100.9")) for _ in range(5)]

    assert {answer.status_code for answer in crowd} == {200}
    assert [answer.status_code for answer in greedy] == [200, 200, 200, 429, 429]


def test_one_household_counts_as_one_on_ipv6():
    answers = [written(caller(address=f"2001:db8::{number}")) for number in range(1, 6)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert written(caller(address="2001:db8:0:1::1")).status_code == 200


@pytest.mark.urls("config.urls")
@pytest.mark.django_db
def test_person_is_counted_wherever_they_are(person):
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"):
        assert person.get("/api/v1/auth/me", REMOTE_ADDR=address).status_code == 200

    assert person.get("/api/v1/auth/me", REMOTE_ADDR="192.0.2.6").status_code == 429
    assert person.get("/api/auth/me", REMOTE_ADDR="192.0.2.7").status_code == 429


@pytest.mark.urls("config.urls")
@pytest.mark.django_db
def test_limit_of_a_view_replaces_the_general_one():
    client = caller()

    first, second = (client.post("/api/v1/share/exchange", {"token": "x"}) for _ in range(2))

    assert first["RateLimit"].startswith('"share-exchange";r=0;')
    assert second["RateLimit-Policy"] == '"share-exchange";q=1;w=86400'
    assert (first.status_code, second.status_code) == (404, 429)


@pytest.mark.urls("config.urls")
@pytest.mark.django_db
def test_failed_sign_in_tells_the_nearest_limit_and_not_how_the_account_stands(settings):
    settings.LIMITS = {**settings.LIMITS, "login-address": "2/1d", "login-account": "1/1d"}
    client = caller()
    wrong = {"username": "nobody", "password": "wrong"}

    first, second = (client.post("/api/v1/auth/login", wrong) for _ in range(2))

    assert first["RateLimit"].startswith('"login-address";r=1;')
    assert second.status_code == 429
    assert second["RateLimit-Policy"] == '"login-account";q=1;w=86400'


@pytest.mark.urls("config.urls")
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health", "/api/v1/health", "/health/ready", "/w", "/docs"])
def test_probes_and_pages_are_not_counted(client, path):
    answers = [client.get(path) for _ in range(8)]

    assert {answer.status_code for answer in answers} == {200}
    assert not any("RateLimit" in answer for answer in answers)


@pytest.mark.usefixtures("without_cache")
def test_without_the_cache_the_process_counts_and_tells():
    answers = [written(caller()) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit"].startswith('"writes";r=2;')


@pytest.mark.urls("config.urls")
@pytest.mark.usefixtures("without_cache")
def test_without_the_cache_what_guards_a_secret_is_closed():
    refused = caller().post("/api/v1/share/exchange", {"token": "x"})

    assert refused.status_code == 503
    assert refused["Retry-After"] == "5"


def test_of_many_requests_at_once_exactly_as_many_as_allowed_pass(settings):
    settings.LIMITS = {**settings.LIMITS, "writes": "50/1d"}

    with ThreadPoolExecutor(200) as threads:
        codes = list(threads.map(lambda _: written(caller()).status_code, range(400)))

    assert (codes.count(200), codes.count(429)) == (50, 350)
