"""Staff write down what somebody told them; the person it belongs to gets the code and says whether it is right."""

from __future__ import annotations

import pytest

from heard.registry import load_procedures
from services.chassis.settings import TOKEN_HEADER
from services.portal import sign_ins, writing_down
from services.portal.doorkeeper import STAFF_COOKIE
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import CODE, HOME, MANAGER, OPERATOR, REFERENCE

CALL = {
    "danger": "no", "sort": "formal", "channel": "telephone", "heard_at": "2026-12-17T16:00", "who": "parent",
    "what_happened": "Nobody mends the heating.", "about": "the woman on nights", "name": "Robin Averill",
    "phone": "01632 960001", "child_name": "Jess", "child_age": "16", "consent": "pending", "read_back": "agreed",
}  # fmt: skip
PAGE = "/write-down/harbour-house"


def form(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/write-down")


def test_a_call_is_written_down_on_one_page_and_goes_to_intake_like_every_report(
    browser: Browser, portal: Portal
) -> None:
    form(browser)
    assert "Write down what you were told" in browser.text and "Harbour House" in browser.text
    browser.send(PAGE, **CALL, once="k")
    (report,) = portal.doors.reports.values()
    assert report == {
        "home": "harbour-house", "kind": "complaint", "formality": "formal", "channel": "telephone",
        "complainant": {"is": "parent", "name": "Robin Averill", "phone": "01632 960001", "anonymous": False},
        "child": {"name": "Jess", "age": 16}, "about": [{"words": "the woman on nights"}],
        "what_happened": "Nobody mends the heating.", "worries": [], "in_danger_now": False, "advocate_wanted": False,
        "taken_by": MANAGER["id"], "first_told_at": "2026-12-17T16:00:00+00:00", "read_back": "agreed",
        "consent": "pending",
    }  # fmt: skip
    assert TOKEN_HEADER in portal.doors.seen_headers[0]


def test_the_code_is_shown_once_for_whoever_told_it_and_is_gone_when_it_was_passed_on(browser: Browser) -> None:
    form(browser)
    browser.send(PAGE, **CALL)
    assert REFERENCE in browser.text and "1234 5678 9012 3456" in browser.text and "Keep no copy" in browser.text
    browser.send("/slip")
    browser.open("/slip")
    assert "1234 5678" not in browser.text and "Today" in browser.text


def test_whoever_sits_at_that_browser_next_does_not_see_the_code(browser: Browser, portal: Portal) -> None:
    """They may be the one whom it is about."""
    form(browser)
    browser.send(PAGE, **CALL)
    assert "1234 5678 9012 3456" in browser.text
    next_one = sign_ins.begin(portal.house.db, OPERATOR["id"], portal.house.clock.now(), "the same computer")
    own = browser.client.get_cookie(STAFF_COOKIE)
    assert own
    browser.client.set_cookie(STAFF_COOKIE, next_one)
    assert browser.client.get("/slip").location == "/today"
    browser.client.set_cookie(STAFF_COOKIE, own.value)
    browser.open("/slip")
    assert "1234 5678 9012 3456" in browser.text
    browser.send("/sign-out")
    browser.sign_in()
    assert browser.client.get("/slip").location == "/today"


def test_a_slip_from_the_box_needs_no_name_and_no_reading_back(browser: Browser, portal: Portal) -> None:
    form(browser)
    slip = {name: CALL[name] for name in ("danger", "sort", "heard_at", "what_happened")}
    browser.send(PAGE, **slip, channel="feedback_box", who="young_person")
    (report,) = portal.doors.reports.values()
    assert report["complainant"] == {"is": "young_person", "anonymous": True}
    assert report["channel"] == "feedback_box" and "read_back" not in report and "consent" not in report
    assert "Nobody knows who put it in the box" in browser.text


def test_twice_sent_it_is_one_report(browser: Browser, portal: Portal) -> None:
    form(browser)
    browser.send(PAGE, **CALL, once="k")
    browser.open(PAGE)
    browser.send(PAGE, **CALL, once="k")
    assert list(portal.doors.reports) == ["k"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what_happened": " "}, "Tell us what happened"),
        ({"channel": "carrier pigeon"}, "Choose how it reached you"),
        ({"heard_at": ""}, "Enter the day and the time"),
        ({"heard_at": "2026-12-19T09:00"}, "still to come"),
        ({"noticed_on": "last summer"}, "Enter a day"),
        ({"read_back": ""}, "Say whether you read it back"),
        ({"danger": ""}, "Say yes if anyone could be hurt now"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    browser: Browser, portal: Portal, wrong: dict[str, str], said: str
) -> None:
    form(browser)
    assert browser.send(PAGE, **CALL | wrong).status_code == 422
    assert said in browser.text and "Robin Averill" in browser.page and not portal.doors.reports


def test_nobody_writes_for_another_groups_home_and_nobody_at_all_without_signing_in(
    browser: Browser, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.open("/write-down")
    assert "Sign in" in browser.text
    form(browser)
    elsewhere = [HOME | {"operator": "x" * 32}]
    monkeypatch.setattr(portal.calls.directory, "homes_public", lambda: elsewhere, raising=False)
    portal.app.extensions["heard_reach"]._asked_at = None
    assert browser.open(PAGE).status_code == 404


@pytest.mark.parametrize("key", load_procedures().keys())
def test_every_procedure_offers_a_call_a_talk_a_form_and_a_slip_from_the_box(key: str) -> None:
    offered = [word for word, _ in writing_down.ways(load_procedures().get(key))]
    assert {"telephone", "in_person", "complaint_form", "feedback_box"} <= set(offered) and "portal" not in offered


# ---------------------------------------------------------------- is it right?


def follow(browser: Browser) -> None:
    browser.open("/follow")
    browser.send("/follow", reference=REFERENCE, code=CODE)


def test_whoever_told_it_reads_what_was_written_down_and_says_that_it_is_right(
    browser: Browser, portal: Portal
) -> None:
    portal.calls.workflow.read_back = {"said": {"what_happened": "The heating is broken."}, "disputed": False}
    follow(browser)
    assert "Is this what you told us?" in browser.text and "The heating is broken." in browser.text
    browser.send("/follow/my-report/record", right="yes", once="k")
    assert [(one["sort"], one["words"]) for one in portal.doors.words] == [
        ("agreed", "Yes, what you wrote down is right.")
    ]


def test_or_says_what_is_not_right_and_that_is_read_like_everything_they_say(browser: Browser, portal: Portal) -> None:
    portal.calls.workflow.read_back = {"said": {"what_happened": "The heating is broken."}, "disputed": False}
    follow(browser)
    assert browser.send("/follow/my-report/record", meant=" ").status_code == 422
    assert "Write what is not right" in browser.text and portal.doors.words == []
    browser.send("/follow/my-report/record", meant="It is the hot water.")
    assert [(one["sort"], one["words"]) for one in portal.doors.words] == [("correction", "It is the hot water.")]


def test_what_they_wrote_themselves_is_not_read_back_to_them(browser: Browser) -> None:
    follow(browser)
    assert "Is this what you told us?" not in browser.text
