"""That everybody can use the pages: by keyboard, by ear, on a small phone, in the dark."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.matches.builders import build_manager, log
from tests.web.accessibility import problems, tab_stops, too_wide
from tests.web.scenario import play
from tests.web.site import DESKTOP, PHONE, share

pytestmark = pytest.mark.browser

LONG_NAME = "Wolverhampton-Wednesfield Wanderers Under Fourteen Development Squad Reds"
SCREENS = pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")],
    ids=["phone-light", "phone-dark", "desktop-light", "desktop-dark"],
)


def settled(page):
    """Nothing fades in or out any more: half of an animation has a contrast of its own."""
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
    return page


@SCREENS
def test_the_viewer_page_can_be_read_by_everybody(site, viewport, scheme):
    page = settled(site.follow(play().match, viewport=viewport, color_scheme=scheme))

    assert problems(page) == []
    assert too_wide(page) == []


@SCREENS
def test_the_landing_page_can_be_read_by_everybody(site, viewport, scheme):
    for match in (play().match, factories.build_live_match(), factories.build_match()):
        share(match, listed=True)

    page = settled(site.open("/", viewport=viewport, color_scheme=scheme))

    expect(page.locator(".card")).to_have_count(3)
    assert problems(page) == []
    assert too_wide(page) == []


@SCREENS
@pytest.mark.parametrize(
    "path", ["/", "/w", "/nowhere", "/account/reset", "/account/reset#token", "/account/verify"]
)
def test_pages_without_a_match_can_be_read_by_everybody(site, viewport, scheme, path):
    site.faults.expected.append("404 (Not Found)")

    page = settled(site.open(path, viewport=viewport, color_scheme=scheme))

    assert problems(page) == []
    assert too_wide(page) == []


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#ffff00", "#777777"])
def test_numbers_can_be_read_on_any_shirt(site, colour):
    played = play()
    for team in (played.match.home_team, played.match.away_team):
        team.colour = colour
        team.save()

    page = settled(site.follow(played.match))

    assert problems(page) == []


@pytest.mark.parametrize("path", ["viewer", "landing"])
def test_the_longest_names_fit_the_smallest_phone(site, path):
    organisation = factories.build_organisation()
    home, away = (
        factories.build_team(organisation=organisation, name=f"{LONG_NAME} {number}")
        for number in "12"
    )
    match = factories.build_live_match(
        organisation=organisation,
        home_team=home,
        away_team=away,
        competition="The Donaudampfschifffahrtsgesellschaft Challenge Cup for Juniors",
    )
    log(match, build_manager(match), clock_ms=60_000)
    token = share(match, listed=True)
    narrow = {"width": 320, "height": 640}

    page = site.open(f"/w#{token}" if path == "viewer" else "/", viewport=narrow)

    expect(page.get_by_text(f"{LONG_NAME} 1").first).to_be_visible()
    assert too_wide(page) == []


def test_the_keyboard_reaches_everything_on_the_viewer_page(site):
    match = factories.build_live_match()
    for clock_ms in (1_000, 2_000):
        log(match, build_manager(match), clock_ms=clock_ms)
    page = site.follow(match)
    expect(page.get_by_role("button", name="Oldest first")).to_be_visible()

    stops = tab_stops(page, 4)

    assert stops == [
        ("Touchline", True),
        ("Timeline", True),
        ("Line-ups", True),
        ("Oldest first", True),
    ]
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Newest first")).to_be_focused()


def test_the_keyboard_reaches_everything_on_the_landing_page(site, settings):
    settings.API_DOCS = "public"
    match = factories.build_live_match()
    share(match, listed=True)
    page = site.open("/")

    stops = tab_stops(page, 4)

    follow = f"Follow live {match.home_team} v {match.away_team}"
    assert stops == [("Touchline", True), ("Admin", True), ("API docs", True), (follow, True)]


def test_the_focus_survives_what_happens_meanwhile(site):
    match = factories.build_live_match()
    actor = build_manager(match)
    for clock_ms in (1_000, 2_000):
        log(match, actor, clock_ms=clock_ms)
    page = site.follow(match)
    button = page.get_by_role("button", name="Oldest first")
    button.focus()

    log(match, actor, clock_ms=3_000)

    expect(page.locator("#home-score")).to_have_text("3")
    expect(button).to_be_focused()


def test_a_screen_reader_hears_what_happens_and_not_each_second(site):
    page = site.follow(factories.build_live_match())

    regions = page.locator("[aria-live=polite], [role=status]")

    assert [one.get_attribute("id") for one in regions.all()] == ["connection", "announcements"]
    assert page.locator("#clock-time").get_attribute("aria-live") == "off"


def test_a_goal_stands_out_without_motion_for_those_who_want_none(site):
    match = factories.build_live_match()
    page = site.follow(match, reduced_motion="reduce")

    log(match, build_manager(match), clock_ms=60_000)

    expect(page.locator("#home-score")).to_have_text("1")
    longest = page.evaluate(
        "Math.max(0, ...document.getAnimations()"
        ".map((one) => one.effect.getComputedTiming().activeDuration))"
    )
    assert longest <= 1


def test_on_paper_stands_the_match_and_no_button(site):
    played = play()
    page = site.follow(played.match)

    page.emulate_media(media="print")

    expect(page.locator("#home-score")).to_be_visible()
    expect(page.locator("#timeline .row").first).to_be_visible()
    for control in page.locator("button").all():
        expect(control).to_be_hidden()


def test_without_javascript_the_viewer_page_says_what_it_needs(site):
    page = site.open("/w#token", java_script_enabled=False)

    expect(page.get_by_role("heading", name="This page needs JavaScript")).to_be_visible()
