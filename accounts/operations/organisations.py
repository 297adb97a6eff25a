"""Organisations themselves; who belongs to them is in `members`.

`actor` is the person who acts and whose role is checked; None is the operator at the command line
of the server, who needs none.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.errors import ConfirmationRequiredError, SlugTakenError
from accounts.models import Membership, NamePolicy, Organisation, Role, User
from accounts.operations.audit import record_audit
from accounts.policies import can_delete_organisation, can_manage
from accounts.queries import rows_of, what_goes_with
from core.errors import ForbiddenError, NotFoundError

_before_deletion: list[Callable[[Organisation], None]] = []


def before_deletion(forget: Callable[[Organisation], None]) -> None:
    """Have `forget` called in the transaction that deletes an organisation, while all is there.

    For what no relation shows; once, in `AppConfig.ready` of an app that is built on this one.
    """
    _before_deletion.append(forget)


@transaction.atomic
def create_organisation(
    *,
    name: str,
    owner: User,
    name_policy: NamePolicy = NamePolicy.NUMBER,
    actor: User | None = None,
) -> Organisation:
    """Found an organisation; anybody with an active account may, and becomes its first owner."""
    if not owner.is_active or (actor and actor != owner and not actor.is_superuser):
        raise ForbiddenError
    organisation = _with_free_slug(name=name, name_policy=name_policy)
    Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
    record_audit(
        action="organisation_created", actor=actor, organisation=organisation, subject=owner
    )
    return organisation


@transaction.atomic
def update_organisation(
    *, organisation: Organisation, changes: Mapping[str, Any], actor: User | None = None
) -> Organisation:
    """Change the name, the slug or what viewers learn of names; raises SlugTakenError."""
    organisation = locked_organisation(organisation)
    if actor and not can_manage(actor, organisation.pk):
        raise ForbiddenError
    changed = sorted(
        name for name, value in changes.items() if value != getattr(organisation, name)
    )
    for name in changed:
        setattr(organisation, name, changes[name])
    if changed:
        _save(organisation, changed)
        record_audit(
            action="organisation_changed", actor=actor, organisation=organisation, fields=changed
        )
    return organisation


@transaction.atomic
def delete_organisation(
    *, organisation: Organisation, confirmation: str = "", actor: User | None = None
) -> None:
    """Delete an organisation with all that belongs to it, once its slug confirms that.

    Raises ConfirmationRequiredError, which counts what would go; ForbiddenError for all but owners.
    """
    organisation = locked_organisation(organisation, with_key=True)
    if actor and not can_delete_organisation(actor, organisation.pk):
        raise ForbiddenError
    if confirmation != organisation.slug:
        raise ConfirmationRequiredError(
            confirm=organisation.slug, would_lose=what_goes_with(organisation)
        )
    lost = _lock_rows_of(organisation)
    for forget in _before_deletion:
        forget(organisation)
    key = organisation.pk
    organisation.delete()
    # Written afterwards, because the trail of an organisation loses its reference with it.
    record_audit(
        action="organisation_deleted", actor=actor, target=f"organisation {key}", lost=lost
    )


def locked_organisation(organisation: Organisation, *, with_key: bool = False) -> Organisation:
    """The row as it is now, locked: what happens to its members happens one after another.

    With its key, nothing new can begin to belong to it. NotFoundError when it is gone.
    """
    rows = Organisation.objects.select_for_update(no_key=not with_key)
    found = rows.filter(pk=organisation.pk).first()
    if found is None:
        raise NotFoundError
    return found


def _lock_rows_of(organisation: Organisation) -> dict[str, int]:
    # Whoever writes to a match, say, holds its row: a deletion that did not wait for them would
    # fail for the event they add meanwhile. Not their keys: a writer who holds the match may still
    # refer to a team, and each would wait for the other.
    lost = {}
    for kind, rows in rows_of(organisation):
        locked = rows.select_for_update(no_key=True).order_by("pk")
        lost[kind] = len(locked.values_list("pk"))
    return {kind: count for kind, count in sorted(lost.items()) if count}


def _save(organisation: Organisation, changed: list[str]) -> None:
    try:
        with transaction.atomic():
            organisation.save(update_fields=changed)
    except IntegrityError as error:
        raise SlugTakenError from error


def _with_free_slug(*, name: str, name_policy: NamePolicy) -> Organisation:
    slug = slugify(name)[:50].strip("-") or "organisation"
    try:
        with transaction.atomic():
            return Organisation.objects.create(name=name, slug=slug, name_policy=name_policy)
    except IntegrityError:
        # Two clubs of one name; asking first whether the slug is free would leave a race.
        slug = f"{slug}-{secrets.token_hex(4)}"
        return Organisation.objects.create(name=name, slug=slug, name_policy=name_policy)
