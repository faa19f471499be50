"""Equality answers on their way to be counted: sealed, apart from any word of the report, in no order that tells whose.

Only reporting can open them (`readers.toml`), and it keeps none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.chassis.house import House
from services.chassis.tables import HOUSE
from services.intake.models import equality


def answers_of(house: House, report_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The envelopes of those of the reports that have answers and whose key was not destroyed."""
    keys = HOUSE.keys.c
    asked = (
        select(equality.c.answers, keys.wraps)
        .join(HOUSE.keys, (keys.case_id == equality.c.report_id) & (keys.retention == "equality"))
        .where(equality.c.report_id.in_(list(report_ids)), keys.destroyed_at.is_(None))
        .order_by(keys.key_id)
    )
    with house.db.reading() as conn:
        return [{**row.answers, "wraps": row.wraps} for row in conn.execute(asked)]
