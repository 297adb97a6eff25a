from unittest import mock

import pytest
from django.db import connection

from accounts.models import AuditEntry, DeviceSession, EmailToken, Invitation, User
from tests.accounts.mailbox import deliver, html_of, link_in, token_in
from tests.factories import PASSWORD, build_invitation, build_user

pytestmark = pytest.mark.django_db
REGISTER, LOGIN = "/api/v1/auth/register", "/api/v1/auth/login"
ROBIN = {"username": "robin", "email": "robin@example.org", "password": PASSWORD}


def refusal(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_registering_makes_an_account_and_signs_nobody_in(api):
    answer = api.post(REGISTER, {**ROBIN, "device_name": "phone"})

    user = User.objects.get()
    body = answer.json()
    assert answer.status_code == 201
    assert set(body) == {"id", "email", "username", "created_at"}
    assert (body["id"], body["email"], body["username"]) == (
        str(user.pk), "robin@example.org", "robin",
    )  # fmt: skip
    assert body["created_at"].endswith("Z")
    assert not user.email_verified_at
    assert not DeviceSession.objects.exists()
    assert api.post(LOGIN, {"username": "robin", "password": PASSWORD}).status_code == 200


def test_registering_is_in_the_trail(api):
    api.post(REGISTER, ROBIN)

    entry = AuditEntry.objects.get(action="registered")
    assert entry.actor == entry.subject == User.objects.get()


def test_mail_that_proves_the_address_goes_out_with_both_parts(api, settings):
    settings.PUBLIC_URL = "https://club.example"
    api.post(REGISTER, ROBIN)

    [message] = deliver()

    assert message.to == ["robin@example.org"]
    assert message.subject == "Confirm your e-mail address"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert link_in(message).startswith("https://club.example/account/verify#")
    assert "Touchline at club.example" in message.body
    # Anybody can give anybody's address: what they call themselves must not be the message.
    assert "robin" not in message.body + html_of(message)
    assert "<img" not in html_of(message)


def test_link_does_not_follow_the_host_header(api, settings):
    settings.PUBLIC_URL = "https://club.example"
    api.post(REGISTER, ROBIN, headers={"host": "evil.example"})

    [message] = deliver()

    assert "evil" not in message.body


@pytest.mark.parametrize(
    "taken",
    [
        {"username": "robin"},
        {"username": "ROBIN"},
        {"username": "other", "email": "robin@example.org"},
        {"username": "other", "email": "Robin@Example.org"},
    ],
)
def test_taken_names_are_refused_in_whatever_case(api, taken):
    build_user(**taken)

    answer = api.post(REGISTER, ROBIN)

    assert refusal(answer) == (409, "account_taken")
    assert User.objects.count() == 1
    assert not EmailToken.objects.exists()
    assert deliver() == []


@pytest.mark.parametrize("password", ["short", "qwerty123456", "123456789123", "robin@example.org"])
def test_weak_passwords_are_told_why(api, password):
    answer = api.post(REGISTER, {**ROBIN, "password": password})

    assert refusal(answer) == (400, "weak_password")
    assert answer.json()["error"]["details"]["password"]
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "пароль для футбола", "⚽" * 12, "q" * 11 + "Z" * 1013],
)
def test_any_characters_make_a_password(api, password):
    assert api.post(REGISTER, {**ROBIN, "password": password}).status_code == 201
    assert api.post(LOGIN, {"username": "robin", "password": password}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "ro"),
        ("username", "r" * 151),
        ("username", "robin@example.org"),
        ("username", "robin hood"),
        ("username", "ro\u200bbin"),
        ("username", "ro\u202ebin"),
        ("username", "robin\u0007"),
        ("username", "ﷺ" * 10),
        ("username", "<b>robin</b>"),
        ("username", ""),
        ("username", None),
        ("username", 12345),
        ("username", ["robin"]),
        ("email", "robin"),
        ("email", "robin@"),
        ("email", "robin@example.org\nBcc: all@example.org"),
        ("email", '"\u0001"@example.org'),
        ("email", "robin@" + "e" * 250 + ".org"),
        ("email", ""),
        ("email", None),
        ("password", "p" * 1025),
        ("password", ""),
        ("password", None),
        ("password", {"a": 1}),
        ("device_name", "d" * 121),
        ("is_superuser", True),
    ],
)
def test_fields_that_are_wrong_are_named(api, field, value):
    answer = api.post(REGISTER, {**ROBIN, field: value})

    assert refusal(answer) == (400, "validation_error")
    assert set(answer.json()["error"]["details"]) == {field}
    assert not User.objects.exists()


@pytest.mark.parametrize("content", [b'{"username": "ro\\u0000bin"}', b'{"username": "\\ud800"}'])
def test_characters_that_no_database_takes_are_refused(api, content):
    answer = api.generic("POST", REGISTER, content, content_type="application/json")

    assert refusal(answer) == (400, "malformed_json")


def test_compatible_forms_of_a_name_are_one_name(api):
    answer = api.post(REGISTER, {**ROBIN, "username": "\uff32\uff2f\uff22\uff29\uff2e"})

    assert answer.json()["username"] == "ROBIN"


def test_domain_of_an_address_is_kept_in_lower_case(api):
    answer = api.post(REGISTER, {**ROBIN, "email": "Robin@EXAMPLE.org"})

    assert answer.json()["email"] == "Robin@example.org"


def test_closed_server_takes_nobody_in(api, settings):
    settings.REGISTRATION_OPEN = False

    answer = api.post(REGISTER, ROBIN)

    assert refusal(answer) == (403, "registration_closed")
    assert not User.objects.exists()


def test_closed_server_takes_in_who_is_invited(api, settings):
    settings.REGISTRATION_OPEN = False
    build_invitation(email="Robin@example.org")

    assert api.post(REGISTER, ROBIN).status_code == 201


def test_invitation_that_has_ended_opens_nothing(api, settings):
    settings.REGISTRATION_OPEN = False
    build_invitation(email="robin@example.org")
    Invitation.objects.update(revoked_at="2026-01-01T00:00Z")

    assert refusal(api.post(REGISTER, ROBIN)) == (403, "registration_closed")


def test_registrations_of_one_address_are_limited(api, settings):
    settings.LIMITS = {**settings.LIMITS, "register": "2/1h"}
    for name in ("first", "second"):
        api.post(REGISTER, {**ROBIN, "username": name, "email": f"{name}@example.org"})

    answer = api.post(REGISTER, ROBIN)

    assert refusal(answer) == (429, "rate_limited")
    assert "Retry-After" in answer


def test_database_holds_no_token_that_was_mailed(api):
    api.post(REGISTER, ROBIN)
    token = token_in(deliver()[0])

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  our own tables
            assert token not in str(cursor.fetchall())


def test_failure_after_the_account_undoes_it(api):
    """A mail that cannot be queued leaves no account that nobody could verify."""
    broken = mock.patch("django_tasks_db.models.DBTaskResult.objects.create", side_effect=OSError)
    api.raise_request_exception = False

    with broken:
        answer = api.post(REGISTER, ROBIN)

    assert answer.status_code == 500
    assert not User.objects.exists()
