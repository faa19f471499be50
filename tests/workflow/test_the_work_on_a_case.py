"""What people do, what is late, what stops the clocks: each act once, with its clause, and no words in the open."""

from __future__ import annotations

import json
from typing import Any

import pytest

from heard.on_hold import LOOK_AGAIN
from services.chassis.errors import Conflict, Invalid, KeyReused, Refused
from tests.workflow.case_room import CaseRoom, person, subject

WHAT_IT_SAYS = [
    "who is dealing with it and how to reach them",
    "projected timescales",
    "entitlements under this policy",
    "support throughout, and what stays confidential",
]
LETTER = "Dear Kit, I am dealing with what you told us about your door."


def due(room: CaseRoom, case_id: str, duty: str, who: str = "tobias-fennimore") -> Any:
    """The line of a duty on the case page."""
    return next(one for one in room.case(who, case_id)["dues"] if one["duty"] == duty)


def put_on_hold(room: CaseRoom) -> str:
    """A case that waits for what a concern about somebody on the staff leads to."""
    case_id = room.receives()
    room.screened(case_id, concerns=[{"concern": "gross_misconduct", "because": ["tick"]}])
    confirmed = ("concern_confirmed", {"concern": "gross_misconduct", "reason": "seen"})
    room.safeguarding(case_id, 1, ("concern_found", {"concern": "gross_misconduct"}), confirmed)
    room.act("tobias-fennimore", case_id, "suspend", rule="safeguarding_or_disciplinary", reason="It goes first.")
    return case_id


def test_an_acknowledgement_is_refused_with_its_clause_until_it_says_everything(room: CaseRoom) -> None:
    case_id = room.opens()
    with pytest.raises(Refused) as refusal:
        room.act("tobias-fennimore", case_id, "acknowledge", contents=WHAT_IT_SAYS[:1])
    assert refusal.value.clause == ["IOI-20"]
    assert "projected timescales" in str(refusal.value)
    room.act("tobias-fennimore", case_id, "acknowledge", contents=WHAT_IT_SAYS, words=LETTER)
    assert due(room, case_id, "acknowledge")["status"] == "met"
    assert room.promise(case_id, "acknowledge") == ("2026-11-25", "kept")


def test_a_letter_without_a_word_counts_as_nothing_whoever_asks_for_it(room: CaseRoom) -> None:
    case_id = room.opens()
    with pytest.raises(Invalid) as fault:
        room.act("tobias-fennimore", case_id, "acknowledge", contents=WHAT_IT_SAYS, words=" \n")
    assert list(fault.value.fields) == ["words"]
    assert due(room, case_id, "acknowledge")["status"] == "running" and not room.rows(case_id, "acknowledged")


def test_what_somebody_wrote_stands_sealed_and_goes_out_as_a_letter(room: CaseRoom) -> None:
    case_id = room.opens()
    room.act("tobias-fennimore", case_id, "acknowledge", contents=WHAT_IT_SAYS, words=LETTER)
    room.act("tobias-fennimore", case_id, "explain_lateness", duty="respond", reason="Kit was in hospital.")
    stored = json.dumps([dict(row.data) for row in room.rows(case_id)]) + json.dumps(room.published())
    assert "Kit" not in stored
    shown = {row["event"]: row for row in room.case("tobias-fennimore", case_id)["ledger"]}
    assert shown["acknowledged"]["letter"] == LETTER
    assert shown["lateness_explained"]["data"]["reason"] == "Kit was in hospital."
    (letter,) = [letter for body in room.published() for letter in body["letters"]]
    assert letter["to"] == "complainant" and "notifications" in letter["words"]["wraps"]


def test_a_repeated_click_is_the_same_act_and_an_outdated_page_is_refused(room: CaseRoom) -> None:
    case_id = room.opens()
    seq = room.case("tobias-fennimore", case_id)["seq"]
    click: dict[str, Any] = {"seq": seq, "key": "k1", "contents": WHAT_IT_SAYS, "words": LETTER}
    first = room.act("tobias-fennimore", case_id, "acknowledge", **click)
    assert room.act("tobias-fennimore", case_id, "acknowledge", **click) == first
    assert len(room.rows(case_id, "acknowledged")) == 1
    with pytest.raises(Conflict) as conflict:
        room.act("ruben-castlewick", case_id, "withdraw", seq=seq)
    assert conflict.value.actual == first["seq"]
    with pytest.raises(KeyReused):
        room.act("tobias-fennimore", case_id, "withdraw", key="k1")


