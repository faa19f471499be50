"""Complaints at a provider that mentors young people: on hold in part, closed and opened again, about its Director.

Told in London time over the Christmas of 2026, on the procedure of 1-2-1 Mentors with invented people. Each due moment
is read from the page that the people themselves look at.
"""

from __future__ import annotations

from typing import Any

import pytest

from heard.registry import load_procedures
from tests.ground import world
from tests.ground.harness import Platform
from tests.ground.larkfield import LARKFIELD
from tests.journeys.story import Story

GROUP, DIRECTOR, MANAGER, MENTOR = "hester-quillington", "rufus-dunmallard", "petra-hollinshead", "corin-wetherley"
LEAD, OUTSIDE, INDEPENDENT = "isolde-marrack", "ottoline-speake", "lucian-farthingale"
PANEL = ("jago-penhallow", "winnie-askrigg", INDEPENDENT)
CONDUCT = "conduct of staff"
world.invented(LARKFIELD)


def ids(*people: str) -> list[str]:
    return [world.person_id(one) for one in people]


def a_complaint(platform: Platform, handler: str, **changes: Any) -> Story:
    """Somebody complains to Larkfield Barn, and it reaches whoever deals with it."""
    report = world.a_report(home="larkfield-barn", child={"name": "Jess Averill", "age": 14}, **changes)
    return Story(platform, platform.submit(report), procedure="one_two_one_mentors").reaches(handler)


def said(duty: str, stage: str) -> list[str]:
    """Everything that the act which meets a duty must say."""
    return list(load_procedures().get("one_two_one_mentors").duty(duty, stage).contains)


def tells(story: Story, who: str, duty: str, stage: str, *whom: str, **more: Any) -> None:
    """Tell everybody a duty names, saying all that it wants said."""
    rule = load_procedures().get("one_two_one_mentors").duty(duty, stage)
    sure = {"contents": list(rule.contains), "leaves_out": list(rule.leaves_out)}
    for one in whom:
        story.does(who, "tell", duty=duty, whom=one, **sure, **more)


def duty_lines(story: Story, duty: str) -> dict[tuple[str, ...], tuple[str, str | None]]:
    """Each line of a duty by its heads: its status and its day."""
    return {tuple(one["heads"]): (one["status"], one["due"]) for one in story.page()["dues"] if one["duty"] == duty}


