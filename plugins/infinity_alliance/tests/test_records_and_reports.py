"""The log, the young person's folder, what may be told outside, the six-monthly review, and the training of staff."""

from __future__ import annotations

from datetime import date

import pytest

from heard.procedure import Procedure, StandingDuty
from heard.standing_trial import Round
from heard.trial import Trial

SEE = ("handler", "house_manager", "registered_manager", "nominated_individual", "director")
COPIED = ["complaint, answer and what came of it", "nothing that says who complained, unless it is needed"]


def standing(procedure: Procedure, key: str) -> StandingDuty:
    """What is owed without any complaint, by its key."""
    (found,) = [one for one in procedure.standing_duties if one.key == key]
    return found


@pytest.mark.clause("INF-7", "INF-13")
@pytest.mark.parametrize(
    ("kind", "log", "fields", "lacks"),
    [
        ("comment", "log", ["details", "investigation", "outcome", "actions"],
         "details, investigation, outcome, actions"),
        ("compliment", "compliments_log", ["what_was_praised", "who_was_told"], "what was praised, who was told"),
    ],
)  # fmt: skip
def test_nothing_is_closed_before_it_stands_in_the_log_which_is_shown_to_ofsted(
    procedure: Procedure, kind: str, log: str, fields: list[str], lacks: str
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", kind=kind, formality="informal", complainant="public",
                 about_a_child=False, children=[])  # fmt: skip
    who = str(case.holder("handles"))
    case.do("record", who)  # a few lines, by whoever heard it
    if kind == "comment":
        case.do("respond", who, contents=[
            "what was done", "that they may complain formally: in writing, on the form or by word of mouth",
        ])  # fmt: skip
    refused = case.refused("close", who, outcome="resolved")
    assert refused.sentence == f"The record lacks: {lacks}."
    case.do("record", who, record=log, fields=fields).do("close", who, outcome="resolved")
    assert not case.state.is_open
    (rule,) = [one for one in procedure.records if one.key == log]
    assert (rule.may_see, rule.shown_to) == (SEE, ("ofsted", "regulators"))


@pytest.mark.clause("INF-13")
def test_a_copy_of_each_answer_goes_into_the_young_persons_folder_in_two_working_days(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-18 16:30", formality="informal")
    waits = case.line("copy_to_folder")
    assert (waits.status, waits.derivation.event) == ("waiting", "responded")
    case.happened("responded", "2026-12-23 10:00")
    refused = case.refused("record", "staff_on_duty", event="copied_to_folder")
    assert refused.sentence == f"It must also say: {'; '.join(COPIED)}."
    case.do("record", "staff_on_duty", "2026-12-24 10:00", event="copied_to_folder", contents=COPIED,
            leaves_out=["who complained, unless it is needed"])  # fmt: skip
    case.happened("stage_opened", "2026-12-24 11:00", "formal").happened("responded", "2027-01-12 10:00")
    copies = [(line.due, line.status) for line in case.lines() if line.duty == "copy_to_folder"]
    assert copies == [(date(2026, 12, 29), "met"), (date(2027, 1, 14), "running")]
    neighbours = Trial(procedure, "2026-12-18 16:30", about_a_child=False, children=[])
    assert not neighbours.happened("responded", "2026-12-22 10:00").owes("copy_to_folder")


@pytest.mark.clause("INF-14")
@pytest.mark.parametrize(
    "basis", ["legal duty", "inspection by a regulator", "safeguarding or vital interests", "consent"]
)
def test_something_is_told_outside_on_four_grounds_only_and_each_time_is_written_down(
    procedure: Procedure, basis: str
) -> None:
    case = Trial(procedure, "2026-12-18 16:30")
    assert case.refused("disclose", "house_manager", to="a newspaper", basis="they asked").clause == ("INF-14",)
    case.do("disclose", "house_manager", to="ofsted", basis=basis)
    assert (case.ledger[-1].event, case.ledger[-1].data["basis"]) == ("disclosed", basis)


@pytest.mark.clause("INF-7", "INF-13")
@pytest.mark.parametrize(("kind", "record"), [("complaint", "record.log"), ("compliment", "record.compliments_log")])
def test_ofsted_and_the_regulators_are_shown_the_log_and_nobody_else_on_that_ground(
    procedure: Procedure, kind: str, record: str
) -> None:
    case = Trial(procedure, "2026-12-18 16:30", kind=kind)
    for body in ("Ofsted", "regulators"):
        case.do("disclose", "house_manager", to=body, basis=record)
    refused = case.refused("disclose", "house_manager", to="a neighbour", basis=record)
    assert refused.clause == ("INF-7", "INF-13") and "other ground" in refused.instead


@pytest.mark.clause("INF-15", "INF-13")
def test_every_six_months_complaints_and_compliments_are_counted_and_what_repeats_is_looked_at(
    procedure: Procedure,
) -> None:
    (report,) = [one for one in procedure.reports if one.key == "six_monthly_review"]
    assert (str(report.clock.every), str(report.covers)) == ("6 months", "6 months")
    counted, learned = {"received", "compliments", "categories", "upheld", "on_time"}, {"trends", "actions", "lessons"}
    assert {*report.measures} == counted | learned
    assert report.sections == ("What should change in training, in policy and in how young people are supported",)
    assert report.on_request_of == ("ofsted",)
    assert Round(procedure, "2026-11-02").line("2026-11-20", "use_what_was_learned").due == date(2027, 5, 2)


@pytest.mark.clause("INF-16")
def test_all_staff_are_trained_each_year_in_three_things(procedure: Procedure) -> None:
    duty = standing(procedure, "training")
    home = Round(procedure, "2026-11-02").works("night_worker", "2020-05-04")
    home.done("training", "2027-10-30", "night_worker")
    assert [(line.whom, line.due, line.status) for line in home.lines("2027-11-20", "training")] == [
        ("night_worker", date(2027, 11, 2), "kept"), ("night_worker", date(2028, 10, 30), "running"),
    ]  # fmt: skip
    assert duty.contains == (
        "helping young people to complain",
        "dealing with complaints fairly and with care",
        "how complaints are regulated, and Ofsted's part in it",
    )
