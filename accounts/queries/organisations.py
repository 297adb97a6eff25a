"""Organisations: who is in them, and what hangs on them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import CASCADE, ForeignObjectRel, QuerySet

from accounts.models import Membership, Organisation
from core.errors import NotFoundError


def rows_of(organisation: Organisation) -> Iterator[tuple[str, QuerySet[Any]]]:
    """What goes with an organisation, by the plural name of its kind, whichever app it is of.

    The relations tell: this app knows none of those that are built on it.
    """
    for relation in Organisation._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.on_delete is CASCADE:
            kind = str(relation.related_model._meta.verbose_name_plural).replace(" ", "_")
            rows = relation.related_model._base_manager
            yield kind, rows.filter(**{relation.field.name: organisation})


def what_goes_with(organisation: Organisation) -> dict[str, int]:
    """How many rows of each kind a deletion takes along, in one query a kind."""
    counts = {kind: rows.count() for kind, rows in rows_of(organisation)}
    return {kind: count for kind, count in sorted(counts.items()) if count}


def member_of(organisation_id: UUID, user_id: UUID) -> Membership:
    """The membership with its person; NotFoundError when there is none."""
    memberships = Membership.objects.select_related("user", "organisation")
    found = memberships.filter(organisation_id=organisation_id, user_id=user_id).first()
    if found is None:
        raise NotFoundError
    return found
