"""What is shown of messages: pages to staff, behind the wall; letters to the complainant, behind the receipt code."""

from __future__ import annotations

from typing import Any

from services.chassis.errors import NotFound
from services.chassis.house import House
from services.notifications import mailbook, posting, rendering
from services.notifications.plan import FORM

PAPERS = (FORM, "outside/letter", "outside/asked", "staff/letter")
"""What is a paper of the case though it does not go to whoever complained."""


def page(house: House, person_id: str, number: int, state: str | None = None) -> dict[str, Any]:
    """A page of the messages that a person may see, newest first."""
    with house.db.seen_by(person_id) as conn:
        rows = mailbook.page_of(conn, person_id, number, state)
    with house.db.reading() as conn:
        cases = mailbook.known(conn, {row.case_id for row in rows})
        shown = []
        for row in rows[: mailbook.PAGE]:
            written = rendering.as_read(house, conn, cases[row.case_id], row._mapping, person_id)
            shown.append(
                {
                    "id": row.id,
                    "case_id": row.case_id,
                    "reference": cases[row.case_id].reference,
                    "at": (row.done_at or row.made_at).isoformat(),
                    "to": rendering.name_of(house, row.kind, row.whom),
                    "kind": row.kind,
                    "channel": row.channel,
                    "way": row.way,
                    "delivered_at": row.delivered_at.isoformat() if row.delivered_at else None,
                    "state": row.state,
                    "why": row.why,
                    "about": row.about,
                    "subject": written.subject,
                    "text": written.text,
                }
            )
    return {"messages": shown, "page": number, "more": len(rows) > mailbook.PAGE}


def papers(house: House, person_id: str, case_id: str) -> list[dict[str, Any]]:
    """The letters and forms that went out from a case, newest first: ``[{id, at, to, subject, state, delivered_at}]``.

    Only what was written to be kept; reminders and calls are none.
    """
    with house.db.seen_by(person_id) as conn:
        rows = mailbook.papers_of(conn, person_id, case_id, PAPERS)
    with house.db.reading() as conn:
        case = mailbook.known(conn, [case_id]).get(case_id)
        if case is None:
            return []
        return [
            {
                "id": row.id,
                "at": (row.done_at or row.made_at).isoformat(),
                "to": rendering.name_of(house, row.kind, row.whom),
                "subject": rendering.as_read(house, conn, case, row._mapping, person_id).subject,
                "state": row.state,
                "delivered_at": row.delivered_at.isoformat() if row.delivered_at else None,
            }
            for row in rows
        ]


def letters(house: House, report_id: str) -> list[dict[str, Any]]:
    """The letters to a complainant, oldest first: ``[{id, at, subject, text}]``. Whoever asks has seen to the code.

    Shown is arrived: from now on nothing that comes back of their notices takes that away.
    """
    with house.db.reading() as conn:
        case = mailbook.known(conn, [report_id]).get(report_id)
        if case is None:
            return []
        rows = mailbook.letters_of(conn, report_id, rendering.SENT_AS_THEY_ARE)
        found = [(row, rendering.as_read(house, conn, case, row._mapping)) for row in rows]
    if unread := [row.id for row in rows if row.delivered_at is None]:
        posting.read_behind_the_code(house, unread)
    return [
        {"id": row.id, "at": row.made_at.isoformat(), "subject": one.subject, "text": one.text} for row, one in found
    ]


def sheet_for(house: House, report_id: str, letter_id: str) -> str:
    """One letter to a complainant as a sheet to print, in HTML. Raises `NotFound`."""
    with house.db.reading() as conn:
        case = mailbook.known(conn, [report_id]).get(report_id)
        rows = mailbook.letters_of(conn, report_id, rendering.SENT_AS_THEY_ARE) if case else ()
        row = next((one for one in rows if one.id == letter_id), None)
        if case is None or row is None:
            raise NotFound
        return rendering.as_read(house, conn, case, row._mapping).sheet(row.made_at)


def sheet(house: House, person_id: str, message_id: str) -> dict[str, str]:
    """One message as a sheet to print for somebody who may see it: ``{case_id, html}``. Raises `NotFound`."""
    with house.db.seen_by(person_id) as conn:
        row = mailbook.seen(conn, person_id, message_id)
    if row is None:
        raise NotFound
    with house.db.reading() as conn:
        case = mailbook.known(conn, [row.case_id])[row.case_id]
        written = rendering.as_read(house, conn, case, row._mapping, person_id)
    return {"case_id": row.case_id, "html": written.sheet(row.made_at)}
