from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import Membership, Organisation, Role
from accounts.queries import role_in
from tests.factories import (
    build_access_token,
    build_match,
    build_member,
    build_organisation,
    build_user,
)

pytestmark = pytest.mark.django_db
ORGANISATIONS = "/api/v1/organisations"


def as_(user):
    return APIClient(headers={"authorization": f"Bearer {build_access_token(user)}"})


def refusal(answer):
    return answer.status_code, answer.json()["error"]["code"]


def details(answer):
    return answer.json()["error"]["details"]


def names(answer):
    return [item["name"] for item in answer.json()["items"]]


def test_anybody_signed_in_founds_an_organisation_and_owns_it():
    robin = build_user()

    answer = as_(robin).post(ORGANISATIONS, {"name": "  Riverside Juniors ", "name_policy": "full"})

    body = answer.json()
    organisation = Organisation.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"{ORGANISATIONS}/{organisation.pk}"
    assert body == {
        "id": str(organisation.pk),
        "name": "Riverside Juniors",
        "slug": "riverside-juniors",
        "name_policy": "full",
        "created_at": body["created_at"],
        "role": "owner",
        "member_count": 1,
    }
    assert as_(robin).get(answer["Location"]).json() == body


def test_same_idempotency_key_founds_one(django_user_model):
    api = as_(build_user())

    answers = [
        api.post(ORGANISATIONS, {"name": "Riverside"}, headers={"idempotency-key": "once"})
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": " \t "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": 7}, "name"),
        ({"name": None}, "name"),
        ({"name": "River\u200bside"}, "name"),
        ({"name": "\u202eedisreviR"}, "name"),
        ({"name": "River\nside"}, "name"),
        ({"name": "Riverside", "name_policy": "none"}, "name_policy"),
        ({"name": "Riverside", "slug": "riverside"}, "slug"),
    ],
)
def test_malformed_organisation_is_refused_by_field(body, field):
    answer = as_(build_user()).post(ORGANISATIONS, body)

    assert refusal(answer) == (400, "validation_error")
    assert set(details(answer)) == {field}
    assert not Organisation.objects.exists()


def test_nobody_founds_more_than_the_limit_in_a_day(settings):
    settings.LIMITS = {**settings.LIMITS, "organisation-create": "2/1d"}
    robin = build_user()
    answers = [as_(robin).post(ORGANISATIONS, {"name": f"Club {n}"}) for n in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert as_(build_user()).post(ORGANISATIONS, {"name": "Club"}).status_code == 201


def test_list_shows_ones_own_with_ones_role():
    robin = build_user()
    for name, role in [("Riverside", Role.SCORER), ("Lakeside", Role.OWNER)]:
        Membership.objects.create(organisation=build_organisation(name=name), user=robin, role=role)
    build_member(build_organisation(name="Foreign"))

    items = as_(robin).get(ORGANISATIONS).json()["items"]

    assert [(item["name"], item["role"], item["member_count"]) for item in items] == [
        ("Lakeside", "owner", 1),
        ("Riverside", "scorer", 1),
    ]


def test_superuser_sees_all_and_has_no_role_there():
    build_member(build_organisation())

    answer = as_(build_user(is_superuser=True)).get(ORGANISATIONS).json()

    assert [(item["role"], item["member_count"]) for item in answer["items"]] == [(None, 1)]


def test_list_is_searched_sorted_and_paged():
    api = as_(build_user(is_superuser=True))
    for name, slug in [("Bears", "b"), ("Ants", "insects"), ("Cats", "c")]:
        build_organisation(name=name, slug=slug)

    assert names(api.get(ORGANISATIONS)) == ["Ants", "Bears", "Cats"]
    assert names(api.get(ORGANISATIONS, {"sort": "-created_at"})) == ["Cats", "Ants", "Bears"]
    assert names(api.get(ORGANISATIONS, {"q": "NSECT"})) == ["Ants"]
    assert names(api.get(ORGANISATIONS, {"q": "at"})) == ["Cats"]
    page = api.get(ORGANISATIONS, {"limit": 1, "offset": 1})
    assert (names(page), page.json()["total"]) == (["Bears"], 3)
    assert 'rel="next"' in page["Link"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "offset=-1", "sort=slug", "name=x", "q=" + "x" * 81]
)
def test_odd_lists_are_refused(query):
    answer = as_(build_user()).get(f"{ORGANISATIONS}?{query}")

    assert refusal(answer) == (400, "validation_error")


@pytest.mark.parametrize("count", [1, 10])
def test_list_costs_the_same_for_any_length(count, django_assert_num_queries):
    robin = build_user()
    for _ in range(count):
        organisation = build_organisation()
        Membership.objects.create(organisation=organisation, user=robin)
        build_member(organisation)
    api = as_(robin)

    with django_assert_num_queries(3):
        assert len(api.get(ORGANISATIONS).json()["items"]) == count


METHODS = ["get", "patch", "delete"]


