"""Who may see a case: the one condition that every question asked for a person passes through.

A person sees a case exactly when ``case_viewers`` holds the two together. That table is derived, in the same
transaction as every row of the ledger, from ``heard.people.viewers``: never a person complained of, never anybody whom
an unidentified subject might be. Until the report is screened it is nobody, or the cleared safeguarding lead once the
alarm about that has gone out. PostgreSQL's row-level security says the same a second time (``migrations``). A case that
somebody may not see answers like one that does not exist.
"""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, select

from services.workflow.models import book_viewers, case_viewers


def visible_to(person_id: str, case_id: Column[str]) -> ColumnElement[bool]:
    """The condition that ``case_id`` (a column of a walled table) is a case that this person may see."""
    return case_id.in_(select(case_viewers.c.case_id).where(case_viewers.c.person_id == person_id))


def may_read(person_id: str, book_id: Column[str]) -> ColumnElement[bool]:
    """The condition that ``book_id`` is a home or provider whose standing duties this person may read.

    That is whoever works there and whoever oversees the group; ``book_viewers`` is derived like ``case_viewers``.
    """
    return book_id.in_(select(book_viewers.c.book_id).where(book_viewers.c.person_id == person_id))
