"""What is read on a page can be read: by a child what is for whoever complains, by anybody what is for staff."""

from __future__ import annotations

import html
import re
from random import Random

import pytest

from heard.case import public_view
from heard.clock import reckon
from heard.reading_age import LIMITS, grade
from heard.registry import load_procedures
from services.workflow.sentences import sentence
from tests.heard.walking import Walk
from tests.portal.conftest import Browser
from tests.portal.test_telling import ANSWERS, follow

INSTALLED = load_procedures()
_ENDS_A_LINE = re.compile(r"</?(?:p|li|h\d|label|legend|summary|dt|dd|button|div|ol|ul|dl|details|br)\b[^>]*>")


def said_on(page: str) -> str:
    """The sentences of a page's own part; the names of homes and bodies and their numbers are nobody's sentences."""
    main = re.sub(r"<dl.*?</dl>", " ", page[page.index("<main") : page.index("</main>")], flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", _ENDS_A_LINE.sub("\n\n", main)))


def test_every_question_of_the_form_can_be_read_by_a_child(browser: Browser) -> None:
    pages = {}
    browser.open("/tell/harbour-house")
    for key, answer in ANSWERS.items():
        pages[key] = grade(said_on(browser.page))
        browser.send(f"/tell/harbour-house/{key}", **answer)
    pages["check"] = grade(said_on(browser.page))
    browser.send("/tell/harbour-house/check")
    pages["receipt"] = grade(said_on(browser.page))
    assert {key: round(found, 1) for key, found in pages.items() if found > LIMITS["child"]} == {}


def test_the_follow_up_page_can_be_read_by_a_child(browser: Browser) -> None:
    browser.open("/follow")
    assert grade(said_on(browser.page)) <= LIMITS["child"]
    follow(browser)
    assert grade(said_on(browser.page)) <= LIMITS["child"]


@pytest.mark.parametrize("key", list(INSTALLED))
def test_what_a_case_says_to_whoever_complained_and_to_staff_can_be_read(key: str) -> None:
    walk = Walk(INSTALLED.get(key), Random(7))
    theirs: set[str] = set()
    for _ in walk.steps(25):
        shown = public_view(walk.state, reckon(walk.state, walk.calendars, walk.now), walk.now)
        theirs |= {shown.status, *shown.next, *(f"{one.says}. {one.why}" for one in shown.promises)}
    staff = {sentence(row, walk.state, lambda who: who.replace("_", " ")) for row in walk.state.ledger}
    assert grade("\n\n".join(sorted(theirs))) <= LIMITS["child"], theirs
    assert grade("\n\n".join(sorted(staff))) <= LIMITS["staff"], staff
