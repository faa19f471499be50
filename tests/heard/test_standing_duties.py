"""What is owed without any complaint: when, for whom, and that what was late is never forgotten."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from heard.checks.times import clocks
from heard.instants import london_day, moment_of
from heard.policy_cli import policy
from heard.procedure import Procedure
from heard.procedure_file import ProcedureFaults, read_procedure
from heard.standing_duties import Line
from heard.standing_trial import Round
from tests.heard.samples import HEAD, STAGES, written

REVIEW = '[[standing_duties]]\nkey = "review"\nsays = "Look through the complaints"\nper = "home"\nevery = {every}\n'
TELL = (
    '[[standing_duties]]\nkey = "tell"\nsays = "Tell them how to complain"\nper = "young_person"\n'
    'within = { calendar_days = 0 }\nafter = "admitted"\n'
)
TRAIN = '[[standing_duties]]\nkey = "train"\nsays = "Train them"\nper = "staff"\nevery = { years = 2 }\n'
INDUCT = (
    '[[standing_duties]]\nkey = "induct"\nsays = "Explain it"\nper = "staff"\nwithin = { calendar_days = 0 }\n'
    'after = "started_work"\n'
)
POLICY = (
    '[[standing_duties]]\nkey = "policy"\nsays = "Look at the policy again"\nevery = { years = 1 }\n'
    'after = "policy_reviewed"\nfirst_from = 2021-07-26\n'
)
REPORT = (
    '[[standing_duties]]\nkey = "send"\nsays = "Send the report"\nper = "home"\nwithin = { calendar_days = 28 }\n'
    'after = "report_made"\n'
)
QUALITY = (
    '[[reports]]\nkey = "quality"\nsays = "What complaints say"\nper = "home"\nevery = { months = 6 }\n'
    'measures = ["received"]\nsections = ["What has to change"]\n'
)
REVISIT = QUALITY.replace("quality", "visit").replace("6", "1")


def monthly(every: str = "{ months = 1 }") -> str:
    """A duty of each home, again and again."""
    return REVIEW.replace("{every}", every)


@cache
def the(*rules: str) -> Procedure:
    """A procedure with these standing duties."""
    with TemporaryDirectory() as folder:
        return read_procedure(written(Path(folder), HEAD + STAGES + "".join(rules)))


def told(lines: list[Line]) -> list[tuple[object, str, int]]:
    """Each line's day, how it stands, and how many further times were missed."""
    return [(line.due, line.status, line.missed) for line in lines]


def test_a_monthly_duty_counts_from_when_the_home_came_under_the_procedure_and_then_from_the_last_time() -> None:
    home = Round(the(monthly()), "2026-10-31 09:00")
    assert told(home.lines("2026-11-29")) == [(date(2026, 11, 30), "running", 0)]  # a month without a 31st
    home.done("review", "2026-11-20")
    assert told(home.lines("2026-11-29")) == [(date(2026, 11, 30), "kept", 0), (date(2026, 12, 20), "running", 0)]
    last = home.line("2026-11-29", "review")
    assert last.derivation.sentence == (
        "Every 1 month, counted from 20 November 2026, midday (when it was last done)."
    )


def test_what_was_missed_for_months_is_one_line_that_is_late_and_says_how_often_it_was_missed() -> None:
    home = Round(the(monthly()), "2026-01-31")
    assert told(home.lines("2026-07-15")) == [(date(2026, 2, 28), "late", 4)]
    home.done("review", "2026-07-16")
    assert told(home.lines("2026-07-20")) == [(date(2026, 2, 28), "kept late", 4), (date(2026, 8, 16), "running", 0)]


def test_it_is_kept_on_its_last_day_and_late_on_the_next() -> None:
    for day, status in (("2026-11-30 23:30", "kept"), ("2026-12-01 00:30", "kept late")):
        assert Round(the(monthly()), "2026-10-30").done("review", day).lines("2026-12-02")[0].status == status


def test_what_was_written_down_later_stands_where_it_was_done() -> None:
    home = Round(the(monthly()), "2026-10-01").done("review", "2026-11-20")
    assert home.lines("2026-12-10")[0].status == "kept late"
    home.done("review", "2026-10-28")  # nobody had written it down
    assert [line.status for line in home.lines("2026-12-10")] == ["kept", "kept", "running"]


def test_what_was_written_down_in_error_counts_for_nothing_once_it_is_struck_out() -> None:
    home = Round(the(monthly()), "2026-10-01").done("review", "2026-10-28")
    home.happened("struck_out", "2026-10-29", row=2)
    assert told(home.lines("2026-11-10")) == [(date(2026, 11, 1), "late", 0)]


