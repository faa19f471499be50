"""The public pages in another language: nothing is left out, and what stays English says that it is."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from subprocess import run

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from services.portal import plain_words
from services.portal.languages import CATALOGUES, LANGUAGES
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import REFERENCE
from tests.portal.test_simpler_pages import TOLD as SIMPLY
from tests.portal.test_telling import ANSWERS, follow

OTHERS = [code for code in LANGUAGES if code != "en"]


def catalogue(code: str) -> Catalog:
    with (CATALOGUES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


@pytest.fixture(scope="module")
def in_the_pages(tmp_path_factory: pytest.TempPathFactory) -> set[object]:
    """Every sentence that the pages say, gathered as `translations/make` does."""
    found = tmp_path_factory.mktemp("words") / "found.pot"
    gather = re.search(r"^pybabel -q (extract.*?) -o ", (CATALOGUES / "make").read_text(), re.S | re.M)
    assert gather, "translations/make gathers nothing"
    options = gather[1].replace("\\\n", " ").split()
    command = Path(sys.executable).with_name("pybabel")
    run([command, "-q", *options, "-o", str(found), "."], cwd=CATALOGUES.parent, check=True)
    with found.open("rb") as file:
        return {_key(message.id) for message in read_po(file) if message.id}


def _key(said: object) -> object:
    return tuple(said) if isinstance(said, (list, tuple)) else said


@pytest.mark.parametrize("code", OTHERS)
def test_every_public_sentence_is_translated_with_all_that_stands_in_it(code: str, in_the_pages: set[object]) -> None:
    translated = catalogue(code)
    assert {_key(message.id) for message in translated if message.id} == in_the_pages
    for message in translated:
        every = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(every) and not message.fuzzy, message.id
        assert [str(fault) for fault in message.check(translated)] == [], message.id


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_read_at_run_time_is_made_from_what_people_edit(code: str) -> None:
    made = BytesIO()
    write_mo(made, catalogue(code))
    assert made.getvalue() == (CATALOGUES / code / "LC_MESSAGES" / "messages.mo").read_bytes()


class Unmarked(HTMLParser):
    """Gathers the English of a page that nothing marks as English, as somebody's own words, or as a number's place."""

    VOID = ("meta", "link", "input", "br", "img", "path")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.english: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        free = (
            given.get("lang") == "en"
            or given.get("dir") in ("ltr", "auto")
            or tag in ("title", "textarea", "script", "style")
            or given.get("class") == "heard-header__name"
        )
        if tag not in self.VOID:
            self.open.append((tag, free))
        for name in ("aria-label", "alt", "placeholder", *(one for one in given if one.startswith("data-i18n"))):
            if not free and not any(free for _, free in self.open):
                self._look(given.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(free for _, free in self.open):
            self._look(data)

    def _look(self, text: str) -> None:
        bare = re.sub("\u2066.*?\u2069|https?://\\S+|%\\{count\\}", "", text)
        if re.search(r"[A-Za-z]", bare):
            self.english.append(text.strip())


def unmarked(page: str) -> list[str]:
    reader = Unmarked()
    reader.feed(page)
    return reader.english


def test_no_public_page_in_arabic_shows_english_that_is_not_marked_as_such(browser: Browser, portal: Portal) -> None:
    browser.client.set_cookie("heard_language", "ar")
    shown: dict[str, list[str]] = {}

    def look(where: str) -> None:
        assert '<html lang="ar" dir="rtl"' in browser.page, where
        assert "heard.rtl.css" in browser.page and "has not been checked by a native speaker" in browser.page, where
        shown[where] = unmarked(browser.page)

    home = "harbour-house"
    own = [f"/how/{home}", f"/at/{home}", f"/at/{home}/nearby", f"/at/{home}/poster"]
    for path in ("/", *own, "/privacy", "/nowhere"):
        browser.open(path)
        look(path)
    browser.open(f"/tell/{home}")
    for key, answer in (ANSWERS | {"reach": {"known": "yes"}, "contact": {"name": "ليلى"}}).items():
        browser.open(f"/tell/{home}/{key}")
        look(key)
        browser.send(f"/tell/{home}/{key}", known="", told_day="40", child_age="x", email="x", phone="1", follow=False)
        if "govuk-error-summary" in browser.page:
            look(f"{key}, answered wrongly")
        browser.open(f"/tell/{home}/{key}")
        browser.send(f"/tell/{home}/{key}", **answer)
    browser.open(f"/tell/{home}/advocate")
    browser.send(f"/tell/{home}/advocate", advocate="no")
    look("check")
    browser.send(f"/tell/{home}/check")
    look("receipt")
    browser.open("/follow")
    look("follow")
    browser.send("/follow", reference="", code="x")
    look("follow, answered wrongly")
    follow(browser)
    look("my report")
    browser.send("/follow/my-report", words="")
    look("my report, nothing added")
    assert REFERENCE in browser.page
    portal.doors.code = "6" * 16
    browser.send("/follow/my-report", words="ما زال باردًا")
    look("a code that was replaced")
    browser.open("/simpler/yes?then=/at/harbour-house")
    look("simpler door")
    browser.open("/tell/harbour-house")
    for key, answer in SIMPLY.items():
        look(f"simpler {key}")
        browser.send(f"/tell/{home}/{key}", **answer)
    look("simpler check")
    browser.send(f"/tell/{home}/check")
    look("simpler receipt")
    assert {where: english for where, english in shown.items() if english} == {}


def test_the_language_is_chosen_by_a_link_and_the_visitor_stays_where_they_were(browser: Browser) -> None:
    browser.open("/tell/harbour-house")
    link = re.search(r'href="(/language/ar[^"]*)"', browser.page)
    assert link, "no link to Arabic"
    answer = browser.open(link[1].replace("&amp;", "&"))
    assert answer.request.path == "/tell/harbour-house/danger" and 'lang="ar"' in browser.page
    browser.open("/language/en?then=/follow")
    assert 'lang="en" dir="ltr"' in browser.page and "native speaker" not in browser.text


@pytest.mark.parametrize("then", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "", "/no/page"])
def test_no_link_to_a_language_leads_away_from_us(browser: Browser, then: str) -> None:
    answer = browser.client.get("/language/ar", query_string={"then": then})
    assert answer.headers["Location"] == "/"


def test_a_language_that_we_do_not_have_is_not_found(browser: Browser) -> None:
    assert browser.open("/language/xx").status_code == 404


def test_a_browser_that_asks_for_a_language_that_we_have_gets_it_and_staff_and_programs_get_english(
    browser: Browser,
) -> None:
    asks = {"Accept-Language": "fr;q=1, ar-EG, ar;q=0.9, en;q=0.8"}
    assert 'lang="ar"' in browser.client.get("/follow", headers=asks).get_data(as_text=True)
    assert 'lang="en"' in browser.client.get("/follow", headers={"Accept-Language": "fr"}).get_data(as_text=True)
    assert '<html lang="en"' in browser.client.get("/sign-in", headers=asks).get_data(as_text=True)
    assert '<html lang="en"' in browser.client.get("/api/docs", headers=asks).get_data(as_text=True)


def test_a_report_told_in_arabic_reaches_intake_as_any_other(browser: Browser, portal: Portal) -> None:
    browser.client.set_cookie("heard_language", "ar")
    browser.open("/tell/harbour-house")
    told = {"told_before": "yes", "told_whom": "", "told_day": "3", "told_month": "11", "told_year": "2026"}
    for key, answer in (ANSWERS | {"what": {"what_happened": "أخذ هاتفي"}, "before": told}).items():
        browser.send(f"/tell/harbour-house/{key}", **answer)
    assert "3 نوفمبر 2026" in browser.text
    browser.send("/tell/harbour-house/check")
    (report,) = portal.doors.reports.values()
    assert report["what_happened"] == "أخذ هاتفي\n\nI told somebody who works here before, on 3 November 2026."
    assert (report["kind"], report["worries"]) == ("complaint", ["neglect"])


def test_days_and_numbers_are_said_as_the_language_says_them(portal: Portal) -> None:
    now = datetime(2026, 12, 18, 16, 30, tzinfo=UTC)
    with portal.app.test_request_context("/", headers={"Cookie": "heard_language=ar"}):
        assert plain_words.day("2026-12-22", now) == "الثلاثاء 22 ديسمبر"
        assert plain_words.how_far("2026-12-22", now) == "بعد يومي عمل"
        assert plain_words.how_far("2027-01-04", now) == "بعد 8 أيام عمل"
        assert "4:30" in plain_words.moment("2026-12-22T16:30:00+00:00", now)


def test_each_language_with_a_folder_is_offered() -> None:
    assert set(OTHERS) == {one.name for one in Path(CATALOGUES).iterdir() if one.is_dir()}
