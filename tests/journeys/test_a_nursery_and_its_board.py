"""A charity with a nursery: a father takes a complaint from the nursery's manager to the Board, over Christmas.

And what another organisation's therapist did there is passed on with his consent, followed to its end, and he is told.
Told in London time; each due moment is the one that the clause gives.
"""

from __future__ import annotations

from typing import Any

import pytest

from services.directory.changes import GROUP_OPERATOR, STAFF
from services.directory.demo import Group, Place, Someone
from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

BRIGHTWATER = world.invented(
    Group(
        slug="brightwater-charity",
        name="Brightwater Women and Children",
        provider="Brightwater",
        procedure="stepping_stones",
        homes=(Place("fernhill-nursery", "Fernhill Nursery", "Luton"),),
        people=(
            Someone("Rosamund Tackley", (GROUP_OPERATOR,)),
            Someone("Bethan Orchardley", ("childcare_service_manager",), "fernhill-nursery"),
            Someone("Elspeth Wickenden", ("childcare_deputy_manager",), "fernhill-nursery"),
            Someone("Isolde Fairbrother", ("chief_executive",)),
            Someone("Lucasta Verney-Holt", ("chair_of_trustees",)),
            Someone("Hesketh Ombersley", ("vice_chair",)),
            Someone("Araminta Colvile", ("trustee",)),
            Someone("Bartholomew Sturry", ("trustee",)),
            Someone("Cressida Langrish", ("trustee",)),
            Someone("Merewen Ashcombe", ("designated_safeguarding_lead",)),
            Someone("Percival Dunmore-Hay", ("deputy_safeguarding_lead",)),
            Someone("Ottoline Brackley", ("external_investigator",)),
            Someone("Dorcas Wilmington", (STAFF,), "fernhill-nursery"),
        ),
        relations=(("manages", "bethan-orchardley", "dorcas-wilmington"),),
        employs_all_but=("external_investigator",),
    )
)
MANAGER, CHIEF, CHAIR, GROUP = "bethan-orchardley", "isolde-fairbrother", "lucasta-verney-holt", "rosamund-tackley"
DORCAS, TRUSTEES = "dorcas-wilmington", ("araminta-colvile", "bartholomew-sturry", "cressida-langrish")
FATHER = {"is": "parent", "name": "Alban Thrupp", "email": "alban@thrupp.example", "anonymous": False}


def complaint(platform: Platform, **changes: Any) -> Story:
    """What a father says about the nursery, as far as its manager's list."""
    told = {
        "home": "fernhill-nursery", "formality": "informal", "facts": {"service": "childcare"}, "complainant": FATHER,
        "child": {"name": "Wren Thrupp", "age": 7}, "about": [{"name": "Dorcas Wilmington"}],
        "what_happened": "Dorcas Wilmington forgot twice to send my daughter’s coat and lunch box home.",
    }  # fmt: skip
    receipt = platform.submit(world.a_report(**(told | changes)))
    return Story(platform, receipt, procedure="stepping_stones").reaches(MANAGER)


def holder(story: Story, part: str, stage: str) -> str:
    """The name of whoever holds a part."""
    (name,) = [one["name"] for one in story.page()["people"] if (one["part"], one["stage"]) == (part, stage)]
    return str(name)


def tells(story: Story, who: str, duty: str, whom: str, **data: Any) -> None:
    """Somebody tells what a duty wants told, saying all that it wants said."""
    (offered,) = [
        one for one in story.page(who)["actions"]
        if one["name"] == "tell" and one["data"].get("duty") == duty and one["data"]["whom"] == whom
    ]  # fmt: skip
    story.does(who, "tell", **offered["example"], **data)


@pytest.mark.timeout(600)
@pytest.mark.starts_at("2026-11-23 09:00")
@pytest.mark.also_lives_here(BRIGHTWATER)
def test_a_father_takes_it_from_the_nursery_to_the_board(platform: Platform) -> None:
    story = complaint(platform)
    _the_manager_answers_in_writing_and_hears_whoever_it_is_about(story)
    _the_chief_executive_answers_and_says_nothing_of_discipline(story)
    _the_board_decides_by_three_trustees(story)
    _the_yearly_review_counts_it(platform)


