"""What walks by chance once found wrong, told so that it stays right: dead ends, deadlines that were lost, crashes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from heard.calendar import Calendars
from heard.case import Actor, Refused, actions
from heard.casefile import Pause
from heard.clock import reckon
from heard.derivation import Due
from heard.lengths import end
from heard.procedure import Procedure
from heard.procedure_file import read_procedure
from heard.when import Within
from tests.heard.invented import Story, procedure
from tests.heard.samples import SMALL

HEAD = SMALL + """
[words]
kinds = ["complaint", "concern"]
findings = ["upheld", "not_upheld"]
[[roles]]
key = "registered_service_manager"
name = "Manager"
[[roles]]
key = "director"
name = "Director"
[[roles]]
key = "panel_member"
name = "Panel member"
outside = true
[[milestones]]
key = "plan_sent"
says = "The plan was sent"
[[ways_in]]
key = "elsewhere"
only_if = { kind = ["concern"] }
starts_at = "second"
[[ways_in]]
key = "all"
starts_at = "first"
[[stages]]
key = "second"
name = "Another stage"
final = true
  [stages.people]
  handles = ["director"]
  [[stages.duties]]
  key = "answer"
  says = "Answer"
  to = ["complainant"]
  within = { working_days = 3 }
  after = "stage_opened"
  met_by = "responded"
[[stages]]
key = "first"
name = "The first stage"
final = true
  [stages.people]
  handles = ["registered_service_manager"]
"""


ANSWERED_IN_THREE_DAYS = """
  [[stages.duties]]
  key = "acknowledge"
  says = "Acknowledge, and say when the answer comes"
  to = ["complainant"]
  within = { working_days = 1 }
  after = "stage_opened"
  met_by = "acknowledged"
  gives_date_for = "answer"
  [[stages.duties]]
  key = "answer"
  says = "Answer"
  to = ["complainant"]
  within = { working_days = 3 }
  after = "stage_opened"
  met_by = "responded"
"""
TOLD_EACH_WEEK = """
[[duties]]
key = "news"
says = "Tell the director each week how it goes"
to = ["director"]
every = { working_days = 5 }
after = "interview_held"
until = "responded"
"""
LEARNED_FIRST = """
[[duties]]
key = "learn"
says = "Say what was learned"
only_if = { finding = ["upheld"] }
before = "closed"
met_by = "learning_reviewed"
"""


def small(folder: Path, rules: str = "") -> Procedure:
    path = folder / "procedure.toml"
    path.write_text(HEAD + rules)
    return read_procedure(path)


def begun(folder: Path, rules: str = "", **screened: object) -> Story:
    story = Story(small(folder, rules)).screened(**screened)
    story.do("assign", "system", part="handles")
    return story


def offered(story: Story, name: str, actor: str = "system") -> list[dict[str, object]]:
    """The forms, filled in, of what that actor may do."""
    who = Actor(actor, story.roster.roles_of(actor, story.now))
    found = actions(story.state, who, story.now, story.calendars, story.roster)
    return [dict(one.example) for one in found if one.name == name and one.allowed]


def dues(story: Story, duty: str) -> list[Due]:
    return [one for one in reckon(story.state, story.calendars, story.now) if one.duty == duty]


# ---------------------------------------------------------------- no way to the end


def test_a_case_that_another_body_has_is_closed_though_it_was_on_hold_here() -> None:
    story = Story().screened()
    story.do("raise_concern", "maya", concern="abuse_or_exploitation")
    story.do("confirm_concern", "deepa", concern="abuse_or_exploitation", reason="it was seen")
    hold = {"rule": "safeguarding_or_disciplinary", "reason": "the police ask for it"}
    story.do("suspend", "maya", **hold)
    story.do("close_safeguarding", "deepa", outcome="substantiated", resume=False)
    assert story.state.on_hold
    story.event("passed_on", to="local_authority")
    for form in offered(story, "record", "maya"):
        story.do("record", **form)
    story.do("close", outcome="passed_on")


def test_an_acknowledgement_that_is_late_may_still_give_the_day_of_the_answer(tmp_path: Path) -> None:
    story = begun(tmp_path, ANSWERED_IN_THREE_DAYS)
    story.later(days=30)
    (form,) = offered(story, "acknowledge", "maya")
    assert form["dates_given"] == {"answer": "2026-12-23"}  # which is over: a later day would need more time first
    with pytest.raises(Refused, match="later than 23 December"):
        story.do("acknowledge", "maya", dates_given={"answer": "2027-02-01"})
    story.do("acknowledge", "maya", **form)
    assert [one.status for one in dues(story, "acknowledge")] == ["met late"]


def test_what_was_taken_back_is_closed_though_something_was_to_go_on_until_the_answer(tmp_path: Path) -> None:
    story = begun(tmp_path, TOLD_EACH_WEEK)
    story.do("withdraw", "complainant")
    story.later(days=1)
    story.do("record", "maya", event="interview_held")
    story.later(days=30)
    assert dues(story, "news")[0].status == "late"
    story.do("close", outcome="withdrawn")


def test_what_must_be_done_before_a_case_is_closed_holds_that_back_though_it_has_no_day(tmp_path: Path) -> None:
    story = begun(tmp_path, LEARNED_FIRST)
    story.do("respond", findings={"one": "not_upheld", "two": "not_upheld"})
    closed = Story(story.procedure)
    closed.screened()
    closed.do("assign", "system", part="handles")
    closed.do("respond", findings={"one": "upheld", "two": "upheld"})
    with pytest.raises(Refused, match="First: Say what was learned"):
        closed.do("close", outcome="answered")
    closed.do("record", "maya", event="learning_reviewed")
    closed.do("close", outcome="answered")
    story.do("close", outcome="answered")  # where nothing was upheld, nothing must be learned first


def test_a_stage_is_answered_though_no_duty_asks_for_an_answer(tmp_path: Path) -> None:
    story = begun(tmp_path)
    (answer,) = offered(story, "respond", "maya")
    story.do("respond", **answer)
    assert offered(story, "respond", "maya") == []
    story.do("close", outcome="answered")


def test_a_head_that_is_told_apart_after_the_answer_is_answered_too_before_the_case_is_closed(tmp_path: Path) -> None:
    story = begun(tmp_path)
    story.do("respond", findings={"one": "upheld", "two": "upheld"})
    story.do("add_head", key="three")
    with pytest.raises(Refused, match="no answer on: three"):
        story.do("close", outcome="answered")
    (answer,) = offered(story, "respond", "maya")
    story.do("respond", **answer)
    story.do("close", outcome="answered")


def test_what_was_asked_before_a_case_was_passed_on_does_not_keep_it_open() -> None:
    story = Story(on_behalf=True, complainant="parent").screened()
    story.later(days=30)
    assert any(one.status == "late" and one.starts for one in reckon(story.state, story.calendars, story.now))
    story.event("passed_on", to="local_authority")
    for form in offered(story, "record", "maya"):
        story.do("record", **form)
    story.do("close", outcome="passed_on")


def test_a_gate_opens_by_a_decision_by_a_duty_that_was_met_and_by_one_that_was_let_go(tmp_path: Path) -> None:
    rules = """
  [[stages.duties]]
  key = "hear"
  says = "Hear both"
  within = { working_days = 5 }
  after = "stage_opened"
  met_by = "interview_held"
  excused_if = ["it cannot be done"]
  [[stages.decisions]]
  key = "serious"
  asks = "Is it serious?"
  after = "stage_opened"
  by = ["registered_service_manager"]
  answers = [{ key = "yes" }, { key = "no" }]
