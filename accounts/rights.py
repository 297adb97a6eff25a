"""What a role in an organisation opens in the admin, in one table.

Staff need no permission handed out one by one: `is_staff` lets them in, and their roles say what
they find there. A right holds for the rows of the organisations in which they have that role; the
operations behind the pages ask the policies once more. What is missing here - the feed, tasks,
groups - belongs to the platform, which is the superusers' alone.
"""

from typing import Final
from uuid import UUID

from accounts.models import Membership, Role, User
from accounts.queries import role_in

_EDIT: Final = "view add change delete"

# By the model's label: what owners and admins, what scorers, and what members may do.
TABLE: Final[dict[str, tuple[str, str, str]]] = {
    "accounts.organisation": ("view change", "view", "view"),
    # People become members by an invitation they accept.
    "accounts.membership": ("view change delete", "view", "view"),
    "accounts.invitation": ("view revoke", "", ""),
    "accounts.auditentry": ("view export", "", ""),
    # Of people, those who belong to an organisation one manages; of sessions, one's own.
    "accounts.user": ("view", "", ""),
    "accounts.devicesession": ("view", "view", "view"),
    "items.item": (_EDIT, "view", "view"),
    "matches.season": (_EDIT, "view", "view"),
    "matches.team": (_EDIT, "view", "view"),
    "matches.player": (_EDIT, "view", "view"),
    # Whoever leaves a squad gets a date; the row stays for the matches played meanwhile.
    "matches.squadmembership": ("view add change", "view", "view"),
    "matches.format": ("view", "view", "view"),
    "matches.match": (f"{_EDIT} score", "view score", "view"),
    "matches.matchscorer": ("view add delete", "view", "view"),
    "matches.period": ("view", "view", "view"),
    "matches.lineupplayer": ("view", "view", "view"),
    "matches.matchevent": ("view score", "view score", "view"),
    "matches.eventrevision": ("view", "view", "view"),
    "matches.sharelink": ("view score", "view score", "view"),
}
_COLUMNS: Final = {Role.OWNER: 0, Role.ADMIN: 0, Role.SCORER: 1, Role.MEMBER: 2}


def allows(role: Role, label: str, right: str) -> bool:
    rights = TABLE.get(label)
    return rights is not None and right in rights[_COLUMNS[role]].split()


def permissions_of(user: User) -> frozenset[str]:
    """The names of all that the person's roles open somewhere, as `has_perm` asks for them."""
    if not (user.is_active and user.is_staff):
        return frozenset()
    roles = Membership.objects.filter(user_id=user.pk).order_by().values_list("role", flat=True)
    columns = {_COLUMNS[Role(role)] for role in roles.distinct()}
    return frozenset(
        f"{app}.{right}_{model}"
        for (app, model), rights in ((label.split("."), row) for label, row in TABLE.items())
        for column in columns
        for right in rights[column].split()
    )


def may(user: User, label: str, right: str, organisation_id: UUID) -> bool:
    """Whether the person's role in this organisation opens this; superusers may anything."""
    if not user.is_active or user.is_superuser:
        return user.is_active
    role = role_in(user, organisation_id)
    return role is not None and allows(role, label, right)
