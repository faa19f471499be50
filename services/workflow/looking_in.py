"""Who was let look in at a home, whose time there is over, and who works on there without the role by which they
saw its cases: of those that are over, it is seen anew who sees them.

What is open is looked at again after each change in who is who. What is closed rests; it is woken for this alone, and
looked at by a who-is-who that knows of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from heard.vocabulary import LOOKING_IN
from services.chassis.errors import Stale
from services.chassis.house import House
from services.chassis.leaving import whose_role_ended
from services.chassis.work import Work
from services.workflow import kept, waking


def follow(work: Work, entries: Iterable[Mapping[str, Any]]) -> None:
    """Note the homes, and the people, that these changes are about, in the transaction that takes them in."""
    changes = list(entries)
    homes = {one["data"]["home"] for one in changes if one["data"] and one["data"].get("role") in LOOKING_IN}
    people = whose_role_ended(changes, work.now)
    if homes or people:
        kept.let_be_shown(work.conn, homes, people, work.house.who.roster_version(work.conn))


def show_again(house: House) -> int:
    """Look at some of them; how many there were, 0 while nobody knows who is who."""
    try:
        version = house.roster().version
    except Stale:
        return 0
    with house.db.reading() as conn:
        if not kept.any_to_show(conn, version):
            return 0
    return waking.look_again(house, lambda conn, now: kept.to_show(conn, version, waking.BATCH), "show_again")
