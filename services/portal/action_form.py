"""The form behind one action of a case: which fields it must ask, and how they become the command's data.

The engine says what an action needs (`heard.actions`); here it becomes fields to tick, choose and write, and the
answers become exactly what `heard.case.decide` takes. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from heard.vocabulary import WRITTEN
from services.portal.plain_words import sentence, words_of
from services.portal.tell import LONGEST, Form

LETTERS = {
    "acknowledge": "The letter that acknowledges it",
    "answer_first": "Your first answer",
    "respond": "The letter with your answer",
    "tell": "What you tell them",
    "write": "What you write to them",
    "refuse_late": "The letter that says why, and whom else they can ask",
    "close": "A last word to the person who complained",
}
"""Commands whose words go out to somebody, and how the form calls those words."""
PARTS = {
    "handles": "handler", "investigates": "investigator", "observes": "observer", "decides": "decider",
    "coordinates": "co-ordinator", "convenes": "convener", "consults": "adviser", "oversees": "overseer",
    "mediates": "mediator",
}  # fmt: skip
"""What somebody is called who holds a part."""
GROUPS = (
    ("To do", ("write", "finish_action", "acknowledge", "answer_first", "respond", "tell", "reach", "record",
               "answer_consent", "panel_met",
               "form_panel", "arrange_panel")),
    ("To decide", ("decide", "answer_fact", "categorise", "suspend", "review_suspension", "resume", "extend",
                   "excuse")),
    ("Somebody may not be safe", ("raise_concern",)),
    ("The way of the case", ()),
)  # fmt: skip
"""Under which headings the actions stand; what is named nowhere stands under the last."""
BUTTONS = {"tell": "Tell them", "answer_fact": "Answer", "decide": "Decide", "finish_action": "It is done",
           "suspend": "Put on hold", "pass_on": "Pass it on"}  # fmt: skip
"""What a button says whose action is called by a whole sentence; any other says that it is recorded."""
LONGEST_ON_A_BUTTON = 40
_FINDING = "finding of "
_MANY = ("members", "fields", "heads", "remedies", "lessons", "category")
_AT_LEAST_ONE = ("fields", "lessons", "category")
"""Those of them of which nothing is no answer; of heads none means all of it."""
_CALLED = {"to": "Who was told", "basis": "On which ground", "interviewed": "Who was heard, and who came with them",
           "lessons": "What the lesson is about", "what": "What will be done",
           "owner": "Who sees to it", "by_day": "By which day",
           "told": "Was it promised to the person who complained?", "evidence": "What shows that it is done",
           "remedy": "What sort of thing it is",
           "fields": "What the record has now", "until": "Until which day", "findings": "Findings",
           "heads": "Which part of it (none: all of it)", "key": "What it is about", "kind": "What it is",
           "duty": "What takes longer",
           "category": "What it is about",
           "person": "Who it is to be", "concern": "What it is", "answer": "The answer",
           "remedies": "What the letter offers, to put it right", "value": "The answer",
           "since": "First said on which day (none: with the complaint itself)",
           "into": "Together with what", "attended": "Who was there",
           "decided_by": "How the panel decided", "why": "The reason, in your own words",
           "channel": "How they were told",
           "late_ground": "Why it is taken late", "respond": "By which day they get the answer", "date": "On which day"}


@dataclass(frozen=True)
class Field:
    """One field. ``options`` are (value, text); ``value`` is what it holds at first (a list where many may stand)."""

    name: str
    label: str
    kind: Literal["ticks", "confirm", "choice", "text", "line", "date"]
    options: tuple[tuple[str, str], ...] = ()
    value: Any = ""
    hint: str = ""
    required: bool = True


def label_of(action: Mapping[str, Any]) -> str:
    """What the action is called on its button."""
    part = PARTS.get(str((action.get("data") or {}).get("part")), "part")
    own = {"assign": f"Choose the {part}", "hand_over": f"Hand over to another {part}",
           "stand_down": f"The {part} has a conflict"}
    label = str(own.get(action["name"]) or action["label"])
    if action["name"] == "tell":
        whom = words_of((action.get("data") or {}).get("whom"))
        label = label if whom.lower() in label.lower() else f"{label} (to: {whom})"
    return f"{label}, about {action['about']}" if action.get("about") else label


def button_of(action: Mapping[str, Any]) -> str:
    """The same, short enough for a button: the whole stands beside it."""
    label = label_of(action)
    return label if len(label) < LONGEST_ON_A_BUTTON else BUTTONS.get(action["name"], "Record it")


def grouped(actions: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The actions by heading, those headings only that have one."""
    named = {name for _, names in GROUPS for name in names}
    last = [one for one in actions if one["name"] not in named or (one.get("data") or {}).get("anew")]
    found = [
        (heading, [one for one in actions if one["name"] in names and one not in last] if names else last)
        for heading, names in GROUPS
    ]
    return [(heading, those) for heading, those in found if those]


