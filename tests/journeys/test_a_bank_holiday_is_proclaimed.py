"""A bank holiday is proclaimed while a complaint is looked into: whoever was promised a day hears of the new one.

What was kept by then keeps its day. Taken back before it comes, the days are as they were.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from heard.procedure_file import read_content
from heard.registry import load_procedures
from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

MANAGER = "tobias-fennimore"
KIT = {"is": "young_person", "name": "Kit Ferrars", "email": "kit@ferrars.example", "anonymous": False}
SAID = ("2026-11-30", "--name", "A day of thanks", "--reason", "Proclaimed in council on 24 November 2026")


def heard(platform: Platform, *words: str) -> str:
    """A command of whoever looks after the platform, beside it."""
    done = platform.command("calendar", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def letters(platform: Platform, case_id: str) -> list[dict[str, Any]]:
    return platform.rows(
        "notifications", "SELECT whom, template FROM messages WHERE case_id = ? AND template = 'complainant/other_day'",
        [case_id],
    )  # fmt: skip


@pytest.mark.timeout(300)
@pytest.mark.starts_at("2026-11-23 09:00")
def test_a_day_that_is_proclaimed_later_moves_what_is_still_to_come_and_says_so_to_everybody(
    platform: Platform,
) -> None:
    report = world.a_report(complainant=KIT, child={"name": "Kit", "age": 17}, about=[])
    story = Story(platform, platform.submit(report)).reaches(MANAGER)
    platform.move_clock("2026-11-24 11:00")
    story.sends(MANAGER, "acknowledge", "acknowledge", "stage_1", words="Hello Kit. I am looking into it.")
    assert story.promise("acknowledge", "stage_1") == ("2026-11-25", "kept")
    assert story.promise("respond", "stage_1") == ("2026-12-07", "to come")

    # Whoever runs it looks first what a day would move, and nothing has changed by looking.
    would = json.loads(heard(platform, "proclaim", *SAID, "--dry-run", "--json"))
    (mine,) = [one for one in would["cases"] if one["reference"] == story.receipt.reference]
    assert {one["duty"]: (one["was"], one["is"]) for one in mine["moved"]}["respond"] == ("2026-12-07", "2026-12-08")
    assert "Kit" not in json.dumps(would)
    assert story.promise("respond", "stage_1") == ("2026-12-07", "to come")

    platform.move_clock("2026-11-24 12:00")
    heard(platform, "proclaim", *SAID)
    assert "Mon 30 Nov 2026  A day of thanks" in heard(platform, "holidays", "2026")
    row = story.waits_for("calendar_changed")
    assert "now due Tuesday 8 December 2026 (before: Monday 7 December 2026)" in row["sentence"]
    assert "Proclaimed in council on 24 November 2026" in row["sentence"]
    assert row["data"]["tell"] == ["complainant"]
    due = story.due("respond", "stage_1")
    assert due["due"] == "2026-12-08"
    assert {"date": "2026-11-30", "why": "A day of thanks"} in due["derivation"]["skipped"]
    assert due["derivation"]["moved"][0]["was"] == "2026-12-07"
    listed = [one for one in platform.seat(MANAGER).get("/today")["due"] if one["duty"] == "respond"]
    assert (listed[0]["due"], listed[0]["moved"][0]["was"]) == ("2026-12-08", "2026-12-07")

    # Kit reads the new day and why, and was written to once. What was kept before keeps its day.
    assert story.promise("respond", "stage_1") == ("2026-12-08", "to come")
    assert story.promise("acknowledge", "stage_1") == ("2026-11-25", "kept")
    said = [one["moved"] for one in platform.follow(story.receipt)["promises"] if one["moved"]]
    assert any("We had said Monday 7 December 2026" in one for one in said)
    story.waits_for("told", event="calendar_changed")
    assert [one["whom"] for one in letters(platform, story.id)] == ["complainant"]

    # It is put off before it comes: the days are as they were, and Kit hears of that too.
    platform.move_clock("2026-11-25 09:00")
    heard(platform, "take-back", "2026-11-30", "--reason", "It was put off")
    platform.wait_until(lambda: len(story.rows("calendar_changed")) == 2, what="the row of the day taken back")
    assert story.promise("respond", "stage_1") == ("2026-12-07", "to come")
    platform.wait_until(lambda: len(letters(platform, story.id)) == 2, what="the second letter")
    assert story.promise("acknowledge", "stage_1") == ("2026-11-25", "kept")

    # Nothing of it is written again, however much time passes.
    platform.move_clock("2026-12-02 09:00")
    assert len(story.rows("calendar_changed")) == 2
    _the_document_is_revised(platform, story)


def _the_document_is_revised(platform: Platform, story: Story) -> None:
    """The group's operator lets the case go over to a version that answers in 15 working days, and looks first."""
    content = json.loads(load_procedures().get("ioi_support").content)
    (stage,) = [one for one in content["procedure"]["stages"] if one["key"] == "stage_1"]
    (duty,) = [one for one in stage["duties"] if one["key"] == "respond"]
    duty["within"] = {"working_days": 15}
    revised = read_content(json.dumps(content))
    kept = (revised.version, revised.content)
    platform.write("workflow", "INSERT INTO procedures (version, content) VALUES (?, ?)", kept)
    case, to = story.receipt.reference, ("--to", revised.version)
    as_operator = {"HEARD_TOKEN": platform.tokens["maren-oakshott"]}
    looked = platform.command("policy", "migrate", case, *to, "--dry-run", **as_operator)
    assert "2026-12-07 -> 2026-12-14" in looked.stdout and not story.rows("procedure_changed"), looked.stderr
    done = platform.command("policy", "migrate", case, *to, "--reason", "It was revised", **as_operator)
    assert done.returncode == 0 and "1 case went over" in done.stdout, done.stdout + done.stderr
    assert story.promise("respond", "stage_1") == ("2026-12-14", "to come")
