"""Whoever led the safeguarding of a home and works on there as something else reads its records no more."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.errors import NotFound
from services.safeguarding.models import records
from services.safeguarding.service import SafeguardingService
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses, service

LEAD, DEPUTY = world.person_id("imogen-ashdale"), world.person_id("callum-wrenfield")
PLACE = {"provider": world.provider_id("tidewater-homes"), "home": world.home_id("harbour-house")}
BEGAN = "2026-01-01T00:00:00+00:00"


def holds(houses: TwoHouses, role: str, until: str | None = None) -> None:
    """The lead holds a role at the home, and safeguarding acts on it as it does when it hears so."""
    entry: dict[str, Any] = {"kind": "holding", "id": f"{role}-of-the-lead"}
    data = {"person": LEAD, "role": role, "since": BEGAN, "until": until, "reads_safeguarding": False} | PLACE
    kept = houses.safeguarding.who.entries("holding")
    mine = next((id_ for id_, one in kept.items() if (one["person"], one["role"]) == (LEAD, role)), entry["id"])
    houses.change("holding", mine, data)
    with houses.safeguarding.working() as work:
        service(SafeguardingService, houses.safeguarding).directory_moved(work, [entry | {"id": mine, "data": data}])


def test_a_closed_record_is_read_by_whoever_leads_now_and_not_by_who_led_then(houses: TwoHouses) -> None:
    houses.submit(about=[{"name": "Noor Ellingham"}], what_happened="Noor Ellingham hit me in the face.")
    houses.carry()
    (alert,) = houses.safe.alerts(person_id=LEAD)
    houses.safe.acknowledge(person_id=LEAD, alert_id=alert["alert_id"])
    with houses.safeguarding.working() as work:
        work.conn.execute(records.update().values(closed_at=houses.now))
    holds(houses, "investigating_officer")
    assert houses.safe.record(person_id=LEAD, report_id=alert["report_id"])["closed_at"]
    holds(houses, "designated_safeguarding_lead", until=houses.now.isoformat())
    with houses.safeguarding.db.seen_by(LEAD) as conn:
        left = conn.exec_driver_sql("SELECT why FROM record_viewers WHERE person_id = ?", (LEAD,)).scalars().all()
    assert left == []
    with pytest.raises(NotFound):
        houses.safe.record(person_id=LEAD, report_id=alert["report_id"])
