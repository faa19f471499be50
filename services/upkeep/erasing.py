"""`heard erase`: what somebody said in a report, who they are and what was written to them is gone for good.

Every word stands sealed under the keys of its case, and each service has a table of those keys: they are destroyed,
in every service, and so is each place where a key may have stayed behind in a fact. What happened, when and by whom
remains, without a word of it; so does the report in every count. A case that is not over is not erased, nor what
safeguarding still needs. A run that was broken off is begun again: what is gone stays gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, cast, delete, exists, or_, select

from services.chassis.house import House
from services.chassis.settings import Settings
from services.chassis.tables import HOUSE
from services.intake import erasing as at_intake
from services.notifications import erasing as at_notifications
from services.safeguarding import erasing as at_safeguarding
from services.workflow import erasing as at_workflow

HOLD_KEYS = ("intake", "safeguarding", "workflow", "notifications", "reporting")
"""The services that hold keys of words (`services/chassis/readers.toml`), in the order in which they let go of them."""


class CannotErase(Exception):
    """Why nothing was erased: a sentence."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: the report and its cases, and how many keys were destroyed just now."""

    report_id: str
    case_ids: Sequence[str]
    keys: int


def erase(settings: Settings, reference: str, by: str, because: str = "") -> Erased:
    """Erase the words of the report with this reference, everywhere. Raises ``CannotErase``."""
    with houses(settings) as opened:
        intake = opened["intake"]
        with intake.db.reading() as conn:
            report = at_intake.report_of(conn, reference)
        if report is None:
            raise CannotErase("There is no report with this reference.")
        with opened["workflow"].db.reading() as conn:
            ids = sorted({report, *at_workflow.cases_of(conn, report)})
        why_not = in_the_way(opened, report, ids)
        if why_not:
            raise CannotErase(f"{why_not} Nothing was erased.")
        with intake.db.writing() as conn:
            at_intake.write_down(conn, report, intake.clock.now(), by, because)
        destroyed = sum(let_go(house, ids) for house in opened.values())
        intake.log.warning("words_erased", report=report, cases=ids, keys=destroyed, by=by)
    return Erased(report, [one for one in ids if one != report], destroyed)


def written_down(settings: Settings) -> list[Mapping[str, Any]]:
    """What was erased, the oldest first: ``{reference, at, by, because}``."""
    with houses(settings) as opened, opened["intake"].db.reading() as conn:
        return at_intake.written_down(conn)


@contextmanager
def houses(settings: Settings) -> Iterator[dict[str, House]]:
    """A house of each service that holds keys of words."""
    opened: dict[str, House] = {}
    try:
        for service in HOLD_KEYS:
            opened[service] = House(settings, service)
        yield opened
    finally:
        for house in opened.values():
            house.close()


def in_the_way(houses: Mapping[str, House], report: str, ids: list[str]) -> str | None:
    """Why a report must not be erased yet, as a sentence, or None."""
    with houses["workflow"].db.reading() as conn:
        if why := at_workflow.in_the_way(conn, report):
            return why
    if why := at_safeguarding.in_the_way(houses["safeguarding"], report):
        return why
    with houses["notifications"].db.reading() as conn:
        if why := at_notifications.in_the_way(conn, ids):
            return why
    for house in houses.values():
        with house.db.reading() as conn:
            if on_its_way(house, conn, ids):
                return "Something about it is still on its way, or was parked: mend that first (Messages, Parked)."
    return None


def on_its_way(house: House, conn: Connection, ids: Sequence[str]) -> bool:
    """Whether a fact about it is still owed to somebody, or lies parked: it brings its key along."""
    found = [
        select(table.c.id).where(_speaks_of(table.c.body, ids), ~settled).limit(1) for table, settled in _facts(house)
    ]
    return any(conn.execute(one).first() is not None for one in found)


def let_go(house: House, ids: list[str]) -> int:
    """Destroy a service's keys, and what was kept of facts that are settled; how many keys."""
    with house.db.writing() as conn:
        gone = sum(house.vault.erase(conn, one, house.clock.now()) for one in ids)
        for table, settled in _facts(house):  # one that came this very moment is still owed to somebody: it stays
            conn.execute(delete(table).where(_speaks_of(table.c.body, ids), settled))
        if house.service == "workflow":
            at_workflow.forget_terms(conn, ids)
    if house.settings.embedded:  # what was overwritten stands in the log beside the file until this
        with house.db.reading() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone


def _facts(house: House) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """Where facts are kept, and the condition that nobody needs one of them any more."""
    outbox, parked, owed = HOUSE.outbox, HOUSE.parked, HOUSE.deliveries
    delivered = ~exists().where(owed.c.message_id == outbox.c.message_id)
    sent = delivered if house.settings.embedded else outbox.c.sent_at.is_not(None)
    return (outbox, sent), (parked, parked.c.replayed_at.is_not(None))


def _speaks_of(body: Column[Any], ids: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(cast(body, Text).contains(one) for one in ids))
