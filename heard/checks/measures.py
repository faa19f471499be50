"""What is longer or weaker than the law, the statutory procedure, or the Ombudsman's code: a flag with its source.

Never a block: a provider's own words stand as they are, and what a law asks is added beside them when it is adopted.
The figures stand in `heard/law/measures/*.toml` and in the law files themselves; nothing here holds one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from heard.checks.remark import Remark, on
from heard.checks.times import every_duty, length_of, rough_days
from heard.checks.ways import reachable
from heard.law import BUILTIN, HERE, LawNote
from heard.procedure import Duty, NotificationRule, Procedure, Stage, Within
from heard.schema import schema_of

EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Longest:
    """An act takes no longer than this in the n-th formal stage, counted from one of `after`; `more` may be added."""

    act: str
    stage: int
    within: Within
    after: tuple[str, ...]
    cites: str
    more: Within | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Something that a good procedure has a duty for: the event that meets it."""

    act: str
    says: str
    cites: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours in London, `from` until `until`, of a working day."""

    from_: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A code or a custom that binds others, or nobody, and that a procedure can be held against.

    `name` is what a sentence calls it; under the regulations in `not_under` it does not apply.
    """

    title: str
    name: str
    binds: str
    cites: tuple[str, ...]
    checked_on: date
    not_under: tuple[str, ...] = ()
    longest: tuple[Longest, ...] = ()
    expected: tuple[Expected, ...] = ()
    contacts_checked: Within | None = None
    offices_open: Hours | None = None


def _read(shape: type, table: dict[str, Any]) -> Any:
    return schema_of(shape)().load(table)


@cache
def measures() -> dict[str, Measure]:
    """Every measure, by the name of its file."""
    files = sorted((HERE / "measures").glob("*.toml"))
    return {file.stem: _read(Measure, tomllib.loads(file.read_text(encoding="utf-8"))) for file in files}


def house() -> Measure:
    """What the platform itself expects of whoever keeps a procedure."""
    return measures()["house"]


@cache
def law_notes() -> tuple[LawNote, ...]:
    """What each law file says of itself."""

    def note(file: Path) -> LawNote:
        read: LawNote = _read(LawNote, tomllib.loads(file.read_text(encoding="utf-8"))["law"])
        return read

    return tuple(note(file) for file in BUILTIN.values())


def beside_law(p: Procedure) -> Iterator[Remark]:
    """Laws that bind this provider and are not adopted, and rules of its own that are weaker than an adopted one."""
    adopted = {*p.adopts, *(rule.adopted_from for rule in p.rules())}
    for law in law_notes():
        under = [EVERYBODY, *p.provider.regulations]
        bound = next((one for one in law.binds if one in under), None)
        if bound and law.key not in adopted:
            whom = bound if bound == EVERYBODY else f"whoever is registered under {bound}"
            unadopted = f"{law.title}: it binds {whom}, and is not adopted."
            adopt = f"Adopt `{law.key}` under [[adopts]]; its rules are added to yours."
            yield Remark("weaker", unadopted, adopt, source=law.title)
    for own in (one for one in p.notification_rules if not one.adopted_from and one.clock.within):
        for theirs in (one for one in p.notification_rules if one.adopted_from and one.clock.within):
            same = {*own.concern} & {*theirs.concern} and _told(p, own) & _told(p, theirs)
            if same and rough_days(own.clock.within, p) > rough_days(theirs.clock.within, p):
                slower = f"`{own.key}` takes {own.clock.within}; the law allows {theirs.clock.within}."
                yield on(own, "weaker", slower, "Nothing must be changed: both run, and the earlier one rings.",
                         ", ".join(theirs.clause))  # fmt: skip
    for mine in (one for one in p.retention if not one.adopted_from):
        for law_s in (one for one in p.retention if one.adopted_from and one.what == mine.what):
            if rough_days(mine.keep.within, p) < rough_days(law_s.keep.within, p):
                sooner = f"`{mine.key}` keeps it {mine.keep.within}; the law asks for {law_s.keep.within}."
                yield on(mine, "note", sooner, "Nothing must be changed: what is kept longest wins.",
                         ", ".join(law_s.clause))  # fmt: skip


def _told(p: Procedure, rule: NotificationRule) -> set[str]:
    kinds = {contact.key: contact.is_ for contact in p.contacts}
    return {str(kinds.get(word, word)) for word in rule.tell}


def own_stages(p: Procedure) -> list[Stage]:
    """The formal stages of a complaint in their order, without those that only a second case goes through."""
    reached = reachable(p, linked=False)
    return [stage for stage in p.stages if (stage.formal or stage.final) and stage.key in reached]


