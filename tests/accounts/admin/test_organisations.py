import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.models import Membership, Organisation, Role
from accounts.queries import role_in
from tests.accounts.admin.test_pages import staff_with
from tests.accounts.admin.test_people import messages_of, run_action
from tests.factories import build_member, build_organisation, build_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_client(client):
    client.force_login(build_user(is_staff=True, is_superuser=True))
    return client


def save_organisation(client, organisation, *rows):
    """Post the page of an organisation with these (membership or user, role or "delete") rows."""
    existing = [row for row in rows if isinstance(row[0], Membership)]
    new = [row for row in rows if not isinstance(row[0], Membership)]
    data = {
        "name": organisation.name,
        "slug": organisation.slug,
        "name_policy": organisation.name_policy,
        "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": len(existing),
    }
    for index, (row, role) in enumerate([*existing, *new]):
        prefix = f"memberships-{index}-"
        data[prefix + "organisation"] = str(organisation.pk)
        if isinstance(row, Membership):
            data |= {prefix + "id": str(row.pk), prefix + "role": row.role}
            data |= {prefix + "DELETE": "on"} if role == "delete" else {prefix + "role": role}
        else:
            data |= {prefix + "user": str(row.pk), prefix + "role": role}
    page = reverse("admin:accounts_organisation_change", args=[organisation.pk])
    return client.post(page, data, follow=True)


def membership_of(user):
    return Membership.objects.get(user=user)


def test_organisation_is_founded_for_its_owner(staff_client):
    owner = build_user()

    answer = staff_client.post(
        reverse("admin:accounts_organisation_add"),
        {"name": "Riverside Juniors", "name_policy": "initials", "owner": str(owner.pk)},
        follow=True,
    )

    organisation = Organisation.objects.get()
    assert answer.status_code == 200
    assert (organisation.slug, organisation.name_policy) == ("riverside-juniors", "initials")
    assert role_in(owner, organisation.pk) == Role.OWNER


def test_page_for_a_new_organisation_asks_for_the_owner(staff_client):
    answer = staff_client.get(reverse("admin:accounts_organisation_add"))

    assert set(answer.context["adminform"].form.fields) == {"name", "name_policy", "owner"}


def test_organisation_without_an_owner_is_not_founded(staff_client):
    answer = staff_client.post(
        reverse("admin:accounts_organisation_add"),
        {"name": "Riverside", "name_policy": "number", "owner": ""},
    )

    assert answer.status_code == 200
    assert not Organisation.objects.exists()


def test_members_are_added_changed_and_removed_on_the_page(staff_client):
    organisation = build_organisation()
    build_member(organisation, Role.OWNER)
    scorer, leaver = (build_member(organisation, Role.SCORER) for _ in range(2))
    newcomer = build_user()

    save_organisation(
        staff_client,
        organisation,
        (membership_of(scorer), "admin"),
        (membership_of(leaver), "delete"),
        (newcomer, "scorer"),
    )

    assert role_in(scorer, organisation.pk) == Role.ADMIN
    assert role_in(leaver, organisation.pk) is None
    assert role_in(newcomer, organisation.pk) == Role.SCORER


def test_only_owner_can_hand_over_in_one_step(staff_client):
    organisation = build_organisation()
    leaver, heir = build_member(organisation, Role.OWNER), build_member(organisation)

    save_organisation(
        staff_client,
        organisation,
        (membership_of(leaver), "delete"),
        (membership_of(heir), "owner"),
    )

    assert role_in(leaver, organisation.pk) is None
    assert role_in(heir, organisation.pk) == Role.OWNER


@pytest.mark.parametrize("change", ["delete", "member"])
def test_last_owner_stays_and_nothing_else_is_saved(staff_client, change):
    organisation = build_organisation()
    owner, newcomer = build_member(organisation, Role.OWNER), build_user()

    answer = save_organisation(
        staff_client, organisation, (membership_of(owner), change), (newcomer, "scorer")
    )

    assert messages_of(answer) == ["An organisation keeps at least one owner."]
    assert role_in(owner, organisation.pk) == Role.OWNER
    assert role_in(newcomer, organisation.pk) is None


