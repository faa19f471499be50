"""Receiving a report: sealed, stored and announced in one transaction, and answered with a receipt.

Step 1 of a complaint's journey. Needs nothing but intake's own database. The same Idempotency-Key with the same
contents is the same report and gets the same answer; with other contents it is refused and nothing is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from typing import Any

from heard.instants import moment_of, start_of
from heard.registry import UnknownProcedure
from services.chassis.database import compact
from services.chassis.errors import KeyReused, NotFound, Unavailable
from services.chassis.house import House
from services.chassis.tables import new_id
from services.chassis.vault import DataKey
from services.chassis.work import Work
from services.intake import reports, uploads
from services.intake.receipts import new_reference, receipt_code
from services.screening.reports import screen_report

Form = Mapping[str, Any]
READ_AT_THE_DOOR = 6_000
"""Letters of a report that are read while its writer waits. A longer one goes first unread."""


def receive(
    house: House, form: Form, retry_key: str | None, within: Work | None = None
) -> tuple[dict[str, Any], bool]:
    """Store a report. Returns the answer and whether it is new. Raises `NotFound` (home), `Unavailable`, `KeyReused`.

    `form` is what `ReportForm` loaded; `within` a transaction to do it in. The answer: ``{report_id, reference,
    receipt_code, received_at}``.
    """
    home = house.who.home(form["home"])
    provider = house.who.entry("provider", home["provider"]) if home else None
    if home is None or provider is None:  # one that has closed is there: what happened in it may still be told
        if house.who.behind():
            raise Unavailable  # it may be there and not known here yet: nobody who tries again is refused for that
        raise NotFound("There is no such home.")
    # Keyed: a plain digest of a few words could be guessed at, and would stand when the words have been erased.
    digest = hmac.new(house.vault.derive("retried reports"), compact(_as_sent(form)).encode(), "sha256").hexdigest()
    key = hashlib.sha256(retry_key.encode()).hexdigest() if retry_key else None
    report_id, secret = new_id(), house.vault.derive("receipt code of a report")
    words_key = house.vault.new_key(report_id, "words")
    contact = _contact(form)
    contact_key = house.vault.new_key(report_id, "contact") if contact else None
    came = uploads.opened(house, form["files"])
    said = _words(form)
    words = house.vault.envelope(words_key, said)
    sealed_contact = house.vault.envelope(contact_key, contact) if contact_key else None
    now = within.now if within else house.clock.now()
    fact = _fact(form, report_id, new_reference(), home, provider, now) | {
        "facts": _answers(house, provider["procedure"], form["facts"]),
        "not_words": list(dict.fromkeys([*form["not_words"], *came.not_words])),
    }
    alarms = goes_first(house, fact, said, contact)
    with nullcontext(within) if within else house.working() as work:
        row = {
            "id": report_id,
            "reference": fact["reference"],
            "receipt_digest": house.vault.code_digest(receipt_code(secret, report_id)),
            "received_at": moment_of(fact["received_at"]),
            "operator": fact["operator"], "provider": fact["provider"], "home": fact["home"],
            "words": without_wraps(words), "contact": without_wraps(sealed_contact),
            "fact": fact,
            "retry_key": key, "retry_digest": digest if key else None,
            "look_at": work.now + timedelta(seconds=house.settings.knock_after),
            "paged": False,
        }  # fmt: skip
        if reports.store(work.conn, row):
            house.vault.keep(work.conn, words_key, *([contact_key] if contact_key else []))
            if form["equality"]:
                _keep_equality(work, report_id, form["equality"])
            uploads.take_over(work, words_key, came)
            work.publish("complaint_received", fact | {"words": words, "contact": sealed_contact}, alarms=alarms)
            return _answer(secret, row), True
        before = reports.by_retry_key(work.conn, str(key))
    if before["retry_digest"] != digest:
        raise KeyReused
    return _answer(secret, before), False


def goes_first(house: House, fact: Form, words: Mapping[str, str], contact: Mapping[str, str]) -> bool:
    """Whether somebody will be called about a report, as far as its ticks and its words say so.

    Safeguarding screens it again and decides; this only tells the way it takes there. Whatever befalls the screen, a
    report is received, and then it goes first.
    """
    if sum(map(len, words.values())) > READ_AT_THE_DOOR:
        return True
    try:
        return screen_report(fact, words, contact).flagged
    except Exception as fault:
        house.log.error("not_screened_at_the_door", error=type(fault).__name__)
        return True


def without_wraps(envelope: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """An envelope as it is stored: its key stands in the table of keys alone, where destroying it erases the words."""
    return {name: value for name, value in envelope.items() if name != "wraps"} if envelope else None


def with_wraps(
    envelope: Mapping[str, Any] | None, keys: Mapping[tuple[str, str], DataKey], report_id: str
) -> dict[str, Any] | None:
    """A stored envelope as it travels. Raises KeyError when its key is not among `keys`."""
    return {**envelope, "wraps": dict(keys[report_id, envelope["class"]].wraps)} if envelope else None


def _keep_equality(work: Work, report_id: str, answers: Mapping[str, str]) -> None:
    vault = work.house.vault
    key = vault.new_key(report_id, "equality")
    vault.keep(work.conn, key)
    sealed = vault.envelope(key, {"answers": json.dumps(answers)})
    reports.store_equality(work.conn, report_id, without_wraps(sealed) or {})


def _answer(secret: bytes, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "report_id": row["id"],
        "reference": row["reference"],
        "receipt_code": receipt_code(secret, row["id"]),
        "received_at": row["received_at"].isoformat(),
    }


def _as_sent(form: Form) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in sorted(form.items())}


def _words(form: Form) -> dict[str, str]:
    about = [{"subject": f"s{n}", **one} for n, one in enumerate(form["about"], 1) if any(one.values())]
    said = {name: form[name] for name in ("what_happened", "wanted")} | {"about": json.dumps(about) if about else ""}
    return {name: text for name, text in said.items() if text}


def _contact(form: Form) -> dict[str, str]:
    """Who tells us and the child's name, as far as given. Somebody who wants to stay unnamed is taken at their word."""
    who = form["complainant"]
    known = {} if who["anonymous"] else {"name": who["name"]}
    known |= {key: who[key] or "" for key in ("email", "phone", "safe_contact")}
    known["child_name"] = (form["child"] or {}).get("name", "")
    return {name: text for name, text in known.items() if text}


