"""A Chromium that reaches nothing but what a test serves, and notices every fault of a page."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route

NAMES = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
EXECUTABLE = next((path for name in NAMES if name and (path := shutil.which(name))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
CONTENT_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
MODULES_ORIGIN = "http://modules.test"


def launch(playwright: Playwright) -> Browser:
    if EXECUTABLE is None:
        # CI installs it, and must not pass without having looked at the pages.
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("Chromium is not installed; CHROMIUM=/path/to/it names another browser.")
    return playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)


@dataclass
class Faults:
    """What a page must never do; `expected` are texts of console errors that a test provokes."""

    origin: str
    seen: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not any(part in text for part in self.expected):
            self.seen.append(f"{kind}: {text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != self.origin and parts.scheme != "data":
            self.seen.append(f"request to {url}")


def serve_static(route: Route) -> None:
    """Static files from the source tree; any other address is an empty page."""
    path = urlsplit(route.request.url).path
    if not path.startswith("/static/"):
        route.fulfill(body="<!doctype html><title>modules</title>", content_type="text/html")
        return
    file = STATIC / path.removeprefix("/static/")
    if file.is_file():
        route.fulfill(body=file.read_bytes(), content_type=CONTENT_TYPES[file.suffix])
    else:
        route.fulfill(status=404)


@dataclass
class Modules:
    """Calls exported functions of the page modules, as a page would, on plain data."""

    page: Page

    def call(self, module: str, function: str, *arguments):
        return self.page.evaluate(
            """async ([module, name, values]) => {
                 const exported = await import(`/static/web/js/${module}.js`);
                 return exported[name](...values);
               }""",
            [module, function, list(arguments)],
        )

    def run(self, script: str, argument=None):
        """`script` is a function of `(load, argument)`, where `load("clock")` imports a module."""
        return self.page.evaluate(
            f"(argument) => ({script})((name) => import(`/static/web/js/${{name}}.js`), argument)",
            argument,
        )
