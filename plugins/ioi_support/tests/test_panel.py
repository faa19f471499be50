"""Stage 3, the review panel: who sits on it, when it meets, who is invited with which papers, and what follows.

The complainant asks on Thursday 25 March 2027, before Easter; with that, the holiday on 3 May and the one on the 31st,
working day 2 is 31 March and working day 30 is 11 May.
"""

from __future__ import annotations

from typing import Any

import pytest

from heard.procedure import Procedure
from heard.roster import Relation
from heard.trial import Trial

MANAGER, CHAIR = "registered_service_manager", "panel_chair"
PANEL: dict[str, Any] = {"members": ["panel_member", "panel_member_2", CHAIR], "chair": CHAIR}
HERE = "trial_provider"
PAPERS = ("Stage 1 information; Stage 2 reports; council's adjudication; policy and practice; complainant's comments; "
          "local panel practice")  # fmt: skip


def asked_for(procedure: Procedure, *relations: Relation) -> Trial:
    """A case whose complainant has asked for a panel."""
    trial = Trial(procedure, "2027-02-01 10:00", relations=relations)
    trial.do("ask_to_go_on", "complainant", "2027-02-08 10:00", to="stage_2")
    trial.happened("responded", "2027-03-12 10:00", findings={"complaint": "not_upheld"}, channel="email")
    return trial.do("ask_to_go_on", "complainant", "2027-03-25 10:00", to="stage_3")


def arranged(procedure: Procedure) -> Trial:
    """The same with a panel, which meets on Wednesday 5 May."""
    trial = asked_for(procedure).do("form_panel", MANAGER, "2027-03-31 10:00", **PANEL)
    return trial.do("arrange_panel", MANAGER, "2027-04-12 10:00", date="2027-05-05")


def met(procedure: Procedure) -> Trial:
    """The same after the meeting."""
    return arranged(procedure).do("panel_met", MANAGER, "2027-05-05 17:00")


@pytest.mark.parametrize(
    ("clause", "duty", "by", "to", "due"),
    [
        ("IOI-41", "acknowledge_review", "handler", ("complainant",), "2027-03-31"),
        ("IOI-43", "panel_meets", "handler", (), "2027-05-11"),
    ],
)
def test_the_request_is_acknowledged_in_two_working_days_and_the_panel_meets_in_thirty(
    procedure: Procedure, clause: str | tuple[str, ...], duty: str, by: str, to: tuple[str, ...], due: str
) -> None:
    line = asked_for(procedure).line(duty)
    assert (line.by, line.to, str(line.due)) == ((by,), to, due)


@pytest.mark.clause("IOI-41")
def test_the_acknowledgement_is_written(procedure: Procedure) -> None:
    trial = asked_for(procedure).do("acknowledge", MANAGER, "2027-03-30 10:00")
    assert trial.line("acknowledge_review").status == "met"
    assert procedure.duty("acknowledge_review", "stage_3").form == "writing"


@pytest.mark.clause("IOI-42")
def test_it_is_the_last_stage_and_a_formal_one(procedure: Procedure) -> None:
    stage = procedure.stage("stage_3")
    assert (stage.formal, stage.final, stage.name) == (True, True, "Stage 3: Review Panel")


@pytest.mark.clause("IOI-42")
def test_three_people_sit_and_one_of_them_leads(procedure: Procedure) -> None:
    trial = asked_for(procedure)
    two = trial.refused("form_panel", MANAGER, members=["panel_member", CHAIR], chair=CHAIR)
    assert two.sentence == "The panel has 3 members, not 2."
    others = ["panel_member", "panel_member_2", "panel_member_3"]
    apart = trial.refused("form_panel", MANAGER, members=others, chair=CHAIR)
    assert apart.sentence == "The chair is one of the members."
    assert trial.refused("form_panel", MANAGER, members=others).sentence == "The panel needs a chair."
    assert trial.do("form_panel", MANAGER, **PANEL).state.panel["chair"] == CHAIR


@pytest.mark.parametrize(
    ("tie", "sits"),
    [
        (Relation("employee", "panel_member_2", HERE), False),
        (Relation("elected_member", "panel_member_2", HERE), False),
        (Relation("spouse_or_partner", "panel_member_2", MANAGER), False),
        (Relation("employed_until", "panel_member_2", "2026-09-01"), True),  # only the chair is asked about the past
        (Relation("employee", CHAIR, HERE), False),
        (Relation("employed_until", CHAIR, "2024-06-01"), False),
        (Relation("elected_until", CHAIR, "2024-06-01"), False),
        (Relation("employed_until", CHAIR, "2023-09-01"), True),  # three years and more ago
        (Relation("elected_until", CHAIR, "2023-09-01"), True),
    ],
    ids=lambda given: f"{given.kind}-{given.a}-{given.b}" if isinstance(given, Relation) else "",
)
@pytest.mark.clause("IOI-42")
def test_nobody_on_the_panel_has_a_tie_to_the_house_and_its_chair_had_none_for_three_years(
    procedure: Procedure, tie: Relation, sits: bool
) -> None:
    trial = asked_for(procedure, tie)
    if sits:
        assert trial.do("form_panel", MANAGER, **PANEL).state.panel["members"]
    else:
        assert "may not sit" in trial.refused("form_panel", MANAGER, **PANEL).sentence


@pytest.mark.clause("IOI-42")
def test_the_independent_person_of_stage_2_does_not_sit(procedure: Procedure) -> None:
    members = ["independent_person", "panel_member", CHAIR]
    refusal = asked_for(procedure).refused("form_panel", MANAGER, members=members, chair=CHAIR)
    assert "was the Independent Person of this complaint" in refusal.sentence


