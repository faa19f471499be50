"""A children's home of a council: what people say there is thanks, a thought or a complaint, and each goes its own way.

A mother thanks somebody; a slip lies in the feedback box; a boy complains about the Registered Manager, wants nobody
told, is not content with the first answer and is proved right by the enquiry. And without any complaint: a child who
comes is told how to complain, and a month in which nobody looked through the feedback is late until somebody has.
Told in London time over Christmas.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.ground import world
from tests.ground.harness import Platform
from tests.ground.southmere import SOUTHMERE
from tests.journeys.story import Story

MANAGER, SERVICE_MANAGER, SENIOR = "perpetua-winslade", "cordelia-ashburnham", "hester-malplaquet"
RELATIONS, GROUP, PRAISED = "lionel-garrowby", "bettany-coldharbour", "rufus-appleyard"
LOG = ["shared_with", "how_it_was_shared", "what_changed"]


def said(platform: Platform, handler: str, **report: Any) -> Story:
    """Something said about Larkfield, as far as its handler's list."""
    told = {"home": "larkfield", "formality": None, "wanted": "", "child": None} | report
    receipt = platform.submit(world.a_report(**told))
    return Story(platform, receipt, procedure="west_sussex_home").reaches(handler)


def holder(story: Story, part: str, stage: str) -> str:
    """The name of whoever holds a part."""
    (name,) = [one["name"] for one in story.page()["people"] if (one["part"], one["stage"]) == (part, stage)]
    return str(name)


@pytest.mark.timeout(600)
@pytest.mark.starts_at("2026-12-18 16:30")
@pytest.mark.also_lives_here(SOUTHMERE)
def test_thanks_a_slip_in_the_box_and_a_complaint_each_go_their_own_way(platform: Platform) -> None:
    _a_child_who_comes_is_told_how_to_complain(platform)
    _thanks_are_passed_on(platform)
    _a_slip_in_the_box_is_what_somebody_says_it_is(platform)
    _a_matter_of_the_council_goes_to_its_own_procedure(platform)
    _a_complaint_about_the_manager_is_proved_right(platform)
    _the_review_counts_them_apart(platform)
    _a_month_in_which_nobody_looked_through_the_feedback(platform)


def place(platform: Platform, who: str) -> dict[str, Any]:
    """What Larkfield owes without any complaint, as somebody who works there sees it."""
    seat = platform.seat(who)

    def book() -> str | None:
        found = seat.get("/standing")["places"]
        return next((one["book_id"] for one in found if one["home_name"] == "Larkfield"), None)

    shown: dict[str, Any] = seat.get(f"/standing/{platform.wait_until(book, what=f'{who} sees what Larkfield owes')}")
    return shown


def owed(platform: Platform, who: str, duty: str) -> list[dict[str, Any]]:
    """The lines of one standing duty."""
    return [one for one in place(platform, who)["lines"] if one["duty"] == duty]


def writes(platform: Platform, who: str, command: str, **data: Any) -> None:
    """Somebody writes something down about what Larkfield owes."""
    book = place(platform, who)["book_id"]
    platform.seat(who).post(f"/standing/{book}", {"command": command, "data": data})


def _a_child_who_comes_is_told_how_to_complain(platform: Platform) -> None:
    writes(platform, PRAISED, "happened", event="admitted", mark="K.F.")
    (line,) = owed(platform, PRAISED, "tell_each_child")
    assert (line["due"], line["status"], line["whom_name"]) == ("2026-12-18", "running", "K.F.")
    writes(platform, PRAISED, "done", duty="tell_each_child", whom=line["whom"], ticked=line["items"])
    (line,) = owed(platform, MANAGER, "tell_each_child")
    assert (line["status"], line["done"]["by"]) == ("kept", "Rufus Appleyard")
    assert {one["due"] for one in owed(platform, MANAGER, "review_feedback")} == {"2027-01-18"}


