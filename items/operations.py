"""Pinning, changing and taking down items; `actor` is the person who acts."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from core.errors import ForbiddenError, InvalidInputError, NotFoundError, VersionConflictError
from items.models import Item
from items.policies import can_change, can_post

FIELDS: Final = frozenset({"title", "description", "is_private"})


@transaction.atomic
def create_item(*, actor: User, organisation: Organisation, **fields: Any) -> Item:
    """Raises ForbiddenError for whoever is not a member, InvalidInputError."""
    if not can_post(actor, organisation.pk):
        raise ForbiddenError
    item = Item(organisation=organisation, owner=actor)
    _assign(item, fields)
    item.save()
    return item


@transaction.atomic
def update_item(
    *, item: Item, actor: User, changes: Mapping[str, Any], base_version: int | None = None
) -> Item:
    """Raises ForbiddenError, InvalidInputError, and VersionConflictError when `base_version`
    is stale."""
    item = _locked_for(item, actor, base_version)
    if _assign(item, changes):
        item.version += 1
        item.save()
    return item


@transaction.atomic
def delete_item(*, item: Item, actor: User, base_version: int | None = None) -> None:
    _locked_for(item, actor, base_version).delete()


def _locked_for(item: Item, actor: User, base_version: int | None) -> Item:
    found = Item.objects.select_for_update(no_key=True).filter(pk=item.pk).first()
    if found is None:
        raise NotFoundError
    if not can_change(actor, found):
        raise ForbiddenError
    if base_version is not None and base_version != found.version:
        raise VersionConflictError(current_version=found.version)
    return found


def _assign(item: Item, values: Mapping[str, Any]) -> bool:
    """Set the values if they are valid; whether any of them differs from before."""
    if unknown := values.keys() - FIELDS:
        raise InvalidInputError(**{name: ["This cannot be set."] for name in sorted(unknown)})
    tidied = {name: _tidied(value) for name, value in values.items()}
    changed = [name for name, value in tidied.items() if value != getattr(item, name)]
    for name in changed:
        setattr(item, name, tidied[name])
    try:
        item.clean_fields(exclude={"organisation", "owner"})
    except ValidationError as error:
        raise InvalidInputError(**error.message_dict) from error
    return bool(changed)


def _tidied(value: Any) -> Any:
    """One spelling of a line end, and no blanks around a text."""
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()
