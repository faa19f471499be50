"""Who stands by the child: the advocacy service, whoever may speak for them, and whom outside they can turn to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heard.procedure import Procedure
from heard.trial import Trial
from heard.wishes import advocacy_may_be_refused

A_PARENT: dict[str, Any] = {"complainant": "parent", "on_behalf": True}


def spoken_for(procedure: Procedure, **said: Any) -> Trial:
    """A parent complains before Christmas, and says on Christmas Eve that they speak in the child's name."""
    case = Trial(procedure, "2026-12-18 16:30", **A_PARENT, **said)
    who = str(case.holder("handles"))
    return case.do("answer_fact", who, "2026-12-24 10:00", fact="speaks_for", value="in the child's name")


@pytest.mark.clause("WSX-8")
def test_the_homes_advocacy_service_hears_of_a_childs_complaint_by_the_next_working_day(procedure: Procedure) -> None:
    case = Trial(procedure, "2026-12-24 17:00")
    line = case.line("tell_advocacy")
    assert (line.to, line.due) == (("advocacy",), date(2026, 12, 29))
    assert case.told("advocacy") == ("advocacy",)
    assert spoken_for(procedure).owes("tell_advocacy")
    assert not Trial(procedure, "2026-12-24 17:00", **A_PARENT).owes("tell_advocacy")


@pytest.mark.clause("WSX-8")
def test_it_does_not_hear_of_it_when_the_child_says_no(procedure: Procedure) -> None:
    assert advocacy_may_be_refused(procedure)
    case = Trial(procedure, "2026-12-24 17:00", about=["registered_manager"])
    assert case.refused("excuse", "service_manager", duty="tell_advocacy", ground="no time")
    case.do("excuse", "service_manager", duty="tell_advocacy", ground="contrary to the child's stated wishes")
    assert case.line("tell_advocacy").status == "excused"


@pytest.mark.clause("WSX-8")
def test_each_home_has_its_own_and_a_child_may_ask_it_at_any_time(procedure: Procedure) -> None:
    service = procedure.contact("advocacy")
    assert service.one_per == "home" and service.missing
    assert service.offered and service.offered.any_time


@pytest.mark.clause("WSX-11")
def test_the_child_is_asked_in_two_working_days_whether_this_person_may_speak_for_them(procedure: Procedure) -> None:
    case = spoken_for(procedure)
    line = case.line("ask_consent")
    assert (line.to, line.due) == (("young_person",), date(2026, 12, 30))
    assert not Trial(procedure, "2026-12-18 16:30", **A_PARENT).owes("ask_consent")
    case.do("answer_consent", "registered_manager", answer="given")
    assert case.line("ask_consent").status == "met"


@pytest.mark.clause("WSX-11")
def test_nobody_speaks_for_a_child_who_has_not_agreed_and_whoever_does_is_an_adult_of_their_choice(
    procedure: Procedure,
) -> None:
    case = spoken_for(procedure)
    adult: dict[str, Any] = {"event": "spoken_for_child", "needs_met": ["is_an_adult", "chosen_by_the_child"]}
    assert case.refused("record", "registered_manager", **adult).clause == ("WSX-11",)
    case.do("answer_consent", "registered_manager", "2026-12-31 10:00", answer="refused")
    assert case.refused("record", "registered_manager", **adult)
    case.do("answer_consent", "registered_manager", answer="given")
    refused = case.refused("record", "registered_manager", event="spoken_for_child")
    assert refused.sentence == "This is only allowed when: is an adult, chosen by the child."
    assert case.due("record_representative") == date(2027, 1, 5)
    assert case.line("record_representative").to == ("young_person",)
    case.do("record", "registered_manager", **adult)
    assert case.line("record_representative").status == "met"
    own = Trial(procedure, "2026-12-18 16:30")
    assert not own.owes("record_representative")


@pytest.mark.clause("WSX-11")
def test_where_the_child_says_no_the_complaint_goes_on_in_the_other_persons_own_name(procedure: Procedure) -> None:
    case = spoken_for(procedure, about=["registered_manager"])
    case.do("answer_consent", "service_manager", answer="refused")
    line = case.line("record_representative", when="2027-02-01 10:00")
    assert (line.status, line.due) == ("lapsed", None)
    assert case.owes("respond")


@pytest.mark.clause("WSX-11")
def test_a_child_who_agreed_and_chooses_nobody_after_all_leaves_nothing_to_write_down(procedure: Procedure) -> None:
    case = spoken_for(procedure, about=["registered_manager"])
    case.do("answer_consent", "service_manager", answer="given")
    assert case.refused("excuse", "service_manager", duty="record_representative", ground="no time")
    case.do("excuse", "service_manager", duty="record_representative",
            ground="the child does not want it: the complaint goes on in the complainant's own name")  # fmt: skip
    assert case.line("record_representative").status == "excused"


@pytest.mark.clause("WSX-19")
@pytest.mark.parametrize(
    ("key", "number"),
    [("childrens_commissioner", "0800 528 0731"), ("childline", "0800 1111"), ("ofsted", "0300 123 1231")],
)
def test_a_child_may_turn_to_somebody_outside_at_any_time(procedure: Procedure, key: str, number: str) -> None:
    contact = procedure.contact(key)
    assert [phone.number for phone in contact.phones] == [number]
    assert contact.offered and contact.offered.any_time and "WSX-19" in contact.clause  # not only the house's own


@pytest.mark.clause("WSX-19")
def test_the_ombudsman_can_be_asked_after_the_enquiry_or_when_it_takes_too_long_for_twelve_months(
    procedure: Procedure,
) -> None:
    ombudsman = procedure.contact("ombudsman")
    assert ombudsman.offered and not ombudsman.offered.any_time
    assert (ombudsman.offered.after_stage, ombudsman.offered.or_) == ("enquiry", "the council has taken too long")
    assert str(ombudsman.clock.within) == "12 months"
    assert ombudsman.clock.after and ombudsman.clock.after.events == ("matter_noticed",)
    assert [phone.number for phone in ombudsman.phones] == ["0300 061 0614"]
    assert ombudsman.web == "https://www.lgo.org.uk/make-a-complaint"