def _a_month_in_which_nobody_looked_through_the_feedback(platform: Platform) -> None:
    (line,) = owed(platform, MANAGER, "review_feedback")
    assert (line["status"], line["missed"], line["owed_by"]) == ("late", 1, ["Perpetua Winslade"])

    def reminders() -> list[str]:
        told = platform.seat(MANAGER).get("/outgoing")["messages"]
        return [one["text"] for one in told if one["about"].get("duty") == "review_feedback"]

    (text,) = platform.wait_until(reminders, what="the manager is reminded")
    assert "This is late at Larkfield. It was due by Monday 18 January 2027" in text and "WSX-12, WSX-17" in text
    writes(platform, MANAGER, "done", duty="review_feedback", note="The bins again.")
    assert [one["status"] for one in owed(platform, MANAGER, "review_feedback")] == ["kept late", "running"]
    provider = world.provider_id("southmere-council")
    report = platform.seat(GROUP).get(f"/reports/{provider}/house.what_we_keep_doing")
    counted = {one["duty"]: one for one in report["measures"]["standing_duties"]["duties"]}
    assert (counted["tell_each_child"]["on_time"], counted["review_feedback"]["kept_late"]) == (1, 1)
    assert (counted["review_feedback"]["missed"], counted["invite_feedback"]["late"]) == (1, 1)
    assert len(reminders()) == 1  # once, however late it was


def _thanks_are_passed_on(platform: Platform) -> None:
    thanks = said(
        platform, MANAGER, kind="compliment", about=[{"name": "Rufus Appleyard"}],
        what_happened="Rufus Appleyard taught my boy to cook. Thank you.",
    )  # fmt: skip
    assert thanks.page()["stage"]["key"] == "compliment"
    assert {line["duty"] for line in thanks.page()["dues"]} == {"tell_customer_relations", "tell_named_staff"}
    assert thanks.due("tell_customer_relations")["status"] == "met"
    assert thanks.is_seen_by(RELATIONS) and not thanks.is_seen_by(PRAISED)
    assert thanks.due("tell_named_staff")["due"] == "2027-01-06"
    for_them = next(one for one in thanks.page()["actions"] if one["data"].get("duty") == "tell_named_staff")
    assert for_them["needs"]["choices"]["channel"] == ["team_meeting", "supervision", "appraisal"]
    thanks.does(MANAGER, "tell", **for_them["data"], channel="supervision", words="A mother thanks you.")
    lacks = thanks.does(MANAGER, "close", status=409, outcome="answered")
    assert "what changed" in lacks["detail"] and "WSX-16" in lacks["clause"]
    log = "Shared with Rufus in supervision and with the team; Friday is cooking night from now on."
    thanks.does(MANAGER, "record", record="feedback_log", fields=LOG, words=log)
    assert log in str(thanks.page()["ledger"]) + str(thanks.page()["words"])
    thanks.does(MANAGER, "close", outcome="answered")
    assert platform.follow(thanks.receipt)["status"] == "Your thanks were passed on, and are written down."
    assert platform.follow(thanks.receipt)["promises"] == []


def _a_slip_in_the_box_is_what_somebody_says_it_is(platform: Platform) -> None:
    slip = said(
        platform, MANAGER, kind="comment", channel="feedback_box",
        complainant={"is": "young_person", "anonymous": True},
        what_happened="The bins in the kitchen always overflow at weekends and it stinks. Do something.",
    )  # fmt: skip
    assert slip.page()["stage"]["key"] == "comment"
    slip.does(MANAGER, "reclassify", kind="complaint", reason="it asks for something to be put right")
    assert slip.page()["stage"]["key"] == "local"
    assert slip.due("respond")["due"] == "2027-01-06"
    assert slip.due("tell_customer_relations")["status"] == "met"


def _a_matter_of_the_council_goes_to_its_own_procedure(platform: Platform) -> None:
    matter = said(platform, MANAGER, what_happened="Nobody from the council came to the review of the care plan.")
    passing = next(one for one in matter.page()["actions"] if one["data"].get("about_authority_functions"))
    assert "WSX-18" in passing["clause"]
    matter.does(MANAGER, "reclassify", about_authority_functions=True, reason="it is about the care plan")
    assert matter.page()["state"] == "passed_on"
    assert "passed to" in platform.follow(matter.receipt)["status"]


