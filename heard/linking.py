"""A second case grows out of the first: when it may, what the first ledger says of it, and how its own begins.

Owns the command `open_linked`, and `begins`, the first rows of the new case. The two are apart: neither shows the other
to anybody who may not see both. The new one carries no words, and of who complained only what its rule lets it carry;
whom the first is about, who stood down from it and what safeguarding found go with it, so that the wall stands in both.
"""

from __future__ import annotations

from typing import Any

from heard.casefile import CaseState
from heard.commands import Asked, Refused, command, holds_word, need
from heard.conditions import holds
from heard.happened import Subject
from heard.ledger import Happening, NewHappening
from heard.people import people_who_judge
from heard.procedure import LinkedCase
from heard.speaking_up import WHISTLEBLOWING, is_a_workers

WHO_COMPLAINED = "who complained"
"""The one word of `does_not_carry` that the engine acts on; words and addresses are never carried."""
KIND = "linked_case"
"""What a linked case is in the place of a complaint, a compliment or a comment."""


def may_open(state: CaseState, linked: LinkedCase) -> bool:
    """Whether people may open it by an act of its own: somebody asks for it, or another young person is concerned."""
    if not holds(linked.only_if, state):
        return False
    return bool(linked.asked_by) or (linked.about == "young_person" and _opened(state, linked.key))


@command("open_linked")
def open_linked(asked: Asked) -> tuple[NewHappening, ...]:
    """Somebody asks for a second case, or there is another young person to hear."""
    key = need(asked.data, "linked", "which kind")
    linked = next((one for one in asked.state.procedure.linked_cases if one.key == key), None)
    if linked is None or not may_open(asked.state, linked):
        raise Refused("This case does not give rise to such a second case.", linked.clause if linked else (),
                      "Answer the question that opens it, if there is one.")  # fmt: skip
    holds_word(asked, ("handler", "coordinates", *linked.asked_by), linked.clause, "open it")
    reason = need(asked.data, "reason", "a reason")
    return (opens(asked, linked, None, reason=reason),)


def opened_by_answer(asked: Asked, key: str, instance: str | None, because: str) -> NewHappening:
    """The row for the case that an answer opens; raises Refused when that answer has opened one before."""
    linked = next(one for one in asked.state.procedure.linked_cases if one.key == key)
    if any(moment.data.get("because") == because and moment.data.get("instance") == instance
           for moment in asked.state.all("linked_case_opened")):  # fmt: skip
        raise Refused(f"It is open already: {linked.name}.", linked.clause, "Go on with it there.")
    return opens(asked, linked, instance, because=because)


def opens(asked: Asked, linked: LinkedCase, instance: str | None, **why: Any) -> NewHappening:
    """`linked_case_opened`; `case` is added by whoever opens it, and stays away where it runs outside the platform."""
    return asked.event("linked_case_opened", linked=linked.key, instance=instance,
                       asked_by=linked.asked_by[0] if linked.asked_by else None,
                       outside=linked.outside_platform or linked.starts_at is None or None,
                       without=list(linked.does_not_carry) or None, **why)  # fmt: skip


def _opened(state: CaseState, key: str) -> bool:
    return any(moment.data.get("linked") == key for moment in state.all("linked_case_opened"))


# ---------------------------------------------------------------- the ledger of the new case


def begins(first: CaseState, first_id: str, row: Happening) -> tuple[NewHappening, ...]:
    """The first rows of the case that `row` of the case `first_id` opens: received, linked, walled, screened, begun."""
    linked = next(one for one in first.procedure.linked_cases if one.key == row.data["linked"])
    new = [
        NewHappening("received", row.at, row.by, None, _received(first, linked, row)),
        NewHappening("linked_to", row.at, "system", None, {"case": first_id, "linked": linked.key}),
    ]
    new += [NewHappening("named", one.at, "system", None, _named(one)) for one in first.subjects.values()]
    for found in first.open_concerns:
        known = {"concern": found.concern, "known_at": found.known_at.isoformat(), "by_screen": found.by_screen}
        new.append(NewHappening("concern_found", found.at, "screen", None, known | {"because": [KIND]}))
        if found.confirmed_at:
            confirmed = {"concern": found.concern}
            new.append(NewHappening("concern_confirmed", found.confirmed_at, "system", None, confirmed))
    new.append(NewHappening("screened", first.screened_at or row.at, "screen", None, {"because": KIND}))
    new += [
        NewHappening("stood_down", row.at, "system", None, {
            "part": moment.data.get("part"), "person": moment.data["person"], "why": moment.data.get("why"),
            "conflict": True,
        })
        for moment in first.all("stood_down") if moment.data.get("conflict", True)
    ]  # fmt: skip
    opened = {"stage": linked.starts_at, "because": KIND}
    new.append(NewHappening("stage_opened", row.at, "system", linked.starts_at, opened))
    return tuple(new)


def _received(first: CaseState, linked: LinkedCase, row: Happening) -> dict[str, Any]:
    """What is said of it: where and what it is about, not how or by whom the first case came."""
    kept = ("provider", "home", "operator", "about_a_child", "category", "matter", "severity", "facts")
    data = {key: first.received[key] for key in kept if first.received.get(key) is not None}
    children = first.received.get("children") or ()
    if linked.about != "young_person" or len(children) == 1:  # of several, nobody has said which one this is about
        data["children"] = list(children)
    if linked.about == "young_person":
        data["about_a_child"] = True
    if is_a_workers(first):
        data["grew_from"] = WHISTLEBLOWING
    asked_by = row.data.get("asked_by")
    if asked_by:  # an appeal against what was decided: whoever decided it does not judge it again
        judged = sorted(people_who_judge(first.procedure, first))
        data |= {"complainant": asked_by, "contactable": True, "judged": judged}
    elif WHO_COMPLAINED not in linked.does_not_carry:
        who = ("complainant", "anonymous", "contactable", "on_behalf")
        data |= {key: first.received[key] for key in who if first.received.get(key) is not None}
    else:
        data["contactable"] = False
    heads = [{"key": linked.key}]
    return data | {"kind": KIND, "linked": linked.key, "made": row.at.isoformat(), "heads": heads}


def _named(subject: Subject) -> dict[str, Any]:
    kept = ("person", "roles", "identified", "might_be", "works_for")
    data = {"subject": subject.key} | {name: getattr(subject, name) for name in kept}
    data |= {name: list(data[name]) for name in ("roles", "might_be")}
    return {key: value for key, value in data.items() if value is not None}