[[gates]]
key = "in_order"
says = "One after the other"
holds_back = ["responded"]
until = ["hear", "serious"]
"""
    ways = ({"name": "record", "event": "interview_held"}, {"name": "decide", "decision": "serious", "answer": "no"},
            {"name": "excuse", "duty": "hear", "ground": "it cannot be done"})  # fmt: skip
    for way in ways:
        story = begun(tmp_path, rules)
        assert offered(story, "respond", "maya") == []
        story.do(**way)  # type: ignore[arg-type]
        assert offered(story, "respond", "maya"), way


def test_what_a_gate_waits_for_can_be_done_though_no_duty_asks_for_it(tmp_path: Path) -> None:
    gate = '[[gates]]\nkey = "g"\nsays = "First the plan"\nholds_back = ["responded"]\nuntil = ["plan_sent"]\n'
    story = begun(tmp_path, gate)
    (reach,) = offered(story, "reach", "maya")
    story.do("reach", **reach)
    assert offered(story, "respond", "maya")


def test_a_record_is_completed_with_what_writing_it_down_must_say(tmp_path: Path) -> None:
    story = begun(tmp_path, """
[[duties]]
key = "write"
says = "Write it down"
within = { hours = 24 }
after = "received"
met_by = "recorded"
contains = ["what was said"]
[[records]]
key = "file"
says = "The file"
fields = ["details"]
needed_to = "close"
""")
    forms = [form for form in offered(story, "record", "maya") if form.get("record") == "file"]
    assert forms == [{"record": "file", "contents": ["what was said"], "fields": ["details"]}]


def test_what_is_owed_for_each_of_two_people_is_recorded_for_each(tmp_path: Path) -> None:
    both = [{"subject": one, "person": one, "identified": True} for one in ("nia", "nell")]
    rules = """
  [[stages.duties]]
  key = "hear"
  says = "Hear them"
  per = "named_person"
  within = { working_days = 5 }
  after = "stage_opened"
  met_by = "{event}"
