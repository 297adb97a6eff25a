from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditEntry, EmailToken, User
from accounts.operations import request_email_change
from tests.accounts.mailbox import deliver, link_in, token_in
from tests.factories import PASSWORD, build_access_token, build_user

pytestmark = pytest.mark.django_db
ME, LOGIN = "/api/v1/auth/me", "/api/v1/auth/login"
CHANGE, RESET = "/api/v1/auth/password/change", "/api/v1/auth/password/reset"
CONFIRM = f"{RESET}/confirm"
NEW = "a longer phrase than before"


def refusal(answer):
    return answer.status_code, answer.json()["error"]["code"]


def as_(user):
    return APIClient(headers={"authorization": f"Bearer {build_access_token(user)}"})


def sign_in(api, password):
    return api.post(LOGIN, {"username": "robin", "password": password}).status_code


@pytest.fixture
def robin():
    return build_user(username="robin", email="robin@example.org", password=PASSWORD)


@pytest.fixture
def token(api, robin):
    """From the mail that robin gets who has forgotten the password."""
    api.post(RESET, {"email": "robin@example.org"})
    return token_in(deliver()[0])


def change(client, current=PASSWORD, new=NEW):
    return client.post(CHANGE, {"current_password": current, "new_password": new})


def test_changing_keeps_this_device_and_signs_the_others_out(api, robin):
    phone, laptop = as_(robin), as_(robin)

    answer = change(phone)

    assert (answer.status_code, answer.json()) == (200, {"detail": "The password is changed."})
    assert phone.get(ME).status_code == 200
    assert refusal(laptop.get(ME)) == (401, "session_revoked")
    assert (sign_in(api, PASSWORD), sign_in(api, NEW)) == (401, 200)
    assert AuditEntry.objects.get(action="password_changed").actor == robin


def test_person_is_told_that_the_password_was_changed(robin):
    change(as_(robin))

    [message] = deliver()

    assert message.to == ["robin@example.org"]
    assert message.subject == "Your password was changed"
    assert link_in(message).endswith("/account/reset")


def test_change_ends_reset_links(api, robin, token):
    change(as_(robin))

    answer = api.post(CONFIRM, {"token": token, "new_password": PASSWORD})

    assert refusal(answer) == (410, "link_gone")


def test_wrong_current_password_changes_nothing_and_signs_nobody_out(api, robin):
    phone = as_(robin)

    assert refusal(change(phone, current="wrong")) == (403, "wrong_password")
    assert phone.get(ME).status_code == 200
    assert sign_in(api, PASSWORD) == 200
    assert deliver() == []


def test_wrong_current_passwords_count_like_failed_sign_ins(robin, settings):
    settings.LIMITS = {**settings.LIMITS, "login-account": "2/15m"}
    phone = as_(robin)
    for _ in range(2):
        change(phone, current="wrong")

    assert refusal(change(phone)) == (429, "rate_limited")


@pytest.mark.parametrize("new", ["short", "robin@example.org", "qwerty123456", "123456789123"])
def test_weak_new_password_changes_nothing(api, robin, new):
    answer = change(as_(robin), new=new)

    assert refusal(answer) == (400, "weak_password")
    assert answer.json()["error"]["details"]["password"]
    assert sign_in(api, PASSWORD) == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"new_password": NEW}, "current_password"),
        ({"current_password": PASSWORD}, "new_password"),
        ({"current_password": PASSWORD, "new_password": "p" * 1025}, "new_password"),
        ({"current_password": "p" * 1025, "new_password": NEW}, "current_password"),
        ({"current_password": PASSWORD, "new_password": 123456789012}, "new_password"),
        ({"current_password": None, "new_password": NEW}, "current_password"),
        ({"current_password": PASSWORD, "new_password": NEW, "user": "sam"}, "user"),
    ],
)
def test_change_names_the_fields_that_are_wrong(robin, body, field):
    answer = as_(robin).post(CHANGE, body)

    assert refusal(answer) == (400, "validation_error")
    assert set(answer.json()["error"]["details"]) == {field}


def test_changing_needs_somebody_signed_in(api):
    assert refusal(change(api)) == (401, "not_authenticated")


def test_username_that_reads_like_a_strangers_address_changes_its_own_password(api):
    """Such names are older than the rule against them."""
    build_user(username="other", email="robin@example.org", password=NEW)
    robin = build_user(username="robin@example.org", email="r@example.org", password=PASSWORD)

    assert change(as_(robin), new="yet another long phrase").status_code == 200


def test_spaces_and_composed_letters_belong_to_a_password(api, robin):
    change(as_(robin), new="  cafe\u0301 on the touchline ")

    assert sign_in(api, "  caf\u00e9 on the touchline ") == 200
    assert sign_in(api, "caf\u00e9 on the touchline") == 401


def test_mailed_link_sets_a_new_password_once(api, robin, token):
    phone = as_(robin)

    answer = api.post(CONFIRM, {"token": token, "new_password": NEW})
    again = api.post(CONFIRM, {"token": token, "new_password": PASSWORD})

    robin.refresh_from_db()
    assert (answer.status_code, answer.json()) == (200, {"detail": "The password is changed."})
    assert refusal(again) == (410, "link_gone")
    assert refusal(phone.get(ME)) == (401, "session_revoked")
    assert (sign_in(api, PASSWORD), sign_in(api, NEW)) == (401, 200)
    # Whoever used the link reads the mailbox.
    assert robin.email_verified_at
    assert AuditEntry.objects.get(action="password_reset").subject == robin
    assert [message.subject for message in deliver()] == ["Your password was changed"]


