from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts import queries
from accounts.errors import SessionRevokedError
from accounts.models import ActorKind, AuditEntry, DeviceSession
from accounts.operations import end_session, end_sessions, sign_out, sign_out_everywhere
from accounts.queries import Anonymous, Viewer
from core.errors import ForbiddenError, NotFoundError
from tests.factories import build_access_token, build_session, build_user

pytestmark = pytest.mark.django_db


def test_signing_out_ends_this_session_at_once_and_no_other():
    user = build_user()
    phone, laptop = build_access_token(user), build_access_token(user)

    sign_out(reader=queries.signed_in(phone))

    with pytest.raises(SessionRevokedError):
        queries.signed_in(phone)
    assert queries.signed_in(laptop).user == user


def test_signing_out_twice_keeps_the_time_of_the_first():
    reader = queries.signed_in(build_access_token())
    sign_out(reader=reader)
    ended_at = DeviceSession.objects.get().revoked_at

    sign_out(reader=reader)

    assert DeviceSession.objects.get().revoked_at == ended_at


@pytest.mark.parametrize("reader", [Anonymous(), Viewer(uuid4(), "match.1")])
def test_who_has_no_session_ends_none(reader):
    build_session()

    sign_out(reader=reader)

    assert DeviceSession.objects.get().revoked_at is None


def test_own_sessions_can_be_ended_and_those_still_open_are_counted():
    user = build_user()
    chosen = [
        build_session(user),
        build_session(user),
        build_session(user, revoked_at=timezone.now() - timedelta(days=1)),
    ]
    kept = build_session(user)

    assert end_sessions(sessions=chosen, actor=user) == 2

    assert queries.open_sessions([session.pk for session in [*chosen, kept]]) == {kept.pk}


def test_sessions_of_others_stay_even_among_ones_own():
    user = build_user()
    chosen = [build_session(user), build_session()]

    with pytest.raises(ForbiddenError):
        end_sessions(sessions=chosen, actor=user)

    assert not DeviceSession.objects.exclude(revoked_at=None).exists()


def trail():
    entries = AuditEntry.objects.order_by("at", "id")
    return [(entry.action, entry.actor, entry.subject, entry.details) for entry in entries]


def test_signing_out_is_noted_once():
    user = build_user()
    reader = queries.signed_in(build_access_token(user))

    sign_out(reader=reader)
    sign_out(reader=reader)

    assert trail() == [("signed_out", user, None, {})]


def test_signing_out_everywhere_ends_all_of_ones_own_and_nothing_else():
    user, other = build_user(), build_session()
    build_session(user)
    build_session(user)
    build_session(user, expires_at=timezone.now() - timedelta(seconds=1))

    assert sign_out_everywhere(actor=user) == 2
    assert sign_out_everywhere(actor=user) == 0

    open_ids = DeviceSession.objects.open_at(timezone.now()).values_list("pk", flat=True)
    assert list(open_ids) == [other.pk]
    assert trail() == [("sessions_ended", user, user, {"ended": 2})]


def test_session_that_has_ended_is_not_there_to_be_ended():
    session = build_session()
    end_session(session=session, actor=session.user)

    with pytest.raises(NotFoundError):
        end_session(session=session, actor=session.user)


def test_operator_ends_sessions_of_several_people_and_each_is_noted():
    one, two, gone = build_session(), build_session(), build_session(revoked_at=timezone.now())

    assert end_sessions(sessions=[one, two, gone]) == 2

    assert trail() == [
        ("sessions_ended", None, one.user, {"ended": 1}),
        ("sessions_ended", None, two.user, {"ended": 1}),
    ]
    assert AuditEntry.objects.first().actor_kind == ActorKind.OPERATOR
