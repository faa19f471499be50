"""What the person who complained may read: where it stands, what happens next, and each promise with its day.

Owns the plain words of the follow-up page. It says nothing of concerns, of who is complained about, of what is on hold
when that must not be told, or of duties that are not owed to the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from heard.casefile import CaseState
from heard.derivation import Due
from heard.instants import LONDON, hour_in_words
from heard.procedure import Procedure
from heard.speaking_up import may_choose

_YOURS = frozenset({"complainant", "young_person", "parent", "advocate"})


@dataclass(frozen=True, slots=True)
class Promise:
    """Something owed to the reader: by which day, whether it was kept, and which clause promises it."""

    says: str
    by: date | datetime | None
    status: str
    why: str
    moved: str | None = None
    """Which day it was before: the calendar or the rules changed, or more time was taken."""


@dataclass(frozen=True, slots=True)
class PublicView:
    """The page: one sentence on where it stands, what happens next, and the promises."""

    status: str
    next: tuple[str, ...]
    promises: tuple[Promise, ...]


def public_view(state: CaseState, dues: Sequence[Due], now: datetime) -> PublicView:
    """The page at `now`, from lines that `heard.clock.reckon` gave for the same case and time."""
    return PublicView(_status(state), tuple(_next(state, dues)), tuple(_promises(state, dues)))


_GOOD_WORDS = {
    "compliment": ("Your thanks were passed on, and are written down.", "We are passing on the good thing you said."),
    "comment": ("We have thought about your comment, and are done with it.", "We are thinking about what you said."),
}
"""How it stands with what was no complaint: when it is closed, and until then."""


def _status(state: CaseState) -> str:
    other = _GOOD_WORDS.get(str(state.received.get("kind")))
    if other and state.visits and not state.procedure.stage(state.visits[-1].stage).settles and not state.on_hold:
        if state.closed_at is not None:
            return other[0]
        if state.visit is not None and state.screened and state.withdrawn_at is None:
            return other[1]
    if state.closed_at is not None:
        return (
            "Your complaint is closed."
            if state.outcome != "withdrawn"
            else "You took your complaint back. It is closed."
        )
    if state.passed_to is not None:
        return "Your complaint was passed to the organisation that has to answer it."
    if state.withdrawn_at is not None:
        return "You took your complaint back. We are finishing what we still owe you."
    visit = state.visit
    if visit is None or not state.screened:
        return "We have what you told us. Somebody reads every report first to check that you and others are safe."
    name = state.procedure.stage(visit.stage).name
    if any(hold.withheld for hold in state.on_hold.values()):
        return f"We are working on what you told us. This step is called {name}."
    if state.on_hold:
        return (
            "Part or all of your complaint is on hold while something else is looked into first. "
            f"This step is called {name}."
        )
    if state.first("responded", visit.number) is not None:
        return f"We have answered you. This step is called {name}."
    return f"We are working on your complaint. This step is called {name}."


def day_in_words(moment: date | datetime) -> str:
    """'Tuesday 22 December 2026', with the London time where there is one."""
    if isinstance(moment, datetime):
        return f"{moment.astimezone(LONDON):%A %-d %B %Y} at {hour_in_words(moment)}"
    return f"{moment:%A %-d %B %Y}"


def promised(procedure: Procedure, stage: str | None, duty: str) -> str | None:
    """How the duty is put to the person it is owed to; None for one that says nothing to them."""
    return procedure.duty(duty, stage).promise


def _said(state: CaseState, due: Due) -> str:
    if due.kind == "promised":
        return due.says.replace("Do what was", "We do what we", 1)
    return promised(state.procedure, due.stage, due.duty) or due.says


def _shown(state: CaseState, dues: Sequence[Due]) -> list[Due]:
    return [due for due in dues if _is_shown(state, due)]


def _is_shown(state: CaseState, due: Due) -> bool:
    return bool(
        due.kind in ("duty", "promised") and due.strength != "comparison" and (due.starts or due.due)
        and (_YOURS & {*due.to} or (due.kind == "duty" and promised(state.procedure, due.stage, due.duty)))
        and due.status not in ("lapsed", "waiting")
    )  # fmt: skip


def is_promised(state: CaseState, due: Due) -> bool:
    """Whether a line is a promise to the person who complained, or their time to ask for the next step."""
    window = due.kind == "window" and due.status == "running" and "complainant" in due.to
    return window or _is_shown(state, due)


def _next(state: CaseState, dues: Sequence[Due]) -> list[str]:
    if state.closed_at is not None and state.received.get("kind") == "compliment":
        return ["There is nothing you need to do now."]
    if state.closed_at is not None:
        return ["If you are still not happy, you can talk to us, to an advocate, or to an outside body at any time."]
    told: list[str] = []
    if state.passed_to is not None:
        told.append("You can still write to us here, and to an advocate or an outside body at any time.")
    for due in _shown(state, dues):
        if due.status == "running" and due.due is not None:
            told.append(f"{_said(state, due)}: by {day_in_words(due.due)}.")
        elif due.status == "late":
            told.append(f"{_said(state, due)}: this is late. You do not have to do anything; somebody senior is told.")
        elif due.status == "paused":
            told.append(f"{_said(state, due)}: there is no day yet. We will give you one when we can go on.")
    for due in dues:
        if due.kind == "window" and due.status == "running" and "complainant" in due.to and due.due is not None:
            told.append(
                f"If you are not happy with our answer, you can ask us to look again until {day_in_words(due.due)}."
            )
    if state.is_open and may_choose(state):
        grievance = any("grievance" in (moment.data.get("offers") or ()) for moment in state.all("stage_opened"))
        told.append(
            "You work or worked here, so you can choose. We can deal with it as whistleblowing: then fewer people see "
            f"it, and not who you are.{' Or as a grievance.' if grievance else ''} Write to us here what you want."
        )
    if state.received.get("anonymous") and any(due.status == "running" for due in _shown(state, dues)):
        told.append(
            "You did not say who you are, so we write to you here. "
            "If you want us to come and see you, tell us here how."
        )
    return told or ["There is nothing you need to do now."]


_WORDS = {"met": "kept", "met late": "kept, but late", "late": "late", "running": "to come", "paused": "no day yet",
          "excused": "let go, and the reason is written down"}  # fmt: skip


def _promises(state: CaseState, dues: Sequence[Due]) -> list[Promise]:
    hidden = any(hold.withheld for hold in state.on_hold.values())
    found = []
    for due in _shown(state, dues):
        status = "to come" if due.status == "paused" and hidden else _WORDS[due.status]
        found.append(Promise(_said(state, due), due.due, status, _why(due), _moved(due)))
    return found


def _moved(due: Due) -> str | None:
    if not due.derivation.moved:
        longer = due.derivation.extended and due.first_due and due.first_due != due.due
        return f"We had said {day_in_words(due.first_due)}. We need more time." if longer and due.first_due else None
    last = due.derivation.moved[-1]
    before = f"We had said {day_in_words(last.was)}. " if last.was else ""
    return f"{before}{last.why}, so the day is another."


def _why(due: Due) -> str:
    clause = f" ({', '.join(due.clause)})" if due.clause else ""
    whose = {"policy": "Our rules say so", "law": "The law says so"}.get(due.source, "We set ourselves this time")
    return f"{whose}: {due.within}{clause}."
