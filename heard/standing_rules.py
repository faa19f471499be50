"""What a place owes without any complaint: the standing duties of its procedure, and its reports that come round again.

Owns `standing_rules`. A report with `every` is owed like any standing duty, by whoever makes it, and its headings are
ticked when it is written down as made. Where the document also states the work behind it (`report` on a recurring
duty), that duty is the making of the report, and nobody is reminded of the same thing twice.
"""

from __future__ import annotations

from heard.keeping import Report, StandingDuty
from heard.procedure import Procedure

MADE = "report_made"
"""The event that a report was made. Written down for a report of its own, it says which in `report`."""


def standing_rules(procedure: Procedure) -> tuple[StandingDuty, ...]:
    """Every rule that a place's book is reckoned by, the document's own duties first."""
    worked_on = {one.report for one in procedure.standing_duties if one.clock.every}
    owed = (one for one in procedure.reports if one.clock.every and one.key not in worked_on)
    return (*procedure.standing_duties, *(_made(one) for one in owed))


def makes_a_report(rule: StandingDuty) -> bool:
    """Whether doing it is making a report."""
    return rule.report is not None and rule.clock.every is not None


def _made(report: Report) -> StandingDuty:
    return StandingDuty(
        key=f"report.{report.key}", says=f"Make the report “{report.says}”", clause=report.clause,
        reading=report.reading, source=report.source, per=report.per, adopted_from=report.adopted_from,
        line=report.line, by=report.by, to=report.to, contains=report.sections, report=report.key, clock=report.clock,
    )  # fmt: skip
