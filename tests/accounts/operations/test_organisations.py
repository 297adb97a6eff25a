from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.errors import AlreadyMemberError, LastOwnerError, NotMemberError
from accounts.models import Membership, NamePolicy, Organisation, Role
from accounts.operations import add_member, change_role, create_organisation, remove_member
from accounts.queries import role_in
from core.errors import ForbiddenError
from tests.factories import build_member, build_organisation, build_user

pytestmark = pytest.mark.django_db


def test_founder_is_the_first_owner():
    founder = build_user()

    organisation = create_organisation(name="Riverside Juniors", owner=founder)

    assert (organisation.name, organisation.slug) == ("Riverside Juniors", "riverside-juniors")
    assert organisation.name_policy == NamePolicy.NUMBER
    assert role_in(founder, organisation.pk) == Role.OWNER


def test_founder_chooses_what_viewers_learn_of_names():
    organisation = create_organisation(
        name="Seniors", owner=build_user(), name_policy=NamePolicy.INITIALS
    )

    organisation.refresh_from_db()
    assert organisation.name_policy == NamePolicy.INITIALS


@pytest.mark.parametrize(
    ("name", "start"),
    [("Riverside", "riverside-"), ("東京", "organisation-"), ("x" * 120, "x" * 50 + "-")],
)
def test_two_organisations_of_one_name_have_two_slugs(name, start):
    first = create_organisation(name=name, owner=build_user())
    second = create_organisation(name=name, owner=build_user())

    assert first.slug == start.rstrip("-")
    assert second.slug.startswith(start)
    assert len(second.slug) == len(start) + 8


def test_disabled_user_founds_nothing():
    with pytest.raises(ForbiddenError):
        create_organisation(name="Riverside", owner=build_user(is_active=False))

    assert not Organisation.objects.exists()


def test_member_is_added_once():
    organisation, user = build_organisation(), build_user()

    first = add_member(organisation=organisation, user=user, role=Role.SCORER)
    again = add_member(organisation=organisation, user=user, role=Role.SCORER)

    assert first == again
    assert first.role == Role.SCORER
    assert organisation.memberships.count() == 1


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
    ("admin", "gone -> scorer", True),
    ("admin", "gone -> admin", True),
    ("admin", "gone -> owner", False),
    ("admin", "member -> scorer", True),
    ("admin", "scorer -> gone", True),
    ("admin", "member -> owner", False),
    ("admin", "owner -> member", False),
    ("admin", "owner -> gone", False),
    ("scorer", "gone -> member", False),
    ("scorer", "member -> scorer", False),
    ("scorer", "member -> gone", False),
    ("member", "gone -> member", False),
    ("nobody", "gone -> member", False),
    ("nobody", "member -> gone", False),
    ("superuser", "owner -> gone", True),
    ("operator", "member -> owner", True),
    ("operator", "gone -> owner", True),
]


def change(organisation, user, before, after, actor):
    if before is None:
        add_member(organisation=organisation, user=user, role=after, actor=actor)
    elif after is None:
        remove_member(organisation=organisation, user=user, actor=actor)
    else:
        change_role(organisation=organisation, user=user, role=after, actor=actor)


@pytest.mark.parametrize(("kind", "what", "allowed"), CHANGES)
def test_roles_are_given_and_taken_by_those_above(kind, what, allowed):
    before, after = (None if role == "gone" else Role(role) for role in what.split(" -> "))
    organisation = build_organisation()
    build_member(organisation, Role.OWNER)
    user = build_member(organisation, before) if before else build_user()
    actor = {
        "nobody": build_user,
        "superuser": lambda: build_user(is_superuser=True),
        "operator": lambda: None,
    }.get(kind, lambda: build_member(organisation, Role(kind)))()

    if allowed:
        change(organisation, user, before, after, actor)
    else:
        with pytest.raises(ForbiddenError):
            change(organisation, user, before, after, actor)

    assert role_in(user, organisation.pk) == (after if allowed else before)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SCORER, Role.MEMBER])
def test_everybody_may_leave(role):
    organisation = build_organisation()
    user = build_member(organisation, role)

    remove_member(organisation=organisation, user=user, actor=user)

    assert role_in(user, organisation.pk) is None


def test_last_owner_stays():
    organisation = build_organisation()
    owner = build_member(organisation, Role.OWNER)
    build_member(organisation, Role.ADMIN)
    build_member(organisation, Role.OWNER, is_active=False)

    with pytest.raises(LastOwnerError):
        remove_member(organisation=organisation, user=owner, actor=owner)
    with pytest.raises(LastOwnerError):
        change_role(organisation=organisation, user=owner, role=Role.ADMIN, actor=owner)

    assert role_in(owner, organisation.pk) == Role.OWNER


def test_same_role_again_changes_nothing_even_for_the_last_owner():
    organisation = build_organisation()
    owner = build_member(organisation, Role.OWNER)

    membership = change_role(organisation=organisation, user=owner, role=Role.OWNER, actor=owner)

    assert membership.role == Role.OWNER


def test_who_is_no_member_can_be_neither_changed_nor_removed():
    organisation, user = build_organisation(), build_user()

    with pytest.raises(NotMemberError):
        change_role(organisation=organisation, user=user, role=Role.ADMIN)
    with pytest.raises(NotMemberError):
        remove_member(organisation=organisation, user=user)


def test_membership_reads_as_a_sentence():
    organisation = build_organisation(name="Riverside")
    user = build_member(organisation, Role.SCORER, username="robin")

    assert str(Membership.objects.get(user=user)) == "robin is scorer of Riverside"


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_the_same_moment_do_not_both_go():
    organisation = build_organisation()
    owners = [build_member(organisation, Role.OWNER) for _ in range(2)]
    barrier = Barrier(2)

    def leave(owner):
        barrier.wait(timeout=10)
        try:
            remove_member(organisation=organisation, user=owner, actor=owner)
        except LastOwnerError:
            return "stays"
        finally:
            connection.close()
        return "gone"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(leave, owners)) == ["gone", "stays"]

    assert organisation.memberships.filter(role=Role.OWNER).count() == 1
