from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from accounts import queries
from accounts.errors import (
    EmailTakenError,
    LastSuperuserError,
    SuperuserUnsetError,
    WeakPasswordError,
)
from accounts.models import AuditEntry, User
from accounts.operations import (
    create_user,
    ensure_superuser,
    set_active,
    set_password,
    update_user,
)
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from tests.accounts.side_by_side import side_by_side
from tests.factories import PASSWORD, build_access_token, build_session, build_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def configured(settings):
    settings.FIRST_SUPERUSER_EMAIL = "chair@example.org"
    settings.FIRST_SUPERUSER_PASSWORD = PASSWORD
    settings.ENVIRONMENT = "production"
    return settings


def test_first_superuser_is_made_from_the_settings(configured):
    user, created = ensure_superuser()

    assert created
    assert (user.username, user.email) == ("chair", "chair@example.org")
    assert user.is_superuser
    assert user.is_staff
    assert user.check_password(PASSWORD)


def test_second_start_changes_nothing(configured):
    first, _ = ensure_superuser()
    configured.FIRST_SUPERUSER_PASSWORD = "quite another battery staple"

    again, created = ensure_superuser()

    assert (again, created) == (first, False)
    assert again.check_password(PASSWORD)
    assert User.objects.count() == 1


def test_superuser_of_another_address_is_enough(configured):
    there = build_user(is_superuser=True)

    assert ensure_superuser() == (there, False)


def test_who_registered_the_address_before_does_not_become_superuser(configured):
    build_user(username="somebody", email="Chair@example.org")

    with pytest.raises(EmailTakenError):
        ensure_superuser()

    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize(
    ("email", "start"), [("chair@example.org", "chair-"), ("!{}@example.org", "admin")]
)
def test_username_is_free_and_well_formed(configured, email, start):
    build_user(username="CHAIR", email="somebody@example.org")
    configured.FIRST_SUPERUSER_EMAIL = email

    user, _ = ensure_superuser()

    assert user.username.startswith(start)
    user.full_clean()


@pytest.mark.parametrize(
    ("email", "password", "missing"),
    [
        ("", "", ["FIRST_SUPERUSER_EMAIL", "FIRST_SUPERUSER_PASSWORD"]),
        ("", PASSWORD, ["FIRST_SUPERUSER_EMAIL"]),
        ("chair@example.org", "", ["FIRST_SUPERUSER_PASSWORD"]),
    ],
)
def test_what_is_not_set_is_named(settings, email, password, missing):
    settings.FIRST_SUPERUSER_EMAIL = email
    settings.FIRST_SUPERUSER_PASSWORD = password

    with pytest.raises(SuperuserUnsetError) as refusal:
        ensure_superuser()

    assert refusal.value.details == {"missing": missing}


def test_malformed_address_is_refused(configured):
    configured.FIRST_SUPERUSER_EMAIL = "chair"

    with pytest.raises(InvalidInputError, match="FIRST_SUPERUSER_EMAIL is not an e-mail address"):
        ensure_superuser()


@pytest.mark.parametrize("environment", ["production", "staging"])
@pytest.mark.parametrize("password", ["short", "password1234", "chair@example.org"])
def test_weak_password_is_refused_outside_development(configured, environment, password):
    configured.ENVIRONMENT = environment
    configured.FIRST_SUPERUSER_PASSWORD = password

    with pytest.raises(WeakPasswordError) as refusal:
        ensure_superuser()

    assert refusal.value.details["password"]
    assert not User.objects.exists()


def test_development_takes_any_password(configured):
    configured.ENVIRONMENT = "development"
    configured.FIRST_SUPERUSER_PASSWORD = "demo"

    user, created = ensure_superuser()

    assert created
    assert user.check_password("demo")


@pytest.mark.django_db(transaction=True)
def test_servers_that_start_together_make_one_superuser(configured):
    barrier = Barrier(3)

    def start():
        barrier.wait(timeout=10)
        try:
            return ensure_superuser()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        answers = [future.result() for future in [threads.submit(start) for _ in range(3)]]

    assert sorted(created for _, created in answers) == [False, False, True]
    assert User.objects.count() == 1


def test_new_password_ends_all_sessions():
    user = build_user(password=PASSWORD)
    sessions = [build_session(user), build_session(user)]
    other = build_session()

    set_password(user=user, password="another battery staple", actor=build_user(is_superuser=True))

    user.refresh_from_db()
    assert user.check_password("another battery staple")
    assert queries.open_sessions([*[s.pk for s in sessions], other.pk]) == {other.pk}


def test_password_can_be_taken_away():
    user = build_user(password=PASSWORD)

    set_password(user=user, password=None)

    user.refresh_from_db()
    assert not user.has_usable_password()


def test_disabling_ends_sessions_and_enabling_does_not_revive_them():
    user, actor = build_user(), build_user(is_superuser=True)
    session_id = queries.signed_in(build_access_token(user)).session_id

    set_active(user=user, is_active=False, actor=actor)
    set_active(user=user, is_active=True, actor=actor)

    user.refresh_from_db()
    assert user.is_active
    assert queries.open_sessions([session_id]) == set()


@pytest.mark.parametrize("actor", ["themselves", "staff", "nobody"])
def test_superuser_is_not_locked_out_by_those_below(actor):
    user = build_user(is_superuser=True)
    actors = {"themselves": user, "staff": build_user(is_staff=True), "nobody": build_user()}

    with pytest.raises(ForbiddenError):
        set_active(user=user, is_active=False, actor=actors[actor])

    user.refresh_from_db()
    assert user.is_active


def test_password_of_others_is_theirs():
    user = build_user(password=PASSWORD)

    with pytest.raises(ForbiddenError):
        set_password(user=user, password="another battery staple", actor=build_user())

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_accounts_of_the_operator_are_noted_in_the_trail():
    user = create_user(username="ada", email="ada@example.org", password=None)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_kind, entry.subject) == ("user_created", "operator", user)
    assert not user.has_usable_password()


def test_only_superusers_make_and_change_accounts():
    actor, user = build_user(is_staff=True), build_user()

    with pytest.raises(ForbiddenError):
        create_user(username="ada", email="ada@example.org", password=None, actor=actor)
    with pytest.raises(ForbiddenError):
        update_user(user=user, changes={"is_staff": True}, actor=actor)

    assert not User.objects.filter(username="ada").exists()


def test_disabling_and_enabling_is_noted_once():
    user, actor = build_user(), build_user(is_superuser=True)

    for is_active in (False, False, True):
        set_active(user=user, is_active=is_active, actor=actor)

    entries = AuditEntry.objects.order_by("at", "pk")
    assert [entry.action for entry in entries] == ["user_disabled", "user_enabled"]
    assert {(entry.actor, entry.subject) for entry in entries} == {(actor, user)}


def test_account_that_is_gone_is_not_changed():
    user = build_user()
    User.objects.filter(pk=user.pk).delete()

    with pytest.raises(NotFoundError):
        update_user(user=user, changes={"is_staff": True}, actor=build_user(is_superuser=True))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent writers")
@pytest.mark.parametrize("change", [{"is_active": False}, {"is_superuser": False}])
def test_of_two_superusers_who_shut_each_other_out_one_stays(change):
    for _ in range(5):
        User.objects.all().delete()
        one, two = build_user(is_superuser=True), build_user(is_superuser=True)

        refused = side_by_side(
            partial(update_user, user=one, changes=change, actor=two),
            partial(update_user, user=two, changes=change, actor=one),
        )

        assert [type(found) for found in refused].count(LastSuperuserError) == 1
        assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
