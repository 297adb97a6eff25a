"""The admin's sign-in page slows down whoever tries many passwords."""

import pytest

from tests.factories import PASSWORD, build_user

LOGIN = "/admin/login/"


def sign_in(client, password, **extra):
    return client.post(LOGIN, {"username": "staff", "password": password}, **extra)


@pytest.fixture(autouse=True)
def staff(db, settings):
    settings.ADMIN_LOGIN_RATE = "3/5m"
    return build_user(username="staff", password=PASSWORD, is_staff=True)


def test_tries_beyond_the_rate_are_refused_with_the_time_to_wait(client):
    first = [sign_in(client, "wrong wrong wrong").status_code for _ in range(3)]

    answer = sign_in(client, PASSWORD)

    assert first == [200, 200, 200]
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 300
    assert "Too many requests" in answer.content.decode()


def test_another_address_is_not_slowed_down(client):
    for _ in range(4):
        sign_in(client, "wrong wrong wrong")

    answer = sign_in(client, PASSWORD, REMOTE_ADDR="192.0.2.7")

    assert answer.status_code == 302


def test_looking_at_the_page_costs_no_try(client):
    for _ in range(5):
        assert client.get(LOGIN).status_code == 200

    assert sign_in(client, PASSWORD).status_code == 302


def test_without_the_cache_nobody_can_guess(client, without_cache):
    answer = sign_in(client, PASSWORD)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"


def test_one_household_counts_as_one_on_ipv6(client, settings):
    settings.ADMIN_LOGIN_RATE = "2/d"
    codes = [
        client.post("/admin/login/", {}, REMOTE_ADDR=f"2001:db8::{number}").status_code
        for number in range(1, 4)
    ]

    assert codes == [200, 200, 429]
