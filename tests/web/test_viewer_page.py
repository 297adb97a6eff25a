"""The viewer page on a real server: what family and friends see."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import NamePolicy
from matches.operations import lifecycle
from matches.operations.events import edit_event, void_event
from matches.operations.lineups import set_lineup
from matches.operations.matches import update_match
from matches.rules.kinds import EventKind, Outcome
from tests import factories
from tests.matches.builders import log
from tests.web.scenario import lineup_of
from tests.web.site import expect_score, share

pytestmark = pytest.mark.browser

DASH, PRIME = "\N{EN DASH}", "\N{PRIME}"


def test_a_goal_moves_the_score_without_a_reload(site, kicked_off, actor):
    page = site.follow(kicked_off)
    page.evaluate("window.isTheSamePage = true")
    expect_score(page, 0, 0)

    log(kicked_off, actor, clock_ms=754_000)

    expect_score(page, 1, 0)
    row = page.locator("#timeline .row--goal")
    expect(row).to_contain_text("Goal")
    expect(row).to_contain_text(f"13{PRIME}")
    expect(row).to_contain_text(f"1{DASH}0")
    expect(page).to_have_title(f"1{DASH}0 Reds v Blues · Touchline")
    expect(page.locator("#announcements")).to_have_text("Goal, Reds, minute 13. Reds 1, Blues 0.")
    assert page.evaluate("window.isTheSamePage")


def test_what_just_happened_stands_out_and_what_was_there_does_not(site, kicked_off, actor):
    log(kicked_off, actor, EventKind.CORNER, clock_ms=30_000)
    log(kicked_off, actor, clock_ms=60_000)
    page = site.follow(kicked_off)
    expect(page.locator("#timeline .row")).to_have_count(1)

    log(kicked_off, actor, clock_ms=120_000, team=kicked_off.away_team)
    expect(page.locator("#timeline .row.is-new")).to_have_count(1)
    expect(page.locator("#timeline .row.is-new")).to_have_attribute("data-side", "away")
    expect(page.locator("#away-score")).to_have_class(re.compile("is-fresh"))
    page.get_by_role("button", name="Show all (1 more)").click()

    expect(page.locator("#timeline .row")).to_have_count(3)
    expect(page.locator("#timeline .row.is-new")).to_have_count(1)


def test_teams_place_and_status_are_shown(site, match):
    page = site.follow(match)

    expect(page.locator("#home-name")).to_have_text("Reds")
    expect(page.locator("#away-name")).to_have_text("Blues")
    expect(page.locator("#standing")).to_have_text("Not started")
    expect(page.locator("#home-score")).to_have_text(DASH)
    expect(page.locator("#venue")).to_have_text("Mill Lane")
    expect(page.locator("#kickoff")).to_have_text("Saturday, 21 November 2026 at 15:00")
    expect(page.locator("#timeline-empty")).to_be_visible()
    expect(page.locator("#lineups-empty")).to_be_visible()
    assert page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--home')"
    ) == ("#c81e1e")


def test_the_page_follows_a_match_from_kick_off_to_the_final_whistle(site, match, actor):
    page = site.follow(match)
    standing = page.locator("#standing")

    lifecycle.start_match(match=match, actor=actor)
    expect(standing).to_have_text("First half")
    expect(page.locator("#clock-time")).to_have_text(re.compile(r"00:0\d"))

    lifecycle.pause_match(match=match, actor=actor)
    expect(standing).to_have_text("Paused")

    lifecycle.resume_match(match=match, actor=actor)
    expect(standing).to_have_text("First half")

    lifecycle.end_period(match=match, actor=actor)
    expect(standing).to_have_text("Half-time")
    expect(page.locator("#clock")).to_be_hidden()

    lifecycle.start_period(match=match, actor=actor)
    expect(page.locator("#clock-time")).to_have_text(re.compile(r"45:0\d"))

    lifecycle.complete_match(match=match, actor=actor)
    expect(standing).to_have_text("Full time")
    expect(page.locator("#announcements")).to_contain_text("Full time. Reds 0, Blues 0.")


def test_the_clock_runs_by_itself(site, kicked_off):
    page = site.follow(kicked_off)
    before = page.locator("#clock-time").inner_text()

    expect(page.locator("#clock-time")).not_to_have_text(before)


def test_stoppage_time_stands_beside_the_clock(site, match, actor):
    started = timezone.now() - timezone.timedelta(minutes=46, seconds=30)
    lifecycle.start_match(match=match, actor=actor, at=started)

    page = site.follow(match)

    expect(page.locator("#clock-time")).to_have_text(re.compile(r"46:3\d"))
    expect(page.locator("#clock-stoppage")).to_have_text("45+2")


def test_a_device_with_a_wrong_clock_shows_the_right_time(site, kicked_off):
    page = site.open("about:blank")
    page.clock.install(time=timezone.now() + timezone.timedelta(hours=3))
    page.clock.resume()
    page.goto(f"/w#{share(kicked_off)}")

    expect(page.locator("#clock-time")).to_have_text(re.compile(r"00:\d\d"))


def test_corrections_and_deletions_arrive_too(site, kicked_off, actor):
    page = site.follow(kicked_off)
    penalty = log(kicked_off, actor, EventKind.PENALTY, outcome=Outcome.AWARDED)
    goal = log(kicked_off, actor, clock_ms=60_000)
    expect_score(page, 1, 0)

    edit_event(event=penalty, actor=actor, changes={"outcome": Outcome.SCORED}, base_version=None)
    expect_score(page, 2, 0)
    void_event(event=goal, actor=actor, base_version=None)
    expect_score(page, 1, 0)

    expect(page.locator("#timeline .row")).to_have_count(1)
    expect(page.locator("#timeline .row")).to_contain_text("Penalty scored")


def test_a_new_name_of_the_venue_arrives(site, kicked_off, actor):
    page = site.follow(kicked_off)

    update_match(
        match=kicked_off, actor=actor, changes={"venue": "Sports ground"}, base_version=None
    )

    expect(page.locator("#venue")).to_have_text("Sports ground")


def test_line_ups_follow_substitutions(site, kicked_off, actor):
    lineup = lineup_of(kicked_off, kicked_off.home_team)
    page = site.follow(kicked_off)

    set_lineup(match=kicked_off, actor=actor, team=kicked_off.home_team, players=lineup)
    on_pitch = page.locator("#home-on-pitch .player")
    expect(on_pitch).to_have_count(11)
    expect(page.locator("#home-bench .player")).to_have_count(3)
    expect(page.locator("#pitch-players .marker")).to_have_count(11)
    expect(page.locator("#away-unknown")).to_be_visible()
    expect(on_pitch.filter(has_text="10").locator(".captain")).to_be_visible()

    log(
        kicked_off,
        actor,
        EventKind.SUBSTITUTION,
        player_off_id=lineup[9].player_id,
        player_on_id=lineup[11].player_id,
    )

    expect(page.locator("#home-on-pitch")).to_contain_text("12")
    expect(page.locator("#home-bench .player").first).to_contain_text("10")
    row = page.locator("#timeline .row--substitution")
    expect(row).to_contain_text("No. 12")
    expect(row).to_contain_text("No. 10")


def test_a_shootout_shows_every_kick(site, kicked_off, actor):
    match = kicked_off
    for _ in range(4):
        lifecycle.end_period(match=match, actor=actor)
        lifecycle.start_period(match=match, actor=actor)
    page = site.follow(match)
    for team, outcome in (
        (match.home_team, Outcome.SCORED),
        (match.away_team, Outcome.SAVED),
        (match.home_team, Outcome.MISSED),
    ):
        log(
            match, actor, EventKind.SHOOTOUT_KICK, team=team, period=5, clock_ms=None,
            outcome=outcome,
        )  # fmt: skip

    expect(page.locator("#shootout-score")).to_have_text(f"1{DASH}0")
    expect(page.locator("#home-kicks .kick")).to_have_count(2)
    expect(page.locator("#away-kicks .kick")).to_have_text("Saved")
    expect_score(page, 0, 0)
    expect(page.locator("#clock")).to_be_hidden()


def scorer(match, name="Ada Canary"):
    return factories.build_player(
        match.home_team, number=7, name=name, name_consent=True, birth_date=date(1990, 1, 1)
    )


def test_players_go_by_number_unless_the_policy_allows_more(site, kicked_off, actor):
    player = scorer(kicked_off)
    page = site.follow(kicked_off)

    log(kicked_off, actor, player_id=player.pk, clock_ms=60_000)

    expect(page.locator("#timeline .row")).to_contain_text("No. 7")
    assert "Canary" not in page.content()


def test_a_player_met_for_the_first_time_is_looked_up_by_name(site, kicked_off, actor):
    organisation = kicked_off.organisation
    organisation.name_policy = NamePolicy.FULL
    organisation.save()
    player = scorer(kicked_off)
    page = site.open(f"/w#{share(kicked_off, name_policy=NamePolicy.FULL)}")
    expect_score(page, 0, 0)

    log(kicked_off, actor, player_id=player.pk, clock_ms=60_000)

    expect(page.locator("#timeline .row")).to_contain_text("Ada Canary")
    expect(page.locator("#home-scorers")).to_have_text(f"Ada Canary 2{PRIME}")


def test_a_look_up_that_fails_is_tried_again_with_the_next_event(site, kicked_off, actor):
    site.faults.expected.append("ERR_FAILED")
    player = scorer(kicked_off)
    page = site.follow(kicked_off)
    page.route("**/live", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        log(kicked_off, actor, player_id=player.pk, clock_ms=60_000)

    page.unroute("**/live")
    log(kicked_off, actor, EventKind.CORNER, clock_ms=90_000)

    expect(page.locator("#timeline .row")).to_contain_text("No. 7")


def test_a_name_is_text_whatever_it_looks_like(site, match, actor):
    team = match.home_team
    team.name = "<img src=x onerror=alert(1)>"
    team.save()
    lifecycle.start_match(match=match, actor=actor)

    page = site.follow(match)

    expect(page.locator("#home-name")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator("img").count() == 0


def test_small_events_wait_behind_a_button_and_the_order_can_be_turned(site, kicked_off, actor):
    log(kicked_off, actor, EventKind.CORNER, clock_ms=30_000)
    log(kicked_off, actor, clock_ms=60_000)
    log(kicked_off, actor, EventKind.YELLOW_CARD, clock_ms=90_000)
    page = site.follow(kicked_off)
    titles = page.locator("#timeline .row__title")
    expect(titles).to_have_text(["Yellow card", "Goal"])

    page.get_by_role("button", name="Show all (1 more)").click()
    expect(titles).to_have_text(["Yellow card", "Goal", "Corner"])

    page.get_by_role("button", name="Oldest first").click()
    expect(titles).to_have_text(["Corner", "Goal", "Yellow card"])

    page.get_by_role("button", name="Key events only").click()
    expect(titles).to_have_text(["Goal", "Yellow card"])


def test_the_score_stays_in_sight_on_the_way_down(site, kicked_off, actor):
    for minute in range(1, 15):
        log(kicked_off, actor, clock_ms=minute * 60_000)
    page = site.follow(kicked_off)
    mini = page.locator("#mini")
    expect(mini).to_be_hidden()

    page.get_by_role("button", name="Line-ups").click()

    expect(mini).to_be_visible()
    expect(page.locator("#mini-score")).to_have_text(f"14{DASH}0")
    assert page.evaluate("document.activeElement.id") == "lineups-title"
    assert "#" in page.url, "the token is still in the address"
