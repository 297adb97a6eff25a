import pytest
from playwright.sync_api import sync_playwright

from matches.operations import lifecycle
from tests import factories
from tests.matches.builders import build_manager
from tests.web.chromium import MODULES_ORIGIN, Faults, Modules, launch, serve_static
from tests.web.site import Site


# For one module of tests, not the session: while Playwright runs, its event loop counts as
# running in this thread, and asynchronous tests of other modules could not start theirs.
@pytest.fixture(scope="module")
def chromium():
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Django sees that loop, too, and would refuse plain queries in this thread.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def modules(chromium):
    """The page modules on an empty page, without a server."""
    context = chromium.new_context(locale="en-GB", timezone_id="Europe/London")
    page = context.new_page()
    faults = Faults(MODULES_ORIGIN)
    faults.watch(page)
    context.route("**/*", serve_static)
    page.goto(f"{MODULES_ORIGIN}/")
    yield Modules(page)
    context.close()
    assert faults.seen == []


@pytest.fixture
def site(chromium, transactional_db, settings):
    """Touchline itself on a free port, with a browser that watches for faults."""
    settings.WEBSOCKET_ORIGINS = []
    with Site(chromium) as opened:
        yield opened
    assert opened.faults.seen == []


@pytest.fixture
def match():
    organisation = factories.build_organisation()
    reds, blues = (
        factories.build_team(organisation=organisation, name=name, colour=colour)
        for name, colour in (("Reds", "#c81e1e"), ("Blues", "#1d4ed8"))
    )
    return factories.build_match(
        organisation=organisation, home_team=reds, away_team=blues, venue="Mill Lane"
    )


@pytest.fixture
def actor(match):
    return build_manager(match)


@pytest.fixture
def kicked_off(match, actor):
    return lifecycle.start_match(match=match, actor=actor)
