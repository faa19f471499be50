"""Whoever led the safeguarding of a home and works on there as something else reads its records no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heard.calling import called_roles
from heard.people import Absence, Holding, Person, Roster, viewers
from heard.registry import load_procedures
from heard.trial import Trial
from services.chassis.errors import NotFound
from services.safeguarding.calling import AS_LEAD, Call, may_see
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


def test_who_led_and_was_called_about_it_reads_it_no_more_while_it_is_open_either(houses: TwoHouses) -> None:
    houses.submit(about=[{"name": "Noor Ellingham"}], what_happened="Noor Ellingham hit me in the face.")
    houses.carry()
    (alert,) = houses.safe.alerts(person_id=LEAD)
    holds(houses, "investigating_officer")
    holds(houses, "designated_safeguarding_lead", until=houses.now.isoformat())
    service(SafeguardingService, houses.safeguarding).look_again_at_people()
    with pytest.raises(NotFound):
        houses.safe.record(person_id=LEAD, report_id=alert["report_id"])
    with pytest.raises(NotFound):
        houses.safe.alert(person_id=LEAD, alert_id=alert["alert_id"])
    assert houses.safe.alerts(person_id=LEAD) == []


FIRST, DAYS = datetime(2026, 11, 2, 9, tzinfo=UTC), st.integers(0, 20)
PEOPLE = ("p1", "p2", "p3")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_whatever_roles_people_held_whoever_reads_holds_one_now_by_which_they_may(data: st.DataObject) -> None:
    """Over histories that nobody thought of: roles that began and ended, absences, calls made in between."""
    procedure = load_procedures().get(data.draw(st.sampled_from(sorted(load_procedures().keys()))))
    roles = [role.key for role in procedure.roles if not role.outside]
    state = Trial(procedure, "2026-11-10 09:00").state
    place = state.received["provider"], state.received["home"]
    now = FIRST + timedelta(days=21)

    def some(day: int) -> datetime:
        return FIRST + timedelta(days=day)

    spans = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(roles), DAYS, st.none() | DAYS)
    held = [
        Holding(person, role, *place, some(since), some(until) if until is not None else None)
        for person, role, since, until in data.draw(st.lists(spans, max_size=8))
    ]
    away = [Absence(one, some(day), None) for one, day in data.draw(st.lists(st.tuples(st.sampled_from(PEOPLE), DAYS)))]
    made = [Call(one, False, some(day)) for one, day in data.draw(st.lists(st.tuples(st.sampled_from(PEOPLE), DAYS)))]
    roster = Roster({one: Person(one, None, one) for one in PEOPLE}, held, away)
    for person, why in may_see(procedure, state, roster, made, now).items():
        mine = set(roster.roles_of(person, now, *place))
        assert mine & called_roles(procedure), (person, why, mine)
        assert why == AS_LEAD or any(call.key == person for call in made)
    for person in viewers(procedure, state, roster, now):
        assert roster.roles_of(person, now, *place)
