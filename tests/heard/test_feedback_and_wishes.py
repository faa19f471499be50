"""Feedback that is no complaint, what a child may refuse, and who is told because they are asked for advice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from heard.actions import Action
from heard.agreed import agreed_no_more
from heard.case import Actor, Refused, actions, public_view, replay
from heard.circumstances import CAME_OF_AGE
from heard.clock import due_of, reckon
from heard.conditions import holds
from heard.derivation import Due
from heard.people import Relation
from heard.procedure import LateStep
from heard.taking import SAID_ANEW
from heard.trial import Trial
from heard.wishes import advocacy_may_be_refused
from tests.heard.invented import Story, procedure, roster

HOME = procedure("west_sussex_home")
PEOPLE = {
    "rhea": ("registered_manager",), "dell": ("delegated_senior",), "sol": ("service_manager",),
    "hani": ("head_of_service",), "ines": ("responsible_individual",), "cara": ("customer_relations",),
    "una": ("external_investigator",), "deepa": ("designated_safeguarding_lead",), "nell": (),
}  # fmt: skip
LOG = ["shared_with", "how_it_was_shared", "what_changed"]


def at_home(*relations: Relation, **report: object) -> Story:
    """A screened report to the home, with its parts given out."""
    story = Story(HOME, roster(people=PEOPLE, relations=relations), heads=[{"key": "complaint"}], **report)
    return story.screened()


def handled(*relations: Relation, **report: object) -> Story:
    story = at_home(*relations, **report)
    for part in HOME.stage(str(story.state.stage)).people:
        story.do("assign", "system", part=part)
    return story


def offered(story: Story, name: str, person: str = "rhea") -> list[Action]:
    who = Actor(person, story.roster.roles_of(person, story.now))
    return [one for one in actions(story.state, who, story.now, story.calendars, story.roster) if one.name == name]


def status(story: Story, duty: str) -> str:
    (due,) = due_of(story.state, story.calendars, story.now, duty, story.state.stage)
    return due.status


def says_of(story: Story) -> str:
    return public_view(story.state, reckon(story.state, story.calendars, story.now), story.now).status


# ---------------------------------------------------------------- compliments and comments


def test_a_compliment_is_passed_on_logged_and_closed_and_nobody_waits_for_an_answer() -> None:
    story = handled(kind="compliment", subjects=[{"subject": "nell", "person": "nell", "identified": True}])
    assert says_of(story) == "We are passing on the good thing you said."
    with pytest.raises(Refused, match="Still owed: Tell whoever was praised"):
        story.do("close", "rhea", outcome="answered")
    story.do("tell", "rhea", duty="tell_named_staff", whom="nell", instance="nell", channel="supervision")
    with pytest.raises(Refused, match="The record lacks"):
        story.do("close", "rhea", outcome="answered")
    story.do("record", "rhea", record="feedback_log", fields=LOG)
    story.do("close", "rhea", outcome="answered")
    view = public_view(story.state, reckon(story.state, story.calendars, story.now), story.now)
    assert view.status == "Your thanks were passed on, and are written down."
    assert view.next == ("There is nothing you need to do now.",)


def test_a_comment_becomes_a_complaint_when_somebody_says_so_and_its_clocks_run_from_then() -> None:
    story = handled(kind="comment")
    assert says_of(story) == "We are thinking about what you said."
    story.until(2027, 1, 4)
    story.do("ask_to_go_on", "rhea", to="local")
    assert story.state.stage == "local"
    (due,) = due_of(story.state, story.calendars, story.now, "acknowledge", "local")
    assert str(due.due) == "2027-01-07"
    assert says_of(story).startswith("We are working on your complaint")


def test_a_comment_that_became_a_complaint_owes_all_that_a_complaint_owes() -> None:
    story = handled(kind="comment", complainant="young_person", about_a_child=True, children=[{"age": 14}])
    story.do("ask_to_go_on", "rhea", to="local")
    assert story.state.received["kind"] == "complaint"
    assert [one.data["kind"] for one in story.state.ledger if one.event == "reclassified"] == ["complaint"]
    assert status(story, "offer_advocate") == "running"
    law = next(one for one in HOME.records if one.key == "childrens_homes_2015.no_reprisal")
    assert holds(law.only_if, story.state)


def test_an_answer_to_one_question_starts_the_clock_of_that_question_alone() -> None:
    story = handled(complainant="parent", on_behalf=True, about_a_child=True)
    story.do("answer_fact", "rhea", fact="significant_harm_perceived", value="no")
    story.until(2026, 12, 22)
    story.do("answer_fact", "rhea", fact="speaks_for", value="in the child's name")
    (due,) = due_of(story.state, story.calendars, story.now, "ask_consent")
    assert due.starts == story.now


def test_what_was_taken_for_a_comment_is_a_complaint_from_the_day_it_came_once_somebody_says_what_it_is() -> None:
    story = handled(kind="comment", channel="feedback_box", anonymous=True, contactable=False)
    (sorting,) = [one for one in offered(story, "reclassify") if not one.data]
    assert sorting.allowed and sorting.needs.choices["kind"] == ("compliment", "complaint")
    story.until(2026, 12, 20)
    story.do("reclassify", "rhea", kind="complaint", reason="it asks for something to be put right")
    assert story.state.stage == "local" and story.state.visits[-1].opened_at == story.state.received_at
    with pytest.raises(Refused, match="no kind of this procedure"):
        story.do("reclassify", "rhea", kind="grumble", reason="why not")


def test_what_it_is_is_not_asked_again_when_somebody_has_acted_on_it() -> None:
    story = handled()
    assert offered(story, "reclassify")
    story.event("acknowledged")
    assert offered(story, "reclassify") == []


@pytest.mark.clause("IOI-9")
def test_what_was_meant_formally_is_formal_from_the_day_it_came_and_informal_only_if_they_agree() -> None:
    story = Story(formality="informal").screened()
    assert story.state.stage == "informal"
    (meant,) = [one for one in offered(story, "reclassify", "maya") if "formality" in one.data]
    story.do("reclassify", "maya", **meant.data, reason="she said so")
    assert story.state.stage == "stage_1" and story.state.visits[-1].opened_at == story.state.received_at
    story = Story(formality="formal").screened()
    with pytest.raises(Refused, match="complainant agreed"):
        story.do("reclassify", "maya", formality="informal", reason="it is easier")
    story.do("reclassify", "maya", formality="informal", reason="she prefers it", needs_met=["complainant_agreed"])
    assert story.state.stage == "informal"


@pytest.mark.clause("IOI-8")
def test_what_it_is_about_is_said_by_whoever_deals_with_it_in_the_words_of_the_procedure() -> None:
    story = Story(category=[]).screened()
    (asking,) = offered(story, "categorise", "maya")
    assert asking.allowed and asking.needs.choices["category"] == story.procedure.words.categories
    with pytest.raises(Refused, match="cannot be about 'the weather'"):
        story.do("categorise", "maya", category=["the weather"])
    story.do("categorise", "maya", category=["delay", "data protection"])
    assert story.state.received["category"] == ["delay", "data protection"]
    assert due_of(story.state, story.calendars, story.now, "data_protection.acknowledge")


def test_somebody_who_works_here_is_told_that_they_may_choose_and_nobody_else() -> None:
    def next_of(**said: object) -> str:
        story = Story(**said).screened()
        return " ".join(public_view(story.state, reckon(story.state, story.calendars, story.now), story.now).next)

    assert "as whistleblowing" in next_of(complainant="staff") and "as a grievance" in next_of(complainant="staff")
    assert "whistleblowing" not in next_of(complainant="parent")
    assert "whistleblowing" not in next_of(complainant="staff", kind="whistleblowing")


@pytest.mark.clause("IOI-39")
def test_an_advocate_who_joins_later_is_owed_what_is_owed_to_advocates() -> None:
    story = Story().screened()
    story.do("assign", "system", part="handles")
    story.event("stage_opened", stage="stage_3")
    story.event("panel_arranged", date="2027-02-01")
    (invite,) = due_of(story.state, story.calendars, story.now, "invite", "stage_3")
    story.event("told", duty="invite", whom="complainant")
    (invite,) = due_of(story.state, story.calendars, story.now, "invite", "stage_3")
    assert invite.status == "met"
    story.do("note_change", "maya", change="an_advocate_speaks_with_them")
    (invite,) = due_of(story.state, story.calendars, story.now, "invite", "stage_3")
    assert invite.status == "running"
    story.event("told", duty="invite", whom="advocate")
    (invite,) = due_of(story.state, story.calendars, story.now, "invite", "stage_3")
    assert invite.status == "met"


def test_a_matter_of_the_council_itself_is_passed_on_by_whoever_handles_it_and_never_with_a_concern_open() -> None:
    story = handled()
    (passing,) = [one for one in offered(story, "reclassify") if one.data]
    assert passing.allowed and "WSX-18" in passing.clause and set(passing.data) <= set(SAID_ANEW)
    story.do("reclassify", "rhea", about_authority_functions=True, reason="it is about the care plan")
    assert story.state.passed_to == "children_act"
    worrying = at_home(concerns=[{"concern": "harm"}])
    worrying.do("reclassify", "deepa", about_authority_functions=True, reason="it is about the care plan")
    assert worrying.state.passed_to is None


# ---------------------------------------------------------------- what a child may say no to


def test_the_advocacy_service_is_not_told_when_the_child_said_no_while_complaining() -> None:
    assert advocacy_may_be_refused(HOME) and not advocacy_may_be_refused(procedure("ioi_support"))
    assert status(handled(), "tell_advocacy") == "running"
    assert status(handled(advocate_refused=True), "tell_advocacy") == "excused"


def test_no_said_on_a_comment_still_holds_when_it_becomes_a_complaint() -> None:
    story = handled(kind="comment", advocate_refused=True)
    story.do("ask_to_go_on", "rhea", to="local")
    assert status(story, "tell_advocacy") == "excused"


def test_a_no_that_the_child_says_later_is_written_down_by_whoever_handles_it_and_by_nobody_else() -> None:
    story, ground = handled(), "contrary to the child's stated wishes"
    with pytest.raises(Refused, match="asked for advice"):
        story.do("excuse", "cara", duty="tell_advocacy", ground=ground)
    with pytest.raises(Refused, match="not a reason"):
        story.do("excuse", "rhea", duty="tell_advocacy", ground="no time")
    story.do("excuse", "rhea", duty="tell_advocacy", ground=ground)
    assert status(story, "tell_advocacy") == "excused"


def test_somebody_speaks_in_the_childs_name_only_when_the_child_agreed() -> None:
    story = handled(complainant="parent", on_behalf=True)
    (asked,) = [one for one in offered(story, "answer_fact") if one.data["fact"] == "speaks_for"]
    assert asked.allowed
    story.do("answer_fact", "rhea", fact="speaks_for", value="in the child's name")
    met = ["is_an_adult", "chosen_by_the_child"]
    with pytest.raises(Refused, match="only when the child has agreed"):
        story.do("record", "rhea", event="spoken_for_child", needs_met=met)
    story.do("answer_consent", "rhea", answer="given")
    with pytest.raises(Refused, match="chosen by the child"):
        story.do("record", "rhea", event="spoken_for_child", needs_met=["is_an_adult"])
    story.do("record", "rhea", event="spoken_for_child", needs_met=met)


IN_THEIR_OWN_NAME = "the child does not want it: the complaint goes on in the complainant's own name"


def spoken_for() -> Story:
    """A parent speaks in the child's name, and the child has agreed to it."""
    story = handled(complainant="parent", on_behalf=True)
    story.do("answer_fact", "rhea", fact="speaks_for", value="in the child's name")
    story.do("answer_consent", "rhea", answer="given")
    return story


