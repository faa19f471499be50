"""What-if timelines, pure and on the command line, and the calendar's commands."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from heard.calendar import Calendars
from heard.cli import main
from heard.timeline import UnknownEvent, imagined, timeline
from tests.heard.invented import RECEIVED, procedure


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """Runs the command line; its exit code, output and errors."""
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_a_what_if_gives_the_days_of_the_procedure() -> None:
    rules = procedure()
    dues = timeline(rules, imagined(rules, RECEIVED), Calendars.of(rules), RECEIVED)
    assert {one.duty: one.due for one in dues}["acknowledge"] == date(2026, 12, 22)


def test_an_event_that_the_procedure_does_not_have_is_named_with_those_it_has() -> None:
    with pytest.raises(UnknownEvent, match="action_plan_sent"):
        imagined(procedure(), RECEIVED, events=[("plan_posted", RECEIVED)])


def test_the_timeline_prints_each_duty_with_its_proof(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "policy", "timeline", "ioi_support", "--received", "2026-12-18T16:30", "--formal",
                       "--child-age", "16", "--json")  # fmt: skip
    assert code == 0
    found = {(one["stage"], one["duty"]): one for one in json.loads(out)}
    answer = found[("stage_1", "respond")]
    assert (
        answer["due"] == "2027-01-06"
        and answer["within"] == "10 working days"
        and answer["clause"] == ["IOI-22", "IOI-23"]
    )
    assert answer["starts"] == "2026-12-18T16:30:00+00:00" and answer["source"] == "policy"
    assert len(answer["derivation"]["counted"]) == 10 and len(answer["derivation"]["skipped"]) == 9
    assert found[(None, "write_it_down")]["due"] == "2026-12-19T16:30:00+00:00"


def test_a_summer_time_without_a_zone_is_london_time(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "policy", "timeline", "ioi_support", "--received", "2026-07-01T23:30", "--json")
    first = {one["duty"]: one for one in json.loads(out)}
    assert first["acknowledge"]["starts"] == "2026-07-01T23:30:00+01:00" and first["acknowledge"]["due"] == "2026-07-03"


def test_later_events_open_stages_and_hold_clocks(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "policy", "timeline", "ioi_support", "--received", "2026-12-18T16:30", "--event",
                    "responded=2027-01-05T10:00", "--event", "stage_2=2027-01-20T09:00", "--json")  # fmt: skip
    found = {(one["stage"], one["duty"]): one for one in json.loads(out)}
    assert found[("stage_1", "respond")]["status"] == "met" and found[("stage_2", "investigate")]["due"] == "2027-03-08"


def test_a_table_is_printed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "policy", "timeline", "children_act", "--received", "2026-12-18T16:30")
    assert code == 0 and "reg 14" in out


@pytest.mark.parametrize(("args", "says"), [
    (("policy", "timeline", "nowhere", "--received", "2026-12-18T16:30"), "ioi_support"),
    (("policy", "timeline", "ioi_support", "--received", "Friday"), "2026-12-18T16:30"),
    (("policy", "timeline", "ioi_support", "--received", "2026-12-18T16:30", "--event", "zz=2027-01-01"), "milestone"),
    (("policy", "timeline", "ioi_support", "--received", "2026-12-18", "--event", "stage_2=2026-01-01"), "later time"),
    (("calendar", "add", "2026-12-32", "10"), "2026-12-18"),
    (("calendar", "add", "2026-12-18", "ten"), "ten"),
    (("calendar", "add", "2028-12-18", "100"), "31 December 2028"),
    (("calendar", "holidays", "1999"), "2010"),
])  # fmt: skip
def test_bad_input_is_one_line_and_exit_code_two(
    capsys: pytest.CaptureFixture[str], args: tuple[str, ...], says: str
) -> None:
    code, out, err = run(capsys, *args)
    assert code == 2 and not out and len(err.strip().splitlines()) == 1
    assert (says if says != "milestone" else "action_plan_sent") in err


def test_the_calendar_adds_working_days_and_says_what_it_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "calendar", "add", "2026-12-18", "10", "--json")
    answer = json.loads(out)
    assert code == 0 and set(answer) == {"due", "skipped"} and answer["due"] == "2027-01-06"
    assert {"date": "2026-12-25", "why": "Christmas Day"} in answer["skipped"]
    assert run(capsys, "calendar", "add", "2026-12-18", "2")[1].startswith("Tuesday 22 December 2026")


def test_the_calendar_lists_a_years_holidays(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "calendar", "holidays", "2027", "--json")
    assert {"date": "2027-03-26", "why": "Good Friday"} in json.loads(out)
    assert "Easter Monday" in run(capsys, "calendar", "holidays", "2027")[1]


def test_a_what_if_may_answer_the_provider_s_own_questions(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("policy", "timeline", "stepping_stones", "--received", "2026-12-18T16:30", "--informal", "--json")
    code, out, _ = run(capsys, *asked, "--fact", "service=childcare")
    assert code == 0 and json.loads(out)
    code, _, err = run(capsys, *asked, "--fact", "service=gardening")
    assert code == 2 and "service=childcare" in err


def test_a_what_if_about_a_role_goes_the_way_that_it_leads() -> None:
    rules, soon, later = procedure("one_two_one_mentors"), RECEIVED + timedelta(hours=1), RECEIVED + timedelta(hours=2)

    def stage(*events: tuple[str, datetime]) -> tuple[str | None, datetime]:
        state = imagined(rules, RECEIVED, formality="informal", events=events)
        return state.stage, state.visits[-1].opened_at

    assert stage(("named.director", soon)) == ("stage_3", RECEIVED)
    assert stage(("how_serious.very_serious", soon)) == ("stage_2", RECEIVED)
    assert stage(("acknowledged", soon), ("named.director", later)) == ("stage_1", RECEIVED)
