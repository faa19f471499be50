"""From the receipt to the first handler: nobody is chosen, told or shown anything before safeguarding has screened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.chassis.errors import NotFound, Permanent
from tests.workflow.case_room import CaseRoom, person, subject


def test_a_received_report_is_a_case_that_nobody_is_assigned_told_or_shown(room: CaseRoom) -> None:
    case_id = room.receives()
    assert room.events(case_id) == ["received", "stage_opened", "recorded"]
    assert all(room.cases(one.key) == [] for one in room.group.people)
    with pytest.raises(NotFound):
        room.case("tobias-fennimore", case_id)


def test_once_screened_it_has_a_handler_with_a_reason_and_the_complainant_has_days(room: CaseRoom) -> None:
    case_id = room.opens()
    (assigned,) = room.rows(case_id, "assigned")
    assert assigned.data["person"] == person("tobias-fennimore")
    assert "registered service manager" in assigned.data["why"]
    assert room.promise(case_id, "acknowledge") == ("2026-11-25", "to come")
    assert room.promise(case_id, "respond") == ("2026-12-07", "to come")


def test_the_screen_may_arrive_before_the_report(room: CaseRoom) -> None:
    report = room.report()
    room.screened(report["report_id"])
    assert room.events(report["report_id"]) == []
    room.hears("complaint_received", report)
    assert room.events(report["report_id"])[-2:] == ["screened", "assigned"]


def test_whatever_came_before_the_report_is_heard_in_its_order_and_none_of_it_is_lost(room: CaseRoom) -> None:
    report = room.report()
    case_id = report["report_id"]
    begun = {"at": report["received_at"], "written_at": report["received_at"], "by": "system", "data": {}}
    room.safeguarding(case_id, 4, ("concern_found", {"concern": "abuse_or_exploitation"}))
    room.safeguarding(case_id, 2, ("called", {}))
    screen = room.screen_of(case_id, happenings=[{"seq": 1, "event": "opened", **begun}])
    room.hears("report_screened", screen, message_id="f" * 32)  # read last, were they read as they are called
    room.hears("complaint_received", report)
    assert room.rows(case_id, "screened") and not room.rows(case_id, "concern_found")
    room.safeguarding(case_id, 3, ("call_sent", {}))
    assert [row.data["concern"] for row in room.rows(case_id, "concern_found")] == ["abuse_or_exploitation"]


def test_facts_that_come_twice_have_their_effect_once(room: CaseRoom) -> None:
    case_id = room.opens()
    before, said = room.events(case_id), len(room.published())
    room.hears_again()
    room.hears("report_screened", room.screen_of(case_id))  # even as another message
    assert room.events(case_id) == before
    assert len(room.published()) == said


def test_a_hundred_reports_in_one_batch_are_a_hundred_cases(room: CaseRoom) -> None:
    reports = [room.report() for _ in range(100)]
    room.hears("complaint_received", *reports)
    room.hears("report_screened", *(room.screen_of(one["report_id"]) for one in reports))
    assert all(room.events(one["report_id"])[-1] == "assigned" for one in reports)
    assert len(room.published()) == 100


def test_other_services_hear_of_a_case_when_it_is_screened_and_then_of_all_its_rows(room: CaseRoom) -> None:
    report = room.report()
    room.hears("complaint_received", report)
    assert room.published() == []
    room.hears("report_screened", room.screen_of(report["report_id"]))
    (said,) = room.published()
    assert [row["event"] for row in said["happenings"]] == room.events(report["report_id"])


def test_everything_that_a_ledger_gained_was_told_to_the_others_in_order_and_once(room: CaseRoom) -> None:
    case_id = room.opens()
    told = [row["seq"] for body in room.published() for row in body["happenings"]]
    assert told == [row.seq for row in room.rows(case_id)]


def test_a_report_that_nobody_screens_fails_to_a_human(room: CaseRoom) -> None:
    case_id = room.receives()
    room.move_to("2026-11-23 09:04")
    assert room.rows(case_id, "escalated") == []
    room.move_to("2026-11-23 09:06")
    (alarm,) = room.rows(case_id, "escalated")
    told = {one["key"] for one in alarm.data["to"]}
    assert {person("imogen-ashdale"), person("maren-oakshott")} <= told
    assert room.rows(case_id, "assigned") == []
    assert room.cases("imogen-ashdale") == [case_id]
    assert room.cases("tobias-fennimore") == []
    room.move_to("2026-11-24 09:00")
    assert len(room.rows(case_id, "escalated")) == 1


def test_the_complainant_reads_neutral_words_while_only_safeguarding_may_know(room: CaseRoom) -> None:
    case_id = room.receives()
    assert room.follow(case_id)["promises"] == []
    room.screened(case_id, subjects=[subject(might_be=["noor-ellingham", "gwendolen-tarrow"])])
    view = room.follow(case_id)
    assert view["promises"] == [] and view["next"] == []
    assert "safe" in view["status"]


def test_a_report_under_a_procedure_that_is_not_installed_is_parked_for_a_person(room: CaseRoom) -> None:
    with pytest.raises(Permanent, match="no procedure"):
        room.receives(procedure="nobodys_procedure")


def test_later_words_are_shown_once_safeguarding_has_read_them(room: CaseRoom) -> None:
    report = room.report()
    case_id = report["report_id"]
    room.hears("complaint_received", report)
    room.screened(case_id)
    key = room.intake.envelope_key(case_id, report["words"])
    message = {
        **{name: room.report()[name] for name in ("operator", "provider", "home")},
        "report_id": case_id, "words_id": "b" * 32, "sort": "message",
        "received_at": (room.house.clock.now() + timedelta(minutes=1)).isoformat(),
        "words": room.intake.envelope(key, {"words": "It still does not lock."}),
    }  # fmt: skip
    room.hears("words_received", message)
    assert [one["sort"] for one in room.case("tobias-fennimore", case_id)["words"]] == ["report"]
    room.screened(case_id, words_id="b" * 32)
    assert [one["case_id"] for one in room.today("tobias-fennimore")["messages"]] == [case_id]
    assert room.today("saskia-thornbury")["messages"] == [], "it waits for whoever handles the case"
    seen = room.case("tobias-fennimore", case_id, to_read=True)
    assert [one["sort"] for one in seen["words"]] == ["report", "message"]
    assert room.today("tobias-fennimore")["messages"] == []
    assert room.events(case_id)[-1] == "words_screened"


def test_what_came_since_somebody_last_looked_stands_first_for_them_alone(room: CaseRoom) -> None:
    report = room.report()
    case_id = report["report_id"]
    room.hears("complaint_received", report)
    room.screened(case_id)
    key = room.intake.envelope_key(case_id, report["words"])

    def writes(words_id: str, minutes: int) -> None:
        at = (room.house.clock.now() + timedelta(minutes=minutes)).isoformat()
        message = {
            **{name: room.report()[name] for name in ("operator", "provider", "home")}, "received_at": at,
            "report_id": case_id, "words_id": words_id, "sort": "message",
            "words": room.intake.envelope(key, {"words": "It still does not lock."}),
        }  # fmt: skip
        room.hears("words_received", message)

    def found(who: str, *, to_read: bool = False) -> list[tuple[str, bool]]:
        return [(one["id"][0], one["unread"]) for one in room.case(who, case_id, to_read=to_read)["words"]]

    writes("b" * 32, 1)
    writes("c" * 32, 2)
    room.screened(case_id, words_id="c" * 32)
    (report_words, _), _ = found("tobias-fennimore", to_read=True)
    assert found("tobias-fennimore") == [(report_words, False), ("c", False)]
    room.screened(case_id, words_id="b" * 32)  # written before, and read by safeguarding after
    for _ in range(2):  # the form of an action shows nothing of it, and so it stays unread
        assert found("tobias-fennimore") == [("b", True), (report_words, False), ("c", False)]
    found("tobias-fennimore", to_read=True)
    assert found("tobias-fennimore") == [(report_words, False), ("b", False), ("c", False)]
    assert [unread for _, unread in found("imogen-ashdale")] == [True, True, True]


def test_who_was_told_and_who_could_not_be_is_in_the_ledger(room: CaseRoom) -> None:
    case_id = room.receives()
    about = {"report_id": case_id, "event": "received"}
    sent = {
        **{name: room.report()[name] for name in ("operator", "provider", "home")},
        "message_id": "c" * 32, "case_id": case_id, "about": about, "whom": "complainant", "channel": "email",
        "at": room.house.clock.now().isoformat(),
    }  # fmt: skip
    room.hears("message_sent", sent)
    room.hears("message_failed", {**sent, "message_id": "d" * 32, "why": "the address does not exist"})
    rows = room.events(case_id)
    assert rows[-2:] == ["told", "could_not_tell"]
    room.hears_again()
    assert room.events(case_id) == rows
    read = sent | {"channel": "follow_page", "at": (room.house.clock.now() + timedelta(minutes=1)).isoformat()}
    room.hears("message_sent", read)  # of the same message, something else
    assert room.events(case_id) == [*rows, "told"]


def test_whoever_a_letter_came_back_from_has_not_been_told_and_the_duty_is_owed_as_before(room: CaseRoom) -> None:
    case_id = room.opens()
    message = {
        **{name: room.report()[name] for name in ("operator", "provider", "home")}, "case_id": case_id,
        "message_id": "c" * 32, "whom": "complainant", "channel": "email",
        "about": {"case_id": case_id, "event": "progress_told", "stage": "stage_1", "duty": "keep_in_touch"},
    }  # fmt: skip

    def by_when() -> str:
        dues = room.case("tobias-fennimore", case_id)["dues"]
        return next(str(one["due"]) for one in dues if one["duty"] == "keep_in_touch" and one["status"] == "running")

    owed = by_when()
    room.move_to("2026-11-24 09:00")
    room.hears("message_sent", message | {"at": room.house.clock.now().isoformat()})
    assert by_when() > owed
    came_back = {"channel": "none", "why": "came_back", "at": room.house.clock.now().isoformat()}
    room.hears("message_failed", message | came_back)
    assert by_when() == owed


def test_an_answer_to_a_question_that_the_procedure_does_not_ask_is_not_kept(room: CaseRoom) -> None:
    (received,) = room.rows(room.receives(facts={"service": "childcare"}), "received")
    assert received.data["facts"] == {}
