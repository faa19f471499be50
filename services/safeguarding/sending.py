"""A form leaves the house: downloaded, e-mailed to a verified contact over enforced TLS, or sent in another way.

What was sent is kept as it was sent, in the ledger, before anything leaves. E-mail is carried by notifications, which
says what became of it; only then is the referral recorded as made, and its clock met. Pressing twice sends once: who
sends says which sending was the last that they saw.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from heard.casefile import CaseState
from heard.forms import Filled, filled
from heard.ledger import NewHappening
from heard.procedure import NotificationRule
from heard.public_view import day_in_words
from services.chassis.errors import Invalid, NotFound, Refused
from services.chassis.house import House
from services.chassis.work import Fact, Work
from services.safeguarding import forms
from services.safeguarding.forms import BY_EMAIL, DELIVERED, FAILED, SENT
from services.safeguarding.growing import Growth, load, write
from services.safeguarding.known import Looked, known
from services.safeguarding.papers import KINDS, Document, form_on_paper
from services.safeguarding.said import roster_of

OTHER_WAYS = ("form", "post", "in_person", "telephone")
"""How else a form reaches a body: their own form or page, by post, handed over, read out."""
TRIAL = "trial"


def document(house: House, person_id: str, report_id: str, key: str, kind: str, sent: int | None) -> dict[str, Any]:
    """A form as a document: as it stands now, or as it was sent with row `sent`. ``{name, kind, content}`` (base64).

    Raises `NotFound`, `Invalid`, and what `paper.pdf` raises.
    """
    if kind not in KINDS:
        raise Invalid({"kind": [f"Choose one of: {', '.join(KINDS)}."]})
    looked, noted, happenings = forms.look(house, person_id, report_id)
    form = forms.form_of(looked.procedure, key)
    if sent is None:
        made = filled(form, known(house, looked, person_id), forms.typed(happenings, noted, key))
        status = f"As it stands on {day_in_words(looked.now)}. This has not been sent."
    else:
        row = next((one for one in happenings if one.seq == sent), None)
        if row is None or row.event != SENT or row.data["form"] != key:
            raise NotFound
        made, status = forms.as_sent(row, noted, form.name), f"As it was sent on {day_in_words(row.at)}."
    made_of = _paper(house, looked, made, kind, status)
    return {"name": made_of.name, "kind": made_of.kind, "content": base64.b64encode(made_of.content).decode()}


def _paper(house: House, looked: Looked, made: Filled, kind: str, status: str) -> Document:
    provider = (house.who.entry("provider", looked.row["provider"]) or {}).get("name", "")
    return form_on_paper(made, kind, provider=provider, reference=looked.row["reference"], status=status)


def send(house: House, person_id: str, report_id: str, key: str, whom: str, after: int) -> dict[str, Any]:
    """E-mail a form to a contact whose address was verified. ``{report_id, seq}``; `seq` is the row of this sending.

    `after`: the last sending of this form that the sender saw. Raises `NotFound`, `Invalid`, `Refused`.
    """
    looked, noted, happenings = forms.look(house, person_id, report_id)
    if (last := forms.last_sent(happenings, key)) != after:
        return {"report_id": report_id, "seq": last}
    form = forms.form_of(looked.procedure, key)
    contact = _contact(house, looked, key, whom)
    if not contact["email"]:
        raise Refused(
            f"No e-mail address of {contact['name']} has been verified for this home.", None,
            "Ring them and ask for it, enter it in the directory as verified, and send it then; "
            "or download the form and record how you sent it.",
        )  # fmt: skip
    made = filled(form, known(house, looked, person_id), forms.typed(happenings, noted, key))
    paper = _paper(house, looked, made, "pdf", f"Sent on {day_in_words(looked.now)}.")
    with house.working() as work:
        growth = forms.held(work, person_id, report_id)
        if (last := forms.last_sent(growth.state.ledger, key)) != after:
            return {"report_id": report_id, "seq": last}
        seq = _add(growth, made, person_id, whom, BY_EMAIL, work.now)
        envelope = house.vault.envelope(
            house.vault.key_for(work.conn, report_id, "forms"),
            {"name": paper.name, "kind": paper.kind, "content": base64.b64encode(paper.content).decode()},
        )
        work.publish(
            "form_handed_over",
            {
                "report_id": report_id, "seq": seq, "form": key, "contact": whom, "by": person_id,
                "document": envelope, "at": work.now.isoformat(), **growth.place,
            },
        )  # fmt: skip
        write(work, [growth])
        return {"report_id": report_id, "seq": seq}


def sent_otherwise(
    house: House, person_id: str, report_id: str, key: str, whom: str, channel: str, at: datetime, note: str, after: int
) -> dict[str, Any]:
    """Record that a form was sent in another way, as it stands now; whoever got it has been told.

    Raises `NotFound`, `Invalid`.
    """
    looked, noted, happenings = forms.look(house, person_id, report_id)
    if (last := forms.last_sent(happenings, key)) != after:
        return {"report_id": report_id, "seq": last}
    form = forms.form_of(looked.procedure, key)
    _contact(house, looked, key, whom)
    if channel not in OTHER_WAYS:
        raise Invalid({"channel": [f"Choose one of: {', '.join(OTHER_WAYS)}."]})
    if at > looked.now:
        raise Invalid({"at": ["This lies in the future. Record it once it has happened."]})
    if at < looked.row["received_at"]:
        raise Invalid({"at": ["This lies before the report was made."]})
    made = filled(form, known(house, looked, person_id), forms.typed(happenings, noted, key))
    with house.working() as work:
        growth = forms.held(work, person_id, report_id)
        if (last := forms.last_sent(growth.state.ledger, key)) != after:
            return {"report_id": report_id, "seq": last}
        seq = _add(growth, made, person_id, whom, channel, at)
        for row in _told(growth.state, form.body, whom, channel, at, person_id, seq):
            growth.add(row, words=note.strip()[:5_000] or None)
        write(work, [growth])
        return {"report_id": report_id, "seq": seq}


def hear_what_became(work: Work, facts: Sequence[Fact]) -> None:
    """A form was handed to the mail server, or could not be: evidence, and once it went, the referral is made.

    Should it come back afterwards, nobody has been told by it, and the clock runs as before.
    """
    growths = load(work, sorted({str(fact.body["report_id"]) for fact in facts}), roster_of(work.house))
    for fact in facts:
        growth, seq = growths[str(fact.body["report_id"])], int(fact.body["seq"])
        sent = next(one for one in growth.state.ledger if one.seq == seq and one.event == SENT)
        at, whom = min(fact.body["at"], work.now), str(sent.data["whom"])
        about = {"form": sent.data["form"], "sent": seq, "channel": fact.body["channel"]}
        if fact.name == FAILED:
            why = str(fact.body["why"])[:200]
            growth.add(NewHappening(FAILED, at, "system", None, about | {"why": why}))
            if any(one.data.get("sent") == seq for one in growth.state.all("told")):  # it had gone out, and came back
                back = {"whom": whom, "channel": BY_EMAIL, "sent": seq, "why": why}
                growth.add(NewHappening("could_not_tell", at, "system", None, back))
            continue
        if any(one.data.get("sent") == seq for one in growth.state.all(FAILED)):
            continue  # that it came back was heard first
        growth.add(NewHappening(DELIVERED, at, "system", None, about))
        body = growth.procedure.form(str(sent.data["form"])).body
        trial = fact.body["channel"] == TRIAL
        growth.add(*_told(growth.state, body, whom, BY_EMAIL, at, sent.by, seq, trial=trial))
    write(work, list(growths.values()))


def _contact(house: House, looked: Looked, key: str, whom: str) -> dict[str, Any]:
    form = forms.form_of(looked.procedure, key)
    known_ones = forms.contacts(house, looked.procedure, form, looked.row)
    found = next((one for one in known_ones if one["key"] == whom), None)
    if found is None:
        there = ", ".join(one["name"] for one in known_ones) or "nobody of that kind is among the provider's contacts"
        raise Invalid({"whom": [f"This form goes to: {there}."]})
    return found


def _add(growth: Growth, made: Filled, by: str, whom: str, channel: str, at: datetime) -> int:
    """The row that says what was sent, with every question and answer sealed in it; returns its number."""
    data = {"form": made.key, "whom": whom, "channel": channel, "missing": len(made.missing)}
    growth.add(NewHappening(SENT, at, by, None, data), words=json.dumps(forms.as_json(made), ensure_ascii=False))
    return growth.state.seq


def _told(
    state: CaseState, body: str, whom: str, channel: str, at: datetime, by: str, sent: int, *, trial: bool = False
) -> Iterable[NewHappening]:
    """That this body has been told, for each notification that it answers; one does for all about the same concern."""
    done: list[NotificationRule] = []
    for rule in state.procedure.notification_rules:
        theirs = {whom, body} & set(rule.tell) and not set(rule.concern).isdisjoint(state.concerns)
        if theirs and all(set(rule.concern).isdisjoint(other.concern) for other in done):
            done.append(rule)
    data = {"whom": whom, "channel": channel, "sent": sent} | ({"trial": True} if trial else {})
    return tuple(NewHappening("told", at, by, None, data | {"rule": rule.key}) for rule in done)