def test_each_young_person_is_owed_it_from_the_day_they_come() -> None:
    home = Round(the(TELL), "2026-11-02").happened("admitted", "2026-11-05 19:00", young_person="a")
    home.happened("admitted", "2026-11-06", young_person="b").done("tell", "2026-11-05 21:00", "a")
    assert {line.whom: line.status for line in home.lines("2026-11-09")} == {"a": "kept", "b": "late"}
    home.done("tell", "2026-11-10", "b")
    assert {line.whom: line.status for line in home.lines("2026-11-10")} == {"a": "kept", "b": "kept late"}


def test_who_comes_back_is_told_again() -> None:
    home = Round(the(TELL), "2026-11-02").happened("admitted", "2026-11-05", young_person="a")
    home.done("tell", "2026-11-05", "a").happened("admitted", "2026-11-20", young_person="a")
    assert told(home.lines("2026-11-20 13:00")) == [(date(2026, 11, 5), "kept", 0), (date(2026, 11, 20), "running", 0)]


def test_a_rule_that_is_new_asks_nothing_for_those_who_came_before_it() -> None:
    home = Round(the(monthly()), "2026-11-02").happened("admitted", "2026-11-05", young_person="a")
    home.goes_by(the(monthly(), TELL), "2026-11-10").happened("admitted", "2026-11-12", young_person="b")
    assert [line.whom for line in home.lines("2026-11-20", "tell")] == ["b"]


def test_for_a_young_person_who_left_nothing_more_is_owed_and_what_was_late_was_never_done() -> None:
    home = Round(the(TELL, TELL.replace('"tell"', '"show"').replace("= 0", "= 9")), "2026-11-02")
    home.happened("admitted", "2026-11-05", young_person="a").happened("left", "2026-11-08", young_person="a")
    assert [(line.rule.key, line.status) for line in home.lines("2026-11-30")] == [("tell", "never done")]


def test_staff_are_owed_their_training_from_when_they_start_or_the_procedure_does() -> None:
    home = Round(the(TRAIN, INDUCT), "2026-11-02").works("long_here", "2019-03-01")
    home.works("new", "2026-11-16").works("gone", "2020-01-01", "2026-10-01").works("to_come", "2027-02-01")
    assert {(line.rule.key, line.whom, line.due, line.status) for line in home.lines("2026-11-18")} == {
        ("train", "long_here", date(2028, 11, 2), "running"),
        ("train", "new", date(2028, 11, 16), "running"),
        ("induct", "new", date(2026, 11, 16), "late"),
    }


def test_somebody_who_leaves_untrained_was_never_trained_and_is_owed_nothing_any_more() -> None:
    home = Round(the(TRAIN, INDUCT), "2026-11-02").works("new", "2026-11-16", "2026-12-01")
    assert [(line.rule.key, line.status) for line in home.lines("2026-12-05")] == [("induct", "never done")]


def test_a_yearly_look_at_the_policy_counts_from_the_day_of_the_document_however_long_ago() -> None:
    home = Round(the(POLICY), "2026-11-02")
    late = home.line("2026-11-22", "policy")
    assert (late.due, late.status, late.missed) == (date(2022, 7, 26), "late", 4)
    home.happened("policy_reviewed", "2026-11-23")
    assert told(home.lines("2026-11-24")) == [(date(2022, 7, 26), "kept late", 4), (date(2027, 11, 23), "running", 0)]


def test_a_version_that_bears_a_later_day_is_what_the_review_led_to() -> None:
    home = Round(the(POLICY), "2021-07-26")
    home.goes_by(the(POLICY.replace("2021-07-26", "2022-06-01")), "2022-06-03")
    assert told(home.lines("2022-07-01")) == [(date(2022, 7, 26), "kept", 0), (date(2023, 6, 3), "running", 0)]


def test_what_follows_a_report_is_owed_for_each_report() -> None:
    home = Round(the(REPORT), "2026-01-01")
    assert home.lines("2026-03-01") == []
    home.happened("report_made", "2026-03-02").happened("report_made", "2026-09-02").done("send", "2026-03-20")
    assert told(home.lines("2026-10-10")) == [(date(2026, 3, 30), "kept", 0), (date(2026, 9, 30), "late", 0)]


def test_a_report_that_comes_round_again_is_owed_and_what_follows_it_counts_from_its_making_alone() -> None:
    follows = REPORT + 'report = "quality"\n'
    home = Round(the(QUALITY, REVISIT, follows), "2026-01-01")
    assert told(home.lines("2026-06-01", "report.quality")) == [(date(2026, 7, 1), "running", 0)]
    assert home.line("2026-06-01", "report.quality").rule.contains == ("What has to change",)
    home.happened("report_made", "2026-05-01", report="visit").happened("report_made", "2026-06-02", report="quality")
    assert [(str(line.due), line.status) for line in home.lines("2026-06-20", "report.quality")] == [
        ("2026-07-01", "kept"), ("2026-12-02", "running"),
    ]  # fmt: skip
    assert told(home.lines("2026-06-20", "send")) == [(date(2026, 6, 30), "running", 0)]


