"""Files that somebody adds to the form: looked at, sealed at once, and part of the report when it is sent."""

from __future__ import annotations

import base64
import io
import socketserver
import struct
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from services.chassis.settings import TOKEN_HEADER
from services.intake import attachments as looking
from services.intake import uploads as waiting
from services.intake.attachments import kind_of
from services.intake.models import attachments, uploads
from services.intake.scanning import answers
from services.intake.service import IntakeService
from tests.ground import world
from tests.intake.test_inner_doors import ours
from tests.intake.test_taking_mail import photograph
from tests.safeguarding.two_houses import TwoHouses, service

VOICE = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"A_OPUS" + bytes(100)


def add(houses: TwoHouses, content: bytes, name: str = "door%20%E2%9C%93.jpg") -> Any:
    return houses.reports.post("/uploads", data=content, headers={**ours(houses), "X-File-Name": name})


def token(houses: TwoHouses, content: bytes) -> str:
    answer = add(houses, content)
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["token"])


def hand_in(houses: TwoHouses, *tokens: str, key: str = "k") -> Any:
    report = world.a_report(files=list(tokens))
    return houses.reports.post("/reports", json=report, headers={**ours(houses), "Idempotency-Key": key})


def rows(houses: TwoHouses, table: Any) -> list[Any]:
    with houses.intake.db.reading() as conn:
        return list(conn.execute(select(table)).all())


def test_a_picture_goes_along_sealed_without_where_it_was_made_and_asks_for_a_person(houses: TwoHouses) -> None:
    answer = hand_in(houses, token(houses, photograph()))
    report_id = answer.get_json()["report_id"]
    assert rows(houses, uploads) == []
    ((kept,)) = rows(houses, attachments)
    assert kept.report_id == report_id and b"telephone" not in kept.content and not kept.scanned
    (fact,) = houses.said(houses.intake, "complaint_received")
    assert fact.body["not_words"] == ["picture"] and "door" not in str(fact.body)
    shown = houses.reports.get(f"/reports/{report_id}/came-along/{kept.id}", headers=ours(houses)).get_json()
    assert shown["name"] == "door ✓.jpg" and b"telephone" not in base64.b64decode(shown["content"])
    small = houses.reports.get(f"/reports/{report_id}/came-along/{kept.id}?as=picture", headers=ours(houses))
    assert Image.open(io.BytesIO(base64.b64decode(small.get_json()["content"]))).format == "JPEG"
    houses.carry()
    screened = [one.data for one in houses.ledger(report_id) if one.event == "screened"]
    assert [one["readable"] for one in screened] == [False]  # a person looks at it, on the short clock


def test_sent_twice_it_is_one_report_with_its_file(houses: TwoHouses) -> None:
    added = token(houses, photograph())
    assert hand_in(houses, added).get_json() == hand_in(houses, added).get_json()
    assert len(rows(houses, attachments)) == 1 and len(houses.said(houses.intake)) == 1


def test_a_file_that_is_gone_costs_nobody_their_report_and_somebody_asks_for_it(houses: TwoHouses) -> None:
    added = token(houses, photograph())
    houses.move(waiting.KEPT + timedelta(minutes=1))
    service(IntakeService, houses.intake).sweep()
    assert rows(houses, uploads) == []
    assert hand_in(houses, added).status_code == 201
    assert houses.said(houses.intake)[0].body["not_words"] == ["document"]


def test_a_file_is_added_to_what_is_said_later(houses: TwoHouses) -> None:
    report = houses.submit()
    said = {"code": report["receipt_code"], "words": "(Sent without words.)", "files": [token(houses, VOICE)]}
    path = f"/reports/{report['reference']}/words"
    assert houses.reports.post(path, json=said, headers=ours(houses)).status_code == 201
    ((kept,)) = rows(houses, attachments)
    assert (kept.report_id, kept.kind) == (report["report_id"], "audio/webm")
    assert houses.said(houses.intake, "words_received")[0].body["not_words"] == ["voice"]


def test_who_reads_the_table_reads_no_file_that_was_not_sent(houses: TwoHouses) -> None:
    added = token(houses, b"%PDF-1.7\n a secret")
    (row,) = rows(houses, uploads)
    assert b"secret" not in row.content and b"door" not in row.name and added not in str(row)


def test_what_is_taken_back_is_gone(houses: TwoHouses) -> None:
    added = token(houses, photograph())
    houses.reports.post("/uploads/drop", json={"tokens": [added]}, headers=ours(houses))
    assert rows(houses, uploads) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + bytes(200), "other_kind"),
        (photograph()[:200], "broken"),
        (b"\xff\xd8\xff\xe0" + bytes(looking.LARGEST), "too_large"),
    ],
)
def test_what_is_not_kept_is_refused_with_the_reason(houses: TwoHouses, content: bytes, why: str) -> None:
    answer = add(houses, content)
    assert answer.status_code in (413, 422) and (answer.status_code == 413 or why in answer.text)
    assert rows(houses, uploads) == []


def test_where_nobody_can_tell_what_a_file_is_words_are_taken_all_the_same(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.attachments.kind_of", lambda content: "")
    assert "untold" in add(houses, photograph()).text
    assert hand_in(houses).status_code == 201


def test_files_of_strangers_do_not_fill_the_disk(houses: TwoHouses, monkeypatch: pytest.MonkeyPatch) -> None:
    token(houses, VOICE)
    monkeypatch.setattr(waiting, "MOST_WAITING", len(VOICE))
    assert add(houses, VOICE).status_code == 503


@pytest.mark.parametrize("path", ["/uploads", "/uploads/drop"])
def test_only_the_portal_hands_files_over(houses: TwoHouses, path: str) -> None:
    assert houses.reports.post(path, data=b"x", headers={TOKEN_HEADER: "a guess"}).status_code == 404
    assert houses.reports.post("/reports", json=world.a_report(files=["x"])).status_code == 422


def test_a_voice_is_told_from_a_film_by_what_is_in_it() -> None:
    assert kind_of(VOICE) == "audio/webm"
    assert kind_of(VOICE.replace(b"A_OPUS", b"V_VP9 A_OPUS")) == "video/webm"


@pytest.fixture
def scanner() -> Iterator[str]:
    """A scanner that speaks as clamd does, and finds harm in whatever says so."""

    class Looks(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            read = b""
            while size := struct.unpack("!L", self.rfile.read(4))[0]:
                read += self.rfile.read(size)
            self.wfile.write(b"stream: Eicar FOUND\0" if b"harm" in read else b"stream: OK\0")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Looks) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_what_a_scanner_finds_is_refused_and_what_it_passes_says_so(houses: TwoHouses, scanner: str) -> None:
    houses.intake.settings = houses.intake.settings.having(scanner=scanner)
    assert "harmful" in add(houses, b"%PDF-1.7 harm").text
    hand_in(houses, token(houses, b"%PDF-1.7 fine"))
    assert [one.scanned for one in rows(houses, attachments)] == [True]


def test_a_scanner_that_is_away_refuses_nobody(houses: TwoHouses) -> None:
    houses.intake.settings = houses.intake.settings.having(scanner="127.0.0.1:9")
    assert not answers("127.0.0.1:9")
    hand_in(houses, token(houses, b"%PDF-1.7 fine"))
    assert [one.scanned for one in rows(houses, attachments)] == [False]
