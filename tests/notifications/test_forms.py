"""A form of the safeguarding lead goes to the body it is for, and to nobody else's eyes."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from services.chassis.post import Undeliverable
from services.notifications import hearing, posting
from tests.directory.neighbours import NOW, PLACE, Neighbours, person
from tests.notifications.post_office import (
    ASSIGNED,
    CASE,
    GROUP,
    HANDLER,
    OPENING,
    SCREENED,
    PostOffice,
    advanced,
    outbox,
    sealed,
    told,
)

LEAD = person("imogen-ashdale")
PDF = b"%PDF-1.7 a referral"
LADO = "working_together.lado"


def handed_over(beside: Neighbours, seq: int = 9) -> dict[str, Any]:
    content = base64.b64encode(PDF).decode()
    document = sealed(beside, "safeguarding", "forms", name="H7K2-lado.pdf", kind="application/pdf", content=content)
    return {**PLACE, "report_id": CASE, "seq": seq, "form": LADO, "contact": "lado", "by": LEAD,
            "document": document, "at": NOW.isoformat()}  # fmt: skip


def verify(beside: Neighbours) -> None:
    add = {"do": "set_contact", "contact": "lado", "provider": None, "area": "Hampshire",
           "operator": PLACE["operator"], "email": "lado@hampshire.example", "verified_on": "2026-11-20"}  # fmt: skip
    beside.change(add)


def test_a_form_goes_out_as_an_attachment_once_and_the_record_hears_of_it(live: Neighbours) -> None:
    verify(live)
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))
    for _ in range(2):
        live.hear(hearing.forms_handed_over, "form_handed_over", handed_over(live))
    office = PostOffice(live)
    posting.send_due(live.house, office)
    (letter,) = [one for one in office.taken if one.attachments]
    assert letter.to == "lado@hampshire.example"
    assert [(one.name, one.kind, one.content) for one in letter.attachments] == [
        ("H7K2-lado.pdf", "application/pdf", PDF)
    ]
    (said,) = live.published("form_delivered")
    assert (said["report_id"], said["seq"], said["channel"]) == (CASE, 9, "email")
    assert not [one for one in live.published("message_sent") if one["whom"] == "lado"]
    assert [one["to"] for one in outbox(live, LEAD)] == ["the LADO of the area"]
    for other in (HANDLER, GROUP):
        assert "the LADO of the area" not in {one["to"] for one in outbox(live, other)}
    later = advanced(live, {**ASSIGNED, "seq": 5, "data": {"part": "decides", "person": GROUP}})
    live.hear(hearing.cases_advanced, "case_advanced", later)
    assert "the LADO of the area" in {one["to"] for one in outbox(live, LEAD)}
    assert "the LADO of the area" not in {one["to"] for one in outbox(live, GROUP)}


def test_a_form_that_nobody_takes_is_the_senders_task_and_stands_in_no_case(live: Neighbours) -> None:
    verify(live)
    live.hear(hearing.forms_handed_over, "form_handed_over", handed_over(live))
    office = PostOffice(live)
    office.fails = [Undeliverable("address_refused")]
    posting.send_due(live.house, office)
    (failed,) = live.published("form_failed")
    assert (failed["seq"], failed["why"]) == (9, "address_refused")
    posting.send_due(live.house, office)
    assert told(live)[-1] == ("sent", LEAD, "email")
    (task,) = [one for one in outbox(live, LEAD) if one["kind"] == "person"]
    assert "did not get through" in task["subject"] and f"/records/{CASE}" in task["text"]
    assert live.published("message_sent", "message_failed") == []


def test_at_night_a_call_to_a_body_outside_goes_to_the_areas_team_and_by_day_to_its_own_desk(live: Neighbours) -> None:
    verify(live)
    team = {"do": "set_contact", "contact": "out_of_hours", "provider": None, "area": "Hampshire"}
    team |= {"operator": PLACE["operator"], "email": "nights@hampshire.example", "verified_on": "2026-11-20"}
    live.change(team)
    call = {"alert_id": "a" * 32, "report_id": CASE, "person": None, "contact": "lado", "channels": ["email"],
            "priority": "urgent", "at": NOW.isoformat(), **PLACE}  # fmt: skip
    went = []
    for attempt, at in enumerate((NOW, NOW + timedelta(hours=14)), 1):
        live.move_clock(at)
        live.hear(hearing.ladders_called, "ladder_called", call | {"attempt": attempt})
        office = PostOffice(live)
        posting.send_due(live.house, office)
        went += [one.to for one in office.taken]
    assert went == ["lado@hampshire.example", "nights@hampshire.example"]
