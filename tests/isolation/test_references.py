"""On PostgreSQL no row can be stored that leads from one organisation into another.

Past all operations: by the ORM alone, by SQL, and by taking a row out and putting it back.
"""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Organisation
from core.api.exceptions import as_domain_error
from core.ids import uuid7
from matches.models import LineupPlayer, MatchEvent, MatchScorer, SquadMembership
from tests import factories
from tests.isolation.rows import OWNED, build, ways

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL keeps the rule"),
]

FOREIGN_KEY_VIOLATION = "23503"

# A row with one way to its organisation belongs wherever that leads; with two they could differ.
CROSSABLE = [
    (model, field)
    for model in OWNED
    if len(ways(model)) > 1
    for field in ways(model)
    if field.related_model is not Organisation
]
each_reference = pytest.mark.parametrize(
    ("model", "field"),
    CROSSABLE,
    ids=[f"{model._meta.label}.{field.name}" for model, field in CROSSABLE],
)
REFERRED = sorted(
    {
        field.related_model
        for _, field in CROSSABLE
        if any(way.related_model is Organisation for way in ways(field.related_model))
    },
    key=lambda model: model._meta.label,
)


@pytest.fixture
def ours(db):
    return factories.build_organisation()


@pytest.fixture
def theirs(db):
    return factories.build_organisation()


@pytest.fixture(autouse=True)
def _formats(db):
    factories.build_format()


def refused(work):
    """What the database says to it, at the latest when the transaction ends."""
    with pytest.raises(IntegrityError) as error:
        _and_commit(work)
    assert error.value.__cause__.sqlstate == FOREIGN_KEY_VIOLATION
    assert error.value.__cause__.diag.constraint_name
    return error.value


@transaction.atomic
def _and_commit(work):
    work()
    connection.check_constraints()


def put_back(row):
    """As if it had never been there, by which no rule that looks at changes alone is troubled."""
    type(row)._default_manager.filter(pk=row.pk)._raw_delete(using="default")
    row.save(force_insert=True)


@each_reference
def test_row_cannot_be_led_astray_by_the_orm(model, field, ours, theirs):
    row, foreign = build(model, ours), build(field.related_model, theirs)

    refused(lambda: model._default_manager.filter(pk=row.pk).update(**{field.name: foreign}))


@each_reference
def test_row_cannot_be_led_astray_by_sql(model, field, ours, theirs):
    row, foreign = build(model, ours), build(field.related_model, theirs)

    def update():
        with connection.cursor() as cursor:
            table, column = model._meta.db_table, field.column
            cursor.execute(
                f"UPDATE {table} SET {column} = %s WHERE id = %s",  # noqa: S608  names of ours
                [foreign.pk, row.pk],
            )

    refused(update)


@each_reference
def test_row_cannot_be_made_astray(model, field, ours, theirs):
    row, foreign = build(model, ours), build(field.related_model, theirs)
    setattr(row, field.name, foreign)

    refused(lambda: put_back(row))


@each_reference
def test_row_of_one_organisation_is_stored(model, field, ours):
    row = build(model, ours)
    assert getattr(row, field.attname) is not None

    put_back(row)
    connection.check_constraints()

    assert model._default_manager.filter(pk=row.pk).exists()


@each_reference
def test_what_a_row_refers_to_cannot_be_replaced_by_a_foreign_row_of_its_key(
    model, field, ours, theirs
):
    row = build(model, ours)
    referred = getattr(row, field.name)
    foreign = build(field.related_model, theirs)

    def replace():
        field.related_model._default_manager.filter(pk__in=[referred.pk, foreign.pk])._raw_delete(
            using="default"
        )
        foreign.pk = referred.pk
        foreign.save(force_insert=True)

    refused(replace)


@pytest.mark.parametrize("model", REFERRED, ids=lambda model: model._meta.label)
def test_row_that_others_refer_to_stays_in_its_organisation(model, ours, theirs):
    referring, field = next(pair for pair in CROSSABLE if pair[1].related_model is model)
    row = getattr(build(referring, ours), field.name)

    refused(lambda: model._default_manager.filter(pk=row.pk).update(organisation=theirs))


@each_reference
def test_the_database_s_refusal_is_no_error_of_ours(model, field, ours, theirs):
    row, foreign = build(model, ours), build(field.related_model, theirs)

    error = refused(
        lambda: model._default_manager.filter(pk=row.pk).update(**{field.name: foreign})
    )

    assert as_domain_error(error).status == 409


@pytest.mark.parametrize("model", [SquadMembership, LineupPlayer, MatchEvent, MatchScorer])
def test_row_of_what_is_not_there_is_refused_like_any_lost_reference(model, ours):
    row = build(model, ours)
    setattr(row, "team_id" if model is SquadMembership else "match_id", uuid7())

    error = refused(lambda: put_back(row))

    assert as_domain_error(error).status == 409


def test_references_are_found():
    labels = {f"{model._meta.label}.{field.name}" for model, field in CROSSABLE}

    assert {"matches.Match.home_team", "matches.MatchEvent.linked_event"} <= labels
    assert {"matches.MatchScorer.membership", "matches.SquadMembership.player"} <= labels
