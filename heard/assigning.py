"""Who holds a part of a case: giving it to somebody, handing it over, and stepping back because of a conflict.

Owns three commands, of those who work on a case and of the platform's own routing, and the offers of them. Refused is a
person whom the complaint is about, or whom the procedure bars. Who handed a part over may have it again; who stepped
back may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from heard.casefile import CaseState
from heard.commands import Asked, Refused, command, in_stage, need
from heard.exclusions import barred, struck
from heard.ledger import NewHappening
from heard.offer import Candidate, Needs
from heard.people import is_the_panels, ladder_of_part, parts_of, resolve
from heard.procedure import Stage
from heard.roster import Roster
from heard.vocabulary import PART_NAMES
from heard.whom import expand


@command("assign")
def assign(asked: Asked) -> tuple[NewHappening, ...]:
    """Give a part to the first person (or body) on the way who may hold it, or to a chosen one who may.

    A person signs a declaration that they have no interest in the matter; the system's own assigning waits for it.
    """
    visit, state = in_stage(asked), asked.state
    part = str(need(asked.data, "part", "which part"))
    rules, chosen = state.procedure.stage(visit.stage), asked.data.get("person") or asked.data.get("contact")
    ladder = ladder_of_part(state.procedure, state, part, visit.stage)
    if not ladder:
        parts = ", ".join(parts_of(state.procedure, state, visit.stage))
        raise Refused(f"Nobody holds '{part}' in {rules.name}.", rules.clause, f"Parts: {parts}.")
    if is_the_panels(state.procedure, state, part, visit.stage):
        raise Refused("The panel holds this part.", rules.clause, "Say who sits on the panel.")
    route = resolve(state.procedure, state, asked.roster, part, asked.now, visit.stage)
    clause = rules.clause or state.procedure.conflicts.clause
    if chosen is None:
        if route.who is None:
            raise Refused(
                route.sentence, clause, "Fill the outside investigator's role, and tell the placing authority."
            )
        who, is_person, why = route.who, route.kind == "person", route.sentence
    else:
        who, is_person = str(chosen), chosen == asked.data.get("person")
        why = str(asked.data.get("why") or "chosen")
        _may_hold(asked, who, is_person, part, rules, clause)
    if (held := state.holder(part)) is not None and held.who == who:
        raise Refused("They hold this part already.", clause, "Choose somebody else, or nobody.")
    new = [asked.event("assigned", part=part, person=who if is_person else None, contact=None if is_person else who,
                       declaration=asked.data.get("declaration"), why=why, rung=route.rung if chosen is None else None,
                       struck=len(route.struck), also_tell=list(route.also_tell) or None)]  # fmt: skip
    return tuple(new)


def _may_hold(asked: Asked, who: str, is_person: bool, part: str, rules: Stage, clause: tuple[str, ...]) -> None:
    state, procedure = asked.state, asked.state.procedure
    if not is_person:
        known = {one.key for one in procedure.contacts} | {one.key for one in procedure.roles if one.outside}
        if who not in known | {"placing_authority", "referrer"}:
            raise Refused(
                f"'{who}' is no outside body of this procedure.", clause, f"There are: {', '.join(sorted(known))}."
            )
        return
    if who not in asked.roster.people:
        raise Refused("There is no such person in the directory.", clause, "Choose somebody who is.")
    if who in struck(procedure, state, asked.roster):
        raise Refused("This person cannot hold any part in this case.", clause, "Choose somebody else.")
    held = asked.roster.roles_of(who, asked.now, state.received.get("provider"))
    ladder = ladder_of_part(procedure, state, part, rules.key)
    role = next((one for one in procedure.roles if one.key in held and one.key in ladder), None)
    why = barred(procedure, state, asked.roster, who, part, rules.key, role, asked.now)
    if why is not None:
        raise Refused(f"This person may not hold '{part}': {why}.", clause, "Choose somebody else.")


@command("hand_over")
def hand_over(asked: Asked) -> tuple[NewHappening, ...]:
    """Give a part that somebody holds to somebody else who may hold it, for any reason but a conflict."""
    if asked.state.holder(str(need(asked.data, "part", "which part"))) is None:
        raise Refused("Nobody holds this part.", (), "Assign it.")
    need(asked.data, "person", "who takes it over")
    need(asked.data, "why", "why")
    return assign(asked)


def may_take_over(state: CaseState, roster: Roster, part: str, now: datetime) -> tuple[str, ...]:
    """The persons on the way to a part who may hold it and do not, the first first."""
    procedure, stage, holder = state.procedure, str(state.stage), state.holder(part)
    kept_away, seen, found = struck(procedure, state, roster), set[str](), dict[str, None]()
    for word in ladder_of_part(procedure, state, part, stage):
        for one, role in expand(procedure, state, roster, word, now, seen):
            if one.kind != "person" or one.key in kept_away or (holder and one.key == holder.who):
                continue
            barring = barred(procedure, state, roster, one.key, part, stage, role, now)
            if barring is None and not roster.is_away(one.key, now):
                found[one.key] = None
    return tuple(found)


@command("stand_down")
def stand_down(asked: Asked) -> tuple[NewHappening, ...]:
    """Somebody steps back because of a conflict, and has no part in this case again. Who follows is assigned anew."""
    person = str(asked.data.get("person") or asked.actor.id)
    part = asked.data.get("part")
    held = [a for a in asked.state.assignments if a.who == person and a.stood_down is None and part in (None, a.part)]
    if not held:
        raise Refused("This person holds no such part.", (), "There is nothing to give up.")
    why = need(asked.data, "why", "why")
    return tuple(
        asked.event("stood_down", stage=a.stage, part=a.part, person=person, why=why, conflict=True) for a in held
    )


def parts_to_give(state: CaseState, roster: Roster, now: datetime) -> Iterator[Candidate]:
    """The offers of the present stage: each part that nobody holds, and for each that somebody does, how it changes."""
    rules = state.stage_rule
    parts = parts_of(state.procedure, state, rules.key) if rules else ()
    for part in (one for one in parts if rules and not is_the_panels(state.procedure, state, one, rules.key)):
        held = state.holder(part)
        if held is None:
            yield Candidate("assign", f"Assign: {part}", {"part": part}, clause=rules.clause if rules else ())
        else:
            name, why = PART_NAMES[part].lower(), Needs(texts=("why",))
            if others := may_take_over(state, roster, part, now):
                needs = Needs(choices={"person": others}, texts=("why",))
                yield Candidate("hand_over", f"Hand over: {name}", {"part": part}, needs, rules.clause if rules else ())
            yield Candidate("stand_down", f"A conflict: {name}", {"part": part, "person": held.who}, why)
