"""Working days in England and Wales: the worked table, the edges, an independent list, and what holds of every walk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st

from heard.calendar import CALENDAR_DAYS, Calendars, PastKnownYears, bank_holidays, england_and_wales
from heard.procedure import CalendarSpec, Document, Period, Procedure, Provider

WORKING = england_and_wales()
COLUMNS = (2, 3, 5, 10, 20, 28, 30)
TABLE = {
    date(2026, 12, 18): [
        "2026-12-22",
        "2026-12-23",
        "2026-12-29",
        "2027-01-06",
        "2027-01-20",
        "2027-02-01",
        "2027-02-03",
    ],
    date(2026, 12, 23): [
        "2026-12-29",
        "2026-12-30",
        "2027-01-04",
        "2027-01-11",
        "2027-01-25",
        "2027-02-04",
        "2027-02-08",
    ],
    date(2026, 4, 1): [
        "2026-04-07",
        "2026-04-08",
        "2026-04-10",
        "2026-04-17",
        "2026-05-01",
        "2026-05-14",
        "2026-05-18",
    ],
    date(2026, 4, 2): [
        "2026-04-08",
        "2026-04-09",
        "2026-04-13",
        "2026-04-20",
        "2026-05-05",
        "2026-05-15",
        "2026-05-19",
    ],
}
TWENTY_EIGHT = {
    date(2026, 12, 18): date(2027, 1, 15), date(2026, 12, 23): date(2027, 1, 20),
    date(2026, 4, 1): date(2026, 4, 29), date(2026, 4, 2): date(2026, 4, 30),
}  # fmt: skip
days = st.dates(date(2012, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize(("start", "n", "due"), [
    (start, n, date.fromisoformat(due)) for start, row in TABLE.items() for n, due in zip(COLUMNS, row, strict=True)
])  # fmt: skip
def test_the_worked_table_holds(start: date, n: int, due: date) -> None:
    assert WORKING.add(start, n).due == due


@pytest.mark.parametrize(("start", "due"), TWENTY_EIGHT.items())
def test_calendar_days_count_every_day(start: date, due: date) -> None:
    assert CALENDAR_DAYS.add(start, 28).due == due


def test_each_day_walked_past_says_why() -> None:
    skipped = {skip.date: skip.why for skip in WORKING.add(date(2026, 12, 18), 10).skipped}
    assert skipped[date(2026, 12, 25)] == "Christmas Day"
    assert skipped[date(2026, 12, 28)] == "Boxing Day (substitute day)"
    assert skipped[date(2026, 12, 19)] == "Saturday"
    assert len(skipped) == 9


def test_the_published_list_of_bank_holidays_agrees_with_ours() -> None:
    published = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    listed = {one["date"] for one in published}
    years = range(min(listed).year, max(listed).year + 1)
    ours = {one.date for year in years for one in bank_holidays(year) if one.date.weekday() < 5}
    assert ours == {day for day in listed if day.weekday() < 5}


def test_a_proclaimed_holiday_is_closed_and_changes_the_snapshot() -> None:
    proclaimed = england_and_wales({date(2026, 12, 21): "A royal occasion"})
    assert proclaimed.add(date(2026, 12, 18), 2).due == date(2026, 12, 23)
    assert proclaimed.why_closed(date(2026, 12, 21)) == "A royal occasion"
    assert proclaimed.snapshot != WORKING.snapshot


def test_a_walk_past_the_known_years_is_refused_not_guessed() -> None:
    with pytest.raises(PastKnownYears):
        WORKING.add(date(2028, 12, 20), 10)
    with pytest.raises(PastKnownYears):
        WORKING.is_open(date(2031, 1, 1))


def test_an_own_calendar_knows_its_terms_and_where_they_end() -> None:
    spec = CalendarSpec(
        key="school_days",
        name="School days",
        known_until=date(2026, 12, 18),
        open_between=(Period(from_=date(2026, 11, 2), to=date(2026, 12, 18)),),
        closed_on=(date(2026, 11, 27),),
    )
    rules = Procedure(language=1, provider=Provider(key="p", name="P", kind="k"), calendars=(spec,),
                      document=Document(title="t", source="s", in_force_from=date(2026, 1, 1)))  # fmt: skip
    school = Calendars.of(rules)["school_days"]
    assert school.add(date(2026, 11, 26), 1).due == date(2026, 11, 30)
    with pytest.raises(PastKnownYears):
        school.add(date(2026, 12, 17), 2)


@given(days, st.integers(1, 200))
def test_a_count_uses_exactly_so_many_open_days_and_ends_on_one(start: date, n: int) -> None:
    count = WORKING.add(start, n)
    assert len(count.counted) == n and count.counted[-1] == count.due
    assert not {skip.date for skip in count.skipped} & {*count.counted}
    assert len(count.counted) + len(count.skipped) == (count.due - start).days


@given(days, st.integers(1, 60))
def test_walking_back_undoes_walking_on(start: date, n: int) -> None:
    start = WORKING.next_open(start)
    assert WORKING.back(WORKING.add(start, n).due, n).due == start


@given(days, st.integers(1, 40), st.integers(0, 60), st.integers(1, 60))
def test_a_pause_moves_the_end_by_the_open_days_in_it_and_never_back(
    start: date, n: int, after: int, length: int
) -> None:
    first = start + timedelta(days=after)
    pause = (first, first + timedelta(days=length))
    paused = WORKING.add(start, n, [pause])
    assert paused.due >= WORKING.add(start, n).due
    assert len(paused.counted) == n
    assert not any(pause[0] < day <= pause[1] for day in paused.counted)


@given(days, days)
def test_between_agrees_with_the_days_themselves(start: date, end: date) -> None:
    if (end - start).days > 400:
        end = start + timedelta(days=400)
    walked = (start + timedelta(days=n) for n in range(1, max(0, (end - start).days) + 1))
    assert WORKING.between(start, end) == sum(WORKING.is_open(day) for day in walked)
