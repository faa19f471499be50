"""A father rings on Friday afternoon; a member of staff writes it down on Monday and reads him his code.

The days count from his call. On the follow-up page he reads what was written down and says what is not right; once it
is right, he agrees.
"""

from __future__ import annotations

import pytest

from tests.ground import world
from tests.ground.harness import Platform, Receipt
from tests.journeys.story import Story

TOOK_IT_DOWN, HANDLER = "saskia-thornbury", "tobias-fennimore"
CALLED_AT = "2026-11-20T16:00:00+00:00"


@pytest.mark.timeout(240)
@pytest.mark.starts_at("2026-11-23 09:00")
def test_a_call_counts_from_when_it_came_and_the_caller_says_whether_it_was_written_down_right(
    platform: Platform,
) -> None:
    told = world.a_report(channel="telephone", first_told_at=CALLED_AT, read_back="not_yet", consent="pending")
    answer = platform.seat(TOOK_IT_DOWN).post("/written-down", told, status=201)
    receipt = Receipt(answer["reference"], answer["receipt_code"], answer)
    assert answer["received_at"] == CALLED_AT
    platform.anybody.post("/written-down", told, status=401)

    story = Story(platform, receipt).reaches(HANDLER)
    assert story.due("acknowledge", "stage_1")["due"] == "2026-11-24"  # two working days after Friday
    assert (story.due("write_it_down")["status"], story.due("ask_consent")["status"]) == ("met late", "running")
    assert "Saskia Thornbury wrote it down." in story.page(HANDLER)["ledger"][0]["sentence"]

    def read_back() -> dict[str, object] | None:
        shown: dict[str, object] | None = platform.follow(receipt)["read_back"]
        return shown

    platform.wait_until(read_back, what="he can read what was written down")
    assert told["what_happened"] in str(read_back())
    code = {"X-Receipt-Code": receipt.code}
    door = f"/complaints/{receipt.reference}/messages"
    said = {"words": "It is four weeks, not three.", "sort": "correction"}
    platform.anybody.post(door, said, headers=code)
    story.waits_for("record_disputed")
    assert story.due("sign_verbal")["status"] == "running"
    platform.anybody.post(door, {"words": "Yes, now it is right.", "sort": "agreed"}, headers=code)
    story.waits_for("record_agreed")
    assert story.due("sign_verbal")["status"] == "met" and read_back() is None
    platform.wait_until(
        lambda: "four weeks" in str(story.page(HANDLER)["words"]), what="the handler reads what he put right"
    )
