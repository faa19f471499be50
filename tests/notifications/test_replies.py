"""What comes back to a text: a receipt, a failure, an answer; whoever sends it twice or pretends to be the carrier."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.chassis.errors import Unavailable
from services.chassis.signed import sign
from services.notifications import hearing, posting, replies
from services.notifications.doors import make_app
from services.notifications.models import messages
from tests.directory.neighbours import Neighbours
from tests.ground.carrier import SECRET, Carrier
from tests.notifications.post_office import CALL, CASE, LEAD, NUMBER, PostOffice, reachable, received, told

TOKEN = "what only Notify and we know"
TEXTED = "+447700900123"


class Doors:
    """The doors of the other services: what each was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.keys: set[str] = set()
        self.answers: dict[str, Any] = {"/replies": {"answer": "have"}, "/by-text": {}, "/reports": {}}

    def __call__(self, house: Any, service: str, path: str, body: Any, headers: Any = None) -> Any:
        answer = self.answers[path]
        if isinstance(answer, Exception):
            raise answer
        self.asked.append((service + path, dict(body)))
        self.keys.add((headers or {}).get("Idempotency-Key", ""))
        return answer


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> Doors:
    made = Doors()
    monkeypatch.setattr(replies, "_ask", made)
    return made


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Neighbours]:
    with Carrier() as carrier:
        made = Neighbours(
            tmp_path, "notifications", installation="live", smtp_url="smtp://mail.example", text_url=carrier.url,
            text_secret=SECRET, notify_token=TOKEN, inbox_home="quay-view",
        )  # fmt: skip
        made.change(reachable())
        yield made
        made.close()


@pytest.fixture
def door(live: Neighbours) -> FlaskClient:
    return make_app(live.house).test_client()


def tell(door: FlaskClient, secret: str = SECRET, **event: Any) -> Any:
    body = json.dumps(event).encode()
    return door.post("/hooks/texts", data=body, headers=sign(secret, body))


def called(live: Neighbours) -> str:
    """The lead was called by text; the message's id."""
    live.hear(hearing.ladders_called, "ladder_called", CALL)
    posting.send_due(live.house, PostOffice(live))
    with live.house.db.reading() as conn:
        return str(conn.scalars(select(messages.c.id)).one())


def test_a_receipt_is_noted_and_a_text_that_never_arrived_is_a_persons_task(
    live: Neighbours, door: FlaskClient
) -> None:
    text = called(live)
    assert [tell(door, event="delivered", id=text).get_json()["heard"] for _ in range(2)] == ["delivered", "known"]
    assert tell(door, event="failed", id=text).get_json()["heard"] == "known"  # it had arrived
    with live.house.db.reading() as conn:
        assert conn.scalars(select(messages.c.delivered_at)).one() is not None
    assert told(live) == [("sent", LEAD, "sms")]


def test_a_call_that_never_arrived_has_failed(live: Neighbours, door: FlaskClient) -> None:
    text = called(live)
    for _ in range(2):
        assert tell(door, event="failed", id=text).status_code == 200
    assert told(live) == [("failed", LEAD, "not_delivered")] and len(live.published("call_failed")) == 1


def test_somebody_on_call_answers_by_texting_back(live: Neighbours, door: FlaskClient, doors: Doors) -> None:
    called(live)
    assert tell(door, event="reply", reply_id="r1", **{"from": TEXTED}, text="4821").get_json() == {"heard": "have"}
    assert doors.asked == [("safeguarding/replies", {"people": [LEAD], "text": "4821"})]


def test_what_else_an_answer_says_is_not_lost(live: Neighbours, door: FlaskClient, doors: Doors) -> None:
    called(live)
    tell(door, event="reply", reply_id="r1", **{"from": NUMBER}, text="4821 am there, she is bleeding")
    assert [where for where, _ in doors.asked] == ["safeguarding/replies", "intake/by-text"]
    assert doors.asked[1][1] == {"report_id": CASE, "words": "4821 am there, she is bleeding", "sort": "note"}


def test_whoever_complained_and_texts_back_adds_to_their_report(
    live: Neighbours, door: FlaskClient, doors: Doors
) -> None:
    body = received(live, email="", phone="07700 900777")
    live.hear(hearing.complaints_received, "complaint_received", body)
    posting.send_due(live.house, PostOffice(live))
    for _ in range(2):
        said = {"from": "+447700900777", "text": "It is worse now", "reply_id": "r9"}
        assert tell(door, event="reply", **said).get_json() == {"heard": "words"}
    assert {str(one) for _, one in doors.asked} == {
        str({"report_id": CASE, "words": "It is worse now", "sort": "message"})
    }
    assert doors.keys == {"text/r9"}  # intake takes a key once


def test_a_text_that_answers_nothing_we_know_is_a_report(live: Neighbours, door: FlaskClient, doors: Doors) -> None:
    doors.answers["/by-text"] = None
    assert tell(door, event="reply", reply_id="r2", text="help me", **{"from": "HOME"}).get_json()["heard"] == "report"
    ((where, body),) = doors.asked
    assert where == "intake/reports" and (body["channel"], body["what_happened"]) == ("sms", "help me")
    assert body["home"] == live.house.who.home("quay-view")["id"]  # type: ignore[index]


def test_what_cannot_be_passed_on_now_is_told_again(live: Neighbours, door: FlaskClient, doors: Doors) -> None:
    called(live)
    doors.answers["/replies"] = Unavailable()
    assert tell(door, event="reply", reply_id="r1", text="4821", **{"from": TEXTED}).status_code == 503


def test_a_stranger_finds_no_door(live: Neighbours, door: FlaskClient, doors: Doors) -> None:
    assert tell(door, "another secret of some length", event="reply", text="4821").status_code == 404
    assert door.post("/hooks/texts", data=b"{}").status_code == 404
    assert door.post("/hooks/notify", json={}, headers={"Authorization": "Bearer wrong"}).status_code == 404
    live.house.settings = live.house.settings.having(text_secret="", notify_token="")
    assert tell(door, "", event="reply", text="4821").status_code == 404
    assert door.post("/hooks/notify", json={}, headers={"Authorization": "Bearer "}).status_code == 404
    assert doors.asked == []


def test_notify_tells_in_its_own_words(live: Neighbours, door: FlaskClient, doors: Doors) -> None:
    text = called(live)
    shown = {"Authorization": f"Bearer {TOKEN}"}
    inbound = {"id": "n1", "source_number": "447700900123", "message": "4821", "date_received": "2026-11-23T09:00:00Z"}
    assert door.post("/hooks/notify", json=inbound, headers=shown).get_json() == {"heard": "have"}
    receipt = {"id": "n2", "reference": text, "status": "delivered", "to": TEXTED}
    assert door.post("/hooks/notify", json=receipt, headers=shown).get_json() == {"heard": "delivered"}
