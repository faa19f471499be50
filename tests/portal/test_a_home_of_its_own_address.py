"""A home's own address, its poster, and what stands there for neighbours."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from services.portal import home_pages
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import HOME

STATIC = Path(home_pages.__file__).parent / "static"


def test_a_home_s_own_address_leads_to_everything_somebody_may_want_there(browser: Browser) -> None:
    browser.open("/at/harbour-house")
    for words in ("Tell us something", "Say something good", "I live or work nearby", "See what happens next"):
        assert words in browser.text
    assert 'href="tel:999"' in browser.page and "/at/colours/" not in browser.page


def test_thanks_take_four_short_questions_and_none_about_danger_or_abuse(browser: Browser, portal: Portal) -> None:
    browser.open("/tell/harbour-house?as=compliment")
    assert "What was good?" in browser.text
    browser.send("/tell/harbour-house/what?as=compliment", what_happened="Beth sat up with me all night.")
    browser.send("/tell/harbour-house/about", about="Beth")
    browser.send("/tell/harbour-house/who", who="young_person")
    browser.send("/tell/harbour-house/reach", known="no")
    assert "Check your answers" in browser.text
    browser.send("/tell/harbour-house/check")
    (report,) = portal.doors.reports.values()
    assert (report["kind"], report["in_danger_now"]) == ("compliment", False)


def test_a_link_that_names_what_nobody_offers_asks_everything(browser: Browser) -> None:
    browser.open("/tell/harbour-house?as=anything")
    assert "Is anyone in danger right now?" in browser.text


def test_a_mistake_on_the_first_page_of_thanks_does_not_forget_that_it_is_thanks(browser: Browser) -> None:
    browser.open("/tell/harbour-house?as=compliment")
    assert browser.send("/tell/harbour-house/what?as=compliment", what_happened="").status_code == 422
    browser.send("/tell/harbour-house/what?as=compliment", what_happened="The new garden.")
    assert "Who is it about?" in browser.text


def test_neighbours_read_what_they_are_promised_with_its_clause_and_what_they_cannot_be_told(browser: Browser) -> None:
    browser.open("/at/harbour-house/nearby")
    assert "IOI-20" in browser.text and "What we cannot tell you" in browser.text


def test_neighbours_are_promised_nothing_that_is_for_a_young_person_who_was_complained_about(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HOME, "procedure", "infinity_alliance")
    theirs = "If somebody complained about you, and you are a young person:"
    assert theirs in browser.open("/how/harbour-house").text and "ask for your side" in browser.text
    browser.open("/at/harbour-house/nearby")
    assert "You get our full answer" in browser.text
    assert theirs not in browser.text and "ask for your side" not in browser.text


def test_a_day_that_is_promised_later_is_told_as_people_say_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HOME, "procedure", "stepping_stones")
    browser.open("/how/harbour-house")
    assert "by the day that we tell you; if we tell you none, within 20 working days (rule STS-10)" in browser.text


def test_where_the_procedure_has_no_place_for_neighbours_there_is_no_page_for_them(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HOME, "procedure", "children_act")
    assert browser.open("/at/harbour-house/nearby").status_code == 404
    browser.open("/at/harbour-house")
    assert "nearby" not in browser.text


def test_the_poster_holds_the_address_in_words_and_as_a_code(browser: Browser) -> None:
    browser.open("/at/harbour-house/poster")
    assert "http://localhost/at/harbour-house" in browser.text and "<svg" in browser.page
    assert "999" in browser.text


def test_the_poster_to_print_is_one_sheet_that_can_be_read_aloud(portal: Portal) -> None:
    answer = portal.app.test_client().get("/at/harbour-house/poster.pdf")
    sheet = PdfReader(BytesIO(answer.data))
    assert answer.mimetype == "application/pdf" and len(sheet.pages) == 1
    assert sheet.metadata and sheet.metadata.title == "Tell us: Harbour House"
    said = " ".join(sheet.pages[0].extract_text().split())
    assert "http://localhost/at/harbour-house" in said and "999" in said


def test_a_home_s_pages_and_its_poster_have_its_provider_s_colour(
    browser: Browser, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(HOME, "colour", "#5A2A6E")
    sheet = "/at/colours/5A2A6E.css"
    for path in ("/at/harbour-house", "/tell/harbour-house", "/how/harbour-house", "/at/harbour-house/poster"):
        browser.open(path)
        assert f'<link rel="stylesheet" href="{sheet}">' in browser.page and 'content="#5A2A6E"' in browser.page
    said = portal.app.test_client().get(sheet)
    assert (said.mimetype, said.text) == ("text/css", ":root{--heard-house:#5A2A6E}")
    assert all("var(--heard-house," in style.read_text(encoding="utf-8") for style in STATIC.glob("heard*.css"))
    assert portal.app.test_client().get("/at/colours/5A2A6E;x{}.css").status_code == 404


def test_a_home_that_is_not_here_has_no_address(browser: Browser) -> None:
    for path in ("/at/nowhere", "/at/nowhere/poster", "/at/nowhere/nearby"):
        assert browser.open(path).status_code == 404
