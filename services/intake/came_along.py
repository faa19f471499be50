"""What came along with a mail, as it is kept: listed, and opened for whoever may look."""

from __future__ import annotations

import base64
from typing import Any

from sqlalchemy import select

from services.chassis.errors import NotFound
from services.chassis.house import House
from services.chassis.vault import Erased
from services.intake.models import attachments


def _rows(house: House, report_id: str) -> Any:
    asked = select(attachments).where(attachments.c.report_id == report_id)
    with house.db.reading() as conn:
        return conn.execute(asked.order_by(attachments.c.received_at, attachments.c.id)).all()


def listed(house: House, report_id: str) -> list[dict[str, Any]]:
    """``[{id, kind, size, received_at, name}]``; the name is None once the report's words were erased."""
    return [_told(house, row) for row in _rows(house, report_id)]


def opened(house: House, report_id: str, attachment_id: str) -> dict[str, Any]:
    """One of them, with its `content` (base64). Raises `NotFound`, also for one that was erased."""
    for row in _rows(house, report_id):
        if row.id == attachment_id and (told := _told(house, row, content=True))["name"] is not None:
            return told
    raise NotFound


def _told(house: House, row: Any, *, content: bool = False) -> dict[str, Any]:
    told = {"id": row.id, "kind": row.kind, "size": row.size, "received_at": row.received_at.isoformat(), "name": None}
    try:
        with house.db.reading() as conn:
            key = house.vault.key(conn, row.report_id, "words")
    except Erased:
        return told
    told["name"] = key.open(row.name, f"attachments/{row.id}/name")
    if content:
        plain = key.open_bytes(row.content, f"attachments/{row.id}/content")
        told["content"] = base64.b64encode(plain).decode()
    return told