def test_a_missed_duty_is_escalated_when_its_time_is_over_and_once(room: CaseRoom) -> None:
    case_id = room.opens()
    room.move_to("2026-12-07 23:59")
    assert [row for row in room.rows(case_id, "escalated") if row.data["duty"] == "respond"] == []
    room.move_to("2026-12-08 00:00")
    (late,) = [row for row in room.rows(case_id, "escalated") if row.data["duty"] == "respond"]
    assert late.data["offers"] == "stage_2" and late.data["clause"] == ["IOI-22", "IOI-23"]
    lines = {line["duty"]: line for line in room.today("tobias-fennimore")["late"]}
    assert lines["respond"]["lateness"] == "breach" and lines["respond"]["mine"]
    room.move_to("2026-12-09 00:00")
    assert len([row for row in room.rows(case_id, "escalated") if row.data["duty"] == "respond"]) == 1


def test_after_a_leap_of_the_clock_everything_falls_due_in_its_order(room: CaseRoom) -> None:
    case_id = room.opens()
    room.move_to("2027-03-01 09:00")
    whens = [row.data["due"] for row in room.rows(case_id, "escalated") if row.data.get("due")]
    assert len(whens) > 1
    assert whens == sorted(whens)
    (unseen,) = [row for row in room.rows(case_id, "escalated") if row.data["duty"] == "see_the_young_person"]
    assert [one["key"] for one in unseen.data["to"]] == [person("imogen-ashdale")]


def test_todays_list_is_in_the_order_in_which_things_fall_due(room: CaseRoom) -> None:
    room.opens()
    room.opens(complainant="parent")
    lines = room.today("tobias-fennimore")["due"]
    moments = [line["due_at"] for line in lines if line["due_at"]]
    assert moments == sorted(moments) and len(moments) > 8
    assert all(line["says"] and line["why"] for line in lines)
    assert room.today("noor-ellingham")["due"] == []


def test_a_confirmed_concern_offers_the_suspension_and_its_end_lets_the_days_that_were_left_run(room: CaseRoom) -> None:
    case_id = room.receives()
    found = [{"concern": "abuse_or_exploitation", "because": ["tick:bullying"]}]
    room.screened(case_id, concerns=found, subjects=[subject(who="noor-ellingham")])
    names = {one["name"] for one in room.case("tobias-fennimore", case_id)["actions"] if one["allowed"]}
    assert "suspend" not in names
    room.move_to("2026-11-24 10:00")
    room.safeguarding(case_id, 1, ("concern_found", {"concern": "abuse_or_exploitation"}),
                      ("concern_confirmed", {"concern": "abuse_or_exploitation", "reason": "seen"}))  # fmt: skip
    assert room.events(case_id).count("concern_found") == 1
    room.act(
        "tobias-fennimore", case_id, "suspend", rule="safeguarding_or_disciplinary", reason="The police ask us to wait."
    )
    paused = due(room, case_id, "respond")
    assert paused["status"] == "paused" and paused["due"] is None
    assert due(room, case_id, "acknowledge")["status"] == "running"
    room.move_to("2026-12-08 10:00")
    room.safeguarding(case_id, 3, ("safeguarding_closed", {"outcome": "no further action"}))
    assert room.events(case_id)[-1] == "resumed" or "resumed" in room.events(case_id)
    assert due(room, case_id, "respond")["due"] == "2026-12-21"  # one day was used, nine run on


def test_what_is_on_hold_stands_on_the_list_until_somebody_looks_at_it_again_and_is_loud_when_nobody_does(
    room: CaseRoom,
) -> None:
    case_id = put_on_hold(room)
    look = due(room, case_id, LOOK_AGAIN)
    assert (look["due"], look["status"], look["kind"]) == ("2026-11-30", "running", "review")
    (listed,) = [one for one in room.today("tobias-fennimore")["due"] if one["duty"] == LOOK_AGAIN]
    assert listed["due"] == "2026-11-30" and "put on hold" in listed["why"]
    room.move_to("2026-12-01 00:00")
    (loud,) = [row for row in room.rows(case_id, "escalated") if row.data["duty"] == LOOK_AGAIN]
    assert {"group_operator"} <= {one["word"] for one in loud.data["to"]}
    room.act("tobias-fennimore", case_id, "review_suspension", rule="safeguarding_or_disciplinary",
             reason="They have not finished.", review_by="2026-12-03")  # fmt: skip
    look = due(room, case_id, LOOK_AGAIN)
    assert (look["due"], look["status"]) == ("2026-12-03", "running")
    room.move_to("2026-12-04 00:00")
    assert len([row for row in room.rows(case_id, "escalated") if row.data["duty"] == LOOK_AGAIN]) == 2
    room.safeguarding(case_id, 3, ("disciplinary_closed", {"go_on": True}))
    assert LOOK_AGAIN not in {one["duty"] for one in room.case("tobias-fennimore", case_id)["dues"]}


