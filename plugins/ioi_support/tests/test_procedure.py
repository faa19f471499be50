"""Ioi Support's procedure: what every plugin must hold, and the law that this one adopts.

What the document itself promises stands in the files beside this one, each test with the clause that it keeps.
"""

from __future__ import annotations

from heard.procedure import Procedure
from heard.testing import ProcedureConformance


class TestProcedure(ProcedureConformance):
    key = "ioi_support"
    last_clause = 57


def test_ofsted_hears_of_abuse_exploitation_and_enquiries_within_24_hours_and_of_a_death_at_once(
    procedure: Procedure,
) -> None:
    serious = procedure.notification_rule("supported_accommodation_2023.serious_event")
    assert {"allegation_of_abuse", "exploitation", "serious_police_involvement", "child_protection_enquiry"} <= {
        *serious.concern
    }
    assert (str(serious.clock.within), serious.clock.promptly, serious.tell) == (
        "24 hours",
        "without_delay",
        ("ofsted",),
    )
    death = procedure.notification_rule("supported_accommodation_2023.death")
    assert (death.clock.promptly, death.clock.within) == ("immediately", None)


def test_a_data_protection_head_is_acknowledged_within_thirty_days_the_first_being_the_day_it_came(
    procedure: Procedure,
) -> None:
    duty = procedure.duty("data_protection.acknowledge")
    assert duty.per == "head"
    assert duty.clock.within and (duty.clock.within.amount, duty.clock.within.first_day) == (30, "day_of_event")
    assert "data protection" in procedure.words.categories


def test_acknowledging_and_telling_never_pause(procedure: Procedure) -> None:
    assert not procedure.stage("stage_1").duty("acknowledge").clock.pauses
    assert not any(rule.clock.pauses for rule in procedure.notification_rules)
