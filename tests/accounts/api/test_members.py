from uuid import uuid4

import pytest

from accounts.models import Role
from accounts.queries import role_in
from tests.accounts.api.test_organisations import as_, details, refusal
from tests.factories import build_member, build_organisation, build_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return build_organisation()


@pytest.fixture
def owner(organisation):
    return build_member(organisation, Role.OWNER, username="olive")


@pytest.fixture
def members(organisation):
    return f"/api/v1/organisations/{organisation.pk}/members"


def usernames(answer):
    return [item["username"] for item in answer.json()["items"]]


def test_members_see_who_else_belongs_but_no_address(organisation, owner, members):
    robin = build_member(organisation, Role.SCORER, username="robin")

    items = as_(robin).get(members).json()["items"]

    assert [(item["username"], item["role"]) for item in items] == [
        ("olive", "owner"),
        ("robin", "scorer"),
    ]
    assert set(items[0]) == {"user_id", "username", "role", "since"}
    assert items[1]["user_id"] == str(robin.pk)


@pytest.mark.parametrize("kind", ["owner", "admin", "superuser"])
def test_who_manages_the_members_sees_their_addresses(organisation, members, kind):
    build_member(organisation, Role.MEMBER, email="kim@example.org", username="a")
    reader = (
        build_user(is_superuser=True)
        if kind == "superuser"
        else build_member(organisation, Role(kind))
    )

    answer = as_(reader).get(members)

    assert answer.json()["items"][0]["email"] == "kim@example.org"


def test_one_member_reads_as_in_the_list(organisation, owner, members):
    robin = build_member(organisation, Role.SCORER, username="robin")

    for reader in (owner, robin):
        listed = as_(reader).get(members).json()["items"][1]
        assert as_(reader).get(f"{members}/{robin.pk}").json() == listed


def test_members_are_searched_filtered_and_sorted(organisation, owner, members):
    build_member(organisation, Role.SCORER, username="robin", email="r@riverside.org")
    member = build_member(organisation, Role.MEMBER, username="kim")

    api = as_(owner)
    assert usernames(api.get(members)) == ["kim", "olive", "robin"]
    assert usernames(api.get(members, {"sort": "-since"})) == ["kim", "robin", "olive"]
    assert usernames(api.get(members, {"role": "scorer"})) == ["robin"]
    assert usernames(api.get(members, {"q": "RIVER"})) == ["robin"]
    assert usernames(api.get(members, {"q": "ki"})) == ["kim"]
    # Nobody guesses addresses they may not see.
    assert usernames(as_(member).get(members, {"q": "river"})) == []


@pytest.mark.parametrize("query", ["role=boss", "sort=email", "limit=x", "email=a"])
def test_odd_lists_are_refused(owner, members, query):
    assert refusal(as_(owner).get(f"{members}?{query}")) == (400, "validation_error")


@pytest.mark.parametrize("count", [1, 10])
def test_list_costs_the_same_for_any_length(
    organisation, owner, members, count, django_assert_num_queries
):
    for _ in range(count):
        build_member(organisation)
    api = as_(owner)

    with django_assert_num_queries(5):
        assert len(usernames(api.get(members))) == count + 1


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_foreign_members_are_not_found(method, members):
    api = as_(build_member(build_organisation(), Role.OWNER))
    body = {"user_id": str(uuid4()), "user_ids": [str(uuid4())], "role": "member"}

    assert refusal(getattr(api, method)(members, body)) == (404, "not_found")


class TestAdding:
    def test_superuser_makes_anybody_a_member(self, organisation, members):
        user = build_user()

        answer = as_(build_user(is_superuser=True)).post(
            members, {"user_id": str(user.pk), "role": "owner"}
        )

        assert answer.status_code == 201
        assert answer["Location"] == f"{members}/{user.pk}"
        assert answer.json()["role"] == "owner"
        assert role_in(user, organisation.pk) == Role.OWNER

    @pytest.mark.parametrize("role", Role)
    def test_everybody_else_invites(self, organisation, members, role):
        actor, user = build_member(organisation, role), build_user()

        for user_id in (user.pk, uuid4()):
            answer = as_(actor).post(members, {"user_id": str(user_id), "role": "member"})
            assert refusal(answer) == (403, "forbidden")

        assert role_in(user, organisation.pk) is None

    def test_unknown_person_and_other_role_are_refused(self, owner, members):
        api = as_(build_user(is_superuser=True))

        unknown = api.post(members, {"user_id": str(uuid4()), "role": "member"})
        other_role = api.post(members, {"user_id": str(owner.pk), "role": "member"})

        assert refusal(unknown) == (404, "not_found")
        assert refusal(other_role) == (409, "already_member")
        assert details(other_role) == {"role": "owner"}


