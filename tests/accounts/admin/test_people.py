import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts import queries
from accounts.models import DeviceSession, Role, User
from tests.accounts.admin.test_pages import changelist, staff_with
from tests.factories import PASSWORD, build_organisation, build_session, build_user

pytestmark = pytest.mark.django_db
NO_MEMBERSHIPS = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


@pytest.fixture
def superuser():
    return build_user(username="chair", is_staff=True, is_superuser=True)


@pytest.fixture
def staff_client(client, superuser):
    client.force_login(superuser)
    return client


def messages_of(answer):
    return [str(message) for message in answer.context["messages"]]


def run_action(client, model, action, *rows, **answers):
    return client.post(
        changelist(model),
        {"action": action, "_selected_action": [str(row.pk) for row in rows], **answers},
        follow=True,
    )


def test_person_is_added_with_a_password(staff_client):
    answer = staff_client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "robin",
            "email": "robin@example.org",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )

    assert answer.status_code == 302
    user = User.objects.get(username="robin")
    assert user.check_password(PASSWORD)
    assert user.password.startswith("argon2")
    assert not user.is_staff


@pytest.mark.parametrize(
    ("username", "email"), [("ROBIN", "new@example.org"), ("new", "ROBIN@example.org")]
)
def test_name_and_address_are_taken_in_any_case(staff_client, username, email):
    build_user(username="robin")

    answer = staff_client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": username,
            "email": email,
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors


def test_person_is_renamed(staff_client):
    user = build_user(username="before")

    staff_client.post(
        reverse("admin:accounts_user_change", args=[user.pk]),
        {"username": "after", "email": "after@example.org", **NO_MEMBERSHIPS},
    )

    user.refresh_from_db()
    assert (user.username, user.email, user.is_active) == ("after", "after@example.org", True)


def test_new_password_ends_the_sessions(staff_client):
    user = build_user(password=PASSWORD)
    session = build_session(user)

    answer = staff_client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        {
            "usable_password": "true",
            "password1": "another battery staple",
            "password2": "another battery staple",
        },
    )

    assert answer.status_code == 302
    user.refresh_from_db()
    assert user.check_password("another battery staple")
    assert queries.open_sessions([session.pk]) == set()


def test_password_can_be_taken_away(staff_client):
    user = build_user(password=PASSWORD)

    staff_client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        {"usable_password": "false", "unset-password": "1"},
    )

    user.refresh_from_db()
    assert not user.has_usable_password()


def test_disabling_signs_out_and_is_logged(staff_client):
    users = [build_user(), build_user()]
    sessions = [build_session(user) for user in users]

    answer = run_action(staff_client, "user", "disable", *users)

    assert messages_of(answer) == ["Disabled: 2 people."]
    assert not User.objects.filter(pk__in=[user.pk for user in users], is_active=True).exists()
    assert queries.open_sessions([session.pk for session in sessions]) == set()
    assert LogEntry.objects.filter(change_message="Disabled.").count() == 2


def test_enabling_lets_people_in_again(staff_client):
    user = build_user(is_active=False)

    answer = run_action(staff_client, "user", "enable", user)

    assert messages_of(answer) == ["Enabled: 1 person."]
    user.refresh_from_db()
    assert user.is_active


def test_nobody_disables_themselves(staff_client, superuser):
    answer = run_action(staff_client, "user", "disable", superuser)

    assert messages_of(answer) == ["chair: Your role does not allow this."]
    superuser.refresh_from_db()
    assert superuser.is_active


def test_people_are_disabled_rather_than_deleted(staff_client):
    user = build_user()

    answer = staff_client.post(reverse("admin:accounts_user_delete", args=[user.pk]))

    assert answer.status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_staff_cannot_raise_themselves(client):
    staff = staff_with("view_user", "change_user")
    client.force_login(staff)

    client.post(
        reverse("admin:accounts_user_change", args=[staff.pk]),
        {"username": "renamed", "email": staff.email, "is_superuser": "on", **NO_MEMBERSHIPS},
    )

    before = staff.username
    staff.refresh_from_db()
    assert staff.username == before
    assert not staff.is_superuser


def test_staff_touch_no_superuser(client, superuser):
    staff = staff_with("view_user", "change_user")
    club = build_organisation()
    club.memberships.create(user=staff, role=Role.OWNER)
    club.memberships.create(user=superuser)
    client.force_login(staff)

    page = client.get(reverse("admin:accounts_user_change", args=[superuser.pk]))
    password = client.get(reverse("admin:auth_user_password_change", args=[superuser.pk]))
    answer = run_action(client, "user", "disable", superuser)

    assert page.status_code == 200
    assert "_save" not in page.content.decode()
    assert password.status_code == 403
    assert messages_of(answer) == ["chair: Your role does not allow this."]


def test_devices_are_signed_out_and_that_is_logged(staff_client):
    lost, kept = build_session(), build_session()

    answer = run_action(staff_client, "devicesession", "end", lost)

    assert messages_of(answer) == ["Signed out 1 device."]
    assert queries.open_sessions([lost.pk, kept.pk]) == {kept.pk}
    assert LogEntry.objects.filter(change_message="Signed out by staff.").count() == 1


def test_sessions_are_read_only(staff_client):
    session = build_session()
    page = reverse("admin:accounts_devicesession_change", args=[session.pk])

    assert staff_client.get(page).status_code == 200
    assert staff_client.post(page, {"device_name": "x"}).status_code == 403
    assert staff_client.get(reverse("admin:accounts_devicesession_add")).status_code == 403
    delete = reverse("admin:accounts_devicesession_delete", args=[session.pk])
    assert staff_client.post(delete).status_code == 403
    assert DeviceSession.objects.get().device_name == ""


def test_nobody_but_superusers_signs_out_others(client):
    session = build_session()
    client.force_login(staff_with("view_devicesession", "change_devicesession"))

    run_action(client, "devicesession", "end", session)

    assert queries.open_sessions([session.pk]) == {session.pk}
