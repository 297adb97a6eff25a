"""What only real threads on PostgreSQL can show: refreshing and signing in under fire."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.errors import RefreshReusedError, SessionRevokedError
from accounts.models import AuditEntry, DeviceSession, RefreshToken
from accounts.operations import refresh, refreshing
from core.ids import new_token
from tests.accounts.operations.test_sign_in import CountingHasher
from tests.factories import PASSWORD, build_session, build_user

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent writers"),
]

ROUNDS = 1_000
HANDS = 8
# Limits count in fixed windows, and noon is the beginning of one.
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Hands:
    """Threads that all do the same at the same moment, each with a connection of its own."""

    def __init__(self, count):
        self.start = Barrier(count)
        self.count = count
        self.threads = ThreadPoolExecutor(count)

    def together(self, work):
        def run():
            self.start.wait(timeout=10)
            try:
                return work()
            except (RefreshReusedError, SessionRevokedError) as refusal:
                return refusal

        return [each.result() for each in [self.threads.submit(run) for _ in range(self.count)]]

    def close(self):
        def let_go():
            self.start.wait(timeout=10)
            connection.close()

        for each in [self.threads.submit(let_go) for _ in range(self.count)]:
            each.result()
        self.threads.shutdown()


@contextmanager
def hands(count=HANDS):
    many = Hands(count)
    try:
        yield many
    finally:
        many.close()


def signed_in_token():
    token = new_token()
    refreshing._store(build_session(), token, timezone.now())
    return token


@pytest.mark.timeout(600)
def test_a_thousand_times_eight_refreshes_of_one_token_make_one_line_of_children():
    token = signed_in_token()

    with hands() as eight:
        for _ in range(ROUNDS):
            answers = eight.together(lambda token=token: refresh(token=token))
            successors = {answer.refresh_token for answer in answers}
            assert len(successors) == 1
            (token,) = successors

    tokens = RefreshToken.objects.order_by("created_at")
    chain = list(tokens.values_list("pk", "parent", "rotated_at"))
    assert len(chain) == ROUNDS + 1
    # Each is the only child of the one before, and only the youngest is unused.
    assert [parent for _, parent, _ in chain] == [None, *(pk for pk, _, _ in chain[:-1])]
    assert [rotated is None for _, _, rotated in chain] == [*[False] * ROUNDS, True]
    assert DeviceSession.objects.get().is_open(timezone.now())
    refresh(token=token)


@pytest.mark.parametrize("seconds", [0, 29, 31])
def test_eight_replays_of_the_parent_are_a_lost_answer_for_thirty_seconds(seconds):
    with time_machine.travel(NOON, tick=False):
        parent = signed_in_token()
        child = refresh(token=parent).refresh_token

    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False), hands() as eight:
        answers = eight.together(lambda: refresh(token=parent))

    if seconds <= 30:
        assert {answer.refresh_token for answer in answers} == {child}
        assert RefreshToken.objects.count() == 2
        assert not AuditEntry.objects.exists()
    else:
        assert_ended_once(answers)


@pytest.mark.parametrize("seconds", [0, 29, 31])
def test_eight_replays_of_the_grandparent_end_the_session_once(seconds):
    with time_machine.travel(NOON, tick=False):
        grandparent = signed_in_token()
        refresh(token=refresh(token=grandparent).refresh_token)

    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False), hands() as eight:
        answers = eight.together(lambda: refresh(token=grandparent))

    assert_ended_once(answers)


@pytest.mark.parametrize("seconds", [0, 29, 31])
def test_stolen_token_and_its_victim_cannot_both_go_on(seconds):
    with time_machine.travel(NOON, tick=False):
        stolen = signed_in_token()
        thief = refresh(token=stolen).refresh_token

    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False), hands() as eight:
        # The victims come with what was stolen, then with what both of them hold.
        answers = eight.together(lambda: refresh(token=stolen))
        if seconds <= 30:
            assert {answer.refresh_token for answer in answers} == {thief}
            refresh(token=refresh(token=thief).refresh_token)
            answers = eight.together(lambda: refresh(token=thief))

    assert_ended_once(answers)


def assert_ended_once(answers):
    refusals = Counter(type(answer) for answer in answers)
    assert refusals == {RefreshReusedError: 1, SessionRevokedError: HANDS - 1}
    assert DeviceSession.objects.get().revoked_at is not None
    assert AuditEntry.objects.get().action == "refresh_reused"


@pytest.mark.parametrize(
    ("body", "allowed", "action"),
    [
        (lambda number: {"username": f"guess-{number}"}, 60, "sign_in_refused"),
        (lambda _: {"username": "robin"}, 10, "sign_in_refused"),
        (lambda _: {}, 5, "master_sign_in_refused"),
    ],
    ids=["many names", "one name", "master password"],
)
def test_of_two_hundred_wrong_sign_ins_exactly_the_allowed_ones_are_tried(
    settings, body, allowed, action
):
    # Cheap: what is counted is how often it is asked.
    settings.PASSWORD_HASHERS = ["tests.accounts.operations.test_sign_in.CountingHasher"]
    build_user(username="robin", password=PASSWORD)
    CountingHasher.hashes = 0
    word = "master_password" if action.startswith("master") else "password"

    def try_in(number):
        try:
            answer = APIClient().post("/api/v1/auth/login", {**body(number), word: "wrong"})
            return answer.status_code
        finally:
            connection.close()

    with time_machine.travel(NOON, tick=False), ThreadPoolExecutor(40) as threads:
        codes = Counter(threads.map(try_in, range(200)))

    assert codes == {401: allowed, 429: 200 - allowed}
    assert CountingHasher.hashes == allowed
    assert AuditEntry.objects.filter(action=action).count() == allowed
