"""Notifications: once each, in plain words, to the right person, never to the person complained about."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.chassis.errors import Unavailable
from services.chassis.migrations import differences
from services.chassis.post import Letter, Post
from services.notifications import hearing, mailbook, posting, showing
from services.notifications.models import messages, metadata
from tests.directory.neighbours import NOW, PLACE, Neighbours, person, row
from tests.notifications.post_office import (
    ASSIGNED,
    CASE,
    GROUP,
    HANDLER,
    OPENING,
    SCREENED,
    SUBJECT,
    PostOffice,
    advanced,
    outbox,
    received,
    sealed,
    told,
)


def test_the_migration_makes_what_the_models_say(trial: Neighbours) -> None:
    with trial.house.db.reading() as conn:
        assert differences(conn, metadata) == []


def test_a_trial_sends_nothing_and_counts_it_as_sent(trial: Neighbours) -> None:
    trial.hear(hearing.complaints_received, "complaint_received", received(trial))
    assert told(trial) == [("sent", "complainant", "trial")]


def test_the_same_fact_twice_is_one_message(trial: Neighbours) -> None:
    for _ in range(2):
        trial.hear(hearing.complaints_received, "complaint_received", received(trial))
        trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, *OPENING, SCREENED, ASSIGNED))
    assert [whom for _, whom, _ in told(trial)] == ["complainant", HANDLER]


def test_nobody_gets_a_receipt_who_cannot_be_reached(trial: Neighbours) -> None:
    body = received(trial) | {"contactable": False, "contact": None}
    trial.hear(hearing.complaints_received, "complaint_received", body)
    assert told(trial) == []


def test_rows_that_come_too_early_wait_for_the_ones_they_follow(trial: Neighbours) -> None:
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, SCREENED, ASSIGNED))
    assert told(trial) == []
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, *OPENING))
    assert told(trial) == [("sent", HANDLER, "trial")]


def test_handing_over_says_which_duty_it_meets(trial: Neighbours) -> None:
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, *OPENING, SCREENED, ASSIGNED))
    about = trial.published("message_sent")[0]["about"]
    assert about["duty"] == "copy_to_manager"
    assert (about["case_id"], about["stage"], about["event"]) == (CASE, "stage_1", "assigned")


def test_the_person_complained_about_is_never_told_whoever_asks_for_it(trial: Neighbours) -> None:
    named = row(3, "named", person=SUBJECT, identified=True, subject="s1", role=None, might_be=[])
    late = row(4, "escalated", stage="stage_1", duty="acknowledge", key="acknowledge", step=0, due="2026-11-25",
               to=[{"kind": "person", "key": one, "word": "handler"} for one in (SUBJECT, HANDLER)])  # fmt: skip
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, *OPENING, named, late))
    assert told(trial) == [("failed", SUBJECT, "person_is_kept_away"), ("sent", HANDLER, "trial")]
    assert outbox(trial, SUBJECT) == []


def test_whoever_the_words_could_mean_is_kept_away_until_it_is_known(trial: Neighbours) -> None:
    might = row(3, "named", person=None, identified=False, subject="s1", role=None, might_be=[SUBJECT, HANDLER])
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, *OPENING, might, row(4, "screened"),
               row(5, "assigned", stage="stage_1", part="handles", person=HANDLER)))  # fmt: skip
    assert told(trial) == [("failed", HANDLER, "person_is_kept_away")]
    assert outbox(trial, GROUP) == []
    known = row(6, "named", person=SUBJECT, identified=True, subject="s1", role=None, might_be=[])
    again = row(7, "assigned", stage="stage_1", part="handles", person=HANDLER)
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, known, again))
    assert told(trial)[-1] == ("sent", HANDLER, "trial")
    assert len(outbox(trial, GROUP)) == 2
    assert outbox(trial, SUBJECT) == []


def test_somebody_who_turns_out_to_be_the_subject_sees_none_of_it_any_more(trial: Neighbours) -> None:
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, *OPENING, SCREENED, ASSIGNED))
    assert len(outbox(trial, HANDLER)) == 1
    late = row(5, "named", person=HANDLER, identified=True, subject="s1", role=None, might_be=[])
    gone = row(6, "stood_down", part="handles", person=HANDLER, why="the complaint is about them")
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, late, gone))
    assert outbox(trial, HANDLER) == []
    assert len(outbox(trial, GROUP)) == 1


def test_nobody_of_another_operator_sees_a_message(trial: Neighbours) -> None:
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, *OPENING, SCREENED, ASSIGNED))
    assert outbox(trial, person("hollis-underbridge", "northgate-council-care")) == []


def test_an_answer_holds_the_handlers_words_the_way_on_and_who_is_outside(trial: Neighbours) -> None:
    trial.hear(hearing.complaints_received, "complaint_received", received(trial))
    words = sealed(trial, "workflow", "letters", words="The machine was mended on Tuesday.")
    responded = row(5, "responded", stage="stage_1", by=HANDLER, findings={"head_1": "upheld"})
    letter = {"seq": 5, "to": "complainant", "words": words}
    body = advanced(trial, *OPENING, SCREENED, ASSIGNED, responded, letters=[letter])
    trial.hear(hearing.cases_advanced, "case_advanced", body)
    (shown,) = showing.letters(trial.house, CASE)
    assert "The machine was mended on Tuesday." in shown["text"]
    assert "Stage 2" in shown["text"]
    assert "Ofsted" in shown["text"]
    assert "Childline" in shown["text"]
    assert "mended" not in str(trial.published("message_sent"))


def test_words_stand_as_ciphertext_and_are_gone_when_the_key_is_destroyed(trial: Neighbours, tmp_path: Path) -> None:
    words = sealed(trial, "workflow", "letters", words="The machine was mended on Tuesday.")
    body = advanced(trial, *OPENING, row(3, "acknowledged", stage="stage_1"),
                    letters=[{"seq": 3, "to": "complainant", "words": words}])  # fmt: skip
    trial.hear(hearing.cases_advanced, "case_advanced", body)
    assert all(b"mended" not in file.read_bytes() for file in tmp_path.glob("notifications.db*"))
    assert "mended" in showing.letters(trial.house, CASE)[0]["text"]
    with trial.house.db.writing() as conn:
        trial.house.vault.erase(conn, CASE, NOW)
    assert "erased" in showing.letters(trial.house, CASE)[0]["text"]


def test_a_fact_said_again_takes_a_case_back_to_no_older_version(trial: Neighbours) -> None:
    newer = trial.house.procedures.get("infinity_alliance").version
    first = advanced(trial, *OPENING)
    trial.hear(hearing.cases_advanced, "case_advanced", first)
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, SCREENED) | {"procedure_version": newer})
    trial.hear(hearing.cases_advanced, "case_advanced", first)
    with trial.house.db.reading() as conn:
        assert mailbook.known(conn, [CASE])[CASE].procedure_version == newer


def test_an_attempt_that_was_made_anew_and_calls_somebody_else_is_another_call(trial: Neighbours) -> None:
    """As when safeguarding's last commits were lost, and somebody else is on duty by now."""
    call = {**PLACE, "alert_id": "f" * 32, "report_id": CASE, "attempt": 2, "person": HANDLER, "priority": "urgent",
            "channels": ["email"], "at": NOW.isoformat()}  # fmt: skip
    for whom in (HANDLER, HANDLER, GROUP):
        trial.hear(hearing.ladders_called, "ladder_called", call | {"person": whom})
    with trial.house.db.reading() as conn:
        assert sorted(conn.execute(select(messages.c.whom)).scalars()) == sorted((HANDLER, GROUP))


