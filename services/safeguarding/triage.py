"""The lead's questions: what every concern of the procedure asks, answered about a report, at first and at each stage.

Step 2 of a complaint's journey, where a person does what the screen cannot: immediate danger first, the limbs of the
LADO's threshold one by one, then every other concern that the provider and its laws know. Each is answered yes, no or
not known. A yes raises and confirms the concern, whose clocks run from the first knowledge; a no clears one that was
found, with the reason; not known leaves everything as it stands. Whenever the complaint goes to another stage the same
is asked again: what nobody knew then may be known now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from heard.casefile import CaseState
from heard.happened import Moment
from heard.ledger import NewHappening
from heard.procedure import Concern, Procedure
from heard.read_aloud import quoted
from heard.vocabulary import LEAD
from services.chassis.errors import Invalid, Refused
from services.chassis.house import House
from services.chassis.work import Work
from services.safeguarding import deciding, records
from services.safeguarding.deciding import NO, NOT_KNOWN, YES
from services.safeguarding.growing import Growth, write
from services.safeguarding.models import records as the_records
from services.safeguarding.unread import until
from services.screening.screen import DANGER, THRESHOLD

ANSWERS = (YES, NO, NOT_KNOWN)
DECISIONS = {
    "safeguarding": "It is a safeguarding matter",
    "advice": "It is not clear yet: somebody outside is asked for advice",
    "none": "It is not a safeguarding matter",
}
ASKED, ANSWERED = "triage_asked", "triaged"
_FIRST = (DANGER, THRESHOLD)


def ask_the_lead(house: House, growth: Growth, since: datetime) -> None:
    """The questions are open from that moment on, by when the procedure says; an earlier day that is open stays."""
    by = until(house, growth.procedure, growth.procedure.screening.triage_within, since)
    growth.row["triage_due_at"] = min(filter(None, (growth.row["triage_due_at"], by)), default=None)


def hear_stages_opened(work: Work, growths: Mapping[str, Growth], bodies: Iterable[Mapping[str, Any]]) -> None:
    """A case went to another stage: the questions are asked again, once for each."""
    for body in bodies:
        growth = growths[body["report_id"]]
        case, place = str(body["case_id"]), int(body["seq"])
        if not any((one.data["case"], one.data["place"]) == (case, place) for one in growth.state.all(ASKED)):
            at, data = min(body["at"], work.now), {"case": case, "place": place, "stage": str(body["stage"])}
            growth.add(NewHappening(ASKED, at, "system", None, data))
            ask_the_lead(work.house, growth, at)
    write(work, [one for one in growths.values() if one.new])


def asked_in_order(procedure: Procedure) -> list[Concern]:
    """The concerns in the order in which they are asked about: danger now, the LADO's threshold, then as they stand."""
    return sorted(procedure.concerns, key=lambda one: _FIRST.index(one.key) if one.key in _FIRST else len(_FIRST))


def answered(
    state: CaseState, answers: Mapping[str, Any], decision: str, by: str, now: datetime
) -> tuple[NewHappening, ...]:
    """The rows of one answering: what was answered, and what follows of it.

    `answers` by concern: yes, no or not_known; of one of whose questions any yes is enough, the list of their answers.
    """
    whole = {one.key: _whole(one, answers.get(one.key)) for one in state.procedure.concerns}
    faults = {key: ["Answer yes, no or not known."] for key, said in whole.items() if said is None}
    faults |= {key: ["There is no such concern here."] for key in answers.keys() - whole.keys()}
    if decision not in DECISIONS:
        faults["decision"] = [f"Choose one of: {', '.join(DECISIONS)}."]
    if faults:
        raise Invalid(faults)
    said_yes = [key for key, said in whole.items() if said == YES]
    if decision == "none" and said_yes:
        says = {one.key: one.says for one in state.procedure.concerns}
        named = quoted(says[key] for key in said_yes)
        raise Refused(f"You answered yes to {named}.", None, "Decide that it is a safeguarding matter.")
    if decision == "safeguarding" and not said_yes:
        raise Refused("You answered yes to nothing.", None, "Answer yes to what makes it one, or ask for advice.")
    each = {key: list(said) for key, said in answers.items() if not isinstance(said, str)}
    data = {"answers": whole, "each": each, "decision": decision, "stage": _stage(state)}
    rows = [NewHappening(ANSWERED, now, by, None, data)]
    for key, said in whole.items():
        found = state.concerns.get(key)
        is_open = found is not None and found.cleared_at is None
        if said == YES and not (is_open and found is not None and found.confirmed_at is not None):
            rows += deciding.confirm(state, key, by, now)
            rows += () if is_open else _lead_knows(state.procedure, key, by, now)
        elif said == NO and is_open:
            rows += deciding.clear(state, key, by, now)
    return tuple(rows)


