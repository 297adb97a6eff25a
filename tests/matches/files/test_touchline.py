import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from matches.files.checking import check
from matches.files.errors import FileError
from matches.files.touchline import read_match
from matches.rules.clock import minute_label
from matches.rules.kinds import (
    EventKind,
    LineupRole,
    MatchStatus,
    Outcome,
    PeriodKind,
    Position,
    Side,
)
from matches.rules.lifecycle import planned_periods
from matches.rules.score import Tally, tally
from tests.matches.files.samples import cup_tie, demo


def read(document):
    draft = read_match(document)
    check(draft)
    return draft


def test_everything_in_the_file_is_read():
    draft = read(cup_tie())

    assert (draft.key, draft.competition, draft.round) == ("cup/1", "County Cup", "Quarter-final")
    assert draft.season
    assert draft.season.starts_on == date(2026, 8, 1)
    assert draft.status is MatchStatus.COMPLETED
    assert (draft.rules.regular_ms, draft.rules.extra_time_periods) == (600_000, 0)
    ann, ben, cy = draft.home.players
    assert (ann.position, ben.birth_date, cy.name_consent) == (
        Position.GOALKEEPER,
        date(2014, 3, 1),
        True,
    )
    keeper, captain, bench = draft.home.lineup
    assert (keeper.x, keeper.y, captain.is_captain) == (50.0, 5.5, True)
    assert bench.role is LineupRole.BENCH
    assert draft.away.is_opponent
    assert draft.periods[0].pauses[0][0] == datetime(2026, 9, 12, 10, 3, tzinfo=UTC)
    goal, assist, substitution, penalty, note = draft.events
    assert (goal.side, goal.player, goal.sentiment, goal.notes) == (
        Side.HOME,
        "r2",
        2,
        "What a shot",
    )
    assert goal.recorded_at == datetime(2026, 9, 12, 10, 1, 7, tzinfo=UTC)
    assert assist.linked == "e1"
    assert (substitution.player_on, substitution.clock_ms) == ("r3", None)
    assert penalty.outcome is Outcome.SCORED
    assert note.side is None
    assert tally(draft.timeline()) == Tally(1, 1)


def test_equal_files_have_equal_digests():
    changed = cup_tie()
    changed["events"][0]["notes"] = ""

    assert read(cup_tie()).digest() == read(cup_tie()).digest()
    assert read(changed).digest() != read(cup_tie()).digest()


