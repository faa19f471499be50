"""A complaint about the one person who is manager, safeguarding lead, director and team manager of a small home.

Every way inside ends at her. So it leads outside, loudly, and for her there is no such complaint anywhere.
"""

from __future__ import annotations

import pytest

from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

SHE, DEPUTY, OUTSIDE, GROUP = "verity-larkhill", "callum-wrenfield", "beatrix-holloway-synge", "maren-oakshott"


@pytest.mark.timeout(240)
@pytest.mark.starts_at("2026-11-23 09:00")
def test_a_complaint_about_the_person_with_four_roles_goes_outside_and_she_never_learns_of_it(
    platform: Platform,
) -> None:
    report = world.a_report(
        home="quay-view",
        complainant={"is": "young_person", "anonymous": True},
        about=[{"name": "Verity Larkhill"}],
        what_happened="Verity Larkhill grabbed my arm so hard that it left bruises. She said nobody would believe me.",
    )
    story = Story(platform, platform.submit(report)).reaches(OUTSIDE)

    # The part of the manager goes to the outside investigator, with the reason; the placing authority is to be told.
    (assigned,) = story.rows("assigned")
    assert assigned["data"]["person"] == world.person_id(OUTSIDE)
    assert "passed over" in assigned["data"]["why"]
    outward = story.waits_for("escalated", duty="route")
    assert "placing_authority" in outward["data"]["tell"]

    # The lead's part passes to the deputy: the alert is theirs, and so is the case page's count of who is kept away.
    alerts = platform.wait_until(lambda: platform.seat(DEPUTY).get("/alerts"), what="the deputy has the alert")
    assert alerts
    assert story.page(DEPUTY)["exclusions"] == 1
    assert story.is_seen_by(GROUP)

    # For her it does not exist: not in a list, not by its id, not by an act, not in a message, not among the alerts.
    her = platform.seat(SHE)
    assert her.get("/cases")["cases"] == []
    assert her.get("/today")["late"] == [] and her.get("/today")["due"] == []
    assert "alert_id" not in str(her.get("/alerts"))
    nothing = her.get("/cases/" + "0" * 32, status=404)
    assert her.get(f"/cases/{story.id}", status=404) == nothing
    assert her.get(f"/cases/{story.id}/ledger", status=404) == nothing
    order = {"command": "acknowledge", "data": {}, "expected_seq": 1}
    assert her.post(f"/cases/{story.id}/actions", order, status=404) == nothing
    her.get(f"/records/{story.id}", status=404)
    her_id = world.person_id(SHE)
    platform.wait_until(lambda: platform.count("notifications", "messages"), what="messages are on their way")
    assert platform.count("notifications", "messages", "whom = ?", [her_id]) == 0

    # Later stages pass her over as well: she neither decides stage 2 as director nor handles it as manager.
    story.does(OUTSIDE, "ask_to_go_on", to="stage_2")
    held = {one["part"]: one["who"] for one in story.page()["people"] if one["stage"] == "stage_2"}
    assert held and her_id not in held.values()