def _answers(house: House, procedure: str, said: Mapping[str, str]) -> dict[str, str]:
    """The answers that the provider's own questions offer. Anything else would stand unsealed in somebody's words."""
    if not said:
        return {}
    try:
        facts = house.procedures.get(procedure).facts
    except UnknownProcedure:  # the report is parked for a person; it is taken in all the same
        return {}
    return {one.key: said[one.key] for one in facts if said.get(one.key) in one.one_of}


def _fact(
    form: Form, report_id: str, reference: str, home: Mapping[str, Any], provider: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    who, child = form["complainant"], form["child"]
    first_known = min(form["first_told_at"], now) if form["first_told_at"] else now
    taken = bool(form["taken_by"])  # it reached us when a member of staff was told, not when they wrote it down
    return {
        "report_id": report_id,
        "reference": reference,
        "operator": provider["operator"],
        "provider": provider["id"],
        "home": home["id"],
        "procedure": provider["procedure"],
        "received_at": (first_known if taken else now).isoformat(),
        "first_known": first_known.isoformat(),
        "told_day_unknown": form["told_day_unknown"] and not form["first_told_at"],
        "taken_by": form["taken_by"] or None,
        "taken_at": now.isoformat() if taken else None,
        "read_back": form["read_back"],
        "consent": form["consent"],
        "matter_noticed": start_of(form["noticed_on"]).isoformat() if form["noticed_on"] else None,
        "kind": form["kind"],
        "formality": form["formality"],
        "channel": form["channel"],
        "complainant": who["is_"],
        "anonymous": who["anonymous"],
        "contactable": bool(who["email"] or who["phone"] or who["safe_contact"]),
        "about_a_child": child is not None or who["is_"] == "young_person",
        "child_ages": [child["age"]] if child else [],
        "categories": list(form["category"]),
        "worries": list(form["worries"]),
        "in_danger_now": form["in_danger_now"],
        "advocate_wanted": form["advocate_wanted"],
        "advocate_refused": form["advocate_refused"],
        "subjects": [f"s{n}" for n, one in enumerate(form["about"], 1) if any(one.values())],
    }
