"""A procedure's who-words made persons: who gets a part, who is told.

Owns `resolve` and `recipients`. Both strike out whom the complaint is about before they name anybody, and lead outward
when nobody inside is left. `calling.py` and `seeing.py` build on them; `people.py` is the front door of all three.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from heard.casefile import CaseState
from heard.conditions import holds
from heard.exclusions import JUDGED, barred, judged_before, kept_away, struck
from heard.procedure import Procedure, Role
from heard.roster import Roster
from heard.speaking_up import MANAGES, is_a_workers, line_management
from heard.vocabulary import PART_NAMES

PARTIES = frozenset(
    [
        "complainant",
        "young_person",
        "parent",
        "advocate",
        "affected_person",
        "placing_authority",
        "referrer",
        "employer_of_named_person",
    ]
)
RecipientKind = Literal["person", "contact", "party"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be told: a person's id, an outside contact's key, or a party of the case; `word` says as what."""

    kind: RecipientKind
    key: str
    word: str


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets a part. `who` is None when nobody is left; `struck` lists who was passed over and why."""

    who: str | None
    kind: Literal["person", "contact", "party", "nobody"]
    rung: str | None
    struck: tuple[tuple[str, str], ...]
    sentence: str
    also_tell: tuple[str, ...] = ()


def ladder_of_part(procedure: Procedure, state: CaseState, part: str, stage: str) -> tuple[str, ...]:
    """The who-words of a part: the first `instead` that holds and names it, else the stage's people."""
    rules = procedure.stage(stage)
    for other in rules.instead:
        if part in other.people and holds(other.only_if, state):
            return other.people[part]
    return rules.people.get(part, ())


def parts_of(procedure: Procedure, state: CaseState, stage: str) -> tuple[str, ...]:
    """The parts that somebody holds in a stage: those of its people, and those that an `instead` which holds adds."""
    rules = procedure.stage(stage)
    added = [part for other in rules.instead if holds(other.only_if, state) for part in other.people]
    return tuple(dict.fromkeys([*rules.people, *added]))


def is_the_panels(procedure: Procedure, state: CaseState, part: str, stage: str) -> bool:
    """Whether the panel itself holds a part: it gets it by being formed, and nobody is assigned."""
    return ladder_of_part(procedure, state, part, stage)[:1] == ("panel",)


def off_the_ladder(procedure: Procedure, state: CaseState, roster: Roster, part: str, who: str, now: datetime) -> bool:
    """Whether an `instead` that holds now gives the part to somebody else, and there is somebody to take it."""
    if state.stage is None:
        return False
    words = ladder_of_part(procedure, state, part, state.stage)
    if words == procedure.stage(state.stage).people.get(part):
        return False
    seen: set[str] = set()
    may = {one.key for word in words for one, _ in expand(procedure, state, roster, word, now, seen)}
    return who not in may and resolve(procedure, state, roster, part, now).who in may


def expand(
    procedure: Procedure, state: CaseState, roster: Roster, word: str, now: datetime, seen: set[str]
) -> Iterator[tuple[Recipient, Role | None]]:
    """The persons and bodies behind a who-word, depth first: `filled_by`, holders, `stands_in`. Nobody struck yet.

    A person who holds a role outside can sign in and act: they stand for the bodies that it is filled by.
    """
    if word in seen:
        return
    seen.add(word)
    role = next((one for one in procedure.roles if one.key == word), None)
    if role is None:
        if word in PARTIES and word not in procedure.provider.has_no:
            yield Recipient("party", word, word), None
        contact = next((one for one in procedure.contacts if word in (one.key, one.is_)), None)
        if contact is not None:
            yield Recipient("contact", contact.key, word), None
        return
    received = state.received
    held = roster.holders(word, received.get("provider"), received.get("home"), now)
    if role.one_per == "client" and len(held) > 1:
        held = ()  # nobody has said whose client it is; whoever handles it may choose the right one
    for other in () if role.outside and held else role.filled_by:
        yield from expand(procedure, state, roster, other, now, seen)
    for person in held:
        yield Recipient("person", person, word), role
    if role.outside and not held:
        yield Recipient("contact", role.key, word), role
    for other in role.stands_in:
        yield from expand(procedure, state, roster, other, now, seen)


def resolve(
    procedure: Procedure, state: CaseState, roster: Roster, part: str, now: datetime, stage: str | None = None
) -> Route:
    """Who gets a part of a stage (the present one, if none is given). Never a struck person, never an away one."""
    key = stage or state.stage
    passed: dict[str, str] = {}
    if key is None:
        return Route(None, "nobody", None, (), "The case stands in no stage, so there is nothing to hold.")
    out = struck(procedure, state, roster)
    rules = procedure.conflicts
    bodies = {contact.key for contact in procedure.contacts}
    outside = {role.key: role.name for role in procedure.roles if role.outside}
    spent: dict[str, str] = {}  # roles outside whose holders have judged this already: somebody else must be found
    for words, outward in ((ladder_of_part(procedure, state, part, key), False), (rules.if_nobody, True)):
        seen: set[str] = set()
        for word in words:
            for one, role in expand(procedure, state, roster, word, now, seen):
                why = out.get(one.key)
                if one.kind == "contact" and one.key in bodies and judged_before(procedure, state, one.key, part, key):
                    why = JUDGED
                if one.kind == "person" and why is None:
                    why = barred(procedure, state, roster, one.key, part, key, role, now)
                    if why is None and roster.is_away(one.key, now):
                        why = "away"
                if why is not None:
                    passed.setdefault(one.key, why)
                    if why == JUDGED and word in outside:
                        spent[word] = outside[word]
                    continue
                if one.kind == "person":
                    spent.pop(word, None)
                left = outward or one.kind != "person" or (role is not None and role.outside)
                conflict = any(reason != "away" for reason in passed.values())
                return Route(one.key, one.kind, word, tuple(passed.items()), _said(part, word, passed, spent),
                             rules.also_tell if left and conflict else ())  # fmt: skip
    sentence = f"{PART_NAMES[part]}: nobody may. Everybody on the way is excluded, away or not filled in."
    return Route(None, "nobody", None, tuple(passed.items()), sentence + _another(spent), rules.also_tell)