def owed_for_consent(story: Story) -> Due:
    """What is owed now; what they agreed to before, and what became of it, stands above it."""
    *_, due = due_of(story.state, story.calendars, story.now, "record_representative")
    return due


def each_time(story: Story) -> list[str]:
    return [due.status for due in due_of(story.state, story.calendars, story.now, "record_representative")]


@pytest.mark.clause("WSX-11")
def test_what_was_owed_because_the_child_agreed_is_owed_no_more_once_they_take_that_back_and_all_else_is() -> None:
    story = spoken_for()
    assert owed_for_consent(story).status == "running"
    story.now += timedelta(days=1)
    before = {due.key: due for due in reckon(story.state, story.calendars, story.now)}
    story.do("answer_consent", "rhea", answer="refused", reason="She wants to speak for herself.")
    assert owed_for_consent(story).status == "lapsed"
    after = {due.key: due for due in reckon(story.state, story.calendars, story.now)}
    others = before.keys() - {owed_for_consent(story).key}
    assert {key: (after[key].due, after[key].status) for key in others} == {
        key: (before[key].due, before[key].status) for key in others
    }
    story.do("answer_consent", "rhea", answer="given", reason="She would rather he did.")
    again = owed_for_consent(story)
    assert (again.status, again.starts) == ("running", story.now), "it counts from the day on which she agreed again"
    assert each_time(story) == ["running"], "nothing came of the first time"


