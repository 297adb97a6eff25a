"""Who may do what on a notice board; whether they know of the item is for `visible_to`."""

from uuid import UUID

from accounts.models import User
from accounts.policies import can_manage, is_member
from items.models import Item


def can_post(actor: User, organisation_id: UUID) -> bool:
    return is_member(actor, organisation_id)


def can_read(actor: User, item: Item) -> bool:
    """What `visible_to` asks of the database."""
    return (
        is_member(actor, item.organisation_id) if not item.is_private else can_change(actor, item)
    )


def can_change(actor: User, item: Item) -> bool:
    """Its owner, while they belong to the organisation, and those who manage it."""
    if can_manage(actor, item.organisation_id):
        return True
    return item.owner_id == actor.pk and is_member(actor, item.organisation_id)
