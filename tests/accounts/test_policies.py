import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from accounts import policies
from accounts.models import Role
from tests.factories import build_member, build_organisation, build_session, build_user

pytestmark = pytest.mark.django_db

# Who, and whether they may manage, score, read, give the role of a scorer, give that of an owner.
TABLE = {
    "owner": (True, True, True, True, True),
    "admin": (True, True, True, True, False),
    "scorer": (False, True, True, False, False),
    "member": (False, False, True, False, False),
    "owner of another organisation": (False, False, False, False, False),
    "nobody's member": (False, False, False, False, False),
    "superuser": (True, True, True, True, True),
    "disabled owner": (False, False, False, False, False),
    "disabled superuser": (False, False, False, False, False),
    "staff": (False, False, False, False, False),
    "staff who may change memberships": (False, False, False, False, False),
    "stranger": (False, False, False, False, False),
}


def person(kind, organisation):
    if kind in Role.values:
        return build_member(organisation, Role(kind))
    builders = {
        "owner of another organisation": lambda: build_member(build_organisation(), Role.OWNER),
        "nobody's member": build_user,
        "superuser": lambda: build_user(is_superuser=True),
        "disabled owner": lambda: build_member(organisation, Role.OWNER, is_active=False),
        "disabled superuser": lambda: build_user(is_superuser=True, is_active=False),
        "staff": lambda: build_user(is_staff=True),
        "staff who may change memberships": lambda: with_permission("change_membership"),
        "stranger": AnonymousUser,
    }
    return builders[kind]()


def with_permission(codename, **fields):
    user = build_user(**{"is_staff": True, **fields})
    user.user_permissions.add(
        Permission.objects.get(codename=codename, content_type__app_label="accounts")
    )
    return user


@pytest.mark.parametrize(("kind", "expected"), TABLE.items(), ids=TABLE)
def test_role_decides_what_somebody_may_do_in_an_organisation(kind, expected):
    organisation = build_organisation()
    user = person(kind, organisation)

    assert expected == (
        policies.can_manage(user, organisation.pk),
        policies.can_score(user, organisation.pk),
        policies.is_member(user, organisation.pk),
        policies.can_give_role(user, organisation.pk, Role.SCORER),
        policies.can_give_role(user, organisation.pk, Role.OWNER),
    )


def test_sessions_are_ended_by_their_user_and_by_superusers():
    session = build_session()

    assert policies.can_end_session(session.user, session)
    assert policies.can_end_session(build_user(is_staff=True, is_superuser=True), session)
    assert not policies.can_end_session(build_user(is_superuser=True, is_active=False), session)
    assert not policies.can_end_session(with_permission("change_devicesession"), session)


def test_account_of_a_superuser_is_changed_by_superusers_only():
    superuser = build_user(is_staff=True, is_superuser=True)
    staff = with_permission("change_user")

    assert policies.can_change_account(superuser, build_user(is_superuser=True))
    assert policies.can_change_account(superuser, build_user())
    assert policies.can_change_account(staff, build_user())
    assert not policies.can_change_account(staff, superuser)
    assert not policies.can_change_account(build_user(is_staff=True), build_user())
    assert not policies.can_change_account(
        build_user(is_superuser=True, is_active=False), superuser
    )


def test_organisations_are_visible_to_their_members_and_superusers():
    organisation = build_organisation()
    build_organisation()
    visible_to = type(organisation).objects.visible_to

    assert list(visible_to(build_member(organisation))) == [organisation]
    assert visible_to(build_user(is_superuser=True)).count() == 2
    assert not visible_to(build_user()).exists()
    assert not visible_to(AnonymousUser()).exists()