class TestOne:
    def test_role_is_changed_and_membership_ended(self, organisation, owner, members):
        user = build_member(organisation)
        api = as_(owner)

        changed = api.patch(f"{members}/{user.pk}", {"role": "admin"})
        removed = api.delete(f"{members}/{user.pk}")

        assert (changed.status_code, changed.json()["role"]) == (200, "admin")
        assert removed.status_code == 204
        assert role_in(user, organisation.pk) is None

    @pytest.mark.parametrize("method", ["patch", "delete"])
    def test_who_is_no_member_looks_like_nobody(self, owner, members, method):
        for user_id in (build_user().pk, uuid4()):
            answer = getattr(as_(owner), method)(f"{members}/{user_id}", {"role": "member"})
            assert refusal(answer) == (404, "not_found")

    @pytest.mark.parametrize("method", ["patch", "delete"])
    @pytest.mark.parametrize("role", [Role.SCORER, Role.MEMBER])
    def test_members_manage_nobody(self, organisation, owner, members, method, role):
        api = as_(build_member(organisation, role))

        answer = getattr(api, method)(f"{members}/{owner.pk}", {"role": "member"})

        assert refusal(answer) == (403, "forbidden")

    def test_last_owner_stays(self, organisation, owner, members):
        api = as_(owner)

        assert refusal(api.patch(f"{members}/{owner.pk}", {"role": "admin"})) == (409, "last_owner")
        assert refusal(api.delete(f"{members}/{owner.pk}")) == (409, "last_owner")

    @pytest.mark.parametrize("body", [{}, {"role": "boss"}, {"role": None}, {"roles": "member"}])
    def test_malformed_role_is_refused(self, owner, members, body):
        answer = as_(owner).patch(f"{members}/{owner.pk}", body)

        assert refusal(answer) == (400, "validation_error")

    def test_everybody_may_end_their_own(self, organisation, owner, members):
        user = build_member(organisation)

        assert as_(user).delete(f"{members}/{user.pk}").status_code == 204


class TestMany:
    def test_several_change_at_once(self, organisation, owner, members):
        user_ids = [str(build_member(organisation).pk) for _ in range(3)]

        answer = as_(owner).patch(members, {"user_ids": user_ids, "role": "scorer"})

        assert answer.status_code == 200
        assert {item["user_id"]: item["role"] for item in answer.json()["items"]} == (
            dict.fromkeys(user_ids, "scorer")
        )

    def test_several_go_at_once(self, organisation, owner, members):
        user_ids = [str(build_member(organisation).pk) for _ in range(3)]

        answer = as_(owner).delete(members, {"user_ids": [*user_ids, user_ids[0]]})

        assert answer.status_code == 204
        assert usernames(as_(owner).get(members)) == ["olive"]

    @pytest.mark.parametrize(
        ("who", "expected"),
        [
            ("stranger", (409, "not_a_member")),
            ("owner", (409, "last_owner")),
        ],
    )
    def test_one_who_cannot_stops_all_and_is_named(
        self, organisation, owner, members, who, expected
    ):
        user = build_member(organisation)
        named = str((owner if who == "owner" else build_user()).pk)
        body = {"user_ids": [str(user.pk), named], "role": "scorer"}

        answers = [
            as_(owner).patch(members, body),
            as_(owner).delete(members, {"user_ids": body["user_ids"]}),
        ]

        for answer in answers:
            assert refusal(answer) == expected
            assert details(answer) == {"user_ids": [named]}
        assert role_in(user, organisation.pk) == Role.MEMBER

    def test_admin_does_not_touch_owners(self, organisation, owner, members):
        user, other = build_member(organisation), build_member(organisation, Role.OWNER)
        api = as_(build_member(organisation, Role.ADMIN))

        answer = api.delete(members, {"user_ids": [str(user.pk), str(other.pk)]})

        assert refusal(answer) == (403, "forbidden")
        assert details(answer) == {"user_ids": [str(other.pk)]}

    @pytest.mark.parametrize(
        "user_ids",
        [None, [], "all", [1], ["x"], [None], {}, [str(uuid4()) for _ in range(101)]],
        ids=["null", "none", "text", "number", "word", "nulls", "object", "many"],
    )
    def test_malformed_choice_is_refused(self, owner, members, user_ids):
        api = as_(owner)

        assert refusal(api.patch(members, {"user_ids": user_ids, "role": "member"})) == (
            400,
            "validation_error",
        )
        assert refusal(api.delete(members, {"user_ids": user_ids})) == (400, "validation_error")

    def test_deletion_without_a_choice_deletes_nobody(self, organisation, owner, members):
        build_member(organisation)

        assert refusal(as_(owner).delete(members)) == (400, "validation_error")
        assert organisation.memberships.count() == 2