def test_a_call_links_to_the_alert_for_the_one_who_is_called(trial: Neighbours) -> None:
    lead = person("imogen-ashdale")
    call = {**PLACE, "alert_id": "a" * 32, "report_id": CASE, "attempt": 1, "person": lead, "priority": "now",
            "channels": ["email"], "at": NOW.isoformat()}  # fmt: skip
    outside = call | {"attempt": 2, "person": None, "contact": "safeguarding_partnership"}
    trial.hear(hearing.ladders_called, "ladder_called", call, outside, call)
    assert [whom for _, whom, _ in told(trial)] == [lead, "safeguarding_partnership"]
    assert [(one["alert_id"], one["attempt"]) for one in trial.published("call_sent")] == [("a" * 32, 1), ("a" * 32, 2)]
    assert trial.published("message_sent") == []  # no case knows of it
    (mine,) = outbox(trial, lead)
    assert mine["subject"] == "Heard: something needs you now"
    assert f"/a/{'a' * 32}/" in mine["text"]
    assert outbox(trial, GROUP) == []


def test_live_only_a_verified_address_is_written_to_and_a_named_person_sees_to_the_rest(live: Neighbours) -> None:
    live.change({"do": "add_person", "id": person("tobias-fennimore"), "operator": PLACE["operator"],
                 "name": "Tobias Fennimore", "email": "tobias@tidewater.example", "verified": False})  # fmt: skip
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))
    office = PostOffice(live)
    assert posting.send_due(live.house, office) == 1
    assert told(live) == [("failed", HANDLER, "unverified_contact")]
    assert posting.send_due(live.house, office) == 1
    assert [letter.to for letter in office.taken] == ["maren-oakshott@tidewater-homes.example"]
    assert "unverified contact" in office.taken[0].body
    assert told(live)[-1] == ("sent", GROUP, "email")


