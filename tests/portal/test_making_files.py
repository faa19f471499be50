"""A file that takes its time: how far it is, the file, and nothing of it for anybody else or after an hour."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.chassis.errors import Unavailable
from services.chassis.paper import Reached
from services.portal import making, making_pages
from services.portal.models import exports
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import CASE_ID, CLOSED_CASE, MANAGER, NOW

REPORT = f"/reports/{'p' * 32}/annual.csv?since=2026-01-01&until=2026-12-31"


class Beside:
    """What is to be made beside the pages, until a test lets it go on."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, work: Callable[..., Any], *args: Any) -> None:
        self.waiting.append(lambda: work(*args))

    def go_on(self) -> None:
        """Make the oldest."""
        self.waiting.pop(0)()


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> Beside:
    held = Beside()
    monkeypatch.setattr(making, "beside", held)
    monkeypatch.setattr(making, "_NOTED_EVERY", -1.0)
    monkeypatch.setattr(making_pages, "AT_ONCE", 0.0)
    return held


def test_a_long_file_is_seen_on_its_way_and_then_saved_without_any_script(browser: Browser, beside: Beside) -> None:
    browser.sign_in()
    page = browser.open(REPORT).request.path
    assert re.fullmatch("/made/[0-9a-f]{32}", page)
    assert "Your file is being made" in browser.text and "Step 0 of 7, asked for 0 seconds ago" in browser.text
    assert f'href="{page}"' in browser.page and "since=2026-01-01" in browser.page
    assert browser.client.get(f"{page}/file").status_code == 404
    beside.go_on()
    browser.open(page)
    assert "Your file is ready" in browser.text and f'href="{page}/file"' in browser.page
    answer = browser.client.get(f"{page}/file")
    assert answer.headers["Content-Disposition"] == "attachment; filename=annual.csv"
    assert answer.headers["Cache-Control"] == "no-store" and b"What came in" in answer.data


def begun(portal: Portal, browser: Browser, make: making.Make, case_id: str | None = None) -> str:
    cookie = browser.client.get_cookie("heard_staff")
    assert cookie
    asked = making.Asked("copy.pdf", "application/pdf", MANAGER["id"], cookie.value, case_id, "/cases")
    return f"/made/{making.begin(portal.house, asked, make).id}"  # type: ignore[arg-type]


def test_the_page_says_which_page_is_being_laid_out(browser: Browser, portal: Portal, beside: Beside) -> None:
    browser.sign_in()
    page = ""

    def make(reached: Reached) -> bytes:
        reached(5, 31)
        browser.open(page)
        assert "page 31 is being laid out" in browser.text and "Step 5 of 7" in browser.text
        return b"%PDF"

    page = begun(portal, browser, make)
    beside.go_on()
    browser.open(page)
    assert "Your file is ready" in browser.text


def test_a_file_is_for_the_browser_that_asked_and_for_an_hour(browser: Browser, portal: Portal, beside: Beside) -> None:
    browser.sign_in()
    page = begun(portal, browser, lambda _: b"%PDF of a case")
    beside.go_on()
    elsewhere = Browser(portal.app.test_client())
    assert elsewhere.open(page).request.path == "/sign-in"
    elsewhere.sign_in()
    assert elsewhere.client.get(f"{page}/file").status_code == 404
    with portal.house.db.reading() as conn:
        assert b"of a case" not in conn.execute(exports.select()).one().sealed
    portal.house.clock.at = NOW + timedelta(minutes=59)
    assert browser.client.get(f"{page}/file").data == b"%PDF of a case"
    portal.house.clock.at = NOW + timedelta(hours=1)
    assert browser.client.get(f"{page}/file").status_code == 404
    assert making.sweep(portal.house.db, portal.house.clock.now()) == 1  # type: ignore[arg-type]


def test_another_person_never_learns_that_there_is_such_a_file(
    browser: Browser, portal: Portal, beside: Beside
) -> None:
    browser.sign_in()
    page = begun(portal, browser, lambda _: b"%PDF")
    beside.go_on()
    with portal.house.db.writing() as conn:
        conn.execute(exports.update().values(person_id="another"))
    assert browser.client.get(page).status_code == 404 == browser.client.get(f"{page}/file").status_code


def test_a_copy_stays_away_when_its_case_was_closed_to_them_meanwhile(
    browser: Browser, portal: Portal, beside: Beside
) -> None:
    browser.sign_in()
    for case_id, status in ((CASE_ID, 200), (CLOSED_CASE, 404)):
        page = begun(portal, browser, lambda _: b"%PDF", case_id)
        beside.go_on()
        assert browser.client.get(f"{page}/file").status_code == status


def fails(fault: Exception) -> making.Make:
    def make(_: Reached) -> bytes:
        raise fault

    return make


def test_what_goes_wrong_or_is_stopped_is_said_and_can_be_asked_for_again(
    browser: Browser, portal: Portal, beside: Beside
) -> None:
    browser.sign_in()
    for fault, said in ((Unavailable("Try later."), "Try later."), (ValueError("Wren"), "Something went wrong")):
        page = begun(portal, browser, fails(fault))
        beside.go_on()
        browser.open(page)
        assert "could not be made" in browser.text and said in browser.text and "Wren" not in browser.text
        assert 'href="/cases"' in browser.page
    page = begun(portal, browser, fails(ValueError()))
    portal.house.clock.at = NOW + making.GIVEN_UP
    browser.open(page)
    assert "what made it was stopped" in browser.text


def test_nobody_has_more_than_three_on_their_way(browser: Browser, portal: Portal, beside: Beside) -> None:
    browser.sign_in()
    for _ in range(making.MOST):
        assert browser.client.get(REPORT).status_code == 303
    assert browser.client.get(REPORT).status_code == 429
    beside.go_on()
    assert browser.client.get(REPORT).status_code == 303
