"""What somebody at work hears or writes reaches safeguarding: concerns at once, every word sealed, no act held back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from heard.when import LateStep
from services.chassis.errors import Invalid, NotFound, Refused
from services.workflow.casework import Desk
from tests.workflow.case_room import CaseRoom, person, subject

HANDLER, LEAD, NOOR = "tobias-fennimore", "imogen-ashdale", "noor-ellingham"
TOLD = "Kit told me that somebody pushed him down the stairs."


def opened(room: CaseRoom, fact: dict[str, Any]) -> str:
    """The words in a fact, as safeguarding opens them."""
    return "".join(room.safeguarding_vault.open_envelope(fact["words"]).values())


def raising(room: CaseRoom, who: str, case_id: str) -> Any:
    """The action as somebody's page offers it."""
    return next(one for one in room.case(who, case_id)["actions"] if one["name"] == "raise_concern")


def test_everybody_who_may_see_a_case_may_raise_a_concern_with_a_form(room: CaseRoom) -> None:
    case_id = room.opens()
    for who in (HANDLER, LEAD):
        action = raising(room, who, case_id)
        assert action["allowed"] and action["needs"]["texts"] == ["reason"]
        assert "abuse_or_exploitation" in action["needs"]["choices"]["concern"]


def test_a_concern_goes_to_safeguarding_and_what_was_said_of_it_to_nobody_else(room: CaseRoom) -> None:
    case_id = room.opens()
    before = room.events(case_id)
    room.move_to("2026-11-24 10:00")
    room.act(HANDLER, case_id, "raise_concern", concern="abuse_or_exploitation", reason=TOLD,
             known_at="2026-11-23T18:00:00+00:00")  # fmt: skip
    (fact,) = room.published("concern_raised")
    assert (fact["report_id"], fact["case_id"], fact["by"]) == (case_id, case_id, person(HANDLER))
    assert (fact["concern"], fact["known_at"]) == ("abuse_or_exploitation", "2026-11-23T18:00:00+00:00")
    assert opened(room, fact) == TOLD
    assert TOLD not in json.dumps(fact) + json.dumps(room.case(HANDLER, case_id))
    assert room.events(case_id) == before  # what is found, and about whom, comes from safeguarding together
    assert room.published("words_written") == []
    room.safeguarding(case_id, 1, ("concern_found", {"concern": "abuse_or_exploitation", "by_screen": False}))
    assert room.events(case_id)[-1] == "concern_found"


def test_an_old_page_or_a_closed_case_is_no_reason_to_refuse_a_concern(room: CaseRoom) -> None:
    case_id = room.opens()
    seq = room.case(HANDLER, case_id)["seq"]
    room.act(HANDLER, case_id, "withdraw")
    room.act(LEAD, case_id, "raise_concern", seq=seq, concern="missing")
    with room.working() as work:
        desk = Desk(room.house, work)
        file = desk.take_up([case_id])[case_id]
        desk.write(file, [desk.asked(file, "close").event("closed", outcome="withdrawn")])
        desk.put_away()
    assert room.case(HANDLER, case_id)["state"] == "closed"
    assert raising(room, HANDLER, case_id)["allowed"]
    room.act(HANDLER, case_id, "raise_concern", concern="missing", reason="He has not been seen since Friday.")
    assert [fact["by"] for fact in room.published("concern_raised")] == [person(LEAD), person(HANDLER)]


def test_a_concern_is_taken_while_who_is_who_is_out_of_date(room: CaseRoom) -> None:
    case_id = room.opens()
    room.house.settings = room.house.settings.having(stale_after=-1)
    room.act(HANDLER, case_id, "raise_concern", concern="missing")
    assert len(room.published("concern_raised")) == 1


def test_a_repeated_click_raises_a_concern_once(room: CaseRoom) -> None:
    case_id = room.opens()
    first = room.act(HANDLER, case_id, "raise_concern", key="k1", concern="missing")
    assert room.act(HANDLER, case_id, "raise_concern", key="k1", concern="missing") == first
    assert len(room.published("concern_raised")) == 1


