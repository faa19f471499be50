"""The procedures as pages: what would be due and why, clause by clause, side by side; of one's own group alone."""

from __future__ import annotations

import pytest

from tests.portal.conftest import Browser, Portal

WHAT_IF = "/procedures/ioi_support/what-if"


def test_the_days_of_a_complaint_before_christmas_are_worked_out_and_drawn(browser: Browser) -> None:
    browser.sign_in()
    browser.open(f"{WHAT_IF}?received=2026-12-18T16:30")
    assert "Received Friday 18 December at 4:30pm" in browser.text
    assert "Send a formal acknowledgement Tuesday 22 December" in browser.text
    assert "Wednesday 6 January 2027" in browser.text and "IOI-20" in browser.text
    assert "Friday 25 December 2026: not counted, Christmas Day" in browser.text


@pytest.mark.parametrize("asked", ["received=tomorrow", "received=2026-12-18T16:30&age=ninety", "received=2199-01-04"])
def test_a_moment_that_cannot_be_reckoned_with_is_told_at_its_field(browser: Browser, asked: str) -> None:
    browser.sign_in()
    assert browser.client.get(f"{WHAT_IF}?{asked}").status_code == 422


def test_a_procedure_shows_its_way_its_clauses_and_what_is_weak(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/procedures/ioi_support")
    for said in ("Stage 2: Investigation", "kept by people", "Weaker than law or good practice"):
        assert said in browser.text
    browser.open("/procedures/ioi_support/clauses")
    assert "IOI-20 kept" in browser.text and "Send a formal acknowledgement" in browser.text


def test_it_stands_beside_the_statutory_one(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/procedures/compare")
    assert "Children Act 1989" in browser.text and "The answer" in browser.text


def test_a_procedure_of_no_home_of_ones_own_group_does_not_exist(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    for page in ("", "/clauses", "/what-if", "/stages.svg"):
        assert browser.client.get(f"/procedures/stepping_stones{page}").status_code == 404
    assert "Stepping" not in browser.client.get("/procedures").text
    assert "stepping_stones" not in browser.client.get("/procedures/compare").text
