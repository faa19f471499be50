"""What is written down, who may read it, how long it is kept, and what is counted and owed without any complaint."""

from __future__ import annotations

from datetime import date

import pytest

from heard.procedure import Procedure
from heard.standing_trial import Round
from heard.trial import Trial

FRIDAY = "2026-12-18 16:30"
MANAGER = "registered_service_manager"
FIELDS = ["received_at", "receiver", "complainant", "details", "handlers", "actions", "interviews",
          "other_procedures_outcome", "findings", "outcome", "satisfaction"]  # fmt: skip


@pytest.mark.clause("IOI-5", "IOI-6", "IOI-35")
def test_no_case_is_closed_before_its_file_is_whole(procedure: Procedure) -> None:
    trial = Trial(procedure, FRIDAY).do("withdraw", "complainant", "2026-12-21 10:00", reason="it is settled")
    said = procedure.duty("taken_back.confirm").contains
    trial.do("tell", MANAGER, duty="taken_back.confirm", whom="complainant", contents=list(said))
    refusal = trial.refused("close", MANAGER, outcome="withdrawn")
    assert refusal.sentence == f"The record lacks: {', '.join(FIELDS).replace('_', ' ')}."
    trial.do("record", MANAGER, record="file", fields=FIELDS).do("close", MANAGER, outcome="withdrawn")
    assert trial.state.outcome == "withdrawn"


@pytest.mark.clause("IOI-16")
def test_only_those_who_look_into_it_and_the_team_that_logs_it_read_the_file(procedure: Procedure) -> None:
    (file,) = [record for record in procedure.records if record.key == "file"]
    assert {*file.may_see} == {"handler", "investigates", "observes", "decides", "panel", MANAGER, "complaints_team"}


@pytest.mark.parametrize(
    "basis",
    [
        "consent of the complainant or representative",
        "best interests of a young person",
        "protection, safety or well-being of a young person or vulnerable adult",
        "legal duty",
    ],
)
@pytest.mark.clause("IOI-16")
def test_others_are_told_only_with_consent_or_to_keep_somebody_safe(procedure: Procedure, basis: str) -> None:
    trial = Trial(procedure, FRIDAY)
    refusal = trial.refused("disclose", MANAGER, to="a neighbour", basis="they asked")
    assert refusal.clause == ("IOI-16",)
    assert trial.do("disclose", MANAGER, to="a doctor", basis=basis).ledger[-1].data["basis"] == basis


@pytest.mark.clause("IOI-50")
def test_a_complaint_is_kept_for_ten_years_after_it_is_closed(procedure: Procedure) -> None:
    (rule,) = [rule for rule in procedure.retention if rule.key == "complaint_file"]
    assert (rule.what, str(rule.keep.within)) == ("complaint", "10 years")
    assert rule.clock.after and rule.clock.after.events == ("closed",)


@pytest.mark.clause("IOI-48", "IOI-49")
def test_the_annual_report_has_the_parts_of_the_text_and_ofsted_may_ask_for_it(procedure: Procedure) -> None:
    (report,) = [report for report in procedure.reports if report.key == "annual"]
    assert (str(report.clock.every), str(report.covers), report.on_request_of) == ("1 year", "1 year", ("ofsted",))
    asked_for = {"received", "upheld", "categories", "lessons", "actions", "ombudsman", "equality", "trends"}
    as_a_measure_of_performance, good_practice = "on_time", "compliments"
    assert {*report.measures} == {*asked_for, as_a_measure_of_performance, good_practice}
    assert report.sections == ("Trends and issues for audit, for the registered manager",)
    assert report.hide_below == 10  # so that no number points at one young person


@pytest.mark.clause("IOI-5")
def test_an_inspector_gets_a_statement_of_the_last_twelve_months_on_request(procedure: Procedure) -> None:
    (report,) = [report for report in procedure.reports if report.key == "inspectors_statement"]
    assert (report.on_request_of, str(report.covers)) == (("ofsted",), "12 months")
    assert report.measures == ("each_case_and_action",)


@pytest.mark.parametrize(
    ("clause", "duty", "due"),
    [("IOI-47", "monthly_compliance", date(2026, 12, 2)), ("IOI-49", "share_learning", date(2027, 2, 2)),
     ("IOI-52", "training", date(2027, 11, 2))],
)  # fmt: skip
def test_what_is_owed_again_and_again_without_any_complaint(
    procedure: Procedure, clause: str | tuple[str, ...], duty: str, due: date
) -> None:
    line = Round(procedure, "2026-11-02").line("2026-11-20", duty)
    assert line.due == due
    own = duty == "monthly_compliance"  # of each service, by its own manager
    assert (line.rule.by, line.rule.per) == (((MANAGER,), "home") if own else ((), "case"))
    again = Round(procedure, "2026-11-02").done(duty, "2028-01-10").lines("2028-01-11", duty)
    assert [one.status for one in again] == ["kept late", "running"]


@pytest.mark.clause("IOI-52")
def test_the_policy_is_first_reviewed_a_year_after_its_adoption(procedure: Procedure) -> None:
    line = Round(procedure, "2026-11-02").line("2026-11-20", "review_policy")
    assert (line.due, line.derivation.event) == (date(2027, 1, 1), "adopted")
    adopted = Round(procedure, "2026-11-02").happened("adopted", "2026-11-09").line("2026-11-20", "review_policy")
    assert adopted.due == date(2027, 11, 9)


@pytest.mark.clause("IOI-14")
def test_each_young_person_gets_the_guide_on_the_day_they_arrive(procedure: Procedure) -> None:
    home = Round(procedure, "2026-11-02").happened("admitted", "2026-11-05", young_person="a")
    line = home.line("2026-11-05 13:00", "tell_each_young_person", "a")
    assert (line.due, line.rule.to, line.derivation.event) == (date(2026, 11, 5), ("young_person",), "admitted")
    assert line.derivation.within == "0 calendar days"
    assert home.line("2026-11-06", "tell_each_young_person", "a").status == "late"
