"""A home that has closed: the page says so and where to turn, and still takes what happened in the past."""

from __future__ import annotations

from typing import Any

import pytest

from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import HOME, Directory

CLOSED = HOME | {"active": False, "closed_at": "2026-11-01T00:00:00+00:00"}


@pytest.fixture
def closed(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    def homes_public(self: Directory) -> list[dict[str, Any]]:
        return [dict(CLOSED)]

    monkeypatch.setattr(Directory, "homes_public", homes_public)


@pytest.mark.usefixtures("closed")
def test_the_list_of_homes_and_the_rules_say_that_it_has_closed(browser: Browser) -> None:
    browser.open("/")
    assert "Homes that have closed" in browser.text and "Harbour House" in browser.text
    browser.open("/how/harbour-house")
    assert "Harbour House has closed, on 1 November 2026." in browser.text
    assert "Others you can turn to are named below." in browser.text


@pytest.mark.usefixtures("closed")
def test_the_form_says_so_first_and_goes_on(browser: Browser) -> None:
    browser.open("/tell/harbour-house")
    assert "Harbour House has closed, on 1 November 2026. You can still tell us what happened there." in browser.text
    browser.send("/tell/harbour-house/danger", danger="no")
    assert "What would you like to do?" in browser.text


def test_an_open_home_says_nothing_of_the_kind(browser: Browser) -> None:
    for path in ("/", "/how/harbour-house", "/tell/harbour-house"):
        browser.open(path)
        assert "closed" not in browser.text