def against_codes(p: Procedure) -> Iterator[Remark]:
    """Stage by stage, what takes longer than a code says, and what a code expects and nothing here does."""
    stages = own_stages(p)
    for measure in measures().values():
        if {*measure.not_under} & {*p.provider.regulations}:
            continue
        for longest in measure.longest:
            if longest.stage <= len(stages):
                yield from _too_long(p, stages[longest.stage - 1], longest, measure)
        for expected in measure.expected:
            if not any(expected.act in duty.clock.met_by for duty in every_duty(p)):
                add = f'Add a duty with met_by = "{expected.act}"; where the document is silent, as a house default.'
                yield Remark("weaker", f"Nothing here asks that {expected.says}.", add, source=expected.cites)


def _too_long(p: Procedure, stage: Stage, longest: Longest, measure: Measure) -> Iterator[Remark]:
    source = f"{measure.title}, {longest.cites} ({measure.binds})"
    allowed = "Nothing must be changed: tell people why it takes longer, or shorten it."
    for duty in governing(p, stage, longest.act):
        length, after = length_of(stage, duty), duty.clock.after
        counted = {*after.events} & {*longest.after} if after else set()
        if not counted:
            continue
        if rough_days(length, p) > rough_days(longest.within, p):
            longer = f"{stage.name}: `{duty.key}` takes {length}; {measure.name} allows {longest.within}."
            yield on(duty, "weaker", longer, allowed, source)
        more = duty.clock.extension
        if more and longest.more:
            added = rough_days(more.by, p) if more.by else rough_days(more.to, p) - rough_days(length, p)
            if more.without_cap or added > rough_days(longest.more, p):
                far = f"to {more.to}" if more.to else f"by {more.by}" if more.by else "without an end"
                further = f"`{duty.key}` can be made longer {far}; {measure.name} allows {longest.more} more"
                yield on(duty, "weaker", f"{stage.name}: {further}.", allowed, source)


def against(p: Procedure, baseline: Procedure) -> Iterator[Remark]:
    """Stage by stage, an answer later, a window shorter or a panel smaller than in the statutory procedure."""
    yield from _time_bar(p, baseline)
    keep = "Nothing must be changed: the statutory procedure binds councils. Say why yours differs, or shorten it."
    for stage, measure in zip(own_stages(p), own_stages(baseline), strict=False):
        for theirs in measure.duties:
            for own in governing(p, stage, theirs.clock.met_by[0]) if theirs.clock.met_by else ():
                length = length_of(stage, own)
                asked = theirs.clock.within if theirs.clock.strength == "must" else None
                if asked and rough_days(length, p) > rough_days(asked, p):
                    longer = f"`{own.key}` takes {length}; the statutory procedure allows {theirs.clock.within}"
                    yield on(own, "weaker", f"{stage.name}: {longer}.", keep, _source(baseline, theirs))
        for way, open_ in zip(stage.ways_on, measure.ways_on, strict=False):
            if way.clock.within and rough_days(way.clock.within, p) < rough_days(open_.clock.within, p):
                shorter = f"the window to go on is {way.clock.within}; the statutory one is {open_.clock.within}"
                longer = "Nothing must be changed; a late request can be taken on a recorded ground."
                yield on(way, "weaker", f"{stage.name}: {shorter}.", longer, _source(baseline, open_))
        fewest, sits = (_fewest(one) for one in (stage, measure))
        if stage.panel and fewest and sits and fewest < sits:
            small = f"{stage.name}: {fewest} sit on the panel; the statutory one has {sits}."
            yield on(stage.panel, "weaker", small, "Nothing must be changed; say who balances it.",
                     _source(baseline, measure))  # fmt: skip


def _time_bar(p: Procedure, baseline: Procedure) -> Iterator[Remark]:
    bar = next((way for way in baseline.ways_in if way.clock.within), None)
    for way in p.ways_in if bar else ():
        length, source = way.clock.within, _source(baseline, bar)
        if bar and length and rough_days(length, p) < rough_days(bar.clock.within, p) - 1:  # 12 months are a year
            sooner = f"`{way.key}` bars what is older than {length}; the statutory time is {bar.clock.within}."
            yield on(way, "weaker", sooner, "Nothing must be changed; a good reason still lets it in.", source)
        if length and way.late is None:
            never = f"`{way.key}` has a time bar, and no reason lets anybody past it."
            yield on(way, "weaker", never, "Say `late = { accepted_if = [...], decided_by = ... }`.", source)


def governing(p: Procedure, stage: Stage, act: str) -> list[Duty]:
    """The duty that an act has to keep to in that stage, whatever the case: of several, the shortest; none or one."""
    own = [duty for duty in stage.duties if act in duty.clock.met_by[:1] and duty.clock.strength == "must"]
    timed = [duty for duty in own if length_of(stage, duty)]
    always = [duty for duty in timed if duty.only_if is None] or timed
    return sorted(always, key=lambda duty: rough_days(length_of(stage, duty), p))[:1]


def _fewest(stage: Stage) -> int | None:
    return (stage.panel.members.exactly or stage.panel.members.at_least) if stage.panel else None


def _source(baseline: Procedure, rule: Any) -> str:
    law = ", ".join([*baseline.provider.regulations, *rule.clause])
    return law if rule.source == "law" else f"common practice beside {law}"
