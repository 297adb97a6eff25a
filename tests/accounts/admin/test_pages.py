import json

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import RefreshToken, Role
from core.ids import hash_token, new_token
from tests.factories import (
    build_member,
    build_organisation,
    build_session,
    build_user,
)

pytestmark = pytest.mark.django_db
MODELS = ["user", "organisation", "membership", "devicesession"]


def changelist(model):
    return reverse(f"admin:accounts_{model}_changelist")


@pytest.fixture
def superuser():
    return build_user(username="chair", is_staff=True, is_superuser=True)


@pytest.fixture
def staff_client(client, superuser):
    client.force_login(superuser)
    return client


def staff_with(*codenames):
    user = build_user(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=codenames, content_type__app_label="accounts")
    )
    return user


def build_rows(count):
    for _ in range(count):
        organisation = build_organisation()
        build_member(organisation, Role.OWNER)
        build_session(build_member(organisation))


@pytest.mark.parametrize("model", MODELS)
def test_list_costs_the_same_for_any_length(staff_client, model):
    build_rows(1)
    with CaptureQueriesContext(
        connection,
    ) as few:
        staff_client.get(changelist(model))
    build_rows(10)

    with CaptureQueriesContext(connection) as many:
        answer = staff_client.get(changelist(model))

    assert answer.status_code == 200
    assert len(few) == len(many)


def organisation_with(members):
    organisation = build_organisation()
    for _ in range(members):
        build_member(organisation)
    return organisation


def user_in(organisations):
    user = build_user()
    for _ in range(organisations):
        build_organisation().memberships.create(user=user)
    return user


@pytest.mark.parametrize(
    ("model", "build"), [("organisation", organisation_with), ("user", user_in)]
)
def test_page_costs_the_same_for_any_number_of_memberships(staff_client, model, build):
    few, many = (
        reverse(f"admin:accounts_{model}_change", args=[build(number).pk]) for number in (1, 10)
    )
    # Django remembers content types from the first page on.
    staff_client.get(few)
    with CaptureQueriesContext(connection) as cost_of_few:
        staff_client.get(few)

    with CaptureQueriesContext(connection) as cost_of_many:
        answer = staff_client.get(many)

    assert answer.status_code == 200
    assert len(cost_of_few) == len(cost_of_many)


@pytest.mark.parametrize(
    ("model", "search", "found"),
    [
        ("user", "robin", 1),
        ("user", "example.org", 3),
        ("user", "Riverside", 1),
        ("organisation", "riverside", 1),
        ("organisation", "lakeside", 1),
        ("organisation", "elsewhere", 0),
        ("membership", "robin", 1),
        ("membership", "Lakeside", 1),
        ("devicesession", "phone", 1),
        ("devicesession", "192.0.2.7", 1),
        ("devicesession", "robin", 1),
    ],
)
def test_staff_find_rows_by_what_they_know(staff_client, model, search, found):
    riverside = build_organisation(name="Riverside", slug="riverside")
    robin = build_member(riverside, username="robin")
    build_member(build_organisation(name="Lakeside", slug="lakeside"))
    build_session(robin, device_name="phone", address="192.0.2.7")

    answer = staff_client.get(changelist(model), {"q": search})

    assert answer.context["cl"].result_count == found


@pytest.mark.parametrize(
    ("model", "filters"),
    [
        ("user", {"is_active__exact": "1", "memberships__role__exact": "owner"}),
        ("organisation", {"name_policy__exact": "number"}),
        ("membership", {"role__exact": "owner"}),
        ("devicesession", {"state": "open"}),
    ],
)
def test_staff_narrow_lists_by_filters(staff_client, model, filters):
    build_rows(2)
    build_member(build_organisation(name_policy="full"))
    build_session(revoked_at="2026-01-01T00:00:00Z")

    answer = staff_client.get(changelist(model), filters)

    assert answer.context["cl"].result_count == 2


def test_ended_sessions_can_be_listed_alone(staff_client):
    build_session()
    build_session(revoked_at="2026-01-01T00:00:00Z")
    build_session(expires_at="2026-01-01T00:00:00Z")
    build_session(build_user(is_active=False))

    answer = staff_client.get(changelist("devicesession"), {"state": "ended"})

    assert answer.context["cl"].result_count == 3


@pytest.mark.parametrize(
    ("field", "source", "expected"),
    [("user", "membership", ["robin"]), ("organisation", "membership", ["Robin Hood Juniors"])],
)
def test_people_and_organisations_are_picked_by_typing(staff_client, field, source, expected):
    build_user(username="robin")
    build_organisation(name="Robin Hood Juniors")

    answer = staff_client.get(
        reverse("admin:autocomplete"),
        {"app_label": "accounts", "model_name": source, "field_name": field, "term": "robin"},
    )

    assert [result["text"] for result in json.loads(answer.content)["results"]] == expected


def test_no_page_shows_a_token_or_its_hash(staff_client):
    token = new_token()
    session = build_session(build_member(build_organisation()))
    RefreshToken.objects.create(
        session=session, token_hash=hash_token(token), expires_at=session.expires_at
    )
    pages = [changelist(model) for model in MODELS]
    pages.append(reverse("admin:accounts_devicesession_change", args=[session.pk]))
    pages.append(reverse("admin:accounts_user_change", args=[session.user_id]))

    for page in pages:
        content = staff_client.get(page).content.decode()
        assert token not in content
        assert hash_token(token) not in content
    assert "refreshtoken" not in staff_client.get(reverse("admin:index")).content.decode().lower()


@pytest.mark.parametrize("model", ["organisation", "membership"])
def test_staff_see_the_organisations_they_belong_to(client, model):
    build_member(build_organisation(name="Foreign"))
    mine = build_organisation(name="Mine")
    staff = staff_with("view_organisation", "view_membership")
    mine.memberships.create(user=staff, role=Role.ADMIN)
    client.force_login(staff)

    answer = client.get(changelist(model))

    assert answer.context["cl"].result_count == 1
    assert "Foreign" not in answer.content.decode()


def test_page_of_a_foreign_organisation_does_not_open(client):
    foreign = build_organisation(name="Foreign")
    client.force_login(staff_with("view_organisation", "change_organisation"))

    answer = client.get(reverse("admin:accounts_organisation_change", args=[foreign.pk]))

    assert answer.status_code == 302


@pytest.mark.parametrize(("role", "is_open"), [(Role.ADMIN, True), (Role.SCORER, False)])
def test_organisation_is_edited_by_those_who_manage_it(client, role, is_open):
    organisation = build_organisation(name="Before")
    staff = staff_with("view_organisation", "change_organisation")
    organisation.memberships.create(user=staff, role=role)
    client.force_login(staff)

    client.post(
        reverse("admin:accounts_organisation_change", args=[organisation.pk]),
        {
            "name": "After",
            "slug": "after",
            "name_policy": "number",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
        },
    )

    organisation.refresh_from_db()
    assert organisation.name == ("After" if is_open else "Before")