@pytest.mark.clause("WSX-11")
def test_what_was_late_when_the_child_took_consent_back_stays_late_and_is_explained_before_it_is_closed() -> None:
    story = spoken_for()
    story.now += timedelta(days=7)
    missed = owed_for_consent(story)
    story.do("answer_consent", "rhea", answer="refused", reason="She wants to speak for herself.")
    story.now += timedelta(days=3)
    assert owed_for_consent(story) == missed and missed.lateness == "breach"
    assert agreed_no_more(story.state, missed), "it can be explained, and not done any more"
    assert offered(story, "explain_lateness") and not [
        one for one in offered(story, "excuse") if one.data["duty"] == "record_representative"
    ], "nor let go: nobody owes it by now"
    story.do("excuse", "rhea", duty="record_representative", ground=IN_THEIR_OWN_NAME)
    assert owed_for_consent(story) == missed
    story.do("answer_consent", "rhea", answer="given", reason="She would rather he did.")
    assert each_time(story) == ["late", "running"], "agreeing again mends no breach"
    story.do("record", "rhea", event="spoken_for_child", needs_met=["is_an_adult", "chosen_by_the_child"])
    assert each_time(story) == ["late", "met"]


@pytest.mark.clause("WSX-11")
def test_consent_given_again_brings_back_what_was_let_go_before_and_the_steps_of_what_is_late() -> None:
    story, told = spoken_for(), LateStep(tell=("handler",))
    story.procedure = replace(story.procedure, duties=tuple(
        replace(one, clock=replace(one.clock, if_late=(told,))) if one.key == "record_representative" else one
        for one in story.procedure.duties
    ))  # fmt: skip
    story.state = replay(story.procedure, story.ledger)
    for times in ("late", "excused"):
        story.now += timedelta(days=9)
        story.do("escalate", "system", key=owed_for_consent(story).key, step=0)
        with pytest.raises(Refused, match="This step was taken"):
            story.do("escalate", "system", key=owed_for_consent(story).key, step=0)
        if times == "excused":
            story.do("excuse", "rhea", duty="record_representative", ground=IN_THEIR_OWN_NAME)
        assert owed_for_consent(story).status == times
        story.do("answer_consent", "rhea", answer="refused", reason="She wants to speak for herself.")
        story.do("answer_consent", "rhea", answer="given", reason="She would rather he did.")
        assert owed_for_consent(story).status == "running"
    assert each_time(story) == ["late", "excused", "running"]
    assert replay(story.procedure, story.ledger).moments == story.state.moments


