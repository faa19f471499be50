"""Which reports go first: those about which safeguarding will call somebody, by a tick or by their words alone."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from sqlalchemy import select

from heard.registry import load_procedures
from services.chassis.tables import HOUSE
from services.chassis.topology import first_key
from services.intake import receiving
from services.screening.reports import screen_report
from tests.agreement.tree import ROOT
from tests.safeguarding.two_houses import TwoHouses

FIRST = {
    "somebody ticked a worry": {"worries": ["physical_abuse"]},
    "somebody is in danger": {"in_danger_now": True},
    "nobody ticked one and the words tell": {"what_happened": "somebody who works here punched me last night"},
    "it stands in what is wished for": {"wanted": "I want him to stop hitting me."},
    "it stands in whom it is about": {"about": [{"words": "the woman who slapped me"}]},
    "it stands where a way to write is asked for": {
        "complainant": {"is": "parent", "anonymous": False, "safe_contact": "not here, he reads my post and hits me"},
    },
    "nobody here can read it": {"what_happened": "他打了我的脸，我很害怕，请帮帮我", "wanted": ""},
}  # fmt: skip
WITH_THE_OTHERS = {
    "nothing in it worries anybody": {},
    "it is sharp and means no harm": {"what_happened": "The wifi is killing me and the food is a crime."},
}


def said_as(houses: TwoHouses) -> list[str]:
    """As what intake's rows leave: the way that each takes."""
    with houses.intake.db.reading() as conn:
        return list(conn.execute(select(HOUSE.outbox.c.fact).order_by(HOUSE.outbox.c.id)).scalars())


@pytest.mark.parametrize("changes", FIRST.values(), ids=FIRST)
def test_a_report_goes_first_when_somebody_will_be_called_about_it(houses: TwoHouses, changes: dict[str, Any]) -> None:
    houses.submit(**changes)
    assert said_as(houses) == [first_key("complaint_received")]
    houses.carry()
    assert houses.called(), "it went first and safeguarding calls nobody"


@pytest.mark.parametrize("changes", WITH_THE_OTHERS.values(), ids=WITH_THE_OTHERS)
def test_a_report_about_which_nobody_is_called_goes_with_the_others(
    houses: TwoHouses, changes: dict[str, Any]
) -> None:
    houses.submit(**changes)
    assert said_as(houses) == ["complaint_received"]
    houses.carry()
    assert houses.called() == []


def test_nobody_waits_at_the_door_while_a_very_long_report_is_read(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "screen_report", lambda *_: pytest.fail("it was read"))
    houses.submit(what_happened="The wifi is down. " * (receiving.READ_AT_THE_DOOR // 18 + 1))
    assert said_as(houses) == [first_key("complaint_received")]


def test_the_door_and_safeguarding_flag_the_same_whatever_the_procedure() -> None:
    """The door asks without a procedure: a provider's own concerns say what it is, never whether it is anything."""
    examples = tomllib.loads((ROOT / "tests/safeguarding/examples.toml").read_text("utf-8"))
    texts = [text for _, text in examples["alarming"]] + examples["calm"]
    procedures = [load_procedures().get(key) for key in load_procedures()]
    for text in texts:
        for report in ({"child_ages": [4]}, {"worries": ["witchcraft"]}):
            at_the_door = screen_report(report, {"what_happened": text}, {})
            later = {screen_report(report, {"what_happened": text}, {}, one).flagged for one in procedures}
            assert later == {at_the_door.flagged}, text


def test_a_report_is_received_whatever_befalls_the_screen_and_then_it_goes_first(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(receiving, "screen_report", broken)
    houses.submit()
    assert said_as(houses) == [first_key("complaint_received")]
