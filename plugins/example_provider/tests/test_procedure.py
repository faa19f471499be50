"""Example House's procedure: what every plugin must hold, and a few of the promises of its own document.

Copy this file with the folder. Name your key, the number of your last clause, and the promises that must stay as they
are when somebody changes the file.
"""

from __future__ import annotations

import pytest

from heard.procedure import Procedure
from heard.registry import load_procedures
from heard.testing import ProcedureConformance


class TestProcedure(ProcedureConformance):
    key = "example_provider"
    last_clause = 18


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedures().get("example_provider")


@pytest.mark.parametrize(
    ("stage", "duty", "within", "after"),
    [
        ("talk", "put_right", "5 working days", "stage_opened"),
        ("look_into_it", "acknowledge", "3 working days", "stage_opened"),
        ("look_into_it", "answer", "10 working days", "plan_sent"),
        ("panel", "panel_meets", "20 working days", "stage_opened"),
        ("panel", "findings", "7 calendar days", "panel_met"),
        (None, "offer_advocate", "2 working days", "received"),
    ],
)
def test_each_promise_has_the_length_and_the_start_of_its_clause(
    procedure: Procedure, stage: str | None, duty: str, within: str, after: str
) -> None:
    clock = procedure.duty(duty, stage).clock
    assert str(clock.within) == within
    assert clock.after and clock.after.events == (after,)


def test_every_concern_calls_the_safeguarding_lead(procedure: Procedure) -> None:
    assert {one.key for one in procedure.concerns} == set(procedure.notification_rule("lead").concern)
