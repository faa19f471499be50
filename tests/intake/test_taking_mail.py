"""The mailbox as a way in: whatever lies in it is taken once, by whoever it is meant for, and nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from heard.events import read_fact
from services.chassis.errors import Unavailable
from services.intake.attachments import kind_of, sort_out
from services.intake.mailbox import Mailbox
from services.intake.models import attachments, mails
from services.intake.reading_mail import Part, read
from services.intake.taking_mail import read_mailbox
from tests.ground.imap import Mailroom
from tests.ground.ports import free_port
from tests.safeguarding.two_houses import TwoHouses

OURS, SENT = "heard@home.example", "f" * 32
LEFT = {"email": "robin@averill.example", "name": "Robin Averill"}


@pytest.fixture
def room(houses: TwoHouses) -> Iterator[Mailroom]:
    """A mailbox that intake reads; what names no home is for Quay View."""
    with Mailroom() as made:
        houses.intake.settings = houses.intake.settings.having(
            imap_url=made.url, inbox_home="quay-view", mail_from=OURS
        )
        yield made


def mail(text: str | None = "The heating is broken again.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {"From": "Robin Averill <robin@averill.example>", "To": "harbour-house@home.example", "Subject": "Cold",
             "Message_ID": "<one@averill.example>"} | headers  # fmt: skip
    for name, said in given.items():
        made[name.replace("_", "-")] = said
    if text is not None:
        made.set_content(text)
    return made


def take(houses: TwoHouses, room: Mailroom, *letters: EmailMessage | bytes) -> None:
    for one in letters:
        room.put(one if isinstance(one, bytes) else one.as_bytes())
    read_mailbox(houses.intake)
    assert room.seen == set(room.mails)


def told(houses: TwoHouses) -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """What intake announced of what people said: (fact, body, words)."""
    facts = [one for one in houses.said(houses.intake) if one.name in ("complaint_received", "words_received")]
    opened = houses.safeguarding.vault.open_envelope
    return [(one.name, one.body, opened(read_fact(one.name, one.body)["words"])) for one in facts]


def sorts(houses: TwoHouses) -> list[str]:
    with houses.intake.db.reading() as conn:
        return sorted(conn.scalars(select(mails.c.sort)))


def test_a_mail_is_a_report_at_the_home_it_was_written_to(houses: TwoHouses, room: Mailroom) -> None:
    take(houses, room, mail())
    ((fact, body, words),) = told(houses)
    assert (fact, body["channel"], body["contactable"]) == ("complaint_received", "email", True)
    assert words["what_happened"] == "Subject: Cold\n\nThe heating is broken again."
    assert body["home"] == houses.intake.who.home("harbour-house")["id"]  # type: ignore[index]
    assert "heating" not in str(body) and "averill" not in str(body)


@pytest.mark.parametrize(
    ("to", "home"),
    [
        ("tell+harbour-house@x.example", "harbour-house"),
        ("HARBOUR-HOUSE@x.example", "harbour-house"),
        ("us@x.example", "quay-view"),
    ],
)
def test_what_names_no_home_has_one_all_the_same(houses: TwoHouses, room: Mailroom, to: str, home: str) -> None:
    take(houses, room, mail(To=to))
    assert told(houses)[0][1]["home"] == houses.intake.who.home(home)["id"]  # type: ignore[index]


def test_a_mail_is_taken_once_however_often_it_is_fetched(houses: TwoHouses, room: Mailroom) -> None:
    room.dies_before_marking = 1
    room.put(mail().as_bytes())
    with pytest.raises(Unavailable):
        read_mailbox(houses.intake)
    take(houses, room, mail())  # the same letter a second time, as some servers deliver it
    assert len(told(houses)) == 1 and len(room.fetched) == 3


def test_a_mailbox_that_does_not_answer_or_let_us_in_is_tried_again(
    room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unavailable), Mailbox(room.url.replace("open", "shut")):
        pass
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("services.intake.mailbox._HERE", ())
        with pytest.raises(Unavailable, match="no encryption"), Mailbox(room.url):
            pass
    gone = room.url.rpartition(":")[0] + f":{free_port()}"
    with pytest.raises(Unavailable), Mailbox(gone):
        pass
    with Mailbox(room.url) as box:
        assert box.waiting() == []


def test_an_answer_with_the_reference_goes_to_its_report_if_its_writer_is_known(
    houses: TwoHouses, room: Mailroom
) -> None:
    report = houses.submit(complainant=LEFT)
    said = f"Re: {report['reference'].lower()}"
    take(
        houses, room, mail("It is worse now.", Subject=said),
        mail("It is worse now.", Subject=said, From="somebody@else.example", Message_ID="<two@x>"),
        mail(f"My code: {report['receipt_code']}", Subject=said, From="a@b.example", Message_ID="<three@x>"),
    )  # fmt: skip
    assert [(fact, body["report_id"] == report["report_id"]) for fact, body, _ in told(houses)] == [
        ("complaint_received", True), ("words_received", True), ("complaint_received", False), ("words_received", True),
    ]  # fmt: skip


def returned(action: str, status: str) -> bytes:
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nSubject: Undelivered\r\nMessage-ID: <dsn@mx>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nWe are sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; x@y.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{SENT}@home.example>\r\n\r\n--b--\r\n"
    ).encode()


AWAY = {"Auto_Submitted": "auto-replied", "In_Reply_To": f"<{SENT}@home.example>"}


@pytest.mark.parametrize(
    ("letter", "sort", "announced"),
    [
        (returned("failed", "5.1.1"), "returned", [(SENT, "returned", "5.1.1")]),
        (returned("delayed", "4.4.1"), "delayed", []),
        (mail("I am on leave.", **AWAY).as_bytes(), "away", [(SENT, "away", "")]),
        (mail("On leave.", **AWAY | {"Auto_Submitted": "auto-generated"}).as_bytes(), "away", [(SENT, "away", "")]),
        (mail("News!", List_Id="<news.example>").as_bytes(), "list", []),
        (mail("Round and round", From=OURS).as_bytes(), "own", []),
    ],
)  # fmt: skip
def test_what_a_machine_answers_is_no_report(
    houses: TwoHouses, room: Mailroom, letter: bytes, sort: str, announced: list[tuple[str, str, str]]
) -> None:
    take(houses, room, letter)
    assert sorts(houses) == [sort] and told(houses) == []
    said = houses.said(houses.intake, "mail_returned")
    assert [(one.body["message_id"], one.body["sort"], one.body["code"]) for one in said] == announced


def test_a_form_that_mails_by_itself_and_answers_nothing_of_ours_is_somebody_telling_us(
    houses: TwoHouses, room: Mailroom
) -> None:
    take(houses, room, mail(Auto_Submitted="auto-generated"))
    assert sorts(houses) == ["told"] and len(told(houses)) == 1


ODD = {
    "a character set that there is not": b"Content-Type: text/plain; charset=odd\r\n\r\nHe hit me \xe2\x80\x93 twice",
    "another one than it says": b"Content-Type: text/plain; charset=us-ascii\r\n\r\nHe hit me \x96 twice",
    "HTML alone": b"Content-Type: text/html\r\n\r\n<style>p{}</style><p>He hit me <b>twice</b></p><script>x()</script>",
    "bare headers": b"Subject: =?utf-8?B?SGUgaGl0IG1l?= \xe2\x80\x93 twice\r\n\r\n",
    "no headers at all": b"\r\n\r\nHe hit me \xe2\x80\x93 twice",
}  # fmt: skip


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD.keys())
def test_words_are_read_however_they_are_written(houses: TwoHouses, room: Mailroom, raw: bytes) -> None:
    take(houses, room, raw)
    said = told(houses)[0][2]["what_happened"]
    assert "He hit me" in said and "twice" in said and "x()" not in said and "p{}" not in said


def test_a_mail_that_breaks_the_reader_goes_to_a_person_with_the_mail_itself(
    houses: TwoHouses, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: Any) -> None:
        raise IndexError

    monkeypatch.setattr("services.intake.taking_mail.read", breaks)
    take(houses, room, mail())
    ((_, body, words),) = told(houses)
    assert "could not read" in words["what_happened"] and body["not_words"] == ["document"]
    assert [kind for kind, _ in kept(houses)] == ["message/rfc822"] and sorts(houses) == ["unread"]


def test_a_very_long_mail_is_kept_to_its_last_word(houses: TwoHouses, room: Mailroom) -> None:
    take(houses, room, mail("word " * 9000 + "the end"))
    facts = told(houses)
    assert [fact for fact, _, _ in facts] == ["complaint_received", "words_received", "words_received"]
    assert next(iter(facts[-1][2].values())).endswith("the end")


def test_a_mail_that_is_far_too_large_is_read_at_its_beginning_and_a_person_is_told(
    houses: TwoHouses, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.mailbox.LARGEST", 1000)
    take(houses, room, mail("He hit me. " * 200))
    ((_, body, words),) = told(houses)
    assert "too large" in words["what_happened"] and "He hit me." in words["what_happened"]
    assert body["not_words"] == ["document"]


def kept(houses: TwoHouses) -> list[tuple[str, bytes]]:
    """What is kept of what came along: (kind, content), opened."""
    with houses.intake.db.reading() as conn:
        rows = conn.execute(select(attachments).order_by(attachments.c.kind)).all()
        keys = houses.intake.vault.keys(conn, {(row.report_id, "words") for row in rows})
    return [
        (row.kind, keys[row.report_id, "words"].open_bytes(row.content, f"attachments/{row.id}/content"))
        for row in rows
    ]


def photograph() -> bytes:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "a telephone that says where it was"
    Image.new("RGB", (60, 40), "navy").save(made, "JPEG", exif=exif)
    return made.getvalue()


def test_what_comes_along_is_known_by_its_content_and_kept_sealed(houses: TwoHouses, room: Mailroom) -> None:
    letter = mail()
    letter.add_attachment(photograph(), maintype="image", subtype="jpeg", filename="C:\\pictures\\bruise.jpg")
    letter.add_attachment(b"MZ\x90\x00" + bytes(200), maintype="image", subtype="png", filename="harmless.png")
    letter.add_attachment(b"%PDF-1.7\n%note", maintype="application", subtype="octet-stream", filename="note")
    take(houses, room, letter)
    ((_, body, words),) = told(houses)
    assert words["what_happened"].endswith(
        "With this e-mail came: 1 x picture, 1 x document. "
        "1 more could not be kept here: please open the mailbox and look at it there."
    )
    assert sorted(body["not_words"]) == ["document", "picture"]
    (_, pdf), (_, picture) = kept(houses)
    assert pdf.startswith(b"%PDF") and kind_of(picture) == "image/jpeg"
    assert b"telephone" not in picture and Image.open(io.BytesIO(picture)).size == (60, 40)
    with houses.intake.db.reading() as conn:
        assert not any(b"bruise" in row.name or b"PDF" in row.content for row in conn.execute(select(attachments)))


def test_a_picture_that_cannot_be_opened_is_a_picture_all_the_same_and_what_to_ask_for_is_said() -> None:
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
    found = sort_out([Part("IMG_0001.HEIC", heic)])
    assert (found.kept, found.not_words) == ((), ("picture",))
    assert "1 more could not be kept here" in found.says and "ask for it as a JPEG" in found.says


def test_a_message_within_a_message_is_read_too() -> None:
    outer = EmailMessage()
    outer["From"] = "teacher@school.example"
    outer.set_content("Please see below.")
    outer.add_attachment(mail("He hit me."))
    found = read(outer.as_bytes(), OURS)
    assert "Please see below." in found.text and "He hit me." in found.text and found.sort == "told"
