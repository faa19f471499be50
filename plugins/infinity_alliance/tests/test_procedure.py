"""Infinity Alliance's procedure: what every plugin must hold. What its document promises stands beside this file."""

from heard.testing import ProcedureConformance


class TestProcedure(ProcedureConformance):
    key = "infinity_alliance"
    last_clause = 17
