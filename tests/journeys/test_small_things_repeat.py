"""Christmas Eve: a voice note waits for somebody to hear it, and small things about one man turn out to repeat.

Three people at two homes each say something small about the same investigator. None of it would reach anybody's
threshold; the third time the lead is called, sees that they belong together, and finds that it must go to the LADO, who
is to hear by the next working day: that is Tuesday.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.ground import world
from tests.ground.harness import Platform, Receipt
from tests.journeys.story import Story

LEAD, OTHER_LEAD = "imogen-ashdale", "verity-larkhill"
SMALL = "low_level_concern"


def answers(platform: Platform, who: str, report_id: str, **said: Any) -> None:
    """A lead answers what every concern asks: no to all but these."""
    questions = platform.seat(who).get(f"/records/{report_id}")["triage"]["questions"]
    every = {one["concern"]: "no" for one in questions} | said
    sent = {"answers": every, "decision": "safeguarding", "reason": "I asked the team."}
    platform.seat(who).post(f"/records/{report_id}/questions", sent)


def small_thing(platform: Platform, who: str, home: str, said: str) -> str:
    """Somebody tells of something small about him, and that home's lead answers the questions."""
    report = world.a_report(home=home, about=[{"name": "Jonas Pennerley"}], what_happened=said)
    receipt: Receipt = platform.submit(report)
    report_id = Story(platform, receipt).reaches(who).id
    answers(platform, who, report_id, low_level_concern="yes")
    return report_id


@pytest.mark.timeout(240)
@pytest.mark.starts_at("2026-12-24 09:00")
def test_what_nobody_has_heard_is_heard_and_what_repeats_is_seen_together(platform: Platform) -> None:
    lead = platform.seat(LEAD)
    platform.submit(world.a_report(what_happened="I said it on the answering machine.", not_words=["voice"]))
    alert = platform.wait_until(lambda: next(iter(lead.get("/alerts")), None), what="the voice note calls the lead")
    lead.post(f"/alerts/{alert['alert_id']}/acknowledge", {"how": "page"})
    record = lead.get(f"/records/{alert['report_id']}")
    assert (record["readable"], record["words"][0]["not_words"], record["concerns"]) == (False, ["voice"], [])

    small_thing(platform, LEAD, "harbour-house", "He never knocks before he comes into our rooms.")
    small_thing(platform, OTHER_LEAD, "quay-view", "He calls one of the girls his favourite in front of us.")
    assert [one["report_id"] for one in lead.get("/alerts")] == [alert["report_id"]]
    third = small_thing(platform, LEAD, "harbour-house", "He took a picture of the group with his own phone.")
    (pattern,) = lead.get(f"/records/{third}")["patterns"]
    assert (pattern["name"], pattern["times"], pattern["hidden"]) == ("Jonas Pennerley", 3, 1)
    assert third in [one["report_id"] for one in lead.get("/alerts")]

    answers(platform, LEAD, third, low_level_concern="yes", pattern_of_concerns="yes",
            lado_threshold=["no", "no", "not_known", "yes"])  # fmt: skip
    dues = {one["duty"]: one for one in lead.get(f"/records/{third}")["dues"]}
    assert (dues["working_together.lado"]["due"], dues["working_together.lado"]["status"]) == ("2026-12-29", "running")
