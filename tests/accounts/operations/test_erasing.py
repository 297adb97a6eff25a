from functools import partial

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts import queries
from accounts.errors import LastOwnerError, LastSuperuserError
from accounts.models import AuditEntry, Invitation, Membership, Role, User
from accounts.operations import (
    change_role,
    erase_user,
    request_email_change,
    request_password_reset,
    sign_in,
)
from accounts.tasks import send_password_notice
from core.errors import ForbiddenError, NotFoundError
from tests.accounts.mailbox import deliver
from tests.accounts.side_by_side import side_by_side
from tests.factories import (
    PASSWORD,
    build_member,
    build_organisation,
    build_session,
    build_user,
)

pytestmark = pytest.mark.django_db
concurrent = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent writers"),
]


def test_sessions_end():
    user = build_user()
    session, other = build_session(user), build_session()

    erase_user(user=user, actor=user)

    assert queries.open_sessions([session.pk, other.pk]) == {other.pk}


def test_sessions_of_the_admin_end_for_this_person_alone():
    user, other = build_user(), build_user()
    for person in (user, other):
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session.create()

    erase_user(user=user, actor=user)

    assert [kept.get_decoded() for kept in Session.objects.all()] == [{SESSION_KEY: str(other.pk)}]


def test_operator_and_superuser_may_erase_anybody():
    for actor in (None, build_user(is_superuser=True)):
        user = build_user()

        erase_user(user=user, actor=actor)

        entry = AuditEntry.objects.get(action="person_erased", actor=actor)
        assert (entry.subject, entry.target) == (None, "user")
        assert not User.objects.filter(pk=user.pk).exists()


def test_trail_does_not_say_who_erased_themselves():
    user = build_user()

    erase_user(user=user, actor=user)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_kind) == ("person_erased", "person")
    assert (entry.actor, entry.subject, entry.address, entry.request_id) == (None, None, None, "")


@pytest.mark.parametrize(
    "fields", [{}, {"is_staff": True}, {"is_superuser": True, "is_active": False}]
)
def test_nobody_else_may(fields):
    user, actor = build_user(), build_user(**fields)

    with pytest.raises(ForbiddenError):
        erase_user(user=user, actor=actor)

    assert User.objects.filter(pk=user.pk).exists()


def test_owner_of_an_organisation_that_nobody_else_owns_stays():
    owner = build_user()
    alone = [build_organisation(name=name) for name in ("Harbour FC", "Riverside")]
    shared, scored = build_organisation(), build_organisation()
    for organisation in (*alone, shared):
        organisation.memberships.create(user=owner, role=Role.OWNER)
    scored.memberships.create(user=owner, role=Role.SCORER)
    build_member(shared, Role.OWNER)
    # Who cannot sign in is no owner to leave a club with.
    build_member(alone[0], Role.OWNER, is_active=False)

    with pytest.raises(LastOwnerError) as refusal:
        erase_user(user=owner, actor=owner)

    assert refusal.value.details == {
        "organisations": [{"id": str(one.pk), "name": one.name} for one in alone]
    }
    assert owner.memberships.count() == 4


def test_last_superuser_stays_unless_the_operator_says():
    user = build_user(is_superuser=True)
    build_user(is_superuser=True, is_active=False)

    with pytest.raises(LastSuperuserError):
        erase_user(user=user, actor=user)
    erase_user(user=user)

    assert not User.objects.filter(pk=user.pk).exists()


def test_erasing_twice_is_told():
    user = build_user()
    erase_user(user=User.objects.get(pk=user.pk), actor=user)

    with pytest.raises(NotFoundError):
        erase_user(user=user, actor=build_user(is_superuser=True))


def test_invitation_to_an_address_that_was_only_asked_for_stays():
    user, organisation = build_user(), build_organisation()
    request_email_change(user=user, email="somebody@example.org", actor=user)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email="somebody@example.org",
        token_hash="a" * 64,
        expires_at="2099-01-01T00:00:00Z",
    )

    erase_user(user=user, actor=user)

    assert Invitation.objects.get() == invitation


def test_mail_that_waits_is_not_sent():
    user, other = build_user(), build_user()
    for person in (user, other):
        request_password_reset(email=person.email)

    erase_user(user=user, actor=user)

    assert [mail.to for mail in deliver()] == [[other.email]]


def test_task_that_is_being_done_is_only_emptied():
    user = build_user()
    send_password_notice.enqueue(str(user.pk))
    task = DBTaskResult.objects.get()
    task.claim("a worker")

    erase_user(user=user, actor=user)
    task.set_successful(None)

    task.refresh_from_db()
    assert task.status == TaskResultStatus.SUCCESSFUL
    assert task.args_kwargs == {"args": [], "kwargs": {}}


def test_costs_the_same_for_any_number_of_rows(django_assert_max_num_queries):
    user, organisation = build_user(), build_organisation()
    for _ in range(20):
        build_session(user)
        AuditEntry.objects.create(action="signed_in", actor_kind="person", actor=user)
        build_organisation().memberships.create(user=user)

    with django_assert_max_num_queries(100):
        erase_user(user=user, actor=user)

    assert not organisation.memberships.exists()


class TestRaces:
    pytestmark = concurrent

    def test_of_two_owners_who_leave_at_once_one_stays(self):
        for _ in range(5):
            organisation = build_organisation()
            owners = [build_member(organisation, Role.OWNER) for _ in range(2)]

            refused = side_by_side(
                *(partial(erase_user, user=owner, actor=owner) for owner in owners)
            )

            assert sorted(type(refusal).__name__ for refusal in refused) == [
                "LastOwnerError",
                "NoneType",
            ]
            assert organisation.memberships.filter(role=Role.OWNER).count() == 1

    def test_owner_is_not_demoted_while_the_other_is_erased(self):
        for _ in range(5):
            organisation = build_organisation()
            one, two = (build_member(organisation, Role.OWNER) for _ in range(2))
            demotion = {"organisation": organisation, "user": two, "role": Role.MEMBER}

            side_by_side(
                partial(erase_user, user=one, actor=one),
                partial(change_role, **demotion, actor=two),
            )

            assert organisation.memberships.filter(role=Role.OWNER).exists()

    def test_of_two_superusers_who_leave_at_once_one_stays(self):
        users = [build_user(is_superuser=True) for _ in range(2)]

        refused = side_by_side(*(partial(erase_user, user=user, actor=user) for user in users))

        assert [type(one) for one in refused if one] == [LastSuperuserError]
        assert User.objects.count() == 1

    def test_who_signs_in_at_that_moment_is_refused_or_signed_out(self):
        user = build_user(password=PASSWORD)

        side_by_side(
            lambda: erase_user(user=user, actor=user),
            *[lambda: _try_to_sign_in(user)] * 3,
        )

        assert not User.objects.exists()
        assert not Membership.objects.exists()


def _try_to_sign_in(user):
    return sign_in(identifier=user.username, password=PASSWORD, address="203.0.113.9")
