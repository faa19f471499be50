"""The page on which staff look for a case."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import CASE_ID, MANAGER, REFERENCE

TOKEN = {"Authorization": "Bearer manager"}


def test_a_case_is_looked_for_and_opened_from_the_list(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/cases")
    assert 'href="/find"' in browser.page
    browser.open("/find")
    told = ("Find a case", "sealed and cannot be searched", "Harbour House", "Nobody yet", MANAGER["name"], "Stage 1")
    for said in told:
        assert said in browser.text, said
    answer = browser.send("/find", name="Kit", state="open")
    assert answer.status_code == 200 and REFERENCE in browser.text and f"/cases/{CASE_ID}" in browser.page
    assert 'value="Kit"' in browser.page and "in all" not in browser.text


def test_what_was_typed_stands_in_no_address_and_is_kept_for_the_next_page(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/find?name=Kit")
    assert "Kit" not in browser.page
    browser.send("/find", name="Kit")
    assert '<input type="hidden" name="name" value="Kit">' in browser.page and 'name="page" value="2"' in browser.page
    browser.send("/find", name="Kit", page="2")
    assert 'name="page" value="1"' in browser.page


def test_nothing_found_says_what_to_do_and_a_fault_stands_at_its_field(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/find")
    browser.send("/find", name="Somebody else")
    assert "Nothing that you may see" in browser.text and f"/cases/{CASE_ID}" not in browser.page
    answer = browser.send("/find", since="yesterday")
    assert answer.status_code == 422 and "Give a date like 2026-11-30." in browser.text
    assert browser.page.startswith("<!DOCTYPE") and "<title>Error: Find a case" in browser.page


def test_programs_look_for_a_case_too(api: FlaskClient, portal: Portal) -> None:
    answer = api.post("/api/v1/cases/find", json={"name": "Kit", "since": "2026-11-01"}, headers=TOKEN)
    assert answer.status_code == 200 and answer.json is not None
    assert [one["case_id"] for one in answer.json["cases"]] == [CASE_ID] and "total" not in answer.json
    assert api.post("/api/v1/cases/find", json={"since": "yesterday"}, headers=TOKEN).status_code == 422
    assert api.post("/api/v1/cases/find", json={"words": "hit"}, headers=TOKEN).status_code == 422
    assert api.post("/api/v1/cases/find", json={}).status_code == 401
