"""Whether every report finds a way in, every stage is reached, and from every stage there is a way to an end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from heard.checks.remark import Remark, on
from heard.procedure import Procedure, Stage
from heard.references import Names

CLOSED = "closed"


def ways_through(p: Procedure) -> Iterator[Remark]:
    """From the way in to the end: nothing without a way in, nothing unreachable, nothing that goes round for ever."""
    if all(way.only_if for way in p.ways_in):
        nowhere = "Each way in has a condition: a report that fits none would have nowhere to go."
        last = p.ways_in[-1].line if p.ways_in else 0
        yield Remark("broken", nowhere, "Let the last of [[ways_in]] stand without `only_if`.", last)
    reached, ending, entered = reachable(p), _ending(p), entered_later(p)
    for stage in p.stages:
        if stage.settles and not (stage.final or onward(stage)):
            out = "Give it [[stages.ways_on]] to the next stage, or say `final = true`."
            yield on(stage, "broken", f"{stage.name} has no way out.", out)
        elif stage.key not in ending:
            round_ = f"From {stage.name} every way leads back to where it came from: no end is ever reached."
            yield on(stage, "broken", round_, "Let one of the stages on the way be `final = true`, or lead on to one.")
        if stage.key not in reached:
            lead = f'Let a way in start there, or another stage lead on to it: to = "{stage.key}".'
            yield on(stage, "weaker", f"Nothing leads to {stage.name}.", lead)
        if stage.final and not any(contact.offered for contact in p.contacts):
            offer = f'Give a body outside `offered = {{ after_stage = "{stage.key}" }}`, or `offered = "any_time"`.'
            yield on(stage, "weaker", f"After {stage.name} nobody outside is offered.", offer)
        for duty in stage.duties:
            if duty.clock.after and "received" in duty.clock.after.events and stage.key in entered:
                late = f"`{duty.key}` counts from receipt, yet {stage.name} can be entered long after."
                yield on(duty, "weaker", late, 'Count from the beginning of the stage: after = "stage_opened".')


def passed_on(p: Procedure, installed: Collection[str]) -> Iterator[Remark]:
    """Whether somebody is there to take what a way in passes on."""
    known = {*Names(p).who, *installed}
    for way in p.ways_in:
        if way.passes_to and way.passes_to not in known:
            nobody = f"`{way.key}` passes on to {way.passes_to!r}, which nobody here answers to."
            yield on(way, "weaker", nobody, "Name a role, a contact, a party of the case, or an installed procedure.")


def entered_later(p: Procedure) -> set[str]:
    """Stages that a case can come to from another stage."""
    return _anywhere(p).union(*(onward(stage) for stage in p.stages))


def onward(stage: Stage) -> set[str]:
    """Where a stage itself leads: by its ways on and by the answers to its own questions."""
    answers = (answer.moves_to for decision in stage.decisions for answer in decision.answers)
    return {*(way.to for way in stage.ways_on), *(to for to in answers if to)}


def _anywhere(p: Procedure) -> set[str]:
    """Where an answer to a question of the whole case leads, from whichever stage."""
    return {answer.moves_to for decision in p.decisions for answer in decision.answers if answer.moves_to}


def reachable(p: Procedure, *, linked: bool = True) -> set[str]:
    """Every stage that some report can come to; without `linked`, those alone that a report itself can come to."""
    begins: list[str | None] = [way.starts_at for way in p.ways_in]
    begins += [one.starts_at for one in p.linked_cases] if linked else []
    on_from = {stage.key: onward(stage) | _anywhere(p) for stage in p.stages}
    return _spread((one for one in begins if one), on_from)


def _ending(p: Procedure) -> set[str]:
    """Every stage from which an end can be reached."""
    ends = [stage.key for stage in p.stages if stage.final or not stage.settles]
    back: dict[str, set[str]] = {CLOSED: set(), **{stage.key: set() for stage in p.stages}}
    for stage in p.stages:
        for to in onward(stage):
            back[to].add(stage.key)
    return _spread([CLOSED, *ends], back)


def _spread(begins: Iterable[str], on_from: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = list(begins)
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += on_from.get(here, ())
    return found
