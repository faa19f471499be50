"""Staff at their work: a lead answers an alert, a manager acknowledges a complaint, others see nothing of it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visitor
from tests.ground import world
from tests.ground.harness import Platform

WORRYING = world.a_report(
    complainant={"is": "young_person", "anonymous": True},
    about=[{"words": "the woman on nights"}],
    what_happened="The woman on nights grabbed my arm and it left a bruise.",
    worries=["physical abuse"],
)


def alert_of(heard: Platform, reference: str) -> dict[str, str]:
    def raised() -> dict[str, str] | None:
        alerts = heard.seat("imogen-ashdale").get("/alerts")
        return next((one for one in alerts if one["reference"] == reference), None)

    return heard.wait_until(raised, 30, what="the alert is on the board") or {}


def test_a_lead_answers_an_alert_and_works_on_the_record(visitor: Visitor, heard: Platform) -> None:
    receipt = heard.submit(WORRYING)
    alert = alert_of(heard, receipt.reference)
    visitor.sign_in("imogen-ashdale")
    visitor.open("/alerts")
    visitor.open(f"/alerts/{alert['alert_id']}")
    visitor.press("I have it")
    assert "Answered" in visitor.text
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


def test_a_manager_acknowledges_a_complaint(visitor: Visitor, heard: Platform) -> None:
    receipt = heard.submit(world.a_report())
    manager = heard.seat("tobias-fennimore")

    def handled() -> dict[str, str] | None:
        found = manager.get("/cases", params={"state": "open"})["cases"]
        return next((one for one in found if one["reference"] == receipt.reference and one["handler"]), None)

    case = heard.wait_until(handled, 30, what="the manager has the case") or {}
    visitor.sign_in("tobias-fennimore")
    visitor.open("/today")
    assert receipt.reference in visitor.text
    visitor.open("/cases")
    visitor.open(f"/cases/{case['case_id']}")
    assert "washing machine" in visitor.text
    visitor.page.get_by_text("Why this day?").first.click()
    visitor.page.get_by_text("Not possible now, and why").click()
    visitor.look()
    visitor.open(f"/cases/{case['case_id']}/copy")
    visitor.open(f"/cases/{case['case_id']}")
    visitor.press("Acknowledge", "link")
    visitor.press("Acknowledge")
    assert "This is not possible now" in visitor.text
    for box in visitor.page.get_by_role("checkbox").all():
        box.check()
    visitor.page.get_by_label("The letter that acknowledges it").fill("Thank you. I am dealing with it.")
    visitor.press("Acknowledge")
    assert "It is recorded in your name." in visitor.text
    visitor.open("/outgoing")


def test_another_operators_people_see_nothing_of_it(visitor: Visitor, heard: Platform) -> None:
    receipt = heard.submit(WORRYING)
    alert = alert_of(heard, receipt.reference)
    visitor.sign_in("cosima-bellweather")
    for path in ("/today", "/cases", "/alerts", "/outgoing", "/reports"):
        visitor.open(path)
        assert receipt.reference not in visitor.text
    for path in (f"/cases/{alert['report_id']}", f"/alerts/{alert['alert_id']}", f"/records/{alert['report_id']}"):
        visitor.open(path)
        assert "There is nothing here" in visitor.text


def test_a_group_operator_sees_reports_and_what_was_parked(visitor: Visitor, heard: Platform) -> None:
    heard.submit(world.a_report())
    visitor.sign_in("maren-oakshott")
    visitor.open("/parked")
    visitor.open("/homes")
    for path in ("", "/ioi_support", "/ioi_support/clauses", "/ioi_support/what-if", "/compare"):
        visitor.open(f"/procedures{path}")
    visitor.open("/reports")
    links = [one.get_attribute("href") for one in visitor.page.locator("main a").all()]
    assert links, "a group operator draws up reports"
    for link in links[:3]:
        visitor.open(str(link))


@pytest.mark.timeout(300)
def test_a_group_operator_adds_a_home_and_a_person_with_two_roles(visitor: Visitor, heard: Platform) -> None:
    visitor.sign_in("maren-oakshott")
    visitor.open("/directory")
    assert "Verity Larkhill holds 4 roles" in visitor.text
    for path in ("/directory/people", "/directory/areas", "/directory/changes"):
        visitor.open(path)
    home, person = {"phone": ("Gull", "Lavender Moss"), "desk": ("Tern", "Linden Moss")}[visitor.width]
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


def test_what_somebody_said_on_the_telephone_is_written_down_and_they_get_their_code(visitor: Visitor) -> None:
    visitor.sign_in("tobias-fennimore")
    visitor.open("/write-down")
    visitor.open("/write-down/harbour-house")
    visitor.press("Write it down")
    assert "There is a problem" in visitor.text
    page = visitor.page
    page.get_by_role("group", name="Is anyone in danger right now?").get_by_label("No", exact=True).check()
    for chosen in ("On the telephone", "Make a complaint", "A parent", "Nobody has asked them yet"):
        page.get_by_label(chosen, exact=True).check()
    page.get_by_label("Not yet:").check()
    page.get_by_label("What did they say?").fill("The heating has been broken for a week.")
    page.get_by_label("Their name", exact=True).fill("Robin Averill")
    visitor.press("Write it down")
    assert "It is written down" in visitor.text and "Keep no copy" in visitor.text
    visitor.press("I have passed it on; take it off this screen")
    visitor.open("/slip")
    assert "Secret code" not in visitor.text