@pytest.mark.clause("IOI-42")
def test_a_past_post_of_the_chair_or_a_seat_on_the_board_keeps_them_out(procedure: Procedure) -> None:
    bars = {bar.who: str(bar.in_last) for bar in procedure.role(CHAIR).may_not_be}
    assert bars == {"employee": "3 years", "elected_member": "3 years"}


@pytest.mark.clause("IOI-43")
def test_complainant_advocate_a_friend_and_the_investigators_may_come(procedure: Procedure) -> None:
    panel = procedure.stage("stage_3").panel
    assert panel and {*panel.may_attend} == {
        "complainant", "advocate", "one more person of the complainant's choice", "investigating_officer",
        "independent_person",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("clause", "duty", "to"),
    [
        ("IOI-43", "invite", ("complainant", "advocate")),
        ("IOI-43", "invite_investigators", ("investigates", "observes")),
        (("IOI-43", "IOI-44"), "papers", ("panel", "attendees")),
    ],
)
def test_invitation_and_papers_go_out_ten_working_days_before(
    procedure: Procedure, clause: str | tuple[str, ...], duty: str, to: tuple[str, ...]
) -> None:
    assert asked_for(procedure).due(duty) is None
    line = arranged(procedure).line(duty)
    assert (line.to, str(line.due)) == (to, "2027-04-20")


@pytest.mark.clause("IOI-43")
def test_whoever_investigated_at_stage_2_is_invited_too(procedure: Procedure) -> None:
    trial = arranged(procedure)
    assert trial.told("investigates", "observes") == ("investigating_officer", "independent_person")
    for whom in ("investigates", "observes"):
        trial.do("tell", MANAGER, duty="invite_investigators", whom=whom, contents=["date", "time", "place"])
    assert trial.line("invite_investigators").status == "met"


@pytest.mark.clause("IOI-43")
def test_no_day_is_appointed_that_is_too_late_or_leaves_no_time_for_the_papers(procedure: Procedure) -> None:
    trial = asked_for(procedure).do("form_panel", MANAGER, "2027-03-31 10:00", **PANEL)
    refusal = trial.refused("arrange_panel", MANAGER, date="2027-05-12")
    assert refusal.sentence == "The panel meets by 11 May 2027."
    refusal = trial.refused("arrange_panel", MANAGER, "2027-04-21 09:00", date="2027-05-05")
    assert refusal.sentence.startswith("That is too soon")
    assert met(procedure).line("panel_meets").status == "met"


@pytest.mark.parametrize(
    ("clause", "duty", "whom", "wanted"),
    [
        ("IOI-43", "invite", "complainant", "date; time; place; who may come with them"),
        ("IOI-43", "invite_investigators", "observes", "date; time; place"),
        (("IOI-43", "IOI-44"), "papers", "panel", PAPERS),
    ],
)
def test_what_the_invitation_and_the_papers_must_hold(
    procedure: Procedure, clause: str | tuple[str, ...], duty: str, whom: str, wanted: str
) -> None:
    refusal = arranged(procedure).refused("tell", MANAGER, duty=duty, whom=whom)
    assert refusal.sentence == f"It must also say: {wanted}."


@pytest.mark.parametrize("answer", ["as_listed", "others"])
@pytest.mark.clause("IOI-43")
def test_the_chair_decides_who_attends_once_there_is_a_day(procedure: Procedure, answer: str) -> None:
    question: dict[str, Any] = {"decision": "attendees", "answer": answer}
    early = asked_for(procedure).do("form_panel", MANAGER, "2027-03-31 10:00", **PANEL)
    assert early.refused("decide", CHAIR, **question).sentence == "It is too early to decide this."
    trial = arranged(procedure)
    assert trial.refused("decide", MANAGER, **question).sentence == "Only the panel chair may decide this."
    assert trial.do("decide", CHAIR, **question).state.answers["attendees"] == answer


@pytest.mark.clause("IOI-45")
def test_recommendations_come_in_five_working_days_and_the_reply_in_fifteen_more(procedure: Procedure) -> None:
    trial = met(procedure)
    line = trial.line("recommend")
    assert (line.by, line.to, str(line.due)) == ((CHAIR,), ("complainant", MANAGER), "2027-05-12")
    assert str(trial.due("respond", "stage_3")) == "2027-06-03"  # as if they had come on the fifth day
    trial.do("reach", CHAIR, "2027-05-07 10:00", milestone="recommendations_received")
    assert trial.line("recommend").status == "met"
    assert str(trial.due("respond", "stage_3")) == "2027-05-28"


@pytest.mark.clause("IOI-45")
def test_the_reply_gives_reasons_and_names_the_ombudsman(procedure: Procedure) -> None:
    trial = met(procedure)
    who, found = str(trial.holder("decides")), {"complaint": "upheld"}
    said = ["decision on each recommendation", "reasons", "how to go to the Ombudsman"]
    assert trial.refused("respond", who, findings=found).sentence == f"It must also say: {'; '.join(said)}."
    trial.do("respond", who, findings=found, contents=said)
    assert trial.line("respond", "stage_3").status == "met"
    assert trial.line("respond", "stage_3").to == ("complainant",)


def test_who_sits_on_the_panel_says_what_it_found_and_moves_nothing_else_on(procedure: Procedure) -> None:
    trial = met(procedure)
    for who in (CHAIR, "panel_member_2"):
        for command, data in (
            ("extend", {"duty": "respond", "days": 5, "reason": "late"}), ("close", {"outcome": "answered"}),
            ("respond", {"findings": {"complaint": "upheld"}}), ("acknowledge", {}),
        ):  # fmt: skip
            assert "not yours to do" in trial.refused(command, who, **data).sentence, command
    trial.do("raise_concern", CHAIR, concern="missing", reason="She has not come home.")
