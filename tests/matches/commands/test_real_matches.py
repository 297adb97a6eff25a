"""The World Cup of 2022 and whole leagues, as they stand in the files beside the project."""

import json
from collections import Counter

import pytest
from django.core.management import call_command

from matches.files.names import folded
from matches.models import Match, MatchEvent
from matches.rules.kinds import EventKind, Outcome
from tests import factories
from tests.matches.files.samples import REAL

WORLD_CUP = REAL / "worldcup-2022"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.exists(), reason="the real files are not beside the project"),
]


@pytest.fixture(autouse=True)
def organisation():
    factories.build_user(is_superuser=True)
    return factories.build_organisation()


def stored_score(match):
    return [match.home_goals, match.away_goals]


def stored_shootout(match):
    if match.home_shootout_goals is None:
        return None
    return [match.home_shootout_goals, match.away_shootout_goals]


def scorers_of(match):
    """Who scored for which team and how often; an own goal stands for the team that profits."""
    goals = match.events.filter(kind__in=[EventKind.GOAL, EventKind.PENALTY, EventKind.OWN_GOAL])
    return Counter(
        (
            event.kind,
            folded(event.player.name),
            match.away_team.name
            if (event.kind == EventKind.OWN_GOAL) == (event.team_id == match.home_team_id)
            else match.home_team.name,
        )
        for event in goals.select_related("player")
    )


@pytest.mark.parametrize("with_squads", [False, True])
def test_all_matches_of_the_world_cup_equal_the_file(with_squads):
    path = WORLD_CUP / "matches.json"
    options = ["--squads", str(WORLD_CUP / "squads.json")] if with_squads else []

    call_command("import_matches", str(path), *options)

    file = json.loads(path.read_bytes())
    stored = {match.source_key: match for match in Match.objects.with_teams()}
    assert len(stored) == 64
    for expected in file["matches"]:
        match = stored[f"{file['name']}/{expected['num']}"]
        assert (match.home_team.name, match.away_team.name) == (expected["home"], expected["away"])
        assert stored_score(match) == expected["score"]
        assert stored_shootout(match) == expected["penalties"]
        assert scorers_of(match) == Counter(
            (event["type"], folded(event["player"]), event["team"])
            for event in expected["events"]
            if event["type"] in {"goal", "penalty", "own_goal"}
        )
        kicks = match.events.filter(kind=EventKind.SHOOTOUT_KICK).in_order()
        assert [(folded(kick.player.name), kick.outcome == Outcome.SCORED) for kick in kicks] == [
            (folded(kick["player"]), kick["scored"]) for kick in expected.get("shootout", [])
        ]
    assert MatchEvent.objects.filter(kind=EventKind.SUBSTITUTION).count() == 587
    numbered = Match.objects.filter(lineup__number__isnull=False).distinct().count()
    assert numbered == (64 if with_squads else 0)


def test_results_of_the_world_cup_equal_the_file():
    path = WORLD_CUP / "openfootball.worldcup.json"

    call_command("import_matches", str(path))

    stored = {
        (match.home_team.name, match.away_team.name, match.round): match
        for match in Match.objects.with_teams()
    }
    assert len(stored) == 64
    for expected in json.loads(path.read_bytes())["matches"]:
        label = ", ".join(filter(None, [expected.get("group"), expected["round"]]))
        match = stored[expected["team1"], expected["team2"], label]
        score = expected["score"]
        assert stored_score(match) == score.get("et", score["ft"])
        assert stored_shootout(match) == score.get("p")
        assert scorers_of(match).total() == sum(
            len(expected.get(field, [])) for field in ("goals1", "goals2")
        )


@pytest.mark.parametrize("name", ["premier-league-2015-16", "bundesliga-2024-25"])
def test_leagues_without_goal_lists_have_the_scores_of_the_file(name):
    path = REAL / "leagues" / f"{name}.json"

    call_command("import_matches", str(path), "--timezone", "Europe/London")

    expected = {
        (match["team1"], match["team2"]): match["score"]["ft"]
        for match in json.loads(path.read_bytes())["matches"]
    }
    assert {
        (match.home_team.name, match.away_team.name): stored_score(match)
        for match in Match.objects.with_teams()
    } == expected
    assert not MatchEvent.objects.exclude(clock_ms=None).exists()
