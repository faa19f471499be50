"""The mailbox as a way in: each mail becomes a report, words on a report, or the answer of a machine to one of ours.

A mail is taken once, known by its Message-ID, and marked as seen when what it says is committed: who dies between the
two takes it again and finds it taken. What the machine cannot read becomes a report that asks a person to look.
Somebody who answers with a reference adds to that report if they write from the address that they gave with it, or show
its code; else it is a report of its own, since anybody could know a reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from services.chassis.database import is_outage
from services.chassis.errors import KeyReused, Unavailable
from services.chassis.house import House
from services.chassis.rows import add_new
from services.chassis.vault import Erased
from services.intake import reports
from services.intake.attachments import Kept, Sorted, sort_out
from services.intake.came_along import keep
from services.intake.following import add_words
from services.intake.fresh_codes import fresh_digest
from services.intake.mailbox import Fetched, Mailbox
from services.intake.models import mails
from services.intake.reading_mail import Mail, digest, read
from services.intake.receipts import tidy_reference
from services.intake.receiving import receive
from services.intake.schemas import LONGEST, ComplainantForm, ReportForm

AT_ONCE = 20
_REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", re.IGNORECASE)
_CODE = re.compile(r"\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b")
_UNREADABLE = "An e-mail came that the machine could not read. It is kept with this report as it came; please open it."
_report_form, _complainant_form = ReportForm(), ComplainantForm()


def read_mailbox(house: House) -> int:
    """Take what waits in the mailbox; how many mails. Raises `Unavailable` when the mailbox does not answer."""
    if not house.settings.imap_url:
        return 0
    with Mailbox(house.settings.imap_url) as box:
        waiting = box.waiting()[:AT_ONCE]
        for uid in waiting:
            _take(house, box.fetch(uid))
            box.seen(uid)
    return len(waiting)


def _take(house: House, fetched: Fetched) -> None:
    try:
        mail = read(fetched.raw, house.settings.mail_from)
        with house.db.reading() as conn:
            if reports.mail_taken(conn, mail.id):
                return
        if mail.sort == "told":
            _told(house, mail, fetched.whole)
        else:
            _by_a_machine(house, mail)
    except Exception as fault:
        if isinstance(fault, Unavailable) or is_outage(fault):
            raise
        house.log.warning("mail_not_read", error=type(fault).__name__)
        _unread(house, fetched.raw)


def _by_a_machine(house: House, mail: Mail) -> None:
    """What a machine answered: those whose message it was about hear of it; nothing is a report of it."""
    with house.working() as work:
        row = {"id": mail.id, "sort": mail.sort, "report_id": None, "taken_at": work.now}
        if add_new(work.conn, mails, [row], mails.c.id) and mail.sort in ("returned", "away"):
            for message_id in mail.answers:
                said = {"message_id": message_id, "sort": mail.sort, "code": mail.code, "at": work.now.isoformat()}
                work.publish("mail_returned", said)
    house.log.info("mail_from_a_machine", sort=mail.sort, about=list(mail.answers))


def _told(house: House, mail: Mail, whole: bool) -> None:
    came = sort_out(mail.parts, whole, house.settings.scanner)
    report = _report_meant(house, mail)
    words = "\n\n".join(filter(None, (f"Subject: {mail.subject}" if mail.subject else "", mail.text, came.says)))
    words = words.strip() or "(An e-mail without words.)"
    pieces = [words[n : n + LONGEST] for n in range(0, len(words), LONGEST)]
    if report is not None and report["known"]:
        _add(house, report, mail.id, pieces, came)
        _done(house, mail.id, "told", report["report_id"], came.kept)
        return
    home = report["home"] if report else _home_of(house, mail)
    form = {
        "home": home, "channel": "email", "what_happened": pieces[0], "complainant": _who(mail),
        "not_words": list(came.not_words),
    }  # fmt: skip
    report_id = _receive(house, mail.id, form)
    if len(pieces) > 1:
        with house.db.reading() as conn:
            place = reports.place_of(conn, report_id)
        _add(house, place or {}, mail.id, pieces[1:], Sorted((), (), ""))
    _done(house, mail.id, "told", report_id, came.kept)


def _unread(house: House, raw: bytes) -> None:
    """A mail that could not be read: a report of it, with the mail itself, for a person."""
    key = digest(raw)
    form = {
        "home": house.settings.inbox_home, "channel": "email", "what_happened": _UNREADABLE, "not_words": ["document"],
    }  # fmt: skip
    report_id = _receive(house, key, form)
    _done(house, key, "unread", report_id, (Kept("e-mail.eml", "message/rfc822", raw),))


def _receive(house: House, key: str, form: Mapping[str, Any]) -> str:
    try:
        answer, new = receive(house, _report_form.load(form), f"mail/{key}")
    except KeyReused:  # an earlier version read the same mail otherwise: it is taken all the same
        with house.db.reading() as conn:
            return str(reports.by_retry_key(conn, digest(f"mail/{key}".encode()))["id"])
    house.log.info("received", report=answer["report_id"], new=new, by="mail")
    return str(answer["report_id"])


def _add(house: House, report: Mapping[str, Any], key: str, pieces: list[str], came: Sorted) -> None:
    for n, piece in enumerate(pieces):
        add_words(house, report, piece, "message", f"mail/{key}/{n}", came.not_words if n == 0 else ())


def _done(house: House, key: str, sort: str, report_id: str, kept: tuple[Kept, ...]) -> None:
    """Keep what came along, sealed, and that this mail was taken."""
    with house.working() as work:
        if kept:
            data_key = house.vault.key_for(work.conn, report_id, "words")
            keep(work, data_key, {digest(f"{key}/{n}".encode()): one for n, one in enumerate(kept)})
        row = {"id": key, "sort": sort, "report_id": report_id, "taken_at": work.now}
        add_new(work.conn, mails, [row], mails.c.id)


def _report_meant(house: House, mail: Mail) -> dict[str, Any] | None:
    """The report whose reference a mail carries, and whether its sender is `known` to it."""
    for said in _REFERENCE.findall(f"{mail.subject}\n{mail.text}")[:5]:
        with house.db.reading() as conn:
            row = reports.contact_by_reference(conn, tidy_reference(said))
            if row is None:
                continue
            found = {name: row[name] for name in ("operator", "provider", "home")} | {"report_id": row["id"]}
            codes = {house.vault.code_digest(code) for code in _CODE.findall(mail.text)}
            right = {row["receipt_digest"], fresh_digest(row, house.clock.now())}
            return found | {"known": bool(codes & right) or _is_theirs(house, conn, row, mail.sender)}
    return None


def _is_theirs(house: House, conn: Any, row: Mapping[str, Any], sender: str) -> bool:
    if not row["contact"] or not sender:
        return False
    try:
        keys = house.vault.keys(conn, [(row["id"], "contact")])
    except Erased:
        return False
    if (key := keys.get((row["id"], "contact"))) is None:
        return False
    given = house.vault.open_envelope({**row["contact"], "wraps": dict(key.wraps)})
    return sender.casefold() in {given.get(name, "").strip().casefold() for name in ("email", "safe_contact")}


def _home_of(house: House, mail: Mail) -> str:
    """The home that was written to: its short name is the address, or stands after a plus in it."""
    for address in mail.to:
        local = address.partition("@")[0]
        for said in (local.partition("+")[2], local):
            if said and (home := house.who.home(said)) is not None:
                return str(home["id"])
    if house.who.home(house.settings.inbox_home) is None:
        raise Unavailable("HEARD_INBOX_HOME names no home that is known here.")
    return house.settings.inbox_home


def _who(mail: Mail) -> dict[str, Any]:
    who = {"name": mail.name[:200], "email": mail.sender or None}
    try:
        _complainant_form.load(who)
    except ValidationError:  # an address that nobody can be written to at: it is kept for a person to read
        return {"name": mail.name[:200], "safe_contact": mail.sender[:200]}
    return who

