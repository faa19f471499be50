"""The forms of a record: filled in from what it knows, completed by the lead, handed over as they stand.

What a person types is sealed in the ledger, question by question; saving the same twice is saving it once. What is
sent is kept as it was sent: a row of the ledger holds every question with its answer, and each paper is made from that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from heard.casefile import replay
from heard.forms import Answered, Filled, Form, Part, filled, wanted
from heard.ledger import Happening, NewHappening
from heard.procedure import Procedure
from heard.who import BODIES
from services.chassis import ledger
from services.chassis.contact_book import Reached, given, reached
from services.chassis.errors import Invalid, NotFound, Refused
from services.chassis.house import House
from services.chassis.vault import Erased
from services.chassis.work import Work
from services.safeguarding import bodies, records
from services.safeguarding.growing import Growth, load, write
from services.safeguarding.known import Looked, known
from services.safeguarding.models import ledger as ledger_rows
from services.safeguarding.said import open_kept

FILLED, SENT, DELIVERED, FAILED = "form_filled", "form_sent", "form_delivered", "form_failed"
BY_EMAIL = "email"
_LONGEST = 5_000


def look(house: House, person_id: str, report_id: str) -> tuple[Looked, Mapping[int, str], Sequence[Happening]]:
    """A record with its words, and the words of its rows. Raises `NotFound`, `Refused` once they were erased."""
    with house.db.seen_by(person_id) as conn:
        row = records.seen(conn, person_id, report_id)
        texts = records.words_of(conn, person_id, report_id)
        happenings = ledger.read(conn, ledger_rows, report_id)
    with house.db.reading() as conn:
        try:
            keys = house.vault.keys(conn, [(report_id, "words"), (report_id, "contact")])
            noted = ledger.read_words(conn, ledger_rows, house.vault, report_id)
        except Erased:
            raise Refused("What was said was erased, so no form can be made of it.", None, None) from None
    said = [open_kept(house, report_id, text["envelope"], keys) for text in texts]
    contact = open_kept(house, report_id, row["contact"], keys) if row["contact"] else {}
    procedure = house.procedures.pinned(row["procedure_version"])
    state, roster = replay(procedure, happenings), house.roster(even_if_stale=True)
    return Looked(row, procedure, state, roster, house.clock.now(), said, contact), noted, happenings


def listed(procedure: Procedure, happenings: Sequence[Happening], concerns: Sequence[str]) -> list[dict[str, Any]]:
    """The forms of a record: ``[{key, name, says, wanted, sent_at}]``, those that its concerns ask for first."""
    asked, others = wanted(procedure.forms, concerns)
    sent = {one.data["form"]: one.at.isoformat() for one in happenings if one.event == SENT}
    return [
        {"key": one.key, "name": one.name, "says": one.says, "wanted": one in asked, "sent_at": sent.get(one.key)}
        for one in (*asked, *others)
    ]


def one(house: House, person_id: str, report_id: str, key: str) -> dict[str, Any]:
    """One form as it stands now, to whom it goes, and what became of it. Raises `NotFound`."""
    looked, noted, happenings = look(house, person_id, report_id)
    form = form_of(looked.procedure, key)
    made = filled(form, known(house, looked, person_id), typed(happenings, noted, key))
    return {
        "report_id": report_id, "reference": looked.row["reference"], "key": key, "name": form.name, "says": form.says,
        "clause": list(form.clause), "home_name": (house.who.entry("home", looked.row["home"]) or {}).get("name", ""),
        "parts": as_json(made), "missing": [{"key": one.key, "asks": one.asks} for one in made.missing],
        "contacts": contacts(house, looked.procedure, form, looked.row),
        "sent": history(happenings, key),
        "last": last_sent(happenings, key),
    }  # fmt: skip


def fill(house: House, person_id: str, report_id: str, key: str, answers: Mapping[str, str]) -> dict[str, Any]:
    """Keep what a person typed. Saving what stands already adds nothing. Raises `NotFound`, `Invalid`."""
    looked, noted, happenings = look(house, person_id, report_id)
    form, before = form_of(looked.procedure, key), typed(happenings, noted, key)
    itself = known(house, looked, person_id)
    changed = {}
    faults: dict[str, list[str]] = {}
    for question in form.questions:
        if question.key not in answers:
            continue
        text = str(answers[question.key] or "").strip()
        if len(text) > _LONGEST:
            faults[question.key] = [f"Please use at most {_LONGEST:,} characters."]
        elif text and question.one_of and text not in question.one_of:
            faults[question.key] = [f"Choose one of: {', '.join(question.one_of)}."]
        text = "" if text == itself.get(question.from_ or "", "") else text  # what is known by itself stays so
        if text != before.get(question.key, ""):
            changed[question.key] = text
    if faults:
        raise Invalid(faults)
    if unknown := set(answers) - {one.key for one in form.questions}:
        raise Invalid({name: ["This form does not ask that."] for name in sorted(unknown)})
    if not changed:
        return {"report_id": report_id, "seq": looked.state.seq}
    row = NewHappening(FILLED, looked.now, person_id, None, {"form": key, "fields": sorted(changed)})
    with house.working() as work:
        growth = held(work, person_id, report_id)
        growth.add(row, words=json.dumps(changed, ensure_ascii=False))
        write(work, [growth])
        return {"report_id": report_id, "seq": growth.state.seq}


def held(work: Work, person_id: str, report_id: str) -> Growth:
    """The record held for change, for somebody who may still see it. Raises `NotFound`."""
    records.seen(work.conn, person_id, report_id)
    return load(work, [report_id], work.house.roster())[report_id]


# -- what a form is made of


def form_of(procedure: Procedure, key: str) -> Form:
    """The procedure's form of that key. Raises `NotFound`."""
    try:
        return procedure.form(key)
    except KeyError:
        raise NotFound("This procedure has no such form.") from None


