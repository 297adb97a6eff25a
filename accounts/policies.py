"""What a person may do in an organisation; `actor` is always the one who acts."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from accounts.models import MANAGERS, DeviceSession, Invitation, Role, User
from accounts.queries import role_in

SCORERS = MANAGERS | {Role.SCORER}


def can_manage(user: User | AnonymousUser, organisation_id: UUID) -> bool:
    """Teams, matches, tournaments, members: owners, admins and the platform's superusers."""
    return _has_role(user, organisation_id, MANAGERS)


def can_score(user: User | AnonymousUser, organisation_id: UUID) -> bool:
    """Log what happens in a match: everyone who manages, and scorers."""
    return _has_role(user, organisation_id, SCORERS)


def is_member(user: User | AnonymousUser, organisation_id: UUID) -> bool:
    """Read what is not public."""
    return _has_role(user, organisation_id, frozenset(Role))


def can_give_role(user: User | AnonymousUser, organisation_id: UUID, role: Role) -> bool:
    """Admins manage members but not owners; only an owner makes or unmakes an owner."""
    return role in roles_to_give(user, organisation_id)


def roles_to_give(user: User | AnonymousUser, organisation_id: UUID) -> frozenset[Role]:
    """The roles that somebody may give and take there."""
    if not user.is_active:
        return frozenset()
    role = Role.OWNER if user.is_superuser else role_in(user, organisation_id)
    if role == Role.OWNER:
        return frozenset(Role)
    return frozenset(Role) - {Role.OWNER} if role in MANAGERS else frozenset()


def can_add_anybody(user: User) -> bool:
    """Only superusers make somebody a member by id: others invite, and the person decides."""
    return user.is_active and user.is_superuser


def can_delete_organisation(user: User, organisation_id: UUID) -> bool:
    return _has_role(user, organisation_id, frozenset({Role.OWNER}))


def can_accept(invitation: Invitation) -> bool:
    """Whether who sent it could still give that role: an invitation outlives no one's rights."""
    sender = invitation.invited_by
    return sender is not None and can_give_role(
        sender, invitation.organisation_id, Role(invitation.role)
    )


def can_end_session(user: User, session: DeviceSession) -> bool:
    """One's own sessions; superusers, anybody's."""
    return user.is_active and (session.user_id == user.pk or user.is_superuser)


def can_change_account(actor: User, user: User) -> bool:
    """Staff with the permission; a superuser's account only another superuser."""
    if user.is_superuser:
        return actor.is_active and actor.is_superuser
    return _is_staff_with(actor, "accounts.change_user")


def can_change_platform(actor: User) -> bool:
    """Make accounts, and say what they are on the whole platform."""
    return actor.is_active and actor.is_superuser


def can_erase_account(actor: User, user: User) -> bool:
    """One's own; superusers, anybody's."""
    return actor.is_active and (actor == user or actor.is_superuser)


def _is_staff_with(user: User, permission: str) -> bool:
    return (user.is_staff or user.is_superuser) and user.has_perm(permission)


def _has_role(user: User | AnonymousUser, organisation_id: UUID, roles: frozenset[Role]) -> bool:
    if not user.is_active:
        return False
    return user.is_superuser or role_in(user, organisation_id) in roles
