"""A home gets a new manager while a complaint is open, the new one goes on leave, and in the end the home closes.

The complaint goes on through all of it with the day it was promised, each time in the hands of whoever answers for it
then; and when the home has closed, what happened there can still be told.
"""

from __future__ import annotations

import pytest

from services.directory.changes import STAFF
from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

OLD, NEW, NIGHTS, SENIOR = "tobias-fennimore", "saskia-thornbury", "ruben-castlewick", "lavinia-courtenshaw"
MANAGER = "registered_service_manager"


def holder(story: Story) -> str | None:
    """Who handles the case now."""
    return next(
        (one["who"] for one in story.page()["people"] if one["part"] == "handles" and not one["stood_down"]), None
    )


def goes_to(story: Story, who: str, why: str) -> None:
    """Wait until somebody has the case, and look with their eyes from then on."""
    story.platform.wait_until(lambda: story.is_seen_by(who), what=f"{who} sees the case")
    story.lead = who
    story.platform.wait_until(lambda: holder(story) == world.person_id(who), what=why)


@pytest.mark.timeout(300)
@pytest.mark.starts_at("2026-11-23 09:00")
def test_a_complaint_outlives_its_manager_and_its_home(platform: Platform) -> None:
    story = Story(platform, platform.submit()).reaches(OLD)
    promised = story.due("acknowledge")["due"]
    home, provider = world.home_id("harbour-house"), world.provider_id("tidewater-homes")

    platform.change_directory(
        {"do": "end_role", "id": world.demo_id(f"{MANAGER}.{OLD}.tidewater-homes")},
        {"do": "hold_role", "person": world.person_id(NEW), "role": MANAGER, "provider": provider, "home": home},
        {"do": "away", "person": world.person_id(NEW), "since": "2026-11-25T00:00:00+00:00"},
        # Both go on working for the group: it is the wall that keeps the case from them, not the end of their sign-in.
        *({"do": "hold_role", "person": world.person_id(who), "role": STAFF, "provider": provider,
           "home": world.home_id("quay-view")} for who in (OLD, NIGHTS)),
    )  # fmt: skip
    goes_to(story, NEW, "the new manager has the open work")
    platform.wait_until(lambda: not story.is_seen_by(OLD), what="the old manager loses sight of it")
    platform.seat(OLD).get(f"/cases/{story.id}", status=404)
    assert [row["data"]["person"] for row in story.rows("stood_down")] == [world.person_id(OLD)]

    # The absence was dated ahead: nobody touches the case, and on the day it passes on by itself.
    platform.move_clock("2026-11-25 00:30")
    goes_to(story, NIGHTS, "whoever stands in has it while the manager is away")
    assert story.due("acknowledge")["due"] == promised

    platform.change_directory({"do": "close_home", "id": home, "passes_to": world.person_id(SENIOR)})
    goes_to(story, SENIOR, "the senior sees to what is open")
    platform.wait_until(lambda: not story.is_seen_by(NIGHTS), what="nobody of the closed home sees it any more")
    assert story.due("acknowledge")["due"] == promised and story.page()["stage"]["key"] == "stage_1"

    past = Story(platform, platform.submit(world.a_report(what_happened="In the summer nobody mended the boiler.")))
    past.reaches(SENIOR)
    assert platform.follow(past.receipt)["promises"]
