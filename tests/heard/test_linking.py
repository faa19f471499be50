"""A linked case goes by its own part of the procedure, and carries of the first what its rule lets it carry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from heard.calendar import Calendars
from heard.case import Actor, Command, Refused, decide, open_case, replay
from heard.casefile import CaseState
from heard.conditions import holds
from heard.ledger import Happening, NewHappening, number
from heard.linking import begins
from heard.narrowing import narrowed
from heard.people import Holding, Person, Roster, viewers
from heard.procedure import Procedure
from heard.registry import load_procedures

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLACE = {"operator": "o", "provider": "p", "home": "h"}
RECEIVED: dict[str, Any] = {
    **PLACE, "kind": "complaint", "formality": "formal", "complainant": "public", "channel": "portal",
    "contactable": True, "about_a_child": True, "children": [{"age": 16}], "heads": [{"key": "complaint"}],
}  # fmt: skip
HELD = {"mia": "house_manager", "dee": "director", "len": "designated_safeguarding_lead", "sol": "staff_on_duty"}
ROSTER = Roster(
    people=[Person(one, "o", one, works_for=("p",)) for one in HELD],
    holdings=[Holding(one, role, "p", "h", since=datetime(2024, 1, 1, tzinfo=UTC)) for one, role in HELD.items()],
)


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedures().get("infinity_alliance")


def first_case(procedure: Procedure, *more: NewHappening, **changed: Any) -> CaseState:
    rows = open_case(procedure, RECEIVED | changed, NOW, NOW)
    rows += (NewHappening("screened", NOW, "screen"), *more)
    rows += (NewHappening("assigned", NOW, "system", "formal", {"part": "handles", "person": "mia"}),)
    return replay(procedure, number(rows, 0, NOW))


def asked(state: CaseState, name: str, **data: Any) -> tuple[NewHappening, ...]:
    actor = Actor("mia", ("house_manager",))
    calendars = Calendars.of(state.procedure)
    return decide(state, Command(name, data), actor=actor, now=NOW, calendars=calendars, roster=ROSTER)


def opened(state: CaseState) -> Happening:
    rows = asked(state, "decide", decision="open_behaviour", answer="yes")
    (row,) = (one for one in rows if one.event == "linked_case_opened")
    return row.written(state.seq + 2, NOW)


def second_case(state: CaseState) -> CaseState:
    return replay(state.procedure, number(begins(state, "first", opened(state)), 0, NOW))


def test_it_enters_at_its_own_stage_and_goes_by_what_can_follow_from_there(procedure: Procedure) -> None:
    second = second_case(first_case(procedure))
    assert second.stage == "behaviour" and second.linked == "behaviour" and second.screened
    assert [stage.key for stage in second.procedure.stages] == ["behaviour", "behaviour_review"]
    assert second.procedure.ways_in == () and second.procedure.duties == () and second.procedure.decisions == ()
    assert [record.key for record in second.procedure.records] == ["behaviour_log"]
    assert second.procedure.version == procedure.version
    assert {one.key for one in second.procedure.notification_rules} >= {"safeguarding_lead", "working_together.lado"}


def test_rules_that_speak_of_a_linked_case_do_not_touch_the_first(procedure: Procedure) -> None:
    first, second = first_case(procedure), second_case(first_case(procedure))
    (rule,) = (one for one in procedure.records if one.key == "behaviour_log")
    assert not holds(rule.only_if, first) and holds(rule.only_if, second)


def test_nothing_says_who_complained_or_by_which_way(procedure: Procedure) -> None:
    received = second_case(first_case(procedure, advocate="x")).received
    assert {"complainant", "channel", "anonymous", "first_contact", "formality"}.isdisjoint(received)
    assert received["contactable"] is False


def test_without_that_rule_the_complainant_is_carried_and_somebody_who_asks_for_it_takes_their_place(
    procedure: Procedure,
) -> None:
    (linked,) = procedure.linked_cases
    carrying = replace(procedure, linked_cases=(replace(linked, does_not_carry=()),))
    assert second_case(first_case(carrying)).received["complainant"] == "public"
    asking = replace(procedure, linked_cases=(replace(linked, asked_by=("affected_person",)),))
    received = second_case(first_case(asking)).received
    assert (received["complainant"], received["contactable"]) == ("affected_person", True)


def test_who_is_complained_of_who_stood_down_and_what_safeguarding_found_go_with_it(procedure: Procedure) -> None:
    named = NewHappening("named", NOW, "screen", None, {"subject": "s", "person": "dee", "identified": True})
    found = NewHappening("concern_found", NOW, "screen", None, {"concern": "missing"})
    gone = NewHappening("stood_down", NOW, "sol", "formal", {"part": "handles", "person": "sol", "why": "own words"})
    second = second_case(first_case(procedure, named, found, gone))
    assert second.subjects["s"].person == "dee" and [one.concern for one in second.open_concerns] == ["missing"]
    assert "sol" in second.stood_down
    assert not {"dee", "sol"} & viewers(second.procedure, second, ROSTER, NOW)


def test_its_viewers_are_found_afresh_from_the_roles_of_its_own_stages(procedure: Procedure) -> None:
    second = second_case(first_case(procedure))
    assert {role.key for role in procedure.roles if role.sees == "own"} == {"staff_on_duty"}
    assert viewers(second.procedure, second, ROSTER, NOW) == {"mia", "dee", "len"}


def test_an_answer_opens_it_once(procedure: Procedure) -> None:
    state = first_case(procedure)
    rows = asked(state, "decide", decision="open_behaviour", answer="yes")
    after = state
    for row in rows:
        after = after.then(row.written(after.seq + 1, NOW))
    with pytest.raises(Refused, match="open already"):
        asked(after, "decide", decision="open_behaviour", answer="yes")


def test_one_that_runs_under_another_procedure_is_only_written_down(procedure: Procedure) -> None:
    (linked,) = procedure.linked_cases
    elsewhere = replace(procedure, linked_cases=(replace(linked, starts_at=None, outside_platform=True),))
    row = opened(first_case(elsewhere))
    assert row.data["outside"] is True and "case" not in row.data
    assert narrowed(elsewhere, "behaviour") is elsewhere


def test_opened_by_an_act_it_needs_a_reason_and_somebody_to_ask_for_it(procedure: Procedure) -> None:
    (linked,) = procedure.linked_cases
    with pytest.raises(Refused, match="not give rise"):
        asked(first_case(procedure), "open_linked", linked="behaviour", reason="why")
    asking = first_case(replace(procedure, linked_cases=(replace(linked, asked_by=("affected_person",)),)))
    with pytest.raises(Refused, match="a reason"):
        asked(asking, "open_linked", linked="behaviour")
    (row,) = asked(asking, "open_linked", linked="behaviour", reason="a decision touches them")
    assert row.event == "linked_case_opened" and row.data["asked_by"] == "affected_person"
