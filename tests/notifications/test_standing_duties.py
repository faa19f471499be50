"""Whoever owes something without any complaint is reminded, once, in words that name nobody."""

from __future__ import annotations

from typing import Any

from services.notifications import hearing
from tests.directory.neighbours import PLACE, Neighbours, person
from tests.notifications.post_office import outbox, told

MANAGER, GROUP = person("tobias-fennimore"), person("maren-oakshott")
BOOK = "b" * 32


def reminded(beside: Neighbours, **changes: Any) -> dict[str, Any]:
    """The fact that says so."""
    version = beside.house.procedures.get("ioi_support").version
    said = {"book_id": BOOK, "seq": 3, "procedure_version": version, "duty": "monthly_compliance", "when": "late",
            "due": "2026-11-20", "many": 1, "whom": [MANAGER], "at": "2026-11-23T09:00:00+00:00"}  # fmt: skip
    return PLACE | said | changes


def test_a_reminder_says_what_by_when_for_which_home_and_which_clause_asks_for_it(trial: Neighbours) -> None:
    for _ in range(2):
        trial.hear(hearing.standing_duties_reminded, "standing_duty_reminded", reminded(trial))
    (message,) = outbox(trial, MANAGER)
    for said in (
        "This is late at Harbour House. It was due by Friday 20 November 2026: Monitor compliance with this procedure.",
        "IOI-47", f"/standing/{BOOK}",
    ):  # fmt: skip
        assert said in message["text"]
    assert "times" not in message["text"]
    assert [one["subject"] for one in outbox(trial, GROUP)] == ["Heard: something that has to be done in time"]
    assert outbox(trial, person("noor-ellingham")) == []
    assert trial.published("message_sent") == []  # no case has to hear of it


def test_what_is_owed_several_times_is_one_message_and_one_of_another_home_names_that_home(trial: Neighbours) -> None:
    of_staff = {"duty": "training", "when": "soon", "many": 3, "seq": 4}
    both = [reminded(trial, **of_staff, home=""), reminded(trial, seq=5, home=PLACE["home"])]
    trial.hear(hearing.standing_duties_reminded, "standing_duty_reminded", *both)
    texts = sorted(one["text"] for one in outbox(trial, MANAGER))
    assert [text.partition(":")[0] for text in texts] == [
        "This is due soon at Tidewater Supported Living, by Friday 20 November 2026",
        "This is late at Harbour House. It was due by Friday 20 November 2026",
    ]
    assert "It is owed 3 times" in texts[0]
    assert [whom for _, whom, _ in told(trial)] == [MANAGER, MANAGER]