def typed(happenings: Sequence[Happening], noted: Mapping[int, str], key: str) -> dict[str, str]:
    """What was typed into a form so far: the last word on each question."""
    found: dict[str, str] = {}
    for one in happenings:
        if one.event == FILLED and one.data["form"] == key and one.seq in noted:
            found |= json.loads(noted[one.seq])
    return {name: text for name, text in found.items() if text}


def as_json(made: Filled) -> list[dict[str, Any]]:
    """The parts of a filled form."""
    return [
        {"heading": part.heading,
         "answers": [{"key": one.key, "asks": one.asks, "answer": one.answer, "by_itself": one.by_itself,
                      "one_of": list(one.one_of), "optional": one.optional} for one in part.answers]}
        for part in made.parts
    ]  # fmt: skip


def as_sent(happening: Happening, noted: Mapping[int, str], name: str) -> Filled:
    """A form as it was when it was sent. Raises `NotFound` when that was erased."""
    if happening.seq not in noted:
        raise NotFound
    parts = json.loads(noted[happening.seq])
    return Filled(
        str(happening.data["form"]), name,
        tuple(Part(part["heading"], tuple(Answered(**{**one, "one_of": tuple(one["one_of"])})
                                          for one in part["answers"])) for part in parts),
    )  # fmt: skip


def texts_of(happening: Happening, text: str) -> list[str]:
    """The words of a row apart from each other: each answer of a form, else what was written."""
    if happening.event == FILLED:
        return list(json.loads(text).values())
    if happening.event == SENT:
        return [str(one["answer"] or "") for part in json.loads(text) for one in part["answers"]]
    return [text]


def in_words(procedure: Procedure, happening: Happening, noted: Mapping[int, str]) -> str | None:
    """The words of a row as somebody reads them: what was typed into a form stands with its question."""
    text = noted.get(happening.seq)
    if text is None or happening.event == SENT:  # the document itself shows what was sent
        return None
    if happening.event != FILLED:
        return text
    asks = {one.key: one.asks for form in procedure.forms if form.key == happening.data["form"]
            for one in form.questions}  # fmt: skip
    return "\n".join(f"{asks.get(key, key)}: {said or '(taken back)'}" for key, said in json.loads(text).items())


def contacts(house: House, procedure: Procedure, form: Form, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The bodies that a form may go to, and whether it can be e-mailed: to an address that somebody verified."""
    place = str(row["provider"]), str(row["home"])
    found = [
        _contact(house, procedure, one.key, given(house.who, (one.key, one.is_), *place), shown)
        | {"printed": shown.email, "web": one.web, "form": one.their_form}
        for one in procedure.contacts
        if one.is_ == form.body and (shown := reached(house.who, one, *place))
    ]
    unnamed = BODIES.get(form.body, form.body.replace("_", " "))
    unnamed = unnamed[:1].upper() + unnamed[1:]
    if found:
        return found
    entered = given(house.who, (form.body,), *place)
    return [_contact(house, procedure, form.body, entered, entered or Reached(unnamed, None, (), None), unnamed)]


def _contact(
    house: House, procedure: Procedure, key: str, entered: Reached | None, shown: Reached, unnamed: str = ""
) -> dict[str, Any]:
    """A body with its numbers; its address only where somebody entered it for this home and made sure of it."""
    ours = entered.email if entered and entered.verified_on else None
    known = bodies.ways(house, procedure, shown)
    return known | {
        "key": key, "name": shown.name or unnamed, "email": ours, "printed": None, "web": None, "form": None,
    }  # fmt: skip


def history(happenings: Sequence[Happening], key: str) -> list[dict[str, Any]]:
    """Each time a form was sent, and what became of it."""
    ends = {int(one.data["sent"]): one for one in happenings if one.event in (DELIVERED, FAILED)}
    found = []
    for one in happenings:
        if one.event == SENT and one.data["form"] == key:
            end = ends.get(one.seq)
            found.append(
                {
                    "seq": one.seq, "at": one.at.isoformat(), "by": one.by, "whom": one.data["whom"],
                    "channel": one.data["channel"], "missing": one.data["missing"],
                    "state": "recorded" if one.data["channel"] != BY_EMAIL else "under way" if end is None
                             else "failed" if end.event == FAILED else str(end.data.get("channel") or BY_EMAIL),
                    "ended_at": end.at.isoformat() if end else None,
                    "why": end.data.get("why") if end else None,
                }
            )  # fmt: skip
    return found


def last_sent(happenings: Sequence[Happening], key: str) -> int:
    """The row with which this form was last sent; 0: never."""
    return max((one.seq for one in happenings if one.event == SENT and one.data["form"] == key), default=0)
