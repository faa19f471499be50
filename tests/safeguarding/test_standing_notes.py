"""A note beside a standing duty is screened like every word: one that means harm becomes a report and a call."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.hearing import hear
from services.chassis.vault import Vault
from services.chassis.work import Message
from services.intake.service import IntakeService
from tests.ground import world
from tests.safeguarding.test_calling import LEAD
from tests.safeguarding.two_houses import TwoHouses, service

NOOR = world.person_id("noor-ellingham")
HARM = "Went through the leaflet with K. She said the night worker grabbed her by the neck on Sunday."


def note(houses: TwoHouses, text: str, home: str | None = None) -> Message:
    """As the case service hands it on."""
    vault = Vault("workflow", houses.safeguarding.settings.keys_dir)
    entry = houses.safeguarding.who.home("harbour-house")
    assert entry is not None
    body: dict[str, Any] = {
        "operator": entry["operator"], "provider": entry["provider"], "home": entry["id"] if home is None else home,
        "note_id": "d" * 32, "by": NOOR, "written_at": houses.now.isoformat(),
        "words": vault.envelope(vault.new_key("b" * 32, "words"), {"note": text}),
    }  # fmt: skip
    return Message("e" * 32, "standing_note_written", body, "c", houses.now)


def goes_its_way(houses: TwoHouses, message: Message) -> int:
    """The note is screened, and what is found in it is received and screened again; how many reports came of it."""
    houses.hear(message)
    raised = houses.said(houses.safeguarding, "note_raised")
    for n, one in enumerate(raised * 2):  # twice is once
        again = Message(f"{n:032d}", one.name, one.body, "c", houses.now)
        assert hear(houses.intake, service(IntakeService, houses.intake).note_raised, [again]) is None
    houses.carry()
    return len(houses.said(houses.intake, "complaint_received"))


@pytest.mark.parametrize("home", [None, ""])
def test_a_note_that_means_harm_becomes_one_report_and_the_lead_is_called(houses: TwoHouses, home: str | None) -> None:
    assert goes_its_way(houses, note(houses, HARM, home)) == 1
    (alert,) = houses.safe.alerts(person_id=LEAD)
    assert houses.called() == [LEAD]
    record = houses.safe.record(person_id=LEAD, report_id=alert["report_id"])
    assert record["words"][0]["said"]["what_happened"] == HARM
    assert record["received"]["channel"] == "staff_note"
    (fact,) = [one.body for one in houses.said(houses.intake, "complaint_received")]
    assert (fact["taken_by"], fact["kind"]) == (NOOR, "concern") and "neck" not in str(fact)


def test_of_an_ordinary_note_nothing_is_kept_and_nobody_is_called(houses: TwoHouses) -> None:
    assert goes_its_way(houses, note(houses, "Gave everybody the leaflet; two were on time, one a day late.")) == 0
    assert houses.safe.alerts(person_id=LEAD) == [] and houses.called() == []
