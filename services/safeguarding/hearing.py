"""What safeguarding does with each fact it hears: reports, pages that intake sent, messages that arrived.

Many facts are handled in one transaction with few statements. A report is opened once, however often and by whichever
way it comes: the record's own key says whether it is new. What is said after a report is in `later_words`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from heard.ledger import NewHappening
from heard.procedure import Procedure
from heard.roster import Roster
from services.chassis.claim import in_turn
from services.chassis.work import Fact, Work
from services.safeguarding import past, records
from services.safeguarding.growing import Growth, grown, load, write
from services.safeguarding.later_words import take_up_held
from services.safeguarding.opening import Read, opened, read_report
from services.safeguarding.said import bare, place_of, roster_of, say_screened, words_row
from services.safeguarding.triage import ask_the_lead
from services.safeguarding.unread import wait_for_a_reader

Body = Mapping[str, Any]


def open_reports(work: Work, reports: Sequence[Body]) -> set[str]:
    """Open a record for each report that has none yet; returns the ids that were new. Bodies as `read_fact` gives.

    One of an earlier log (`imported_at`) calls nobody: what looks like safeguarding in it is listed for the lead.
    """
    house, roster = work.house, roster_of(work.house)
    bodies = {str(body["report_id"]): body for body in reports}
    in_turn(work.conn, bodies)
    keys, rows, ready = [], [], {}
    to_read: dict[str, past.Row] = {}
    for report_id, body in bodies.items():
        in_force = house.procedures.judging if body.get("imported_at") else house.procedures.in_force
        procedure = in_force(body["procedure"], body["received_at"].date())
        keys.append(house.vault.envelope_key(report_id, body["words"]))
        if body["contact"]:
            keys.append(house.vault.envelope_key(report_id, body["contact"]))
        place = place_of(house, procedure, roster, body)
        contact = house.vault.open_envelope(body["contact"]) if body["contact"] else {}
        read = read_report(body, house.vault.open_envelope(body["words"]), place, contact)
        if body.get("imported_at"):
            to_read |= past.worth_reading(report_id, read, work.now)
            read = past.calling_nobody(read)
        growth = _fresh(work, body, read, procedure, roster)
        ready[report_id] = (growth, read)
        rows.append(growth.row)
    new = records.open_new(work.conn, rows)
    if not new:
        return new
    past.list_for_the_lead(work.conn, [to_read[report_id] for report_id in new if report_id in to_read])
    house.vault.keep(work.conn, *(key for key in keys if key.case_id in new))
    records.keep_words(
        work.conn,
        [
            words_row(report_id, report_id, "report", bodies[report_id]["received_at"], bodies[report_id], work.now)
            for report_id in new
        ],
    )
    growths = [growth for report_id, (growth, _) in ready.items() if report_id in new]
    begun = write(work, growths, fresh=True)
    for growth in growths:
        say_screened(work, growth, ready[growth.report_id][1], None, begun[growth.report_id])
    take_up_held(work, new)
    return new


def _fresh(work: Work, body: Body, read: Read, procedure: Procedure, roster: Roster) -> Growth:
    row = {
        "report_id": body["report_id"], "reference": body["reference"],
        "operator": body["operator"], "provider": body["provider"], "home": body["home"],
        "procedure_version": procedure.version, "received_at": body["received_at"], "screened_at": work.now,
        "priority": read.screened.priority, "readable": read.screened.readable, "seq": 0,
        "roster_version": roster.version, "identified": all(one.identified for one in read.subjects),
        "closed_at": None, "contact": bare(body["contact"]), "read_due_at": None, "triage_due_at": None,
    }  # fmt: skip
    growth = grown(work, str(body["report_id"]), row, procedure, (), roster)
    growth.add(*opened(body, read, work.now))
    if not body.get("imported_at"):
        if read.screened.flagged:
            growth.raise_alert(read.screened.priority)
        wait_for_a_reader(work.house, growth, work.now, readable=read.screened.readable)
        ask_the_lead(work.house, growth, work.now)
    growth.row["seq"] = growth.state.seq
    return growth


def hear_pages(work: Work, bodies: Sequence[Body]) -> None:
    """Keep as evidence that intake called the ladder itself. A report that never came is not known here: no row."""
    growths = load(work, sorted({str(body["report_id"]) for body in bodies}), roster_of(work.house))
    for body in bodies:
        growth = growths.get(str(body["report_id"]))
        if growth is not None:
            data = {"whom": list(body["whom"]), "channel": body["channel"], "by": "intake"}
            growth.add(NewHappening("ladder_paged", min(body["at"], work.now), "system", None, data))
    write(work, list(growths.values()))


def hear_calls(work: Work, facts: Sequence[Fact]) -> None:
    """A call was handed over, or could not be: evidence either way. Failing is no reason to call less.

    One call may go by e-mail and by text: it failed when neither got through.
    """
    calls = [((str(fact.body["alert_id"]), int(fact.body["attempt"])), fact) for fact in facts]
    outcomes: dict[tuple[str, int], dict[str, Any]] = {}
    for key, fact in calls:
        became = outcomes.setdefault(key, {})
        if fact.name == "call_sent":
            became |= {"channel": fact.body["channel"], "sent_at": fact.body["at"]}
        elif not fact.body["goes_on"]:
            became |= {"channel": fact.body["channel"], "failed_at": fact.body["at"], "why": fact.body["why"][:200]}
    made = records.store_calls(work.conn, outcomes)
    growths = load(work, sorted({call["report_id"] for call in made.values()}), roster_of(work.house))
    for key, fact in calls:
        if (call := made.get(key)) is None:
            continue
        growth = growths[call["report_id"]]
        data = {
            "alert": key[0],
            "attempt": key[1],
            "whom": call["person"] or call["contact"],
            "channel": fact.body["channel"],
        } | ({"why": fact.body["why"][:200]} if fact.name == "call_failed" else {})
        growth.add(NewHappening(fact.name, min(fact.body["at"], work.now), "system", None, data))
        if fact.name == "call_failed" and not fact.body["goes_on"]:
            records.call_now(work.conn, key[0], work.now)
    write(work, list(growths.values()))