@pytest.mark.timeout(420)
@pytest.mark.also_lives_here(LARKFIELD)
@pytest.mark.starts_at("2026-12-18 16:30")
def test_a_formal_complaint_is_numbered_held_in_part_closed_by_an_agreed_day_and_appealed(platform: Platform) -> None:
    story = a_complaint(
        platform,
        DIRECTOR,
        about=[{"name": "Corin Wetherley"}],
        what_happened="Five sessions were cancelled this term and nobody rang us. Corin Wetherley never rang back.",
    )

    # Received on a Friday afternoon: numbered at once, and the number is given by the same time on Monday.
    reference = "18.12.26 / (RD) / Larkfield Barn / (RA)"
    assert story.page()["own_reference"] == reference
    assert reference not in story.receipt.reference and reference not in str(platform.follow(story.receipt))
    assert story.due("give_reference")["due"] == "2026-12-21T16:30:00+00:00"
    assert story.due("first_answer")["due"] == story.due("explain_delay")["due"] == "2026-12-23"
    assert story.due("respond", "stage_2")["due"] == "2027-01-06"
    assert story.promise("respond", "stage_2") == ("2027-01-06", "to come")
    assert not story.is_seen_by(MENTOR)
    serious = {"decision": "how_serious", "answer": "may_be_informal", "record": {"reason": "Sessions can be moved."}}
    story.does(MANAGER, "decide", **serious)
    later = {"decision": "tell_third_parties", "answer": "later", "date": "2027-01-04"}
    story.does(MANAGER, "decide", **later, record={"how": "in a meeting", "reason": "after the holidays"})
    assert story.due("tell_named_person")["due"] == "2027-01-04"
    platform.move_clock("2026-12-21 10:00")
    assert "the reference of the complaint" in story.does(DIRECTOR, "acknowledge", status=409, contents=[])["detail"]
    story.does(DIRECTOR, "acknowledge", contents=said("give_reference", "stage_2"), words="I deal with it myself.")
    assert story.promise("give_reference", "stage_2")[1] == "kept"

    # What may become a disciplinary matter waits; the sessions are looked into all the same.
    platform.move_clock("2026-12-22 11:00")
    story.does(DIRECTOR, "add_head", key=CONDUCT)
    _disciplinary(platform, story)
    story.does(DIRECTOR, "suspend", rule="handled_separately", heads=[CONDUCT], reason="A disciplinary hearing.")
    assert duty_lines(story, "respond") == {("complaint",): ("running", "2027-01-06"), (CONDUCT,): ("paused", None)}
    platform.wait_until(
        lambda: [row for row in story.rows("told") if row["data"].get("event") == "suspended"],
        what="the complainant is told that part of it is on hold",
    )

    # Three days: a first answer with a day in it, in writing and by telephone. The agency that referred Jess is told.
    platform.move_clock("2026-12-23 12:00")
    first = {"contents": said("first_answer", "stage_2"), "words": "We answer you by 5 January."}
    late = story.does(DIRECTOR, "answer_first", status=409, **first, dates_given={"respond": "2027-01-07"})
    assert "6 January 2027" in late["detail"]
    story.does(DIRECTOR, "answer_first", **first, dates_given={"respond": "2027-01-05"})
    assert story.due("explain_delay")["status"] == "running"
    tells(story, DIRECTOR, "explain_delay", "stage_2", "complainant", channel="telephone")
    assert story.due("explain_delay")["status"] == "met"
    no_basis = story.does(DIRECTOR, "tell", status=409, duty="tell_referrer", whom="referrer")
    assert "legal basis" in no_basis["detail"] and "MEN-21" in str(no_basis["clause"])
    tells(story, DIRECTOR, "tell_referrer", "stage_2", "referrer", record={"legal basis": "the contract with them"})
    tells(story, DIRECTOR, "offer_referrers_procedure", "stage_2", "complainant")

    # The answer, after all that an investigation does; the part on hold is answered when the hearing is over.
    platform.move_clock("2027-01-05 15:00")
    answer = {"findings": {"complaint": "partly_upheld"}, "words": "What we found, and what we do now."}
    contents = said("respond", "stage_2")
    before = story.does(DIRECTOR, "respond", status=409, contents=contents, **answer)
    assert "MEN-5" in str(before["clause"])
    story.does(
        DIRECTOR, "record", event="investigation_recorded", contents=said("investigate", "stage_2")
    )
    story.does(DIRECTOR, "respond", contents=contents, **answer)
    platform.move_clock("2027-01-11 10:00")
    closing = {"outcome": "unfounded", "reason": "The hearing found no misconduct."}
    reads_it_and_answers(platform, LEAD, story.id)
    platform.seat(LEAD).post(f"/records/{story.id}/close", closing)
    story.waits_for("resumed")
    assert duty_lines(story, "respond")[(CONDUCT,)] == ("running", "2027-01-21")  # two days were used, eight are left
    platform.move_clock("2027-01-20 10:00")
    no_reasons = story.does(DIRECTOR, "respond", status=409, contents=contents, findings={CONDUCT: "not_upheld"})
    assert "reasons" in no_reasons["detail"]
    second = {"findings": {CONDUCT: "not_upheld"}, "reasons_for": [CONDUCT], "words": "And this."}
    story.does(DIRECTOR, "respond", contents=contents, **second)

    # The two agree until when to appeal. A reminder goes out; then the day is over, and it counts as closed.
    assert story.due("ask_for_stage_3")["due"] == "2027-02-17"
    story.does(DIRECTOR, "agree_window", way="stage_3", until="2027-02-05")
    assert story.due("ask_for_stage_3")["due"] == "2027-02-05"
    story.does_all_that_is_owed(DIRECTOR)
    platform.move_clock("2027-01-29 00:00")
    assert story.waits_for("escalated", reminder=True)["data"]["tell"] == ["complainant"]
    platform.move_clock("2027-02-06 00:00")
    assert story.waits_for("closed")["data"]["outcome"] == "window_over"
    assert platform.follow(story.receipt)["status"] == "Your complaint is closed."

    # They were ill. That is a good reason, so the case is open again, before people who had no part in it.
    platform.move_clock("2027-02-15 09:30")
    assert "illness" in story.does(DIRECTOR, "ask_to_go_on", status=409, to="stage_3")["instead"]
    story.does(DIRECTOR, "ask_to_go_on", to="stage_3", late_ground="illness")
    assert story.due("panel_meets")["due"] == "2027-03-08"
    involved = story.does(DIRECTOR, "form_panel", status=409, members=ids(*PANEL, DIRECTOR), chair=ids(*PANEL)[0])
    assert "may not sit" in involved["detail"]
    dependent = story.does(DIRECTOR, "form_panel", status=409, members=ids(*PANEL[:2], LEAD), chair=ids(*PANEL)[0])
    assert "independent" in dependent["detail"] and "MEN-14" in str(dependent["clause"])
    story.does(DIRECTOR, "form_panel", members=ids(*PANEL), chair=ids(INDEPENDENT)[0])
    platform.move_clock("2027-02-22 09:30")
    assert "too soon" in story.does(DIRECTOR, "arrange_panel", status=409, date="2027-02-24")["detail"]
    story.does(DIRECTOR, "arrange_panel", date="2027-02-26", place="the library")
    assert story.due("invite")["due"] == "2027-02-23"
    tells(story, DIRECTOR, "invite", "stage_3", "complainant", "panel", "attendees", words="You are invited.")
    platform.move_clock("2027-02-26 17:00")
    story.does(DIRECTOR, "panel_met")
    for duty in ("findings", "findings_to_director", "findings_to_operational_manager", "findings_to_named"):
        assert story.due(duty)["due"] == "2027-03-05"
    platform.move_clock("2027-03-03 10:00")
    findings = {"complaint": "upheld", CONDUCT: "not_upheld"}
    contents = said("findings", "stage_3")
    answer = {"findings": findings, "reasons_for": [CONDUCT], "words": "What the panel found."}
    story.does(DIRECTOR, "respond", contents=contents, **answer)
    tells(story, DIRECTOR, "findings_to_operational_manager", "stage_3", "operational_manager", words="For you.")
    tells(story, DIRECTOR, "findings_to_named", "stage_3", "named_person", words="What concerns you.")
    tells(story, DIRECTOR, "findings_to_director", "stage_3", "director")
    story.does_all_that_is_owed(DIRECTOR)
    story.does(DIRECTOR, "close", outcome="answered")
    assert story.page()["own_reference"] == reference
    assert not story.is_seen_by(MENTOR)
    _the_report_counts_it(platform)


