"""Somebody at a browser, who cannot pass an inaccessible page.

Each page that they come to is looked at on a phone and at a desk: axe finds nothing, nothing is wider than the screen,
nothing complains on the console, it is light enough for an old phone. What it is by the portal's route table is kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.ground import world
from tests.portal.fakes import route_table

AXE = f"window.axeAtHand = () => {{{(Path(__file__).parent / 'axe.min.js').read_text(encoding='utf-8')}}}"
"""Given to the browser once for all pages, and read by those that axe looks at: to send it to each took long."""
WIDTHS = {"phone": (390, 844), "desk": (1280, 900)}
HEAVIEST = {"public": 200 * 1024, "staff": 300 * 1024}
"""What a page may weigh as it stands, before any gateway packs it: a record of staff's is a long page."""
_PUBLIC = ("public.", "at.", "follow.", "account.sign_in")
ROUTES: MapAdapter = route_table().bind("heard.invalid")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Reports differ each time, so pictures are kept only where somebody asks for them.
PICTURES = os.environ.get("HEARD_TEST_PICTURES")
_FOUND_GOOD: dict[tuple[str, str], set[str]] = {}
"""Of what axe found nothing wrong with, by door and width: a page made of nothing else is not asked about again."""
LOOK = """() => {
  const shape = [...document.querySelectorAll("*")].map(one => {
    const told = one.getAttributeNames().sort().map(name =>
      ["class", "role", "type", "lang", "dir", "open", "hidden"].includes(name) ? name + one.getAttribute(name) : name);
    return (one.parentElement ? one.parentElement.tagName + one.parentElement.className : "") + one.tagName + told;
  });
  const root = document.documentElement, came = [...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource")];
  return {
    shape: [...new Set(shape)],
    wide: root.scrollWidth - root.clientWidth,
    typed: [...document.querySelectorAll("textarea, input")].map(one => one.value),
    weighs: came.reduce((sum, one) => sum + one.encodedBodySize, 0),
  };
}"""


def door_of(path: str) -> str:
    """The endpoint behind an address; "" where the portal has none."""
    for method in ("GET", "POST"):
        try:
            return str(ROUTES.match(path.partition("?")[0].partition("#")[0], method)[0])
        except HTTPException:
            continue
    return ""


class Visitor:
    """Whoever sits there. ``kind`` is what they sit at; ``met`` are the doors whose pages they came to."""

    def __init__(self, context: BrowserContext, url: str, kind: str, *, scripts: bool = True) -> None:
        self.url, self.kind, self.scripts = url, kind, scripts
        self.complaints: list[str] = []
        self.met: set[str] = set()
        self.expects = ["status of 4"]  # a refused form is a 4xx on purpose
        self.presses = 0
        self._pictures = 0
        if scripts:
            context.add_init_script(AXE)
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("requestfailed", self._was_lost)

    def _was_lost(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # as when somebody leaves a page that asks how far it is
            self.complaints.append(f"failed: {request.url}")

    def open(self, path: str) -> None:
        """Go to a page of ours, and look at it."""
        self.page.goto(self.url + path)
        self.look()

    def look(self) -> None:
        """The page as it stands is in order, on what they sit at and on the other."""
        path = self.page.url.removeprefix(self.url)
        where, door = re.sub(r"[0-9a-f]{32}", "ID", path), door_of(path)
        self.met.add(door)
        self._look_at(where, door, self.kind)
        other = next(kind for kind in WIDTHS if kind != self.kind)
        self._sit_at(other)
        self._look_at(where, door, other)
        self._sit_at(self.kind)
        unexpected = [one for one in self.complaints if not any(said in one for said in self.expects)]
        assert unexpected == [], f"{where}: {unexpected}"

    def _sit_at(self, kind: str) -> None:
        width, height = WIDTHS[kind]
        self.page.set_viewport_size({"width": width, "height": height})

    def _look_at(self, where: str, door: str, kind: str) -> None:
        seen: dict[str, Any] = self.page.evaluate(LOOK)
        assert seen["wide"] <= 0, f"{where} is {seen['wide']}px wider than a {kind}"
        assert {"None", "undefined", "nan"}.isdisjoint(seen["typed"]), f"{where} fills in nothing's name"
        most = HEAVIEST["public" if door.startswith(_PUBLIC) else "staff"]
        assert seen["weighs"] <= most, f"{where} weighs {seen['weighs'] // 1024} KB"
        if PICTURES:
            self._take_a_picture(where, kind)
        good, made_of = _FOUND_GOOD.setdefault((door, kind), set()), {*seen["shape"]}
        if self.scripts and not made_of <= good:
            self._examine(where, kind)
            good |= made_of

    def _take_a_picture(self, where: str, kind: str) -> None:
        self._pictures += kind == self.kind
        name = re.sub(r"[^a-z]+", "-", where.lower()).strip("-") or "start"
        test = re.sub(r"\W+", "-", os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[-1].split(" ")[0])[:40]
        self.page.screenshot(path=f"{PICTURES}/{test}-{self._pictures:02}-{name[:40]}-{kind}.png", full_page=True)

    def _examine(self, where: str, kind: str) -> None:
        found: list[dict[str, Any]] = self.page.evaluate(
            "tags => ('axe' in window || axeAtHand(), axe).run(document, {runOnly: {type: 'tag', values: tags},"
            " resultTypes: ['violations'], selectors: false}).then(done => done.violations)",
            _TAGS,
        )
        faults = [f"{one['id']}: {[node['html'][:160] for node in one['nodes']]}" for one in found]
        assert faults == [], f"{where} ({kind}): {faults}"

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
        self.page.context.clear_cookies()
        self.page.goto(self.url + "/sign-in")
        self.page.get_by_label("Email address").fill(world.signs_in()[person])
        self.page.get_by_label("Password").fill(world.PASSWORD)
        self.press("Sign in")
        self.presses = 0

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")
