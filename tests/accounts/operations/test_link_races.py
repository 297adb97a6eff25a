"""What only real threads on PostgreSQL can show; SQLite has one writer at a time."""

from collections import Counter

import pytest
from django.db import connection

from accounts.errors import AccountTakenError, LinkGoneError
from accounts.models import EmailToken, User
from accounts.operations import register, request_password_reset, reset_password, verify_email
from accounts.operations.addresses import request_email_change
from accounts.proofs import email_token
from core.errors import DomainError
from tests.factories import PASSWORD, build_user
from tests.matches.operations.test_races import side_by_side

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent writers"),
]
TRIES = 8


def results_of(work, times=TRIES):
    """How often each of parallel calls ended in which way."""
    ended = Counter()

    def run(number):
        def call():
            try:
                work(number)
            except DomainError as error:
                ended[type(error)] += 1
            else:
                ended["done"] += 1

        return call

    side_by_side(*(run(number) for number in range(times)))
    return ended


def test_reset_link_used_by_many_at_once_works_once():
    user = build_user(password=PASSWORD)
    request_password_reset(email=user.email)
    token = email_token(EmailToken.objects.get())

    ended = results_of(
        lambda number: reset_password(token=token, new_password=f"quite a long phrase {number}")
    )

    assert ended == {"done": 1, LinkGoneError: TRIES - 1}
    user.refresh_from_db()
    assert [user.check_password(f"quite a long phrase {n}") for n in range(TRIES)].count(True) == 1


def test_verification_link_used_by_many_at_once_works_once():
    user = build_user()
    request_email_change(user=user, email="new@example.org", actor=user)
    token = email_token(EmailToken.objects.get())

    ended = results_of(lambda number: verify_email(token=token))

    assert ended == {"done": 1, LinkGoneError: TRIES - 1}


def test_one_name_registered_by_many_at_once_is_one_account():
    ended = results_of(
        lambda number: register(
            username="Robin" if number % 2 else "robin",
            email=f"robin{number}@example.org",
            password=PASSWORD,
        )
    )

    assert ended == {"done": 1, AccountTakenError: TRIES - 1}
    assert User.objects.count() == EmailToken.objects.count() == 1


def test_of_links_asked_for_at_once_one_is_good(settings):
    settings.LIMITS = {**settings.LIMITS, "reset-account": "100/1h"}
    user = build_user()

    ended = results_of(lambda number: request_password_reset(email=user.email))

    assert ended == {"done": TRIES}
    assert EmailToken.objects.filter(used_at=None).count() == 1


def test_address_proved_by_two_at_once_is_one_persons():
    tokens = []
    for user in (build_user(), build_user()):
        request_email_change(user=user, email="new@example.org", actor=user)
        tokens.append(email_token(user.email_tokens.get()))

    ended = results_of(lambda number: verify_email(token=tokens[number]), times=2)

    assert ended["done"] == 1
    assert User.objects.filter(email="new@example.org").count() == 1
