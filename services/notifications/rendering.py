"""A kept message as somebody reads it: names looked up now, sealed words opened now, nothing of it written down."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from heard import letter_facts, wording
from heard.calling import seconds
from heard.instants import LONDON
from heard.letter_page import email_page, paper_page
from heard.procedure import Procedure
from heard.public_view import day_in_words
from heard.registry import Registry, UnknownProcedure
from heard.who import BODIES
from services.chassis import answering
from services.chassis.gate import Undeliverable
from services.chassis.house import House
from services.chassis.post import Attachment
from services.chassis.vault import Erased
from services.notifications.addresses import opened
from services.notifications.memory import Case
from services.notifications.plan import FORM, FORM_FAILED, STANDING

ERASED = "(These words were erased.)"
NOTICE = "complainant/notice"
SENT_AS_THEY_ARE = ("complainant/receipt", NOTICE)
"""What a complainant gets by e-mail in full. Every other letter says something of the matter: it waits behind the code,
and an e-mail says only that there is one."""
BY_TEXT = {"complainant/receipt": "text/receipt"}
"""What a text says instead of a message. Other people look at phones: of anything else only that it is there."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message in words, and from whom. `narrative`: it holds what somebody wrote; so does every document that
    goes with it."""

    letter: wording.Letter
    sender: str
    narrative: bool
    attachments: tuple[Attachment, ...] = ()

    @property
    def subject(self) -> str:
        """Without names, and without what it is about."""
        return self.letter.subject

    @property
    def text(self) -> str:
        """As plain text."""
        return self.letter.text

    @property
    def html(self) -> str:
        """As a page of its own, for an e-mail."""
        return email_page(self.letter, self.sender)

    def sheet(self, at: datetime) -> str:
        """As a sheet to print, with the day on which it was written and room for an address."""
        return paper_page(self.letter, self.sender, to=("",), day=day_in_words(at.astimezone(LONDON).date()))


def procedure_of(procedures: Registry, version: str) -> Procedure:
    """The procedure of that version; for wording, the newest one serves when that is not installed any more."""
    try:
        return procedures.pinned(version)
    except UnknownProcedure:
        return procedures.get(version.partition("@")[0])


def is_read_behind_the_code(template: str) -> bool:
    """Whether this is a letter that a complainant reads on the follow-up page alone."""
    return template.startswith("complainant/") and template not in SENT_AS_THEY_ARE


def as_sent(house: House, conn: Connection, case: Case, row: Any, *, by_text: bool = False) -> Written:
    """The message as it leaves: a complainant's letter becomes the notice that there is one, a text says no more."""
    template = NOTICE if is_read_behind_the_code(row["template"]) else row["template"]
    if by_text and row["way"] != "text":
        template = BY_TEXT.get(template, "text/notice" if row["kind"] == "party" else "text/staff")
    letter = _written(house, conn, case, row, template, for_whom=row["whom"])
    return replace(letter, attachments=_documents(house, conn, case, row)) if row["template"] == FORM else letter


def as_read(house: House, conn: Connection, case: Case, row: Any, reader: str | None = None) -> Written:
    """The message itself. A link by which one person answers is shown to that person only."""
    return _written(house, conn, case, row, row["template"], for_whom=reader)


def told_once(house: House, conn: Connection, case: Case, template: str, **facts: str) -> Written:
    """A message to whoever complained that is kept nowhere: it is not of the case's file (`apart`)."""
    row: dict[str, Any] = {"facts": {}, "words": None, "template": template, "kind": "party"}
    return _written(house, conn, case, row, template, None, **facts)


def _written(
    house: House, conn: Connection, case: Case, row: Any, template: str, for_whom: str | None, **more: str
) -> Written:
    facts = row["facts"]
    words = _words(house, conn, case, row) if row["words"] and template == row["template"] else ""
    provider = house.who.entry("provider", case.provider) or {}
    home = house.who.entry("home", case.home) or {}
    url = house.settings.public_url
    version = case.procedure_version or str(provider.get("procedure"))
    procedure = procedure_of(house.procedures, version)
    filled = letter_facts.facts_of(procedure, case.complainant, facts) | {
        "reference": case.reference,
        "provider": provider.get("name", "the provider"),
        "home": home.get("name", "the home"),
        "follow": f"{url}/follow",
        "link": f"{url}/cases/{case.id}" if case.reference else f"{url}/standing/{case.id}",
        "sheet": f"{url}/outgoing/{facts.get('message')}.pdf",
        "words": words,
        "attempt": facts.get("attempt"),
        "why": str(facts.get("why", "")).replace("_", " "),
        "whom": name_of(house, str(facts.get("whom_kind")), str(facts.get("whom", ""))),
        **more,
    }
    if facts.get("alert_id") and row["kind"] == "person":
        filled |= _ways_to_answer(house, case, row, for_whom)
    if facts.get("form") or row["template"] == FORM_FAILED:
        form = next((one.name for one in procedure.forms if one.key == facts.get("form")), "a form")
        filled |= {"form": form, "link": f"{url}/records/{case.id}"}
    if template == STANDING:
        filled |= letter_facts.of_standing(procedure, facts)
        filled["place"] = (house.who.entry("home", facts["home"]) or {}).get("name") or filled["provider"]
    own = house.procedures.plugin(procedure.key).wording
    letter = own.write(template, letter_facts.reader_of(case.complainant), **filled)
    return Written(letter, filled["provider"], bool(words))


def _documents(house: House, conn: Connection, case: Case, row: Any) -> tuple[Attachment, ...]:
    """What goes with a message. Raises `Undeliverable` when it was erased before it could go."""
    try:
        kept = opened(house, conn, case.id, row["words"])
    except Erased:
        raise Undeliverable("erased") from None
    return (Attachment(kept["name"], kept["kind"], base64.b64decode(kept["content"])),)


def _words(house: House, conn: Connection, case: Case, row: Any) -> str:
    try:
        return opened(house, conn, case.id, row["words"]).get("words", "")
    except Erased:
        return ERASED


def name_of(house: House, kind: str, whom: str) -> str:
    """Who that is, in words."""
    if kind == "person":
        return str((house.who.entry("person", whom) or {}).get("name", "somebody"))
    return BODIES.get(whom) or f"the {whom.replace('_', ' ')}"


def _ways_to_answer(house: House, case: Case, row: Any, reader: str | None) -> dict[str, str]:
    """The link and the digits by which one person answers a call: shown to them only."""
    alert_id, person = row["facts"]["alert_id"], row["whom"]
    if reader != person:
        return {"link": "(the link is shown only to the person who was called)", "code": "(theirs alone)"}
    provider = house.who.entry("provider", case.provider) or {}
    procedure = procedure_of(house.procedures, case.procedure_version or str(provider.get("procedure")))
    until = row["made_at"] + timedelta(seconds=seconds(procedure.calling.answers_count_for) or 86_400)
    token = answering.link_token(house.vault, alert_id, person, until)
    return {
        "link": f"{house.settings.public_url}/a/{alert_id}/{token}",
        "code": answering.code(house.vault, alert_id, person),
    }
