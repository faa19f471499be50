"""1-2-1 Mentors' procedure: what every plugin must hold."""

from __future__ import annotations

from heard.testing import ProcedureConformance


class TestProcedure(ProcedureConformance):
    key = "one_two_one_mentors"
    last_clause = 23
