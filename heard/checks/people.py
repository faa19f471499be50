"""Whether a route can end at the person complained about, or come back to whoever decided before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from heard.checks.remark import Remark, on
from heard.procedure import Condition, Procedure, Role, Stage
from heard.vocabulary import PART_NAMES

OUTSIDE = 'End it with somebody from outside: a role with `outside = true`, a contact, or "placing_authority".'
PASSED_OVER = "the platform passes them over for the next"


def routes(p: Procedure) -> Iterator[Remark]:
    """Each ladder followed to its end, as if the complaint were about those who stand on it."""
    yield from _nobody_left(p)
    yield from _to_the_subject(p)
    yield from _twice_the_same(p)
    holders: dict[str, list[str]] = {}
    for role in p.roles:
        if role.named:
            holders.setdefault(role.named, []).append(role.name)
        if role.must_be_filled and not role.named:
            fill = "Enter who holds it in the directory, before the installation is switched to live."
            yield on(role, "note", f"{role.name} must be filled before going live.", fill)
    for name, roles in holders.items():
        if len(roles) > 1:
            many = f"{name} holds {len(roles)} roles ({', '.join(roles)})"
            away = f"{many}: a complaint about that person leaves each of them to somebody else."
            yield Remark("weaker", away, "See that each of these roles has `stands_in`, or a ladder that ends outside.")


def leads_outside(p: Procedure, word: str) -> bool:
    """Whether a who-word is, or can be filled by, somebody who does not work here."""
    role = next((one for one in p.roles if one.key == word), None)
    return role is None or role.outside or any(leads_outside(p, next_) for next_ in role.filled_by)


def _nobody_left(p: Procedure) -> Iterator[Remark]:
    if any(leads_outside(p, word) for word in p.conflicts.if_nobody):
        return
    stuck = "a complaint about everybody who could handle it would be handled by nobody"
    yield on(p.conflicts, "weaker", f"[conflicts] if_nobody names nobody outside: {stuck}.", OUTSIDE)
    for stage in p.stages:
        for part in stage.judges:
            ladders = [(stage.line, stage.people.get(part, ()))]
            ladders += [(other.line, other.people.get(part, ())) for other in stage.instead]
            for line, ladder in ladders:
                if ladder and not any(leads_outside(p, word) for word in ladder):
                    ends = f"who {part} can be the person it is about, and nobody outside is on the ladder"
                    yield Remark("broken", f"{stage.name}: {ends}.", OUTSIDE, line, stage.clause)


def _to_the_subject(p: Procedure) -> Iterator[Remark]:
    """A condition says whom it is about, and the ladder under it begins with that very person."""
    roles = {role.key: role for role in p.roles}
    for stage in p.stages:
        for other in stage.instead:
            about = _about(other.only_if)
            for part, ladder in other.people.items():
                if about and ladder and all(_same_person(ladder[0], one, roles) for one in about):
                    who, what = roles[ladder[0]].name, PART_NAMES[part].lower()
                    itself = f"{stage.name}: of a complaint about {who}, {what} falls to {who} first"
                    yield on(other, "weaker", f"{itself}; {PASSED_OVER}.", f"Take `{ladder[0]}` off this ladder.")
    for way in p.ways_in:
        stages = [stage for stage in p.stages if stage.key == way.starts_at]
        ladders = [(stage, part, role) for role in _about(way.only_if) for stage in stages for part in stage.judges]
        for stage, part, role in ladders:
            ladder = _ladder_for(stage, part, role)
            if ladder and _same_person(ladder[0], role, roles):
                led = f"`{way.key}` leads what is said about {roles[role].name} to {stage.name}, where they stand first"
                instead = f'Give {stage.name} [[stages.instead]] with only_if = {{ about_role = ["{role}"] }}.'
                yield on(way, "weaker", f"{led}; {PASSED_OVER}.", instead)


def _ladder_for(stage: Stage, part: str, role: str) -> tuple[str, ...]:
    """The ladder of a part while the complaint is about whoever holds that role."""
    for other in stage.instead:
        if part in other.people and role in _about(other.only_if):
            return other.people[part]
    return stage.people.get(part, ())


def _about(condition: Condition | None) -> tuple[str, ...]:
    tests = condition.tests if condition else ()
    return next((test.wants for test in tests if test.key == "about_role" and isinstance(test.wants, tuple)), ())


def _same_person(word: str, about: str, roles: Mapping[str, Role]) -> bool:
    """Whether two roles are one, or one and the same person is named in both."""
    if word not in roles or about not in roles:
        return False
    return word == about or (roles[word].named is not None and roles[word].named == roles[about].named)


def _twice_the_same(p: Procedure) -> Iterator[Remark]:
    judged: dict[str, Stage] = {}
    for stage in (one for one in p.stages if one.settles):
        ladders = {part: stage.people.get(part, ()) for part in stage.judges}
        for part, ladder in ladders.items():
            earlier = judged.get(ladder[0]) if ladder else None
            if earlier:
                before = f"who {part} already judged {earlier.name}, and will be passed over for the next on the ladder"
                first = f"Let somebody stand first on the ladder who judged nothing before {stage.name}."
                yield on(stage, "weaker", f"{stage.name}: {before}.", first)
        for ladder in ladders.values():
            if ladder:
                judged.setdefault(ladder[0], stage)
