"""By when the first things are done, over Christmas, Easter and the clock changes: MEN-2, MEN-4 to MEN-12, MEN-21."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from heard.procedure import Procedure
from heard.trial import Trial

LONDON = ZoneInfo("Europe/London")
FRIDAY_BEFORE_CHRISTMAS = "2026-12-18 16:30"
CHRISTMAS_EVE = "2026-12-24 10:00"
DIRECTOR = ["director"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


# ---------------------------------------------------------------- the first days


@pytest.mark.clause("MEN-11")
@pytest.mark.parametrize(
    ("received", "by"),
    [
        ("2026-11-24 10:15", "2026-11-25 10:15"),  # both on a working day
        ("2026-12-18 16:30", "2026-12-21 16:30"),  # Friday: not Saturday, but the same time on Monday
        ("2026-12-20 09:00", "2026-12-21 09:00"),  # Sunday: 24 hours on is a working day
        ("2026-12-24 10:00", "2026-12-29 10:00"),  # over Christmas, the week-end and the bank holiday for Boxing Day
        ("2026-04-02 09:00", "2026-04-07 09:00"),  # over Good Friday and Easter Monday
        ("2027-03-25 15:00", "2027-03-30 15:00"),
        ("2026-10-23 17:00", "2026-10-26 17:00"),  # the clocks go back: the same time of day by the clock on the wall
    ],
)
@pytest.mark.parametrize(("stage", "about"), [("stage_2", []), ("stage_3", DIRECTOR)])
def test_the_reference_is_given_in_24_hours_or_at_the_same_time_on_the_next_working_day(
    procedure: Procedure, stage: str, about: list[str], received: str, by: str
) -> None:
    case = Trial(procedure, received, about=about)
    line = case.line("give_reference", stage)
    assert (line.due, line.to, line.source) == (at(by), ("complainant",), "policy")
    case.happened("acknowledged", received)
    assert case.line("give_reference", stage).status == "met"


@pytest.mark.clause("MEN-12")
@pytest.mark.parametrize(
    ("received", "first", "full"),
    [
        ("2026-12-18 16:30", date(2026, 12, 23), date(2027, 1, 6)),
        ("2026-12-23 09:00", date(2026, 12, 30), date(2027, 1, 11)),
        ("2026-04-01 09:00", date(2026, 4, 8), date(2026, 4, 17)),
        ("2026-04-02 23:30", date(2026, 4, 9), date(2026, 4, 20)),
    ],
)
def test_three_and_ten_working_days_run_from_receipt(
    procedure: Procedure, received: str, first: date, full: date
) -> None:
    case = Trial(procedure, received)
    assert [case.due(duty, "stage_2") for duty in ("first_answer", "explain_delay", "respond")] == [first, first, full]
    assert Trial(procedure, received, about=DIRECTOR).due("first_answer", "stage_3") == first


@pytest.mark.clause("MEN-12")
@pytest.mark.parametrize(("event", "met"), [("first_answered", {"first_answer"}), ("told", {"explain_delay"}),
                                            ("responded", {"first_answer", "explain_delay", "respond"})])  # fmt: skip
def test_a_first_answer_keeps_the_three_days_and_a_full_one_keeps_them_all(
    procedure: Procedure, event: str, met: set[str]
) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS)
    case.happened(event, "2026-12-21 10:00", duty="explain_delay", whom="complainant")
    three = ("first_answer", "explain_delay", "respond")
    assert {duty for duty in three if case.line(duty, "stage_2").status == "met"} == met


@pytest.mark.clause("MEN-12")
@pytest.mark.parametrize("event", ["first_answered", "responded"])
def test_about_the_director_too_a_first_answer_or_a_full_one_keeps_the_three_days(
    procedure: Procedure, event: str
) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, about=DIRECTOR).happened(event, "2026-12-21 10:00")
    assert case.line("first_answer", "stage_3").status == "met"


@pytest.mark.clause("MEN-12")
@pytest.mark.parametrize(("stage", "about", "ends"), [("stage_2", [], "responded"), ("stage_3", DIRECTOR, "panel_met")])
def test_the_complainant_is_kept_informed_every_five_working_days_until_it_is_answered_or_heard(
    procedure: Procedure, stage: str, about: list[str], ends: str
) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, about=about)
    line = case.line("keep_informed", stage)
    assert (line.due, line.to) == (date(2027, 1, 5), ("complainant",))
    case.happened("told", "2027-01-05 10:00", duty="keep_informed", whom="complainant")
    assert case.due("keep_informed", stage) == date(2027, 1, 12)
    assert case.happened(ends, "2027-01-07 10:00").line("keep_informed", stage).status == "met"


@pytest.mark.clause("MEN-9", "MEN-20")
def test_the_informal_way_is_offered_by_the_next_working_day(procedure: Procedure) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, formality="informal")
    line = case.line("offer_informal")
    assert (line.due, line.to) == (date(2026, 12, 29), ("complainant",))
    assert case.happened("acknowledged", "2026-12-29 09:00").line("offer_informal").status == "met"


@pytest.mark.clause("MEN-2", "MEN-8", "MEN-17")
def test_settling_it_informally_is_aimed_at_in_five_working_days_and_the_formal_way_is_offered_after_that(
    procedure: Procedure,
) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, formality="informal")
    line = case.line("settle", when="2026-12-30")
    assert (line.due, line.strength, line.to) == (date(2026, 12, 29), "aim", ("complainant",))
    case.do("escalate", when="2026-12-30 09:00", key=line.key, step=0)
    assert case.ledger[-1].data["offers"] == "stage_2"
    assert case.happened("responded", "2026-12-30 10:00").line("settle").status == "met late"


@pytest.mark.clause("MEN-4")
def test_what_was_settled_is_written_up_for_the_director_by_the_next_working_day(procedure: Procedure) -> None:
    case = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, formality="informal")
    assert case.due("report_to_director") is None
    line = case.happened("responded", CHRISTMAS_EVE).line("report_to_director")
    assert (line.due, line.to) == (date(2026, 12, 29), ("complaints_coordinator",))


@pytest.mark.clause("MEN-7", "MEN-2")
@pytest.mark.parametrize(("kind", "owed"), [("complaint", True), ("concern", True), ("comment", True),
                                            ("compliment", False)])  # fmt: skip
def test_whoever_receives_it_writes_it_down_at_once(procedure: Procedure, kind: str, owed: bool) -> None:
    case = Trial(procedure, CHRISTMAS_EVE, kind=kind, formality="informal")
    assert case.owes("write_it_down") is owed
    if owed:
        line = case.line("write_it_down")
        assert (line.due, line.by) == (at("2026-12-24 11:00"), ("receiver",))
        assert case.happened("recorded", CHRISTMAS_EVE).line("write_it_down").status == "met"


@pytest.mark.parametrize(
    ("clause", "duty"),
    [("MEN-5", "tell_referrer"), ("MEN-21", "tell_referrer"), ("MEN-21", "offer_referrers_procedure")],
)
@pytest.mark.parametrize(("stage", "about"), [("stage_2", []), ("stage_3", DIRECTOR)])
def test_of_a_formal_complaint_the_referrer_hears_in_three_working_days_and_the_complainant_of_its_procedure(
    procedure: Procedure, stage: str, about: list[str], clause: str, duty: str
) -> None:
    line = Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, about=about).line(duty, stage)
    to = "referrer" if duty == "tell_referrer" else "complainant"
    assert (line.due, line.to, line.source) == (date(2026, 12, 23), (to,), "house default")
    assert not Trial(procedure, FRIDAY_BEFORE_CHRISTMAS, about=about, complainant="referrer").owes(duty)
