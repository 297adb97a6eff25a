import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from matches.models import Format
from matches.queries.clocks import format_rules
from matches.queries.formats import default_format
from matches.rules.lifecycle import planned_periods
from tests import factories

WITH, WITHOUT = [("matches", "0002_formats")], [("matches", "0001_initial")]
CUP = "Football 11, 2 x 45, extra time 2 x 15, shootout"


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets or executor.loader.graph.leaf_nodes())


@pytest.fixture
def migrated_again(transactional_db):
    """Whatever the test leaves behind, the next one finds the tables of today."""
    yield
    migrate(None)


@pytest.mark.django_db
def test_clubs_find_their_formats():
    shipped = {played.name: played.players_on_pitch for played in Format.objects.all()}

    assert {"Football 11, 2 x 45": 11, CUP: 11, "Youth 9, 2 x 30": 9}.items() <= shipped.items()
    assert {
        "Youth 7, 2 x 25": 7,
        "Youth 5, 4 x 10": 5,
        "Youth 3, 4 x 8": 3,
    }.items() <= shipped.items()


@pytest.mark.django_db
def test_formats_are_as_their_names_say():
    cup = Format.objects.get(name=CUP)
    quarters = Format.objects.get(name="Youth 5, 4 x 10")

    assert [plan.length_ms // 60_000 for plan in planned_periods(format_rules(cup))] == [
        *(45, 45, 15, 15, 0)
    ]
    assert [plan.base_ms // 60_000 for plan in planned_periods(format_rules(quarters))] == [
        *(0, 10, 20, 30)
    ]
    assert default_format().name == "Football 11, 2 x 45"


@pytest.mark.django_db
def test_default_format_may_be_renamed():
    Format.objects.filter(pk=default_format().pk).update(name="Sunday league")

    assert default_format().name == "Sunday league"


def test_migration_goes_back_and_forth_and_keeps_what_was_played_in(migrated_again):
    migrate(WITH)
    played = Format.objects.get_or_create(name=CUP)[0]
    factories.build_match(format=played)
    factories.build_format(name="Our own")

    migrate(WITHOUT)
    kept = set(Format.objects.values_list("name", flat=True))
    assert {CUP, "Our own"} <= kept
    assert "Youth 9, 2 x 30" not in kept

    migrate(WITH)
    assert Format.objects.filter(name=CUP).count() == 1
    assert Format.objects.filter(name="Youth 9, 2 x 30").exists()
