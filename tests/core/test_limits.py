from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache

from core.errors import RateLimitedError, ServiceUnavailableError
from core.limits import Limit, collected, forget, give_back, hit, named, parse_rate

FIVE = Limit(name="five", count=5, seconds=60)
GUARDED = Limit(name="guarded", count=5, seconds=60, fail_closed=True)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10/30s", (10, 30)),
        ("60/5m", (60, 300)),
        ("20/1h", (20, 3_600)),
        ("10/1d", (10, 86_400)),
    ],
)
def test_rate_is_a_count_and_a_period(text, meant):
    assert parse_rate(text) == meant


@pytest.mark.parametrize("text", ["", "10", "0/1m", "10/0m", "10/m", "1.5/1m", "10/1w", " 10/1m"])
def test_anything_else_is_no_rate(text):
    with pytest.raises(ValueError, match="is no count and period"):
        parse_rate(text)


def test_limits_are_taken_by_name_as_the_settings_say(settings):
    settings.LIMITS = {"register": "7/2h"}

    assert named("register") == Limit(name="register", count=7, seconds=7_200)


def test_what_guards_a_secret_fails_closed(settings):
    closed = {name for name in settings.LIMITS if named(name).fail_closed}

    assert closed == {
        "login-address", "login-account", "master-address", "master-all", "share-exchange",
    }  # fmt: skip


def test_tries_given_back_are_not_told():
    with collected() as told:
        counted = hit(FIVE, "somebody")
        hit(GUARDED, "somebody")
        give_back(counted)

    assert [left.limit for left in told] == [GUARDED]


def hits_until_refused(limit, key, most=50):
    for number in range(most):
        try:
            hit(limit, key)
        except RateLimitedError:
            return number
    return most


def test_sixth_try_is_refused_and_told_when_to_come_back():
    with time_machine.travel(datetime(2026, 11, 21, 15, 0, 20, tzinfo=UTC), tick=False):
        left = [hit(FIVE, "somebody").remaining for _ in range(5)]
        with pytest.raises(RateLimitedError) as refused:
            hit(FIVE, "somebody")

    assert left == [4, 3, 2, 1, 0]
    assert refused.value.details == {"retry_after": 40, "limit": 5, "window_seconds": 60}


def test_next_window_starts_anew():
    with time_machine.travel(datetime(2026, 11, 21, 15, 0, 59, tzinfo=UTC), tick=False) as clock:
        assert hits_until_refused(FIVE, "somebody") == 5
        clock.shift(1)

        assert hits_until_refused(FIVE, "somebody") == 5


def test_keys_and_limits_count_apart():
    assert hits_until_refused(FIVE, "one") == 5

    assert hit(FIVE, "another").remaining == 4
    assert hit(GUARDED, "one").remaining == 4


def test_key_of_any_shape_is_accepted():
    key = "a person@example.org\n" + "x" * 500

    assert hit(FIVE, key).remaining == 4


def test_given_back_tries_do_not_count():
    for _ in range(20):
        give_back(hit(FIVE, "somebody"))

    assert hit(FIVE, "somebody").remaining == 4


def test_what_is_given_back_after_its_window_takes_nothing_from_the_next():
    with time_machine.travel(datetime(2026, 11, 21, 15, 0, 59, tzinfo=UTC), tick=False) as clock:
        counted = hit(FIVE, "somebody")
        clock.shift(1)
        hit(FIVE, "somebody")
        give_back(counted)

        assert hit(FIVE, "somebody").remaining == 3


def test_a_counter_that_is_gone_gives_nothing_back():
    counted = hit(FIVE, "nobody")
    cache.delete(counted.slot)

    give_back(counted)

    assert hit(FIVE, "nobody").remaining == 4


def test_headers_tell_the_policy_and_what_is_left():
    with time_machine.travel(datetime(2026, 11, 21, 15, 0, 20, tzinfo=UTC), tick=False):
        headers = hit(FIVE, "somebody").headers()

    assert headers == {"RateLimit-Policy": '"five";q=5;w=60', "RateLimit": '"five";r=4;t=40'}


def test_threads_at_once_get_exactly_what_is_allowed():
    limit = Limit(name="crowd", count=100, seconds=3600)

    with ThreadPoolExecutor(16) as threads:
        allowed = sum(threads.map(lambda _: _is_allowed(limit), range(400)))

    assert allowed == 100


def _is_allowed(limit):
    try:
        hit(limit, "everybody")
    except RateLimitedError:
        return False
    return True


@pytest.mark.usefixtures("without_cache")
def test_without_the_cache_an_ordinary_limit_counts_in_the_process():
    counted = [hit(FIVE, "somebody") for _ in range(5)]
    assert hits_until_refused(FIVE, "somebody") == 0

    give_back(counted[0])
    give_back(counted[1])
    assert hit(FIVE, "somebody").remaining == 0

    forget()
    assert hit(FIVE, "somebody").remaining == 4


@pytest.mark.usefixtures("without_cache")
def test_without_the_cache_a_limit_that_guards_a_secret_refuses():
    with pytest.raises(ServiceUnavailableError) as refused:
        hit(GUARDED, "somebody")

    assert refused.value.details["retry_after"] == 5


def test_counter_that_the_cache_drops_starts_anew(settings):
    # A full Redis evicts, and this cache keeps nothing at all.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert hit(FIVE, "somebody").remaining == 4
