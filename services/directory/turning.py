"""Dates that were given ahead: an absence that begins, a role that ends, a home that closes, on their day.

Every service decides by its own copy and looks at its cases again when the copy changes. A date that simply arrives
changes no copy, so the directory says the entry once more, as a change of its own, and everybody looks again. It costs
one query when nothing has come, and when several did they are one change.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select, update

from services.chassis.house import House
from services.directory import desk, register
from services.directory.changes import Entry
from services.directory.models import ENTRY_TABLES, counter

_CLOCKS_DIFFER = timedelta(seconds=5)
"""How far the clocks of two machines may be apart: whoever hears of a date must find it in the past too."""
_DATES = {"holding": ("since", "until"), "absence": ("since", "until"), "home": ("closed_at",)}
"""The entries whose dates decide who handles and who sees. Who is on call is asked at the moment of calling."""


def turn(house: House) -> int:
    """Say again what began or ended since the last look; how many entries that were."""
    now = house.clock.now() - _CLOCKS_DIFFER
    with house.db.reading() as conn:
        since = conn.execute(select(counter.c.turned_to)).scalar()
        if since is not None and not _turned(conn, since, now, 1):
            return 0
    with house.working() as work:
        # Held until the end, so that two replicas tell nothing twice.
        since = work.conn.execute(select(counter.c.turned_to).with_for_update()).scalar()
        found = _turned(work.conn, since, now) if since else []
        work.conn.execute(update(counter).values(turned_to=now))
        for n in range(0, len(found), desk.CHANGES_AT_ONCE):
            said = found[n : n + desk.CHANGES_AT_ONCE]
            version = register.say_again(work.conn, said, work.now)
            work.publish("directory_changed", {"version": version, "entries": [entry.as_json() for entry in said]})
        return len(found)


def _turned(conn: Connection, since: datetime, now: datetime, most: int | None = None) -> list[Entry]:
    """The entries with a date after `since` and not after `now`, as they are from now on."""
    found: list[Entry] = []
    for kind, names in _DATES.items():
        table = ENTRY_TABLES[kind]
        came = or_(*(and_(table.c[name] > since, table.c[name] <= now) for name in names))
        for row in conn.execute(select(table).where(came).order_by(table.c.id).limit(most)).mappings():
            data = {name: value for name, value in row.items() if name != "id"}
            found.append(_as_it_is_now(Entry(kind, row["id"], data), now))
    return found


def _as_it_is_now(entry: Entry, now: datetime) -> Entry:
    """A home whose last day has come takes no new residents: it is closed."""
    data = dict(entry.data or {})
    if entry.kind == "home" and data["closed_at"] is not None and data["closed_at"] <= now:
        data["active"] = False
    return Entry(entry.kind, entry.id, data)
