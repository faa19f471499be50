"""The standing duties of a procedure tried out in a test: a home (or the provider) and a clock that the test sets.

For a plugin's author, beside `heard.trial`: `Round(procedure, "2026-11-02").happened("admitted", "2026-11-05",
young_person="a").lines("2026-11-09")` says what is owed there, by when, and what was kept. Nothing here is used by the
platform itself.
"""

from __future__ import annotations

from typing import Any

from heard.calendar import Calendars
from heard.instants import moment_of
from heard.ledger import Happening
from heard.procedure import Procedure
from heard.standing_duties import Line, standing
from heard.standing_rules import standing_rules
from heard.standing_times import OF_A_HOME, Book, Stay


class Round:
    """A home and its provider since a day. Times are London times as text ("2026-11-02", "2026-11-02 16:30")."""

    def __init__(self, procedure: Procedure, since: str) -> None:
        self.procedures = {procedure.version: procedure}
        self.rows: list[Happening] = []
        self.staff: list[Stay] = []
        self.happened("came_under", since, version=procedure.version)

    def works(self, person: str, since: str, until: str | None = None) -> Round:
        """Somebody works here from that day (until another)."""
        self.staff.append(Stay(person, moment_of(since), moment_of(until) if until else None))
        return self

    def happened(self, event: str, at: str, **data: Any) -> Round:
        """An event of the ledger: `admitted` and `left` with a young_person, `report_made`, `ended` ..."""
        when = moment_of(at)
        self.rows.append(Happening(len(self.rows) + 1, event, when, when, "somebody", None, data))
        return self

    def done(self, duty: str, at: str, whom: str | None = None) -> Round:
        """Somebody did it: for the place, for a young person, for a member of staff."""
        return self.happened("done", at, duty=duty, whom=whom)

    def goes_by(self, procedure: Procedure, since: str) -> Round:
        """From that day the place goes by another version."""
        self.procedures[procedure.version] = procedure
        return self.happened("version_changed", since, version=procedure.version)

    def lines(self, now: str, duty: str | None = None) -> list[Line]:
        """What is and was owed, of the home and of the provider, or of one duty."""
        books = (Book(self._rows_of(of_home), of_home, self.staff) for of_home in (True, False))
        found = [line for book in books for line in standing(book, self.procedures, Calendars.of, moment_of(now))]
        return [line for line in found if duty in (None, line.rule.key)]

    def line(self, now: str, duty: str, whom: str | None = None) -> Line:
        """The latest line of a duty (for somebody). Raises LookupError when nothing is or was owed."""
        found = [line for line in self.lines(now, duty) if line.whom == whom]
        if not found:
            raise LookupError(f"nothing is owed under {duty!r} for {whom or 'the place'}")
        return found[-1]

    def _rows_of(self, of_home: bool) -> list[Happening]:
        """The entries, but for what was done of the other place's duties."""
        per = {rule.key: rule.per in OF_A_HOME for one in self.procedures.values() for rule in standing_rules(one)}
        return [row for row in self.rows if row.event != "done" or per.get(row.data["duty"], of_home) is of_home]