def test_live_a_complainants_letter_stays_behind_the_code_and_a_notice_goes_out(live: Neighbours) -> None:
    live.hear(hearing.complaints_received, "complaint_received", received(live))
    letter = {"seq": 3, "to": "complainant", "words": sealed(live, "workflow", "letters", words="It was mended.")}
    body = advanced(live, *OPENING, row(3, "acknowledged", stage="stage_1"), letters=[letter])
    live.hear(hearing.cases_advanced, "case_advanced", body)
    office = PostOffice(live)
    assert posting.send_due(live.house, office) == 2
    assert {one.to for one in office.taken} == {"robin@averill.example"}
    assert not any("mended" in one.body or one.narrative for one in office.taken)
    assert "mended" in showing.letters(live.house, CASE)[0]["text"]


def test_a_letter_for_a_young_person_never_reaches_a_neighbour_who_complained_about_them(live: Neighbours) -> None:
    live.hear(hearing.complaints_received, "complaint_received", {**received(live), "complainant": "public"})
    post = PostOffice(live)
    posting.send_due(live.house, post)
    post.taken.clear()
    opening = row(1, "received", kind="complaint", complainant="public")
    tell = row(5, "told", stage="stage_1", duty="ask_consent", whom="young_person", channel="letter")
    letter = {"seq": 5, "to": "young_person", "words": sealed(live, "workflow", "letters", words="For Kit alone.")}
    rows = (opening, OPENING[1], SCREENED, ASSIGNED, tell)
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *rows, letters=[letter]))
    while posting.send_due(live.house, post):
        continue
    assert ("failed", "young_person", "no_address") in told(live)  # so somebody must tell them in person
    assert "For Kit alone" not in str(showing.letters(live.house, CASE)) + str(post.taken)
    assert any("did not get through" in one["subject"] for one in outbox(live, HANDLER))


def test_a_young_person_who_was_told_in_person_is_not_written_to_as_well(trial: Neighbours) -> None:
    opening = row(1, "received", kind="complaint", complainant="public")
    tell = row(5, "told", stage="stage_1", duty="ask_consent", whom="young_person", channel="in_person")
    letter = {"seq": 5, "to": "young_person", "words": sealed(trial, "workflow", "letters", words="For Kit alone.")}
    rows = (opening, OPENING[1], SCREENED, ASSIGNED, tell)
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, *rows, letters=[letter]))
    assert "young_person" not in {whom for _, whom, _ in told(trial)}


