"""The simpler pages with pictures: fewer questions in fewer words, and the same report at the end."""

from __future__ import annotations

import re

import pytest

from heard.reading_age import grade
from heard.registry import load_procedures
from services.portal import simpler
from services.portal.offered import complainants
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import REFERENCE
from tests.portal.test_reading_age import said_on
from tests.portal.test_telling import ANSWERS

TOLD: dict[str, dict[str, object]] = {
    "danger": {"danger": "yes"},
    "what": {"what_happened": "He took my phone"},
    "files": {},
    "about": {"about": "the tall man"},
    "who": {"who": "parent"},
    "reach": {"known": "yes"},
    "contact": {"phone": "01632 960001"},
}
PROCEDURES = load_procedures()
NINE_YEARS_OLD = 4.0
"""The school year that a nine-year-old is in."""


@pytest.fixture
def reader(browser: Browser) -> Browser:
    """Somebody who chose the simpler pages on the door of a home."""
    browser.open("/at/harbour-house")
    link = re.search(r'href="(/simpler/yes[^"]*)"', browser.page)
    assert link, "the door offers no simpler pages"
    assert browser.open(link[1].replace("&amp;", "&")).request.path == "/at/harbour-house"
    return browser


def test_few_questions_lead_to_the_same_report_and_the_same_receipt(reader: Browser, portal: Portal) -> None:
    reader.open("/tell/harbour-house")
    for key, answer in TOLD.items():
        assert "heard-picture" in reader.page and "data-heard-aloud" in reader.page, key
        assert grade(said_on(reader.page)) <= NINE_YEARS_OLD, (key, grade(said_on(reader.page)))
        reader.send(f"/tell/harbour-house/{key}", **answer)
    assert "Check your answers" in reader.text and grade(said_on(reader.page)) <= NINE_YEARS_OLD
    reader.send("/tell/harbour-house/check")
    assert REFERENCE in reader.text and "1234 5678 9012 3456" in reader.text
    assert grade(said_on(reader.page)) <= NINE_YEARS_OLD and "I have kept my code" in reader.text
    assert "Save a note that we have it" in reader.text and "signed" in reader.page
    assert "Ombudsman" not in reader.text and "procedure" not in reader.text
    (report,) = portal.doors.reports.values()
    assert report == {
        "home": "harbour-house",
        "kind": "complaint",
        "formality": "formal",
        "channel": "portal",
        "complainant": {"is": "parent", "anonymous": False, "phone": "01632 960001"},
        "about": [{"words": "the tall man"}],
        "what_happened": "He took my phone",
        "worries": [],
        "in_danger_now": True,
        "advocate_wanted": False,
    }


def test_something_good_is_said_as_simply(reader: Browser, portal: Portal) -> None:
    reader.open("/tell/harbour-house?as=compliment")
    assert "What was good?" in reader.text
    reader.send("/tell/harbour-house/what?as=compliment", what_happened="The cake")
    for key, answer in {"about": {}, "who": {"who": "young_person"}, "reach": {"known": "no"}}.items():
        reader.send(f"/tell/harbour-house/{key}", **answer)
    assert "glad to hear" in reader.text
    reader.send("/tell/harbour-house/check")
    (report,) = portal.doors.reports.values()
    assert report["kind"] == "compliment" and report["complainant"]["anonymous"]


def test_whoever_goes_back_to_the_usual_pages_is_asked_what_was_left_out_and_loses_nothing(
    reader: Browser, portal: Portal
) -> None:
    reader.open("/tell/harbour-house")
    for key in ("danger", "what", "files", "about"):
        reader.send(f"/tell/harbour-house/{key}", **TOLD[key])
    reader.open("/simpler/no?then=/tell/harbour-house/check")
    assert "What would you like to do?" in reader.text
    for key in ("sort", "files", "worries", "before", "wanted", "who", "child", "reach", "advocate"):
        reader.open(f"/tell/harbour-house/{key}")
        reader.send(f"/tell/harbour-house/{key}", **ANSWERS[key])
    reader.open("/tell/harbour-house/check")
    reader.send("/tell/harbour-house/check")
    (report,) = portal.doors.reports.values()
    assert (report["what_happened"], report["wanted"]) == ("He took my phone", "Mend it")


def test_a_question_that_is_not_asked_here_answered_all_the_same_leads_to_one_that_is(reader: Browser) -> None:
    reader.open("/tell/harbour-house")
    reader.send("/tell/harbour-house/danger", danger="no")
    answer = reader.send("/tell/harbour-house/sort", sort="concern")
    assert answer.status_code == 200 and answer.request.path == "/tell/harbour-house/what"


@pytest.mark.parametrize("key", sorted(PROCEDURES.keys()))
def test_each_procedure_lets_a_young_person_their_family_and_somebody_else_say_who_they_are(key: str) -> None:
    procedure = PROCEDURES.get(key)
    words = [word for word, _, _ in simpler.choices(procedure)]
    assert words[:2] == ["young_person", "parent"] and len(words) == 3 and set(words) <= set(complainants(procedure))


def test_a_wrong_answer_says_what_is_missing(reader: Browser) -> None:
    reader.open("/tell/harbour-house")
    assert reader.send("/tell/harbour-house/danger").status_code == 422
    assert "There is a problem" in reader.text and "heard-picture" in reader.page


def test_staff_pages_are_as_they_were(reader: Browser) -> None:
    reader.open("/sign-in")
    assert "heard-simple" not in reader.page


def test_there_are_only_simpler_pages_and_usual_ones(browser: Browser) -> None:
    assert browser.open("/simpler/perhaps").status_code == 404
