"""Task checks: somebody who has not seen Heard before does one thing that they came for, by what stands on the page.

Each goes by the words on buttons and fields alone. Where time matters (a call to write down, an alert to answer) the
presses are counted. A fifteen-year-old's complaint stands with the public pages. Homes of three procedures occur.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browser.visitor import Visitor
from tests.browser.walking import answer_all
from tests.ground import world
from tests.ground.harness import Platform

A_MINUTE = 16
"""What somebody who knows what was said can choose and write in a minute, with the writing of two sentences."""
THREE_TAPS = 3
WORRYING = world.a_report(
    complainant={"is": "young_person", "anonymous": True},
    about=[{"words": "the woman on nights"}],
    what_happened="The woman on nights grabbed my arm and it left a bruise.",
    worries=["physical abuse"],
)


def alert_of(heard: Platform, reference: str, lead: str = "imogen-ashdale") -> dict[str, str]:
    def raised() -> dict[str, str] | None:
        alerts = heard.seat(lead).get("/alerts")
        return next((one for one in alerts if one["reference"] == reference), None)

    return heard.wait_until(raised, 30, what="the alert is on the board") or {}


def case_of(heard: Platform, reference: str, handler: str) -> dict[str, Any]:
    def handled() -> dict[str, Any] | None:
        found = heard.seat(handler).get("/cases", params={"state": "open"})["cases"]
        return next((one for one in found if one["reference"] == reference and one["handler"]), None)

    return heard.wait_until(handled, 30, what=f"{handler} sees that the case is handled") or {}


def test_a_neighbour_complains_about_noise(visitor: Visitor, heard: Platform) -> None:
    visitor.open("/at/heron-court")
    visitor.press("I live or work nearby", "link")
    visitor.press("Tell us")
    answer_all(visitor, "neighbour", "Loud music until two in the morning, three nights running.")
    reference = visitor.page.locator(".heard-code").first.inner_text()
    assert heard.rows("intake", "SELECT home FROM reports WHERE reference = ?", [reference]) == [
        {"home": world.home_id("heron-court")}
    ]


@pytest.mark.comes_to("writing_down.choose", "writing_down.ask", "writing_down.slip")
def test_a_key_worker_writes_down_a_complaint_that_came_by_telephone_within_a_minute(visitor: Visitor) -> None:
    visitor.sign_in("noor-ellingham")
    visitor.press("Menu")
    visitor.press("Write down", "link")
    visitor.press("Harbour House", "link")
    visitor.press("Write it down")  # too early: the page says what is missing
    assert "There is a problem" in visitor.text
    danger = visitor.page.get_by_role("group", name="Is anyone in danger right now?")
    danger.get_by_label("No", exact=True).check()
    visitor.presses += 1
    visitor.choose("On the telephone", "Make a complaint", "A parent", "Nobody has asked them yet")
    visitor.page.get_by_label("Not yet:").check()
    visitor.presses += 1
    visitor.write("What did they say?", "The heating has been broken for a week.")
    visitor.write("Their name", "Robin Averill")
    visitor.press("Write it down")
    assert visitor.presses <= A_MINUTE, f"{visitor.presses} presses to write down a call"
    print(f"a call is written down with {visitor.presses} presses")
    assert "It is written down" in visitor.text and "Keep no copy" in visitor.text
    visitor.press("I have passed it on; take it off this screen")
    visitor.open("/slip")
    assert "Secret code" not in visitor.text


@pytest.mark.comes_to("safeguarding.alert", "safeguarding.record")
def test_a_safeguarding_lead_answers_an_alert_in_three_taps_and_works_on_the_record(
    visitor: Visitor, heard: Platform
) -> None:
    receipt = heard.submit({**WORRYING, "home": "linden-lodge"})
    alert_of(heard, receipt.reference, "cosima-bellweather")
    visitor.sign_in("cosima-bellweather")
    waiting = visitor.page.get_by_role("link").filter(has_text=receipt.reference).first
    waiting.click()
    visitor.presses += 1
    visitor.look()
    visitor.press("I have it")
    assert "Answered" in visitor.text and visitor.presses <= THREE_TAPS
    visitor.press("Open the record", "link")
    assert "grabbed my arm" in visitor.text
    page = visitor.page
    page.get_by_label("The reason for your decision").first.fill("A bruise was seen.")
    visitor.press("Confirm the concern")
    assert "Confirmed" in visitor.text
    page.get_by_label("Nobody who works here").check()
    page.get_by_label("How you know").fill("She was visiting.")
    visitor.press("Record who is meant")
    assert "nobody who works here" in visitor.text
    page.locator("summary").filter(has_text="LADO").first.click()
    visitor.look()


@pytest.mark.comes_to("staff.cases", "staff.case", "staff.ask", "copying.ask", "group.outgoing")
def test_a_registered_manager_sends_an_outcome_letter_and_is_stopped_while_a_part_is_missing(
    visitor: Visitor, heard: Platform
) -> None:
    receipt = heard.submit(world.a_report())
    case = case_of(heard, receipt.reference, "tobias-fennimore")
    visitor.sign_in("tobias-fennimore")
    assert receipt.reference in visitor.text
    visitor.open("/cases")
    visitor.open(f"/cases/{case['case_id']}")
    assert "washing machine" in visitor.text
    visitor.page.get_by_text("Why this day?").first.click()
    visitor.page.get_by_text("Not possible now, and why").click()
    visitor.look()
    visitor.open(f"/cases/{case['case_id']}/copy")
    visitor.open(f"/cases/{case['case_id']}")
    visitor.press("Answer", "link")
    page = visitor.page
    visitor.choose("Upheld", "The letter gives the reasons")
    visitor.write("The letter with your answer", "You were right. It works again, and we check each week.")
    parts = page.get_by_role("group", name="It says").get_by_role("checkbox")
    assert parts.count() > 1
    for box in parts.all()[:-1]:
        box.check()
    visitor.press("Answer")
    assert "This is not possible now" in visitor.text and "IOI-" in visitor.text
    assert page.get_by_label("The letter with your answer").input_value().startswith("You were right."), "kept"
    parts.last.check()
    visitor.press("Answer")
    assert "It is recorded in your name." in visitor.text

    def sent() -> bool:
        page.reload()
        return page.locator("#papers + ul li").count() > 1  # the receipt stands there before it

    heard.wait_until(sent, 30, what="the letter stands in the list of the case")
    visitor.look()
    letter = page.locator("#papers + ul a").first
    assert page.context.request.get(f"{visitor.url}{letter.get_attribute('href')}").body().startswith(b"%PDF")
    folded = page.locator("details:not([open])").count()
    printed = " ".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages).split())
    assert "We aim for" in printed and "You were right." in printed, "what is folded is printed open"
    assert folded and page.locator("details:not([open])").count() == folded, "and folded again"
    visitor.open("/outgoing")


def taken_out(visitor: Visitor, address: str) -> bytes:
    """A file: at once, or by the page on which it is seen being made, which says by itself when it is ready."""
    answer = visitor.page.context.request.get(address)
    if "/made/" not in answer.url:
        return answer.body()
    asked_on = visitor.page.url
    visitor.page.goto(answer.url)
    visitor.page.get_by_role("button", name="Save ").wait_for()
    visitor.look()
    visitor.page.goto(asked_on)
    return visitor.page.context.request.get(f"{answer.url}/file").body()


@pytest.mark.sits_at("desk")
def test_an_inspector_takes_twelve_months_along_as_a_pdf_and_as_a_sheet(visitor: Visitor, heard: Platform) -> None:
    receipt = heard.submit(world.a_report())
    case_of(heard, receipt.reference, "tobias-fennimore")
    visitor.sign_in("crispin-oakhanger")
    visitor.press("Reports", "link")
    visitor.press("Summary of complaints of the past 12 months and what was done", "link")
    links = [visitor.page.get_by_role("link", name=name) for name in ("These days as a PDF", "As a sheet (CSV)")]
    paper, sheet = (taken_out(visitor, f"{visitor.url}{one.get_attribute('href')}") for one in links)
    assert paper.startswith(b"%PDF")
    assert len(list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))) > 1
    assert "From 2" in visitor.text and "2025" in visitor.text and "2026" in visitor.text
    for closed in ("/write-down", "/directory", "/parked"):
        visitor.open(closed)
        assert "There is nothing here" in visitor.text


@pytest.mark.timeout(300)
@pytest.mark.sits_at("desk")
@pytest.mark.comes_to(
    "directory.index", "directory.people", "directory.areas",
    "directory.changes", "directory.ask", "directory.home",
)  # fmt: skip
def test_a_group_operator_adds_a_home_and_a_person_with_two_roles(visitor: Visitor, heard: Platform) -> None:
    visitor.sign_in("maren-oakshott")
    visitor.open("/directory")
    assert "Verity Larkhill holds 4 roles" in visitor.text
    for path in ("/directory/people", "/directory/areas", "/directory/changes"):
        visitor.open(path)
    home, person = "Gull", "Lavender Moss"
    visitor.open("/directory/do/add_home")
    visitor.page.get_by_label("Short name").fill(f"{home.lower()}-cottage")
    visitor.page.get_by_label("Name", exact=True).fill(f"{home} Cottage")
    visitor.page.get_by_label("Who runs it").select_option(label="Tidewater Supported Living")
    visitor.press("Save")
    visitor.open("/directory/do/add_person")
    visitor.page.get_by_label("Name", exact=True).fill(person)
    visitor.press("Save")
    for role in ("Registered Service Manager", "Director"):
        visitor.page.goto(f"{visitor.url}/directory/people")
        visitor.page.get_by_role("link", name=person, exact=True).click()
        visitor.press("Give a role")
        visitor.page.get_by_label(f"{home} Cottage").check()
        visitor.press("Go on")
        visitor.page.get_by_label("Role").select_option(label=role)
        visitor.press("Give the role")
    assert f"Director: {person}" in visitor.text
    visitor.look()
