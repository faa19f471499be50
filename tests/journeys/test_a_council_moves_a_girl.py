"""A council's own procedure, the whole way: a girl in care is to be moved, says no, and is heard by three stages.

Told in London time. Each due moment is the regulations' own on the calendar of that winter and spring: Christmas, New
Year, Easter and the first bank holiday of May stand in the way of the counts.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

TEAM_MANAGER, COMPLAINTS = "fergal-winterbourne-pike", "aurelia-stonecroft"
INVESTIGATOR, INDEPENDENT, ADJUDICATOR = "thea-ravensmoor", "ignatius-copperfold", "rosalind-amberley-voss"
DIRECTOR, PANEL = "octavius-merrivale", ("barnaby-locksmere", "oriel-fairclough-wynn", "zebedee-harkaway")
ODA = {"is": "young_person", "name": "Oda Penhallow", "email": "oda@penhallow.example", "anonymous": False}


@pytest.mark.timeout(420)
@pytest.mark.starts_at("2026-12-01 09:00")
def test_a_disputed_move_goes_through_the_statutory_stages_to_the_panel(platform: Platform) -> None:
    report = world.a_report(
        home="linden-lodge", complainant=ODA, child={"name": "Oda Penhallow", "age": 15}, category=["placement"],
        what_happened="They want to move me to another town in the middle of my school year. Nobody asked me.",
        wanted="To stay until the summer.",
    )  # fmt: skip
    story = Story(platform, platform.submit(report), procedure="children_act").reaches(TEAM_MANAGER)

    # Stage 1: ten working days, and twenty where she was told why.
    assert story.due("acknowledge", "stage_1")["due"] == "2026-12-03"
    assert story.due("offer_advocate")["due"] == "2026-12-03"
    assert story.due("respond", "stage_1")["due"] == "2026-12-15"
    assert story.promise("respond", "stage_1") == ("2026-12-15", "to come")
    story.sends(TEAM_MANAGER, "acknowledge", "acknowledge", "stage_1", words="Hello Oda. We have what you told us.")
    why = {"reason": "the school year", "risk to the child of leaving things as they are": "none"}
    story.does(ADJUDICATOR, "decide", decision="freeze", answer="yes", record=why)
    platform.move_clock("2026-12-14 10:00")
    longer: dict[str, Any] = {"duty": "respond", "reason": "advocate sought", "until": "2026-12-31"}
    longer["contents"] = ["reason", "new date"]
    assert "told" in story.does(TEAM_MANAGER, "extend", status=409, **longer)["detail"]
    story.does(TEAM_MANAGER, "extend", needs_met=["complainant_told"], **longer)
    assert story.due("respond", "stage_1")["due"] == "2026-12-31"
    platform.move_clock("2026-12-30 10:00")
    story.sends(
        TEAM_MANAGER, "respond", "respond", "stage_1", findings={"complaint": "not_upheld"}, reasons_for=["complaint"],
        words="It is for the best, because the school there has a place for you.",
    )
    assert story.due("respond", "stage_1")["status"] == "met"

    # Stage 2: twenty-five working days from her request, sixty-five at most; beside it a count from the statement.
    assert story.due("ask_for_stage_2")["due"] == "2027-01-28"
    platform.move_clock("2027-01-11 15:00")
    story.does(TEAM_MANAGER, "ask_to_go_on", to="stage_2")
    story.reaches(COMPLAINTS)
    assert story.due("acknowledge", "stage_2")["due"] == "2027-01-13"
    assert story.due("respond", "stage_2")["due"] == "2027-02-15"
    story.sends(COMPLAINTS, "acknowledge", "acknowledge", "stage_2", words="Somebody new will look into it.")
    story.does(COMPLAINTS, "assign", part="investigates", person=world.person_id(INVESTIGATOR))
    story.does(COMPLAINTS, "assign", part="observes", person=world.person_id(INDEPENDENT))
    story.does(COMPLAINTS, "reach", milestone="investigators_appointed")
    platform.move_clock("2027-01-22 10:00")
    story.does(INVESTIGATOR, "reach", milestone="statement_of_complaint_agreed")
    assert story.due("respond_from_statement", "stage_2")["due"] == "2027-02-26"
    platform.move_clock("2027-02-12 10:00")
    longer |= {"reason": "as recorded", "until": "2027-04-15"}
    too_long = story.does(COMPLAINTS, "extend", status=409, needs_met=["complainant_told"], **longer)
    assert "14 April 2027" in too_long["instead"] + too_long["detail"]
    story.does(COMPLAINTS, "extend", needs_met=["complainant_told"], **longer | {"until": "2027-04-14"})
    story.does(INVESTIGATOR, "record", event="interview_held", interviewed="Oda, with her advocate")
    platform.move_clock("2027-03-30 12:00")
    unread = {"findings": {"complaint": "partly_upheld"}, "words": "Nobody asked you."}
    early = story.does(ADJUDICATOR, "respond", status=409, contents=story.wanted_by("respond", "stage_2"), **unread)
    assert "reports" in early["detail"]
    story.does(INVESTIGATOR, "reach", milestone="investigation_report_received")
    platform.move_clock("2027-04-01 12:00")
    story.sends(
        ADJUDICATOR, "respond", "respond", "stage_2", findings={"complaint": "partly_upheld"}, words="Nobody asked you."
    )
    assert story.promise("respond", "stage_2") == ("2027-04-14", "kept")

    # Stage 3: a panel within thirty working days, date and papers ten before, its report in five, an answer in fifteen.
    assert story.due("ask_for_stage_3")["due"] == "2027-04-29"
    platform.move_clock("2027-04-12 09:30")
    story.does(COMPLAINTS, "ask_to_go_on", to="stage_3")
    assert story.due("acknowledge_review")["due"] == "2027-04-14"
    assert story.due("panel_meets")["due"] == "2027-05-25"
    story.sends(COMPLAINTS, "acknowledge", "acknowledge_review", "stage_3", words="A panel will hear you.")
    members = [world.person_id(one) for one in PANEL]
    with_the_independent_person = [*members[:2], world.person_id(INDEPENDENT)]
    story.does(COMPLAINTS, "form_panel", status=409, members=with_the_independent_person, chair=members[0])
    story.does(COMPLAINTS, "form_panel", members=members, chair=members[0])
    platform.move_clock("2027-04-13 09:30")
    story.does(COMPLAINTS, "arrange_panel", date="2027-05-10", place="the town library")
    assert story.due("invite")["due"] == story.due("papers")["due"] == "2027-04-23"
    for duty, whom in (("invite", "complainant"), ("papers", "panel"), ("papers", "attendees")):
        says = story.wanted_by(duty, "stage_3")
        story.does(COMPLAINTS, "tell", duty=duty, whom=whom, contents=says, words="The panel meets on 10 May.")
    platform.move_clock("2027-05-10 17:00")
    story.does(COMPLAINTS, "panel_met")
    assert story.due("recommend")["due"] == "2027-05-17"
    platform.move_clock("2027-05-14 10:00")
    story.sends(COMPLAINTS, "reach", "recommend", "stage_3", milestone="recommendations_received")
    assert story.due("respond", "stage_3")["due"] == "2027-06-07"
    decider = next(one for one in story.page()["people"] if one["part"] == "decides" and one["stage"] == "stage_3")
    assert decider["name"] == "Octavius Merrivale"  # who adjudicated stage 2 does not decide stage 3
    platform.move_clock("2027-06-04 10:00")
    story.sends(DIRECTOR, "respond", "respond", "stage_3", findings={"complaint": "upheld"}, words="You stay.")

    story.does_all_that_is_owed(COMPLAINTS)
    story.does(COMPLAINTS, "close", outcome="answered")
    assert platform.follow(story.receipt)["status"] == "Your complaint is closed."
    _the_report_counts_it(platform)


def _the_report_counts_it(platform: Platform) -> None:
    """The council's annual report has it as closed and upheld, with each of the law's times kept."""
    provider = world.provider_id("northgate-council-care")

    def closed() -> Any:
        asked = {"since": "2026-11-01", "until": "2027-06-30"}
        measures = platform.seat("hollis-underbridge").get(f"/reports/{provider}/annual", params=asked)["measures"]
        return measures if measures["received"]["closed"] else None

    measures = platform.wait_until(closed, what="the report has the case as closed")
    assert (measures["received"]["total"], measures["upheld"]["by_finding"]["upheld"]) == (1, 1)
    kept = {(one["stage"], one["duty"]): one for one in measures["on_time"]["duties"]}
    for stage in ("stage_1", "stage_2", "stage_3"):
        assert (kept[stage, "respond"]["on_time"], kept[stage, "respond"]["late"]) == (1, 0)