def test_a_letter_in_a_linked_case_is_handed_over_by_somebody_for_there_is_no_page_to_read_it_on(
    live: Neighbours,
) -> None:
    opening = row(1, "received", kind="linked_case", linked="behaviour", complainant="affected_person")
    letter = {"seq": 5, "to": "complainant", "words": sealed(live, "workflow", "letters", words="Our answer.")}
    answer = row(5, "responded", stage="stage_1", findings={})
    rows = (opening, OPENING[1], SCREENED, ASSIGNED, answer)
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *rows, letters=[letter]))
    post = PostOffice(live)
    while posting.send_due(live.house, post):
        continue
    assert ("failed", "complainant", "no_address") in told(live)


def test_who_asked_to_be_reached_in_a_safe_way_is_reached_in_no_other(live: Neighbours) -> None:
    body = received(live, safe_contact="Ring my aunt, not me")
    live.hear(hearing.complaints_received, "complaint_received", body)
    office = PostOffice(live)
    posting.send_due(live.house, office)
    assert office.taken == []
    assert told(live) == [("sent", "complainant", "follow_page")]


def test_a_mail_server_that_does_not_answer_is_tried_again(live: Neighbours) -> None:
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))
    office = PostOffice(live)
    office.fails = [Unavailable()]
    assert posting.send_due(live.house, office) == 1
    assert posting.send_due(live.house, office) == 0
    live.move_clock(NOW + timedelta(minutes=2))
    assert posting.send_due(live.house, office) == 1
    assert told(live) == [("sent", HANDLER, "email")]


def test_a_message_that_the_mail_server_never_takes_is_given_up_after_a_day(live: Neighbours) -> None:
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))
    live.move_clock(NOW + timedelta(hours=25))
    office = PostOffice(live)
    office.fails = [Unavailable()]
    posting.send_due(live.house, office)
    assert told(live) == [("failed", HANDLER, "no_answer_from_the_carrier")]


def test_a_message_whose_sender_was_killed_is_sent_by_another_with_the_same_name(live: Neighbours) -> None:
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))

    class Killed(BaseException):
        pass

    class Dying(PostOffice):
        def send(self, letter: Letter) -> Any:
            self.taken.append(letter)
            raise Killed

    dying, office = Dying(live), PostOffice(live)
    with pytest.raises(Killed):
        posting.send_due(live.house, dying)
    assert posting.send_due(live.house, office) == 0
    live.move_clock(NOW + timedelta(minutes=6))
    assert posting.send_due(live.house, office) == 1
    assert dying.taken[0].key == office.taken[0].key


def test_the_mail_server_itself_is_asked_and_its_refusal_is_a_persons_task(
    live: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Server:
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            raise smtplib.SMTPRecipientsRefused({"tobias": (550, b"no such box")})

    monkeypatch.setattr("services.chassis.post._Remembers", Server)
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))
    posting.send_due(live.house, Post(live.settings))
    assert told(live) == [("failed", HANDLER, "address_refused")]
    with live.house.db.reading() as conn:
        assert mailbook.counts(conn) == {"failed": 1, "waiting": 1}


def test_a_call_about_an_alert_waits_behind_nothing_else(live: Neighbours) -> None:
    live.hear(hearing.complaints_received, "complaint_received", received(live))
    lead = person("imogen-ashdale")
    call = {**PLACE, "alert_id": "a" * 32, "report_id": CASE, "attempt": 1, "person": lead, "contact": None,
            "priority": "urgent", "channels": ["email"], "at": NOW.isoformat()}  # fmt: skip
    live.hear(hearing.ladders_called, "ladder_called", call)
    office = PostOffice(live)
    assert posting.send_due(live.house, office, calls=True) == 1
    assert [letter.subject for letter in office.taken] == ["Heard: something needs you now"]
    assert posting.send_due(live.house, office, calls=True) == 0
    assert posting.send_due(live.house, office, calls=False) == 1