@pytest.mark.parametrize("method", METHODS)
def test_foreign_and_unknown_organisations_look_the_same(method):
    api, foreign = as_(build_member(build_organisation(), Role.OWNER)), build_organisation()

    answers = [
        getattr(api, method)(f"{ORGANISATIONS}/{key}", {}).json()["error"]
        for key in (foreign.pk, uuid4())
    ]

    for answer in answers:
        assert answer.pop("request_id")
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "not_found"


@pytest.mark.parametrize("method", METHODS)
def test_strangers_are_asked_to_sign_in(api, method):
    answer = getattr(api, method)(f"{ORGANISATIONS}/{build_organisation().pk}")

    assert refusal(answer) == (401, "not_authenticated")


def test_organisation_is_changed_field_by_field():
    organisation = build_organisation(name="Riverside", slug="riverside")
    api = as_(build_member(organisation, Role.ADMIN))
    address = f"{ORGANISATIONS}/{organisation.pk}"

    for field, value in [("name", "Lakeside"), ("slug", "lakeside"), ("name_policy", "initials")]:
        answer = api.patch(address, {field: value})
        assert (answer.status_code, answer.json()[field]) == (200, value)

    assert answer.json()["name"] == "Lakeside"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"slug": "not a slug"}, "slug"),
        ({"slug": "x" * 61}, "slug"),
        ({"name_policy": "nobody"}, "name_policy"),
        ({"owner": "me"}, "owner"),
    ],
)
def test_malformed_change_changes_nothing(body, field):
    organisation = build_organisation()
    api = as_(build_member(organisation, Role.OWNER))
    before = api.get(f"{ORGANISATIONS}/{organisation.pk}").json()

    answer = api.patch(f"{ORGANISATIONS}/{organisation.pk}", body)

    assert refusal(answer) == (400, "validation_error")
    assert set(details(answer)) == {field}
    assert api.get(f"{ORGANISATIONS}/{organisation.pk}").json() == before


def test_taken_slug_is_a_conflict():
    organisation, other = build_organisation(), build_organisation()
    api = as_(build_member(organisation, Role.OWNER))

    answer = api.patch(f"{ORGANISATIONS}/{organisation.pk}", {"slug": other.slug})

    assert refusal(answer) == (409, "slug_taken")


@pytest.mark.parametrize("role", [Role.SCORER, Role.MEMBER])
def test_members_change_nothing(role):
    organisation = build_organisation()

    answer = as_(build_member(organisation, role)).patch(
        f"{ORGANISATIONS}/{organisation.pk}", {"name": "Ours"}
    )

    assert refusal(answer) == (403, "forbidden")


def test_deletion_is_confirmed_with_the_slug():
    organisation = build_organisation(slug="riverside")
    api = as_(build_member(organisation, Role.OWNER))
    build_match(organisation=organisation)
    address = f"{ORGANISATIONS}/{organisation.pk}"

    for query in ("", "?confirm=", "?confirm=lakeside"):
        answer = api.delete(f"{address}{query}")
        assert refusal(answer) == (409, "confirmation_required")
        assert details(answer) == {
            "confirm": "riverside",
            "would_lose": {"matches": 1, "memberships": 1, "teams": 2},
        }

    assert api.delete(f"{address}?confirm=riverside").status_code == 204
    assert refusal(api.get(address)) == (404, "not_found")


def test_deletion_knows_no_other_parameter():
    organisation = build_organisation()
    api = as_(build_member(organisation, Role.OWNER))

    answer = api.delete(f"{ORGANISATIONS}/{organisation.pk}?confirmed={organisation.slug}")

    assert refusal(answer) == (400, "validation_error")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SCORER, Role.MEMBER])
def test_only_owners_delete_and_others_are_not_told_what_would_go(role):
    organisation = build_organisation()
    api = as_(build_member(organisation, role))

    for query in ("", f"?confirm={organisation.slug}"):
        answer = api.delete(f"{ORGANISATIONS}/{organisation.pk}{query}")
        assert refusal(answer) == (403, "forbidden")
        assert details(answer) == {}

    assert Organisation.objects.exists()


class TestLeaving:
    def leave(self, user, organisation):
        return as_(user).post(f"{ORGANISATIONS}/{organisation.pk}/leave")

    def test_member_leaves_and_is_a_stranger_then(self):
        organisation = build_organisation()
        user = build_member(organisation, Role.ADMIN)

        assert self.leave(user, organisation).status_code == 204
        assert refusal(self.leave(user, organisation)) == (404, "not_found")

    def test_last_owner_stays(self):
        organisation = build_organisation()
        owner = build_member(organisation, Role.OWNER)
        build_member(organisation, Role.OWNER, is_active=False)

        assert refusal(self.leave(owner, organisation)) == (409, "last_owner")
        assert role_in(owner, organisation.pk) == Role.OWNER

    def test_superuser_leaves_nothing_they_do_not_belong_to(self):
        answer = self.leave(build_user(is_superuser=True), build_organisation())

        assert refusal(answer) == (409, "not_a_member")
