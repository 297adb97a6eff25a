from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts import queries, tokens
from accounts.errors import SessionRevokedError
from accounts.models import Role
from accounts.queries import Anonymous, OrganisationRole, SignedIn, Viewer
from tests.factories import (
    build_access_token,
    build_member,
    build_organisation,
    build_session,
    build_user,
)

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=1)


def test_access_token_leads_to_its_user_in_one_query(django_assert_num_queries):
    user = build_user()
    session = build_session(user)
    token = tokens.issue_access(user.pk, session.pk)

    with django_assert_num_queries(1):
        reader = queries.signed_in(token)
        assert reader.user.username == user.username

    assert reader == SignedIn(user=user, session_id=session.pk)


@pytest.mark.parametrize(
    "state",
    [{"revoked_at": LONG_AGO}, {"expires_at": LONG_AGO}, {"user": {"is_active": False}}],
    ids=["revoked", "expired", "user disabled"],
)
def test_ended_session_lets_nobody_in(state):
    user = build_user(**state.pop("user", {}))
    session = build_session(user, **state)
    token = tokens.issue_access(user.pk, session.pk)

    for read in (queries.signed_in, queries.reader_for):
        with pytest.raises(SessionRevokedError):
            read(token)
    assert queries.open_sessions([session.pk]) == set()
    assert not session.is_open(timezone.now())


def test_session_of_somebody_else_lets_nobody_in():
    session = build_session()
    token = tokens.issue_access(build_user().pk, session.pk)

    with pytest.raises(SessionRevokedError):
        queries.signed_in(token)


def test_unknown_session_lets_nobody_in():
    with pytest.raises(SessionRevokedError):
        queries.signed_in(tokens.issue_access(build_user().pk, uuid4()))


def test_reader_is_a_person_or_a_viewer_by_the_token():
    user = build_user()
    link_id = uuid4()
    viewer_token, _ = tokens.issue_viewer(link_id, "match.1")

    person = queries.reader_for(build_access_token(user))
    viewer = queries.reader_for(viewer_token)

    assert isinstance(person, SignedIn)
    assert person.user == user
    assert viewer == Viewer(link_id=link_id, topic="match.1")


def test_readers_are_grouped_by_key():
    user, link_id = build_user(), uuid4()

    assert SignedIn(user, uuid4()).key == SignedIn(user, uuid4()).key == f"user.{user.pk}"
    assert Viewer(link_id, "match.1").key == f"viewer.{link_id}"
    assert Anonymous().key == "anonymous"


def test_session_is_open_until_it_is_ended():
    ended, other = build_session(), build_session()

    assert queries.open_sessions([ended.pk, other.pk]) == {ended.pk, other.pk}

    ended.revoked_at = timezone.now()
    ended.save()
    assert queries.open_sessions([ended.pk, other.pk]) == {other.pk}


def test_open_sessions_of_many_readers_cost_one_query(django_assert_num_queries):
    ids = [build_session().pk for _ in range(10)]
    ended = build_session(revoked_at=LONG_AGO)

    with django_assert_num_queries(1):
        assert queries.open_sessions([*ids, ended.pk, uuid4()]) == set(ids)


def test_role_is_the_one_of_the_membership():
    organisation = build_organisation()

    assert queries.role_in(build_member(organisation, Role.SCORER), organisation.pk) is Role.SCORER
    assert queries.role_in(build_user(), organisation.pk) is None
    assert queries.role_in(AnonymousUser(), organisation.pk) is None


@pytest.mark.parametrize("memberships", [1, 10])
def test_organisations_of_a_person_cost_one_query(django_assert_num_queries, memberships):
    user = build_user()
    for _ in range(memberships):
        build_organisation().memberships.create(user=user, role=Role.ADMIN)

    with django_assert_num_queries(1):
        organisations = queries.organisations_of(user)

    assert len(organisations) == memberships


def test_organisations_of_a_person_come_by_name():
    user = build_member(build_organisation(name="Zebras"), Role.OWNER)
    badgers = build_organisation(name="Badgers")
    badgers.memberships.create(user=user, role=Role.SCORER)
    build_member(build_organisation(name="Strangers"))

    organisations = queries.organisations_of(user)

    assert [organisation.name for organisation in organisations] == ["Badgers", "Zebras"]
    assert organisations[0] == OrganisationRole(badgers.pk, "Badgers", Role.SCORER)


@pytest.mark.parametrize(
    ("fields", "roles"),
    [
        ({}, ["user"]),
        ({"is_staff": True}, ["user", "staff"]),
        ({"is_staff": True, "is_superuser": True}, ["user", "staff", "superuser"]),
    ],
)
def test_platform_roles_are_apart_from_organisations(fields, roles):
    assert queries.platform_roles(build_user(**fields)) == roles


@pytest.mark.parametrize(
    "identifier",
    [
        "Robin",
        "robin",
        "ROBIN",
        "robin@example.org",
        "Robin@Example.Org",
        "\uff32\uff4f\uff42\uff49\uff4e",
    ],
)
def test_person_is_found_by_username_and_email_in_any_case(identifier, django_assert_num_queries):
    user = build_user(username="Robin", email="Robin@example.org")
    build_user()

    with django_assert_num_queries(1):
        assert queries.user_named(identifier) == user


@pytest.mark.parametrize("identifier", ["", "rob", "robin@example", "%", "robin@example.org "])
def test_nobody_is_found_by_another_name(identifier):
    build_user(username="robin")

    assert queries.user_named(identifier) is None


def test_username_that_looks_like_an_email_does_not_hide_its_owner():
    impostor = build_user(username="robin@example.org", email="impostor@example.org")
    assert queries.user_named("robin@example.org") == impostor

    robin = build_user(username="robin")

    assert queries.user_named("robin@example.org") == robin
