"""What a child may say no to: telling an advocacy service of the complaint, where the procedure leaves it to them.

Asked when somebody complains (the portal's form), and kept with the report: the duty is let go in each stage, and the
ledger's first row is the record of why.
"""

from __future__ import annotations

from heard.procedure import Duty, Procedure


def refusable(procedure: Procedure, stage: str) -> tuple[Duty, ...]:
    """The duties of a stage that tell an advocacy service, and that the young person may refuse."""
    services = {word for one in procedure.contacts if one.is_ == "advocacy" for word in (one.key, one.is_)}
    return tuple(
        duty
        for duty in procedure.stage(stage).duties
        if duty.to and services.issuperset(duty.to) and "young_person" in duty.clock.excused_by
    )


def advocacy_may_be_refused(procedure: Procedure) -> bool:
    """Whether the child is asked: the service is told unless they say no."""
    return any(refusable(procedure, stage.key) for stage in procedure.stages)
