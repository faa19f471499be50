"""Intake's doors for the other services: closed to everybody else."""

from __future__ import annotations

import base64

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.chassis.settings import TOKEN_HEADER
from services.intake.models import attachments
from tests.ground.imap import Mailroom
from tests.intake.test_taking_mail import mail, photograph, read_mailbox, room
from tests.safeguarding.two_houses import TwoHouses

__all__ = ["room"]


def ours(houses: TwoHouses) -> dict[str, str]:
    return {TOKEN_HEADER: houses.intake.settings.internal_token}


def test_words_that_came_by_text_are_added_once(houses: TwoHouses) -> None:
    report = houses.submit()
    said = {"report_id": report["report_id"], "words": "It is worse now", "sort": "message"}
    for _ in range(2):
        shown = {**ours(houses), "Idempotency-Key": "text/r9"}
        assert houses.reports.post("/by-text", json=said, headers=shown).status_code == 201
    assert [one.name for one in houses.said(houses.intake)] == ["complaint_received", "words_received"]
    unknown = houses.reports.post("/by-text", json={**said, "report_id": "0" * 32}, headers=ours(houses))
    assert unknown.status_code == 404
    assert houses.reports.post("/by-text", json={}, headers=ours(houses)).status_code == 422


def test_what_came_along_is_shown_to_our_own_services_and_gone_when_the_words_are_erased(
    houses: TwoHouses, room: Mailroom
) -> None:
    letter = mail()
    letter.add_attachment(photograph(), maintype="image", subtype="jpeg", filename="bruise.jpg")
    room.put(letter.as_bytes())
    read_mailbox(houses.intake)
    with houses.intake.db.reading() as conn:
        row = conn.execute(select(attachments)).one()
    listed = f"/reports/{row.report_id}/came-along"
    (told,) = houses.reports.get(listed, headers=ours(houses)).get_json()["attachments"]
    assert (told["name"], told["kind"]) == ("bruise.jpg", "image/jpeg") and "content" not in told
    one = houses.reports.get(f"{listed}/{told['id']}", headers=ours(houses)).get_json()
    assert base64.b64decode(one["content"]).startswith(b"\xff\xd8")
    with houses.intake.db.writing() as conn:
        houses.intake.vault.erase(conn, row.report_id, houses.now)
    (told,) = houses.reports.get(listed, headers=ours(houses)).get_json()["attachments"]
    assert told["name"] is None


@pytest.mark.parametrize("path", ["/by-text", "/reports/x/came-along", "/reports/x/came-along/y"])
def test_a_stranger_finds_no_door(houses: TwoHouses, path: str) -> None:
    ask: FlaskClient = houses.reports
    for shown in ({}, {TOKEN_HEADER: "a guess"}):
        answer = ask.post(path, json={}, headers=shown) if path == "/by-text" else ask.get(path, headers=shown)
        assert answer.status_code == 404