def soonest(actions: list[dict[str, Any]], due: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The same, but what keeps what is due next stands first: both are of one clause."""
    wanted = list(due["clause"]) if due else []
    return sorted(actions, key=lambda one: list(one["clause"]) != wanted)


def key_of(action: Mapping[str, Any]) -> str:
    """What an action is called in an address: its command and a digest of what it always carries."""
    fixed = json.dumps(action.get("data") or {}, sort_keys=True).encode()
    return f"{action['name']}-{hashlib.sha256(fixed).hexdigest()[:10]}"


def fields_of(action: Mapping[str, Any], names: Mapping[str, str]) -> list[Field]:
    """The fields of an action, in the order in which a person thinks. ``names`` are people's names by id."""
    return list(_fields(action, action.get("needs") or {}, action.get("example") or {}, names))


def _fields(
    action: Mapping[str, Any], needs: Mapping[str, Any], example: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[Field]:
    for name, words in (needs.get("choices") or {}).items():
        called = {**(needs.get("called") or {}), **names}
        options = tuple((word, called.get(word) or sentence(word)) for word in words)
        label = (
            _finding(name.removeprefix(_FINDING)) if name.startswith(_FINDING) else _CALLED.get(name) or sentence(name)
        )
        if name in _MANY:
            ticked = list(example.get(name) or ()) if name == "members" else []
            cannot = " ".join(_cannot(names.get(who, who), why) for who, why in (needs.get("cannot") or {}).items())
            yield Field(name, label, "ticks", options, ticked, cannot if name == "members" else "")
        else:
            yield Field(name, label, "choice", options, example.get(name) if len(options) == 1 else "")
        if name.startswith(_FINDING):
            yield Field(f"reasons:{name.removeprefix(_FINDING)}", "The letter gives the reasons", "confirm")
    for name in needs.get("dates") or ():
        given = (example.get("dates_given") or {}).get(name) or example.get(name) or ""
        label = (
            _CALLED.get(name) or f"By which day: {words_of(name)}"
            if name in (example.get("dates_given") or {})
            else _CALLED.get(name) or f"Day: {words_of(name)}"
        )
        yield Field(f"date:{name}", label, "date", value=given, required=bool(given))
    for name in needs.get("texts") or ():
        yield Field(f"text:{name}", _CALLED.get(name) or sentence(name), "text")
    for name in needs.get("record") or ():
        yield Field(f"record:{name}", sentence(name), "text")
    if action["name"] in ("record", "reach"):
        hint = "It is kept sealed with the case."
        yield Field("words", "What you write down", "text", hint=hint, required=False)
    if action["name"] in LETTERS:
        hint = "It is kept sealed and goes to the person it is for. Write it so that they can follow it."
        yield Field("words", LETTERS[action["name"]], "text", hint=hint, required=action["name"] in WRITTEN)
    if (order := needs.get("contents")) and action["name"] == "panel_met":
        hint = "The order that the procedure gives. Tick what took place."
        yield Field("contents", "How it went", "ticks", tuple((one, sentence(one)) for one in order), [], hint)
    elif contents := needs.get("contents"):
        hint = "The procedure asks for each of these. Tick what it says."
        yield Field("contents", "It says", "ticks", tuple((one, sentence(one)) for one in contents), [], hint)
    if unsaid := needs.get("leaves_out"):
        hint = "The procedure keeps each of these out of it. Read it once more, and tick what it does not say."
        yield Field("leaves_out", "It does not say", "ticks", tuple((one, sentence(one)) for one in unsaid), [], hint)
    if met := needs.get("needs_met"):
        yield Field("needs_met", "These are so", "ticks", tuple((one, sentence(one)) for one in met), [])


def _cannot(name: str, why: str) -> str:
    return f"{name} {why}." if why.startswith("cannot") else f"{name} cannot sit on it: {why}."


def _finding(head: str) -> str:
    return "Your finding" if head == "complaint" else f"Your finding: {words_of(head)}"


def read(action: Mapping[str, Any], fields: list[Field], form: Form) -> tuple[dict[str, Any], dict[str, str]]:
    """The command's data, and what is wrong with the form by field name. What is not ticked is not claimed."""
    data: dict[str, Any] = dict(action.get("data") or {})
    faults: dict[str, str] = {}
    for field in fields:
        chosen = _value(field, form)
        if not chosen:
            if field.required and field.kind in ("choice", "date", "text", "line"):
                faults[field.name] = f"{'Choose one' if field.kind == 'choice' else 'Fill in'}: {field.label}"
            elif field.name in _AT_LEAST_ONE:
                faults[field.name] = f"Tick at least one: {field.label}"
            continue
        if isinstance(chosen, str) and len(chosen) > LONGEST:
            faults[field.name] = f"This must be {LONGEST:,} characters or fewer"
        _lay(data, action, field, chosen)
    return data, faults


def _value(field: Field, form: Form) -> Any:
    if field.kind in ("ticks", "confirm"):
        known = {value for value, _ in field.options} or {"yes"}
        return [value for value in form.getlist(field.name) if value in known]
    text = form.get(field.name, "").replace("\r\n", "\n").strip()
    if field.kind == "choice":
        return text if text in {value for value, _ in field.options} else ""
    return text


def _lay(data: dict[str, Any], action: Mapping[str, Any], field: Field, chosen: Any) -> None:
    """Put one answer where the command looks for it."""
    kind, _, name = field.name.partition(":")
    if field.name.startswith(_FINDING):
        data.setdefault("findings", {})[field.name.removeprefix(_FINDING)] = chosen
    elif kind == "reasons":
        data.setdefault("reasons_for", []).append(name)
    elif kind == "record":
        data.setdefault("record", {})[name] = chosen
    elif kind == "date" and name in ((action.get("example") or {}).get("dates_given") or {}):
        data.setdefault("dates_given", {})[name] = chosen
    else:
        data[name or field.name] = chosen
