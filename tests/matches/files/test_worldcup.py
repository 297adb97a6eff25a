from datetime import UTC, date, datetime

import pytest

from matches.files.reading import read_file
from matches.files.worldcup import read_squads
from matches.rules.kinds import EventKind, LineupRole, Position, Side
from matches.rules.score import Tally, tally
from tests.matches.files.samples import report

SQUADS = {
    "Rovers": [
        {"number": 1, "name": "Ann ASH", "position": "GK", "born": "1999-01-02"},
        {"number": None, "name": "The COACH", "position": "MG", "born": "1970-01-01"},
    ]
}


def read(document, **options):
    [row] = read_file(document, **options)
    return row


def match_of(document):
    return document["matches"][0]


def test_report_is_read_with_lineups_and_events():
    draft = read(report()).draft

    assert (draft.key, draft.round, draft.venue) == ("County Cup/7", "Final", "County Ground")
    assert draft.kickoff_at == datetime(2026, 5, 2, 17, tzinfo=UTC)
    assert tally(draft.timeline()) == Tally(2, 1)
    names = {player.ref: player.name for player in draft.home.players}
    assert [(names[e.player], e.role, e.position, e.is_captain) for e in draft.home.lineup] == [
        ("Ann Ash", LineupRole.STARTER, Position.GOALKEEPER, False),
        ("Ben Birch", LineupRole.STARTER, Position.FORWARD, True),
        ("Cy Cedar", LineupRole.BENCH, None, False),
    ]


def test_own_goal_changes_sides():
    own_goal = read(report()).draft.events[1]

    assert (own_goal.kind, own_goal.side) == (EventKind.OWN_GOAL, Side.AWAY)
    assert own_goal.player == "Vale/dee deal"


def test_booked_player_who_did_not_start_sat_on_the_bench():
    draft = read(report()).draft

    assert [(e.player, e.role) for e in draft.away.lineup] == [
        ("Vale/dee deal", LineupRole.STARTER),
        ("Vale/ed elm", LineupRole.BENCH),
    ]


def test_squads_add_numbers_and_birth_dates():
    draft = read(report(), known_players=read_squads(SQUADS)).draft

    ann = draft.home.players[0]
    assert (ann.name, ann.number, ann.birth_date) == ("Ann Ash", 1, date(1999, 1, 2))
    assert draft.home.lineup[0].number == 1
    assert "The Coach" not in {player.name for player in draft.home.players}


def test_report_without_lineups_has_none():
    document = report()
    del match_of(document)["lineups"]

    assert read(document).draft.home.lineup == ()


def test_group_match_has_no_extra_time_and_names_its_group():
    document = report()
    match_of(document)["group"] = "Group A"

    draft = read(document).draft

    assert (draft.round, draft.rules.extra_time_periods) == ("Group A", 0)


def test_shootout_is_taken_kick_by_kick():
    document = report()
    match_of(document).update(
        score=[2, 2],
        extra_time=True,
        penalties=[1, 0],
        shootout=[
            {"player": "Dee DEAL", "scored": False, "team": "Vale"},
            {"player": "Ann ASH", "scored": True, "team": "Rovers"},
        ],
    )
    match_of(document)["events"].append(
        {"type": "goal", "team": "Vale", "player": "Dee DEAL", "minute": 120, "stoppage": 1}
    )

    draft = read(document).draft

    assert tally(draft.timeline()) == Tally(2, 2, 1, 0)
    assert [period.length_ms // 60_000 for period in draft.periods] == [45, 45, 15, 15, 0]


def test_extra_time_without_shootout_has_four_periods():
    document = report()
    match_of(document)["extra_time"] = True

    assert len(read(document).draft.periods) == 4


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({"type": "header"}, r"events\[0\].type: use one of goal"),
        ({"team": "Town"}, r"events\[0\].team: 'Town' does not play in this match"),
        ({"minute": 44}, r"events\[0\].minute: 44\+2"),
        ({"minute": "45"}, r"events\[0\].minute: a whole number"),
    ],
)
def test_wrong_event_is_told_with_its_place(event, complaint):
    document = report()
    match_of(document)["events"][0].update(event)

    row = read(document)

    assert row.draft is None
    with pytest.raises(AssertionError, match=complaint):
        raise AssertionError(row.problem)


def test_goals_that_do_not_make_the_score_are_told():
    document = report()
    match_of(document)["score"] = [3, 1]

    assert "the score says 3-1 but the goals listed give 2-1" in read(document).problem