def _the_manager_answers_in_writing_and_hears_whoever_it_is_about(story: Story) -> None:
    assert story.page()["stage"]["key"] == "stage_1"
    assert holder(story, "handles", "stage_1") == holder(story, "investigates", "stage_1") == "Bethan Orchardley"
    assert story.due("tell_service_manager")["status"] == "met"  # she looks into it, so she knows
    assert story.due("outcome_for_five_and_over", "stage_1")["due"] == "2026-12-13"
    assert story.due("respond", "stage_1")["due"] == "2026-12-21"
    assert story.due("early_years.outcome")["due"] == "2026-12-21"
    assert story.promise("outcome_for_five_and_over", "stage_1")[0] == "2026-12-13"
    assert not story.is_seen_by(DORCAS)

    story.platform.move_clock("2026-12-10 10:00")
    answer: dict[str, Any] = {"findings": {"complaint": "partly_upheld"}, "words": "We are sorry about the coat.",
                              "leaves_out": ["any disciplinary sanction"]}  # fmt: skip
    wanted = story.wanted_by("respond", "stage_1")
    unheard = story.does(MANAGER, "respond", status=409, contents=wanted, **answer)
    assert "STS-5" in unheard["clause"] and "fair chance" in unheard["detail"]
    tells(story, MANAGER, "hear_named_person", "named_person", words="Somebody says that a coat was forgotten.")
    story.does(MANAGER, "respond", contents=wanted, **answer)
    assert {story.due(duty)["status"] for duty in ("outcome_for_five_and_over", "respond")} == {"met"}
    assert story.due("early_years.outcome")["status"] == "met"
    assert story.due("tell_chief_executive")["due"] == "2026-12-11"
    tells(story, MANAGER, "tell_chief_executive", "chief_executive", words="All about it is here.")


def _the_chief_executive_answers_and_says_nothing_of_discipline(story: Story) -> None:
    story.platform.move_clock("2026-12-18 16:30")
    story.does(MANAGER, "ask_to_go_on", to="stage_2", grounds="the problem came back")
    assert holder(story, "handles", "stage_2") == "Isolde Fairbrother"
    acknowledge = story.due("acknowledge", "stage_2")
    assert (acknowledge["due"], acknowledge["clause"]) == ("2026-12-29", ["STS-7"])
    skipped = {one["date"] for one in acknowledge["derivation"]["skipped"]}
    assert {"2026-12-25", "2026-12-26", "2026-12-28"} <= skipped
    assert story.due("outcome_for_five_and_over", "stage_2")["due"] == "2027-01-07"
    assert story.due("respond", "stage_2")["due"] == "2027-01-15"
    story.sends(CHIEF, "acknowledge", "acknowledge", "stage_2", words="I will look into it and write by 7 January.")

    story.platform.move_clock("2027-01-05 10:00")
    (subject,) = {row["data"]["subject"] for row in story.rows("named")}
    story.does(CHIEF, "excuse", duty="hear_named_person", instance=subject,
               ground="heard at Stage 1, and nothing new is said")  # fmt: skip
    story.does(CHIEF, "decide", decision="disciplinary", answer="yes", instance=subject,
               record={"reason": "The same thing again, after she was told."})  # fmt: skip
    assert story.rows("linked_case_opened")[0]["data"]["linked"] == "disciplinary"
    story.sends(CHIEF, "respond", "respond", "stage_2", findings={"complaint": "upheld"},
                words="Each bag is now checked at the door.")  # fmt: skip
    assert story.due("outcome_for_five_and_over", "stage_2")["status"] == "met"
    read = str(story.platform.follow(story.receipt)).lower()
    assert "answered you" in read and "disciplin" not in read


