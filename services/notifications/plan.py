"""Which messages follow from what happened: one for each person, body or party that a row of the ledger concerns.

Nothing is sent here and nothing is read: a row goes in, the messages that it asks for come out, each with the key that
makes it the same message however often its fact arrives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from heard.letter_facts import asked_for, is_looked_into
from heard.procedure import Procedure
from heard.roster import Roster
from services.notifications.memory import Case

Kind = Literal["person", "contact", "party"]
BY_WORD_OF_MOUTH = ("in_person", "telephone")
_ABOUT = ("duty", "rule", "part", "step", "instance", "subject")
_ALARMS = ("route", "screening", "out_of_time")
_NOTICES = {"suspended": "complainant/on_hold", "extended": "complainant/longer",
            "procedure_changed": "complainant/new_rules"}  # fmt: skip
"""Rows that tell whoever complained of something else than an answer, and the letter that says it."""
_LETTERS = {
    "acknowledged": "acknowledged", "first_answered": "first_answer", "progress_told": "progress",
    "responded": "responded", "refused_late": "refused_late", "closed": "closed",
}  # fmt: skip
"""The letter in which somebody's words go out; a plain one for every other row."""
FORM, FORM_FAILED = "outside/form", "staff/form_failed"
"""A form for a body outside, and the task of whoever sent it when it could not be delivered. Nobody else sees these."""
NOT_REACHED = "staff/not_reached"
TASKS = ("staff/could_not_tell", "staff/by_hand", NOT_REACHED, FORM_FAILED)
"""What a machine cannot do, and a named person is asked to."""
STANDING = "staff/standing"
WROTE = "staff/wrote"
"""That whoever complained wrote on their page, to whom it concerns: one notice for all of a while (`quiet`)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message that somebody should get. `facts` are ids and codes; `words` an envelope as it came, or None."""

    case_id: str
    kind: Kind
    whom: str
    template: str
    about: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] | None = None
    urgent: bool = False
    after: datetime | None = None
    """Not before this moment; None: as soon as it may."""
    way: Literal["email", "text"] | None = None
    """The only way this one goes; None: whichever reaches them."""

    @property
    def key(self) -> str:
        """The same for the same message, whenever and however often it is asked for."""
        name = self.about.get("alert_id") or self.case_id
        turn = self.about.get("attempt") or self.about.get("seq") or self.about.get("message") or "receipt"
        turn = f"form {self.about['sent']}" if self.about.get("sent") else turn
        return f"{name}:{turn}:{self.kind}:{self.whom}{':text' if self.way == 'text' else ''}"


def receipt(body: Mapping[str, Any]) -> Wanted:
    """The receipt for a report from somebody who can be reached."""
    about = {"report_id": body["report_id"], "event": "received"}
    return Wanted(body["report_id"], "party", "complainant", "complainant/receipt", about, urgent=True)


def call(body: Mapping[str, Any], ways: Sequence[Literal["email", "text"]] = ("email",)) -> list[Wanted]:
    """A call of the ladder: to a person in each of the ways that reach them, or to a body outside."""
    about = {name: body[name] for name in ("alert_id", "report_id", "attempt")} | {"event": "ladder_called"}
    facts = {"attempt": body["attempt"], "alert_id": body["alert_id"]}
    if body.get("person"):
        templates = {"email": "staff/alert", "text": "text/alert"}
        return [
            Wanted(body["report_id"], "person", body["person"], templates[way], about, facts, urgent=True, way=way)
            for way in ways
        ]
    return [Wanted(body["report_id"], "contact", str(body["contact"]), "outside/alert", about, facts, urgent=True)]


def form(body: Mapping[str, Any], document: dict[str, Any]) -> Wanted:
    """A form that the safeguarding lead sends to a body outside, with the document sealed."""
    about = {"report_id": body["report_id"], "sent": body["seq"], "event": "form_handed_over"}
    facts = {"by": body["by"], "form": body["form"]}
    return Wanted(body["report_id"], "contact", body["contact"], FORM, about, facts, document, urgent=True, way="email")


