from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, DeviceSession, Role, User
from accounts.operations import sign_in
from tests.accounts.mailbox import deliver, token_in
from tests.api.contract import DocumentedClient
from tests.factories import (
    PASSWORD,
    build_access_token,
    build_member,
    build_organisation,
    build_session,
    build_user,
)

pytestmark = pytest.mark.django_db
ME, USERS, STATISTICS = "/api/v1/users/me", "/api/v1/users", "/api/v1/users/statistics"


def as_(user):
    return DocumentedClient(headers={"authorization": f"Bearer {build_access_token(user)}"})


def url(user):
    return f"{USERS}/{user.pk}"


def refusal(answer):
    error = answer.json()["error"]
    return answer.status_code, error["code"]


@pytest.fixture
def robin():
    return build_user(username="robin", email="robin@example.org", password=PASSWORD)


@pytest.fixture
def superuser():
    return build_user(username="chief", is_superuser=True)


@pytest.fixture
def club():
    """People of one organisation, by role."""
    organisation = build_organisation()
    return {role: build_member(organisation, role, username=role.value) for role in Role}


def test_superuser_gets_every_account(superuser, club):
    answer = as_(superuser).get(f"{USERS}?sort=username")

    body = answer.json()
    assert [user["username"] for user in body["items"]] == sorted(
        ["chief", "owner", "admin", "scorer", "member"]
    )
    assert set(body["items"][0]) == {
        "id",
        "username",
        "email",
        "email_verified",
        "is_active",
        "is_staff",
        "is_superuser",
        "created_at",
        "last_login",
    }


@pytest.mark.parametrize("role", Role)
def test_members_get_the_names_of_those_they_share_an_organisation_with(club, role):
    build_member(build_organisation())

    items = as_(club[role]).get(USERS).json()["items"]

    assert {item["username"] for item in items} == set(Role.values)
    assert {frozenset(item) for item in items} == {frozenset({"id", "username"})}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=CHI", ["chief"]),
        ("q=ada@example", ["ada"]),
        ("is_active=false", ["ada"]),
        ("is_superuser=true", ["chief"]),
        ("is_superuser=true&is_active=false", []),
        ("sort=-username", ["robin", "chief", "ada"]),
        ("sort=created_at&limit=1&offset=1", ["robin"]),
    ],
)
def test_superuser_filters_and_sorts(superuser, robin, query, names):
    build_user(username="ada", is_active=False)

    items = as_(superuser).get(f"{USERS}?{query}").json()["items"]

    assert [item["username"] for item in items] == names


def test_members_find_nobody_by_address(club):
    assert as_(club[Role.OWNER]).get(f"{USERS}?q=example.org").json()["total"] == 0
    assert as_(club[Role.MEMBER]).get(f"{USERS}?q=CORE").json()["total"] == 1


@pytest.mark.parametrize("query", ["is_active=true", "is_superuser=true", "sort=email", "x=1"])
def test_members_have_no_other_filters(club, query):
    answer = as_(club[Role.OWNER]).get(f"{USERS}?{query}")

    assert refusal(answer) == (400, "validation_error")


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize("fields", [{}, {"is_superuser": True}])
def test_list_costs_the_same_for_any_length(django_assert_num_queries, rows, fields):
    organisation = build_organisation()
    for _ in range(rows):
        build_member(organisation)
    client = as_(build_member(organisation, **fields))

    with django_assert_num_queries(3):
        assert client.get(USERS).json()["total"] == rows + 1


@pytest.mark.parametrize(
    ("reader", "fields"),
    [
        (Role.OWNER, {"id", "username", "email"}),
        (Role.ADMIN, {"id", "username", "email"}),
        (Role.SCORER, {"id", "username"}),
        (Role.MEMBER, {"id", "username"}),
    ],
)
def test_who_manages_somebody_sees_the_address(club, reader, fields):
    other = build_member(build_organisation())
    other.memberships.create(organisation=club[reader].memberships.get().organisation)

    answer = as_(club[reader]).get(url(other))

    assert answer.status_code == 200
    assert set(answer.json()) == fields


def test_who_manages_another_organisation_does_not(club):
    reader = club[Role.MEMBER]
    build_organisation().memberships.create(user=reader, role=Role.OWNER)

    assert "email" not in as_(reader).get(url(club[Role.ADMIN])).json()


def test_oneself_and_superusers_see_everything(superuser, robin):
    own, seen = as_(robin).get(url(robin)).json(), as_(superuser).get(url(robin)).json()

    assert own == seen
    assert own["email"] == "robin@example.org"
    assert own["roles"] == ["user"]
    assert {"organisations", "pending_email", "is_staff", "last_login"} <= set(own)


