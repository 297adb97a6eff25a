"""The words the server writes on a card, and that the page finds the same ones."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from matches.models import Format, Match, MatchEvent, Team
from matches.queries.document import period_part
from matches.rules.clock import PeriodTimes
from matches.rules.kinds import EventKind, MatchStatus, Outcome, PeriodKind
from web.labels import event_sentence, event_title, standing

START = datetime(2026, 11, 21, 15, tzinfo=UTC)
REGULAR, EXTRA, SHOOTOUT = PeriodKind.REGULAR, PeriodKind.EXTRA_TIME, PeriodKind.PENALTY_SHOOTOUT


def period(number, kind=REGULAR, *, is_over=False):
    return PeriodTimes(
        number=number,
        kind=kind,
        length_ms=2_700_000,
        base_ms=(number - 1) * 2_700_000,
        started_at=START,
        ended_at=START if is_over else None,
    )


def match(status=MatchStatus.LIVE, *, regular=2, extra=2, shootout=None):
    played = Format(regular_periods=regular, extra_time_periods=extra)
    return Match(
        status=status,
        format=played,
        home_team=Team(name="Reds"),
        away_team=Team(name="Blues"),
        home_shootout_goals=shootout,
        away_shootout_goals=shootout,
    )


def page_state(match, periods):
    played = match.format
    return {
        "match": {
            "status": match.status,
            "format": {
                "regular_periods": played.regular_periods,
                "extra_time_periods": played.extra_time_periods,
            },
        },
        "teams": {"home": {"name": "Reds"}, "away": {"name": "Blues"}},
        "shootout": None if match.home_shootout_goals is None else {"home": 1, "away": 1},
        "periods": [period_part(one) for one in periods],
        "people": {},
        "lineups": {"home": [], "away": []},
    }


STANDINGS = [
    (match(MatchStatus.SCHEDULED), [], "Not started", "upcoming"),
    (match(), [], "About to start", "live"),
    (match(), [period(1)], "First half", "live"),
    (match(), [period(1, is_over=True)], "Half-time", "break"),
    (match(), [period(1), period(2)], "Second half", "live"),
    (match(), [period(2, is_over=True)], "End of normal time", "break"),
    (match(), [period(3, EXTRA)], "Extra time, first half", "live"),
    (match(), [period(3, EXTRA, is_over=True)], "Half-time in extra time", "break"),
    (match(extra=1), [period(3, EXTRA)], "Extra time", "live"),
    (match(), [period(4, EXTRA, is_over=True)], "End of extra time", "break"),
    (match(), [period(5, SHOOTOUT)], "Penalty shoot-out", "live"),
    (match(), [period(5, SHOOTOUT, is_over=True)], "End of the shoot-out", "break"),
    (match(regular=4), [period(1)], "First quarter", "live"),
    (match(regular=4), [period(1, is_over=True)], "End of the first quarter", "break"),
    (match(regular=4), [period(2, is_over=True)], "Half-time", "break"),
    (match(regular=3), [period(3)], "Third period", "live"),
    (match(regular=6), [period(6)], "Period 6", "live"),
    (match(regular=1), [period(1)], "The match", "live"),
    (match(MatchStatus.PAUSED), [period(1)], "Paused", "break"),
    (match(MatchStatus.COMPLETED), [period(1)], "Full time", "over"),
    (match(MatchStatus.COMPLETED), [period(3, EXTRA)], "Full time, after extra time", "over"),
    (match(MatchStatus.COMPLETED, shootout=1), [], "Full time, decided on penalties", "over"),
    (match(MatchStatus.POSTPONED), [], "Postponed", "off"),
    (match(MatchStatus.CANCELLED), [], "Cancelled", "off"),
    (match(MatchStatus.ABANDONED), [period(1)], "Abandoned", "off"),
    (match(MatchStatus.AWARDED), [], "Awarded", "off"),
]


@pytest.mark.parametrize(("played", "periods", "text", "tone"), STANDINGS)
def test_where_a_match_stands_is_said_in_a_word(played, periods, text, tone):
    assert standing(played, periods) == (text, tone)


@pytest.mark.browser
def test_the_page_says_the_same(modules):
    states = [page_state(played, periods) for played, periods, _, _ in STANDINGS]

    found = modules.run(
        """async (load, states) => {
             const { standing } = await load("labels");
             return states.map((state) => standing(state));
           }""",
        states,
    )

    assert [(one["text"], one["tone"]) for one in found] == [
        (text, tone) for _, _, text, tone in STANDINGS
    ]


def event(kind, outcome="", *, played, side="home", clock_ms=754_000, period=1):
    team = {"home": played.home_team, "away": played.away_team, None: None}[side]
    return MatchEvent(
        id=uuid4(), kind=kind, outcome=outcome, team=team, period=period, clock_ms=clock_ms
    )


def test_an_event_is_told_with_team_and_minute_but_no_player():
    played = match()

    assert (
        event_sentence(played, event(EventKind.GOAL, played=played), [period(1)])
        == "Goal, Reds, minute 13"
    )
    assert (
        event_sentence(played, event(EventKind.GOAL, played=played, clock_ms=None), [period(1)])
        == "Goal, Reds"
    )
    assert (
        event_sentence(played, event(EventKind.BALL_OUT, played=played, side=None), [])
        == "Ball out of play"
    )


ALL_EVENTS = [(kind, "") for kind in EventKind] + [
    (kind, outcome)
    for kind in (EventKind.PENALTY, EventKind.SHOOTOUT_KICK)
    for outcome in Outcome
    if (kind, outcome) != (EventKind.SHOOTOUT_KICK, Outcome.AWARDED)
]


@pytest.mark.browser
def test_the_page_tells_every_event_in_the_same_words(modules):
    played = match()
    periods = [period(1), period(5, SHOOTOUT)]
    events = [
        event(kind, outcome, played=played, period=5 if kind is EventKind.SHOOTOUT_KICK else 1)
        for kind, outcome in ALL_EVENTS
        # Without an outcome a kick or a penalty cannot be logged.
        if outcome or kind != EventKind.SHOOTOUT_KICK
    ]

    found = modules.run(
        """async (load, [state, events]) => {
             const { eventSentence } = await load("labels");
             return events.map((event) => eventSentence(state, event));
           }""",
        [page_state(played, periods), [page_event(one) for one in events]],
    )

    assert found == [event_sentence(played, one, periods) for one in events]


def page_event(event):
    return {
        "kind": event.kind,
        "outcome": event.outcome,
        "side": "home",
        "minute": "P" if event.kind == EventKind.SHOOTOUT_KICK else "13",
        "player": None,
        "player_on": None,
        "player_off": None,
    }


def test_titles_never_show_a_code():
    played = match()

    titles = [event_title(event(kind, outcome, played=played)) for kind, outcome in ALL_EVENTS]

    assert [title for title in titles if "_" in title or not title[0].isupper()] == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"number": 10, "name": "Lionel Messi"}, "Lionel Messi"),
        ({"number": 10, "name": None}, "No. 10"),
        ({"number": None, "name": None}, ""),
        (None, ""),
    ],
)
def test_a_player_is_named_as_far_as_the_policy_allows(modules, person, name):
    state = {"people": {"ref": person} if person else {}, "lineups": {"home": [], "away": []}}

    assert modules.call("labels", "playerName", state, "ref") == name
    assert modules.call("labels", "playerName", state, None) == ""


@pytest.mark.browser
def test_the_number_worn_wins_over_the_one_looked_up_earlier(modules):
    lineups = {"home": [], "away": [{"player": "ref", "number": 14}]}
    state = {"people": {"ref": {"number": 7, "name": None}}, "lineups": lineups}

    assert modules.call("labels", "playerName", state, "ref") == "No. 14"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "short"),
    [("Ángel Di María", "Di María"), ("Pelé", "Pelé"), ("L. M.", "L. M."), ("", "")],
)
def test_a_name_is_shortened_to_its_last_part(modules, name, short):
    assert modules.call("labels", "shortName", name) == short


@pytest.mark.browser
def test_a_score_is_said_with_the_shootout(modules):
    state = {
        "teams": {"home": {"name": "Reds"}, "away": {"name": "Blues"}},
        "score": {"home": 3, "away": 3},
        "shootout": {"home": 4, "away": 2},
    }

    said = modules.call("labels", "scoreSentence", state)

    assert said == "Reds 3, Blues 3 (4\N{EN DASH}2 on penalties)"
