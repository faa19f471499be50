"""A group writes a quicker procedure and asks, before it promises anything, what of last month would have been late."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from heard.registry import load_procedures
from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

HANDLER = "tobias-fennimore"
HEARD = str(Path(sys.executable).with_name("heard"))


@pytest.mark.timeout(240)
@pytest.mark.starts_at("2026-11-23 09:00")
def test_what_happened_is_written_out_in_ids_and_judged_by_the_draft(
    embedded_platform: Platform, tmp_path: Path
) -> None:
    platform = embedded_platform
    report = world.a_report(about=[])
    story = Story(platform, platform.submit(report)).reaches(HANDLER)
    platform.move_clock("2026-11-25 10:00")
    story.sends(HANDLER, "acknowledge", "acknowledge", "stage_1", words="Hello Kit. I look into it.")
    assert story.due("acknowledge", "stage_1")["status"] == "met"

    def heard(*words: str) -> str:
        done = platform.command(*words, HEARD_TOKEN=platform.tokens[HANDLER])
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    cases = tmp_path / "cases"
    assert "1 case written" in heard("complaint", "--at", platform.url, "ledgers", "--to", str(cases))
    (file,) = cases.iterdir()
    written = file.read_text(encoding="utf-8")
    assert "acknowledged" in written
    assert report["what_happened"] not in written and "Fennimore" not in written

    (own,) = load_procedures().plugin("ioi_support").files
    before, acknowledge, after = own.read_text(encoding="utf-8").partition('key = "acknowledge"')
    draft = tmp_path / "procedure.toml"
    draft.write_text(before + acknowledge + after.replace("working_days = 2", "working_days = 1", 1), encoding="utf-8")
    asked = ("policy", "replay", str(draft), "--cases", str(cases), "--at", "2026-11-25T11:00")
    (case,) = json.loads(heard(*asked, "--json"))["cases"]
    assert case["case"] == story.receipt.reference
    assert [(one["duty"], one["due"]) for one in case["newly"]] == [("acknowledge", "2026-11-24")]
    assert f"{story.receipt.reference}: would have been late: Send a formal acknowledgement" in heard(*asked)