@pytest.mark.clause("WSX-11")
@pytest.mark.parametrize("answer", ["not_required", "lacks_capacity"])
def test_who_speaks_for_a_child_whose_consent_cannot_be_asked_is_still_waited_for(answer: str) -> None:
    story = spoken_for()
    story.do("answer_consent", "rhea", answer=answer, reason="She is too ill to be asked.")
    assert each_time(story) == ["waiting"]
    story.now += timedelta(days=7)
    story.do("answer_consent", "rhea", answer="given", reason="She is well again.")
    assert (owed_for_consent(story).status, owed_for_consent(story).starts) == ("running", story.now)


@pytest.mark.clause("WSX-11")
def test_of_two_who_agreed_the_day_counts_on_which_the_one_agreed_who_still_does() -> None:
    story = spoken_for()
    story.now += timedelta(days=1)
    story.do("answer_consent", "rhea", of="parent", answer="given")
    agreed, first = story.now, owed_for_consent(story)
    assert first.starts is not None and first.starts < agreed, "while both agree, the first"
    story.now += timedelta(hours=2)
    story.do("answer_consent", "rhea", answer="refused", reason="She wants to speak for herself.")
    assert (each_time(story), owed_for_consent(story).starts) == (["running"], agreed)
    story.do("answer_consent", "rhea", of="parent", answer="refused", reason="He leaves it to her.")
    assert each_time(story) == ["lapsed"]


