"""Until when a case is kept: from its end, from a birth that is reckoned late, and what nobody can reckon is kept."""

from __future__ import annotations

from datetime import date

from heard.kept import kept
from heard.registry import load_procedures
from heard.trial import Trial

LAW = "supported_accommodation_2023"


def days(provider: str, ages: list[int | None], *, closed: bool = True) -> dict[str, date | None]:
    procedure = load_procedures().get(provider)
    children = [{"age": age} for age in ages]
    trial = Trial(procedure, received="2026-03-02 10:00", children=children, about_a_child=bool(ages))
    if closed:
        trial.happened("closed", "2026-05-04 10:00")
    return {one.rule.key: one.until for one in kept(trial.state, trial.calendars)}


def test_from_its_end_and_from_the_birth_of_the_youngest_born_as_late_as_can_be() -> None:
    assert days("ioi_support", [16, 17]) == {
        "complaint_file": date(2036, 5, 4),
        f"{LAW}.case_record": date(2085, 3, 2),
        f"{LAW}.service_records": date(2041, 5, 4),
    }


def test_what_nobody_can_reckon_yet_is_kept() -> None:
    until = days("ioi_support", [16, None], closed=False)
    assert set(until.values()) == {None}


def test_without_a_child_nothing_is_kept_from_a_birth() -> None:
    assert set(days("stepping_stones", [])) == {"complaint_file"}
