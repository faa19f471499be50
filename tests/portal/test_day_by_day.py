"""Today's list, day by day: what is late first, one card for a case and a day, one's own before what others owe."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.portal.day_by_day import sections, told_together

FRIDAY = datetime(2026, 12, 18, 16, 30, tzinfo=UTC)


def owed(says: str, due: str | None, case: str = "a", **more: Any) -> dict[str, Any]:
    return {"says": says, "due": due, "case_id": case, "reference": case.upper(), "home_name": "Harbour House",
            "status": "running", "mine": False} | more  # fmt: skip


def test_what_is_late_stands_first_then_today_the_next_seven_days_and_later() -> None:
    found = sections(
        [owed("Answer", "2027-01-06"), owed("Contact", "2026-12-25"), owed("Copy", "2026-12-18T17:30:00+00:00"),
         owed("Acknowledge", "2026-12-17", status="late"), owed("Wait", "2026-12-19", status="paused"),
         owed("Someday", None)], FRIDAY,
    )  # fmt: skip
    assert [(heading, [line["says"] for card in cards for line in card.lines]) for heading, cards in found] == [
        ("Late", ["Acknowledge"]), ("Today", ["Copy"]), ("The next seven days", ["Contact"]), ("Later", ["Answer"]),
        ("On hold, or without a day yet", ["Wait", "Someday"]),
    ]  # fmt: skip


def test_what_one_case_owes_on_one_day_is_one_card_and_ones_own_comes_first() -> None:
    day = "2026-12-22"
    lines = [owed("Advocate", day, "a"), owed("Acknowledge", day, "b", mine=True), owed("Acknowledge", day, "a")]
    [(_, cards)] = sections(lines, FRIDAY)
    assert [(card.reference, card.mine, len(card.lines)) for card in cards] == [("B", True, 1), ("A", False, 2)]


def test_what_is_owed_for_each_of_several_people_stands_there_once_and_says_how_often() -> None:
    lines = [owed("Tell them", "2026-12-22", instance=who) for who in ("s1", "s2")] + [owed("Answer", "2026-12-22")]
    [(_, [card])] = sections(lines, FRIDAY)
    assert [(line["says"], line["times"]) for line in card.lines] == [("Tell them", 2), ("Answer", 1)]


def test_an_hour_after_midnight_in_summer_is_the_day_that_it_is_in_london() -> None:
    july = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    [(heading, cards)] = sections([owed("Call", "2026-07-01T23:30:00+00:00")], july)
    assert heading == "The next seven days" and cards[0].day is not None and cards[0].day.isoformat() == "2026-07-02"


def test_what_a_lead_owes_for_two_concerns_in_the_same_minute_stands_there_once() -> None:
    def due(at: str, **more: Any) -> dict[str, Any]:
        return owed("Tell the lead", f"2026-12-18T{at}+00:00", met_at=None, **more)

    words, meant = due("16:30:02.1", instance="abuse"), due("16:30:02.4", instance="risk")
    later, told = due("16:41:00", instance="risk"), due("16:30:02.1", instance="abuse", status="met")
    assert told_together([words, meant, later, told]) == [words, later, told]
