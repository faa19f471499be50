"""Persons, not roles: whoever the complaint is about never handles it and never learns that it exists."""

from __future__ import annotations

import json

import pytest

from services.chassis.errors import NotFound
from services.workflow import page
from services.workflow.service import WorkflowService
from tests.ground.world import home_id
from tests.workflow.case_room import CaseRoom, holding, person, subject


def test_the_subject_of_a_complaint_never_sees_it(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(who="tobias-fennimore")])
    assert room.cases("tobias-fennimore") == []
    assert room.today("tobias-fennimore")["due"] == []
    for refused in (lambda: room.case("tobias-fennimore", case_id),
                    lambda: room.act("tobias-fennimore", case_id, "acknowledge"),
                    lambda: room.case("tobias-fennimore", "0" * 32)):  # fmt: skip
        with pytest.raises(NotFound) as answer:
            refused()
        assert str(answer.value) == str(NotFound())
    (assigned,) = room.rows(case_id, "assigned")
    assert assigned.data["person"] == person("ruben-castlewick")


def test_the_person_who_holds_four_roles_is_passed_over_in_all_of_them(room: CaseRoom) -> None:
    case_id = room.receives(home=home_id("quay-view"))
    room.screened(case_id, subjects=[subject(who="verity-larkhill")])
    (assigned,) = room.rows(case_id, "assigned")
    assert assigned.data["person"] == person("beatrix-holloway-synge")
    (alarm,) = room.rows(case_id, "escalated")
    assert alarm.data["tell"] == ["placing_authority"]
    assert room.cases("verity-larkhill") == []
    assert room.cases("callum-wrenfield") == [case_id]


def test_while_nobody_knows_whom_it_is_about_only_the_cleared_lead_sees_it(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(might_be=["noor-ellingham", "saskia-thornbury"])])
    assert room.rows(case_id, "assigned") == []
    assert room.cases("imogen-ashdale") == [case_id]
    for one in ("tobias-fennimore", "saskia-thornbury", "noor-ellingham", "maren-oakshott"):
        assert room.cases(one) == []


def test_an_identification_opens_the_case_to_the_others_and_shuts_out_the_one(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(might_be=["noor-ellingham", "tobias-fennimore"])])
    room.safeguarding(case_id, 1, ("named", subject(who="tobias-fennimore")))
    assert room.rows(case_id, "assigned")[-1].data["person"] == person("ruben-castlewick")
    assert room.cases("tobias-fennimore") == []
    assert room.cases("saskia-thornbury") == [case_id]


def test_a_handler_who_turns_out_to_be_the_subject_stands_down_and_what_they_saw_is_on_record(room: CaseRoom) -> None:
    case_id = room.opens()
    room.case("tobias-fennimore", case_id)
    room.safeguarding(case_id, 1, ("named", subject(who="tobias-fennimore")))
    (down,) = room.rows(case_id, "stood_down")
    assert down.data["person"] == person("tobias-fennimore")
    (seen,) = room.rows(case_id, "had_seen")
    assert seen.data["person"] == person("tobias-fennimore") and "case" in seen.data["last"]
    assert room.rows(case_id, "assigned")[-1].data["person"] == person("ruben-castlewick")
    with pytest.raises(NotFound):
        room.case("tobias-fennimore", case_id)


def test_somebody_who_only_might_have_been_meant_may_come_back(room: CaseRoom) -> None:
    case_id = room.opens()
    room.screened(case_id, words_id="e" * 32, subjects=[subject(might_be=["tobias-fennimore", "noor-ellingham"])])
    assert room.cases("tobias-fennimore") == []
    room.safeguarding(case_id, 1, ("named", subject(who="noor-ellingham")))
    assert room.cases("tobias-fennimore") == [case_id]


def test_another_operators_people_see_nothing(room: CaseRoom) -> None:
    room.opens()
    assert room.cases("aurelia-stonecroft") == []
    assert room.cases("hollis-underbridge") == []