def _the_board_decides_by_three_trustees(story: Story) -> None:
    window = story.due("ask_for_stage_3")
    assert (window["due"], window["status"]) == ("2027-01-19", "running")
    story.platform.move_clock("2027-01-12 10:00")
    story.does(CHIEF, "ask_to_go_on", to="stage_3", grounds="not satisfied with the answer")
    assert holder(story, "handles", "stage_3") == "Lucasta Verney-Holt"
    assert story.due("acknowledge", "stage_3")["due"] == "2027-01-19"
    assert story.due("respond", "stage_3")["due"] == "2027-02-16"  # twenty working days from the seventh day
    story.platform.move_clock("2027-01-13 10:00")
    story.sends(CHAIR, "acknowledge", "acknowledge", "stage_3", dates_given={"respond": "2027-02-05"},
                words="The Board will answer by 5 February.")  # fmt: skip
    assert story.due("respond", "stage_3")["due"] == "2027-02-05"
    assert story.promise("respond", "stage_3") == ("2027-02-05", "to come")

    members = [world.person_id(one) for one in TRUSTEES]
    judged = story.does(CHAIR, "form_panel", status=409, members=[*members[:2], world.person_id(CHIEF)])
    assert "may not sit" in judged["detail"]
    story.does(CHAIR, "form_panel", members=members)
    story.does(CHAIR, "arrange_panel", date="2027-01-27", place="the hall")
    tells(story, CHAIR, "hear_named_person_again", "named_person", words="The Board looks at it on 27 January.")
    story.platform.move_clock("2027-01-27 18:00")
    story.does(CHAIR, "panel_met")
    story.platform.move_clock("2027-02-04 10:00")
    story.sends(CHAIR, "respond", "respond", "stage_3", findings={"complaint": "upheld"}, words="You were right.")
    assert story.due("respond", "stage_3")["status"] == "met"
    assert story.does(CHAIR, "close", status=409, outcome="answered")["instead"]
    story.does_all_that_is_owed(CHAIR)
    story.does(CHAIR, "close", outcome="answered")
    assert story.platform.follow(story.receipt)["status"] == "Your complaint is closed."


def _the_yearly_review_counts_it(platform: Platform) -> None:
    group, provider = platform.seat(GROUP), world.provider_id(BRIGHTWATER.slug)
    assert (provider, "annual_trends") in {(one["provider"], one["key"]) for one in group.get("/reports")}

    def closed() -> Any:
        period = {"since": "2026-11-01", "until": "2027-02-28"}
        measures = group.get(f"/reports/{provider}/annual_trends", params=period)["measures"]
        return measures if measures["received"]["closed"] else None

    measures = platform.wait_until(closed, what="the review has it as closed")
    assert measures["upheld"]["by_finding"]["upheld"] == 1
    kept = {(one["stage"], one["duty"]): one for one in measures["on_time"]["duties"]}
    for stage, duty in (
        ("stage_1", "outcome_for_five_and_over"), ("stage_2", "acknowledge"), ("stage_2", "respond"),
        ("stage_3", "acknowledge"), ("stage_3", "respond"),
    ):  # fmt: skip
        assert (kept[stage, duty]["on_time"], kept[stage, duty]["late"]) == (1, 0), (stage, duty)


@pytest.mark.timeout(300)
@pytest.mark.starts_at("2026-12-18 16:30")
@pytest.mark.also_lives_here(BRIGHTWATER)
def test_what_belongs_to_another_organisation_is_passed_on_and_followed_to_its_end(platform: Platform) -> None:
    story = complaint(
        platform, about=[], what_happened="The speech therapist from the hospital trust has missed four lessons."
    )
    assert "pass_on" not in {one["name"] for one in story.page()["actions"]}
    story.does(MANAGER, "answer_fact", fact="employed_by", value="another organisation")
    order = {"to": "employer_of_named_person", "needs_met": ["consent_or_safeguarding_basis"]}
    refused = story.does(MANAGER, "pass_on", status=409, to=order["to"])
    assert refused["clause"] == ["STS-1"]
    story.does(MANAGER, "pass_on", **order, basis="consent of the person who complained")

    # The nursery's own clocks end; what it owes because it passed it on begins, and the father reads it.
    assert story.page()["state"] == "passed_on"
    assert story.due("respond", "stage_1")["status"] == "lapsed"
    assert story.due("tell_who_has_it")["due"] == "2026-12-22"
    assert story.due("make_sure_it_arrived")["due"] == "2026-12-29"
    assert story.due("ask_how_it_ended")["due"] == "2027-01-15"
    assert story.promise("tell_who_has_it") == ("2026-12-22", "to come")
    waiting = [line["duty"] for line in platform.seat(MANAGER).get("/today")["due"]]
    assert {"tell_who_has_it", "make_sure_it_arrived"} <= {*waiting}

    platform.move_clock("2026-12-21 10:00")
    tells(story, MANAGER, "tell_who_has_it", "complainant", words="The hospital trust has it now, as you agreed.")
    assert story.promise("tell_who_has_it") == ("2026-12-22", "kept")
    story.does(MANAGER, "reach", milestone="organisation_has_it")
    assert "Still owed" in story.does(MANAGER, "close", status=409, outcome="passed_on")["detail"]
    platform.move_clock("2027-01-12 10:00")
    story.does(MANAGER, "reach", milestone="organisation_answered")
    story.does_all_that_is_owed(MANAGER)
    story.does(MANAGER, "close", outcome="passed_on")
    assert story.page()["state"] == "closed"
