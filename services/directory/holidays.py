"""Bank holidays in the directory: each known from a moment of its own, in one order for everybody.

Every clock of every case goes by them, so they are no operator's: whoever runs the installation enters them. A day that
is taken back stays here with its end: what was done while it held was done in time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection, select

from heard.calendar import PastKnownYears, bank_holidays
from heard.proclaimed import Proclamations
from services.chassis.errors import Invalid
from services.directory.changes import HOLIDAYS, Entry
from services.directory.models import bank_holidays as table

_NEXT = timedelta(microseconds=1)


def proclamations(conn: Connection) -> Proclamations:
    """All days that were ever proclaimed."""
    rows = conn.execute(select(table)).mappings()
    return Proclamations.of(Entry(HOLIDAYS, row["id"], dict(row)).as_json()["data"] for row in rows)


def standing_on(conn: Connection, day: date) -> str | None:
    """The id of the proclamation by which this day is a holiday, or None."""
    found = select(table.c.id).where(table.c.day == day, table.c.until.is_(None))
    return conn.execute(found).scalar()


def in_turn(conn: Connection, together: int, entry: Entry) -> Entry:
    """The entry with a moment after every other turn of the calendar. Raises Invalid for one that cannot be.

    `together` is how many commands make the change. One of the calendar is a change of its own: so the version of who
    is who counts changes of people alone.
    """
    if together > 1:
        raise Invalid({"day": ["A bank holiday is a change of its own: enter it alone."]})
    data = dict(entry.data or {})
    last = max((turn.at for turn in proclamations(conn).turns), default=None)
    name = "since" if data["until"] is None else "until"
    if last is not None and data[name] <= last:
        data[name] = last + _NEXT
    if name == "since":
        _may_stand(conn, data["day"])
    return replace(entry, data=data)


def _may_stand(conn: Connection, day: date) -> None:
    try:
        published = {one.date: one.why for one in bank_holidays(day.year)}
    except PastKnownYears as fault:
        raise Invalid({"day": [str(fault)]}) from fault
    if day in published:
        raise Invalid({"day": [f"This day is a bank holiday already: {published[day]}."]})
    if standing_on(conn, day) is not None:
        raise Invalid({"day": ["This day was proclaimed already."]})
