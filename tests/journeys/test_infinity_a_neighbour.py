"""A neighbour complains about a house of young people; one of them is heard, and is not told who complained.

Told in London time, over the Christmas of 2026. The neighbour talks to the staff, is not content, complains formally,
gets an answer and appeals. Meanwhile what a young person is said to have done is a case of its own, with a wall and a
clock of its own. Each due moment is read from the page that the people themselves look at.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.ground import world
from tests.ground.alliance import LARKFIELD
from tests.ground.harness import Platform
from tests.journeys.story import Story

STAFF = ("ottilie-brandreth", "caspian-dowrick")
MANAGER, REGISTERED, DIRECTOR, GROUP = "hester-quillan", "lambert-oyelaran", "rosalind-teversham", "magnus-ellerby"
NEIGHBOUR = {"is": "public", "name": "Prudence Ackerley", "email": "prudence@ackerley.example", "anonymous": False}
DEALT_WITH = "that it was dealt with, and nothing more about any young person"
UNNAMED = ["who complained"]
TOLD = ["what is said, and not who said it", "that they may answer, or not", "that an advocate can help them"]
OUTCOME = ["what was decided and why", "what happens next", "how to say that they disagree, and who can help them"]


def second_case(platform: Platform, first: Story) -> Story:
    """The young person's case, as the house manager reaches it from the first."""
    second = Story(platform, first.receipt, lead=MANAGER, procedure="infinity_alliance")
    (link,) = first.page(MANAGER)["linked"]
    assert link["way"] == "opened"
    second.id = link["case_id"]
    return second


@pytest.mark.timeout(420)
@pytest.mark.also_lives_here(LARKFIELD)
@pytest.mark.starts_at("2026-12-18 16:30")
def test_a_neighbour_is_answered_and_a_young_person_is_heard_without_being_told_by_whom(platform: Platform) -> None:
    report = world.a_report(
        home="larch-row", formality="informal", complainant=NEIGHBOUR, child={"age": 17}, about=[],
        what_happened="Loud music until two at night, and a boy of yours was rude to me at the gate.",
        wanted="Quiet after eleven.",
    )  # fmt: skip
    receipt = platform.submit(report)
    story = Story(platform, receipt, procedure="infinity_alliance").reaches(MANAGER)

    # Informal: whoever is on duty listens, within five working days of Friday 18 December; a colleague sees nothing.
    (holder,) = (one for one in story.page()["people"] if one["part"] == "handles")
    on_duty = next(one for one in STAFF if world.person_id(one) == holder["who"])
    colleague = next(one for one in STAFF if one != on_duty)
    assert story.is_seen_by(on_duty) and not story.is_seen_by(colleague)
    assert story.due("resolve")["due"] == "2026-12-29"
    assert story.promise("resolve", "informal") == ("2026-12-29", "to come")

    # Is it about what a young person is said to have done? It is: that becomes a case of its own, at once and once.
    platform.move_clock("2026-12-21 10:00")
    story.does(on_duty, "decide", decision="open_behaviour", answer="yes")
    again = story.does(on_duty, "decide", status=409, decision="open_behaviour", answer="yes")
    assert "open already" in again["detail"]
    second = second_case(platform, story)
    assert second.page()["stage"]["key"] == "behaviour"
    assert second.due("tell_young_person")["due"] == "2026-12-23"
    assert second.due("hear_young_person")["due"] == "2026-12-30"
    assert not platform.seat(on_duty).get("/cases")["total"] > 1  # the house manager hears the young person
    platform.seat(on_duty).get(f"/cases/{second.id}", status=404)
    assert second.id not in json.dumps(story.page(on_duty))

    # Nothing in it says who complained: not its rows, not its words, not what the young person is told.
    seen = json.dumps(second.page())
    for secret in ("Ackerley", "ackerley", "public", "Loud music", story.receipt.reference):
        assert secret not in seen.replace(json.dumps(second.page()["linked"]), ""), secret
    assert second.page()["words"] == []

    # Told, offered an advocate, heard: in that order, and before anything is decided.
    early = second.does(MANAGER, "reach", status=409, milestone="young_person_heard")
    assert "A-INF-5" not in early["detail"] and "told" in early["detail"]
    platform.move_clock("2026-12-22 17:00")
    second.does(MANAGER, "tell", duty="tell_young_person", whom="young_person", channel="in_person", contents=TOLD,
                leaves_out=UNNAMED)  # fmt: skip
    second.does(MANAGER, "tell", duty="offer_to_step_in", whom="young_person", channel="in_person")
    second.does(MANAGER, "record", event="advocate_offered")
    assert second.due("tell_young_person")["status"] == second.due("offer_advocate")["status"] == "met"
    too_soon = second.does(MANAGER, "decide", status=409, decision="conduct_review", answer="no",
                           record={"reason": "it is plain"})  # fmt: skip
    assert "heard" in too_soon["detail"] or "early" in too_soon["detail"]
    platform.move_clock("2026-12-29 11:00")
    second.does(MANAGER, "reach", milestone="young_person_heard")
    reason = {"reason": "he says that the window was open, and is sorry about the gate"}
    second.does(MANAGER, "decide", decision="conduct_review", answer="yes", record=reason)
    assert second.due("hold_conduct_review")["due"] == "2027-01-13"
    platform.move_clock("2027-01-05 15:00")
    second.does(MANAGER, "reach", milestone="conduct_review_held")
    second.does(MANAGER, "decide", decision="after_review", answer="support", record=reason)
    assert second.due("tell_outcome")["due"] == second.due("copy_to_folder")["due"] == "2027-01-07"
    second.does(MANAGER, "tell", duty="tell_outcome", whom="young_person", channel="in_person", contents=OUTCOME,
                leaves_out=UNNAMED)  # fmt: skip
    second.does_all_that_is_owed(MANAGER)
    second.does(MANAGER, "close", outcome="resolved")
    assert second.page()["state"] == "closed"

    _goes_on_formally(platform, story, on_duty)
    _is_kept_apart_to_the_end(platform, story, second)
    _the_review_counts_one_complaint(platform)


