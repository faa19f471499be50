"""A provider's own questions on the form, and its words where young people do not live."""

from __future__ import annotations

import pytest

from heard.registry import load_procedures
from services.portal import tell
from services.portal.form_words import who
from services.portal.told import summary
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import HOME
from tests.portal.test_telling import ANSWERS

NURSERY = HOME | {"name": "Little Acorns", "procedure": "stepping_stones"}


@pytest.fixture
def nursery(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """The one place is a nursery."""
    monkeypatch.setattr(portal.calls.directory, "homes_public", lambda: [NURSERY])
    return portal


def told(browser: Browser, portal: Portal, own: dict[str, object]) -> dict[str, object]:
    browser.open("/tell/harbour-house")
    for key, answer in (ANSWERS | {"who": {"who": "parent"}, "own": own}).items():
        if key == "own":
            continue
        browser.send(f"/tell/harbour-house/{key}", **answer)
        if key == "sort":
            assert "Which service is it about?" in browser.text and "I am not sure" in browser.text
            browser.send("/tell/harbour-house/own", **own)
        if key == "who":
            assert "Which child is this about?" in browser.text
    assert "Check your answers" in browser.text
    browser.send("/tell/harbour-house/check")
    (report,) = portal.doors.reports.values()
    return dict(report)


def test_the_providers_own_question_is_asked_and_its_answer_goes_with_the_report(
    browser: Browser, nursery: Portal
) -> None:
    assert told(browser, nursery, {"fact:service": "childcare"})["facts"] == {"service": "childcare"}


def test_nobody_must_know_the_answer_and_none_is_made_up(browser: Browser, nursery: Portal) -> None:
    assert "facts" not in told(browser, nursery, {"fact:service": "gardening"})


def test_a_provider_without_such_questions_asks_none() -> None:
    assert "own" not in [question.key for question in tell.path({"own": []})]


def test_where_young_people_do_not_live_the_form_does_not_say_that_they_do() -> None:
    assert who("young_person").startswith("A young person who lives here")
    assert who("young_person", lives_here=False) == "A child or young person"
    shown = {question.key: text for question, text in summary(
        {"sort": "formal", "who": "young_person", "own": ["x"], "facts": {"service": "women's service"}},
        load_procedures().get("stepping_stones"))}  # fmt: skip
    assert (shown["who"], shown["own"]) == ("A child or young person", "Women's service")