def test_where_the_document_states_the_work_behind_a_report_nobody_is_reminded_of_both() -> None:
    joined = Round(the(QUALITY, monthly() + 'report = "quality"\n'), "2026-01-01")
    assert {line.rule.key for line in joined.lines("2026-01-02")} == {"review"}
    joined.happened("report_made", "2026-01-20", report="quality")
    assert joined.line("2026-01-25", "review").due == date(2026, 2, 20)


def test_a_report_that_is_not_there_or_is_made_elsewhere_is_said_when_the_procedure_is_checked() -> None:
    with pytest.raises(ProcedureFaults, match="which is no report here"):
        the(monthly() + 'report = "quality"\n')
    elsewhere = the(QUALITY.replace('per = "home"\n', ""), REPORT + 'report = "quality"\n')
    assert [one for one in clocks(elsewhere) if "never begins" in one.sentence]
    here = the(QUALITY, REPORT + 'report = "quality"\n')
    assert not [one for one in clocks(here) if "never begins" in one.sentence]


def test_a_shorter_time_makes_nothing_late_that_was_not_and_washes_nothing_that_was() -> None:
    home = Round(the(monthly("{ months = 6 }")), "2026-01-31").goes_by(the(monthly()), "2026-06-10")
    assert told(home.lines("2026-06-20")) == [(date(2026, 7, 10), "running", 0)]  # a month from the new version on
    late = Round(the(monthly()), "2026-01-31").goes_by(the(monthly("{ months = 6 }")), "2026-06-10")
    assert late.line("2026-06-20", "review").due == date(2026, 2, 28)
    sooner = Round(the(monthly("{ months = 6 }")), "2026-01-31").goes_by(the(monthly("{ months = 5 }")), "2026-06-29")
    assert sooner.line("2026-06-29", "review").due == date(2026, 6, 30)


def test_a_rule_that_is_taken_out_or_a_home_that_closes_leaves_what_was_late_as_never_done() -> None:
    out = Round(the(monthly()), "2026-01-31").goes_by(the(), "2026-06-10")
    closed = Round(the(monthly()), "2026-01-31").happened("ended", "2026-02-10")
    assert [line.status for line in out.lines("2026-07-01")] == ["never done"]
    assert closed.lines("2026-07-01") == []


def test_whoever_owes_it_is_reminded_before_but_not_of_what_is_due_at_once() -> None:
    home = Round(the(monthly(), TELL), "2026-10-31").happened("admitted", "2026-11-05", young_person="a")
    soon = {line.rule.key: line.remind_at for line in home.lines("2026-11-05 13:00")}
    assert soon == {"review": moment_of("2026-11-23 00:00"), "tell": None}


def test_what_never_falls_due_and_what_no_provider_has_is_said_when_the_file_is_read() -> None:
    with pytest.raises(ProcedureFaults, match="of which a provider has one or more"):
        the(monthly().replace('"home"', '"head"'))


def test_the_timeline_says_what_a_home_that_begins_then_owes_without_any_complaint() -> None:
    asked = ["timeline", "one_two_one_mentors", "--received", "2026-11-02T09:00", "--standing"]
    said = CliRunner().invoke(policy, [*asked, "--json"])
    owed = {one["duty"]: (one["due"], one["per"], one["clause"]) for one in json.loads(said.output)}
    assert owed["induction"] == ("2026-11-02", "staff", ["MEN-22"])
    assert owed["complaints_form"] == ("2026-11-02", "young_person", ["MEN-22"])
    assert owed["review_policy"] == ("2024-09-01", "case", ["MEN-22"])
    shown = CliRunner().invoke(policy, asked).output
    assert "each young person" in shown and "MEN-22" in shown


@given(st.lists(st.integers(1, 400), max_size=12), st.integers(0, 500), st.integers(1, 12))
def test_there_is_one_open_line_and_each_time_it_was_done_is_kept_or_kept_late(
    days: list[int], later: int, months: int
) -> None:
    home, day = Round(the(monthly(f"{{ months = {months} }}")), "2020-01-31"), date(2020, 1, 31)
    for gap in days:
        day += timedelta(days=gap)
        home.done("review", day.isoformat())
    now = (day + timedelta(days=later)).isoformat() + " 13:00"
    lines = home.lines(now)
    assert [line.is_open for line in lines] == [False] * len(days) + [True]
    assert [line.done.at for line in lines[:-1] if line.done] == sorted(row.at for row in home.rows[1:])
    for line in lines:
        when = london_day(line.done.at if line.done else moment_of(now))
        assert (line.status in ("kept", "running")) == (when <= line.due)
        assert line.derivation.starts is not None
        assert line.derivation.starts < line.due_at
