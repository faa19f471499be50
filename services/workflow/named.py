"""Who and what the page of a case names: who holds which part, whom it is about, the things complained of, the panel.

Only ever asked for by ``page``, after the wall. Pure: ``name`` turns a person's id or a contact's key into a name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from heard.casefile import CaseState
from heard.procedure import Procedure


def people(state: CaseState, name: Any) -> list[dict[str, Any]]:
    """Who holds or held which part, and in which stage."""
    return [
        {"part": one.part, "who": one.who, "name": name(one.who), "outside": one.is_contact, "stage": one.stage,
         "stood_down": one.stood_down}
        for one in state.assignments
    ]  # fmt: skip


Called = Mapping[str, str]
"""Whom it is about by their key in the case, each as whoever told it called them: "the woman on nights"."""


def called(words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The same, out of the opened words of a case."""
    return {one["subject"]: _in_words(one) for said in words.values() for one in _listed(said)}


def as_told(said: Mapping[str, str]) -> dict[str, str]:
    """The fields of one telling as people read them: whom it is about, one on a line."""
    return {**said, "about": "\n".join(map(_in_words, _listed(said)))} if _listed(said) else dict(said)


def _listed(said: Mapping[str, str]) -> list[dict[str, str]]:
    """Whom a report names: intake writes a list; what was erased is a sentence and no list any more."""
    text = said.get("about") or ""
    found: list[dict[str, str]] = json.loads(text) if text.startswith("[{") else []
    return found


def _in_words(one: Mapping[str, str]) -> str:
    return ", ".join(text for key in ("name", "role", "words") if (text := one.get(key)))


def about(state: CaseState, name: Any, called: Called) -> list[dict[str, Any]]:
    """Whom it is about, as far as is known; `said` is how whoever told it called them."""
    return [
        {"subject": one.key, "person": one.person, "name": name(one.person) if one.person else None,
         "said": called.get(one.key), "roles": list(one.roles), "identified": one.identified,
         "might_be": len(one.might_be)}
        for one in state.subjects.values()
    ]  # fmt: skip


def whom(state: CaseState, instance: str | None, name: Any, called: Called) -> str | None:
    """Of several it is about the one whom a duty or an action is for; None for what is one for the case."""
    subject = state.subjects.get(instance or "")
    if subject is None:
        return None
    return name(subject.person) if subject.person else f"“{called[subject.key]}”" if subject.key in called else None


def heads(state: CaseState) -> list[dict[str, Any]]:
    """Each thing complained of that still stands: what was found, and whether it waits for something else."""
    return [
        {
            "key": head.key,
            "finding": head.finding,
            "on_hold": bool(head.pauses) and head.pauses[-1].until is None,
            "since": head.since.isoformat() if head.since else None,
        }
        for head in state.living_heads()
    ]


def panel(state: CaseState, name: Any) -> dict[str, Any] | None:
    """Who sits on the panel of this stage, when it meets, in which order it hears people and who may come."""
    rules, panel = state.stage_rule, state.panel
    if rules is None or rules.panel is None:
        return None
    day = panel.get("date")
    return {
        "members": [name(one) for one in panel.get("members") or ()],
        "chair": name(panel["chair"]) if panel.get("chair") else None,
        "date": day.isoformat() if day else None,
        "order": list(rules.panel.order),
        "may_attend": list(rules.panel.may_attend),
    }


def concern(procedure: Procedure, one: Any) -> dict[str, Any]:
    """A concern, and how it stands."""
    says = next((rule.says for rule in procedure.concerns if rule.key == one.concern), one.concern)
    status = "cleared" if one.cleared_at else "confirmed" if one.confirmed_at else "open"
    return {"concern": one.concern, "says": says, "status": status, "found_at": one.at.isoformat()}