def test_membership_keeps_its_person(staff_client):
    organisation = build_organisation()
    user, other = build_member(organisation), build_user()
    membership = membership_of(user)

    staff_client.post(
        reverse("admin:accounts_membership_change", args=[membership.pk]),
        {"user": str(other.pk), "organisation": str(organisation.pk), "role": "scorer"},
    )

    membership.refresh_from_db()
    assert (membership.user, membership.role) == (user, Role.SCORER)


def test_membership_is_added_on_a_page_of_its_own(staff_client):
    organisation, user = build_organisation(), build_user()

    answer = staff_client.post(
        reverse("admin:accounts_membership_add"),
        {"user": str(user.pk), "organisation": str(organisation.pk), "role": "admin"},
    )

    assert answer.status_code == 302
    assert role_in(user, organisation.pk) == Role.ADMIN


def test_person_is_a_member_once(staff_client):
    organisation = build_organisation()
    user = build_member(organisation, Role.SCORER)

    answer = staff_client.post(
        reverse("admin:accounts_membership_add"),
        {"user": str(user.pk), "organisation": str(organisation.pk), "role": "admin"},
    )

    assert answer.context["adminform"].form.errors
    assert role_in(user, organisation.pk) == Role.SCORER


def test_membership_is_removed_alone_and_with_others(staff_client):
    organisation = build_organisation()
    build_member(organisation, Role.OWNER)
    first, second, third = (membership_of(build_member(organisation)) for _ in range(3))

    page = reverse("admin:accounts_membership_delete", args=[first.pk])
    staff_client.post(page, {"post": "yes"})
    staff_client.post(
        reverse("admin:accounts_membership_changelist"),
        {
            "action": "delete_selected",
            "_selected_action": [str(second.pk), str(third.pk)],
            "post": "yes",
        },
    )

    assert organisation.memberships.count() == 1


def test_last_owner_is_not_removed_from_any_list(staff_client):
    owner = membership_of(build_member(build_organisation(), Role.OWNER))

    page = reverse("admin:accounts_membership_delete", args=[owner.pk])
    alone = staff_client.post(page, {"post": "yes"}, follow=True)
    listed = staff_client.post(
        reverse("admin:accounts_membership_changelist"),
        {"action": "delete_selected", "_selected_action": [str(owner.pk)], "post": "yes"},
        follow=True,
    )

    for answer in (alone, listed):
        assert "An organisation keeps at least one owner." in messages_of(answer)
    assert Membership.objects.filter(pk=owner.pk).exists()


def test_staff_give_only_roles_that_are_theirs_to_give(client):
    organisation = build_organisation()
    build_member(organisation, Role.OWNER)
    staff = build_member(organisation, Role.ADMIN, is_staff=True)
    membership = membership_of(staff)
    client.force_login(staff)

    answer = client.post(
        reverse("admin:accounts_membership_change", args=[membership.pk]),
        {"role": "owner"},
        follow=True,
    )

    assert messages_of(answer) == ["Your role does not allow this."]
    assert role_in(staff, organisation.pk) == Role.ADMIN


def test_organisation_is_deleted_by_superusers_only(client):
    organisation = build_organisation()
    staff = staff_with("view_organisation", "change_organisation", "delete_organisation")
    organisation.memberships.create(user=staff, role=Role.OWNER)
    client.force_login(staff)

    page = reverse("admin:accounts_organisation_delete", args=[organisation.pk])

    assert client.post(page, {"post": "yes"}).status_code == 403
    assert run_action(client, "organisation", "delete_selected", organisation).status_code == 200
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_refused_removal_of_several_removes_and_logs_none(staff_client):
    organisation = build_organisation()
    owners = [membership_of(build_member(organisation, Role.OWNER)) for _ in range(2)]

    answer = run_action(staff_client, "membership", "delete_selected", *owners, post="yes")

    assert messages_of(answer) == ["An organisation keeps at least one owner."]
    assert organisation.memberships.count() == 2
    assert not LogEntry.objects.exists()
