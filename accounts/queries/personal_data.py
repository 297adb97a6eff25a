"""All that the database holds of one person, found by following what refers to their row.

The relations tell, so what an app built later keeps of people is found without being named here.
What goes with the person's row (CASCADE) is theirs; what only refers to it (SET NULL) belongs to
others, who keep it without the reference. What refers to a person in words is in `traces`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.apps import apps
from django.db.models import CASCADE, ForeignKey, Model

SCHEMA: Final = "touchline.person/1"
# Words in the name of a field whose value opens something.
_SECRETS: Final = frozenset({"password", "token", "hash", "secret", "key"})

Rows: TypeAlias = dict[type[Model], list[Model]]
Relation: TypeAlias = "ForeignKey[Any, Any]"


def relations_to(model: type[Model]) -> list[Relation]:
    """Every foreign key of any app that leads to this model, those of tables that join, too.

    In the order in which the apps define their models: what others hang on comes first.
    """
    return [
        field
        for other in apps.get_models(include_auto_created=True)
        if not other._meta.proxy
        for field in other._meta.local_fields
        if isinstance(field, ForeignKey) and field.related_model._meta.concrete_model is model
    ]


def owned_rows(person: Model) -> Rows:
    """The person's row and, model by model, all that goes when it goes, each in a fixed order."""
    found: dict[type[Model], dict[Any, Model]] = {type(person): {person.pk: person}}
    waiting: list[tuple[type[Model], list[Any]]] = [(type(person), [person.pk])]
    while waiting:
        model, keys = waiting.pop(0)
        for relation in relations_to(model):
            if relation.remote_field.on_delete is not CASCADE:
                continue
            known = found.setdefault(relation.model, {})
            new = {row.pk: row for row in _referring(relation, keys) if row.pk not in known}
            known.update(new)
            if new:
                waiting.append((relation.model, list(new)))
    return {model: list(rows.values()) for model, rows in found.items() if rows}


def references_to(owned: Rows) -> dict[str, list[Any]]:
    """The keys of the rows that stay when these go, by what refers: `matches.Match.created_by`."""
    references = {
        _name_of(relation): [row.pk for row in _referring(relation, _keys(rows))]
        for model, rows in owned.items()
        for relation in relations_to(model)
        if relation.remote_field.on_delete is not CASCADE
    }
    return {name: keys for name, keys in sorted(references.items()) if keys}


def ids_of(rows: Iterable[Model]) -> set[str]:
    """The ids by which other rows may name these in words; a mere number names nothing."""
    return {str(row.pk) for row in rows if isinstance(row.pk, UUID)}


def counts_of(owned: Rows, person: Model) -> dict[str, int]:
    """How many rows of each kind go with the person's own."""
    counts = {
        str(model._meta.verbose_name_plural).replace(" ", "_"): len(rows)
        for model, rows in owned.items()
        if model is not type(person)
    }
    return dict(sorted(counts.items()))


def fields_of(row: Model) -> dict[str, Any]:
    """Every column but secrets: an export lies about, and must open nothing."""
    return {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not _SECRETS & set(field.name.split("_"))
    }


def personal_document(
    person: Model, owned: Rows, mentions: Mapping[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """The export of one person; `mentions` are rows of others, by model, that are about them."""
    rows = {
        model._meta.label: [fields_of(row) for row in theirs]
        for model, theirs in owned.items()
        if model is not type(person)
    }
    return {
        "schema": SCHEMA,
        "person": {"kind": type(person)._meta.model_name, **fields_of(person)},
        "rows": dict(sorted(rows.items())),
        "references": {
            name: {"count": len(keys), "ids": keys} for name, keys in references_to(owned).items()
        },
        "mentions": {label: found for label, found in sorted(mentions.items()) if found},
    }


def _referring(relation: Relation, keys: list[Any]) -> Iterator[Model]:
    # The base manager: no manager of an app may hide rows from a person's own data.
    rows = relation.model._base_manager.filter(**{f"{relation.name}__in": keys})
    yield from rows.order_by("pk")


def _keys(rows: Iterable[Model]) -> list[Any]:
    return [row.pk for row in rows]


def _name_of(relation: Relation) -> str:
    return f"{relation.model._meta.label}.{relation.name}"