def test_who_used_the_account_before_cannot_take_it_back_by_an_address(api, robin, token):
    """They registered it with another person's address, and wait to put their own there."""
    request_email_change(user=robin, email="stranger@example.org", actor=robin)
    [message] = deliver()

    api.post(CONFIRM, {"token": token, "new_password": NEW})

    answer = api.post("/api/v1/auth/email/verify", {"token": token_in(message)})
    assert refusal(answer) == (410, "link_gone")
    assert User.objects.get().email == "robin@example.org"


def test_reset_mail_leads_to_the_page_that_takes_the_token(api, robin, settings):
    settings.PUBLIC_URL = "https://club.example"
    api.post(RESET, {"email": "ROBIN@example.org"}, headers={"host": "evil.example"})

    [message] = deliver()

    assert message.to == ["robin@example.org"]
    assert link_in(message).startswith("https://club.example/account/reset#")
    assert "robin" in message.body


def test_everybody_who_asks_gets_the_same_answer(api, robin):
    build_user(email="disabled@example.org", is_active=False)
    addresses = ["robin@example.org", "disabled@example.org", "nobody@example.org"]
    answers, costs = [], []
    for address in addresses:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answers.append(api.post(RESET, {"email": address}))
        costs.append([query["sql"].split()[0] for query in queries])

    assert {answer.status_code for answer in answers} == {202}
    assert answers[0].json() == answers[1].json() == answers[2].json()
    # The same work in the database, too, so that time does not tell.
    assert costs[0] == costs[1] == costs[2]
    trail = AuditEntry.objects.filter(action="password_reset_requested")
    assert trail.count() == 3


def test_address_that_nobody_has_is_kept_nowhere_and_gets_no_mail(api):
    api.post(RESET, {"email": "nobody@example.org"})

    assert deliver() == []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  our own tables
            assert "nobody@" not in str(cursor.fetchall())


def test_newer_link_ends_the_one_before(api, robin, token):
    api.post(RESET, {"email": "robin@example.org"})
    newer = token_in(deliver()[0])

    older = api.post(CONFIRM, {"token": token, "new_password": NEW})

    assert refusal(older) == (410, "link_gone")
    assert api.post(CONFIRM, {"token": newer, "new_password": NEW}).status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 410)])
def test_reset_link_is_good_for_an_hour(api, token, minutes, status):
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        answer = api.post(CONFIRM, {"token": token, "new_password": NEW})

    assert answer.status_code == status


def test_weak_password_leaves_the_link_usable(api, token):
    weak = api.post(CONFIRM, {"token": token, "new_password": "robin@example.org"})

    assert refusal(weak) == (400, "weak_password")
    assert weak.json()["error"]["details"]["password"]
    assert api.post(CONFIRM, {"token": token, "new_password": NEW}).status_code == 200


def test_disabled_person_learns_it_from_the_link_only(api, robin):
    User.objects.update(is_active=False)
    api.post(RESET, {"email": "robin@example.org"})
    token = token_in(deliver()[0])

    answer = api.post(CONFIRM, {"token": token, "new_password": NEW})

    assert refusal(answer) == (403, "user_disabled")
    assert User.objects.get().check_password(PASSWORD)


def test_link_to_an_address_the_account_no_longer_has_is_over(api, token):
    User.objects.update(email="new@example.org")

    answer = api.post(CONFIRM, {"token": token, "new_password": NEW})

    assert refusal(answer) == (410, "link_gone")
    assert EmailToken.objects.get().used_at is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"token": "unknown", "new_password": NEW}, (404, "not_found")),
        ({"token": "x" * 129, "new_password": NEW}, (400, "validation_error")),
        ({"token": ["x"], "new_password": NEW}, (400, "validation_error")),
        ({"token": "x"}, (400, "validation_error")),
        ({"new_password": NEW}, (400, "validation_error")),
        ({"token": "x", "new_password": "p" * 1025}, (400, "validation_error")),
        ({"token": "x", "new_password": NEW, "email": "a@example.org"}, (400, "validation_error")),
    ],
)
def test_confirming_refuses_what_is_no_token(api, body, expected):
    assert refusal(api.post(CONFIRM, body)) == expected


def test_verification_link_resets_nothing(api, robin):
    as_(robin).post("/api/v1/auth/email/verify/resend")
    token = token_in(deliver()[0])

    answer = api.post(CONFIRM, {"token": token, "new_password": NEW})

    assert refusal(answer) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": ""},
        {"email": "robin"},
        {"email": None},
        {"email": 5},
        {"email": "r" * 250 + "@example.org"},
        {"email": "robin@example.org", "username": "robin"},
    ],
)
def test_asking_without_an_address_is_refused(api, body):
    assert refusal(api.post(RESET, body)) == (400, "validation_error")


@pytest.mark.parametrize("path", [RESET, CONFIRM, CHANGE])
@pytest.mark.parametrize("content", [b'{"email": "\\u0000"}', b'{"token": "\\udfff"}', b"[" * 100])
def test_characters_that_no_database_takes_are_refused(robin, path, content):
    answer = as_(robin).generic("POST", path, content, content_type="application/json")

    assert refusal(answer) == (400, "malformed_json")


@pytest.mark.parametrize("email", ["robin@example.org", "nobody@example.org"])
def test_mails_to_one_address_are_limited_whether_anybody_has_it(api, robin, settings, email):
    settings.LIMITS = {**settings.LIMITS, "reset-account": "2/1h"}
    answers = [api.post(RESET, {"email": each}) for each in (email, email.upper(), email)]

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert "Retry-After" in answers[-1]


def test_askers_of_one_network_are_limited(api, settings):
    settings.LIMITS = {**settings.LIMITS, "reset-address": "2/1h"}
    answers = [api.post(RESET, {"email": f"{name}@example.org"}) for name in "abc"]

    assert [answer.status_code for answer in answers] == [202, 202, 429]