def test_strangers_are_unknown(robin):
    stranger = build_member(build_organisation())

    hidden, unknown = as_(robin).get(url(stranger)), as_(robin).get(f"{USERS}/{uuid4()}")

    assert refusal(hidden) == refusal(unknown) == (404, "not_found")
    errors = [{**answer.json()["error"], "request_id": ""} for answer in (hidden, unknown)]
    assert errors[0] == errors[1]


def test_superuser_makes_an_account(superuser):
    body = {"username": "ada", "email": "Ada@Example.org", "password": PASSWORD, "is_staff": True}

    answer = as_(superuser).post(USERS, body)

    user = User.objects.get(username="ada")
    assert answer.status_code == 201
    assert answer["Location"] == url(user)
    assert "password" not in answer.content.decode()
    assert (user.email, user.is_staff, user.is_superuser) == ("Ada@example.org", True, False)
    assert user.check_password(PASSWORD)
    entry = AuditEntry.objects.get(action="user_created")
    assert (entry.actor, entry.subject) == (superuser, user)


def test_account_without_password_gets_one_by_mail(superuser):
    as_(superuser).post(USERS, {"username": "ada", "email": "ada@example.org"})
    assert not User.objects.get(username="ada").has_usable_password()
    client = DocumentedClient()
    client.post("/api/v1/auth/password/reset", {"email": "ada@example.org"})

    [mail] = deliver()
    client.post(
        "/api/v1/auth/password/reset/confirm", {"token": token_in(mail), "new_password": PASSWORD}
    )

    assert sign_in(identifier="ada", password=PASSWORD).access_token


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"username": "CHIEF"}, (409, "account_taken")),
        ({"email": "CHIEF@example.org"}, (409, "account_taken")),
        ({"password": "short"}, (400, "weak_password")),
        ({"password": "ada@example.org"}, (400, "weak_password")),
        ({"username": "a@b.c"}, (400, "validation_error")),
        ({"email": "ada"}, (400, "validation_error")),
        ({"is_active": True}, (400, "validation_error")),
    ],
)
def test_account_that_cannot_be_is_not_made(superuser, change, refused):
    body = {"username": "ada", "email": "ada@example.org", **change}

    assert refusal(as_(superuser).post(USERS, body)) == refused
    assert User.objects.count() == 1


def test_superuser_changes_an_account(superuser, robin):
    User.objects.update(email_verified_at=timezone.now())
    body = {"username": "ada", "email": "ada@example.org", "is_staff": True, "is_superuser": True}

    answer = as_(superuser).patch(url(robin), body)

    assert answer.status_code == 200
    robin.refresh_from_db()
    assert {name: getattr(robin, name) for name in body} == body
    # Nobody has shown yet that the new mailbox is theirs.
    assert robin.email_verified_at is None
    assert AuditEntry.objects.get(action="user_changed").details == {"fields": list(body)}


def test_links_mailed_to_the_address_before_are_over(superuser, robin):
    client = DocumentedClient()
    client.post("/api/v1/auth/password/reset", {"email": robin.email})
    [mail] = deliver()

    as_(superuser).patch(url(robin), {"email": "ada@example.org"})

    answer = client.post(
        "/api/v1/auth/password/reset/confirm", {"token": token_in(mail), "new_password": PASSWORD}
    )
    assert refusal(answer) == (410, "link_gone")


def test_disabled_account_is_signed_out_and_stays_so(superuser, robin):
    client = as_(robin)

    as_(superuser).patch(url(robin), {"is_active": False})
    assert refusal(client.get(ME)) == (401, "session_revoked")
    as_(superuser).patch(url(robin), {"is_active": True})

    assert refusal(client.get(ME)) == (401, "session_revoked")
    actions = AuditEntry.objects.filter(subject=robin).order_by("at", "pk")
    assert [entry.action for entry in actions] == ["user_disabled", "user_enabled"]


@pytest.mark.parametrize("right", ["is_active", "is_staff", "is_superuser"])
def test_nobody_disables_or_demotes_themselves(superuser, right):
    build_user(is_superuser=True)
    superuser.is_staff = True
    superuser.save()

    answer = as_(superuser).patch(url(superuser), {right: False})

    assert refusal(answer) == (403, "forbidden")
    superuser.refresh_from_db()
    assert getattr(superuser, right)


