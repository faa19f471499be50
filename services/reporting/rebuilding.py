"""Making the read model again from the ledgers themselves, page by page: nothing here is the only copy of anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from services.chassis.house import House
from services.reporting import readbook
from services.reporting.hearing import CASE, SAFEGUARDING, plain

PAGE = 500
_PLACE = ("operator", "provider", "home")
_BOUND = ("reference", "procedure_version")


def rebuild(house: House) -> dict[str, int]:
    """Drop what was heard and take it from workflow and safeguarding anew: ``{cases, safeguarding}`` rows.

    Facts that come meanwhile are kept too: a row is a row, by whichever way it comes.
    """
    with house.db.writing() as conn:
        readbook.forget(conn)
    taken = {CASE: 0, SAFEGUARDING: 0}
    for page in _pages(house.calls.workflow.ledger_since):
        with house.db.writing() as conn:
            readbook.advance(conn, [{"id": row["case_id"], **_named(row, *_PLACE, *_BOUND)} for row in page])
            readbook.keep(conn, CASE, [(row["case_id"], plain(row)) for row in page])
        taken[CASE] += len(page)
    for page in _pages(house.calls.safeguarding.ledger_since):
        with house.db.writing() as conn:
            first = [row for row in page if row["event"] == "received"]
            readbook.know(conn, [{"id": r["case_id"], "reference": "", **_named(r["data"], *_PLACE)} for r in first])
            readbook.keep(conn, SAFEGUARDING, [(row["case_id"], plain(row)) for row in page])
        taken[SAFEGUARDING] += len(page)
    house.log.info("rebuilt", **taken)
    return taken


def _pages(ask: Callable[..., dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    position: str | None = None
    while True:
        page = ask(position=position, limit=PAGE)
        if page["happenings"]:
            yield page["happenings"]
        position = page["position"]
        if not page["more"]:
            return


def _named(row: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: row[name] for name in names}
