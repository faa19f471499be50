"""Compliments, comments and complaints: each written down, each on a way of its own, and what the forms offer."""

from __future__ import annotations

from datetime import date

import pytest

from heard.instants import moment_of
from heard.procedure import Procedure
from heard.questions import questions
from heard.trial import Trial


def asked(case: Trial) -> dict[str, tuple[str, ...]]:
    """The provider's own questions that stand open on the case page, with their answers."""
    return {one.data["fact"]: one.needs.choices["value"] for one in questions(case.state) if one.name == "answer_fact"}


@pytest.mark.clause("WSX-1", "WSX-2", "WSX-3", "WSX-5", "WSX-17")
def test_the_forms_offer_three_kinds_every_way_to_say_it_and_two_ways_of_being_upheld(procedure: Procedure) -> None:
    words = procedure.words
    assert words.kinds == ("compliment", "comment", "complaint")
    aloud, written = ("in_person", "telephone"), ("letter", "email", "complaint_form")
    unnamed, met = ("feedback_box", "momo_one"), ("questionnaire", "home_meeting", "key_work", "review")
    assert words.channels == (*aloud, *written, *unnamed, *met, "portal")
    assert words.complainants == ("young_person", "parent", "carer", "advocate", "social_worker", "staff", "public")
    assert words.findings == ("upheld", "partly_upheld", "not_upheld")
    assert words.reasons_needed_for == ("not_upheld", "not_determined")
    changed = ("training", "policy or procedure", "how young people are supported", "how we speak with people")
    assert words.lessons == (*changed, "staffing", "premises", "nothing to change")


@pytest.mark.parametrize(
    ("kind", "stage", "clause"),
    [("compliment", "compliment", "WSX-1"), ("comment", "comment", "WSX-1"),
     ("complaint", "local", ("WSX-1", "WSX-2", "WSX-3", "WSX-9"))],
)  # fmt: skip
def test_each_kind_goes_its_own_way(procedure: Procedure, kind: str, stage: str, clause: str | tuple[str, ...]) -> None:
    assert Trial(procedure, "2026-11-23 09:00", kind=kind).state.stage == stage


@pytest.mark.clause("WSX-18")
def test_what_the_council_does_as_a_council_goes_to_the_statutory_procedure_and_nothing_else_does(
    procedure: Procedure,
) -> None:
    assert Trial(procedure, "2026-11-23 09:00", about_authority_functions=True).state.passed_to == "children_act"
    assert Trial(procedure, "2026-11-23 09:00").state.passed_to is None
    corporate = procedure.contact("corporate_complaints")
    assert corporate.web == "https://www.westsussex.gov.uk/media/8131/corporate_complaints_procedure.pdf"
    assert corporate.offered and corporate.offered.any_time


@pytest.mark.clause("WSX-1")
@pytest.mark.parametrize("kind", ["compliment", "comment"])
def test_a_compliment_and_a_comment_are_closed_without_any_finding(procedure: Procedure, kind: str) -> None:
    case = Trial(procedure, "2026-11-23 09:00", kind=kind)
    assert case.holder("handles") == "registered_manager"
    case.do("record", "registered_manager", record="feedback_log",
            fields=["shared_with", "how_it_was_shared", "what_changed"])  # fmt: skip
    case.do("close", "registered_manager", outcome="answered")
    assert not case.state.is_open


