"""How days, times, codes and keys read."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.portal import plain_words as plain
from services.portal.form_words import who

FRIDAY = datetime(2026, 12, 18, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("2026-12-22", "Tuesday 22 December, in 2 working days"),
        ("2026-12-18", "Friday 18 December, today"),
        ("2026-12-19", "Saturday 19 December, tomorrow"),
        ("2026-12-20", "Sunday 20 December, in 2 days"),
        ("2026-12-17", "Thursday 17 December, yesterday"),
        ("2026-12-15", "Tuesday 15 December, 3 working days ago"),
        ("2027-01-04", "Monday 4 January 2027, in 8 working days"),
        ("2026-12-18T17:10:00+00:00", "Friday 18 December at 5:10pm, in 40 minutes"),
        ("2026-12-18T12:00:00+00:00", "Friday 18 December at midday, 4 hours ago"),
        (None, ""),
    ],
)
def test_by_when_says_the_day_and_how_far_it_is(value: str | None, says: str) -> None:
    assert plain.by_when(value, FRIDAY) == says


def test_times_are_londons_on_both_sides_of_the_clock_change() -> None:
    assert plain.moment("2026-10-24T23:30:00+00:00", FRIDAY) == "Sunday 25 October at 12:30am"
    assert plain.moment("2026-10-25T23:30:00+00:00", FRIDAY) == "Sunday 25 October at 11:30pm"


def test_past_the_known_bank_holidays_days_are_plain_days() -> None:
    assert plain.how_far(date(2990, 1, 1), FRIDAY).endswith(" days")


def test_codes_stand_in_groups() -> None:
    assert plain.in_groups("1234567890123456") == ["1234", "5678", "9012", "3456"]
    assert plain.in_groups("H7K2-9QXM-4TBD") == ["H7K2", "9QXM", "4TBD"]


def test_keys_read_as_words() -> None:
    assert plain.sentence("partly_upheld") == "Partly upheld" and who("young_person").startswith("A young person")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("mon-fri 10:00-16:00", "Monday to Friday, 10am to 4pm"),
        ("tue,thu,fri 10:00-13:30", "Tuesday, Thursday and Friday, 10am to 1:30pm"),
        ("day and night", "day and night"),
    ],
)
def test_opening_hours_are_said_in_words(written: str, says: str) -> None:
    assert plain.open_hours(written) == says


def test_a_month_has_its_name_and_any_other_key_is_a_sentence() -> None:
    assert plain.month_or_words("2026-11") == "November 2026"
    assert plain.month_or_words("not_upheld") == "Not upheld"
