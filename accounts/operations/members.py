"""Who belongs to an organisation, and as what.

`actor` is the person who acts and whose role is checked; None is the operator at the command line
of the server, who needs none. Nothing here leaves an organisation without an
owner who can sign in.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from accounts.errors import AlreadyMemberError, LastOwnerError, NotMemberError
from accounts.models import Membership, Organisation, Role, User
from accounts.operations.audit import record_audit
from accounts.operations.organisations import locked_organisation
from accounts.policies import roles_to_give
from core.errors import ForbiddenError


@transaction.atomic
def add_member(
    *, organisation: Organisation, user: User, role: Role, actor: User | None = None
) -> Membership:
    """Give a person a role; again with the same role returns the membership there is.

    Raises AlreadyMemberError when the person has another role: `change_role` is for that.
    """
    organisation = locked_organisation(organisation)
    if role not in _givable(actor, organisation):
        raise ForbiddenError
    membership, created = Membership.objects.get_or_create(
        organisation=organisation, user=user, defaults={"role": role}
    )
    if not created and membership.role != role:
        raise AlreadyMemberError(role=membership.role)
    if created:
        record_audit(
            action="member_added", actor=actor, organisation=organisation, subject=user, role=role
        )
    return membership


@transaction.atomic
def change_role(
    *, organisation: Organisation, user: User, role: Role, actor: User | None = None
) -> Membership:
    """Give a member another role; raises as `change_roles`."""
    return change_roles(organisation=organisation, user_ids=[user.pk], role=role, actor=actor)[0]


@transaction.atomic
def change_roles(
    *,
    organisation: Organisation,
    user_ids: Collection[UUID],
    role: Role,
    actor: User | None = None,
) -> list[Membership]:
    """Give several members one role, all of them or none; returns their memberships.

    Each refusal names the people it is about: ForbiddenError for those whose role is not the
    actor's to change, NotMemberError, and LastOwnerError when no owner would remain.
    """
    organisation = locked_organisation(organisation)
    givable = _givable(actor, organisation)
    if role not in givable:
        raise ForbiddenError
    members = _members(organisation, user_ids, givable)
    changing = [member for member in members if member.role != role]
    if role != Role.OWNER:
        _check_owner_remains(organisation, changing)
    for member in changing:
        record_audit(
            action="role_changed",
            actor=actor,
            organisation=organisation,
            subject=member.user_id,
            before=member.role,
            after=role,
        )
        member.role = role
    Membership.objects.bulk_update(changing, ["role"])
    return members


@transaction.atomic
def remove_member(*, organisation: Organisation, user: User, actor: User | None = None) -> None:
    """End a membership; everybody may end their own. Raises as `remove_members`."""
    remove_members(organisation=organisation, user_ids=[user.pk], actor=actor)


@transaction.atomic
def remove_members(
    *, organisation: Organisation, user_ids: Collection[UUID], actor: User | None = None
) -> None:
    """End the memberships of several people, all of them or none; refuses as `change_roles`."""
    organisation = locked_organisation(organisation)
    own = actor.pk if actor else None
    members = _members(organisation, user_ids, _givable(actor, organisation), own=own)
    _check_owner_remains(organisation, members)
    for member in members:
        record_audit(
            action="member_left" if member.user_id == own else "member_removed",
            actor=actor,
            organisation=organisation,
            subject=member.user_id,
            role=member.role,
        )
    Membership.objects.filter(pk__in=[member.pk for member in members]).delete()


def _givable(actor: User | None, organisation: Organisation) -> frozenset[Role]:
    return roles_to_give(actor, organisation.pk) if actor else frozenset(Role)


def _members(
    organisation: Organisation,
    user_ids: Collection[UUID],
    givable: frozenset[Role],
    own: UUID | None = None,
) -> list[Membership]:
    """The memberships of all these people, if each is the actor's to change, or their `own`."""
    found = {
        member.user_id: member
        for member in Membership.objects.filter(organisation=organisation, user_id__in=user_ids)
        .select_related("user")
        .order_by("pk")
    }
    others = {user_id: found.get(user_id) for user_id in user_ids if user_id != own}
    # Who manages nobody is not told who is a member, either.
    refused = [
        user_id
        for user_id, member in others.items()
        if not givable or (member and member.role not in givable)
    ]
    if refused:
        raise ForbiddenError(user_ids=refused)
    if missing := [user_id for user_id in user_ids if user_id not in found]:
        raise NotMemberError(user_ids=missing)
    return list(found.values())


def _check_owner_remains(organisation: Organisation, leaving: Collection[Membership]) -> None:
    owners = [member for member in leaving if member.role == Role.OWNER]
    if not owners:
        return
    remaining = Membership.objects.filter(
        organisation=organisation, role=Role.OWNER, user__is_active=True
    ).exclude(pk__in=[owner.pk for owner in owners])
    if not remaining.exists():
        raise LastOwnerError(user_ids=[owner.user_id for owner in owners])