def test_superuser_may_still_be_renamed_by_themselves(superuser):
    answer = as_(superuser).patch(url(superuser), {"username": "boss", "is_superuser": True})

    assert answer.status_code == 200


def test_superuser_is_demoted_by_another(superuser):
    other = build_user(is_superuser=True)

    assert as_(superuser).patch(url(other), {"is_superuser": False}).status_code == 200


def test_erasing_somebody_is_confirmed_with_their_name(superuser, robin):
    build_session(robin)
    build_organisation().memberships.create(user=robin)
    client = as_(superuser)

    asked = client.delete(url(robin))
    wrong = client.delete(f"{url(robin)}?confirm=Robin")

    assert refusal(asked) == refusal(wrong) == (409, "confirmation_required")
    assert asked.json()["error"]["details"] == {
        "confirm": "robin",
        "would_lose": {"device_sessions": 1, "memberships": 1},
    }
    assert client.delete(f"{url(robin)}?confirm=robin").status_code == 204
    assert refusal(client.get(url(robin))) == (404, "not_found")


def test_superuser_does_not_erase_themselves_there(superuser):
    build_user(is_superuser=True)

    answer = as_(superuser).delete(f"{url(superuser)}?confirm=chief")

    assert refusal(answer) == (403, "forbidden")


def test_unknown_parameters_are_refused_when_erasing(superuser, robin):
    answer = as_(superuser).delete(f"{url(robin)}?confirm=robin&force=1")

    assert refusal(answer) == (400, "validation_error")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("method", "body"),
    [("patch", {"username": "x"}), ("patch", {"unknown": 1}), ("delete", {})],
)
def test_others_may_not_and_strangers_are_unknown(club, role, method, body):
    reader, stranger = as_(club[role]), build_user()
    colleague = club[Role.MEMBER if role == Role.OWNER else Role.OWNER]

    visible = getattr(reader, method)(f"{url(colleague)}?confirm={colleague.username}", body)
    hidden = getattr(reader, method)(f"{url(stranger)}?confirm={stranger.username}", body)

    assert refusal(visible) == (403, "forbidden")
    assert refusal(hidden) == (404, "not_found")
    assert User.objects.count() == 5


@pytest.mark.parametrize("body", [{}, {"username": "ada", "email": "ada@example.org"}])
def test_others_make_no_accounts(club, body):
    assert refusal(as_(club[Role.OWNER]).post(USERS, body)) == (403, "forbidden")


def test_statistics_count_people(superuser, club, django_assert_num_queries):
    now = timezone.now()
    User.objects.filter(pk=club[Role.OWNER].pk).update(
        last_login=now - timedelta(hours=1), email_verified_at=now
    )
    User.objects.filter(pk=club[Role.ADMIN].pk).update(
        last_login=now - timedelta(days=3), is_active=False
    )
    User.objects.filter(pk=club[Role.SCORER].pk).update(
        last_login=now - timedelta(days=20), date_joined=now - timedelta(days=20), is_staff=True
    )
    User.objects.filter(pk=club[Role.MEMBER].pk).update(date_joined=now - timedelta(days=400))
    build_organisation().memberships.create(user=club[Role.OWNER], role=Role.OWNER)
    build_session(club[Role.OWNER])
    build_session(club[Role.OWNER], revoked_at=now)
    build_session(club[Role.ADMIN])
    DeviceSession.objects.create(master_key="k", expires_at=now + timedelta(days=1))
    client = as_(superuser)

    with django_assert_num_queries(5):
        answer = client.get(STATISTICS)

    assert answer.json() == {
        "total": 5,
        "active": 4,
        "disabled": 1,
        "staff": 1,
        "superusers": 1,
        "verified": 1,
        "registered_last_7_days": 3,
        "registered_last_30_days": 4,
        "signed_in_last_24_hours": 1,
        "signed_in_last_7_days": 2,
        "signed_in_last_30_days": 3,
        # The owner's, and the one that asks.
        "open_sessions": 2,
        "by_role": {"owner": 1, "admin": 1, "scorer": 1, "member": 1},
        "organisations": 2,
        "without_organisation": 1,
    }


@pytest.mark.parametrize("fields", [{}, {"is_staff": True}])
def test_statistics_are_for_superusers(fields):
    assert refusal(as_(build_user(**fields)).get(STATISTICS)) == (403, "forbidden")


@pytest.mark.parametrize("path", [ME, USERS, STATISTICS])
def test_strangers_are_asked_to_sign_in(path):
    assert refusal(DocumentedClient().get(path)) == (401, "not_authenticated")
