"""A young person tells the person who handles an ordinary complaint that somebody hurts them.

The handler says so with one form. The lead is called at once, the law's clocks run from that moment, and whoever it is
about, a colleague who could read the case until then, sees nothing of it any more.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

LEAD, HANDLER, COLLEAGUE = "imogen-ashdale", "tobias-fennimore", "saskia-thornbury"
TOLD = "Jess says that Saskia Thornbury pulls her by the hair when she is late for tea. She asked me not to say it."
CONCERN = "lado_threshold"


def alerts_of(platform: Platform, person: str) -> list[dict[str, Any]]:
    """The alerts on somebody's board."""
    found = platform.seat(person).get("/alerts")
    return list(found["alerts"] if isinstance(found, dict) else found)


@pytest.mark.timeout(240)
@pytest.mark.starts_at("2026-11-23 09:00")
def test_what_a_young_person_tells_the_handler_calls_the_lead_and_keeps_the_one_it_is_about_away(
    platform: Platform,
) -> None:
    story = Story(platform, platform.submit(world.a_report())).reaches(HANDLER)
    platform.wait_until(lambda: story.is_seen_by(COLLEAGUE), what="the colleague may read the case")
    assert alerts_of(platform, LEAD) == []

    # An ordinary letter is written, and read by the screen. It worries nobody, so nobody is called.
    platform.move_clock("2026-11-24 16:00")
    story.sends(HANDLER, "acknowledge", "acknowledge", "stage_1", words="Hello Robin. I am looking into it.")
    old_page = story.page(HANDLER)["seq"]

    # In the evening the handler hears something else, and says so, on a page that is no longer the newest.
    story.does(HANDLER, "tell", duty="see_the_young_person", whom="young_person", channel="in_person")
    action = next(one for one in story.page(HANDLER)["actions"] if one["name"] == "raise_concern")
    assert action["allowed"] and CONCERN in action["needs"]["choices"]["concern"]
    platform.seat(HANDLER).post(
        f"/cases/{story.id}/actions",
        {"command": "raise_concern", "data": {"concern": CONCERN, "reason": TOLD}, "expected_seq": old_page},
    )

    # The lead is called at once, and reads who says so and what was said; the clock of the law runs.
    platform.wait_until(lambda: alerts_of(platform, LEAD), what="the lead has the alert")
    (alert,) = alerts_of(platform, LEAD)
    assert alert["answered_at"] is None and alert["report_id"] == story.id
    record = platform.seat(LEAD).get(f"/records/{story.id}")
    assert record["words"][-1]["said"] == {"words": TOLD}
    found = [row for row in record["ledger"] if row["event"] == "concern_found" and row["data"]["concern"] == CONCERN]
    assert [row["by_name"] for row in found] == ["Tobias Fennimore"]
    lado = next(due for due in record["dues"] if due["within"] == "1 working day" and due["to"] == ["lado"])
    assert (lado["due"], lado["status"]) == ("2026-11-25", "running")
    calls = platform.seat(LEAD).get(f"/alerts/{alert['alert_id']}")["calls"]
    assert {call["name"] for call in calls} == {"Imogen Ashdale"}

    # Whom it is about sees neither alert nor case; until the lead has recorded who is meant, nor does the handler.
    platform.wait_until(lambda: not story.is_seen_by(COLLEAGUE), what="the colleague sees the case no more")
    platform.seat(COLLEAGUE).get(f"/cases/{story.id}", status=404)
    assert alerts_of(platform, COLLEAGUE) == []
    (meant,) = record["subjects"]
    assert [one["name"] for one in meant["might_be"]] == ["Saskia Thornbury"]
    platform.seat(LEAD).post(f"/alerts/{alert['alert_id']}/acknowledge")
    platform.seat(LEAD).post(
        f"/records/{story.id}/subjects",
        {"subject": meant["subject"], "person": world.person_id(COLLEAGUE), "reason": "She is named."},
    )

    # The handler goes on, and the case says that there is a concern; what was told stands on the record alone.
    story.reaches(HANDLER)
    assert story.waits_for("concern_found", concern=CONCERN)["by_name"] == "Tobias Fennimore"
    page = story.page(HANDLER)
    assert CONCERN in [one["concern"] for one in page["concerns"]]
    assert "by the hair" not in str(page)
    assert not story.is_seen_by(COLLEAGUE)
    assert "Saskia" not in str(platform.follow(story.receipt))

    # A letter that says again what is known calls nobody a second time.
    calls = platform.seat(LEAD).get(f"/alerts/{alert['alert_id']}")["calls"]
    story.does(HANDLER, "explain_lateness", duty="respond", reason="Jess told us that somebody pulls her by the hair.")
    platform.move_clock("2026-11-24 18:00")
    assert [one["alert_id"] for one in alerts_of(platform, LEAD)] == [alert["alert_id"]]
    assert platform.seat(LEAD).get(f"/alerts/{alert['alert_id']}")["calls"] == calls
