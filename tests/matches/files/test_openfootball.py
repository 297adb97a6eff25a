from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from matches.files.reading import read_file
from matches.rules.kinds import EventKind, MatchStatus, Outcome, PeriodKind, Side
from matches.rules.score import Tally, tally
from tests.matches.files.samples import results


def read(match, **options):
    [row] = read_file({"name": "County League", "matches": [match]}, **options)
    return row


def result(**fields):
    return {
        "round": "Matchday 1",
        "date": "2026-09-05",
        "team1": "Rovers",
        "team2": "Vale",
        "score": {"ft": [2, 1]},
        **fields,
    }


def test_goals_get_scorer_period_and_clock():
    first = results()["matches"][0]

    draft = read(first).draft

    ann, penalty, own_goal = draft.events
    assert (ann.kind, ann.side, ann.period, ann.clock_ms) == (
        EventKind.GOAL,
        Side.HOME,
        1,
        11 * 60_000,
    )
    assert (penalty.kind, penalty.outcome, penalty.side) == (
        EventKind.PENALTY,
        Outcome.SCORED,
        Side.AWAY,
    )
    assert (own_goal.kind, own_goal.period, own_goal.clock_ms) == (
        EventKind.OWN_GOAL,
        2,
        48 * 60_000,
    )
    assert tally(draft.timeline()) == Tally(2, 1)


def test_own_goal_stands_against_the_side_that_made_it():
    draft = read(results()["matches"][0]).draft

    assert draft.events[-1].side is Side.AWAY
    assert [player.name for player in draft.away.players] == ["Own Goaler", "Dee"]


def test_score_alone_makes_goals_without_player_and_time_in_their_half():
    draft = read(results()["matches"][1]).draft

    assert [(goal.side, goal.period, goal.player, goal.clock_ms) for goal in draft.events] == [
        (Side.AWAY, 1, None, None),
        (Side.HOME, 2, None, None),
        (Side.HOME, 2, None, None),
    ]


def test_without_a_half_time_score_goals_go_to_the_second_half():
    assert {goal.period for goal in read(result()).draft.events} == {2}


def test_extra_time_and_shootout_are_played_in_their_periods():
    score = {"ht": [0, 0], "ft": [1, 1], "et": [2, 2], "p": [4, 2]}

    draft = read(result(score=score)).draft

    assert [period.kind for period in draft.periods] == [
        *[PeriodKind.REGULAR] * 2,
        *[PeriodKind.EXTRA_TIME] * 2,
        PeriodKind.PENALTY_SHOOTOUT,
    ]
    assert tally(draft.timeline()) == Tally(2, 2, 4, 2)
    assert sorted({event.period for event in draft.events}) == [2, 4, 5]


def test_shootout_may_follow_regular_time():
    draft = read(result(score={"ft": [1, 1], "p": [5, 4]})).draft

    assert [period.kind for period in draft.periods][-1] is PeriodKind.PENALTY_SHOOTOUT
    assert len(draft.periods) == 3


def test_match_without_a_score_is_still_to_be_played():
    draft = read(results()["matches"][2]).draft

    assert draft.status is MatchStatus.SCHEDULED
    assert (draft.periods, draft.events) == ((), ())


@pytest.mark.parametrize(
    ("text", "status", "periods"),
    [("awarded", "awarded", 2), ("POSTPONED", "postponed", 0), ("canceled", "cancelled", 0)],
)
def test_status_is_taken_over(text, status, periods):
    draft = read(result(status=text)).draft

    assert (draft.status, len(draft.periods)) == (status, periods)


@pytest.mark.parametrize(
    ("time", "zone", "kickoff_at"),
    [
        ("20:00", UTC, datetime(2026, 9, 5, 20, tzinfo=UTC)),
        ("20:00", ZoneInfo("Europe/London"), datetime(2026, 9, 5, 19, tzinfo=UTC)),
        ("13:00 UTC-6", UTC, datetime(2026, 9, 5, 19, tzinfo=UTC)),
        ("13:00 UTC+5:30", UTC, datetime(2026, 9, 5, 7, 30, tzinfo=UTC)),
        (None, UTC, datetime(2026, 9, 5, 15, tzinfo=UTC)),
    ],
)
def test_kickoff_is_stored_in_utc(time, zone, kickoff_at):
    assert read(result(time=time), zone=zone).draft.kickoff_at == kickoff_at


def test_round_names_the_group_too():
    assert read(result(group="Group A")).draft.round == "Group A, Matchday 1"


def test_rescheduled_match_keeps_its_key_within_a_round():
    key = read(result()).draft.key

    assert key == "County League/Matchday 1/Rovers/Vale"
    assert read(result(date="2026-10-01")).draft.key == key
    assert "2026-09-05" in read(result(round=None)).draft.key


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"team2": None}, r"matches\[0\].team2: this is missing"),
        ({"team2": "Rovers"}, "a team cannot play itself"),
        ({"date": "5 September"}, r"matches\[0\].date: use a date"),
        ({"time": "8 pm"}, r"matches\[0\].time: use a time of the day"),
        ({"time": "25:00"}, r"matches\[0\].time: use a time of the day"),
        ({"score": {"ht": [1, 0]}}, r"matches\[0\].score.ft: this is missing|full-time score"),
        ({"score": {"ft": [2, "1"]}}, "use two whole numbers"),
        ({"score": {"ft": [2]}}, "use two whole numbers"),
        ({"score": {"ht": [3, 0], "ft": [2, 1]}}, r"matches\[0\].score: 3-0 cannot become 2-1"),
        ({"goals1": [{"name": "Ann", "minute": 3}]}, "the score says 2-1 but the goals .* 1-0"),
        (
            {"goals1": [{"name": "Ann", "minute": 44, "offset": 2}]},
            "no period .* ends at",
        ),
        ({"goals1": [{"name": "Ann", "minute": 0}]}, r"goals1\[0\].minute: use 1 to 200"),
        ({"status": "lost"}, r"matches\[0\].status: use one of awarded"),
    ],
)
def test_problem_of_a_row_says_where_and_what(fields, complaint):
    row = read(result(**fields))

    assert row.draft is None
    assert row.label.startswith("Rovers - ")
    with pytest.raises(AssertionError, match=complaint):
        raise AssertionError(row.problem)


def test_shootout_in_the_score_is_told_when_it_does_not_add_up():
    goals = [{"name": "Ann", "minute": 3}]

    row = read(result(score={"ft": [1, 1], "p": [5, 4]}, goals1=goals))

    assert "1-1 (5-4 p) but the goals listed give 1-0 (5-4 p)" in row.problem
