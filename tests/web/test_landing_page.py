"""The landing page on a real server: what a newcomer sees move."""

import re

import pytest
from playwright.sync_api import expect

from matches.operations import lifecycle
from matches.rules.kinds import EventKind
from tests import factories
from tests.matches.builders import build_manager, log
from tests.web.site import DESKTOP, share

pytestmark = pytest.mark.browser


def listed(match):
    return share(match, listed=True)


def card(page, section="in-play"):
    return page.locator(f'[data-section="{section}"] .card')


def part(page, name, section="in-play"):
    return card(page, section).locator(f'[data-part="{name}"]')


def test_a_card_follows_its_match_without_a_reload(site, match, actor):
    listed(match)
    lifecycle.start_match(match=match, actor=actor)
    page = site.open("/", viewport=DESKTOP)
    page.evaluate("window.isTheSamePage = true")
    expect(part(page, "clock")).to_have_text(re.compile(r"00:[0-5][1-9]"))
    site.wait_until_caught_up(page)

    log(match, actor, clock_ms=754_000, team=match.away_team)

    expect(part(page, "away-goals")).to_have_text("1")
    expect(part(page, "latest")).to_have_text("Goal, Blues, minute 13")
    expect(part(page, "away-goals")).to_have_class(re.compile("is-fresh"))
    lifecycle.end_period(match=match, actor=actor)
    expect(part(page, "standing")).to_have_text("Half-time")
    expect(part(page, "clock")).to_be_empty()
    assert page.evaluate("window.isTheSamePage")


def test_a_match_moves_up_as_it_kicks_off_and_down_as_it_ends(site, match, actor):
    listed(match)
    page = site.open("/")
    expect(part(page, "home-goals", "to-come")).to_have_text("\N{EN DASH}")
    expect(part(page, "kickoff", "to-come")).to_have_text("Saturday, 21 November 2026 at 15:00")

    lifecycle.start_match(match=match, actor=actor)
    expect(part(page, "standing", "in-play")).to_have_text("First half")

    lifecycle.complete_match(match=match, actor=actor)
    expect(part(page, "standing", "over")).to_have_text("Full time")
    expect(card(page, "in-play")).to_have_count(0)


def test_a_match_that_is_reopened_comes_back_up(site, match, actor):
    listed(match)
    lifecycle.start_match(match=match, actor=actor)
    page = site.open("/")
    expect(part(page, "clock")).not_to_be_empty()
    lifecycle.complete_match(match=match, actor=actor)
    expect(part(page, "standing", "over")).to_have_text("Full time")

    lifecycle.reopen_match(match=match, actor=actor, reason="Too early.")

    expect(part(page, "standing", "in-play")).to_have_text("Half-time")


def test_a_card_leads_to_the_viewer_page(site, match, actor):
    listed(match)
    lifecycle.start_match(match=match, actor=actor)
    page = site.open("/")

    page.get_by_role("link", name="Follow live Reds v Blues").click()

    expect(page.locator("#standing")).to_have_text("First half")
    expect(page.locator("#connection-text")).to_have_text("Up to date")


def test_a_card_survives_a_restart_of_the_server(site, match, actor):
    listed(match)
    lifecycle.start_match(match=match, actor=actor)
    page = site.open("/")
    expect(part(page, "clock")).not_to_be_empty()

    site.restart_after(lambda: log(match, actor, clock_ms=60_000))

    expect(part(page, "home-goals")).to_have_text("1")


def test_only_the_first_dozen_of_matches_hold_a_socket(site):
    sockets = []
    for _ in range(14):
        match = factories.build_match()
        listed(match)
        lifecycle.start_match(match=match, actor=build_manager(match))
    page = site.open("about:blank")

    def noticed(socket):
        sockets.append(socket)

    page.on("websocket", noticed)

    page.goto("/")
    expect(card(page)).to_have_count(14)
    # The thirteenth and fourteenth clock stand as the server wrote them.
    expect(part(page, "clock").nth(11)).to_have_text(re.compile(r"00:(0[2-9]|[1-5][0-9])"))

    assert len(sockets) == 12


def test_without_javascript_the_page_still_tells_what_is_live(site, match, actor):
    listed(match)
    lifecycle.start_match(match=match, actor=actor)
    log(match, actor, EventKind.RED_CARD, clock_ms=60_000)

    page = site.open("/", java_script_enabled=False)

    expect(part(page, "standing")).to_have_text("First half")
    expect(part(page, "latest")).to_have_text("Red card, Reds, minute 2")
