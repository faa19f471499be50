"""Parked messages: facts that could not be handled, kept until a person has looked and replays them.

In both modes a table. A message is parked in one transaction and only then acknowledged, so it is in a queue, in
effect or here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from services.chassis.errors import Conflict, NotFound
from services.chassis.logs import why
from services.chassis.rows import add_new
from services.chassis.tables import HOUSE, new_id
from services.chassis.work import Message

if TYPE_CHECKING:
    from services.chassis.house import House


def _body(row: Any) -> Mapping[str, Any]:
    """What was parked, as far as anybody can read it."""
    return row["body"] if isinstance(row["body"], Mapping) else {}


class Parking:
    """The parked messages of one service."""

    def __init__(self, house: House) -> None:
        self.house = house

    def park(self, message: Message, fault: BaseException, tries: int) -> None:
        """Keep a message for a person. Parking the same message twice keeps one."""
        row = {
            "id": new_id(),
            "fact": message.name,
            "message_id": message.message_id,
            "body": message.body,
            "correlation": message.correlation,
            "published_at": message.published_at,
            "why": why(fault),
            "attempts": tries,
            "parked_at": self.house.clock.now(),
        }
        with self.house.db.writing() as conn:
            add_new(conn, HOUSE.parked, [row], HOUSE.parked.c.id)
        self.house.metrics.parked.labels(message.name).inc()
        self.house.log.error(
            "parked", fact=message.name, message_id=message.message_id, correlation=message.correlation, why=row["why"]
        )

    def waiting(self) -> int:
        """How many nobody has replayed yet."""
        with self.house.db.reading() as conn:
            return conn.execute(select(func.count()).where(HOUSE.parked.c.replayed_at.is_(None))).scalar() or 0

    def listed(self, operator: str | None = None, limit: int = 200) -> list[dict[str, Any]]:
        """What is parked, oldest first: ids and codes, never the body.

        With an `operator` (the tenant of whoever asks) what concerns another operator is left out.
        """
        parked = HOUSE.parked
        names = ("id", "fact", "message_id", "correlation", "why", "attempts", "parked_at")
        asked = select(parked).where(parked.c.replayed_at.is_(None)).order_by(parked.c.parked_at)
        with self.house.db.reading() as conn:
            rows = conn.execute(asked).mappings().all()
        mine = [(row, _body(row)) for row in rows]
        return [
            {name: row[name] for name in names}
            | {
                "parked_at": row["parked_at"].isoformat(),
                "service": self.house.service,
                "case_id": body.get("case_id") or body.get("report_id"),
            }
            for row, body in mine
            if operator is None or body.get("operator") in (None, operator)
        ][:limit]

    def message(self, parked_id: str) -> Message:
        """The message that is parked under this id. Raises ``NotFound``, or ``Conflict`` when it was replayed."""
        with self.house.db.reading() as conn:
            row = conn.execute(select(HOUSE.parked).where(HOUSE.parked.c.id == parked_id)).first()
        if row is None:
            raise NotFound("Nothing is parked under this id.")
        if row.replayed_at is not None:
            raise Conflict(sentence="This message has been replayed already.")
        return Message(row.message_id, row.fact, row.body, row.correlation, row.published_at or datetime.now(UTC))

    def replayed(self, parked_id: str) -> None:
        """The message has had its effect now."""
        with self.house.db.writing() as conn:
            conn.execute(
                update(HOUSE.parked).where(HOUSE.parked.c.id == parked_id).values(replayed_at=self.house.clock.now())
            )
