from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts import queries, tokens
from accounts.errors import RefreshReusedError, SessionRevokedError
from accounts.models import DeviceSession, RefreshToken, User
from accounts.operations import refresh, refreshing, sign_out
from accounts.tokens import TokenExpiredError, TokenInvalidError
from core.ids import hash_token, new_token
from tests.factories import build_session

pytestmark = pytest.mark.django_db
START = timezone.now()


def at(seconds):
    return time_machine.travel(START + timedelta(seconds=seconds), tick=False)


def first_token(**fields):
    """The refresh token that signing in gave, without the cost of a password."""
    token = new_token()
    with at(0):
        refreshing._store(build_session(**fields), token, timezone.now())
    return token


def is_ended():
    return DeviceSession.objects.get().revoked_at is not None


def test_refresh_gives_the_next_token_of_the_same_session():
    token = first_token()

    with at(60):
        credentials = refresh(token=token, address="192.0.2.7")
        reader = queries.signed_in(credentials.access_token)

    session = DeviceSession.objects.get()
    assert reader.session_id == session.pk
    assert credentials.refresh_token != token
    assert (session.address, session.last_seen_at) == ("192.0.2.7", START + timedelta(seconds=60))
    assert not is_ended()


def test_chain_can_be_followed_from_token_to_token():
    token = first_token()
    with at(60):
        for _ in range(5):
            token = refresh(token=token).refresh_token

    assert RefreshToken.objects.filter(parent=None).count() == 1
    assert RefreshToken.objects.filter(rotated_at=None).get().token_hash == hash_token(token)
    assert RefreshToken.objects.count() == 6


@pytest.mark.parametrize("seconds", [0, 1, 29, 30])
def test_parent_sent_again_soon_gets_the_same_successor(seconds):
    token = first_token()
    with at(0):
        successor = refresh(token=token).refresh_token

    with at(seconds):
        again = refresh(token=token)

        assert again.refresh_token == successor
        queries.signed_in(again.access_token)
    assert RefreshToken.objects.count() == 2
    assert not is_ended()


@pytest.mark.parametrize("seconds", [31, 3600])
def test_parent_sent_again_late_ends_the_session(seconds):
    token = first_token()
    with at(0):
        credentials = refresh(token=token)

    with at(seconds):
        with pytest.raises(RefreshReusedError):
            refresh(token=token)
        with pytest.raises(SessionRevokedError):
            refresh(token=credentials.refresh_token)
    assert is_ended()


@pytest.mark.parametrize("seconds", [0, 29, 31])
def test_parent_whose_successor_was_used_ends_the_session(seconds):
    parent = first_token()
    with at(0):
        child = refresh(token=parent).refresh_token
        grandchild = refresh(token=child).refresh_token

    with at(seconds):
        with pytest.raises(RefreshReusedError):
            refresh(token=parent)
        for token in (parent, child, grandchild):
            with pytest.raises(SessionRevokedError):
                refresh(token=token)
    assert is_ended()


def test_thief_and_victim_cannot_both_go_on():
    stolen = first_token()
    with at(0):
        thief = refresh(token=stolen)
    with at(5):
        # The victim's own refresh looks like a lost answer, so both now hold the same successor.
        victim = refresh(token=stolen)
        assert victim.refresh_token == thief.refresh_token
    with at(40):
        refresh(token=victim.refresh_token)

    with at(80):
        with pytest.raises(RefreshReusedError):
            refresh(token=thief.refresh_token)
        with pytest.raises(SessionRevokedError):
            queries.signed_in(thief.access_token)


def test_window_for_a_lost_answer_begins_with_the_first_use():
    token = first_token()
    with at(0):
        refresh(token=token)
    with at(20):
        refresh(token=token)

    with at(40), pytest.raises(RefreshReusedError):
        refresh(token=token)


def test_expired_token_that_was_used_before_ends_the_session():
    token = first_token()
    with at(0):
        refresh(token=token)

    with at(8 * 86_400), pytest.raises(RefreshReusedError):
        refresh(token=token)
    assert is_ended()


def test_token_expires_after_seven_idle_days():
    token = first_token()

    with at(7 * 86_400), pytest.raises(TokenExpiredError):
        refresh(token=token)
    assert RefreshToken.objects.count() == 1


def test_each_use_starts_seven_days_anew_but_ninety_days_are_the_end():
    token = first_token(expires_at=START + timedelta(days=90))
    for day in range(6, 90, 6):
        with at(day * 86_400):
            token = refresh(token=token).refresh_token

    youngest = RefreshToken.objects.get(rotated_at=None)
    assert youngest.expires_at == START + timedelta(days=90)
    with at(90 * 86_400), pytest.raises(SessionRevokedError):
        refresh(token=token)


@pytest.mark.parametrize("token", ["", "x", "é", "k" * 43])
def test_unknown_token_is_refused(token):
    first_token()

    with pytest.raises(TokenInvalidError):
        refresh(token=token)


def test_access_and_viewer_tokens_refresh_nothing():
    session = build_session()
    viewer_token, _ = tokens.issue_viewer(session.pk, "match.1")

    for token in (tokens.issue_access(session.user_id, session.pk), viewer_token):
        with pytest.raises(TokenInvalidError):
            refresh(token=token)


def test_signed_out_and_disabled_people_refresh_nothing():
    token = first_token()
    User.objects.update(is_active=False)
    with at(1), pytest.raises(SessionRevokedError):
        refresh(token=token)

    User.objects.update(is_active=True)
    session = DeviceSession.objects.get()
    sign_out(reader=queries.SignedIn(session.user, session.pk))

    with at(1), pytest.raises(SessionRevokedError):
        refresh(token=token)
    assert RefreshToken.objects.get().rotated_at is None


def test_successor_cannot_be_derived_without_the_secret_key(settings):
    token = new_token()
    here = refreshing._successor_of(token)

    settings.SECRET_KEY = "another secret key that is long enough to be taken for one"

    assert refreshing._successor_of(token) != here


def together(work, times):
    """Run `work` in so many threads at once, each with a connection of its own."""
    barrier = Barrier(times)

    def run():
        barrier.wait(timeout=10)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        futures = [threads.submit(run) for _ in range(times)]
        return [future.exception() or future.result() for future in futures]


@pytest.mark.django_db(transaction=True)
def test_eight_parallel_refreshes_of_one_token_yield_one_child():
    token = new_token()
    refreshing._store(build_session(), token, timezone.now())

    answers = together(lambda: refresh(token=token), times=8)

    assert len({answer.refresh_token for answer in answers}) == 1
    assert RefreshToken.objects.exclude(parent=None).count() == 1
    assert not is_ended()


@pytest.mark.django_db(transaction=True)
def test_parallel_replays_of_an_old_token_end_the_session_for_good():
    token = new_token()
    refreshing._store(build_session(), token, timezone.now())
    child = refresh(token=token).refresh_token
    refresh(token=child)

    answers = together(lambda: refresh(token=token), times=8)

    refusals = sorted(type(answer).__name__ for answer in answers)
    assert refusals == ["RefreshReusedError", *["SessionRevokedError"] * 7]
    assert is_ended()
