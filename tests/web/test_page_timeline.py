"""Timeline and line-ups as the page derives them from the state."""

import pytest

pytestmark = pytest.mark.browser

FORMAT = {"regular_periods": 2, "extra_time_periods": 2}


def state(events=(), **changes):
    return {
        "match": {"status": "live", "format": FORMAT},
        "teams": {"home": {"name": "Reds"}, "away": {"name": "Blues"}},
        "score": {"home": 0, "away": 0},
        "shootout": None,
        "periods": [period(1)],
        "events": list(events),
        "lineups": {"home": [], "away": []},
        "people": {},
        **changes,
    }


def period(number, kind="regular", ended_at=None):
    return {"number": number, "kind": kind, "ended_at": ended_at}


def event(event_id, kind="goal", side="home", **changes):
    return {
        "event_id": event_id,
        "kind": kind,
        "side": side,
        "player": None,
        "player_on": None,
        "player_off": None,
        "period": 1,
        "minute": "12",
        "outcome": "",
        "linked_event": None,
        **changes,
    }


def rows(chapters):
    return [row for chapter in chapters for row in chapter["rows"]]


def test_each_goal_carries_the_score_after_it(modules):
    events = [
        event("a"),
        event("b", "yellow_card"),
        event("c", "own_goal", side="home"),
        event("d", "penalty", side="away", outcome="scored"),
        event("e", "penalty", side="away", outcome="saved"),
    ]

    shown = rows(modules.call("timeline", "chapters", state(events)))

    assert [row["score"] for row in shown] == [
        {"home": 1, "away": 0},
        None,
        {"home": 1, "away": 1},
        {"home": 1, "away": 2},
        None,
    ]


def test_an_own_goal_stands_with_the_side_it_counts_for(modules):
    shown = rows(modules.call("timeline", "chapters", state([event("a", "own_goal")])))

    assert [row["side"] for row in shown] == ["away"]


def test_the_score_runs_through_the_periods(modules):
    events = [event("a"), event("b", period=2), event("c", period=2, side="away")]
    periods = [period(1, ended_at="t"), period(2)]

    chapters = modules.call("timeline", "chapters", state(events, periods=periods))

    assert [chapter["score"] for chapter in chapters] == [
        {"home": 1, "away": 0},
        {"home": 2, "away": 1},
    ]


def test_small_things_wait_until_they_are_asked_for(modules):
    match = state([event("a", "corner"), event("b"), event("c", "foul")])

    assert len(rows(modules.call("timeline", "chapters", match))) == 1
    assert len(rows(modules.call("timeline", "chapters", match, {"isFull": True}))) == 3
    assert modules.call("timeline", "hiddenCount", match) == 2


def test_an_assist_joins_its_goal(modules):
    goal = event("goal")
    assist = event("assist", "assist", linked_event="goal", player="p")
    unlinked = event("other", "assist", linked_event="deleted")

    shown = rows(
        modules.call("timeline", "chapters", state([goal, assist, unlinked]), {"isFull": True})
    )

    assert [
        (row["event"]["event_id"], row["assist"] and row["assist"]["player"]) for row in shown
    ] == [
        ("goal", "p"),
        ("other", None),
    ]


def test_kicks_count_for_the_shootout_only(modules):
    kicks = [
        event("a", "shootout_kick", outcome="scored", period=5),
        event("b", "shootout_kick", side="away", outcome="missed", period=5),
        event("c", "shootout_kick", side="away", outcome="retaken", period=5),
    ]
    match = state(kicks, periods=[period(5, "penalty_shootout")])

    [chapter] = modules.call("timeline", "chapters", match)

    assert chapter["score"] == {"home": 0, "away": 0}
    assert chapter["shootout"] == {"home": 1, "away": 0}
    assert [len(modules.call("timeline", "kicks", match, side)) for side in ("home", "away")] == [
        1,
        1,
    ]


def test_an_event_of_an_unknown_period_is_shown_all_the_same(modules):
    chapters = modules.call("timeline", "chapters", state([event("a", period=3)]))

    assert [chapter["period"]["number"] for chapter in chapters] == [1, 3]


def test_scorers_are_grouped_and_own_goals_kept_apart(modules):
    events = [
        event("a", player="ten"),
        event("b", player="nine"),
        event("c", "penalty", outcome="scored", player="ten"),
        event("d", "own_goal", side="away", player="three"),
    ]

    found = modules.call("timeline", "scorers", state(events), "home")

    assert [(one["player"], len(one["goals"])) for one in found] == [
        ("ten", 2),
        ("nine", 1),
        ("three", 1),
    ]