@pytest.mark.clause("WSX-1", "WSX-15")
@pytest.mark.parametrize("kind", ["compliment", "comment", "complaint"])
def test_the_customer_relations_team_hears_of_each_within_the_hour_and_is_asked_for_advice(
    procedure: Procedure, kind: str
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", kind=kind)
    line = case.line("tell_customer_relations")
    assert (line.to, line.due) == (("consults",), moment_of("2026-12-18 17:30"))
    assert case.holder("consults") == "customer_relations" and line.status == "met"
    assert procedure.role("customer_relations").must_be_filled


@pytest.mark.clause("WSX-15")
def test_the_team_keeps_the_record_and_advises_and_whoever_handles_it_does_the_rest(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-01 09:00")
    case.do("write", "customer_relations", words="The manager has your complaint.")
    for command, data in (
        ("acknowledge", {}), ("hand_over", {"part": "handles", "person": "service_manager", "why": "She is away."}),
        ("extend", {"duty": "respond"}), ("stand_down", {"part": "handles", "person": "registered_manager"}),
    ):  # fmt: skip
        assert "asked for advice" in case.refused(command, "customer_relations", **data).sentence
    case.do("stand_down", "customer_relations", part="consults", why="A friend of the family.")


@pytest.mark.clause("WSX-9", "WSX-10")
def test_the_team_is_asked_for_advice_at_the_home_and_in_the_enquiry(procedure: Procedure) -> None:
    for stage in ("local", "enquiry"):
        case = Trial(procedure, "2026-12-01 09:00").happened("stage_opened", "2026-12-01 09:01", stage=stage)
        assert case.holder("consults") == "customer_relations"


@pytest.mark.clause("WSX-16")
def test_whoever_was_praised_is_told_in_a_meeting_in_supervision_or_at_the_appraisal(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", kind="compliment", about=["service_manager", "delegated_senior"])
    lines = [line for line in case.lines() if line.duty == "tell_named_staff"]
    assert [(line.to, line.due) for line in lines] == [(("named_person",), date(2027, 1, 6))] * 2
    thanks = {"duty": "tell_named_staff", "whom": "named_person", "instance": "s1"}
    refused = case.refused("tell", "registered_manager", channel="sms", **thanks)
    assert refused.sentence == "This is told by team_meeting or supervision or appraisal."
    case.do("tell", "registered_manager", channel="supervision", **thanks)
    assert sorted(line.status for line in case.lines() if line.duty == "tell_named_staff") == ["met", "running"]


@pytest.mark.clause("WSX-1")
def test_whoever_made_a_comment_hears_what_came_of_it_and_missing_that_day_is_no_breach(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", kind="comment")
    assert case.due("say_what_came_of_it") == date(2027, 1, 6)
    assert case.line("say_what_came_of_it", when="2027-01-08 09:00").lateness == "aim missed"
    refused = case.refused("tell", "registered_manager", duty="say_what_came_of_it", whom="complainant")
    assert refused.sentence == (
        "It must also say: what we thought about it; what will change, or why not; that they can make it a complaint."
    )


@pytest.mark.clause("WSX-1", "WSX-9")
@pytest.mark.parametrize(("asker", "kind"), [("complainant", "complainant"), ("registered_manager", "handler")])
def test_a_comment_becomes_a_complaint_the_moment_they_wish_it(procedure: Procedure, asker: str, kind: str) -> None:
    case = Trial(procedure, "2026-11-23 09:00", kind="comment")
    assert not case.owes("respond") and not case.owes("acknowledge")
    case.do("ask_to_go_on", asker, "2026-12-01 15:00", to="local", asked_by=kind)
    assert (case.state.stage, case.state.received["kind"]) == ("local", "complaint")
    assert case.due("acknowledge") == date(2026, 12, 4)  # from the day on which it became one
    assert case.due("respond") == date(2026, 12, 15)


@pytest.mark.clause("WSX-1")
def test_a_comment_that_was_closed_can_still_become_a_complaint(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-11-23 09:00", kind="comment")
    case.happened("closed", "2026-11-24 09:00", outcome="answered")
    case.do("ask_to_go_on", "complainant", "2026-12-01 15:00", to="local")
    assert case.state.is_open and case.state.stage == "local"


@pytest.mark.clause("WSX-2")
def test_everybody_who_complains_is_asked_about_significant_harm_and_it_goes_to_the_lead_at_once(
    procedure: Procedure,
) -> None:
    assert asked(Trial(procedure, "2026-12-18 16:30"))["significant_harm_perceived"] == ("yes", "no")
    assert "significant_harm_perceived" not in asked(Trial(procedure, "2026-12-18 16:30", kind="compliment"))
    case = Trial(procedure, "2026-12-18 16:30")
    said = {"fact": "significant_harm_perceived", "by": "registered_manager"}
    case.do("answer_fact", value="no", when="2026-12-18 18:00", **said)
    assert not case.owes("tell_lead_of_harm_they_speak_of")
    case.do("answer_fact", value="yes", when="2026-12-21 10:00", **said)  # the hour counts from the yes
    line = case.line("tell_lead_of_harm_they_speak_of")
    assert (line.to, line.due) == (("designated_safeguarding_lead",), moment_of("2026-12-21 11:00"))


@pytest.mark.clause("WSX-11")
def test_whether_somebody_speaks_for_themselves_or_for_the_child_is_asked_where_the_complaint_is_not_the_childs_own(
    procedure: Procedure,
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", complainant="parent", on_behalf=True)
    assert asked(case)["speaks_for"] == ("for themselves", "in the child's name")
    assert "speaks_for" not in asked(Trial(procedure, "2026-12-18 16:30"))
    assert "speaks_for" not in asked(Trial(procedure, "2026-12-18 16:30", kind="compliment", on_behalf=True))