@pytest.mark.parametrize(("go_on", "status"), [(True, "running"), (False, "paused")])
def test_when_the_disciplinary_procedure_has_ended_what_waited_for_it_goes_on_unless_it_waits_for_more(
    room: CaseRoom, go_on: bool, status: str
) -> None:
    case_id = put_on_hold(room)
    room.move_to("2026-12-01 10:00")
    room.safeguarding(case_id, 3, ("disciplinary_closed", {"go_on": go_on}))
    assert due(room, case_id, "respond")["status"] == status
    assert "The disciplinary procedure has ended." in [one["sentence"] for one in
                                                       room.case("tobias-fennimore", case_id)["ledger"]]  # fmt: skip


def test_rows_of_safeguarding_wait_for_those_before_them(room: CaseRoom) -> None:
    case_id = room.opens()
    concern = {"concern": "abuse_or_exploitation"}
    room.safeguarding(case_id, 3, ("concern_cleared", concern | {"reason": "nothing"}))
    assert "concern_cleared" not in room.events(case_id)
    room.safeguarding(case_id, 1, ("received", {}), ("concern_found", concern))
    assert room.events(case_id)[-2:] == ["concern_found", "concern_cleared"]


def test_a_case_is_closed_only_when_nothing_is_owed(room: CaseRoom) -> None:
    case_id = room.opens()
    with pytest.raises(Refused):
        room.act("tobias-fennimore", case_id, "close", outcome="answered")
    page = room.case("tobias-fennimore", case_id)
    (closing,) = [one for one in page["actions"] if one["name"] == "close"]
    assert not closing["allowed"] and closing["why_not"]


def test_what_belongs_on_the_safeguarding_record_is_not_done_here(room: CaseRoom) -> None:
    case_id = room.opens()
    with pytest.raises(Refused, match="safeguarding record"):
        room.act("imogen-ashdale", case_id, "confirm_concern", concern="misconduct", reason="x")


def test_each_opening_of_a_case_is_on_record_and_the_ledger_is_a_whole_chain(room: CaseRoom) -> None:
    from services.workflow import kept, page

    case_id = room.opens()
    room.case("tobias-fennimore", case_id)
    assert page.ledger(room.house, person("tobias-fennimore"), case_id)["whole"]
    with room.house.db.reading() as conn:
        assert {what for what, _ in kept.reads_of(conn, case_id, person("tobias-fennimore"))} == {"case", "ledger"}


def test_the_ledgers_can_be_read_in_pages_from_the_beginning(room: CaseRoom) -> None:
    from services.workflow import casebook

    ids = [room.opens() for _ in range(3)]
    rows: list[Any] = []
    position, more = None, True
    while more:
        with room.house.db.reading() as conn:
            answer = casebook.ledger_since(conn, position, 5)
        rows += answer["happenings"]
        position, more = answer["position"], answer["more"]
    assert {row["case_id"] for row in rows} == set(ids)
    assert len(rows) == sum(len(room.rows(one)) for one in ids)


def test_a_letter_handed_over_meanwhile_is_no_reason_to_look_again(room: CaseRoom) -> None:
    case_id = room.opens()
    seq = room.case("tobias-fennimore", case_id)["seq"]
    sent = {
        **{name: room.report()[name] for name in ("operator", "provider", "home")},
        "message_id": "c" * 32, "case_id": case_id, "about": {"event": "received"}, "whom": "complainant",
        "channel": "email", "at": room.house.clock.now().isoformat(),
    }  # fmt: skip
    room.hears("message_sent", sent)
    room.act("tobias-fennimore", case_id, "acknowledge", seq=seq, contents=WHAT_IT_SAYS, words="Hello.")
    assert room.events(case_id)[-2:] == ["told", "acknowledged"]
