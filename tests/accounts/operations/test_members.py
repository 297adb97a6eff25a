from uuid import uuid4

import pytest
from django.db import connection

from accounts.errors import AlreadyMemberError, LastOwnerError, NotMemberError
from accounts.models import ActorKind, AuditEntry, Membership, Role
from accounts.operations import (
    add_member,
    change_role,
    change_roles,
    remove_member,
    remove_members,
)
from accounts.queries import role_in
from core.errors import ForbiddenError, NotFoundError
from matches.operations.scorers import assign_scorer
from tests.accounts.side_by_side import side_by_side
from tests.factories import build_match, build_member, build_organisation, build_user

pytestmark = pytest.mark.django_db


def roles(organisation):
    return dict(organisation.memberships.values_list("user_id", "role"))


def trail(organisation):
    entries = AuditEntry.objects.filter(organisation=organisation).order_by("at", "id")
    return [(entry.action, entry.subject, entry.details) for entry in entries]


def test_member_is_added_once():
    organisation, user = build_organisation(), build_user()

    first = add_member(organisation=organisation, user=user, role=Role.SCORER)
    again = add_member(organisation=organisation, user=user, role=Role.SCORER)

    assert first == again
    assert first.role == Role.SCORER
    assert organisation.memberships.count() == 1
    assert trail(organisation) == [("member_added", user, {"role": "scorer"})]


def test_adding_a_member_never_changes_a_role():
    organisation = build_organisation()
    user = build_member(organisation, Role.OWNER)

    with pytest.raises(AlreadyMemberError) as refusal:
        add_member(organisation=organisation, user=user, role=Role.MEMBER)

    assert refusal.value.details == {"role": "owner"}
    assert role_in(user, organisation.pk) == Role.OWNER


# Who may do what to somebody with the role on the left of the arrow.
CHANGES = [
    ("owner", "member -> owner", True),
    ("owner", "owner -> member", True),
    ("owner", "owner -> gone", True),
    ("owner", "admin -> scorer", True),
    ("admin", "gone -> scorer", True),
    ("admin", "gone -> admin", True),
    ("admin", "gone -> owner", False),
    ("admin", "member -> scorer", True),
    ("admin", "admin -> member", True),
    ("admin", "admin -> gone", True),
    ("admin", "scorer -> gone", True),
    ("admin", "member -> owner", False),
    ("admin", "owner -> member", False),
    ("admin", "owner -> gone", False),
    ("scorer", "gone -> member", False),
    ("scorer", "member -> scorer", False),
    ("scorer", "member -> gone", False),
    ("member", "gone -> member", False),
    ("member", "member -> scorer", False),
    ("member", "scorer -> gone", False),
    ("stranger", "gone -> member", False),
    ("stranger", "member -> scorer", False),
    ("stranger", "member -> gone", False),
    ("disabled owner", "member -> gone", False),
    ("superuser", "owner -> gone", True),
    ("operator", "member -> owner", True),
    ("operator", "gone -> owner", True),
]


def build_actor(kind, organisation):
    builders = {
        "stranger": build_user,
        "superuser": lambda: build_user(is_superuser=True),
        "operator": lambda: None,
        "disabled owner": lambda: build_member(organisation, Role.OWNER, is_active=False),
    }
    return builders.get(kind, lambda: build_member(organisation, Role(kind)))()


def change_one(organisation, user, before, after, actor):
    if before is None:
        add_member(organisation=organisation, user=user, role=after, actor=actor)
    elif after is None:
        remove_member(organisation=organisation, user=user, actor=actor)
    else:
        change_role(organisation=organisation, user=user, role=after, actor=actor)


def change_many(organisation, user, before, after, actor):
    if before is None:
        change_one(organisation, user, before, after, actor)
    elif after is None:
        remove_members(organisation=organisation, user_ids=[user.pk], actor=actor)
    else:
        change_roles(organisation=organisation, user_ids=[user.pk], role=after, actor=actor)


@pytest.mark.parametrize("change", [change_one, change_many])
@pytest.mark.parametrize(("kind", "what", "allowed"), CHANGES)
def test_roles_are_given_and_taken_by_those_above(change, kind, what, allowed):
    before, after = (None if role == "gone" else Role(role) for role in what.split(" -> "))
    organisation = build_organisation()
    build_member(organisation, Role.OWNER)
    user = build_member(organisation, before) if before else build_user()
    actor = build_actor(kind, organisation)

    if allowed:
        change(organisation, user, before, after, actor)
    else:
        with pytest.raises(ForbiddenError):
            change(organisation, user, before, after, actor)

    assert role_in(user, organisation.pk) == (after if allowed else before)
    assert len(trail(organisation)) == allowed


