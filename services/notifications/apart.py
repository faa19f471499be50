"""Messages apart from all others: they belong to no case's file, no page shows them to anybody, and what is kept of one
goes when it was sent. Each sort has a table of its own, which carries `id`, `over_at`, `attempts` and `next_at`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, delete, select, update

from heard.letter_page import email_page
from heard.wording import Wording
from services.chassis import rows
from services.chassis.errors import Unavailable
from services.chassis.gate import Undeliverable
from services.chassis.house import House
from services.chassis.post import Letter
from services.chassis.work import Work

AT_ONCE = 20
_LEASE = timedelta(minutes=2)  # longer than a mail server may take: then another replica may try
_PAUSE = timedelta(minutes=1)


def keep(work: Work, table: Table, fresh: Iterable[dict[str, Any]]) -> None:
    """Messages that are to be sent at once; one that is there already stays as it is."""
    rows.add_new(work.conn, table, [{**one, "attempts": 0, "next_at": work.now} for one in fresh], table.c.id)


def to_staff(house: House, row: Any, template: str, **said: str) -> Letter:
    """A mail to somebody who signs in, from their group; the row has its `id`, `person`, `email` and `verified`."""
    letter = Wording().write(template, **said)
    person = house.who.entry("person", row.person) or {}
    sender = str((house.who.entry("operator", str(person.get("operator"))) or {}).get("name", "Heard"))
    return Letter(row.id, row.email, letter.subject, letter.text, True, row.verified, email_page(letter, sender))


def send_due(house: House, table: Table, send: Callable[[Any], object], fault_says: str) -> int:
    """Send what is due, outside any transaction; how many were tried. One that cannot go is told to whoever runs it.

    `send` gets a row and raises `Undeliverable` or `Unavailable`; `fault_says` is the line that the log gets.
    """
    with house.db.reading() as conn:
        due = table.c.next_at <= house.clock.now()
        if conn.execute(select(table.c.id).where(due).limit(1)).first() is None:
            return 0
    with house.db.writing() as conn:
        now = house.clock.now()
        these = select(table).where(table.c.next_at <= now).order_by(table.c.next_at)
        taken = conn.execute(these.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
        for row in taken:
            held = {"next_at": now + _LEASE, "attempts": row.attempts + 1}
            conn.execute(update(table).where(table.c.id == row.id).values(held))
    for row in taken:
        again = None
        try:
            if row.over_at <= now:
                raise Undeliverable("over")
            send(row)
        except Undeliverable as fault:
            house.log.error(fault_says, message=row.id, why=fault.why)
        except Unavailable:
            again = house.clock.now() + _PAUSE * min(row.attempts + 1, 15)
        mine = table.c.id == row.id
        with house.db.writing() as conn:
            conn.execute(update(table).where(mine).values(next_at=again) if again else delete(table).where(mine))
    return len(taken)
