"""A young person's complaint goes the whole way: an answer that comes late, an investigation, a panel, the end.

Told in London time. Each due moment is the one that the clause gives on the calendar of that winter, with Christmas,
New Year and Easter in it; each is read from the page that the people themselves look at.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

MANAGER, DIRECTOR, INVESTIGATOR = "tobias-fennimore", "odette-marlingford", "jonas-pennerley"
INDEPENDENT, STANDS_IN = "anselm-quillfeather", "ruben-castlewick"
CHAIR, MEMBERS = "leocadia-marsh-ender", ("leocadia-marsh-ender", "winifred-osterley", "desmond-akinwale-frost")
KIT = {"is": "young_person", "name": "Kit Ferrars", "email": "kit@ferrars.example", "anonymous": False}


def days(line: dict[str, Any]) -> list[str]:
    """The closed days that a count walked past, but for weekends."""
    return [one["date"] for one in line["derivation"]["skipped"] if one["why"] not in ("Saturday", "Sunday")]


@pytest.mark.timeout(420)
@pytest.mark.starts_at("2026-11-23 09:00")
def test_a_complaint_goes_through_three_stages_and_every_promise_is_on_the_page(platform: Platform) -> None:
    report = world.a_report(complainant=KIT, child={"name": "Kit Ferrars", "age": 17}, about=[])
    story = Story(platform, platform.submit(report)).reaches(MANAGER)

    # Stage 1. Received on Monday 23 November: acknowledged by day 2, a plan by day 5, an answer by day 10.
    assert story.due("acknowledge")["due"] == "2026-11-25" and "IOI-20" in story.due("acknowledge")["clause"]
    assert story.due("contact")["due"] == "2026-11-30"
    assert story.due("respond")["due"] == "2026-12-07"
    assert story.promise("acknowledge", "stage_1") == ("2026-11-25", "to come")
    mine = [line["duty"] for line in platform.seat(MANAGER).get("/today")["waiting_for_me"]]
    assert mine.index("acknowledge") < mine.index("contact") < mine.index("respond")

    platform.move_clock("2026-11-24 11:00")
    half = story.does(MANAGER, "acknowledge", status=409, contents=[])
    assert half["clause"] and "projected timescales" in half["detail"]
    story.sends(
        MANAGER, "acknowledge", "acknowledge", "stage_1", words="Hello Kit. I am looking into your washing machine."
    )
    assert story.promise("acknowledge", "stage_1") == ("2026-11-25", "kept")
    story.waits_for("told", event="acknowledged")
    story.does(MANAGER, "tell", duty="see_the_young_person", whom="young_person", channel="in_person")
    platform.move_clock("2026-11-27 15:00")
    story.sends(MANAGER, "reach", "contact", "stage_1", milestone="action_plan_sent")
    assert story.due("contact")["status"] == "met"

    # The answer is missed. Its day ends at midnight; then the next stage is offered, and Kit can read that it is late.
    platform.move_clock("2026-12-07 23:59")
    assert story.due("respond", "stage_1")["status"] == "running"
    platform.move_clock("2026-12-08 00:00")
    late = story.waits_for("escalated", duty="respond")
    assert late["data"]["offers"] == "stage_2"
    assert [one["duty"] for one in platform.seat(MANAGER).get("/today")["late"] if one["duty"] == "respond"]
    assert story.promise("respond", "stage_1") == ("2026-12-07", "late")
    platform.move_clock("2026-12-09 10:00")
    story.sends(
        MANAGER, "respond", "respond", "stage_1", findings={"complaint": "not_upheld"}, reasons_for=["complaint"],
        words="Our answer is this, because of that.",
    )
    assert story.due("respond", "stage_1")["status"] == "met late"
    assert story.promise("respond", "stage_1") == ("2026-12-07", "kept, but late")

    # Stage 2, asked for on Friday 18 December. A plan within five working days, over Christmas.
    platform.move_clock("2026-12-18 16:30")
    story.does(MANAGER, "ask_to_go_on", to="stage_2")
    assert story.page()["stage"]["key"] == "stage_2"
    plan = story.due("stage_2_plan")
    assert plan["due"] == "2026-12-29"
    assert days(plan) == ["2026-12-25", "2026-12-26", "2026-12-28"]
    assert story.due("investigate")["due"] == "2027-02-08"  # 28 days from a start deemed on 29 December
    story.does(MANAGER, "assign", part="investigates", person=world.person_id(INVESTIGATOR))
    story.does(MANAGER, "assign", part="observes", person=world.person_id(INDEPENDENT))
    holders = {one["part"]: one["name"] for one in story.page()["people"] if one["stage"] == "stage_2"}
    assert holders["decides"] == "Odette Marlingford" and holders["investigates"] == "Jonas Pennerley"
    platform.move_clock("2026-12-23 10:00")
    story.sends(MANAGER, "reach", "stage_2_plan", "stage_2", milestone="action_plan_sent")
    assert story.due("investigate")["due"] == "2027-02-04"  # the plan came early, and the 28 days with it
    assert story.due("respond", "stage_2")["due"] == "2027-02-04"
    platform.move_clock("2027-02-03 12:00")
    story.sends(INVESTIGATOR, "reach", "investigate", "stage_2", milestone="investigation_report_received")
    platform.move_clock("2027-02-04 12:00")
    findings = {"complaint": "partly_upheld"}
    story.sends(DIRECTOR, "respond", "respond", "stage_2", findings=findings, words="What the investigation found.")
    assert story.due("respond", "stage_2")["status"] == "met"

    # Stage 3, asked for on the tenth of the twenty days that there are.
    window = story.due("ask_for_stage_3")
    assert (window["due"], window["status"]) == ("2027-03-04", "running")
    platform.move_clock("2027-02-18 09:30")
    story.does(MANAGER, "ask_to_go_on", to="stage_3")
    assert story.due("acknowledge_review")["due"] == "2027-02-22"
    meets = story.due("panel_meets")
    assert meets["due"] == "2027-04-05"
    assert days(meets) == ["2027-03-26", "2027-03-29"]
    decider = next(one for one in story.page()["people"] if one["part"] == "decides" and one["stage"] == "stage_3")
    assert decider["name"] == "Ruben Castlewick"  # the manager judged stage 1, so who stands in for him decides
    story.sends(MANAGER, "acknowledge", "acknowledge_review", "stage_3", words="We are calling a panel together.")
    members = [world.person_id(one) for one in MEMBERS]
    insider = [*members[:2], world.person_id(DIRECTOR)]
    assert "may not sit" in story.does(MANAGER, "form_panel", status=409, members=insider, chair=members[0])["detail"]
    story.does(MANAGER, "form_panel", members=members, chair=world.person_id(CHAIR))
    platform.move_clock("2027-02-19 09:30")
    too_soon = story.does(MANAGER, "arrange_panel", status=409, date="2027-02-26")
    assert "too soon" in too_soon["detail"]
    story.does(MANAGER, "arrange_panel", date="2027-03-24", place="the library")
    assert story.due("invite")["due"] == "2027-03-10" and story.due("papers")["due"] == "2027-03-10"
    platform.move_clock("2027-03-09 09:30")
    for duty, whom in (("invite", "complainant"), ("papers", "panel"), ("papers", "attendees")):
        says = story.wanted_by(duty, "stage_3")
        story.does(MANAGER, "tell", duty=duty, whom=whom, contents=says, words="You are invited.")
    assert story.due("papers")["status"] == "met"
    platform.move_clock("2027-03-24 17:00")
    story.does(MANAGER, "panel_met")
    assert story.due("recommend")["due"] == "2027-04-02"
    platform.move_clock("2027-03-31 10:00")
    story.does(MANAGER, "reach", milestone="recommendations_received")
    answer = story.due("respond", "stage_3")
    assert answer["due"] == "2027-04-21"
    platform.move_clock("2027-04-20 10:00")
    story.sends(STANDS_IN, "respond", "respond", "stage_3", findings={"complaint": "upheld"}, words="You were right.")

    # Nothing closes while something is owed; then it does, and Kit reads what was kept and what was not.
    refused = story.does(MANAGER, "close", status=409, outcome="answered")
    assert refused["detail"] and refused["instead"]
    story.does_all_that_is_owed(MANAGER)
    story.does(MANAGER, "close", outcome="answered")
    assert story.page()["state"] == "closed"
    assert platform.follow(story.receipt)["status"] == "Your complaint is closed."
    assert story.page()["journey"][-1]["key"] == "stage_3"
    whole = platform.seat(MANAGER).get(f"/cases/{story.id}/ledger")
    assert whole["whole"] and [row["seq"] for row in whole["happenings"]] == list(
        range(1, len(whole["happenings"]) + 1)
    )

    _the_report_counts_it(platform)


def _the_report_counts_it(platform: Platform) -> None:
    """The provider's own report has the complaint, its end and its finding, and the one answer that came late."""
    group, provider = platform.seat("maren-oakshott"), world.provider_id("tidewater-homes")
    offered = {(one["provider"], one["key"]) for one in group.get("/reports")}
    assert (provider, "annual") in offered

    def closed() -> Any:
        period = {"since": "2026-11-01", "until": "2027-04-30"}
        measures = group.get(f"/reports/{provider}/annual", params=period)["measures"]
        return measures if measures["received"]["closed"] else None

    measures = platform.wait_until(closed, what="the report has the case as closed")
    assert measures["received"]["total"] == 1
    assert measures["upheld"]["by_finding"]["upheld"] == 1
    kept = {(one["stage"], one["duty"]): one for one in measures["on_time"]["duties"]}
    assert (kept["stage_1", "acknowledge"]["on_time"], kept["stage_1", "acknowledge"]["late"]) == (1, 0)
    assert (kept["stage_1", "respond"]["on_time"], kept["stage_1", "respond"]["kept_late"]) == (0, 1)
    assert kept["stage_2", "respond"]["on_time"] == 1