def _said(part: str, word: str, passed: Mapping[str, str], spent: Mapping[str, str]) -> str:
    name = word.replace("_", " ")
    if not passed:
        return f"{PART_NAMES[part]} goes to the {name}."
    over = "; ".join(dict.fromkeys(passed.values()))
    return f"{PART_NAMES[part]} goes to the {name}; passed over: {over}.{_another(spent)}"


def _another(spent: Mapping[str, str]) -> str:
    names = (name[0].lower() + name[1:] for name in spent.values())
    return "".join(f" A second {name} is needed, who has not judged it." for name in names)


def people_who_judge(procedure: Procedure, state: CaseState, but_panel_of: int | None = None) -> frozenset[str]:
    """Persons who judge or judged a stage of this case, or of the one that this appeal grew out of; panels too.

    `but_panel_of`: a visit whose own panel does not count, as it is that panel which is being looked at.
    """
    judging = {a.who for a in state.assignments if not a.is_contact and a.part in procedure.stage(a.stage).judges}
    panels = [formed for formed in state.all("panel_formed") if formed.visit != but_panel_of]
    sat = {one for formed in panels for one in formed.data.get("members") or ()}
    return frozenset(judging | sat | {*(state.received.get("judged") or ())})


def recipients(
    procedure: Procedure, state: CaseState, roster: Roster, who_words: Sequence[str], now: datetime,
    *, subject: str | None = None,
) -> tuple[Recipient, ...]:  # fmt: skip
    """Who is told for these who-words, each once. A person kept away is replaced by the next holder.

    A person complained of is only ever among them when `subject` says that this very telling is for them.
    """
    out = dict.fromkeys(line_management(state, roster), MANAGES) | dict(kept_away(procedure, state, roster))
    found: dict[tuple[str, str], Recipient] = {}
    for word in who_words:
        for one in _told(procedure, state, roster, word, now, out, subject):
            found.setdefault((one.kind, one.key), one)
    return tuple(found.values())


def _left(state: CaseState, roster: Roster, person: str, now: datetime) -> bool:
    received = state.received
    return not roster.roles_of(person, now, received.get("provider"), received.get("home"))


def _told(
    procedure: Procedure,
    state: CaseState,
    roster: Roster,
    word: str,
    now: datetime,
    out: Mapping[str, str],
    subject: str | None,
) -> Iterator[Recipient]:
    if word == "named_person":
        person = state.subjects[subject].person if subject in state.subjects else None
        if person is not None and state.subjects[str(subject)].identified:
            yield Recipient("person", person, word)
        return
    if word == "line_manager_of_named_person" and is_a_workers(state):
        return
    if word == "line_manager_of_named_person":
        chosen = [state.subjects[subject]] if subject in state.subjects else list(state.subjects.values())
        for known in chosen:
            managers = [m for m in roster.managers_of(known.person or "") if m not in out]
            yield from (Recipient("person", manager, word) for manager in managers[:1])
        return
    if word in ("panel", "attendees"):
        members = [*state.panel.get("members", ()), state.panel.get("chair")] if word == "panel" else []
        yield from (Recipient("person", m, word) for m in dict.fromkeys(members) if m and m not in out)
        return
    part, _, stage = word.partition(".")
    part = {"handler": "handles", "handler_of": "handles", "decider": "decides"}.get(part, part)
    held = [a for a in state.assignments if a.part == part and a.stood_down is None and (not stage or a.stage == stage)]
    if held:
        who = held[-1]
        if not who.is_contact and _left(state, roster, who.who, now):  # an earlier stage's: whoever has that work now
            route = resolve(procedure, state, roster, part, now, who.stage)
            if route.who is not None and route.kind != "nobody":
                yield Recipient(route.kind, route.who, word)
        elif who.who not in out:
            yield Recipient("contact" if who.is_contact else "person", who.who, word)
        return
    first_away: Recipient | None = None
    words = [word, *procedure.conflicts.if_nobody] if any(r.key == word for r in procedure.roles) else [word]
    for candidate in words:
        for one, _role in expand(procedure, state, roster, candidate, now, set()):
            if one.key in out:
                continue
            if one.kind == "person" and roster.is_away(one.key, now):
                first_away = first_away or one
                continue
            yield Recipient(one.kind, one.key, word)
            return
    if first_away is not None:  # rather somebody on leave than nobody
        yield first_away
