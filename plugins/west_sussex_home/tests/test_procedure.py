"""The West Sussex home's procedure: what every plugin must hold. What its document promises stands beside this file."""

from heard.testing import ProcedureConformance


class TestProcedure(ProcedureConformance):
    key = "west_sussex_home"
    last_clause = 19
