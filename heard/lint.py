"""What is broken, weaker than law or left open in a procedure, each a sentence for whoever wrote it, with a remedy.

Runs after a file has been read without faults: `heard policy check`, the conformance test. What is looked at stands in
`heard/checks`, a module for each thing. Nothing stops a procedure but what is `broken`; a provider's own words may well
be weaker than we should like.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date

from heard.checks.clauses import cited_clauses, clauses, disagreeing, forms
from heard.checks.contacts import age, contacts
from heard.checks.measures import against, against_codes, beside_law
from heard.checks.people import routes
from heard.checks.remark import Remark, Severity
from heard.checks.safeguarding import safeguarding
from heard.checks.times import clocks, days_unnamed
from heard.checks.ways import passed_on, ways_through
from heard.procedure import Procedure

__all__ = ["Remark", "Severity", "cited_clauses", "lint"]

CHECKS: tuple[Callable[[Procedure], Iterator[Remark]], ...] = (
    safeguarding, ways_through, routes, clocks, days_unnamed, clauses, disagreeing, forms, beside_law, against_codes,
)  # fmt: skip


def lint(
    procedure: Procedure, *, today: date, baseline: Procedure | None = None, installed: Collection[str] = ()
) -> tuple[Remark, ...]:
    """Every remark on a procedure, the gravest first.

    `today` is what an overdue review is held against; `baseline` is the statutory procedure to compare lengths with;
    `installed` are the keys of the procedures that a way in may pass a report on to.
    """
    remarks = [remark for check in CHECKS for remark in check(procedure)]
    remarks += [*contacts(procedure, today), *age(procedure, today), *passed_on(procedure, installed)]
    if baseline and baseline.key != procedure.key:
        remarks += against(procedure, baseline)
    gravity = {"broken": 0, "weaker": 1, "missing": 2, "note": 3}
    return tuple(sorted(remarks, key=lambda remark: (gravity[remark.severity], remark.line)))