def spoil(*path_and_value):
    """The cup tie with one value replaced, or taken away when the value is `del`."""
    *path, field, value = path_and_value
    document = node = cup_tie()
    for step in path:
        node = node[step]
    if value == "del":
        del node[field]
    else:
        node[field] = value
    return document


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], "an object is expected"),
        (spoil("colour", "blue"), "unknown: colour"),
        (
            spoil("teams", "home", "players", 0, "shoe", 7),
            r"players\[0\]: unknown: shoe",
        ),
        (spoil("key", "  "), "key: this must not be empty"),
        (spoil("key", "x" * 201), "key: at most 200"),
        (spoil("key", "a\x00b"), "key: a NUL"),
        (spoil("key", "del"), "key: this is missing"),
        (spoil("venue", 3), "venue: a text is expected"),
        (spoil("kickoff_at", "2026-09-12T10:00:00"), "kickoff_at: use a time with its zone"),
        (spoil("kickoff_at", "soon"), "kickoff_at: use a time with its zone"),
        (spoil("season", "starts_on", "1 August"), "season.starts_on: use a date"),
        (spoil("status", "won"), "status: 'won' is none of scheduled"),
        (spoil("rules", "regular_periods", 9), "rules.regular_periods: use 1 to 8"),
        (spoil("rules", "regular_minutes", True), "rules.regular_minutes: a whole number"),
        (spoil("rules", "has_shootout", 1), "rules.has_shootout: use true or false"),
        (spoil("teams", "home", "lineup", 0, "x", 101), "x: use 0 to 100"),
        (spoil("teams", "home", "lineup", 0, "x", "50"), "x: a number is expected"),
        (spoil("teams", "home", "lineup", 0, "player", "v9"), "'v9' is no player of Rovers"),
        (spoil("teams", "home", "lineup", 2, "player", "r1"), "player r1 stands here twice"),
        (spoil("teams", "home", "lineup", 2, "number", 1), "number 1 stands here twice"),
        (spoil("teams", "home", "lineup", 0, "is_captain", True), "a team has one captain"),
        (spoil("teams", "home", "players", 1, "id", "v9"), "player v9 stands here twice"),
        (spoil("teams", "away", "name", "RÓVERS"), "a team cannot play itself"),
        (spoil("teams", "away", "players", {}), "players: a list is expected"),
        (spoil("status", "scheduled"), "a scheduled match has no periods"),
        (spoil("rules", "regular_periods", 1), "these rules have no period 2"),
        (spoil("periods", 0, "kind", "extra_time"), "by the rules this one is regular"),
        (spoil("periods", 1, "ended_at", "del"), "only the last period of a running match"),
        (spoil("periods", 1, "ended_at", "2026-09-12T10:00:00Z"), "not in order"),
        (spoil("periods", 1, "started_at", "2026-09-12T09:00:00Z"), "periods: these times"),
        (spoil("periods", 0, "pauses", 0, "ended_at", "2026-09-12T10:13:00Z"), "not in order"),
        (spoil("events", 1, "id", "e1"), "id e1 stands here twice"),
        (spoil("events", 0, "player", "v9"), r"events\[0\].player: 'v9' is no player of Rovers"),
        (spoil("events", 0, "team", "del"), r"events\[0\].team: Say which team"),
        (spoil("events", 0, "period", 3), r"events\[0\].period: Period 3 has not started"),
        (spoil("events", 1, "linked_event", "e9"), r"events\[1\].linked_event: Link another"),
        (spoil("events", 3, "outcome", "del"), r"events\[3\].outcome: Say what became"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(document, complaint):
    with pytest.raises(FileError, match=complaint):
        read(document)


def test_running_match_may_have_an_open_period():
    document = spoil("periods", 1, "ended_at", None)
    document["status"] = "live"

    assert read(document).periods[-1].ended_at is None


def test_demo_is_the_final_of_2022():
    draft = read(demo())

    assert tally(draft.timeline()) == Tally(3, 3, 4, 2)
    assert [len(team.players) for _, team in draft.sides()] == [26, 26]
    for _, team in draft.sides():
        starters = [entry for entry in team.lineup if entry.role is LineupRole.STARTER]
        assert len(starters) == 11
        assert all(entry.x is not None and entry.y is not None for entry in starters)
        assert all(player.name_consent and player.birth_date for player in team.players)


def test_demo_tells_who_scored_when():
    draft = read(demo())
    plans = planned_periods(draft.rules)
    names = {player.ref: player.name for _, team in draft.sides() for player in team.players}

    goals = [
        (minute_label(plan.kind, plan.base_ms, plan.length_ms, event.clock_ms), names[event.player])
        for event in draft.events
        if event.kind in {EventKind.GOAL, EventKind.PENALTY}
        for plan in [plans[event.period - 1]]
    ]
    assert goals == [
        ("23", "Lionel Messi"),
        ("36", "Ángel Di María"),
        ("80", "Kylian Mbappé"),
        ("81", "Kylian Mbappé"),
        ("108", "Lionel Messi"),
        ("118", "Kylian Mbappé"),
    ]


def test_example_of_the_documentation_is_a_match():
    page = (Path(settings.BASE_DIR) / "docs" / "match-format.md").read_text("utf-8")
    example = page.split("```json\n")[1].split("```")[0]

    draft = read(json.loads(example))

    assert tally(draft.timeline()) == Tally(1, 1)


def test_documentation_lists_every_word_of_the_format():
    page = (Path(settings.BASE_DIR) / "docs" / "match-format.md").read_text("utf-8")

    words = set(re.findall(r"\w+", page))
    for choices in (EventKind, MatchStatus, PeriodKind, LineupRole, Position, Outcome, Side):
        assert {choice.value for choice in choices} <= words
