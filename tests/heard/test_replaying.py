"""`heard policy replay`: last year's cases by another version; what would have been late, and what no longer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from heard.ledger import to_json
from heard.procedure import Procedure
from heard.procedure_file import read_procedure
from heard.replaying import NotALedger, by_duty, judged, read_ledger, replayed
from tests.heard.invented import Story, procedure
from tests.heard.samples import WHOLE, written
from tests.heard.test_new_provider import run

AT = datetime(2027, 6, 1, tzinfo=UTC)
ACK = """  [[stages.duties]]
  key = "acknowledge"
  says = "Acknowledge"
  to = ["complainant"]
  within = { working_days = 5 }
  after = "stage_opened"
  met_by = "acknowledged"
  clause = "HH-3"
  [[stages.ways_on]]"""
OLD = WHOLE.replace("  [[stages.ways_on]]", ACK, 1)
QUICKER = OLD.replace("working_days = 10", "working_days = 6").replace("working_days = 5", "working_days = 8")


@pytest.fixture
def old(tmp_path: Path) -> Procedure:
    return read_procedure(written(tmp_path, OLD, "old.toml"))


@pytest.fixture
def new(tmp_path: Path) -> Procedure:
    return read_procedure(written(tmp_path, QUICKER, "new.toml"))


def told(old: Procedure, *, acknowledged: int = 6, answered: int = 8) -> Story:
    """A case received on 18 December: acknowledged and answered on those days of January."""
    story = Story(old).screened()
    for event, day in (("acknowledged", acknowledged), ("responded", answered)):
        story.until(2027, 1, day)
        story.event(event)
    return story


def answer_of(story: Story, reference: str = "AB12") -> dict[str, Any]:
    return {"reference": reference, "whole": True, "happenings": [to_json(row) for row in story.ledger]}


def test_a_case_is_judged_by_both_versions_and_the_differences_are_told(old: Procedure, new: Procedure) -> None:
    story = told(old, acknowledged=4, answered=5)
    case = replayed("AB12", story.ledger, old, new, AT)
    assert [(one.duty, f"{one.due}") for one in case.late_before] == [("acknowledge", "2026-12-29")]
    assert [(one.duty, f"{one.due}") for one in case.newly] == [("respond", "2026-12-30")]
    assert [one.duty for one in case.no_longer] == ["acknowledge"]
    assert case.before == old.version


def test_under_the_version_it_was_bound_to_nothing_changes(old: Procedure) -> None:
    case = replayed("AB12", told(old).ledger, old, old, AT)
    assert (case.newly, case.no_longer) == ((), ()) and len(case.late_before) == len(case.late_after) == 2


def test_duties_are_counted_over_all_cases(old: Procedure, new: Procedure) -> None:
    stories = [told(old, acknowledged=4, answered=5), told(old, acknowledged=4, answered=6)]
    cases = [replayed(str(n), one.ledger, old, new, AT) for n, one in enumerate(stories)]
    counts = {row["duty"]: (row["late_before"], row["late_after"]) for row in by_duty(cases)}
    assert counts == {"acknowledge": (2, 0), "respond": (0, 2)}


def test_a_stage_that_the_new_version_does_not_have_is_named(old: Procedure) -> None:
    with pytest.raises(NotALedger, match="was in the stage `first`, which ioi_support@"):
        judged(procedure("ioi_support"), told(old).ledger, AT)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"promises": []}, "holds no ledger"),
        ([], "holds no ledger"),
        ({"happenings": [{"seq": 1}]}, "has a row that cannot be read: KeyError"),
        (
            {"happenings": [{"seq": 1, "event": "received", "at": "2026-01-01T10:00", "written_at": "", "by": ""}]},
            "zone",
        ),
    ],
)
def test_what_is_no_ledger_is_said(answer: Any, words: str) -> None:
    with pytest.raises(NotALedger, match=words):
        read_ledger(answer)


def test_the_command_reads_a_folder_and_tells_what_would_have_been_late(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, old: Procedure, new: Procedure
) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "one.json").write_text(json.dumps(answer_of(told(old, acknowledged=4, answered=5))))
    (cases / "two.json").write_text(json.dumps(answer_of(told(old, acknowledged=4, answered=5), "CD34")["happenings"]))
    asked = ("policy", "replay", str(tmp_path / "new.toml"), "--cases", str(cases), "--before",
             str(tmp_path / "old.toml"), "--at", "2027-06-01")  # fmt: skip
    code, out, _ = run(capsys, *asked, "--json")
    shown = json.loads(out)
    assert code == 0 and [case["case"] for case in shown["cases"]] == ["AB12", "two"]
    assert shown["after"] == new.version and shown["cases"][0]["newly"][0]["duty"] == "respond"
    code, out, _ = run(capsys, *asked)
    assert code == 0
    assert "AB12: would have been late: Answer (first): due Wed 30 Dec 2026" in out
    assert "AB12: would not have been late: Acknowledge (first): due Tue 29 Dec 2026" in out


def test_an_installed_procedure_is_judged_by_the_version_of_each_case_s_day(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    story = Story().screened()
    (tmp_path / "case.json").write_text(json.dumps(answer_of(story)))
    code, out, _ = run(
        capsys, "policy", "replay", "ioi_support", "--cases", str(tmp_path), "--at", "2027-01-05", "--json"
    )
    (case,) = json.loads(out)["cases"]
    assert code == 0 and case["before"] == procedure("ioi_support").version
    assert "acknowledge" in [one["duty"] for one in case["late_after"]] and "newly" not in case


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_judged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text("no JSON")
    (tmp_path / "good.json").write_text(json.dumps(answer_of(Story().screened())))
    code, out, _ = run(capsys, "policy", "replay", "ioi_support", "--cases", str(tmp_path), "--json")
    shown = json.loads(out)
    assert code == 1 and len(shown["cases"]) == 1
    assert shown["problems"][0]["sentence"].startswith("bad.json is not JSON")


def test_a_case_of_an_unknown_version_asks_for_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, old: Procedure, new: Procedure
) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "one.json").write_text(json.dumps(answer_of(told(old))))
    code, out, _ = run(capsys, "policy", "replay", str(tmp_path / "new.toml"), "--cases", str(cases), "--json")
    assert new.key == "harbour_house" and code == 1
    assert "name one with --before" in json.loads(out)["problems"][0]["sentence"]


def test_an_empty_folder_is_told_how_it_is_filled(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "policy", "replay", "ioi_support", "--cases", str(tmp_path))
    assert code == 2 and "heard complaint ledgers --to" in err