def from_row(
    procedure: Procedure,
    case: Case,
    roster: Roster,
    row: Mapping[str, Any],
    letters: Sequence[Mapping[str, Any]],
    now: datetime,
) -> list[Wanted]:
    """The messages that one row of a case's ledger asks for, letters first. `case` stands after the row."""
    wanted = [one for letter in letters for one in _letter(procedure, case, roster, row, letter, now)]
    data = row.get("data") or {}
    if row["event"] == "assigned":
        wanted += _assigned(procedure, case, row, data)
    elif row["event"] == "escalated":
        wanted += _escalated(case, row, data)
    elif row["event"] in ("decided", "duty_excused"):
        wanted += _hear_of_it(case, row, data)
    elif row["event"] == "calendar_changed" and data.get("tell"):
        facts = {"turns": data["turns"], "promises": [one for one in data["moved"] if one["promised"]]}
        wanted.append(Wanted(case.id, "party", "complainant", "complainant/other_day", _about(case, row), facts))
    elif row["event"] in _NOTICES and any(case.is_complainant(one) for one in data.get("tell") or ()):
        about = {name: said for name, said in _about(case, row).items() if name != "duty"}  # that is not done by it
        wanted.append(Wanted(case.id, "party", "complainant", _NOTICES[row["event"]], about, _news(row, data)))
    return list({one.key: one for one in reversed(wanted)}.values())[::-1]


