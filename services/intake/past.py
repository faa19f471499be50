"""Bringing a complaint log from before in: every row a report with its own days, all of a file or none.

A row is stored and announced like a report (`past_complaint_told`), but nobody gets a receipt, and intake watches for
no proof: what is past calls nobody. A row is known again by its number in the earlier log, or else by all that it says,
so the same file twice changes nothing.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from heard.events import check_fact
from heard.imported import first_stage
from heard.instants import london_day
from heard.procedure import Procedure
from services.chassis.database import compact
from services.chassis.house import House
from services.chassis.tables import new_id
from services.chassis.vault import DataKey
from services.intake import reports
from services.intake.log_columns import Fault, LogFaults, Row, categories_of, check, past_of, read_log
from services.intake.receipts import new_reference, receipt_code
from services.intake.receiving import without_wraps

Say = Callable[[int, int], None]
Place = dict[str, Any]
"""The tenant, the provider, the home, and the key of the provider's procedure."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a file: rows that are new, that were here already, and that are judged by a later procedure."""

    new: int
    known: int
    before_the_procedure: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A row on its way in: what is stored, what is said, and the key of its words."""

    line: int
    stored: dict[str, Any]
    fact: dict[str, Any]
    key: DataKey


def import_log(
    house: House, content: bytes, *, home: str | None = None, provider: str | None = None, dry_run: bool = False,
    say: Say = lambda done, total: None,
) -> Done:  # fmt: skip
    """Bring a log in. Raises ``LogFaults``; then nothing was stored. ``dry_run`` stores nothing and tells the same."""
    now = house.clock.now()
    rows, faults = read_log(content, now)
    judged: list[tuple[Row, Place, Procedure]] = []
    for row in rows:
        place = _place(house, row, home, provider)
        if isinstance(place, Fault):
            faults.append(place)
            continue
        procedure = house.procedures.judging(place["procedure"], london_day(row.at.get("received", now)))
        faults += check(row, procedure, partial(_begins_in, procedure, place, now))
        judged.append((row, place, procedure))
    if faults:
        raise LogFaults(faults)
    before = sum(1 for row, _, p in judged if london_day(row.at["received"]) < p.document.in_force_from)
    ready: dict[str, Ready] = {}
    for number, (row, there, _) in enumerate(judged, 1):
        one = _ready(house, row, there, now)
        twice = ready.setdefault(str(one.stored["retry_key"]), one)
        if twice.stored["retry_digest"] != one.stored["retry_digest"]:
            says = f"line {twice.line} has this number too, and says something else."
            raise LogFaults([Fault(row.line, "reference", says)])
        say(number, len(judged))
    known = _known(house, list(ready.values()))
    fresh = [one for key, one in ready.items() if key not in known]
    if not dry_run:
        fresh = _store(house, fresh)
    return Done(len(fresh), len(rows) - len(fresh), before)


def _place(house: House, row: Row, home: str | None, provider: str | None) -> Place | Fault:
    """The home of a row with its provider's procedure; the fault when there is none such."""
    said = row.said["home"] or home or ""
    homes = [
        one for one in house.who.entries("home").values()
        if said.casefold() in (one["id"], str(one.get("slug")).casefold(), str(one.get("name")).casefold())
        and (provider is None or _is(house, provider, one["provider"]))
    ]  # fmt: skip
    if len(homes) != 1:
        there = sorted(
            str(one.get("slug")) for one in house.who.entries("home").values()
            if provider is None or _is(house, provider, one["provider"])
        )  # fmt: skip
        what = "there is no such home here" if said else "this must be filled in, or say --home"
        what = "several homes are called so" if len(homes) > 1 else what
        return Fault(row.line, "home", f"{what}. There are: {', '.join(there) or 'none'}.")
    kept = house.who.entry("provider", homes[0]["provider"]) or {}
    return {
        "home": homes[0]["id"], "provider": homes[0]["provider"],
        "operator": kept.get("operator"), "procedure": str(kept.get("procedure")),
    }  # fmt: skip


def _is(house: House, provider: str, provider_id: str) -> bool:
    kept = house.who.entry("provider", provider_id) or {}
    return provider.casefold() in (provider_id, str(kept.get("name")).casefold(), str(kept.get("procedure")))


