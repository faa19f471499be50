"""A group's homes at a glance: what is open and late in each, and how many reports came in each month.

STEP 3, for whoever answers for several homes. Counted over the cases that the person asking may see, and over no
others: who may see two of three cases counts two.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from heard.instants import london_day, months_on, start_of
from services.chassis.house import House
from services.workflow import shown

MONTHS = 12
"""How many months a trend shows, the present one included."""


def homes(house: House, person_id: str) -> dict[str, Any]:
    """``{now, months, homes: [{home, home_name, provider_name, open, late, unassigned, came_in: {month: n}}]}``.

    Those with something late first. `late` counts cases, not duties.
    """
    now = house.clock.now()
    first = months_on(london_day(now).replace(day=1), 1 - MONTHS)
    months = [f"{months_on(first, n):%Y-%m}" for n in range(MONTHS)]
    with house.db.seen_by(person_id) as conn:
        rows = shown.by_home(conn, person_id, now)
        came = shown.received_since(conn, person_id, start_of(first))
    by_month = Counter((row.home, _month(row.received_at)) for row in came)
    found = [_home(house, row) | {"came_in": {one: by_month[row.home, one] for one in months}} for row in rows]
    found.sort(key=lambda one: (-one["late"], -one["open"], one["home_name"] or ""))
    return {"now": now.isoformat(), "months": months, "homes": found}


def _home(house: House, row: Any) -> dict[str, Any]:
    home = house.who.entry("home", row.home) or {}
    provider = house.who.entry("provider", row.provider) or {}
    return {
        "home": row.home,
        "home_name": home.get("name"),
        "provider_name": provider.get("name"),
        "open": int(row.open or 0),
        "late": int(row.late or 0),
        "unassigned": int(row.unassigned or 0),
    }


def _month(at: datetime) -> str:
    return f"{london_day(at):%Y-%m}"
