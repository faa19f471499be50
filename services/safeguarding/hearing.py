"""What safeguarding does with each fact it hears: reports, later words, pages that intake sent, messages that arrived.

Many facts are handled in one transaction with few statements. A report is opened once, however often and by whichever
way it comes: the record's own key says whether it is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from heard.ledger import NewHappening
from heard.procedure import Procedure
from heard.roster import Roster
from services.chassis.errors import Stale
from services.chassis.house import House
from services.chassis.vault import DataKey
from services.chassis.work import Fact, Work
from services.safeguarding import records
from services.safeguarding.calling import higher
from services.safeguarding.growing import Growth, grown, load, write
from services.safeguarding.opening import Read, found, opened, read_report, read_words
from services.safeguarding.whom import Place

Body = Mapping[str, Any]


def roster_of(house: House) -> Roster:
    """Who is who: the fresh copy, or a stale one that counts as older than any, so that it is all looked at again."""
    try:
        return house.roster()
    except Stale:
        return house.roster(even_if_stale=True)


def open_reports(work: Work, reports: Sequence[Body]) -> set[str]:
    """Open a record for each report that has none yet; returns the ids that were new. Bodies as `read_fact` gives."""
    house, roster = work.house, roster_of(work.house)
    bodies = {str(body["report_id"]): body for body in reports}
    keys, rows, ready = [], [], {}
    for report_id, body in bodies.items():
        procedure = house.procedures.in_force(body["procedure"], body["received_at"].date())
        keys.append(house.vault.envelope_key(report_id, body["words"]))
        if body["contact"]:
            keys.append(house.vault.envelope_key(report_id, body["contact"]))
        place = Place(procedure, roster, body["provider"], body["home"], body["received_at"])
        read = read_report(body, house.vault.open_envelope(body["words"]), place)
        growth = _fresh(work, body, read, procedure, roster)
        ready[report_id] = (growth, read)
        rows.append(growth.row)
    new = records.open_new(work.conn, rows)
    if not new:
        return new
    house.vault.keep(work.conn, *(key for key in keys if key.case_id in new))
    records.keep_words(
        work.conn,
        [
            _words_row(report_id, report_id, "report", bodies[report_id]["received_at"], bodies[report_id]["words"])
            for report_id in new
        ],
    )
    growths = [growth for report_id, (growth, _) in ready.items() if report_id in new]
    for growth in growths:
        _say_screened(work, growth, ready[growth.report_id][1], None)
    write(work, growths, fresh=True)
    _take_up_held(work, new)
    return new


def _fresh(work: Work, body: Body, read: Read, procedure: Procedure, roster: Roster) -> Growth:
    row = {
        "report_id": body["report_id"], "reference": body["reference"],
        "operator": body["operator"], "provider": body["provider"], "home": body["home"],
        "procedure_version": procedure.version, "received_at": body["received_at"], "screened_at": work.now,
        "priority": read.screened.priority, "readable": read.screened.readable, "seq": 0,
        "roster_version": roster.version, "identified": all(one.identified for one in read.subjects),
        "closed_at": None, "contact": _bare(body["contact"]),
    }  # fmt: skip
    growth = grown(work, str(body["report_id"]), row, procedure, (), roster)
    growth.add(*opened(body, read, work.now))
    if read.screened.flagged:
        growth.raise_alert(read.screened.priority)
    growth.row["seq"] = growth.state.seq
    return growth


def hear_words(work: Work, bodies: Iterable[Body]) -> None:
    """Screen words that came after a report; those whose report is not here yet wait for it."""
    by_id = {str(body["words_id"]): body for body in bodies}
    known = records.standing(work.conn, {str(body["report_id"]) for body in by_id.values()})
    new = records.keep_words(
        work.conn,
        [
            _words_row(words_id, body["report_id"], body["sort"], body["received_at"], body["words"],
                       held=body["report_id"] not in known)
            for words_id, body in by_id.items()
        ],
    )  # fmt: skip
    vault = work.house.vault
    vault.keep(
        work.conn, *(vault.envelope_key(by_id[words_id]["report_id"], by_id[words_id]["words"]) for words_id in new)
    )
    ready = [
        {"id": words_id, "report_id": by_id[words_id]["report_id"], "at": by_id[words_id]["received_at"],
         "words": vault.open_envelope(by_id[words_id]["words"])}
        for words_id in new if by_id[words_id]["report_id"] in known
    ]  # fmt: skip
    _screen_words(work, ready)


def _take_up_held(work: Work, report_ids: Iterable[str]) -> None:
    held = records.held_words(work.conn, report_ids)
    if not held:
        return
    keys = work.house.vault.keys(work.conn, [(row["report_id"], "words") for row in held])
    records.let_go(work.conn, [row["id"] for row in held])
    _screen_words(
        work,
        [
            {"id": row["id"], "report_id": row["report_id"], "at": row["at"],
             "words": open_kept(work.house, row["report_id"], row["envelope"], keys)}
            for row in held
        ],
    )  # fmt: skip


def _screen_words(work: Work, texts: Sequence[Body]) -> None:
    if not texts:
        return
    growths = load(work, sorted({text["report_id"] for text in texts}), roster_of(work.house))
    for text in texts:
        growth = growths[text["report_id"]]
        row = growth.row
        place = Place(growth.procedure, growth.roster, row["provider"], row["home"], row["received_at"])
        known = {p for one in growth.state.subjects.values() for p in (one.person, *one.might_be) if p}
        read = read_words(text["words"], place, known)
        if growth.alert is None:
            standing = records.open_alert(work.conn, growth.report_id)
            growth.alert = dict(standing) if standing else None
        growth.add(*found(read, text["at"], work.now, already=growth.concerns()))
        row["priority"] = higher(row["priority"], read.screened.priority)
        if read.screened.flagged:
            row["closed_at"] = None  # what was closed is open again when something new is said
            if growth.alert is None:
                growth.raise_alert(read.screened.priority)
            elif higher(growth.alert["priority"], read.screened.priority) != growth.alert["priority"]:
                growth.alert["priority"] = higher(growth.alert["priority"], read.screened.priority)
                growth.alert["next_call_at"] = work.now
        _say_screened(work, growth, read, str(text["id"]))
    write(work, list(growths.values()))


def hear_pages(work: Work, bodies: Sequence[Body]) -> None:
    """Keep as evidence that intake called the ladder itself. A report that never came is not known here: no row."""
    growths = load(work, sorted({str(body["report_id"]) for body in bodies}), roster_of(work.house))
    for body in bodies:
        growth = growths.get(str(body["report_id"]))
        if growth is not None:
            data = {"whom": list(body["whom"]), "channel": body["channel"], "by": "intake"}
            growth.add(NewHappening("ladder_paged", min(body["at"], work.now), "system", None, data))
    write(work, list(growths.values()))


def hear_messages(work: Work, facts: Sequence[Fact]) -> None:
    """A call was handed over, or could not be: evidence either way. Failing is no reason to call less."""
    calls = {}
    for fact in facts:
        about = fact.body["about"]
        if about.get("alert_id") and about.get("attempt") is not None:
            calls[str(about["alert_id"]), int(about["attempt"])] = fact
    if not calls:
        return
    outcomes = {
        key: {"channel": fact.body["channel"], **(
            {"failed_at": fact.body["at"], "why": str(fact.body["why"])[:200]} if fact.name == "message_failed"
            else {"sent_at": fact.body["at"]}
        )}
        for key, fact in calls.items()
    }  # fmt: skip
    made = records.store_calls(work.conn, outcomes)
    growths = load(work, sorted({call["report_id"] for call in made.values()}), roster_of(work.house))
    for key, call in made.items():
        fact, growth = calls[key], growths[call["report_id"]]
        failed = fact.name == "message_failed"
        data = {
            "alert": key[0],
            "attempt": key[1],
            "whom": call["person"] or call["contact"],
            "channel": fact.body["channel"],
        }
        growth.add(
            NewHappening("call_failed" if failed else "call_sent", min(fact.body["at"], work.now), "system", None, data)
        )
        if failed:
            records.call_now(work.conn, key[0], work.now)
    write(work, list(growths.values()))


def open_kept(house: House, report_id: str, envelope: Body, keys: Mapping[tuple[str, str], DataKey]) -> dict[str, str]:
    """The words of an envelope as it is stored here. Raises KeyError when its key is not among `keys`."""
    return house.vault.open_envelope({**envelope, "wraps": keys[report_id, envelope["class"]].wraps})


def _say_screened(work: Work, growth: Growth, read: Read, words_id: str | None) -> None:
    """The proof that safeguarding has a report (or later words), always, with what workflow must know to go on."""
    work.publish(
        "report_screened",
        {
            "report_id": growth.report_id, "words_id": words_id, "screened_at": work.now.isoformat(),
            "priority": read.screened.priority,
            "concerns": [{"concern": key, "because": list(why)} for key, why in read.screened.concerns.items()],
            "subjects": [one.as_json() for one in read.subjects],
            "alert_id": growth.alert["id"] if growth.alert else None, **growth.place,
        },
    )  # fmt: skip


def _words_row(
    words_id: str, report_id: str, sort: str, at: datetime, envelope: Body, *, held: bool = False
) -> dict[str, Any]:
    return {"id": words_id, "report_id": report_id, "sort": sort, "at": at, "envelope": _bare(envelope), "held": held}


def _bare(envelope: Body | None) -> dict[str, Any] | None:
    """An envelope as it is stored: without its key, which stands in the table of keys and is destroyed there."""
    if envelope is None:
        return None
    return {
        "key": envelope["key"],
        "class": envelope.get("class") or envelope["retention"],
        "fields": envelope.get("fields") or envelope["fields_"],
    }
