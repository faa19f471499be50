"""Due moments under a real procedure and under the hard shapes of the language, each with its derivation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heard.calendar import Calendars
from heard.case import replay
from heard.clock import reckon
from heard.derivation import Due
from heard.ledger import NewHappening, number
from heard.procedure import Procedure
from heard.procedure_file import read_procedure
from tests.heard.invented import RECEIVED, Story, procedure
from tests.heard.samples import ONE_STAGE, SMALL


def due(story: Story, duty: str, stage: str | None = None) -> Due:
    found = [one for one in reckon(story.state, story.calendars, story.now) if one.duty == duty and one.stage == stage]
    assert len(found) == 1, f"{duty}: {found}"
    return found[0]


def small(tmp_path: Path, rules: str) -> Procedure:
    """A procedure of one stage with these rules in it."""
    counting = """
[counting]
promptly = { immediately = { hours = 1 } }
deemed_received = { letter = { working_days = 2 } }
"""
    path = tmp_path / "procedure.toml"
    path.write_text(SMALL + counting + ONE_STAGE + rules)
    return read_procedure(path)


RESPOND = """
  [[stages.duties]]
  key = "respond"
  says = "Answer"
  to = ["complainant"]
  after = "stage_opened"
  met_by = "responded"
  {more}
"""


def test_a_stage_one_complaint_before_christmas_has_its_days() -> None:
    story = Story()
    assert due(story, "acknowledge", "stage_1").due == date(2026, 12, 22)
    assert due(story, "contact", "stage_1").due == date(2026, 12, 29)
    assert due(story, "respond", "stage_1").due == date(2027, 1, 6)
    assert due(story, "write_it_down").due == RECEIVED + timedelta(hours=24)
    assert due(story, "see_the_young_person").due == date(2026, 12, 21)


def test_a_day_ends_at_midnight_in_london_in_summer_too() -> None:
    summer = datetime(2026, 7, 1, 9, tzinfo=UTC)
    story = Story()
    story.state = replay(story.procedure, number(
        [NewHappening("received", summer, "complainant", None, {"kind": "complaint"}),
         NewHappening("stage_opened", summer, "system", "stage_1", {"stage": "stage_1"})], 0, summer))  # fmt: skip
    story.now = summer
    assert due(story, "acknowledge", "stage_1").due_at == datetime(2026, 7, 3, 23, tzinfo=UTC)


def test_stage_two_is_deemed_to_start_five_days_after_the_request_when_no_plan_comes() -> None:
    story = Story().screened()
    story.until(2027, 1, 20, 9)
    story.event("stage_opened", stage="stage_2")
    investigate = due(story, "investigate", "stage_2")
    assert investigate.derivation.deemed and investigate.due == date(2027, 3, 8)
    assert due(story, "respond", "stage_2").due == investigate.due


def test_an_early_plan_starts_the_stage_two_clock_itself() -> None:
    story = Story().screened()
    story.until(2027, 1, 20, 9)
    story.event("stage_opened", stage="stage_2")
    story.event("milestone_reached", milestone="action_plan_sent")
    assert due(story, "investigate", "stage_2").due == date(2027, 3, 1)


def test_a_suspension_holds_the_answer_but_never_the_acknowledgement_or_the_lado() -> None:
    story = Story()
    story.event("concern_found", concern="lado_threshold", known_at=RECEIVED.isoformat())
    before = {one.key: one.due for one in reckon(story.state, story.calendars, story.now)}
    story.event("suspended", rule="safeguarding_or_disciplinary", heads="case")
    held = {one.key: one for one in reckon(story.state, story.calendars, story.now)}
    assert held["stage_1:respond:0:"].status == "paused" and held["stage_1:respond:0:"].derivation.left == 10
    for key, one in held.items():
        if one.kind == "notification" or one.duty == "acknowledge":
            assert one.due == before[key]
    story.until(2026, 12, 23)
    story.event("resumed", rule="safeguarding_or_disciplinary")
    assert due(story, "respond", "stage_1").due == date(2027, 1, 11)
    assert {d.isoformat() for d in due(story, "respond", "stage_1").derivation.counted} >= {"2026-12-24", "2027-01-11"}


def test_the_lado_has_one_working_day_from_the_first_knowledge_of_anybody() -> None:
    story = Story()
    known = RECEIVED - timedelta(days=2)
    story.event("concern_found", concern="lado_threshold", known_at=known.isoformat())
    lado = due(story, "working_together.lado")
    assert lado.due == date(2026, 12, 17) and lado.status == "late" and lado.source == "law"
    story.event("told", rule="lado", whom="lado", channel="telephone")
    assert due(story, "working_together.lado").status == "met late"


def test_holding_one_head_leaves_the_other_heads_clock_alone() -> None:
    story = Story()
    story.event("suspended", rule="safeguarding_or_disciplinary", heads=["two"])
    answers = {one.instance: one for one in reckon(story.state, story.calendars, story.now) if one.duty == "respond"}
    assert answers["one"].due == date(2027, 1, 6) and answers["two"].status == "paused"


def test_an_extension_moves_the_day_and_keeps_the_first_one_beside() -> None:
    story = Story()
    story.event("extended", duty="respond", until="2027-01-14", reason="complexity")
    answer = due(story, "respond", "stage_1")
    assert (answer.due, answer.first_due) == (date(2027, 1, 14), date(2027, 1, 6))
    assert [one.reason for one in answer.derivation.extended] == ["complexity"]


def test_sending_it_again_never_resets_what_was_met() -> None:
    story = Story()
    story.later(hours=2)
    story.event("acknowledged")
    first = due(story, "acknowledge", "stage_1").met_at
    story.later(days=20)
    story.event("acknowledged")
    again = due(story, "acknowledge", "stage_1")
    assert again.met_at == first and again.status == "met"


def test_notice_of_a_panel_counts_back_ten_open_days() -> None:
    story = Story().screened()
    story.until(2027, 3, 1)
    story.event("stage_opened", stage="stage_3")
    story.event("panel_arranged", date="2027-04-12")
    assert due(story, "invite", "stage_3").due == date(2027, 3, 25)
    assert due(story, "panel_meets", "stage_3").due == date(2027, 4, 14)


def test_a_letter_gives_the_complainant_two_more_working_days() -> None:
    story = Story().screened()
    story.event("stage_opened", stage="stage_2")
    story.until(2027, 2, 1)
    story.event("responded", channel="letter", findings={"one": "upheld", "two": "upheld"})
    posted = due(story, "ask_for_stage_3", "stage_2").due
    assert posted == date(2027, 3, 3)


def test_a_concern_that_is_cleared_lapses_its_clocks_and_does_not_count_as_kept() -> None:
    story = Story()
    story.event("concern_found", concern="lado_threshold")
    story.event("concern_cleared", concern="lado_threshold", reason="another meaning")
    assert due(story, "working_together.lado").status == "lapsed"


def test_twenty_four_hours_roll_to_the_next_working_day_at_the_same_clock_time(tmp_path: Path) -> None:
    rules = small(tmp_path, RESPOND.format(more='within = { hours = 24, rolls_to = "working_days" }'))
    story = Story(rules)
    assert due(story, "respond", "only").due == datetime(2026, 12, 21, 16, 30, tzinfo=UTC)


def test_a_month_ends_on_the_last_day_where_there_is_no_such_date_and_rolls_off_a_closed_one(tmp_path: Path) -> None:
    rules = small(tmp_path, RESPOND.format(more='within = { months = 1, rolls_to = "working_days" }'))
    start = datetime(2027, 1, 31, 9, tzinfo=UTC)
    ledger = number([NewHappening("received", start, "complainant", None, {}),
                     NewHappening("stage_opened", start, "system", "only", {"stage": "only"})], 0, start)  # fmt: skip
    found = reckon(replay(rules, ledger), Calendars.of(rules), start)
    assert found[0].due == date(2027, 3, 1)


def test_thirty_days_that_begin_with_the_day_of_receipt_end_a_day_earlier(tmp_path: Path) -> None:
    more = 'within = { calendar_days = 30, first_day = "day_of_event" }'
    assert due(Story(small(tmp_path, RESPOND.format(more=more))), "respond", "only").due == date(2027, 1, 16)


def test_a_promised_date_stands_and_without_one_the_other_length_does(tmp_path: Path) -> None:
    more = 'within = { as_given_in = "acknowledged", otherwise = { working_days = 20 } }'
    story = Story(small(tmp_path, RESPOND.format(more=more)))
    assert due(story, "respond", "only").due == date(2027, 1, 20)
    story.event("acknowledged", dates_given={"respond": "2027-01-08"})
    assert due(story, "respond", "only").due == date(2027, 1, 8)


def test_a_word_without_a_number_ages_and_is_never_called_a_breach(tmp_path: Path) -> None:
    story = Story(small(tmp_path, RESPOND.format(more='promptly = "immediately"')))
    story.later(hours=2)
    late = due(story, "respond", "only")
    assert late.status == "late" and late.lateness == "ageing"


def test_regular_contact_is_due_again_after_each_contact_and_ends_with_the_answer() -> None:
    story = Story()
    assert due(story, "keep_in_touch", "stage_1").due == date(2026, 12, 29)
    story.until(2026, 12, 23)
    story.event("told", duty="keep_in_touch", whom="complainant")
    assert due(story, "keep_in_touch", "stage_1").due == date(2027, 1, 4)
    story.event("responded", findings={"one": "upheld", "two": "upheld"})
    assert due(story, "keep_in_touch", "stage_1").status == "met"


def test_the_steps_of_a_late_duty_carry_their_instants() -> None:
    story = Story()
    story.later(hours=5)
    copy = due(story, "copy_to_manager", "stage_1")
    assert [at for at, _ in copy.late_steps] == [RECEIVED + timedelta(hours=4)]


moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: RECEIVED + timedelta(minutes=minutes))


@settings(deadline=None)
@given(moments, st.integers(1, 60 * 24 * 20))
def test_a_pause_never_moves_a_due_moment_earlier_and_safeguarding_never_pauses(since: datetime, minutes: int) -> None:
    rules = procedure()
    begun = [NewHappening("received", RECEIVED, "complainant", None, {"kind": "complaint", "heads": [{"key": "one"}]}),
             NewHappening("concern_found", RECEIVED, "screen", None, {"concern": "lado_threshold"}),
             NewHappening("stage_opened", RECEIVED, "system", "stage_1", {"stage": "stage_1"})]  # fmt: skip
    rule = {"rule": "safeguarding_or_disciplinary"}
    pause = [NewHappening("suspended", since, "system", None, rule | {"heads": "case"}),
             NewHappening("resumed", since + timedelta(minutes=minutes), "system", None, rule)]  # fmt: skip
    calendars, now = Calendars.of(rules), RECEIVED + timedelta(days=90)
    plain = {one.key: one for one in reckon(replay(rules, number(begun, 0, now)), calendars, now)}
    held = {one.key: one for one in reckon(replay(rules, number(begun + pause, 0, now)), calendars, now)}
    for key, one in plain.items():
        if one.due_at is None:
            continue
        after = held[key].due_at
        assert after is not None and after >= one.due_at
        if not one.pauses:
            assert after == one.due_at


@pytest.mark.parametrize("month", [3, 10])
def test_hours_are_elapsed_hours_across_both_clock_changes(tmp_path: Path, month: int) -> None:
    rules = small(tmp_path, RESPOND.format(more="within = { hours = 24 }"))
    start = datetime(2026, month, 29 if month == 3 else 25, 0, 30, tzinfo=UTC)
    ledger = number([NewHappening("received", start, "complainant", None, {}),
                     NewHappening("stage_opened", start, "system", "only", {"stage": "only"})], 0, start)  # fmt: skip
    assert reckon(replay(rules, ledger), Calendars.of(rules), start)[0].due == start + timedelta(hours=24)
