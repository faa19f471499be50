"""Whether each rule says what it keeps, each clause is kept, and no two clauses promise two things at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from heard.checks.remark import Remark, on
from heard.checks.times import every_duty
from heard.procedure import Duty, Procedure


def cited_clauses(p: Procedure) -> set[str]:
    """Every clause that a rule or a `[[clauses]]` note names."""
    return {clause for rule in p.rules() for clause in rule.clause} | {note.id for note in p.clauses}


def clauses(p: Procedure) -> Iterator[Remark]:
    """Rules without a clause or a sentence, and clauses without a rule."""
    for rule in every_duty(p):
        if rule.source == "policy" and not rule.clause:
            say = 'Name the clause that it keeps; what the house adds says `source = "house default"`.'
            yield on(rule, "weaker", f"`{rule.key}` cites no clause.", say)
        if not rule.says:
            yield on(rule, "weaker", f"`{rule.key}` has no sentence to show to people.", "Say it plainly: `says`.")
    prefix = p.document.clauses
    cited = cited_clauses(p) if prefix else set()
    numbers = {int(found[1]) for clause in cited if (found := re.match(rf"{re.escape(prefix or '')}-(\d+)", clause))}
    for number in range(1, max(numbers, default=0) + 1):
        if number not in numbers:
            rule_or_note = "Add a rule that cites it, or say under [[clauses]] who keeps it."
            yield Remark("weaker", f"{prefix}-{number} is kept by no rule.", rule_or_note)


def disagreeing(p: Procedure) -> Iterator[Remark]:
    """Two lengths for one act, and nothing that says which of them holds."""
    own = [duty for duty in every_duty(p) if not duty.adopted_from and duty.clock.within and duty.clock.met_by]
    must = [duty for duty in own if duty.source == "policy" and duty.clock.strength == "must"]
    for first, second in combinations(must, 2):
        if first.reading or second.reading or first.clock.within == second.clock.within:
            continue
        if _one_act(first, second):
            lengths = f"`{first.key}` takes {first.clock.within}, `{second.key}` {second.clock.within}"
            two = f"{lengths}, for the same act, and nothing says which is meant."
            point = "Name the point in `reading`, and say at the head of the file how it is read."
            yield on(second, "weaker", two, point)


def _one_act(first: Duty, second: Duty) -> bool:
    """Whether one event meets both, in one stage from one start, or by the same clause."""
    if first.clock.met_by[0] != second.clock.met_by[0]:
        return False
    if first.only_if and second.only_if and first.only_if != second.only_if:
        return False  # each for its own case
    beside = first.stage == second.stage and first.clock.after == second.clock.after
    return beside or bool({*first.clause} & {*second.clause})


def forms(p: Procedure) -> Iterator[Remark]:
    """Conditions that ask for a word which no form of this provider offers."""
    offered = {"complainant": p.words.complainants, "channel": p.words.channels}
    for rule in p.rules():
        for test in rule.only_if.walk() if rule.only_if and not rule.adopted_from else ():
            for word in test.wants if isinstance(test.wants, tuple) and offered.get(test.key) else ():
                if word not in offered[test.key]:
                    unasked = f"`{rule.key}` asks for {test.key} {word!r}, which no form offers."
                    yield on(rule, "weaker", unasked, f"Add it to [words] {test.key}s, or correct the condition.")
