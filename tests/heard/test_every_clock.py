"""Each kind of clock that the language knows: its start, length and counting rule, soft and hard ends, more time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from heard.calendar import Calendars
from heard.case import Refused, public_view
from heard.clock import reckon
from heard.derivation import Due
from heard.instants import end_of
from heard.on_hold import held
from heard.procedure import Procedure
from heard.procedure_file import read_procedure
from tests.heard.invented import RECEIVED, Story
from tests.heard.samples import ONE_STAGE, SMALL

HEAD = SMALL + """
[counting]
promptly = { immediately = { hours = 1 } }
[[calendars]]
key = "school_days"
name = "School days"
open_on = ["mon", "tue", "wed", "thu", "fri"]
open_between = [{ from = 2026-09-01, to = 2026-12-18 }, { from = 2027-01-05, to = 2027-07-20 }]
closed_on = [2027-02-15]
""" + ONE_STAGE
DUTY = """
  [[stages.duties]]
  key = "{key}"
  says = "Do {key}"
  to = ["complainant"]
  {more}
"""


def procedure_with(folder: Path, **duties: str) -> Procedure:
    path = folder / "procedure.toml"
    rules = [DUTY.format(key=key, more=more.replace("; ", "\n  ")) for key, more in duties.items()]
    path.write_text(HEAD + "".join(rules))
    return read_procedure(path)


def due(story: Story, duty: str) -> Due:
    (found,) = [one for one in reckon(story.state, story.calendars, story.now) if one.duty == duty]
    return found


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("acknowledged", {}),
        ("assigned", {"part": "handles", "person": "maya"}),
        ("first_answered", {}),
        ("interview_held", {}),
        ("disciplinary_closed", {}),
        ("escalated", {"duty": "tidy"}),
    ],
)
def test_anything_that_happens_may_start_a_clock(tmp_path: Path, event: str, data: dict[str, str]) -> None:
    rules = procedure_with(tmp_path, tidy=f'within = {{ working_days = 2 }}; after = "{event}"; met_by = "plan_sent"')
    story = Story(rules)
    assert due(story, "tidy").status == "waiting"
    assert "not running yet" in due(story, "tidy").derivation.sentence
    story.now = datetime(2026, 12, 22, 10, tzinfo=UTC)
    story.event(event, **data)
    assert (due(story, "tidy").due, due(story, "tidy").starts) == (date(2026, 12, 24), story.now)


LENGTHS = [
    ("{ hours = 24 }", RECEIVED.replace(day=19), "Hours run on at night, at weekends and on bank holidays."),
    ("{ working_days = 5 }", date(2026, 12, 29), "Working days are counted: not Saturdays, Sundays"),
    ("{ calendar_days = 14 }", date(2027, 1, 1), "Every day is counted, weekends and bank holidays too."),
    ("{ months = 2 }", date(2027, 2, 18), "It ends on the same day of a later month"),
    ('{ days = 3, of = "school_days" }', date(2027, 1, 7), "a calendar of this provider, School days: Monday"),
    ('{ calendar_days = 14, rolls_to = "working_days" }', date(2027, 1, 4), "goes to the next of them: working days"),
    ('{ calendar_days = 14, first_day = "day_of_event" }', date(2026, 12, 31), "on which it starts is the first"),
]


@pytest.mark.parametrize(("length", "day", "rule"), LENGTHS, ids=[length for length, _, _ in LENGTHS])
def test_each_length_names_the_rule_by_which_it_is_counted(
    tmp_path: Path, length: str, day: date | datetime, rule: str
) -> None:
    story = Story(procedure_with(tmp_path, tidy=f'within = {length}; after = "received"; met_by = "plan_sent"'))
    assert due(story, "tidy").due == day
    assert rule in due(story, "tidy").derivation.counting
    assert rule in due(story, "tidy").as_json()["derivation"]["counting"]


def test_the_days_of_a_term_are_those_of_the_provider_and_each_day_passed_over_says_why(tmp_path: Path) -> None:
    story = Story(procedure_with(tmp_path, tidy='within = { days = 3, of = "school_days" }; after = "received"'))
    why = {skip.date: skip.why for skip in due(story, "tidy").derivation.skipped}
    assert why[date(2026, 12, 21)] == "outside the times of School days"
    assert "from 5 January 2027 to 20 July 2027" in due(story, "tidy").derivation.counting
    assert "and not on further days that it names (1)" in due(story, "tidy").derivation.counting


def test_a_soft_target_stands_beside_the_limit_and_is_no_breach(tmp_path: Path) -> None:
    soft = 'within = { working_days = 5 }; promptly = "immediately"; after = "received"; met_by = "plan_sent"'
    story = Story(procedure_with(tmp_path, tidy=soft))
    assert (due(story, "tidy").due, due(story, "tidy").target) == (date(2026, 12, 29), RECEIVED.replace(hour=17))
    story.now = datetime(2026, 12, 20, tzinfo=UTC)
    assert (due(story, "tidy").status, due(story, "tidy").lateness) == ("running", "ageing")
    story.now = datetime(2026, 12, 30, tzinfo=UTC)
    assert (due(story, "tidy").status, due(story, "tidy").lateness) == ("late", "breach")


def two_clocks(folder: Path) -> Story:
    return Story(procedure_with(
        folder,
        policy='within = { working_days = 10 }; after = "received"; met_by = "responded"; clause = "SM-1"; '
               'if_late = [{ tell = ["manager"] }]',
        law='within = { calendar_days = 10 }; after = "received"; met_by = "responded"; source = "law"; '
            'if_late = [{ tell = ["manager"] }]',
    ))  # fmt: skip


@pytest.mark.parametrize("answered", [False, True])
def test_two_clocks_on_one_act_are_both_shown_the_earlier_rings_first_and_one_act_keeps_both(
    tmp_path: Path, answered: bool
) -> None:
    story = two_clocks(tmp_path)
    lines = [one for one in reckon(story.state, story.calendars, story.now) if one.duty in ("policy", "law")]
    assert [(one.duty, one.due) for one in lines] == [("law", date(2026, 12, 28)), ("policy", date(2027, 1, 6))]
    assert lines[0].late_steps[0][0] == end_of(date(2026, 12, 28)) < lines[1].late_steps[0][0]
    story.now = datetime(2026, 12, 29, 10, tzinfo=UTC)
    assert (due(story, "law").status, due(story, "policy").status) == ("late", "running")
    if answered:
        story.event("responded", findings={"one": "upheld", "two": "upheld"})
        assert (due(story, "law").status, due(story, "policy").status) == ("met late", "met")


def test_no_later_than_gives_a_start_to_what_waits_for_something_that_does_not_come(tmp_path: Path) -> None:
    rule = ('within = { working_days = 3 }; met_by = "responded"; '
            'after = { event = "plan_sent", no_later_than = { working_days = 2, after = "received" } }')  # fmt: skip
    story = Story(procedure_with(tmp_path, tidy=rule))
    deemed = due(story, "tidy")
    assert (deemed.due, deemed.derivation.deemed) == (date(2026, 12, 29), True)
    assert "taken to start on 22 December 2026" in deemed.derivation.sentence
    story.now = datetime(2026, 12, 21, 9, tzinfo=UTC)
    story.event("milestone_reached", milestone="plan_sent")
    assert (due(story, "tidy").due, due(story, "tidy").derivation.deemed) == (date(2026, 12, 24), False)


def test_what_is_on_hold_keeps_what_is_left_has_a_day_on_which_it_is_looked_at_and_goes_on_from_there() -> None:
    story = Story().screened()
    story.event("concern_found", concern="gross_misconduct", known_at=RECEIVED.isoformat())
    story.event("concern_confirmed", concern="gross_misconduct")
    story.now = datetime(2026, 12, 21, 10, tzinfo=UTC)
    story.do("suspend", "deepa", rule="safeguarding_or_disciplinary", reason="It goes first.")
    (line,) = held(story.state, story.now)
    assert (line.due, line.status, line.clause) == (date(2026, 12, 30), "running", line.clause)
    line = next(one for one in reckon(story.state, story.calendars, story.now)
                if (one.duty, one.stage) == ("respond", "stage_1"))  # fmt: skip
    assert (line.status, line.due, line.derivation.left) == ("paused", None, 9)
    story.now = datetime(2027, 1, 4, 10, tzinfo=UTC)
    assert [one.status for one in held(story.state, story.now)] == ["late"]
    with pytest.raises(Refused, match="looked at again by"):
        story.do("review_suspension", "deepa", rule="safeguarding_or_disciplinary", reason="It goes on.",
                 review_by="2027-03-01")  # fmt: skip
    story.do("resume", "deepa", rule="safeguarding_or_disciplinary")
    assert held(story.state, story.now) == ()
    on = next(one for one in reckon(story.state, story.calendars, story.now)
              if (one.duty, one.stage) == ("respond", "stage_1"))  # fmt: skip
    assert on.due == date(2027, 1, 15)  # nine working days after the day on which it went on
    assert on.derivation.paused and Calendars.of(story.procedure).snapshot


def test_more_time_keeps_the_first_day_beside_the_later_one_and_says_whether_it_was_needed() -> None:
    story = Story().screened()
    story.do("assign", part="handles", person="maya", declaration="none")
    story.do("extend", duty="respond", reason="complexity", until="2027-01-20", needs_met=["complainant_agreed"])
    assert story.ledger[-1].data["tell"] == ["complainant"]
    dues = reckon(story.state, story.calendars, story.now)
    (promise,) = [one for one in public_view(story.state, dues, story.now).promises if one.by == date(2027, 1, 20)]
    assert promise.moved == "We had said Wednesday 6 January 2027. We need more time."
    line = next(one for one in dues if one.duty == "respond")
    assert (line.due, line.first_due, line.beyond_first) == (date(2027, 1, 20), date(2027, 1, 6), False)
    assert [(one.until, one.reason) for one in line.derivation.extended] == [(date(2027, 1, 20), "complexity")]
    story.now = datetime(2027, 1, 12, 10, tzinfo=UTC)
    story.event("responded", findings={"one": "upheld", "two": "upheld"})
    line = next(one for one in reckon(story.state, story.calendars, story.now) if one.duty == "respond")
    assert (line.status, line.beyond_first) == ("met", True)
