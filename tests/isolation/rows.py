"""Which models belong to an organisation, and a row of any of them, found out from the models.

So a model that is added tomorrow is looked at as well, without anybody remembering to list it.
"""

from itertools import count
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Membership, Organisation, Role, User
from tests import factories

_numbers = count(1)

OURS = [
    model
    for config in apps.get_app_configs()
    if Path(config.path).parent == Path(settings.BASE_DIR)
    for model in config.get_models()
]


def references(model):
    """Its foreign keys, but not those to people, who belong to no organisation alone."""
    for field in model._meta.concrete_fields:
        if field.many_to_one and field.related_model is not User:
            yield field


def _owned():
    found = {Organisation}
    while True:
        more = {
            model
            for model in set(OURS) - found
            if any(field.related_model in found for field in references(model))
        }
        if not more:
            return found
        found |= more


# What belongs to an organisation, directly or through its parent, in a settled order.
OWNED = sorted(_owned() - {Organisation}, key=lambda model: model._meta.label)


def ways(model):
    """Its references that lead to an organisation."""
    return [
        field
        for field in references(model)
        if field.related_model is Organisation or field.related_model in OWNED
    ]


def build(model, organisation, **values):
    """A row of that organisation with every reference set, each to a row of its own."""
    leader = None
    for field in model._meta.concrete_fields:
        if field.name in values or field.primary_key:
            continue
        if not field.is_relation:
            if not (field.null or field.blank or field.has_default()):
                values[field.name] = _value(field)
        elif field.related_model is model:
            leader = field
        elif (row := _referred(field, organisation)) is not None:
            values[field.name] = row
    row = model._default_manager.create(**values)
    if leader is None:
        return row
    # What follows a row of its own kind is a second one beside it.
    numbered = {
        name: _value(model._meta.get_field(name))
        for name, value in values.items()
        if isinstance(value, int | str)
    }
    return model._default_manager.create(**values | numbered, **{leader.name: row})


def owner_of(organisation):
    owners = Membership.objects.filter(organisation=organisation, role=Role.OWNER)
    found = owners.select_related("user").first()
    return found.user if found else factories.build_member(organisation, Role.OWNER)


def _referred(field, organisation):
    if field.related_model is Organisation:
        return organisation
    if field.related_model is User:
        return None if field.null else factories.build_user()
    if field.related_model in OWNED:
        return build(field.related_model, organisation)
    return None if field.null else field.related_model._default_manager.first()


def _value(field):
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.now().date()
    if isinstance(field, models.JSONField):
        return {}
    number = next(_numbers)
    return number if isinstance(field, models.IntegerField) else _text(field, number)


def _text(field, number):
    if isinstance(field, models.EmailField):
        return f"row{number}@example.org"
    return f"row {number}"[-(field.max_length or 20) :]
