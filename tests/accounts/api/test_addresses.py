from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditEntry, EmailToken, User
from accounts.operations import request_email_change
from tests.accounts.mailbox import deliver, token_in
from tests.factories import PASSWORD, build_access_token, build_user

pytestmark = pytest.mark.django_db
VERIFY, RESEND = "/api/v1/auth/email/verify", "/api/v1/auth/email/verify/resend"
REGISTER, RESET = "/api/v1/auth/register", "/api/v1/auth/password/reset"


def refusal(answer):
    return answer.status_code, answer.json()["error"]["code"]


def as_(user):
    return APIClient(headers={"authorization": f"Bearer {build_access_token(user)}"})


@pytest.fixture
def robin():
    return build_user(username="robin", email="robin@example.org")


@pytest.fixture
def changing(robin):
    """The token that makes new@example.org robin's address."""
    request_email_change(user=robin, email="new@example.org", actor=robin)
    [message] = deliver()
    assert message.to == ["new@example.org"]
    return token_in(message)


def test_mailed_link_verifies_the_address_once(api):
    robin = {"username": "robin", "email": "robin@example.org", "password": PASSWORD}
    api.post(REGISTER, robin)
    token = token_in(deliver()[0])

    answer = api.post(VERIFY, {"token": token})
    again = api.post(VERIFY, {"token": token})

    user = User.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {"detail": "The address is verified.", "email": "robin@example.org"}
    assert user.email_verified_at
    assert refusal(again) == (410, "link_gone")
    assert AuditEntry.objects.get(action="email_verified").subject == user
    assert deliver() == []


def test_account_keeps_its_address_until_the_new_one_is_proved(api, robin, changing):
    robin.refresh_from_db()
    assert robin.email == "robin@example.org"

    answer = api.post(VERIFY, {"token": changing})

    robin.refresh_from_db()
    assert answer.json()["email"] == robin.email == "new@example.org"
    assert robin.email_verified_at
    assert AuditEntry.objects.get(action="email_changed").subject == robin


def test_former_address_is_told(api, changing):
    api.post(VERIFY, {"token": changing})

    [message] = deliver()

    assert message.to == ["robin@example.org"]
    assert message.subject == "Your e-mail address was changed"
    assert "new@example.org" not in message.body


def test_reset_link_in_the_former_mailbox_is_over(api, changing):
    api.post(RESET, {"email": "robin@example.org"})
    token = token_in(deliver()[0])

    api.post(VERIFY, {"token": changing})

    body = {"token": token, "new_password": PASSWORD}
    assert refusal(api.post(f"{RESET}/confirm", body)) == (410, "link_gone")


def test_address_that_somebody_took_meanwhile_is_refused(api, robin, changing):
    other = build_user(email="NEW@example.org")

    answer = api.post(VERIFY, {"token": changing})

    robin.refresh_from_db()
    assert refusal(answer) == (409, "email_taken")
    assert (robin.email, robin.email_verified_at) == ("robin@example.org", None)
    # Nothing has changed, so the link works once the address is free.
    other.delete()
    assert api.post(VERIFY, {"token": changing}).status_code == 200


@pytest.mark.parametrize(("hours", "status"), [(71, 200), (73, 410)])
def test_link_is_good_for_three_days(api, changing, hours, status):
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
        assert api.post(VERIFY, {"token": changing}).status_code == status


def test_disabled_account_proves_nothing(api, robin, changing):
    User.objects.update(is_active=False)

    assert refusal(api.post(VERIFY, {"token": changing})) == (403, "user_disabled")
    assert User.objects.get().email == "robin@example.org"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"token": "unknown"}, (404, "not_found")),
        ({"token": "é" * 43}, (404, "not_found")),
        ({"token": "t" * 129}, (400, "validation_error")),
        ({"token": ""}, (400, "validation_error")),
        ({"token": 5}, (400, "validation_error")),
        ({}, (400, "validation_error")),
    ],
)
def test_what_is_no_token_is_refused(api, body, expected):
    assert refusal(api.post(VERIFY, body)) == expected


def test_reset_link_verifies_nothing(api, robin):
    api.post(RESET, {"email": robin.email})
    token = token_in(deliver()[0])

    assert refusal(api.post(VERIFY, {"token": token})) == (404, "not_found")


def test_resending_replaces_the_link(api, robin):
    first = as_(robin).post(RESEND)
    [earlier] = deliver()
    as_(robin).post(RESEND)
    [later] = deliver()

    assert first.status_code == 202
    assert refusal(api.post(VERIFY, {"token": token_in(earlier)})) == (410, "link_gone")
    assert api.post(VERIFY, {"token": token_in(later)}).status_code == 200


def test_resending_goes_to_the_address_that_was_asked_for(robin, changing):
    as_(robin).post(RESEND)

    assert [message.to for message in deliver()] == [["new@example.org"]]


def test_verified_address_gets_no_mail_and_the_same_answer(robin):
    waited_for = as_(robin).post(RESEND)
    deliver()
    EmailToken.objects.all().delete()
    User.objects.update(email_verified_at=timezone.now())

    answer = as_(robin).post(RESEND)

    assert (answer.status_code, answer.json()) == (202, waited_for.json())
    assert deliver() == []


def test_resending_is_limited_for_each_person(robin, settings):
    settings.LIMITS = {**settings.LIMITS, "reset-account": "2/1h"}
    answers = [as_(robin).post(RESEND).status_code for _ in range(3)]

    assert answers == [202, 202, 429]
    assert as_(build_user()).post(RESEND).status_code == 202


def test_resending_needs_somebody_signed_in(api):
    assert refusal(api.post(RESEND)) == (401, "not_authenticated")