def test_what_is_no_concern_or_no_moment_is_refused_and_nothing_is_handed_on(room: CaseRoom) -> None:
    case_id = room.opens()
    with pytest.raises(Refused, match="knows no concern"):
        room.act(HANDLER, case_id, "raise_concern", concern="something")
    for moment in ("yesterday", "2026-11-23T10:00:00"):
        with pytest.raises(Invalid):
            room.act(HANDLER, case_id, "raise_concern", concern="missing", known_at=moment)
    assert room.published("concern_raised") == []


def test_telling_what_a_concern_asks_for_is_done_on_the_safeguarding_record_and_offered_nowhere_else(
    room: CaseRoom,
) -> None:
    case_id = room.opens()
    concern = "lado_threshold"
    room.safeguarding(case_id, 1, ("concern_found", {"concern": concern, "by_screen": False}))
    room.move_to("2026-12-01 09:00")
    procedure = room.house.procedures.get(room.group.procedure)
    theirs = {rule.key for rule in procedure.notification_rules if rule.concern}
    for who in (HANDLER, LEAD):
        named = {one["data"].get(word) for one in room.case(who, case_id)["actions"] for word in ("rule", "duty")}
        assert named and not named & theirs
    rule = next(rule for rule in procedure.notification_rules if concern in rule.concern)
    for command in ("tell", "explain_lateness"):
        about = {"rule": rule.key} if command == "tell" else {"duty": rule.key}
        with pytest.raises(Refused, match="on the safeguarding record"):
            room.act(LEAD, case_id, command, whom="lado", reason="They were not there.", **about)


def test_whom_a_case_is_about_cannot_raise_a_concern_in_it(room: CaseRoom) -> None:
    case_id = room.receives()
    room.screened(case_id, subjects=[subject(who=HANDLER)])
    with pytest.raises(NotFound):
        room.act(HANDLER, case_id, "raise_concern", concern="missing")
    with pytest.raises(NotFound):
        room.act(NOOR, case_id, "raise_concern", concern="missing")


def test_every_word_that_staff_write_is_handed_to_safeguarding_sealed(room: CaseRoom) -> None:
    case_id = room.opens()
    action = next(one for one in room.case(HANDLER, case_id)["actions"] if one["name"] == "acknowledge")
    room.act(
        HANDLER, case_id, "acknowledge", contents=action["needs"]["contents"], words="Dear Kit, I am looking into it."
    )
    room.act(HANDLER, case_id, "explain_lateness", duty="respond", reason="Kit was in hospital.")
    letter, note = room.published("words_written")
    assert (letter["sort"], opened(room, letter)) == ("letter", "Dear Kit, I am looking into it.")
    assert (note["sort"], opened(room, note)) == ("staff_note", "Kit was in hospital.")
    assert letter["by"] == person(HANDLER)
    assert "Kit" not in json.dumps([letter, note])
    assert set(letter["words"]["wraps"]) == {"intake", "safeguarding", "workflow"}


def test_an_act_without_words_of_somebodys_own_hands_nothing_on(room: CaseRoom) -> None:
    room.act(HANDLER, room.opens(), "withdraw")
    assert room.published("words_written") == []


def test_a_late_step_that_raises_a_concern_raises_it_with_safeguarding_once(
    room: CaseRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    reckoned = Desk.dues

    def with_a_step(desk: Desk, file: Any) -> Any:
        return tuple(
            due._replace(late_steps=((due.due_at, LateStep(raises="missing")),))
            if due.duty == "respond" and due.due_at
            else due
            for due in reckoned(desk, file)
        )

    monkeypatch.setattr(Desk, "dues", with_a_step)
    case_id = room.opens()
    room.move_to("2026-12-08 00:00")
    room.move_to("2026-12-09 00:00")
    (fact,) = room.published("concern_raised")
    (late,) = [row for row in room.rows(case_id, "escalated") if row.data["duty"] == "respond"]
    assert (fact["concern"], fact["by"], fact["because"]) == ("missing", "system", [late.data["key"]])
    assert fact["words"] is None and late.data["raises"] == "missing"
    assert "concern_found" not in room.events(case_id)
