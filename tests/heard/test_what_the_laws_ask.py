"""Who must be told of what, by when, under which law: each rule that a law adds, on Christmas Eve, at a provider.

A law that is not in force yet adds nothing until it is switched on; no procedure takes a law's concern off the screen.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from heard.instants import moment_of
from heard.law import BUILTIN
from heard.procedure_file import ProcedureFaults, read_procedure
from heard.registry import load_procedures
from heard.trial import Trial
from tests.heard.samples import WHOLE, written

REGISTRY = load_procedures()
EVE = "2026-12-24 16:30"  # a Thursday; the next working day is Tuesday the 29th
HOUR, DAY = "2026-12-24 17:30", "2026-12-25 16:30"
NEXT = date(2026, 12, 29)
IOI, WSX, STS, MEN = "ioi_support", "west_sussex_home", "stepping_stones", "one_two_one_mentors"
POLICE_OR = ("police", "placing_authority")


@pytest.mark.parametrize(
    ("provider", "concern", "rule", "told", "due"),
    [
        (IOI, "lado_threshold", "working_together.lado", ("lado",), NEXT),
        (MEN, "lado_threshold", "working_together.lado", ("lado",), NEXT),
        (IOI, "immediate_danger", "working_together.immediate_danger", ("police",), HOUR),
        (WSX, "lado_threshold", "working_together.placing_authority", ("placing_authority",), DAY),
        (IOI, "exploitation", "supported_accommodation_2023.serious_event", ("ofsted",), DAY),
        (IOI, "restraint", "supported_accommodation_2023.serious_event_to_authority", ("placing_authority",), DAY),
        (IOI, "death", "supported_accommodation_2023.death", ("ofsted", "placing_authority"), HOUR),
        (IOI, "death", "supported_accommodation_2023.death_to_others",
         ("local_authority", "integrated_care_board", "secretary_of_state"), HOUR),
        (WSX, "lado_threshold", "childrens_homes_2015.serious_event", ("ofsted",), DAY),
        (WSX, "allegation_of_abuse", "childrens_homes_2015.allegation_to_area", ("local_authority",), DAY),
        (WSX, "exploitation", "childrens_homes_2015.serious_event_to_authority", ("placing_authority",), DAY),
        (WSX, "worker_referred_to_dbs", "childrens_homes_2015.worker_referred", ("ofsted", "placing_authority"), DAY),
        (WSX, "death", "childrens_homes_2015.death",
         ("ofsted", "placing_authority", "local_authority", "integrated_care_board", "secretary_of_state"), DAY),
        (STS, "serious_harm_or_abuse", "early_years.ofsted", ("ofsted",), date(2027, 1, 7)),
        (STS, "significant_childcare_event", "early_years.ofsted", ("ofsted",), date(2027, 1, 7)),
        (STS, "serious_incident", "charities.serious_incident", ("charity_regulator",), NEXT),
        (IOI, "child_sexual_abuse", "particular_harms.sexual_abuse", POLICE_OR, HOUR),
        (WSX, "fgm", "particular_harms.fgm", ("police",), NEXT),
        (MEN, "forced_marriage_or_cutting", "particular_harms.forced_marriage_or_cutting", POLICE_OR, HOUR),
        (IOI, "radicalisation", "particular_harms.radicalisation", POLICE_OR, DAY),
        (IOI, "worker_removed_for_harm", "particular_harms.barring", ("dbs",), NEXT),
        (STS, "personal_data_breach", "data_protection.breach", ("data_protection_regulator",), "2026-12-27 16:30"),
    ],
)  # fmt: skip
def test_who_is_told_by_when(provider: str, concern: str, rule: str, told: tuple[str, ...], due: date | str) -> None:
    line = Trial(REGISTRY.get(provider), EVE, concerns=[concern]).line(rule)
    assert (line.to, line.due) == (told, moment_of(due) if isinstance(due, str) else due)


def test_every_rule_that_a_law_adds_for_a_concern_can_be_met_at_each_provider() -> None:
    for key in REGISTRY.keys():  # noqa: SIM118 (a registry, not a dict)
        procedure = REGISTRY.get(key)
        parties = {"placing_authority", *(one.key for one in procedure.roles)}
        bodies = {word for one in procedure.contacts for word in (one.key, one.is_)}
        for rule in procedure.notification_rules:
            assert not rule.adopted_from or set(rule.tell) <= parties | bodies, (key, rule.key)


def test_ioi_tells_the_lado_by_e_mail_and_by_telephone() -> None:
    rule = REGISTRY.get(IOI).notification_rule("lado")
    assert (set(rule.channels), rule.every_channel) == ({"email", "telephone"}, True)


def test_the_duty_to_report_sexual_abuse_adds_nothing_until_it_is_switched_on(tmp_path: Path) -> None:
    law = BUILTIN["mandatory_reporting"].read_text(encoding="utf-8")
    on = tmp_path / "mandatory_reporting.toml"
    on.write_text(law.replace("switched_on = false", "switched_on = true"), encoding="utf-8")
    procedure = written(tmp_path)
    before = read_procedure(procedure)
    after = read_procedure(procedure, laws={**BUILTIN, "mandatory_reporting": on})
    rules = [{one.key for one in read.notification_rules} for read in (before, after)]
    assert rules[1] - rules[0] == {"mandatory_reporting.sexual_abuse"}
    assert before.version != after.version  # a case stays with what held when it came in


@pytest.mark.parametrize(
    ("less", "key"),
    [('word_list = "financial"\n', "word_list"), ('only_if = { kind = ["complaint"] }\n', "only_if")],
)
def test_no_procedure_takes_a_concern_of_the_law_off_the_screen(tmp_path: Path, less: str, key: str) -> None:
    mine = '[[concerns]]\nkey = "lado_threshold"\nsays = "About somebody here"\nclause = "HH-2"\n'
    read_procedure(written(tmp_path, WHOLE + mine))
    with pytest.raises(ProcedureFaults) as refused:
        read_procedure(written(tmp_path, WHOLE + mine + less))
    (fault,) = refused.value.faults
    assert fault.key == key and "takes away from `lado_threshold`" in fault.sentence


def test_what_repeats_is_counted_by_the_law_and_by_the_provider() -> None:
    patterns = REGISTRY.get("example_provider").screening.patterns
    assert [(one.concern, one.times, one.within.amount, one.raises) for one in patterns] == [
        ("serious_police_involvement", 3, 6, "harm"), ("low_level_concern", 3, 12, "pattern_of_concerns"),
    ]  # fmt: skip
