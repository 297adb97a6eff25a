from datetime import timedelta

import pytest
from django.utils import timezone

from matches.operations import lifecycle
from matches.operations.sharing import create_share_link, revoke_share_link
from matches.rules.kinds import EventKind, MatchStatus, Outcome
from tests import factories
from tests.matches.builders import KICK_OFF, build_manager, log, minutes
from web.queries import has_demo, landing

pytestmark = pytest.mark.django_db


def listed(match, **fields):
    return create_share_link(match=match, actor=build_manager(match), listed=True, **fields)


def kicked_off(**fields):
    match = factories.build_match(**fields)
    actor = build_manager(match)
    listed(match)
    return lifecycle.start_match(match=match, actor=actor, at=KICK_OFF), actor


def test_nothing_listed_is_an_empty_page():
    factories.build_live_match()

    assert landing(timezone.now()).is_empty


def test_matches_stand_where_they_belong():
    now = timezone.now()
    for status in MatchStatus:
        listed(factories.build_match(status=status))

    shown = landing(now)

    assert {card.status for card in shown.in_play} == {"live", "paused"}
    assert {card.status for card in shown.to_come} == {"scheduled", "postponed"}
    assert {card.status for card in shown.over} == {
        "completed",
        "cancelled",
        "abandoned",
        "awarded",
    }


def test_what_comes_next_stands_first():
    now = timezone.now()
    for days in (3, 1, 2):
        listed(factories.build_match(kickoff_at=now + timedelta(days=days)))

    kickoffs = [card.kickoff_at for card in landing(now).to_come]

    assert kickoffs == sorted(kickoffs)


def test_a_card_carries_score_clock_and_the_latest_event_of_note():
    match, actor = kicked_off(competition="U14 Cup", round="Final")
    log(match, actor, clock_ms=754_000)
    log(match, actor, EventKind.CORNER, clock_ms=800_000)

    [card] = landing(minutes(20.5)).in_play

    assert card.heading == "U14 Cup · Final"
    assert (card.home.goals, card.away.goals) == (1, 0)
    assert (card.standing, card.clock) == ("First half", "20:30")
    assert card.latest == f"Goal, {match.home_team.name}, minute 13"


def test_stoppage_time_reads_as_football_does():
    kicked_off()

    [card] = landing(minutes(46.5)).in_play

    assert card.clock == "45+2"


def test_between_periods_and_in_a_shootout_no_clock_runs():
    played = factories.build_format(regular_periods=1)
    match, actor = kicked_off(format=played)

    lifecycle.end_period(match=match, actor=actor, at=minutes(46))
    assert landing(minutes(50)).in_play[0].clock == ""

    for minute in (60, 80):
        lifecycle.start_period(match=match, actor=actor, at=minutes(minute))
        lifecycle.end_period(match=match, actor=actor, at=minutes(minute + 16))
    lifecycle.start_period(match=match, actor=actor, at=minutes(100))
    log(match, actor, EventKind.SHOOTOUT_KICK, period=4, clock_ms=None, outcome=Outcome.SCORED)
    [card] = landing(minutes(101)).in_play
    assert (card.clock, card.standing) == ("", "Penalty shoot-out")
    assert (card.home.shootout, card.away.shootout) == (1, 0)


def test_a_deleted_event_is_not_the_latest():
    match, actor = kicked_off()
    log(match, actor, clock_ms=60_000)
    match.events.update(voided_at=timezone.now())

    [card] = landing(minutes(10)).in_play

    assert card.latest == ""


def test_a_match_listed_twice_shows_once_with_the_newer_link():
    match = factories.build_match()
    listed(match)
    newer = listed(match)

    [card] = landing(timezone.now()).to_come

    assert card.token == newer.token


def test_revoked_and_expired_links_show_nothing():
    match = factories.build_match()
    revoke_share_link(link=listed(match).link, actor=build_manager(match))
    listed(factories.build_match(), expires_in_hours=1)

    assert landing(timezone.now() + timedelta(hours=2)).is_empty


@pytest.mark.parametrize("count", [1, 10])
def test_the_page_costs_the_same_for_any_number_of_matches(count, django_assert_num_queries):
    for _ in range(count):
        match, actor = kicked_off()
        log(match, actor, clock_ms=60_000)

    with django_assert_num_queries(4):
        assert len(landing(minutes(10)).in_play) == count


def test_the_demo_is_there_once_its_organisation_is():
    assert not has_demo()

    factories.build_organisation(slug="touchline-demo")

    assert has_demo()
