"""An answer that tells somebody, a duty let go of which somebody must hear: a message each, never to a subject."""

from __future__ import annotations

import pytest

from services.notifications import hearing, showing
from tests.directory.neighbours import NOW, PLACE, Neighbours, person, row
from tests.notifications.post_office import (
    ASSIGNED,
    CALL,
    GROUP,
    HANDLER,
    LEAD,
    OPENING,
    SCREENED,
    SUBJECT,
    WORDS,
    advanced,
    outbox,
    received,
    sealed,
    told,
)

MANAGER = person("odette-marlingford")
BODIES = [{"kind": "contact", "key": "ofsted", "word": "ofsted"}]
SENIOR = {"kind": "person", "key": MANAGER, "word": "senior_manager"}


def hears(beside: Neighbours, *rows: dict[str, object]) -> None:
    beside.hear(hearing.cases_advanced, "case_advanced", advanced(beside, *OPENING, SCREENED, ASSIGNED, *rows))


@pytest.mark.clause("IOI-46")
def test_an_answer_that_tells_reaches_each_person_and_body_once_however_often_it_is_heard(trial: Neighbours) -> None:
    decided = row(5, "decided", stage="stage_1", by=HANDLER, decision="staff_outcome", answer="x", to=[SENIOR, *BODIES])
    for _ in range(2):
        hears(trial, decided)
    assert [whom for _, whom, _ in told(trial)] == [HANDLER, MANAGER, "ofsted"]
    (message,) = outbox(trial, MANAGER)
    assert "What follows for the member of staff?" in message["text"]
    events = [one["about"]["event"] for one in trial.published("message_sent")]
    assert events == ["assigned", "decided", "decided"]


@pytest.mark.clause("IOI-34")
def test_that_something_was_let_go_is_told_and_does_not_count_as_doing_it(trial: Neighbours) -> None:
    hears(trial, row(5, "duty_excused", stage="stage_2", by=HANDLER, duty="copy_to_named_staff", to=[SENIOR]))
    (message,) = outbox(trial, MANAGER)
    assert "allegations against them" in message["text"]
    about = trial.published("message_sent")[-1]["about"]
    assert about["event"] == "duty_excused" and "duty" not in about


@pytest.mark.clause("IOI-19")
def test_somebody_whom_it_is_about_by_now_is_not_told_of_what_was_decided(trial: Neighbours) -> None:
    named = row(5, "named", person=SUBJECT, identified=True, subject="s1", role=None, might_be=[])
    whom = {"kind": "person", "key": SUBJECT, "word": "senior_manager"}
    hears(trial, named, row(6, "decided", stage="stage_1", by=HANDLER, decision="staff_outcome", answer="x", to=[whom]))
    assert told(trial)[-1] == ("failed", SUBJECT, "person_is_kept_away") and outbox(trial, SUBJECT) == []


def test_the_complainant_is_told_that_there_is_something_new_and_no_more(trial: Neighbours) -> None:
    trial.hear(hearing.complaints_received, "complaint_received", received(trial))
    party = {"kind": "party", "key": "complainant", "word": "complainant"}
    hears(trial, row(5, "decided", stage="stage_1", by=HANDLER, decision="staff_outcome", answer="x", to=[party]))
    about = trial.published("message_sent")[-1]
    assert (about["whom"], about["about"]["event"]) == ("complainant", "decided")


def test_whoever_no_longer_looks_after_the_group_sees_the_messages_of_its_cases_no_more(trial: Neighbours) -> None:
    """They work on at the home; what was written to themselves stays theirs."""
    operator = person("maren-oakshott")
    hears(trial)
    assert outbox(trial, HANDLER) and showing.page(trial.house, operator, 1)["messages"]
    held = next(one for one in trial.house.who.entries("holding").values() if one["person"] == operator)
    there = {"provider": PLACE["provider"], "home": PLACE["home"]}
    trial.change({"do": "hold_role", "person": operator, "role": "team_manager", **there})
    trial.change({"do": "end_role", "id": held["id"], "until": NOW.isoformat()})
    over = {"kind": "holding", "id": held["id"], "data": {**held, "until": NOW.isoformat()}}
    with trial.house.working() as work:
        hearing.no_longer_viewers(work, [over])
    assert showing.page(trial.house, operator, 1)["messages"] == []
    assert showing.page(trial.house, HANDLER, 1)["messages"]


def test_a_report_that_is_heard_after_its_ledger_is_shown_to_whoever_works_on_it(trial: Neighbours) -> None:
    """Nothing is forgotten of what the ledger told, and whoever is called about it sees their own call."""
    hears(trial)
    trial.hear(hearing.ladders_called, "ladder_called", CALL)
    trial.hear(hearing.complaints_received, "complaint_received", received(trial))
    assert [one["kind"] for one in outbox(trial, HANDLER)].count("party") == 1
    assert [one["about"]["event"] for one in outbox(trial, LEAD)] == ["ladder_called"]
    party = {"kind": "party", "key": "complainant", "word": "complainant"}
    decided = row(5, "decided", stage="stage_1", by=HANDLER, decision="staff_outcome", answer="x", to=[party])
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, decided))
    assert [one["kind"] for one in outbox(trial, HANDLER)].count("party") == 2


def test_nobody_sees_a_receipt_before_the_screen(trial: Neighbours) -> None:
    trial.hear(hearing.complaints_received, "complaint_received", received(trial))
    assigned = row(3, "assigned", stage="stage_1", part="handles", person=HANDLER)
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, *OPENING, assigned))
    assert [one["kind"] for one in outbox(trial, HANDLER)] == ["person"]
    assert outbox(trial, GROUP) == []


def test_what_was_written_to_whoever_it_is_about_stays_theirs_whoever_works_on_the_case_next(trial: Neighbours) -> None:
    named = row(5, "named", person=SUBJECT, identified=True, subject="s1", role=None, might_be=[])
    about_them = {"seq": 6, "to": "named_person", "words": sealed(trial, "workflow", "letters", words=WORDS)}
    wrote = row(6, "letter_sent", stage="stage_1", to="named_person", letter="note")
    trial.hear(hearing.cases_advanced, "case_advanced",
               advanced(trial, *OPENING, SCREENED, ASSIGNED, named, wrote, letters=[about_them]))  # fmt: skip
    (theirs,) = outbox(trial, SUBJECT)
    assert "a letter for you" in theirs["text"]
    other = row(7, "assigned", stage="stage_1", part="handles", person=person("hollis-underbridge"))
    trial.hear(hearing.cases_advanced, "case_advanced", advanced(trial, other))
    assert [one["id"] for one in outbox(trial, SUBJECT)] == [theirs["id"]]
