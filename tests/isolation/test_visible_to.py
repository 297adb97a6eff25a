"""Whoever reads rows of organisations starts from those the reader may see."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from tests import factories
from tests.isolation.rows import OURS, OWNED, build, owner_of

pytestmark = pytest.mark.django_db

each_model = pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)

# Where a view begins with all rows of a model, and why that shows nobody anything.
UNNARROWED = {
    ("accounts/views/members.py", "Membership"): "Of an organisation found among the caller's.",
    ("accounts/views/audit.py", "AuditEntry"): "Of an organisation found among the managed.",
    ("accounts/views/invitations.py", "Invitation"): "Of an organisation found among the managed.",
    ("items/views.py", "Item"): "On the caller's boards, where a private item is 403 and not 404.",
}


@each_model
def test_everybody_sees_the_rows_of_their_own_organisation(model):
    factories.build_format()
    ours, theirs = (build(model, factories.build_organisation()) for _ in range(2))
    rows = model.objects.filter(pk__in=[ours.pk, theirs.pk])

    def seen(user):
        return set(rows.filter(pk__in=model.objects.visible_to(user).values("pk")))

    assert seen(owner_of(organisation_of(ours))) == {ours}
    assert seen(factories.build_member(factories.build_organisation())) == set()
    assert seen(factories.build_user()) == set()
    assert seen(AnonymousUser()) == set()
    assert seen(factories.build_user(is_superuser=True)) == {ours, theirs}


def organisation_of(row):
    from_path = getattr(type(row).objects.all(), "owner_path", "organisation")
    for name in from_path.split("__"):
        row = getattr(row, name)
    return row


def beginnings(tree):
    """Model and first verb of every `Model.objects.verb` in a module."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=verb, value=ast.Attribute(attr="objects", value=ast.Name(id))):
                yield id, verb


def view_modules():
    for app in {model.__module__.partition(".")[0] for model in OURS}:
        base = Path(settings.BASE_DIR) / app
        yield from [*base.glob("views.py"), *base.glob("views/**/*.py")]


def test_views_begin_with_what_the_caller_may_see():
    names = {model.__name__ for model in OWNED} | {"Organisation", "User"}
    found = {
        (str(path.relative_to(settings.BASE_DIR)), model)
        for path in view_modules()
        for model, verb in beginnings(ast.parse(path.read_text()))
        if model in names and verb != "visible_to"
    }

    assert not found - UNNARROWED.keys()


def test_a_view_that_begins_with_everything_would_be_found():
    tree = ast.parse("rows = Match.objects.filter(pk=pk); Team.objects.visible_to(me)")

    assert list(beginnings(tree)) == [("Match", "filter"), ("Team", "visible_to")]