def _begins_in(procedure: Procedure, place: Place, now: datetime, row: Row) -> str | None:
    told = _told(row)
    children = {"children": [{"age": age} for age in told["child_ages"]], "category": told["categories"]}
    return first_stage(procedure, {**place, **told, **children, "heads": []}, row.at["received"], now)


def _told(row: Row) -> dict[str, Any]:
    """What the fact says of the complaint itself."""
    said = row.said
    complainant = said["complainant"] or "not_said"
    formality = said["formality"] or ("formal" if said["kind"] == "complaint" else None)
    return {
        "kind": said["kind"], "formality": formality, "channel": said["channel"] or "earlier_log",
        "complainant": complainant, "anonymous": False, "contactable": False,
        "about_a_child": bool(said["child_age"]) or complainant == "young_person",
        "child_ages": [int(said["child_age"])] if said["child_age"] else [],
        "categories": categories_of(row), "worries": [], "in_danger_now": False,
        "subjects": ["s1"] if said["about_name"] or said["about_role"] else [],
    }  # fmt: skip


def _ready(house: House, row: Row, place: Place, now: datetime) -> Ready:
    """A row sealed and ready to be stored: all that takes time is done before anything is locked."""
    report_id, received_at = new_id(), row.at["received"]
    key = house.vault.new_key(report_id, "words")
    words = house.vault.envelope(key, _words(row))
    fact = {
        "report_id": report_id, "reference": new_reference(), **place, **_told(row),
        "received_at": received_at.isoformat(), "first_known": received_at.isoformat(),
        "imported_at": now.isoformat(), "past": past_of(row),
    }  # fmt: skip
    check_fact("past_complaint_told", {**fact, "words": words})
    secret = house.vault.derive("receipt code of a report")
    known_by = row.said["reference"] or compact(row.said)
    stored = {
        "id": report_id, "reference": fact["reference"],
        "receipt_digest": house.vault.code_digest(receipt_code(secret, report_id)),
        "received_at": received_at, "operator": place["operator"], "provider": place["provider"],
        "home": place["home"], "words": without_wraps(words), "contact": None, "fact": fact,
        "retry_key": _digest(house, f"{place['provider']}/{known_by}"),
        "retry_digest": _digest(house, compact({**row.said, "home": place["home"]})),
        "screened_at": None, "look_at": None, "knocked_at": None, "paged": False,
    }  # fmt: skip
    return Ready(row.line, stored, {**fact, "words": words}, key)


def _words(row: Row) -> dict[str, str]:
    """What is sealed: the complaint, whom it names, and the number it had, which may be made of somebody's initials."""
    about = {"name": row.said["about_name"], "role": row.said["about_role"]}
    named = [{"subject": "s1", **{name: text for name, text in about.items() if text}}] if any(about.values()) else []
    said = {
        "what_happened": row.said["what_happened"],
        "about": json.dumps(named) if named else "",
        "number_in_the_earlier_log": row.said["reference"],
    }
    return {name: text for name, text in said.items() if text}


def _digest(house: House, text: str) -> str:
    """Keyed: a plain digest of a few words could be guessed at, and would stand when the words have been erased."""
    return hmac.new(house.vault.derive("imported rows"), text.encode(), "sha256").hexdigest()


def _known(house: House, ready: Sequence[Ready]) -> set[str]:
    """The keys of the rows that are here already. Raises ``LogFaults`` for one that says something else now."""
    with house.db.reading() as conn:
        before = reports.digests_of(conn, [str(one.stored["retry_key"]) for one in ready])
    says = "this number was brought in before with other contents. What is here is never changed by a file."
    other = [
        Fault(one.line, "reference", says)
        for one in ready
        if before.get(str(one.stored["retry_key"]), one.stored["retry_digest"]) != one.stored["retry_digest"]
    ]
    if other:
        raise LogFaults(other)
    return set(before)


def _store(house: House, fresh: Sequence[Ready]) -> list[Ready]:
    """All in one transaction, with their facts; those that somebody else brought in meanwhile stay as they are."""
    with house.working() as work:
        new = reports.store_many(work.conn, [one.stored for one in fresh])
        stored = [one for one in fresh if one.stored["id"] in new]
        house.vault.keep(work.conn, *(one.key for one in stored))
        for one in stored:
            work.publish("past_complaint_told", one.fact)
    return stored
