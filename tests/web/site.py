"""The real thing: a server on a free port, a browser, and people who look at a match."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from config.asgi import application
from matches.models import Match
from matches.operations.sharing import create_share_link
from tests.live import DEADLINE_SECONDS, LiveServer
from tests.matches.builders import build_manager
from tests.web.chromium import Faults

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
# What Chromium itself notes while nobody answers.
WHILE_CUT = ["ERR_CONNECTION_REFUSED", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_RESET"]

expect.set_options(timeout=10_000)


class Site:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.faults: Faults
        self.server: LiveServer
        self.contexts: list[BrowserContext] = []
        # Sockets that have caught up: what comes next happens before the eyes of the page.
        self.caught_up = 0

    def __enter__(self) -> "Site":
        self.start()
        self.faults = Faults(self.server.url)
        return self

    def __exit__(self, *error: object) -> None:
        for context in self.contexts:
            context.close()
        if self.server is not None:
            self.stop()

    def start(self, port: int = 0) -> None:
        self.server = LiveServer(application, port=port)
        self.server.start()

    def stop(self) -> int:
        """Take the server away; the answer is where it can come back."""
        port = int(self.server.address.rpartition(":")[2])
        self.server.stop()
        return port

    def restart_after(self, act: Callable[[], Any]) -> None:
        self.faults.expected += WHILE_CUT
        port = self.stop()
        act()
        self.start(port)

    def open(self, path: str, **options: Any) -> Page:
        context = self.browser.new_context(
            base_url=self.server.url,
            **{"viewport": PHONE, "locale": "en-GB", "timezone_id": "Europe/London", **options},
        )
        self.contexts.append(context)
        page = context.new_page()
        self.faults.watch(page)
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))
        page.goto(path)
        return page

    def _hear(self, frame: str | bytes) -> None:
        self.caught_up += '"type":"live"' in str(frame)

    def wait_until_caught_up(self, page: Page) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not self.caught_up:
            assert time.monotonic() < deadline, "no socket of the page has caught up"
            page.wait_for_timeout(10)

    def follow(self, match: Match, **options: Any) -> Page:
        """The viewer page of a fresh link, caught up."""
        page = self.open(f"/w#{share(match)}", **options)
        expect(page.locator("#connection-text")).to_have_text("Up to date")
        return page


def share(match: Match, **fields: Any) -> str:
    return create_share_link(match=match, actor=build_manager(match), **fields).token


def score(page):
    return page.locator("#home-score").inner_text(), page.locator("#away-score").inner_text()


def expect_score(page, home, away):
    expect(page.locator("#home-score")).to_have_text(str(home))
    expect(page.locator("#away-score")).to_have_text(str(away))
