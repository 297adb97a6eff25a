"""Organisations and who belongs to them.

`actor` is the person who acts and whose role is checked; None is the operator at the command line
of the server, who needs none.
"""

import secrets

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.errors import AlreadyMemberError, LastOwnerError, NotMemberError
from accounts.models import Membership, NamePolicy, Organisation, Role, User
from accounts.policies import can_give_role
from core.errors import ForbiddenError


@transaction.atomic
def create_organisation(
    *, name: str, owner: User, name_policy: NamePolicy = NamePolicy.NUMBER
) -> Organisation:
    """Found an organisation; anybody with an active account may, and becomes its first owner."""
    if not owner.is_active:
        raise ForbiddenError
    organisation = _with_free_slug(name=name, name_policy=name_policy)
    Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
    return organisation


@transaction.atomic
def add_member(
    *, organisation: Organisation, user: User, role: Role, actor: User | None = None
) -> Membership:
    """Give a person a role; again with the same role returns the membership there is.

    Raises AlreadyMemberError when the person has another role: `change_role` is for that.
    """
    _lock(organisation)
    _check_may_give(actor, organisation, role)
    membership, created = Membership.objects.get_or_create(
        organisation=organisation, user=user, defaults={"role": role}
    )
    if not created and membership.role != role:
        raise AlreadyMemberError(role=membership.role)
    return membership


@transaction.atomic
def change_role(
    *, organisation: Organisation, user: User, role: Role, actor: User | None = None
) -> Membership:
    """Give a member another role; raises NotMemberError, or LastOwnerError for the only owner."""
    _lock(organisation)
    membership = _membership(organisation, user)
    _check_may_give(actor, organisation, role, Role(membership.role))
    if membership.role == role:
        return membership
    _check_owner_remains(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, organisation: Organisation, user: User, actor: User | None = None) -> None:
    """End a membership; everybody may leave, except the last owner (LastOwnerError)."""
    _lock(organisation)
    membership = _membership(organisation, user)
    if actor != user:
        _check_may_give(actor, organisation, Role(membership.role))
    _check_owner_remains(membership)
    membership.delete()


def _lock(organisation: Organisation) -> None:
    # Two owners who leave at the same moment must not both find the other still there.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _membership(organisation: Organisation, user: User) -> Membership:
    membership = Membership.objects.filter(organisation=organisation, user=user).first()
    if membership is None:
        raise NotMemberError
    return membership


def _check_may_give(actor: User | None, organisation: Organisation, *roles: Role) -> None:
    if actor and not all(can_give_role(actor, organisation.pk, role) for role in roles):
        raise ForbiddenError


def _check_owner_remains(leaving: Membership) -> None:
    if leaving.role != Role.OWNER:
        return
    owners = Membership.objects.filter(
        organisation_id=leaving.organisation_id, role=Role.OWNER, user__is_active=True
    )
    if not owners.exclude(pk=leaving.pk).exists():
        raise LastOwnerError


def _with_free_slug(*, name: str, name_policy: NamePolicy) -> Organisation:
    slug = slugify(name)[:50].strip("-") or "organisation"
    try:
        with transaction.atomic():
            return Organisation.objects.create(name=name, slug=slug, name_policy=name_policy)
    except IntegrityError:
        # Two clubs of one name; asking first whether the slug is free would leave a race.
        slug = f"{slug}-{secrets.token_hex(4)}"
        return Organisation.objects.create(name=name, slug=slug, name_policy=name_policy)
