"""Stepping Stones' procedure: what every plugin must hold."""

from __future__ import annotations

from heard.testing import ProcedureConformance


class TestProcedure(ProcedureConformance):
    key = "stepping_stones"
    last_clause = 15
