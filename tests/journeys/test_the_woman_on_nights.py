"""A complaint about "the woman on nights": until somebody has recorded who is meant, nearly nobody may know of it.

Then the one who is meant is shut out, the others may look, and what had been promised is still promised from the day
on which it came in.
"""

from __future__ import annotations

import pytest

from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

LEAD, MANAGER, TEAM, GROUP = "imogen-ashdale", "tobias-fennimore", "saskia-thornbury", "maren-oakshott"
WHO_SHE_IS = "saskia-thornbury"


@pytest.mark.timeout(240)
@pytest.mark.starts_at("2026-11-23 21:40")
def test_a_subject_known_only_by_a_few_words_is_identified_later(platform: Platform) -> None:
    report = world.a_report(
        complainant={"is": "young_person", "name": "Kit Ferrars", "email": "kit@ferrars.example", "anonymous": False},
        about=[{"words": "the woman on nights"}],
        what_happened="The woman on nights locks the kitchen at nine and laughs when we say that we are hungry.",
    )
    story = Story(platform, platform.submit(report)).reaches(LEAD)

    # It could be any of them, so none of them sees it: only the cleared lead, who is not assigned anything either.
    assert story.rows("assigned") == []
    for one in (MANAGER, TEAM, GROUP, "ruben-castlewick"):
        assert not story.is_seen_by(one)
    view = platform.follow(story.receipt)
    assert view["promises"] == [] and "safe" in view["status"]

    # The next afternoon the lead finds out who had that night, and records it.
    platform.move_clock("2026-11-24 15:00")
    record = platform.seat(LEAD).get(f"/records/{story.id}")
    (meant,) = record["subjects"]
    assert not meant["identified"]
    assert world.person_id(WHO_SHE_IS) in {one["id"] for one in meant["might_be"]}
    platform.seat(LEAD).post(
        f"/records/{story.id}/subjects",
        {"subject": meant["subject"], "person": world.person_id(WHO_SHE_IS), "reason": "The rota of that night."},
    )

    # Now the manager handles it, with the days counted from when it came in; the one who is meant sees nothing.
    story.reaches(MANAGER)
    assert story.waits_for("assigned")["data"]["person"] == world.person_id(MANAGER)
    assert story.due("acknowledge")["due"] == "2026-11-25"
    assert story.due("respond")["due"] == "2026-12-07"
    assert story.page()["about"][0]["name"] == "Saskia Thornbury"
    assert story.is_seen_by(GROUP)
    assert not story.is_seen_by(WHO_SHE_IS)
    platform.seat(WHO_SHE_IS).get(f"/cases/{story.id}", status=404)
    assert story.promise("acknowledge", "stage_1") == ("2026-11-25", "to come")
    everything = str(story.page(LEAD)["ledger"])
    assert "The complaint is about Saskia Thornbury" in everything

    # A later message names the manager who handles it: he stands down, and what he had seen is on record.
    platform.anybody.post(
        f"/complaints/{story.receipt.reference}/messages",
        {"words": "I told Tobias Fennimore and he hit the wall next to my head and told me to shut up."},
        headers={"X-Receipt-Code": story.receipt.code},
    )
    story.lead = LEAD
    platform.wait_until(lambda: not story.is_seen_by(MANAGER), what="the manager sees it no more")
    record = platform.seat(LEAD).get(f"/records/{story.id}")
    for other in record["subjects"]:
        if not other["identified"]:
            platform.seat(LEAD).post(
                f"/records/{story.id}/subjects",
                {"subject": other["subject"], "person": world.person_id(MANAGER), "reason": "Named in the message."},
            )
    seen = story.waits_for("had_seen", person=world.person_id(MANAGER))
    assert seen["data"]["last"]["case"]
    later = story.waits_for("assigned", person=world.person_id("ruben-castlewick"))
    assert "passed over" in later["data"]["why"]
    platform.seat(MANAGER).get(f"/cases/{story.id}", status=404)
