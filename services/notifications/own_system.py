"""Telling the operator's own system that a case has moved: by ids alone, signed, off unless it is set up.

It is told of a case once that may be shown to those who work on it: before the screen has read it, and while nobody
knows whom it is about, nothing is said. What happened it asks at the API, as somebody, through the wall.
docs/own_system.md is what whoever builds it is given.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import requests
from sqlalchemy import delete, select, update

from services.chassis.claim import claim
from services.chassis.gate import may_leave
from services.chassis.house import House
from services.chassis.rows import add_new
from services.chassis.settings import Settings
from services.chassis.signed import sign
from services.chassis.work import Work
from services.notifications.memory import Case
from services.notifications.models import tellings

AT_ONCE = 20
_LEASE = timedelta(minutes=2)
_PAUSES = (1, 2, 5, 15, 60)  # minutes between tries; the last one again and again
_GIVEN_UP_AFTER = timedelta(days=3)
_PATIENCE = (5.0, 10.0)  # seconds to connect, and to answer


def note(work: Work, cases: Sequence[Case]) -> None:
    """Remember that these cases moved, in the transaction that heard of it."""
    settings = work.house.settings
    if not settings.webhook_url or not may_leave(settings, verified=True):
        return
    rows = [
        {"case_id": case.id, "seq": case.seq, "operator": case.operator, "home": case.home, "made_at": work.now,
         "attempts": 0, "next_at": work.now}
        for case in cases
    ]  # fmt: skip
    add_new(work.conn, tellings, rows, tellings.c.seq)


def tell_due(house: House) -> int:
    """Tell what is due; how many were tried. What was told is forgotten; after three days it is given up."""
    if not house.settings.webhook_url:
        return 0
    asked = select(tellings).where(tellings.c.next_at <= house.clock.now()).order_by(tellings.c.next_at)
    with house.working() as work:
        rows = claim(work.conn, asked, AT_ONCE)
        for row in rows:
            values = {"attempts": row.attempts + 1, "next_at": work.now + _LEASE}
            work.conn.execute(update(tellings).where(_is(row)).values(values))
    system = OwnSystem(house.settings)
    for row in rows:
        told = system.tell(row)
        with house.working() as work:
            if told or work.now - row.made_at >= _GIVEN_UP_AFTER:
                work.conn.execute(delete(tellings).where(_is(row)))
            else:
                pause = timedelta(minutes=_PAUSES[min(row.attempts, len(_PAUSES) - 1)])
                work.conn.execute(update(tellings).where(_is(row)).values(next_at=work.now + pause))
        if not told:
            house.log.warning("own_system_not_told", case=row.case_id, tries=row.attempts + 1)
    return len(rows)


def _is(row: Any) -> Any:
    return (tellings.c.case_id == row.case_id) & (tellings.c.seq == row.seq)


class OwnSystem:
    """The operator's own system, at its address."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def tell(self, row: Any) -> bool:
        """Say that a case stands at that row of its ledger; whether it was taken. A trial says nothing."""
        if not may_leave(self.settings, verified=True):
            return True
        said = {
            "id": f"{row.case_id}/{row.seq}", "event": "case_moved", "case_id": row.case_id, "seq": row.seq,
            "operator": row.operator, "home": row.home, "at": row.made_at.isoformat(),
        }  # fmt: skip
        body = json.dumps(said).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": said["id"]}
        headers |= sign(self.settings.webhook_secret, body)
        try:
            answer = requests.post(
                self.settings.webhook_url, data=body, headers=headers, timeout=_PATIENCE, allow_redirects=False
            )
        except requests.RequestException:
            return False
        return answer.ok
