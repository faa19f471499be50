"""A Chromium, the embedded platform behind it, and who sits at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import WIDTHS, Visitor
from tests.ground import world
from tests.ground.harness import Platform
from tests.ground.larkfield import LARKFIELD
from tests.ground.southmere import SOUTHMERE

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
         "--use-fake-ui-for-media-stream"]  # fmt: skip
world.invented(LARKFIELD)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test with a browser runs among those on real parts, one at a time."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("real_parts")


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
    running = Platform("embedded", groups=(SOUTHMERE, LARKFIELD), every_procedure=True)
    try:
        yield running.start()
    finally:
        running.remove()


@pytest.fixture
def visitor(request: pytest.FixtureRequest, chromium: Browser, heard: Platform) -> Iterator[Visitor]:
    """A visitor with a phone; ``@pytest.mark.sits_at("desk")`` seats them elsewhere.

    What their test says that it comes to (``@pytest.mark.comes_to``), it came to.
    """
    sits = request.node.get_closest_marker("sits_at")
    someone = visiting(chromium, heard, sits.args[0] if sits else "phone")
    yield someone
    said = request.node.get_closest_marker("comes_to")
    assert {*(said.args if said else ())} <= someone.met, f"it came to {sorted(someone.met)} alone"
    someone.page.context.close()


@pytest.fixture
def without_scripts(chromium: Browser, heard: Platform) -> Iterator[Visitor]:
    """A visitor with a phone that runs no JavaScript; axe, a script itself, has looked at the same pages elsewhere."""
    someone = visiting(chromium, heard, "phone", scripts=False)
    yield someone
    someone.page.context.close()


def visiting(chromium: Browser, heard: Platform, kind: str, *, scripts: bool = True) -> Visitor:
    """Somebody who sits down at a browser of their own."""
    width, height = WIDTHS[kind]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        has_touch=kind == "phone",
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
        java_script_enabled=scripts,
    )
    return Visitor(context, heard.url, kind, scripts=scripts)
