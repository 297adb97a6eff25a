import pytest

from matches.operations import lifecycle
from matches.queries.score import score
from matches.rules.kinds import EventKind, Outcome
from tests import factories
from tests.matches.builders import KICK_OFF, log, minutes, start_match

pytestmark = pytest.mark.django_db


def test_no_minute_before_kick_off():
    match = factories.build_match()

    found = score(match, KICK_OFF)

    assert (found.match, found.home_goals, found.away_goals) == (match, 0, 0)
    assert (found.minute, found.shootout) == ("", None)


def test_minute_runs_with_the_clock():
    match, scorer = start_match()
    log(match, scorer)
    match.refresh_from_db()

    assert score(match, minutes(12.5)).minute == "13"
    assert score(match, minutes(46.5)).minute == "45+2"
    assert score(match, minutes(12.5)).home_goals == 1


def test_minute_stands_between_periods():
    match, scorer = start_match()
    lifecycle.end_period(match=match, actor=scorer, at=minutes(47))

    assert score(match, minutes(60)).minute == "45+3"


def test_shootout_is_apart():
    match, scorer = start_match()
    for _ in range(4):
        lifecycle.end_period(match=match, actor=scorer)
        lifecycle.start_period(match=match, actor=scorer)
    log(match, scorer, EventKind.SHOOTOUT_KICK, period=5, outcome=Outcome.SCORED)
    match.refresh_from_db()

    found = score(match, minutes(150))

    assert (found.home_goals, found.shootout, found.minute) == (0, (1, 0), "P")
