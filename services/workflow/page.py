"""What a member of staff sees of a case: where it stands, what is owed and why, who does what, what they may do now.

Everything is derived from the ledger at the moment of looking. Opening a case is recorded, and safeguarding hears of it
when something had been said that nobody had read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from heard.case import Actor, actions
from heard.casefile import CaseState, replay
from heard.clock import is_safeguardings, reckon
from heard.commands import Asked, is_lead
from heard.exclusions import struck
from heard.imported import BY, is_unknown
from heard.ledger import Happening, to_json
from heard.people import Roster, onlookers
from heard.procedure import Procedure
from heard.speaking_up import is_a_workers
from services.chassis.errors import NotFound
from services.chassis.house import House
from services.workflow import casebook, investigation, kept, linking, named, outcomes, sealed, shown
from services.workflow.acting import is_done_elsewhere
from services.workflow.own_words import put_back
from services.workflow.registering import reference_in
from services.workflow.sentences import sentence
from services.workflow.writing_to_us import wrote_since_the_end


def case(house: House, person_id: str, case_id: str, *, to_read: bool = False) -> dict[str, Any]:
    """The case page. Raises NotFound for a case that does not exist or is not for this person; Stale.

    ``to_read``: what was said is laid before them, and is unread no longer when they come again.
    """
    roster = house.roster()
    with house.db.seen_by(person_id) as conn:
        row = shown.the_case(conn, person_id, case_id)
        if row is None:
            raise NotFound
        said = shown.its_words(conn, person_id, case_id)
        rows = shown.its_ledger(conn, person_id, case_id)  # after the words: none of them is shown without its row
        seen = shown.seen_up_to(conn, person_id, case_id)
        others = shown.linked_cases(conn, person_id, linking.named_in(rows))
    with house.working() as work:
        last = kept.last_read(work.conn, case_id)
        if last is None or any(one.at > last for one in said):
            about = {"operator": row.operator, "provider": row.provider, "home": row.home, "report_id": row.report_id}
            work.publish("case_opened", about | {"case_id": case_id, "by": person_id, "at": work.now.isoformat()})
        kept.note_read(work.conn, [case_id], person_id, "case", work.now)
        words = sealed.opened(house.vault, work.conn, said)
        now = work.now
    rows = linking.without_others(rows, others)
    state = replay(house.procedures.pinned(row.procedure_version), rows)
    procedure = state.procedure
    calendars = house.calendars(procedure)
    actor = Actor(person_id, roster.roles_of(person_id, now, row.provider, row.home))
    lead = is_lead(Asked(state, "", {}, actor, now, calendars, roster))
    own_reference, withheld = reference_in(rows, words), _withheld(state, person_id, roster, now)
    if withheld:
        said, words = [], {}
    elif to_read:
        with house.working() as work:
            kept.note_seen(work.conn, case_id, person_id, state.seq)
    name, called = _names(roster, procedure), named.called(words)
    every = reckon(state, calendars, now)
    dues = [due for due in every if not is_safeguardings(due, procedure) and not is_unknown(state, due)]
    happened = [_row(one, state, name, _own(one, words)) for one in (rows if lead else _discreet(rows))]
    return {
        "case_id": case_id,
        "report_id": row.report_id,
        "reference": row.reference,
        "own_reference": own_reference,
        "operator": row.operator,
        "provider": row.provider,
        "home": row.home,
        "procedure": _version(procedure, rows),
        "received_at": row.received_at.isoformat(),
        "imported": state.received.get("imported"),
        "screened": state.screened,
        "state": row.state,
        "outcome": state.outcome,
        "wrote_since": (wrote := wrote_since_the_end(state)) and wrote.isoformat(),
        "stage": _stage(procedure, state.stage),
        "seq": state.seq,
        "received": dict(state.received),
        "journey": _journey(state),
        "found": outcomes.found(state),
        "dues": [due.as_json() | {"about": named.whom(state, due.instance, name, called)} for due in dues],
        "investigations": investigation.investigations(state, dues, {one["seq"]: one for one in happened}),
        "on_hold": [_hold(procedure, hold) for hold in state.on_hold.values()],
        "actions": [
            _action(one) | {"about": named.whom(state, one.data.get("instance"), name, called)}
            for one in actions(state, actor, now, calendars, roster)
            if not is_done_elsewhere(procedure, one.name, one.data)
        ],
        "decided": outcomes.decided(state, name),
        "promised": outcomes.promised(state, rows, words, name),
        "linked": linking.shown_links(state, others),
        "people": named.people(state, name),
        "about": named.about(state, name, called),
        "panel": named.panel(state, name),
        "heads": named.heads(state),
        "consent": dict(state.consent),
        "concerns": [named.concern(procedure, one) for one in state.concerns.values()],
        "read_by": _read_by(house, person_id, case_id, name) if lead else None,
        "exclusions": len(struck(procedure, state, roster)) if lead else None,
        "withheld": withheld,
        "words": _unread_first([one for one in said if _may_read(one, state, lead)], words, rows, seen),
        "outside": outcomes.outside(procedure, state),
        "ledger": happened,
    }


def _read_by(house: House, person_id: str, case_id: str, name: Any) -> list[dict[str, Any]]:
    """Who has read the case, for the lead: whoever looked last stands first. Never what they read in it."""
    with house.db.seen_by(person_id) as conn:
        rows = shown.who_read(conn, person_id, case_id)
    return [
        {"person": row.person_id, "name": name(row.person_id), "what": row.what, "times": row.times,
         "first": row.first.isoformat(), "last": row.last.isoformat()}
        for row in rows
    ]  # fmt: skip


def letters_read(house: House, person_id: str, case_ids: Sequence[str]) -> None:
    """Record that somebody reads letters of these cases elsewhere than on their pages; of others, nothing."""
    with house.db.seen_by(person_id) as conn:
        theirs = shown.which_of(conn, person_id, case_ids)
    with house.working() as work:
        kept.note_read(work.conn, theirs, person_id, "letters", work.now)


def ledger(house: House, person_id: str, case_id: str) -> dict[str, Any]:
    """The rows of a case, as they stand, and whether their chain is whole. Raises NotFound."""
    with house.db.seen_by(person_id) as conn:
        row = shown.the_case(conn, person_id, case_id)
        if row is None:
            raise NotFound
        rows = shown.its_ledger(conn, person_id, case_id)
        rows = linking.without_others(rows, shown.linked_cases(conn, person_id, linking.named_in(rows)))
    roster, procedure = house.roster(), house.procedures.pinned(row.procedure_version)
    with house.working() as work:
        kept.note_read(work.conn, [case_id], person_id, "ledger", work.now)
        whole = casebook.is_whole(work.conn, case_id)
        actor = Actor(person_id, roster.roles_of(person_id, work.now, row.provider, row.home))
        state, calendars = replay(procedure, rows), house.calendars(procedure)
        lead = is_lead(Asked(state, "", {}, actor, work.now, calendars, roster))
    return {
        "case_id": case_id,
        "reference": row.reference,
        "whole": whole,
        "happenings": [to_json(one) for one in (rows if lead else _discreet(rows))],
    }


def _withheld(state: CaseState, person_id: str, roster: Roster, now: datetime) -> bool:
    """Whether what was said is kept from this person: they only look in, and it is or may be about safeguarding."""
    reads = onlookers(state.procedure, state, roster, now).get(person_id, True)
    return not reads and any(one.cleared_at is None for one in state.concerns.values())


def _discreet(rows: Sequence[Happening]) -> list[Happening]:
    """The rows without whom the words could have meant: which colleagues were suspected is the lead's to know."""
    return [replace(one, data={**one.data, "might_be": []}) if one.data.get("might_be") else one for one in rows]