def _a_complaint_about_the_manager_is_proved_right(platform: Platform) -> None:
    story = said(
        platform, SERVICE_MANAGER, about=[{"name": "Perpetua Winslade"}], child={"name": "Kit Ferrars", "age": 14},
        complainant={"is": "young_person", "name": "Kit Ferrars", "email": "kit@ferrars.example", "anonymous": False},
        what_happened="Perpetua Winslade sold my bike without asking me.", advocate_refused=True,
    )  # fmt: skip
    assert not story.is_seen_by(MANAGER)
    assert holder(story, "handles", "local") == "Cordelia Ashburnham"
    assert story.due("acknowledge")["due"] == "2026-12-21" and "WSX-6" in story.due("acknowledge")["clause"]
    assert story.due("respond", "local")["due"] == "2027-01-06"
    assert story.due("tell_advocacy")["status"] == "excused"
    assert story.promise("tell_advocacy", "local")[1].startswith("let go")
    assert story.promise("acknowledge", "local") == ("2026-12-21", "to come")

    # Acknowledged within three days, and only with the day of the answer in it, which is no later than its limit.
    platform.move_clock("2026-12-21 09:00")
    says, words = story.wanted_by("acknowledge", "local"), "Hello Kit. You get our answer by 6 January."
    undated = story.does(SERVICE_MANAGER, "acknowledge", status=409, contents=says, words=words)
    assert "date of the answer" in undated["detail"]
    too_far = {"respond": "2027-01-07"}
    story.does(SERVICE_MANAGER, "acknowledge", status=409, contents=says, words=words, dates_given=too_far)
    in_time = {"respond": "2027-01-06"}
    story.does(SERVICE_MANAGER, "acknowledge", contents=says, words=words, dates_given=in_time)
    assert story.promise("acknowledge", "local") == ("2026-12-21", "kept")
    story.does(SERVICE_MANAGER, "record", event="advocate_offered")

    platform.move_clock("2027-01-05 15:00")
    not_upheld = {"findings": {"complaint": "not_upheld"}, "reasons_for": ["complaint"]}
    story.sends(SERVICE_MANAGER, "respond", "respond", "local", **not_upheld, words="The bike was the home's.")
    assert story.due("ask_for_enquiry")["due"] == "2027-02-02"
    assert story.due("learning_review")["status"] == "waiting"

    # The enquiry is the Service Manager's, who has answered already: a senior manager holds it.
    platform.move_clock("2027-01-20 10:00")
    story.does(SERVICE_MANAGER, "ask_to_go_on", to="enquiry")
    story.reaches(SENIOR)
    assert holder(story, "handles", "enquiry") == "Hester Malplaquet"
    assert story.due("acknowledge", "enquiry")["due"] == "2027-01-23"
    assert story.due("respond", "enquiry")["due"] == "2027-02-24"
    says = story.wanted_by("acknowledge", "enquiry")
    story.does(SENIOR, "acknowledge", contents=says, words="We look again.", dates_given={"respond": "2027-02-24"})
    story.does(SENIOR, "record", event="advocate_offered")
    platform.move_clock("2027-02-23 10:00")
    story.sends(SENIOR, "respond", "respond", "enquiry", findings={"complaint": "upheld"}, words="The bike was yours.")

    # An upheld complaint is learned from before it is closed.
    review = story.due("learning_review")
    assert (review["due"], review["status"]) == ("2027-03-23", "running")
    early = story.does(SENIOR, "close", status=409, outcome="answered")
    assert "learning review" in early["detail"] and "WSX-17" in early["clause"]
    story.does_all_that_is_owed(SENIOR)
    assert story.rows("learning_reviewed")
    records = {row["data"].get("record") for row in story.rows("recorded")}
    assert {"feedback_log", "childrens_homes_2015.no_reprisal"} <= records
    story.does(SENIOR, "close", outcome="answered")
    assert platform.follow(story.receipt)["status"] == "Your complaint is closed."
    assert platform.seat(MANAGER).get(f"/cases/{story.id}", status=404)


def _the_review_counts_them_apart(platform: Platform) -> None:
    group, provider = platform.seat(GROUP), world.provider_id("southmere-council")
    period = {"since": "2026-12-01", "until": "2027-03-31"}

    def closed() -> Any:
        measures = group.get(f"/reports/{provider}/feedback_review", params=period)["measures"]
        return measures if measures["received"]["closed"] == 2 else None

    measures = platform.wait_until(closed, what="the review has both as closed")
    assert measures["received"]["by_kind"] == {"complaint": 3, "compliment": 1}
    assert measures["upheld"]["by_finding"] == {"upheld": 1, "partly_upheld": 0, "not_upheld": 0}
    kept = {(one["stage"], one["duty"]): one for one in measures["on_time"]["duties"]}
    assert (kept["local", "acknowledge"]["on_time"], kept["enquiry", "respond"]["on_time"]) == (1, 1)
    offered = {one["key"] for one in group.get("/reports") if one["provider"] == provider}
    law = {"childrens_homes_2015.twelve_month_statement", "childrens_homes_2015.quality_review"}
    assert {"feedback_review", *law} <= offered
