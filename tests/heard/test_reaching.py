"""Which number is answered at this hour, by the hours that stand with it, and when offices are shut."""

from __future__ import annotations

from datetime import date

import pytest

from heard.calendar import england_and_wales
from heard.checks.contacts import is_unsure
from heard.instants import moment_of
from heard.procedure import Phone
from heard.reaching import is_answered, offices_are_shut
from heard.registry import load_procedures

MON_TO_FRI = Phone(number="01632 960000", open=("mon-fri 10:00-16:00",))


@pytest.mark.parametrize(
    ("at", "shut"),
    [
        ("2026-11-23 09:00", False), ("2026-11-23 08:59", True), ("2026-11-23 17:00", True),
        ("2026-11-22 12:00", True), ("2026-12-25 12:00", True), ("2026-12-28 12:00", True),
    ],
)  # fmt: skip
def test_offices_are_shut_at_night_at_weekends_and_on_bank_holidays(at: str, shut: bool) -> None:
    assert offices_are_shut(moment_of(at), england_and_wales()) is shut


def test_the_hours_that_stand_with_a_number_say_when_it_is_answered() -> None:
    assert is_answered(MON_TO_FRI, moment_of("2026-11-23 10:00")) is True
    assert is_answered(MON_TO_FRI, moment_of("2026-11-23 16:00")) is False
    assert is_answered(MON_TO_FRI, moment_of("2026-11-22 12:00")) is False
    always = Phone(number="101", open=("mon-sun 00:00-24:00",))
    assert is_answered(always, moment_of("2026-11-22 03:00")) is True


def test_of_a_number_without_hours_or_with_hours_that_nobody_can_read_nothing_is_said() -> None:
    for hours in ((), ("most mornings",), ("mon-fri 10:00-16:00", "holidays differ")):
        assert is_answered(Phone(number="01632 960000", open=hours), moment_of("2026-11-23 12:00")) is None


def test_a_number_that_was_checked_over_a_year_ago_is_to_be_checked_again() -> None:
    procedure = load_procedures().get("ioi_support")
    today = date(2026, 11, 22)
    assert is_unsure(None, today, procedure) and is_unsure(date(2025, 11, 21), today, procedure)
    assert not is_unsure(date(2025, 11, 22), today, procedure)