def _news(row: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """What the letter says of more time, of a hold, or of other rules."""
    moved = [one for one in data.get("changes") or () if one["promised"] and one["change"] != "otherwise"]
    return {
        "stage": row.get("stage"), "duty": data.get("duty"), "reason": data.get("reason"), "promises": moved,
        "due": data.get("until") or data.get("review_by"),
    }  # fmt: skip


def wrote(case: Case, row: Mapping[str, Any], person: str) -> Wanted:
    """The notice that whoever complained wrote: ids only, what they wrote is read on the case page."""
    about = {"case_id": case.id, "seq": row["seq"], "event": row["event"]}
    return Wanted(case.id, "person", person, WROTE, about)


def standing(body: Mapping[str, Any]) -> list[Wanted]:
    """A reminder of what is owed without any complaint, to each who owes it."""
    about = {"book_id": body["book_id"], "seq": body["seq"], "event": "standing_duty_reminded", "duty": body["duty"]}
    facts = {name: body[name] for name in ("duty", "when", "due", "many", "home")}
    return [Wanted(body["book_id"], "person", one, STANDING, about, facts) for one in body["whom"]]


def could_not_tell(failed: Mapping[str, Any], person: str, why: str) -> Wanted:
    """The task that follows from a message which did not get through. That of a form is nothing for the case's file.

    A standing duty is nothing for any: a place is no case, and has no ledger that would hear of it.
    """
    about = {"message": failed["id"], "event": "could_not_tell"}
    facts = {"whom_kind": failed["kind"], "whom": failed["whom"], "why": why}
    if failed["template"] == FORM:
        own = {"form": failed["facts"]["form"], "by": person}
        return Wanted(failed["case_id"], "person", person, FORM_FAILED, about, facts | own, urgent=True)
    if failed["template"] != STANDING:
        about |= {"case_id": failed["case_id"]}
    return Wanted(failed["case_id"], "person", person, TASKS[0], about, facts, urgent=True)


def not_reached(letter: Mapping[str, Any], person: str, why: str) -> Wanted:
    """The task that follows from a letter behind the code whose notice did not get through."""
    about = {"message": letter["id"], "event": "could_not_tell", "case_id": letter["case_id"]}
    facts = {"message": letter["id"], "why": why}
    return Wanted(letter["case_id"], "person", person, NOT_REACHED, about, facts, urgent=True)


def by_hand(letter: Mapping[str, Any], person: str) -> Wanted:
    """The task that follows from a letter to somebody who asked to be reached in a way that only a person can use."""
    about = {"message": letter["id"], "event": "by_hand", "case_id": letter["case_id"]}
    return Wanted(letter["case_id"], "person", person, TASKS[1], about, {"message": letter["id"]})


def _about(case: Case, row: Mapping[str, Any]) -> dict[str, Any]:
    data = row.get("data") or {}
    about = {"case_id": case.id, "seq": row["seq"], "event": row["event"], "stage": row.get("stage")}
    return about | {name: data[name] for name in _ABOUT if data.get(name) is not None}


def _assigned(procedure: Procedure, case: Case, row: Mapping[str, Any], data: Mapping[str, Any]) -> list[Wanted]:
    about = _about(case, row)
    duty = _hands_over(procedure, row.get("stage") or case.stage, str(data["part"]))
    if duty:
        about["duty"] = duty
    facts = {"part": data["part"], "duty": duty}
    if data.get("person"):
        return [Wanted(case.id, "person", data["person"], "staff/assigned", about, facts)]
    return [Wanted(case.id, "contact", str(data["contact"]), "outside/asked", about, facts)]


def _hands_over(procedure: Procedure, stage: str | None, part: str) -> str | None:
    """The stage's duty that handing the case over meets: one owed to just the holder of this part, met by telling."""
    words = {part, {"handles": "handler", "decides": "decider"}.get(part, part)}
    for duty in procedure.stage(stage).duties if stage else ():
        starts = duty.clock.after.events if duty.clock.after else ()
        if set(duty.to) <= words and duty.to and not duty.clock.met_by and "stage_opened" in starts:
            return duty.key
    return None


def _escalated(case: Case, row: Mapping[str, Any], data: Mapping[str, Any]) -> list[Wanted]:
    about = _about(case, row)
    duty = str(data.get("duty") or data.get("key") or "")
    facts = {"duty": duty, "stage": row.get("stage"), "clause": list(data.get("clause") or ()), "due": data.get("due"),
             "next": data.get("offers") or asked_for(duty)}  # fmt: skip
    if duty in _ALARMS:
        staff, theirs = "staff/needs_you", "complainant/notice"
    elif data.get("over"):
        staff, theirs = "staff/time_over", "complainant/ask_over"
    elif data.get("reminder"):
        staff, theirs = "staff/reminder", "complainant/ask_soon" if asked_for(duty) else "complainant/notice"
    else:
        staff, theirs = "staff/escalated", "complainant/late"
    return _each(case, data, staff, theirs, about, facts)


def _hear_of_it(case: Case, row: Mapping[str, Any], data: Mapping[str, Any]) -> list[Wanted]:
    """Whom an answer to a question tells, and whom it tells that something was let go. It meets no duty by itself."""
    about = {name: value for name, value in _about(case, row).items() if name != "duty"}
    facts = {"duty": str(data.get("decision") or data.get("duty")), "stage": row.get("stage")}
    name = "decided" if row["event"] == "decided" else "let_go"
    return _each(case, data, f"staff/{name}", f"complainant/{name}", about, facts)


def _each(
    case: Case, data: Mapping[str, Any], staff: str, theirs: str, about: dict[str, Any], facts: dict[str, Any]
) -> list[Wanted]:
    """A message to each whom the row tells: `theirs` to whoever complained, a bare notice to bodies outside."""
    found = [_to(one) for one in data.get("to") or ()]
    return [
        Wanted(case.id, kind, whom, theirs if case.is_complainant(whom) else staff if kind == "person" else
               "outside/notice", about, facts)
        for kind, whom in found
    ]  # fmt: skip


def _to(one: Mapping[str, Any]) -> tuple[Kind, str]:
    return one["kind"], str(one["key"])


def _letter(
    procedure: Procedure, case: Case, roster: Roster, row: Mapping[str, Any], letter: Mapping[str, Any], now: datetime
) -> list[Wanted]:
    to = str(letter["to"])
    about, words = _about(case, row), dict(letter["words"])
    facts = {"stage": row.get("stage") or case.stage, "dates": (row.get("data") or {}).get("dates_given") or {}}
    if case.is_complainant(to):
        stage = next((one for one in procedure.stages if one.key == facts["stage"]), None)
        answered = stage is None or is_looked_into(stage)
        sort = _LETTERS.get(row["event"], "letter") if answered else "thanks"
        return [Wanted(case.id, "party", to, f"complainant/{sort}", about, facts, words)]
    if to == "young_person" and (row.get("data") or {}).get("channel") in BY_WORD_OF_MOUTH:
        return []  # somebody said it to them; there is no address to write to
    if to == "named_person":
        persons = [s["person"] for s in case.subjects.values() if s["identified"] and s["person"]]
        return [
            Wanted(case.id, "person", p, "staff/letter", about, facts | {"as_subject": True}, words) for p in persons
        ]
    person = _person(procedure, case, roster, to, now)
    if person:
        return [Wanted(case.id, "person", person, "staff/letter", about, facts, words)]
    kind: Kind = "contact" if any(to in (one.key, one.is_) for one in procedure.contacts) else "party"
    return [Wanted(case.id, kind, to, "outside/letter", about, facts, words)]


def _person(procedure: Procedure, case: Case, roster: Roster, to: str, now: datetime) -> str | None:
    """The person that a who-word of a letter means: an id, the holder of a part, or of a role; never one kept away."""
    if to in roster.people:
        return to
    part = {"handler": "handles", "decider": "decides"}.get(to, to)
    if case.parts.get(part):
        return case.parts[part]
    if all(role.key != to for role in procedure.roles):
        return None
    away = case.kept_away(roster)
    holders = [one for one in roster.holders(to, case.provider, case.home, now) if one not in away]
    return next((one for one in holders if not roster.is_away(one, now)), holders[0] if holders else None)