def test_the_latest_row_is_the_last_of_note(modules):
    match = state([event("a"), event("b", "red_card"), event("c", "corner")])

    assert modules.call("timeline", "latestRow", match)["event"]["event_id"] == "b"
    assert modules.call("timeline", "latestRow", state()) is None


def entry(player, number=None, role="starter", position="", **changes):
    return {
        "player": player,
        "number": number,
        "role": role,
        "position": position,
        "x": None,
        "y": None,
        "is_captain": False,
        **changes,
    }


def squad(modules, entries, events=(), **changes):
    match = state(events, lineups={"home": list(entries), "away": []}, **changes)
    return modules.call("lineup", "squad", match, "home")


def names(players):
    return [player["player"] for player in players]


def test_without_a_line_up_nothing_is_claimed(modules):
    assert squad(modules, []) == {"isKnown": False, "pitch": [], "bench": []}


def test_starters_stand_by_line_and_number_and_the_bench_by_number(modules):
    found = squad(
        modules,
        [
            entry("striker", 9, position="FW"),
            entry("keeper", 12, position="GK"),
            entry("back", 3, position="DF"),
            entry("nowhere", 2),
            entry("late", 20, role="bench"),
            entry("early", 14, role="bench"),
            entry("unnumbered", role="bench"),
        ],
    )

    assert names(found["pitch"]) == ["keeper", "back", "striker", "nowhere"]
    assert names(found["bench"]) == ["early", "late", "unnumbered"]


def test_a_substitute_takes_the_spot_of_the_player_replaced(modules):
    found = squad(
        modules,
        [entry("off", 9, position="FW", x=30.0, y=80.0), entry("on", 14, role="bench")],
        [event("s", "substitution", player_off="off", player_on="on")],
    )

    assert names(found["pitch"]) == ["on"]
    assert found["pitch"][0]["spot"] == {"x": 30, "y": 80}
    assert found["pitch"][0]["position"] == "FW"
    assert names(found["bench"]) == ["off"]
    assert found["bench"][0]["wentOff"]["event_id"] == "s"


def test_a_player_may_come_back_on(modules):
    found = squad(
        modules,
        [entry("one", 1), entry("two", 2, role="bench")],
        [
            event("a", "substitution", player_off="one", player_on="two"),
            event("b", "substitution", player_off="two", player_on="one"),
        ],
    )

    assert names(found["pitch"]) == ["one"]


@pytest.mark.parametrize("kind", ["red_card", "second_yellow"])
def test_a_dismissed_player_is_off_for_good(modules, kind):
    found = squad(
        modules,
        [entry("one", 1), entry("two", 2)],
        [
            event("a", kind, player="one"),
            event("b", "substitution", player_off="two", player_on="one"),
        ],
    )

    assert names(found["pitch"]) == []
    assert found["bench"][0]["sentOff"]["event_id"] == "a"


def test_a_card_on_the_bench_changes_nobody_on_the_pitch(modules):
    found = squad(
        modules,
        [entry("one", 1), entry("two", 2, role="bench")],
        [event("a", "yellow_card", player="two"), event("b", "goal", player="stranger")],
    )

    assert names(found["pitch"]) == ["one"]
    assert len(found["bench"][0]["cautions"]) == 1


def test_a_substitute_missing_from_the_line_up_is_on_the_pitch_all_the_same(modules):
    found = squad(
        modules,
        [entry("one", 1)],
        [
            event("a", "substitution", player_off=None, player_on="guest"),
            event("b", "substitution", player_off="one", player_on=None),
        ],
        people={"guest": {"number": 30, "name": None}},
    )

    assert [(one["player"], one["number"]) for one in found["pitch"]] == [("guest", 30)]


def test_lines_are_spread_where_nobody_placed_the_players(modules):
    found = squad(modules, [entry("left", 2, position="DF"), entry("right", 3, position="DF")])

    assert [one["spot"]["y"] for one in found["pitch"]] == [28, 28]
    assert [round(one["spot"]["x"]) for one in found["pitch"]] == [33, 67]


def test_without_positions_no_formation_is_invented(modules):
    found = squad(modules, [entry("one", 1), entry("two", 2)])

    assert [one["spot"] for one in found["pitch"]] == [None, None]


def test_both_teams_share_a_pitch_and_attack_one_another(modules):
    left_wing = {"x": 10, "y": 90}

    home = modules.call("lineup-view", "onHalf", left_wing, "home")
    away = modules.call("lineup-view", "onHalf", left_wing, "away")

    # Seen from above the left wing of one is opposite the left wing of the other.
    assert home["x"] == 90
    assert away["x"] == 10
    assert home["y"] < 50 < away["y"]