def _whole(concern: Concern, said: Any) -> str | None:
    if isinstance(said, str) or said is None:
        return said if said in ANSWERS else None
    limbs = list(said)
    if not concern.one_is_enough or len(limbs) != len(concern.asks_each) or not set(limbs) <= set(ANSWERS):
        return None
    return next((one for one in (YES, NOT_KNOWN) if one in limbs), NO)


def _stage(state: CaseState) -> str | None:
    asked = state.all(ASKED)
    return str(asked[-1].data["stage"]) if asked else None


def _lead_knows(procedure: Procedure, concern: str, by: str, now: datetime) -> list[NewHappening]:
    """Whoever answers is the lead: nobody has to call them about it as well."""
    rules = [one for one in procedure.notification_rules if concern in one.concern and LEAD in one.tell]
    told = {"whom": LEAD, "channel": "page", "by": by}
    return [NewHappening("told", now, by, None, {"rule": one.key, **told}) for one in rules]


def written(
    procedure: Procedure, answers: Mapping[str, Any], decision: str, reason: str, reasons: Mapping[str, str]
) -> str:
    """What is sealed beside the answers: the reason of the whole, and of each answer that has one of its own."""
    says = {one.key: one.says for one in procedure.concerns}
    lines = [f"{DECISIONS.get(decision, decision)}. {deciding.reason_given(reason)}"]
    for key, why in reasons.items():
        if key in says and why.strip():
            said = answers.get(key)
            word = f" ({said.replace('_', ' ')})" if isinstance(said, str) else ""
            lines.append(f"{says[key]}{word}: {deciding.reason_given(why)}")
    return "\n".join(lines)


def shown(state: CaseState, due_at: datetime | None) -> dict[str, Any]:
    """The questions with what was last answered, why they are asked, and by when."""
    moments: Sequence[Moment] = state.all(ANSWERED)
    last = moments[-1] if moments else None
    answers = dict(last.data["answers"]) if last else {}
    each = dict(last.data["each"]) if last else {}
    return {
        "due_at": due_at.isoformat() if due_at else None,
        "stage": _name_of(state.procedure, _stage(state)),
        "answered_at": last.at.isoformat() if last else None,
        "decision": last.data["decision"] if last else None,
        "decisions": [{"key": key, "says": says} for key, says in DECISIONS.items()],
        "questions": [
            {
                "concern": one.key, "says": one.says, "clause": list(one.clause), "asks": list(one.asks_each),
                "one_is_enough": bool(one.one_is_enough), "answer": answers.get(one.key), "each": each.get(one.key, []),
                "found": any(found.concern == one.key for found in state.open_concerns), "first": one.key in _FIRST,
            }
            for one in asked_in_order(state.procedure)
        ],
    }  # fmt: skip


def _name_of(procedure: Procedure, stage: str | None) -> str | None:
    return next((one.name for one in procedure.stages if one.key == stage), stage)


def to_answer(house: House, person_id: str) -> list[dict[str, Any]]:
    """The reports whose questions are open, for this person: the earliest day first; no words, no names but homes'."""
    asked = (
        select(the_records)
        .where(the_records.c.triage_due_at.is_not(None), records.visible_to(person_id, the_records.c.report_id))
        .order_by(the_records.c.triage_due_at)
        .limit(200)
    )
    now = house.clock.now()
    with house.db.seen_by(person_id) as conn:
        rows = conn.execute(asked).mappings().all()
    return [
        {
            "report_id": row["report_id"], "reference": row["reference"], "home": row["home"],
            "home_name": (house.who.entry("home", row["home"]) or {}).get("name", ""),
            "received_at": row["received_at"].isoformat(), "priority": row["priority"],
            "due_at": row["triage_due_at"].isoformat(), "late": row["triage_due_at"] <= now,
        }
        for row in rows
    ]  # fmt: skip