def _goes_on_formally(platform: Platform, story: Story, on_duty: str) -> None:
    """Informal failed: a formal complaint of Thursday 7 January, an answer in 28 days, an appeal in 15 working days."""
    late = story.waits_for("escalated", duty="resolve")
    assert late["data"]["offers"] == "formal"
    platform.move_clock("2027-01-07 09:30")
    story.does(on_duty, "ask_to_go_on", to="formal", grounds="it could not be settled in time")
    held = [one["name"] for one in story.page()["people"] if one["stage"] == "formal"]
    assert held == ["Hester Quillan"]
    assert story.due("acknowledge", "formal")["due"] == "2027-01-12"
    assert story.due("respond", "formal")["due"] == "2027-02-04"
    story.sends(MANAGER, "acknowledge", "acknowledge", "formal", words="Dear Ms Ackerley, I have your complaint.")
    wanted = story.wanted_by("respond", "formal")
    assert DEALT_WITH in wanted
    platform.move_clock("2027-02-03 12:00")
    first = story.does(MANAGER, "respond", status=409, findings={"complaint": "upheld"}, contents=wanted, words="So.")
    assert "talk it over" in first["detail"]
    story.does(MANAGER, "tell", duty="talk_it_over", whom="complainant", channel="in_person")
    short = [one for one in wanted if one != DEALT_WITH]
    more = story.does(MANAGER, "respond", status=409, findings={"complaint": "upheld"}, contents=short, words="So.")
    assert DEALT_WITH in more["detail"]
    letter = "We were too loud. What you told us about a young person was dealt with."
    story.does(MANAGER, "respond", findings={"complaint": "partly_upheld"}, contents=wanted, words=letter)
    assert story.due("respond", "formal")["status"] == "met"
    promised = [one for one in platform.follow(story.receipt)["promises"] if "it was dealt with" in one["says"]]
    assert [(one["by"], one["status"]) for one in promised] == [("2026-12-29", "late"), ("2027-02-04", "kept")]

    # Ten working days to appeal, from Wednesday 3 February; the Director looks again, in fifteen.
    window = story.due("ask_for_appeal")
    assert (window["due"], window["status"]) == ("2027-02-17", "running")
    platform.move_clock("2027-02-17 18:00")
    story.does(MANAGER, "ask_to_go_on", to="appeal")
    held = [one["name"] for one in story.page()["people"] if one["stage"] == "appeal"]
    assert held == ["Rosalind Teversham"]
    assert story.due("respond", "appeal")["due"] == "2027-03-10"
    story.does(MANAGER, "respond", status=409, findings={"complaint": "upheld"}, contents=[], words="Mine again.")
    story.sends(DIRECTOR, "acknowledge", "acknowledge", "appeal", words="I have your appeal.")
    platform.move_clock("2027-03-09 12:00")
    wanted = story.wanted_by("respond", "appeal")
    story.does(DIRECTOR, "respond", findings={"complaint": "upheld"}, contents=wanted, words="This is final.")
    story.does_all_that_is_owed(DIRECTOR)
    story.does(DIRECTOR, "close", outcome="answered")
    assert story.page()["state"] == "closed"


def _is_kept_apart_to_the_end(platform: Platform, story: Story, second: Story) -> None:
    """The neighbour reads that it was dealt with, and nothing of a review; both chains are whole."""
    read = json.dumps(platform.follow(story.receipt)).lower()
    for word in ("conduct", "warning", "advocate to the young", "support", second.id):
        assert word not in read, word
    for one in (story, second):
        whole = platform.seat(MANAGER).get(f"/cases/{one.id}/ledger")
        numbers = [row["seq"] for row in whole["happenings"]]
        assert whole["whole"] and numbers == list(range(1, len(numbers) + 1))
    opened = [row["data"]["case"] for row in story.rows("linked_case_opened")]
    assert opened == [second.id]
    assert platform.count("workflow", "cases", "report_id = ?", [story.id]) == 2


def _the_review_counts_one_complaint(platform: Platform) -> None:
    """The review of six months has one complaint, its finding, and one young person heard."""
    group, provider = platform.seat(GROUP), world.provider_id(LARKFIELD.slug)
    offered = {(one["provider"], one["key"]) for one in group.get("/reports")}
    assert (provider, "six_monthly_review") in offered

    def counted() -> Any:
        period = {"since": "2026-10-01", "until": "2027-03-31"}
        measures = group.get(f"/reports/{provider}/six_monthly_review", params=period)["measures"]
        return measures if measures["received"]["closed"] and measures["received"]["second_cases"] else None

    measures = platform.wait_until(counted, what="the review has both cases")
    assert (measures["received"]["total"], measures["compliments"]["total"]) == (1, 0)
    assert list(measures["received"]["second_cases"].values()) == [1]
    assert measures["upheld"]["by_finding"]["upheld"] == 1
    assert measures["actions"]["decisions"]["after_review.support"] == 1
    kept = {(one["stage"], one["duty"]): one for one in measures["on_time"]["duties"]}
    assert kept["formal", "respond"]["on_time"] == kept["appeal", "respond"]["on_time"] == 1
    assert kept["behaviour", "tell_young_person"]["on_time"] == 1
