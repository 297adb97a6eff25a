"""The viewer page when the network, the server or the link fails."""

import re

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from matches.models import Match, MatchEvent, ShareLink
from matches.operations.sharing import revoke_share_link
from realtime import feed
from tests import factories
from tests.matches.builders import log
from tests.web.site import expect_score, score, share

pytestmark = pytest.mark.browser


def test_a_lost_network_is_said_and_caught_up_with(site, kicked_off, actor):
    site.faults.expected.append("ERR_INTERNET_DISCONNECTED")
    page = site.follow(kicked_off)

    page.context.set_offline(True)
    log(kicked_off, actor, clock_ms=60_000)
    log(kicked_off, actor, clock_ms=120_000, team=kicked_off.away_team)
    expect(page.locator("#connection-text")).to_have_text(re.compile("^Offline since "))
    assert score(page) == ("0", "0")
    page.context.set_offline(False)

    expect_score(page, 1, 1)
    expect(page.locator("#connection-text")).to_have_text("Up to date")
    expect(page.locator("#announcements")).to_have_text("Connected again. Reds 1, Blues 1.")


def test_a_history_that_begins_anew_is_no_cut(site, kicked_off, actor):
    log(kicked_off, actor, clock_ms=60_000)
    page = site.follow(kicked_off)
    expect_score(page, 1, 0)

    with transaction.atomic():
        MatchEvent.objects.all().delete()
        Match.objects.update(home_goals=0)
        feed.restart(kicked_off.topic)

    expect_score(page, 0, 0)
    expect(page.locator("#timeline .row")).to_have_count(0)
    log(kicked_off, actor, clock_ms=60_000)
    expect(page.locator("#announcements")).to_have_text("Goal, Reds, minute 2. Reds 1, Blues 0.")


def test_a_restarted_server_costs_nothing(site, kicked_off, actor):
    page = site.follow(kicked_off)

    site.restart_after(lambda: log(kicked_off, actor, clock_ms=60_000))

    expect_score(page, 1, 0)
    expect(page.locator("#connection-text")).to_have_text("Up to date")


def test_a_page_opened_while_the_server_is_away_says_so_and_gets_there(site, kicked_off):
    page = site.open("/w")
    token = share(kicked_off)

    def look():
        page.evaluate(f"location.hash = '{token}'")

    page.route("**/api/v1/share/exchange", lambda route: route.abort())
    site.faults.expected.append("ERR_FAILED")
    look()
    expect(page.locator("#notice-title")).to_have_text("The server does not answer")
    page.unroute("**/api/v1/share/exchange")

    expect(page.locator("#notice")).to_be_hidden()
    expect_score(page, 0, 0)


def test_where_sockets_are_blocked_the_document_is_read_instead(site, kicked_off, actor):
    site.faults.expected.append("WebSocket connection")
    page = site.open("/")
    page.add_init_script(
        "window.WebSocket = class extends EventTarget {"
        "  constructor() { super(); setTimeout(() => this.onclose?.({ code: 1006 }), 20); }"
        "  close() {} };"
    )

    log(kicked_off, actor, clock_ms=60_000)
    page.goto(f"/w#{share(kicked_off)}")

    expect_score(page, 1, 0)
    expect(page.locator("#connection")).to_be_visible()


def test_a_withdrawn_link_ends_with_a_word_and_the_last_score(site, kicked_off, actor):
    page = site.follow(kicked_off)
    log(kicked_off, actor, clock_ms=60_000)
    expect_score(page, 1, 0)

    revoke_share_link(link=ShareLink.objects.get(match=kicked_off), actor=actor)

    expect(page.locator("#notice-title")).to_have_text("This link has ended")
    expect(page.locator("#notice-text")).to_contain_text("Below is how the match stood at")
    expect(page.locator("#connection-text")).to_have_text("Not connected")
    assert score(page) == ("1", "0")


@pytest.mark.parametrize(
    ("fragment", "title"),
    [("", "This link is incomplete"), ("#nonsense", "This link leads to no match")],
)
def test_a_wrong_link_is_explained(site, fragment, title):
    site.faults.expected.append("404 (Not Found)")

    page = site.open(f"/w{fragment}")

    expect(page.locator("#notice-title")).to_have_text(title)
    expect(page.locator("#match")).to_be_hidden()


def test_an_expired_link_is_explained(site, match):
    site.faults.expected.append("410 (Gone)")
    token = share(match)
    ShareLink.objects.update(expires_at=timezone.now())

    page = site.open(f"/w#{token}")

    expect(page.locator("#notice-title")).to_have_text("This link has ended")
    expect(page.locator("#announcements")).to_contain_text("Ask whoever sent it to you")


def test_another_link_in_the_same_tab_opens_the_other_match(site, match, kicked_off):
    page = site.follow(kicked_off)
    other = factories.build_match(home_team=factories.build_team(name="Greens"))

    page.goto(f"/w#{share(other)}")

    expect(page.locator("#home-name")).to_have_text("Greens")
