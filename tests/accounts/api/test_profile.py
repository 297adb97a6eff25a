from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, DeviceSession, EmailToken, Role, User
from tests.accounts.mailbox import deliver, token_in
from tests.api.contract import DocumentedClient
from tests.factories import (
    PASSWORD,
    build_access_token,
    build_organisation,
    build_user,
)

pytestmark = pytest.mark.django_db
ME = "/api/v1/users/me"


def as_(user):
    return DocumentedClient(headers={"authorization": f"Bearer {build_access_token(user)}"})


def refusal(answer):
    error = answer.json()["error"]
    return answer.status_code, error["code"]


@pytest.fixture
def robin():
    return build_user(username="robin", email="robin@example.org", password=PASSWORD)


def test_username_is_changed_at_once(robin):
    answer = as_(robin).patch(ME, {"username": "Róbin.2"})

    assert answer.status_code == 200
    assert answer.json()["username"] == "Róbin.2"
    entry = AuditEntry.objects.get(action="user_changed")
    assert (entry.actor, entry.subject, entry.details) == (robin, robin, {"fields": ["username"]})


def test_nothing_changed_is_nothing_noted(robin):
    assert as_(robin).patch(ME, {"username": "robin"}).status_code == 200
    assert as_(robin).patch(ME, {}).status_code == 200
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": "ro"}, "username"),
        ({"username": "r" * 151}, "username"),
        ({"username": "robin@home"}, "username"),
        ({"username": "ro bin"}, "username"),
        ({"username": "ro\u200bbin"}, "username"),
        ({"username": "ro\u202ebin"}, "username"),
        ({"username": None}, "username"),
        ({"username": 5}, "username"),
        ({"email": "robin", "current_password": PASSWORD}, "email"),
        ({"email": '"ada@example.org><"@example.net', "current_password": PASSWORD}, "email"),
        ({"email": "new@example.org"}, "current_password"),
        ({"is_superuser": True}, "is_superuser"),
        ({"id": "1"}, "id"),
    ],
)
def test_profile_names_the_fields_that_are_wrong(robin, body, field):
    answer = as_(robin).patch(ME, body)

    assert refusal(answer) == (400, "validation_error")
    assert set(answer.json()["error"]["details"]) == {field}
    assert User.objects.get().username == "robin"


def test_username_of_another_is_taken_in_any_case(robin):
    build_user(username="Ada")

    answer = as_(robin).patch(ME, {"username": "aDA"})

    assert refusal(answer) == (409, "account_taken")


def test_new_address_waits_for_its_link(robin):
    answer = as_(robin).patch(ME, {"email": "new@example.org", "current_password": PASSWORD})

    assert answer.status_code == 200
    body = answer.json()
    assert (body["email"], body["pending_email"]) == ("robin@example.org", "new@example.org")
    [mail] = deliver()
    assert mail.to == ["new@example.org"]

    as_(robin).post("/api/v1/auth/email/verify", {"token": token_in(mail)})

    body = as_(robin).get(ME).json()
    assert (body["email"], body["pending_email"]) == ("new@example.org", None)
    assert body["email_verified"]


def test_address_one_has_takes_back_what_was_asked(robin):
    client = as_(robin)
    client.patch(ME, {"email": "new@example.org", "current_password": PASSWORD})

    answer = client.patch(ME, {"email": "robin@example.org", "current_password": PASSWORD})

    assert answer.json()["pending_email"] is None


def test_address_that_was_not_proven_in_time_no_longer_waits(robin):
    EmailToken.objects.create(
        user=robin,
        kind=EmailToken.Kind.VERIFY_EMAIL,
        email="new@example.org",
        token_hash="a" * 64,
        expires_at=timezone.now() - timedelta(seconds=1),
    )

    assert as_(robin).get(ME).json()["pending_email"] is None


def test_address_needs_the_right_password(robin):
    body = {"username": "other", "email": "new@example.org", "current_password": "wrong"}

    answer = as_(robin).patch(ME, body)

    assert refusal(answer) == (403, "wrong_password")
    robin.refresh_from_db()
    assert robin.username == "robin"
    assert not EmailToken.objects.exists()


def test_wrong_passwords_are_counted(robin):
    client = as_(robin)
    body = {"email": "new@example.org", "current_password": "wrong"}
    for _ in range(10):
        client.patch(ME, body)

    answer = client.patch(ME, {**body, "current_password": PASSWORD})

    assert refusal(answer) == (429, "rate_limited")
    assert int(answer["Retry-After"]) > 0


def test_address_of_another_changes_nothing(robin):
    build_user(email="ada@example.org")
    body = {"username": "other", "email": "ADA@example.org", "current_password": PASSWORD}

    answer = as_(robin).patch(ME, body)

    assert refusal(answer) == (409, "email_taken")
    robin.refresh_from_db()
    assert robin.username == "robin"


def test_account_is_erased_with_its_password(robin):
    client = as_(robin)

    answer = client.delete(ME, {"password": PASSWORD})

    assert (answer.status_code, answer.content) == (204, b"")
    assert not User.objects.exists()
    assert not DeviceSession.objects.exists()
    assert refusal(client.get(ME)) == (401, "session_revoked")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({}, (400, "validation_error")),
        ({"password": ""}, (400, "validation_error")),
        ({"password": "wrong"}, (403, "wrong_password")),
        ({"password": PASSWORD, "sure": True}, (400, "validation_error")),
    ],
)
def test_account_is_not_erased_without(robin, body, refused):
    answer = as_(robin).delete(ME, body)

    assert refusal(answer) == refused
    assert User.objects.exists()


def test_only_owner_is_told_which_organisations_are_in_the_way(robin):
    organisation = build_organisation(name="Riverside Juniors")
    organisation.memberships.create(user=robin, role=Role.OWNER)

    answer = as_(robin).delete(ME, {"password": PASSWORD})

    assert refusal(answer) == (409, "last_owner")
    named = [{"id": str(organisation.pk), "name": "Riverside Juniors"}]
    assert answer.json()["error"]["details"] == {"organisations": named}