def _version(procedure: Procedure, rows: Sequence[Happening]) -> dict[str, str]:
    """By which version of which procedure it goes, and with which it began: it may have gone over to another one."""
    began = next((str(one.data["from"]) for one in rows if one.event == "procedure_changed"), procedure.version)
    return {"key": procedure.key, "name": procedure.name, "version": procedure.version, "began_with": began}


def _names(roster: Roster, procedure: Procedure) -> Any:
    contacts = {one.key: one.name for one in procedure.contacts} | {one.key: one.name for one in procedure.roles}

    def name(who: str) -> str:
        person = roster.people.get(who)
        return (
            person.name
            if person
            else contacts.get(who, "somebody who left" if len(who) == 32 else who.replace("_", " "))
        )

    return name


def _stage(procedure: Procedure, key: str | None) -> dict[str, Any] | None:
    return {"key": key, "name": procedure.stage(key).name} if key else None


def _journey(state: CaseState) -> list[dict[str, Any]]:
    """The stages on this case's way: those it was in, then those still ahead of the present one."""
    steps: list[dict[str, Any]] = [
        {
            "key": visit.stage,
            "name": state.procedure.stage(visit.stage).name,
            "status": "now" if visit is state.visit else "done",
            "opened_at": visit.opened_at.isoformat(),
            "left_at": visit.left_at.isoformat() if visit.left_at else None,
        }
        for visit in state.visits
    ]
    been = {visit.stage for visit in state.visits}
    here = state.visits[-1].stage if state.visits else None
    while here is not None and state.is_open:
        ahead = [way.to for way in state.procedure.stage(here).ways_on if not way.back and way.to not in been]
        here = ahead[0] if ahead else None
        if here is not None:
            been.add(here)
            name = state.procedure.stage(here).name
            steps.append({"key": here, "name": name, "status": "ahead", "opened_at": None, "left_at": None})
    return steps