def test_trail_tells_who_made_whom_what():
    organisation = build_organisation()
    owner, user = build_member(organisation, Role.OWNER), build_member(organisation)

    change_role(organisation=organisation, user=user, role=Role.ADMIN, actor=owner)
    remove_member(organisation=organisation, user=user, actor=owner)

    assert trail(organisation) == [
        ("role_changed", user, {"before": "member", "after": "admin"}),
        ("member_removed", user, {"role": "admin"}),
    ]
    assert set(AuditEntry.objects.values_list("actor", "actor_kind")) == {
        (owner.pk, ActorKind.PERSON)
    }


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SCORER, Role.MEMBER])
def test_everybody_may_leave(role):
    organisation = build_organisation()
    user = build_member(organisation, role)

    remove_member(organisation=organisation, user=user, actor=user)

    assert role_in(user, organisation.pk) is None
    assert trail(organisation) == [("member_left", user, {"role": role})]


def test_last_owner_stays():
    organisation = build_organisation()
    owner = build_member(organisation, Role.OWNER)
    build_member(organisation, Role.ADMIN)
    build_member(organisation, Role.OWNER, is_active=False)

    with pytest.raises(LastOwnerError) as refusal:
        remove_member(organisation=organisation, user=owner, actor=owner)
    with pytest.raises(LastOwnerError):
        change_role(organisation=organisation, user=owner, role=Role.ADMIN, actor=owner)

    assert refusal.value.details == {"user_ids": [owner.pk]}
    assert role_in(owner, organisation.pk) == Role.OWNER


def test_same_role_again_changes_nothing_even_for_the_last_owner():
    organisation = build_organisation()
    owner = build_member(organisation, Role.OWNER)

    membership = change_role(organisation=organisation, user=owner, role=Role.OWNER, actor=owner)

    assert membership.role == Role.OWNER
    assert trail(organisation) == []


def test_who_is_no_member_can_be_neither_changed_nor_removed():
    organisation, user = build_organisation(), build_user()

    with pytest.raises(NotMemberError):
        change_role(organisation=organisation, user=user, role=Role.ADMIN)
    with pytest.raises(NotMemberError):
        remove_member(organisation=organisation, user=user)


def test_members_of_an_organisation_that_is_gone_are_not_found():
    organisation = build_organisation()
    user = build_member(organisation)
    organisation.delete()
    organisation.pk = uuid4()

    with pytest.raises(NotFoundError):
        remove_member(organisation=organisation, user=user)


def test_membership_reads_as_a_sentence():
    organisation = build_organisation(name="Riverside")
    user = build_member(organisation, Role.SCORER, username="robin")

    assert str(Membership.objects.get(user=user)) == "robin is scorer of Riverside"


def test_who_leaves_logs_no_match_of_theirs_any_more():
    organisation = build_organisation()
    owner, user = build_member(organisation, Role.OWNER), build_member(organisation)
    match = build_match(organisation=organisation)
    assign_scorer(match=match, user=user, actor=owner)

    remove_members(organisation=organisation, user_ids=[user.pk], actor=owner)

    assert not match.scorers.exists()