def _disciplinary(platform: Platform, story: Story) -> None:
    """The Director says that it may be a disciplinary matter; the safeguarding lead looks at it and confirms."""
    story.does(DIRECTOR, "raise_concern", concern="disciplinary", reason="He may not have rung back on purpose.")
    (alert,) = platform.wait_until(lambda: _alerts(platform, LEAD), what="the lead has the alert")
    platform.seat(LEAD).post(f"/alerts/{alert['alert_id']}/acknowledge")
    confirmed = {"decision": "confirm", "concern": "disciplinary", "reason": "It needs a hearing."}
    platform.seat(LEAD).post(f"/records/{story.id}/concerns", confirmed)
    story.waits_for("concern_confirmed")


def reads_it_and_answers(platform: Platform, person: str, report_id: str) -> None:
    """Open the record, which rang because nobody had for weeks, and answer what rang."""
    platform.seat(person).get(f"/records/{report_id}")
    for alert in _alerts(platform, person):
        if not alert["answered_at"]:
            platform.seat(person).post(f"/alerts/{alert['alert_id']}/acknowledge")


def _alerts(platform: Platform, person: str) -> list[dict[str, Any]]:
    found = platform.seat(person).get("/alerts")
    return list(found["alerts"] if isinstance(found, dict) else found)