def _hold(procedure: Procedure, hold: Any) -> dict[str, Any]:
    rule = next((one for one in procedure.suspensions if one.key == hold.rule), None)
    return {
        "rule": hold.rule,
        "says": rule.says if rule else hold.rule,
        "clause": list(rule.clause) if rule else [],
        "heads": list(hold.heads) or "case",
        "since": hold.since.isoformat(),
        "review_by": hold.review_by.isoformat() if hold.review_by else None,
        "withheld": hold.withheld,
    }


def _action(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label,
        "allowed": one.allowed,
        "why_not": one.why_not,
        "instead": one.instead,
        "clause": list(one.clause),
        "needs": _as_json(asdict(one.needs)),
        "data": _as_json(one.data),
        "example": _as_json(one.example),
    }


def _as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _as_json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(one) for one in value]
    return value


def _unread_first(
    said: Sequence[Any], texts: Mapping[str, Mapping[str, str]], rows: Sequence[Happening], seen: int | None
) -> list[dict[str, Any]]:
    """What was said, oldest first, but before it what this person was not shown yet; to a newcomer all of it is new.

    Not by its hour: what safeguarding read late came late, whenever it was written.
    """
    came = {str(one.data.get("words")): one.seq for one in rows if one.event == "words_screened"}
    found = [
        {"id": one.id, "sort": one.sort, "at": one.at.isoformat(), "fields": named.as_told(texts[one.id]),
         "unread": seen is None or came.get(one.id, 0) > seen}
        for one in said
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one["unread"])


def _may_read(row: Any, state: CaseState, lead: bool) -> bool:
    """What staff wrote stands with its row of the ledger; who a worker is who speaks up is for the lead alone."""
    hidden = row.sort == sealed.CONTACT and is_a_workers(state) and not lead
    return not hidden and not row.sealed_for.startswith("words/")


def _own(row: Happening, words: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    return words.get(str(row.data.get("words")), {})


_NOBODYS = {"complainant": "the complainant", "screen": "the screen", "system": "Heard", BY: "an earlier log"}
"""Who writes rows and is no member of staff."""


def _row(row: Happening, state: CaseState, name: Any, own: Mapping[str, str]) -> dict[str, Any]:
    """A row as it is shown: its sentence, who did it, and what they wrote."""
    mine = {place.split(":", 1)[1]: text for place, text in own.items() if ":" in place}
    whole = Happening(row.seq, row.event, row.at, row.written_at, row.by, row.stage, put_back(row.data, mine))
    return {
        "seq": row.seq,
        "event": row.event,
        "at": row.at.isoformat(),
        "written_at": row.written_at.isoformat(),
        "by": row.by,
        "by_name": _NOBODYS.get(row.by) or name(row.by),
        "stage": row.stage,
        "sentence": sentence(whole, state, name),
        "letter": own.get("words"),
        "data": whole.data,
    }