class TestMany:
    @pytest.fixture
    def organisation(self):
        return build_organisation()

    @pytest.fixture
    def owner(self, organisation):
        return build_member(organisation, Role.OWNER)

    def test_several_get_one_role_at_once(self, organisation, owner):
        users = [build_member(organisation, role) for role in (Role.MEMBER, Role.ADMIN)]
        already = build_member(organisation, Role.SCORER)
        user_ids = [user.pk for user in [*users, already]]

        changed = change_roles(
            organisation=organisation, user_ids=user_ids, role=Role.SCORER, actor=owner
        )

        assert {member.user_id: member.role for member in changed} == dict.fromkeys(
            user_ids, Role.SCORER
        )
        assert roles(organisation) == {owner.pk: "owner", **dict.fromkeys(user_ids, "scorer")}
        assert [subject for _, subject, _ in trail(organisation)] == users

    def test_several_are_removed_at_once(self, organisation, owner):
        user_ids = [build_member(organisation).pk for _ in range(3)]

        remove_members(organisation=organisation, user_ids=user_ids, actor=owner)

        assert roles(organisation) == {owner.pk: "owner"}

    def test_one_who_is_no_member_stops_all_and_is_named(self, organisation, owner):
        user, stranger, nobody = build_member(organisation), build_user().pk, uuid4()
        chosen = {"organisation": organisation, "user_ids": [user.pk, stranger, nobody]}

        with pytest.raises(NotMemberError) as refusal:
            change_roles(**chosen, role=Role.ADMIN, actor=owner)
        with pytest.raises(NotMemberError):
            remove_members(**chosen, actor=owner)

        assert refusal.value.details == {"user_ids": [stranger, nobody]}
        assert roles(organisation)[user.pk] == "member"
        assert trail(organisation) == []

    def test_one_owner_among_them_stops_an_admin_and_is_named(self, organisation, owner):
        admin, user = build_member(organisation, Role.ADMIN), build_member(organisation)
        chosen = {"organisation": organisation, "user_ids": [user.pk, owner.pk], "actor": admin}

        with pytest.raises(ForbiddenError) as refusal:
            change_roles(**chosen, role=Role.SCORER)
        with pytest.raises(ForbiddenError):
            remove_members(**chosen)

        assert refusal.value.details == {"user_ids": [owner.pk]}
        assert roles(organisation)[user.pk] == "member"

    def test_all_owners_together_are_the_last_and_are_named(self, organisation, owner):
        other, user = build_member(organisation, Role.OWNER), build_member(organisation)
        chosen = {"organisation": organisation, "user_ids": [owner.pk, user.pk, other.pk]}

        with pytest.raises(LastOwnerError) as refusal:
            change_roles(**chosen, role=Role.ADMIN, actor=owner)
        with pytest.raises(LastOwnerError):
            remove_members(**chosen, actor=owner)

        assert set(refusal.value.details["user_ids"]) == {owner.pk, other.pk}
        assert roles(organisation)[user.pk] == "member"

    def test_who_manages_nobody_is_not_told_who_is_a_member(self, organisation, owner):
        member, stranger = build_member(organisation), build_user()

        with pytest.raises(ForbiddenError) as refusal:
            remove_members(
                organisation=organisation,
                user_ids=[member.pk, owner.pk, stranger.pk],
                actor=member,
            )

        assert refusal.value.details == {"user_ids": [owner.pk, stranger.pk]}

    def test_queries_beside_the_trail_do_not_grow(
        self, organisation, owner, django_assert_num_queries
    ):
        def chosen(count):
            return [build_member(organisation).pk for _ in range(count)]

        for count in (1, 10):
            users = chosen(count)
            said = {"organisation": organisation, "user_ids": users, "actor": owner}
            with django_assert_num_queries(6 + count):
                change_roles(**said, role=Role.SCORER)


class TestRaces:
    pytestmark = [
        pytest.mark.postgres,
        pytest.mark.django_db(transaction=True),
        pytest.mark.skipif(connection.vendor != "postgresql", reason="needs concurrent writers"),
    ]

    @pytest.mark.parametrize("round_", range(5))
    def test_two_owners_who_demote_each_other_do_not_both_fall(self, round_):
        organisation = build_organisation()
        one, two = (build_member(organisation, Role.OWNER) for _ in range(2))

        def demote(user, actor):
            return lambda: change_role(
                organisation=organisation, user=user, role=Role.MEMBER, actor=actor
            )

        answers = side_by_side(demote(one, two), demote(two, one))

        assert sorted(type(answer).__name__ for answer in answers) == [
            "ForbiddenError",
            "Membership",
        ]
        assert sorted(roles(organisation).values()) == ["member", "owner"]

    @pytest.mark.parametrize("round_", range(5))
    def test_owners_who_leave_together_leave_one_behind(self, round_):
        organisation = build_organisation()
        owners = [build_member(organisation, Role.OWNER) for _ in range(4)]

        answers = side_by_side(
            *[
                lambda owner=owner: remove_member(
                    organisation=organisation, user=owner, actor=owner
                )
                for owner in owners
            ]
        )

        assert [isinstance(answer, LastOwnerError) for answer in answers].count(True) == 1
        assert list(roles(organisation).values()) == ["owner"]

    def test_person_added_twice_at_once_is_a_member_once(self):
        organisation, user = build_organisation(), build_user()

        def add():
            return add_member(organisation=organisation, user=user, role=Role.SCORER)

        assert len(set(side_by_side(add, add, add))) == 1
        assert organisation.memberships.count() == 1
