import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Role
from matches.models import Match, Team
from tests import factories
from tests.matches.files.samples import DEMO, cup_tie, report, results

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return factories.build_organisation(slug="club")


@pytest.fixture(autouse=True)
def superuser(organisation):
    return factories.build_user(username="boss", is_superuser=True)


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on a document; what it printed, or printed before it failed."""

    def run(document, *options):
        path = tmp_path / "matches.json"
        path.write_text(json.dumps(document), "utf-8")
        try:
            call_command("import_matches", str(path), *options)
        finally:
            run.printed = capsys.readouterr()
        return run.printed.out

    return run


def test_demo_is_imported_from_the_project(capsys, organisation, superuser):
    call_command("import_matches", str(DEMO))

    assert capsys.readouterr().out == ("1 match: 1 created, 0 updated, 0 unchanged, 0 failed.\n")
    match = Match.objects.get()
    assert (match.organisation, match.created_by) == (organisation, superuser)
    assert (match.home_goals, match.away_goals) == (3, 3)
    assert (match.home_shootout_goals, match.away_shootout_goals) == (4, 2)


def test_running_it_again_changes_nothing(run):
    run(results())

    assert "0 created, 0 updated, 3 unchanged, 0 failed" in run(results())
    assert Match.objects.count() == 3


def test_dry_run_tries_everything_and_stores_nothing(run):
    printed = run(results(), "--dry-run")

    assert "3 created" in printed
    assert "Nothing was stored" in printed
    assert not Match.objects.exists()
    assert not Team.objects.exists()


def test_bad_rows_are_told_and_the_others_stored(run):
    document = results()
    document["matches"][0]["score"]["ft"] = [5, 1]
    document["matches"][2]["team2"] = None

    with pytest.raises(CommandError, match="2 of 3 matches could not be imported"):
        run(document)

    assert "1 created, 0 updated, 0 unchanged, 2 failed" in run.printed.out
    assert (
        "match 1, Rovers - Vale: matches[0].score: the score says 5-1 but the goals listed "
        "give 2-1; correct one of them." in run.printed.err
    )
    assert "match 3, Rovers - ?: matches[2].team2: this is missing." in run.printed.err
    assert Match.objects.count() == 1


def test_refusal_of_a_row_names_the_field(run):
    document = cup_tie()
    document["teams"]["home"]["colour"] = "green"

    with pytest.raises(CommandError):
        run(document)

    assert "Use a colour like #1a2b3c." in run.printed.err
    assert not Team.objects.exists()


def test_somebody_without_the_role_imports_nothing(run, organisation):
    factories.build_member(organisation, Role.SCORER, username="sam")

    with pytest.raises(CommandError):
        run(results(), "--as", "sam")

    assert "Your role does not allow this." in run.printed.err


def test_squads_and_time_zone_are_used(run, tmp_path):
    squads = tmp_path / "squads.json"
    squads.write_text(json.dumps({"Rovers": [{"name": "Ann ASH", "number": 1}]}))
    document = report()
    del document["matches"][0]["utc_offset"]

    run(document, "--squads", str(squads), "--timezone", "Europe/London")

    match = Match.objects.get()
    assert match.lineup.get(player__name="Ann Ash").number == 1
    assert match.kickoff_at.hour == 17


def test_organisation_is_chosen_among_several(run):
    other = factories.build_organisation(slug="other")

    run(results(), "--organisation", "other")

    assert {match.organisation for match in Match.objects.all()} == {other}
    with pytest.raises(CommandError, match=r"Say which organisation; .* club, other"):
        run(results())
    with pytest.raises(CommandError, match="No organisation is called 'third'"):
        run(results(), "--organisation", "third")


def test_nobody_to_act_for_or_as_is_told(run, organisation, superuser):
    with pytest.raises(CommandError, match="Nobody has the username"):
        run(results(), "--as", "ghost")
    organisation.delete()
    with pytest.raises(CommandError, match="create_organisation"):
        run(results())
    superuser.delete()
    with pytest.raises(CommandError, match="There is no superuser"):
        run(results())


def test_files_that_cannot_be_read_are_told(run, tmp_path):
    nonsense = tmp_path / "nonsense.json"
    nonsense.write_bytes(b"\xff{")

    with pytest.raises(CommandError, match="no file of matches"):
        run({"answer": 42})
    with pytest.raises(CommandError, match="is no JSON"):
        call_command("import_matches", str(nonsense))
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_matches", str(tmp_path / "absent.json"))
    with pytest.raises(CommandError, match="is no time zone"):
        run(results(), "--timezone", "Hollybrook/Park")