def test_a_handler_who_leaves_makes_room_for_the_next(room: CaseRoom) -> None:
    case_id = room.opens()
    gone = holding("tobias-fennimore", "registered_service_manager", "harbour-house") | {"data": None}
    room.directory(gone)
    room.house.who._looked = float("-inf")
    room.ring()
    (down,) = room.rows(case_id, "stood_down")
    assert down.data["conflict"] is False
    assert room.rows(case_id, "assigned")[-1].data["person"] == person("ruben-castlewick")
    assert room.cases("tobias-fennimore") == []


def test_a_handler_who_is_away_is_replaced_by_who_is_there(room: CaseRoom) -> None:
    case_id = room.opens()
    room.directory({"kind": "absence", "id": "a1", "data": {"person": person("tobias-fennimore")}})
    room.ring()
    assert room.rows(case_id, "stood_down")[0].data["why"] == "away"
    assert room.rows(case_id, "assigned")[-1].data["person"] == person("ruben-castlewick")


def test_nobody_is_chosen_or_shown_anything_by_an_old_list_of_who_is_who(room: CaseRoom) -> None:
    case_id = room.receives()
    room.house.settings = room.house.settings.having(stale_after=-1)
    room.screened(case_id)
    assert room.rows(case_id, "assigned") == []
    room.house.settings = room.house.settings.having(stale_after=300)
    assert room.cases("tobias-fennimore") == []
    room.ring()
    assert room.rows(case_id, "assigned") != []


def test_whom_the_words_could_have_meant_is_the_leads_to_know(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(might_be=["noor-ellingham", "saskia-thornbury"])])
    room.safeguarding(case_id, 1, ("named", subject(who="noor-ellingham")))
    for asked in (page.case, page.ledger):
        told = {who: asked(room.house, person(who), case_id) for who in ("tobias-fennimore", "imogen-ashdale")}
        for shown in told.values():
            shown.pop("actions", None)  # which offer everybody who works there as somebody to see to a promise
        assert person("saskia-thornbury") not in str(told["tobias-fennimore"])
        assert person("saskia-thornbury") in str(told["imogen-ashdale"])


def test_only_screened_cases_of_others_are_closed_to_somebody(room: CaseRoom) -> None:
    about_them, unscreened = room.receives(), room.receives()
    room.screened(about_them, subjects=[subject(who="tobias-fennimore")])
    service = WorkflowService()
    service.house = room.house
    asked = [about_them, unscreened, "0" * 32]
    assert service.closed_to(person("tobias-fennimore"), asked) == [about_them]
    assert service.closed_to(person("maren-oakshott"), asked) == []


def test_whom_it_is_about_stands_there_as_they_were_called_and_each_line_says_of_whom_it_is(room: CaseRoom) -> None:
    report = room.report(subjects=["s1", "s2"])
    key = room.intake.envelope_key(report["report_id"], report["words"])
    about = [{"subject": "s1", "words": "the tall one"}, {"subject": "s2", "name": "Noor", "role": "staff"}]
    words = {"what_happened": "They laughed at me.", "about": json.dumps(about)}
    room.hears("complaint_received", report | {"words": room.intake.envelope(key, words)})
    case_id = str(report["report_id"])
    room.screened(case_id, subjects=[subject("s1", might_be=["saskia-thornbury"]), subject("s2", who="noor-ellingham")])
    shown = room.case(room.lead, case_id)
    assert shown["words"][0]["fields"]["about"] == "the tall one\nNoor, staff"
    assert [(one["said"], one["name"]) for one in shown["about"]] == [
        ("the tall one", None), ("Noor, staff", "Noor Ellingham"),
    ]  # fmt: skip
    for lines in ([due for due in shown["dues"] if due["duty"] == "consult_line_managers"],
                  [one for one in shown["actions"] if "consult_line_managers" in one["data"].values()]):  # fmt: skip
        assert {one["about"] for one in lines} == {"“the tall one”", "Noor Ellingham"}