"""
    for event in ("interview_held", "plan_sent"):
        story = begun(tmp_path, rules.replace("{event}", event), subjects=both)
        name = "record" if event == "interview_held" else "reach"
        forms = [form for form in offered(story, name, "maya") if "instance" in form]
        assert {form["instance"] for form in forms} == {"nia", "nell"}
        story.do(name, **forms[0])
        assert sorted(one.status for one in dues(story, "hear")) == ["met", "running"]


def test_what_was_taken_back_goes_no_other_way_when_it_turns_out_to_be_something_else(tmp_path: Path) -> None:
    story = begun(tmp_path)
    story.do("withdraw")
    story.do("reclassify", kind="concern", reason="it was no complaint")
    assert story.state.stage == "first"
    story.do("close", outcome="withdrawn")


def test_thanks_for_nobody_in_particular_are_passed_on_to_those_whom_the_rule_names_else() -> None:
    story = Story(procedure("one_two_one_mentors"), kind="compliment").screened()
    forms = [form for form in offered(story, "tell", "system") if form["duty"] == "pass_on_thanks"]
    assert forms == [{"duty": "pass_on_thanks", "whom": "handler"}]
    story.do("tell", "system", **forms[0])
    assert [one.status for one in dues(story, "pass_on_thanks")] == ["met"]


def test_a_concern_that_is_found_after_a_case_was_passed_on_can_be_cleared(tmp_path: Path) -> None:
    story = Story().screened()
    story.event("passed_on", to="local_authority")
    story.do("raise_concern", "deepa", concern="missing")
    assert not offered(story, "clear_concern", "maya")
    (form,) = offered(story, "clear_concern", "deepa")
    story.do("clear_concern", "deepa", **form)
    assert not story.state.open_concerns


# ---------------------------------------------------------------- panels

PANEL = """
  decides = ["panel"]
  [stages.panel]
  members = { exactly = 2, role = "panel_member" }
  [[stages.duties]]
  key = "panel_meets"
  says = "The panel meets"
  within = { LENGTH }
  after = "stage_opened"
  met_by = "panel_met"
  [[stages.duties]]
  key = "invite"
  says = "Invite them"
  to = ["complainant"]
  before = "panel_date"
  at_least = { working_days = 5 }
"""


@pytest.mark.parametrize("length", ["working_days = 15", "hours = 240"])
def test_a_panel_that_is_late_can_still_be_given_a_day(tmp_path: Path, length: str) -> None:
    story = begun(tmp_path, PANEL.replace("LENGTH", length))
    story.do("form_panel", members=["pam", "pat"])
    story.later(days=60)
    (day,) = offered(story, "arrange_panel", "maya")
    assert str(day["date"]) == "2027-02-23"  # five working days after 16 February, for the invitation
    story.do("arrange_panel", **day)


def test_a_panel_whose_limit_can_be_kept_is_not_given_a_later_day(tmp_path: Path) -> None:
    story = begun(tmp_path, PANEL.replace("LENGTH", "hours = 600"))
    story.do("form_panel", members=["pam", "pat"])
    with pytest.raises(Refused, match="The panel meets by 12 January 2027"):
        story.do("arrange_panel", date="2027-01-13")


# ---------------------------------------------------------------- clocks


@pytest.mark.parametrize("more", ['per = "named_person"', 'again_after = ["plan_sent"]'])
def test_heads_on_hold_at_different_times_lose_no_line_of_a_duty_that_has_several(tmp_path: Path, more: str) -> None:
    both = [{"subject": one, "person": one, "identified": True} for one in ("nia", "nell")]
    story = begun(tmp_path, f"""
[[duties]]
key = "tell"
says = "Tell them"
within = {{ working_days = 5 }}
after = "received"
met_by = "interview_held"
pauses = true
{more}
""", subjects=both)
    story.later(days=1)
    story.event("milestone_reached", milestone="plan_sent")
    before = {one.instance: one.due for one in dues(story, "tell")}
    assert len(before) == 2
    story.event("suspended", rule="x", heads=["one"])
    apart = dues(story, "tell")
    assert len(apart) == 4
    for instance, due in before.items():
        free = next(one for one in apart if one.heads == ("two",) and (one.instance or "").removesuffix("two")
                    in (f"{instance}.", "" if instance is None else "-"))  # fmt: skip
        assert free.due == due


def test_a_longer_time_on_hold_never_brings_an_end_in_hours_forward_over_a_closed_day() -> None:
    days = Calendars.of(procedure())
    friday = datetime(2026, 11, 20, 9, tzinfo=UTC)
    length = Within(unit="hours", amount=38, rolls_to="working_days")
    holds = [(Pause(friday, friday + timedelta(hours=held)),) for held in range(80)]
    ends = [end(length, friday, days, hold).due_at for hold in holds]
    assert ends[0] == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert ends == sorted(one for one in ends if one is not None)


def test_a_window_in_hours_can_have_a_reminder(tmp_path: Path) -> None:
    story = begun(tmp_path, """
  [[stages.ways_on]]
  to = "second"
  asked_by = ["complainant"]
  within = { hours = 72 }
  after = "response_received"
  remind = { working_days = 1 }
""")
    story.do("respond", findings={"one": "upheld", "two": "upheld"})
    (window,) = dues(story, "ask_for_second")
    assert window.last_day == date(2026, 12, 21) and window.remind_at == datetime(2026, 12, 18, tzinfo=UTC)