def _the_report_counts_it(platform: Platform) -> None:
    group, provider = platform.seat(GROUP), world.provider_id("larkfield-learning")
    period = {"since": "2026-12-01", "until": "2027-03-31"}

    def closed() -> Any:
        measures = group.get(f"/reports/{provider}/monitoring", params=period)["measures"]
        return measures if measures["received"]["closed"] else None

    measures = platform.wait_until(closed, what="the report has the case as closed")
    kept = {(one["stage"], one["duty"]): one for one in measures["on_time"]["duties"]}
    assert kept["stage_2", "give_reference"]["on_time"] == 1
    assert kept["stage_3", "panel_meets"]["on_time"] == 1
    assert measures["received"]["total"] == 1


@pytest.mark.timeout(300)
@pytest.mark.also_lives_here(LARKFIELD)
@pytest.mark.starts_at("2026-12-18 16:30")
def test_a_neighbour_s_worry_about_the_director_goes_straight_to_a_panel_that_he_has_no_hand_in(
    platform: Platform,
) -> None:
    story = a_complaint(
        platform,
        MANAGER,
        formality="informal",
        complainant={"is": "neighbour", "anonymous": True},
        about=[{"name": "Rufus Dunmallard"}],
        what_happened="Rufus Dunmallard parks across our gate every morning and laughs when we ask him to move.",
    )
    page = story.page()
    assert page["stage"]["key"] == "stage_3" and page["own_reference"] == "18.12.26 / (PH) / Larkfield Barn / (ANON)"
    holders = {one["part"]: one["who"] for one in page["people"] if not one["stood_down"]}
    assert holders == dict(
        zip(("handles", "convenes", "investigates"), ids(MANAGER, MANAGER, OUTSIDE), strict=True)
    )
    platform.seat(DIRECTOR).get(f"/cases/{story.id}", status=404)
    assert story.due("panel_meets")["due"] == "2027-01-13"
    assert story.due("give_reference")["due"] == "2026-12-21T16:30:00+00:00"

    platform.move_clock("2026-12-21 10:00")
    story.does(MANAGER, "acknowledge", contents=said("give_reference", "stage_3"), words="Your reference is here.")
    story.does(MANAGER, "answer_first", contents=said("first_answer", "stage_3"), words="Somebody outside ...")
    story.does(MANAGER, "form_panel", members=ids(*PANEL), chair=ids(INDEPENDENT)[0])
    story.does(MANAGER, "arrange_panel", date="2027-01-12", place="the library")
    assert story.due("fact_finding")["due"] == "2027-01-07"
    tells(story, MANAGER, "invite", "stage_3", "complainant", "panel", "attendees", words="You are invited.")
    platform.move_clock("2027-01-12 17:00")
    early = story.does(MANAGER, "panel_met", status=409)
    assert "report of the facts" in early["detail"] and "MEN-3" in str(early["clause"])
    story.does(OUTSIDE, "record", event="investigation_recorded")
    assert story.due("fact_finding")["status"] == "met late"
    story.does(MANAGER, "panel_met")
    sent = {"findings": {"complaint": "upheld"}, "words": "What the panel found."}
    story.does(MANAGER, "respond", contents=said("findings", "stage_3"), **sent)
    named = story.due("findings_to_named")
    assert (named["due"], named["status"]) == ("2027-01-19", "running")
    assert [one["duty"] for one in story.page()["dues"] if one["duty"] == "findings_to_director"] == []
    tells(story, MANAGER, "findings_to_named", "stage_3", "named_person", words="What concerns you.")
    platform.wait_until(
        lambda: platform.count("notifications", "messages", "whom = ?", ids(DIRECTOR)),
        what="he reads what the panel found, as the person it is about",
    )
    platform.seat(DIRECTOR).get(f"/cases/{story.id}", status=404)
