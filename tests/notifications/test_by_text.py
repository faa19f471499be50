"""Messages that go by text: to whom, saying what, tried how often, and given up when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.directory import desk
from services.notifications import hearing, posting
from services.notifications.models import messages
from tests.directory.neighbours import NOW, Neighbours, row
from tests.ground.carrier import Carrier
from tests.notifications.post_office import (
    ASSIGNED,
    CALL,
    HANDLER,
    LEAD,
    NUMBER,
    OPENING,
    SCREENED,
    PostOffice,
    advanced,
    outbox,
    reachable,
    received,
    told,
)


@pytest.fixture
def live(by_text: Neighbours) -> Neighbours:
    by_text.change(reachable(email="imogen@tidewater.example"))
    return by_text


def test_somebody_on_call_is_called_by_e_mail_and_by_text(live: Neighbours, carrier: Carrier) -> None:
    live.hear(hearing.ladders_called, "ladder_called", CALL, CALL)
    office = PostOffice(live)
    assert posting.send_due(live.house, office) == 2
    ((key, text),) = carrier.texts.items()
    assert text["to"] == "+447700900123" and f"/a/{'a' * 32}/" in text["text"] and len(office.taken) == 1
    assert not any(word in text["text"] for word in ("Harbour", "Imogen", "child"))
    assert sorted(one["channel"] for one in live.published("call_sent")) == ["email", "sms"]
    with live.house.db.reading() as conn:
        kept = conn.execute(select(messages).where(messages.c.channel == "sms")).one()
    assert (kept.id, kept.reference) == (key, f"their-{key}") and NUMBER not in str(kept)


def test_a_trial_keeps_the_text_where_it_can_be_read(live: Neighbours, carrier: Carrier) -> None:
    trial = live.house.settings.having(installation="trial")
    live.house.settings = trial
    live.hear(hearing.ladders_called, "ladder_called", CALL)
    assert {one["subject"] for one in outbox(live, LEAD)} == {
        "Heard: something needs you now", "A text: something needs you now",
    }  # fmt: skip
    assert posting.send_due(live.house, PostOffice(live)) == 0 and carrier.asked == []


def test_a_busy_gateway_is_tried_again_when_it_wants_and_a_refusal_is_told(live: Neighbours, carrier: Carrier) -> None:
    live.hear(hearing.ladders_called, "ladder_called", CALL)
    office = PostOffice(live)
    carrier.answers = [(500, {}), (429, {"Retry-After": "400"}), (422, {})]
    posting.send_due(live.house, office)
    live.move_clock(NOW + timedelta(minutes=1))
    assert posting.send_due(live.house, office) == 1
    live.move_clock(NOW + timedelta(minutes=7))
    assert posting.send_due(live.house, office) == 0  # our own pause is over, theirs is not
    live.move_clock(NOW + timedelta(minutes=8))
    assert posting.send_due(live.house, office) == 1
    assert told(live) == [("sent", LEAD, "email"), ("failed", LEAD, "number_refused")]
    (failed,) = live.published("call_failed")
    assert failed["goes_on"] and failed["why"] == "number_refused"  # the e-mail stands: nobody else is called for that


def test_a_call_that_gets_through_in_no_way_is_passed_on(live: Neighbours, carrier: Carrier) -> None:
    live.change(reachable())
    live.hear(hearing.ladders_called, "ladder_called", CALL)
    carrier.answers = [(422, {})]
    assert posting.send_due(live.house, PostOffice(live)) == 1
    assert [one["goes_on"] for one in live.published("call_failed")] == [False]


def test_who_died_after_handing_a_text_over_sends_it_again_under_the_same_name(
    live: Neighbours, carrier: Carrier
) -> None:
    live.change(reachable())
    live.hear(hearing.ladders_called, "ladder_called", CALL)
    carrier.loses_its_answer = 1
    posting.send_due(live.house, PostOffice(live))
    assert told(live) == []
    live.move_clock(NOW + timedelta(minutes=2))
    posting.send_due(live.house, PostOffice(live))
    assert told(live) == [("sent", LEAD, "sms")] and len(carrier.texts) == 1 and len(carrier.asked) == 2


@pytest.mark.parametrize(
    ("given", "by"),
    [
        ({"email": "", "phone": NUMBER}, "sms"),
        ({"safe_contact": "Only by text.", "phone": NUMBER}, "sms"),
        ({"safe_contact": "07700 900456", "phone": NUMBER}, "sms"),
        ({"safe_contact": "aunt@example.org", "phone": NUMBER}, "email"),
        ({"safe_contact": "only by text"}, "follow_page"),
        ({"safe_contact": "Do not write to my address", "phone": NUMBER}, "follow_page"),
        ({"safe_contact": "never phone, text is fine", "phone": NUMBER}, "follow_page"),
        ({"email": "", "phone": "01632 960001"}, "follow_page"),
    ],
)
def test_whoever_complained_is_reached_as_they_asked(
    live: Neighbours, carrier: Carrier, given: dict[str, str], by: str
) -> None:
    live.hear(hearing.complaints_received, "complaint_received", received(live, **given))
    posting.send_due(live.house, PostOffice(live))
    assert told(live) == [("sent", "complainant", by)]
    assert all("Averill" not in one["text"] and "Harbour" not in one["text"] for one in carrier.texts.values())


LATE = row(5, "escalated", stage="stage_1", duty="acknowledge", key="acknowledge", step=0, due="2026-11-25",
           to=[{"kind": "person", "key": HANDLER, "word": "handler"}])  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "by"), [(None, "email"), ("email", "email"), ("text", "sms"), ("portal", "portal")]
)
def test_what_can_wait_reaches_whoever_works_here_as_they_chose_and_what_is_late_by_mail_too(
    live: Neighbours, carrier: Carrier, chosen: str | None, by: str
) -> None:
    desk.set_password(live.directory, HANDLER, "tobias@tidewater.example", "a long enough password")
    live.change(
        reachable(id=HANDLER, name="Tobias Fennimore", email="tobias@tidewater.example"),
        {"do": "reach", "id": HANDLER, "routine_way": chosen},
    )
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))
    posting.send_due(live.house, PostOffice(live))
    assert told(live) == [("sent", HANDLER, by)]
    assert [one["channel"] for one in live.published("message_sent")] == [by]
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, LATE))
    posting.send_due(live.house, PostOffice(live))
    assert told(live)[1] == ("sent", HANDLER, "email")


@pytest.mark.parametrize(("chosen", "first"), [("email", "email"), ("text", "sms"), ("call", None), (None, None)])
def test_a_call_goes_in_every_way_at_night_too_and_a_choice_says_which_is_first(
    live: Neighbours, carrier: Carrier, chosen: str | None, first: str | None
) -> None:
    live.change({"do": "reach", "id": LEAD, "alert_way": chosen, "routine_way": "text"})
    live.move_clock(NOW.replace(hour=2))
    live.hear(hearing.ladders_called, "ladder_called", CALL)
    posting.send_due(live.house, PostOffice(live))
    went = [one["channel"] for one in live.published("call_sent")]
    assert sorted(went) == ["email", "sms"] and went[0] == (first or went[0])