@pytest.mark.clause("WSX-11")
def test_what_was_done_while_the_child_agreed_stays_done() -> None:
    story = spoken_for()
    story.do("record", "rhea", event="spoken_for_child", needs_met=["is_an_adult", "chosen_by_the_child"])
    story.do("answer_consent", "rhea", answer="refused", reason="She wants to speak for herself.")
    assert owed_for_consent(story).status == "met"


@pytest.mark.clause("WSX-11")
def test_a_child_who_says_no_leaves_nothing_to_write_down_and_one_who_is_asked_again_may() -> None:
    story = handled(complainant="parent", on_behalf=True)
    story.do("answer_fact", "rhea", fact="speaks_for", value="in the child's name")
    assert owed_for_consent(story).status == "waiting"
    story.do("answer_consent", "rhea", answer="refused")
    assert owed_for_consent(story).status == "lapsed"
    story = spoken_for()
    story.do("note_change", "rhea", change=CAME_OF_AGE)
    assert owed_for_consent(story).status == "waiting"


def test_a_young_person_is_not_asked_for_whom_they_speak() -> None:
    facts = {one.data["fact"] for one in offered(handled(), "answer_fact")}
    assert facts == {"significant_harm_perceived"}


# ---------------------------------------------------------------- who handles, who is told


def test_handing_over_the_part_of_an_adviser_is_telling_them() -> None:
    story = at_home()
    assert status(story, "tell_customer_relations") == "running"
    story.do("assign", "system", part="handles")
    assert status(story, "tell_customer_relations") == "running"
    story.do("assign", "system", part="consults")
    assert status(story, "tell_customer_relations") == "met"
    assert story.state.holder("consults") and story.state.holder("consults").who == "cara"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("about", "first", "then"), [("rhea", "sol", "ines"), ("sol", "hani", "ines"), ("nell", "rhea", "sol")]
)
def test_who_is_complained_about_decides_who_answers_and_nobody_answers_twice(
    about: str, first: str, then: str
) -> None:
    roles = list(PEOPLE[about])
    story = handled(subjects=[{"subject": about, "person": about, "identified": True, "roles": roles}])
    held = story.state.holder("handles")
    assert held and held.who == first
    story.event("responded", findings={"complaint": "not_upheld"})
    story.do("ask_to_go_on", first, to="enquiry")
    story.do("assign", "system", part="handles")
    held = story.state.holder("handles")
    assert held and held.who == then


def test_a_learning_review_counts_from_the_answer_that_upheld_it_not_from_an_earlier_one() -> None:
    story = handled()
    story.event("responded", findings={"complaint": "not_upheld"})
    story.until(2027, 1, 4)
    story.do("ask_to_go_on", "rhea", to="enquiry")
    story.until(2027, 2, 1)
    story.event("responded", findings={"complaint": "partly_upheld"})
    (due,) = due_of(story.state, story.calendars, story.now, "learning_review")
    assert (str(due.due), due.status) == ("2027-03-01", "running")


def test_the_acknowledgement_is_offered_with_the_day_of_the_answer_and_not_with_its_own() -> None:
    story = handled()
    (acknowledging,) = offered(story, "acknowledge")
    assert acknowledging.example["dates_given"] == {"respond": "2027-01-06"}


def test_only_a_way_on_for_any_time_can_be_taken_before_there_is_an_answer() -> None:
    as_written = procedure("infinity_alliance")
    informal = as_written.stage("informal")
    waits = replace(informal, ways_on=tuple(replace(way, at_any_time=False) for way in informal.ways_on))
    stages = tuple(waits if one.key == "informal" else one for one in as_written.stages)
    case = Trial(replace(as_written, stages=stages), "2026-12-01 09:00", formality="informal")
    assert case.refused("ask_to_go_on", "complainant", to="formal").sentence == "There is no answer yet to go on from."
    case = Trial(as_written, "2026-12-01 09:00", formality="informal")
    assert case.do("ask_to_go_on", "complainant", to="formal").state.stage == "formal"
