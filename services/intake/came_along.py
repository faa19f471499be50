"""What came along with a report, as it is kept: sealed under the key of its words, listed, and opened for whoever may
look.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.chassis.errors import NotFound
from services.chassis.green import in_thread
from services.chassis.house import House
from services.chassis.rows import add_new
from services.chassis.vault import DataKey, Erased
from services.chassis.work import Work
from services.intake.attachments import KINDS, Kept, small
from services.intake.models import attachments


def keep(work: Work, key: DataKey, came: Mapping[str, Kept]) -> None:
    """Keep what came along, by id, sealed under the key of the report's words. What is known stays as it is."""
    rows = [
        {
            "id": own, "report_id": key.case_id, "received_at": work.now, "kind": one.kind, "size": len(one.content),
            "scanned": one.scanned, "name": key.seal(one.name, f"attachments/{own}/name"),
            "content": key.seal(one.content, f"attachments/{own}/content"),
        }
        for own, one in came.items()
    ]  # fmt: skip
    if rows:
        add_new(work.conn, attachments, rows, attachments.c.id)


def listed(house: House, report_id: str) -> list[dict[str, Any]]:
    """``[{id, kind, sort, size, scanned, received_at, name}]``; the name is None once the words were erased."""
    kept = attachments.c
    columns = (kept.id, kept.report_id, kept.received_at, kept.kind, kept.size, kept.scanned, kept.name)
    asked = select(*columns).where(kept.report_id == report_id).order_by(kept.received_at, kept.id)
    with house.db.reading() as conn:
        rows = conn.execute(asked).all()
    return [_told(house, row) for row in rows]


def opened(house: House, report_id: str, attachment_id: str, *, to_look_at: bool = False) -> dict[str, Any]:
    """One of them, with its `content` (base64); ``to_look_at``: a picture, made small and anew.

    Raises `NotFound`, also for one that was erased, or is no picture.
    """
    asked = select(attachments).where(attachments.c.report_id == report_id, attachments.c.id == attachment_id)
    with house.db.reading() as conn:
        row = conn.execute(asked).first()
    told = _told(house, row, content=True) if row else dict[str, Any](name=None)
    if told["name"] is None:
        raise NotFound
    content: bytes = told["content"]
    if to_look_at:
        shown = in_thread(small, content) if told["sort"] == "picture" else None
        if shown is None:
            raise NotFound
        content = shown
        told |= {"kind": "image/jpeg", "size": len(content)}
    return told | {"content": base64.b64encode(content).decode()}


def _told(house: House, row: Any, *, content: bool = False) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": row.id, "kind": row.kind, "sort": KINDS.get(row.kind, "document"), "size": row.size,
        "scanned": row.scanned, "received_at": row.received_at.isoformat(), "name": None,
    }  # fmt: skip
    try:
        with house.db.reading() as conn:
            key = house.vault.key(conn, row.report_id, "words")
    except Erased:
        return told
    told["name"] = key.open(row.name, f"attachments/{row.id}/name")
    if content:
        told["content"] = key.open_bytes(row.content, f"attachments/{row.id}/content")
    return told
