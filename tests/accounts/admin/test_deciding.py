"""What staff decide about people, devices, invitations and organisations, and how it is noted."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import queries
from accounts.models import AuditEntry, DeviceSession, Invitation, Organisation, Role, User
from core.ids import hash_token, new_token
from tests.accounts.admin.test_pages import changelist
from tests.accounts.admin.test_people import messages_of, run_action
from tests.factories import (
    build_match,
    build_member,
    build_organisation,
    build_session,
    build_user,
)

pytestmark = pytest.mark.django_db
NO_MEMBERSHIPS = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


@pytest.fixture
def superuser():
    return build_user(username="chair", is_staff=True, is_superuser=True)


@pytest.fixture
def staff_client(client, superuser):
    client.force_login(superuser)
    return client


def build_invitation(organisation, **fields):
    return Invitation.objects.create(
        organisation=organisation,
        email=fields.pop("email", f"{new_token()[:8].lower()}@example.org"),
        token_hash=hash_token(new_token()),
        expires_at=fields.pop("expires_at", datetime.now(UTC) + timedelta(days=7)),
        **fields,
    )


def noted(action):
    return AuditEntry.objects.get(action=action)


def test_changes_of_a_person_are_noted_with_who_made_them(staff_client, superuser):
    user = build_user(username="before", email_verified_at=datetime.now(UTC))

    staff_client.post(
        reverse("admin:accounts_user_change", args=[user.pk]),
        {"username": "after", "email": "new@example.org", "is_staff": "on", **NO_MEMBERSHIPS},
    )

    user.refresh_from_db()
    assert (user.username, user.email, user.is_staff) == ("after", "new@example.org", True)
    assert user.email_verified_at is None
    assert (noted("user_changed").actor, noted("user_changed").subject) == (superuser, user)


def test_last_superuser_keeps_the_platform(staff_client, superuser):
    answer = staff_client.post(
        reverse("admin:accounts_user_change", args=[superuser.pk]),
        {"username": "chair", "email": superuser.email, "is_staff": "on", **NO_MEMBERSHIPS},
        follow=True,
    )

    superuser.refresh_from_db()
    assert superuser.is_superuser
    assert len(messages_of(answer)) == 1


def test_new_password_is_noted_with_who_gave_it(staff_client, superuser):
    user = build_user()

    staff_client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        {
            "usable_password": "true",
            "password1": "another battery staple",
            "password2": "another battery staple",
        },
    )

    assert (noted("password_changed").actor, noted("password_changed").subject) == (superuser, user)


def test_password_link_is_mailed_to_those_who_have_an_account(staff_client):
    user = build_user()

    answer = run_action(staff_client, "user", "send_reset", user)

    assert messages_of(answer) == ["Mailed a link: 1 person."]
    assert noted("password_reset_requested").subject == user
    assert user.email_tokens.get().kind == "reset_password"


def test_all_devices_of_a_person_are_signed_out(staff_client, superuser):
    user = build_user()
    sessions = [build_session(user) for _ in range(2)]
    kept = build_session()

    answer = run_action(staff_client, "user", "end_sessions", user)

    assert messages_of(answer) == ["Signed out 2 devices."]
    open_sessions = queries.open_sessions([*(row.pk for row in sessions), kept.pk])
    assert open_sessions == {kept.pk}
    assert (noted("sessions_ended").actor, noted("sessions_ended").subject) == (superuser, user)


def test_person_is_erased_by_who_types_the_username(staff_client, superuser):
    user = build_user(username="Robin")

    question = run_action(staff_client, "user", "erase", user)
    form = {"action": "erase", "_selected_action": [str(user.pk)]}
    wrong = staff_client.post(changelist("user"), {**form, "confirmation": "robin"})
    assert User.objects.filter(pk=user.pk).exists()
    staff_client.post(changelist("user"), {**form, "confirmation": "Robin"})

    assert "Type it to confirm" in question.content.decode()
    assert "not the username" in wrong.content.decode()
    assert not User.objects.filter(pk=user.pk).exists()
    assert noted("person_erased").actor == superuser


def test_one_person_is_erased_at_a_time(staff_client):
    answer = run_action(staff_client, "user", "erase", build_user(), build_user())

    assert messages_of(answer) == ["Erase one person at a time."]


def test_only_superusers_erase(client):
    club = build_organisation()
    member = build_member(club)
    client.force_login(build_member(club, Role.OWNER, is_staff=True))

    client.post(
        changelist("user"),
        {
            "action": "erase",
            "_selected_action": [str(member.pk)],
            "confirmation": member.username,
        },
    )

    assert User.objects.filter(pk=member.pk).exists()


def test_dashboards_are_listed_and_signed_out(staff_client, settings):
    settings.MASTER_PASSWORD_HASH = "hash"
    session = DeviceSession.objects.create(
        master_key="x" * 64, expires_at=datetime.now(UTC) + timedelta(days=1)
    )

    page = staff_client.get(changelist("devicesession"), {"holder": "dashboard"})
    answer = run_action(staff_client, "devicesession", "end", session)

    assert "dashboard" in page.content.decode()
    assert [row.pk for row in page.context["cl"].result_list] == [session.pk]
    assert messages_of(answer) == ["Signed out 1 device."]


@pytest.mark.parametrize("state", ["pending", "accepted", "revoked", "expired"])
def test_invitations_are_listed_by_state(staff_client, state):
    club, now = build_organisation(), datetime.now(UTC)
    rows = {
        "pending": build_invitation(club),
        "accepted": build_invitation(club, accepted_at=now),
        "revoked": build_invitation(club, revoked_at=now),
        "expired": build_invitation(club, expires_at=now - timedelta(seconds=1)),
    }

    answer = staff_client.get(changelist("invitation"), {"state": state})

    assert [row.pk for row in answer.context["cl"].result_list] == [rows[state].pk]
    assert f">{state}<" in answer.content.decode()


def test_invitation_is_revoked_once(staff_client):
    invitation = build_invitation(build_organisation())

    first = run_action(staff_client, "invitation", "revoke", invitation)
    again = run_action(staff_client, "invitation", "revoke", invitation)

    invitation.refresh_from_db()
    assert invitation.revoked_at is not None
    assert messages_of(first) == ["Revoked 1 invitation."]
    assert messages_of(again)[0].startswith(invitation.email)
    assert noted("invitation_revoked").organisation == invitation.organisation


def test_change_of_an_organisation_is_noted(staff_client, superuser):
    organisation = build_organisation(name="Before", slug="before")

    staff_client.post(
        reverse("admin:accounts_organisation_change", args=[organisation.pk]),
        {"name": "After", "slug": "before", "name_policy": "number", **NO_MEMBERSHIPS},
    )

    assert noted("organisation_changed").details == {"fields": ["name"]}
    assert noted("organisation_changed").actor == superuser


def test_deletion_of_an_organisation_first_shows_what_goes(staff_client, superuser):
    match = build_match()
    build_member(match.organisation, Role.OWNER)
    page = reverse("admin:accounts_organisation_delete", args=[match.organisation_id])

    question = staff_client.get(page).content.decode()
    assert Organisation.objects.filter(pk=match.organisation_id).exists()
    staff_client.post(page, {"post": "yes"})

    assert "matches: 1" in question
    assert "teams: 2" in question
    assert not Organisation.objects.filter(pk=match.organisation_id).exists()
    assert noted("organisation_deleted").actor == superuser


def test_selected_organisations_are_deleted(staff_client):
    gone, kept = build_organisation(), build_organisation()
    form = {"action": "delete_selected", "post": "yes", "_selected_action": [str(gone.pk)]}

    staff_client.post(changelist("organisation"), form)

    assert list(Organisation.objects.all()) == [kept]


def test_list_of_invitations_costs_the_same_for_any_length(staff_client):
    def invite():
        club = build_organisation()
        return build_invitation(club, invited_by=build_member(club, Role.OWNER))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(changelist("invitation")).status_code == 200
        return len(queries)

    invite()
    one = cost()
    for _ in range(10):
        invite()

    assert cost() == one


def test_no_page_shows_what_opens_an_invitation(staff_client):
    invitation = build_invitation(build_organisation())

    for page in (
        changelist("invitation"),
        reverse("admin:accounts_invitation_change", args=[invitation.pk]),
    ):
        assert invitation.token_hash not in staff_client.get(page).content.decode()
    guess = {"token_hash__startswith": invitation.token_hash[:4]}
    assert staff_client.get(changelist("invitation"), guess).status_code == 400
