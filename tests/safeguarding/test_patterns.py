"""Small things about one person that repeat are looked at together, at whichever home of the provider they happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.chassis.errors import NotFound
from tests.ground import world
from tests.safeguarding.test_what_staff_bring import raised
from tests.safeguarding.two_houses import TwoHouses

LEAD, DEPUTY = world.person_id("imogen-ashdale"), world.person_id("callum-wrenfield")
JONAS = world.person_id("jonas-pennerley")
SMALL, PATTERN = "low_level_concern", "pattern_of_concerns"


def small_thing(houses: TwoHouses, about: str | None = "Jonas Pennerley", home: str = "harbour-house") -> str:
    """A report about somebody in which a member of staff sees something small; the lead reads it and knows of it."""
    named = [{"name": about}] if about else []
    report_id = str(houses.submit(home=home, about=named, what_happened="Always late, and short with us.")["report_id"])
    houses.carry()
    raised(houses, report_id, SMALL, home=world.home_id(home))
    for alert in houses.safe.alerts(person_id=DEPUTY):
        houses.safe.acknowledge(person_id=DEPUTY, alert_id=alert["alert_id"])
    return report_id


def patterns(houses: TwoHouses, report_id: str) -> list[list[str]]:
    """The reports of each pattern that a record tells of."""
    return [list(one.data["reports"]) for one in houses.ledger(report_id) if one.event == "pattern_found"]


def concerns(houses: TwoHouses, report_id: str) -> set[str]:
    """The concerns that stand on a record."""
    return {one.data["concern"] for one in houses.ledger(report_id) if one.event == "concern_found"}


def test_the_third_small_thing_about_one_person_within_a_year_is_a_pattern_that_calls_the_lead(
    houses: TwoHouses,
) -> None:
    first = small_thing(houses)
    houses.move(timedelta(days=100))
    second = small_thing(houses, home="quay-view")
    called = len(houses.called())
    houses.move(timedelta(days=100))
    third = small_thing(houses)
    assert [patterns(houses, one) for one in (first, second, third)] == [[], [], [[first, second, third]]]
    assert concerns(houses, third) == {SMALL, PATTERN} and concerns(houses, second) == {SMALL}
    assert len(houses.called()) == called + 1
    record = houses.safe.record(person_id=LEAD, report_id=third)
    (shown,) = record["patterns"]
    assert (shown["name"], shown["times"], shown["hidden"]) == ("Jonas Pennerley", 3, 1)
    assert [one["report_id"] for one in shown["reports"]] == [first, third]  # the other home has a lead of its own
    assert "pattern.low_level_concern" in next(c for c in record["concerns"] if c["concern"] == PATTERN)["because"]


def test_what_lies_more_than_a_year_back_or_is_about_somebody_else_makes_no_pattern(houses: TwoHouses) -> None:
    small_thing(houses)
    houses.move(timedelta(days=300))
    small_thing(houses)
    small_thing(houses, "Piers Hallowmere", "quay-view")
    houses.move(timedelta(days=66))
    last = small_thing(houses)
    assert patterns(houses, last) == []


def test_a_concern_that_was_cleared_does_not_count(houses: TwoHouses) -> None:
    first, _ = small_thing(houses), small_thing(houses)
    houses.safe.clear_concern(person_id=LEAD, report_id=first, concern=SMALL, reason="It was somebody else's bus.")
    assert patterns(houses, small_thing(houses)) == []
    assert len(patterns(houses, small_thing(houses))) == 1


def test_a_pattern_is_noticed_when_it_is_recorded_who_was_meant_and_once(houses: TwoHouses) -> None:
    small_thing(houses)
    small_thing(houses)
    unsure = small_thing(houses, None)
    houses.safe.confirm_concern(person_id=LEAD, report_id=unsure, concern="lado_threshold", reason="He was pushed.")
    message = raised(houses, unsure, "lado_threshold", "Noor pushed him.")
    assert patterns(houses, unsure) == []
    subject = houses.safe.record(person_id=LEAD, report_id=unsure)["subjects"][0]["subject"]
    houses.safe.identify(person_id=LEAD, report_id=unsure, subject=subject, person=JONAS, reason="The rota says so.")
    assert len(patterns(houses, unsure)) == 1
    houses.hear(message)
    houses.safe.confirm_concern(person_id=LEAD, report_id=unsure, concern=SMALL, reason="It is so.")
    assert len(patterns(houses, unsure)) == 1


def test_a_lead_sees_of_a_pattern_only_the_reports_that_they_may_see(houses: TwoHouses) -> None:
    named: list[dict[str, Any]] = [{"name": "Jonas Pennerley"}, {"name": "Imogen Ashdale"}]
    hidden = str(houses.submit(about=named, what_happened="They were both late again.")["report_id"])
    houses.carry()
    raised(houses, hidden, SMALL)
    small_thing(houses)
    last = small_thing(houses)
    with pytest.raises(NotFound):
        houses.safe.record(person_id=LEAD, report_id=hidden)
    (seen,) = houses.safe.record(person_id=LEAD, report_id=last)["patterns"]
    assert (len(seen["reports"]), seen["hidden"]) == (2, 1)
    assert hidden not in {one["report_id"] for one in seen["reports"]}
