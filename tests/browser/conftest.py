"""A Chromium, the embedded platform behind it, and a visitor who cannot pass an inaccessible page."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.ground import world
from tests.ground.harness import Platform

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = {"phone": (390, 844), "desk": (1280, 900)}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
         "--use-fake-ui-for-media-stream"]  # fmt: skip
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Reports differ each time, so pictures are kept only where somebody asks for them.
PICTURES = os.environ.get("HEARD_TEST_PICTURES")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test with a browser runs among those on real parts, one at a time."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("real_parts")


class Visitor:
    """Somebody at a browser. Every page they come to is looked at by axe, and may not complain on its console."""

    def __init__(self, context: BrowserContext, url: str, width: str, *, scripts: bool = True) -> None:
        self.url, self.width, self.scripts = url, width, scripts
        self.complaints: list[str] = []
        self.presses = 0
        self._pictures = 0
        self._context = context
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("requestfailed", lambda failed: self.complaints.append(f"failed: {failed.url}"))

    def open(self, path: str) -> None:
        """Go to a page of ours, and look at it."""
        self.page.goto(self.url + path)
        self.look()

    def look(self) -> None:
        """The page as it stands has no fault that axe knows, fits its width, and says nothing on the console."""
        where = re.sub(r"[0-9a-f]{32}", "ID", self.page.url.removeprefix(self.url))
        if PICTURES:
            self._pictures += 1
            name = re.sub(r"[^a-z]+", "-", where.lower()).strip("-") or "start"
            self.page.screenshot(path=f"{PICTURES}/{self.width}-{self._pictures:02}-{name}.png", full_page=True)
        if self.scripts:
            self._examine(where)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{where} is {wide}px wider than a {self.width}"
        typed = "[...document.querySelectorAll('textarea, input')].map(one => one.value)"
        assert {"None", "undefined", "nan"}.isdisjoint(self.page.evaluate(typed)), f"{where} fills in nothing's name"
        expected = [one for one in self.complaints if "status of 4" not in one]  # a refused form is a 4xx on purpose
        assert expected == [], where

    def _examine(self, where: str) -> None:
        self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", _TAGS
        )
        faults = [f"{one['id']}: {[node['html'][:160] for node in one['nodes']]}" for one in found["violations"]]
        assert faults == [], f"{where} ({self.width})"

    def press(self, name: str, role: str = "button") -> None:
        """Press a button or follow a link, and look at where it leads."""
        self.presses += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state("load")
        self.look()

    def choose(self, *labels: str) -> None:
        """Tick or choose each of these."""
        for label in labels:
            self.presses += 1
            self.page.get_by_label(label, exact=True).check()

    def write(self, label: str, words: str) -> None:
        """Go to a field and write in it."""
        self.presses += 1
        self.page.get_by_label(label, exact=True).fill(words)

    def sign_in(self, person: str) -> None:
        """Sign in as somebody of the invented world; what they press from here on is counted."""
        self.page.goto(self.url + "/sign-in")
        self.page.get_by_label("Email address").fill(world.signs_in()[person])
        self.page.get_by_label("Password").fill(world.PASSWORD)
        self.press("Sign in")
        self.presses = 0

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    found = shutil.which("chromium")
    assert found, "chromium is not installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def heard() -> Iterator[Platform]:
    """One platform, with homes under each procedure, for all these stories: each tells a report of its own."""
    running = Platform("embedded", every_procedure=True)
    try:
        yield running.start()
    finally:
        running.remove()


@pytest.fixture(params=list(WIDTHS))
def visitor(request: pytest.FixtureRequest, chromium: Browser, heard: Platform) -> Iterator[Visitor]:
    """A visitor with a phone, and one at a desk."""
    yield from _visiting(chromium, heard, request.param)


@pytest.fixture
def without_scripts(chromium: Browser, heard: Platform) -> Iterator[Visitor]:
    """A visitor with a phone that runs no JavaScript; axe, a script itself, has looked at the same pages elsewhere."""
    yield from _visiting(chromium, heard, "phone", scripts=False)


def _visiting(chromium: Browser, heard: Platform, kind: str, *, scripts: bool = True) -> Iterator[Visitor]:
    width, height = WIDTHS[kind]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        has_touch=kind == "phone",
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    yield Visitor(context, heard.url, kind, scripts=scripts)
    context.close()
