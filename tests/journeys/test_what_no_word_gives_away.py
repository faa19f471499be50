"""What no word gives away: an allegation that only the meaning of its sentences tells calls the lead a moment later.

And what the platform itself sends out about it is not taken for news.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.screening.screen import screen
from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

LEAD = "imogen-ashdale"
TOLD = "She keeps the little one in the shed when he will not settle, and nobody but me seems to mind."
CALM = "The bus pass came late and I had to walk to college."


@pytest.fixture
def that_weighs() -> Iterator[Platform]:
    """A platform in one process that weighs what sentences mean, as it is installed."""
    platform = Platform("embedded", settings={"HEARD_MEANING": "true"})
    try:
        yield platform.start()
    finally:
        platform.stop()


@pytest.mark.real_parts
@pytest.mark.timeout(180)
def test_an_allegation_that_no_word_gives_away_calls_the_lead(that_weighs: Platform) -> None:
    assert not screen(TOLD).flagged and not screen(CALM).flagged
    calm, told = (that_weighs.submit(world.a_report(what_happened=said)) for said in (CALM, TOLD))
    lead = that_weighs.seat(LEAD)

    def alerts() -> list[str]:
        found = lead.get("/alerts")
        return [one["reference"] for one in (found["alerts"] if isinstance(found, dict) else found)]

    that_weighs.wait_until(lambda: told.reference in alerts(), what="the lead is called about what it means")
    story = Story(that_weighs, told).reaches(LEAD)
    record = lead.get(f"/records/{story.id}")
    assert record["words"][0]["meant"] == [TOLD] and record["words"][0]["marked"] == []
    assert {reason.partition(".")[0] for one in record["concerns"] for reason in one["because"]} == {"meaning"}
    assert calm.reference not in alerts()
