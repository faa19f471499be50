"""A complaint about somebody whom another organisation employs: passed on, followed to its end, never just let go."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from heard.actions import Action
from heard.case import Refused, actions
from heard.clock import reckon
from heard.commands import Actor
from heard.people import Holding, Person, Roster, resolve, viewers
from heard.public_view import public_view
from tests.heard.invented import RECEIVED, Story, procedure

BASIS = "consent of the person who complained"
PEOPLE = {
    "maud": ("childcare_service_manager",), "cora": ("chief_executive",), "hana": ("chair_of_trustees",),
    "deepa": ("designated_safeguarding_lead",), "trudy": ("trustee",), "tess": ("trustee",), "tilda": ("trustee",),
    "vera": ("vice_chair",), "kay": ("keyworker",), "kim": ("keyworker",), "willa": ("womens_service_manager",),
    "nora": (), "una": ("external_investigator",),
}  # fmt: skip
VISITOR = "vic"


def who() -> Roster:
    """A nursery and women's centre; the visitor is a health worker employed elsewhere."""
    people = [Person(one, "step", one.title(), works_for=("tidewater",)) for one in PEOPLE]
    people.append(Person(VISITOR, "step", "Vic", works_for=("a health trust",)))
    return Roster(
        people,
        [Holding(one, role, "tidewater", "harbour") for one, roles in PEOPLE.items() for role in roles],
        (), (), (), 1, RECEIVED,
    )  # fmt: skip


def story(**changed: object) -> Story:
    given = {"complainant": "parent", "formality": "informal", "children": [{"age": 3}], "facts": {}} | changed
    return Story(procedure("stepping_stones"), who(), **given)


def about_the_visitor(**changed: object) -> Story:
    told = story(facts={"service": "childcare"}, **changed)
    told.screened(subjects=[{"subject": "s", "person": VISITOR, "identified": True}])
    told.do("assign", "system", part="handles")
    return told


def due(told: Story, duty: str) -> object:
    return {one.duty: one for one in reckon(told.state, told.calendars, told.now)}[duty]


def offers(told: Story, actor: str = "willa") -> tuple[Action, ...]:
    return actions(told.state, Actor(actor), told.now, told.calendars, told.roster)


def refusal(told: Story, name: str, actor: str = "maud", **data: object) -> Refused:
    with pytest.raises(Refused) as caught:
        told.do(name, actor, **data)
    return caught.value


def test_the_directory_says_who_employs_the_person_complained_of() -> None:
    told = about_the_visitor()
    assert told.state.subjects["s"].works_for == "other_organisation"
    ours = story().screened(subjects=[{"subject": "s", "person": "nora", "identified": True}])
    assert ours.state.subjects["s"].works_for == "provider"


def test_it_is_passed_on_only_with_consent_or_to_protect_somebody_and_the_ground_is_kept() -> None:
    told = about_the_visitor()
    assert told.state.passed_to is None  # never by itself
    assert "only allowed when" in refusal(told, "pass_on", to="employer_of_named_person").sentence
    needed = {"to": "employer_of_named_person", "needs_met": ["consent_or_safeguarding_basis"]}
    assert refusal(told, "pass_on", **needed, basis="it is easier").clause == ("STS-1", "STS-2")
    offered = [one for one in actions(told.state, Actor("maud"), told.now, told.calendars, told.roster)
               if one.name == "pass_on"]  # fmt: skip
    assert offered[0].allowed and offered[0].needs.choices["basis"][0] == BASIS
    told.do("pass_on", "maud", **needed, basis=BASIS)
    (row,) = told.state.all("passed_on")
    assert row.data["basis"] == BASIS and told.state.passed_to == "employer_of_named_person"


def test_an_answer_on_the_case_page_does_where_the_directory_knows_nobody() -> None:
    told = story(facts={"service": "childcare"}).screened()
    told.do("assign", "system", part="handles")
    assert refusal(told, "pass_on", to="employer_of_named_person").sentence.startswith("The procedure does not pass")
    told.do("answer_fact", "maud", fact="employed_by", value="another organisation")
    told.do("pass_on", "maud", to="employer_of_named_person", needs_met=["consent_or_safeguarding_basis"], basis=BASIS)
    assert told.state.passed_to


def test_safeguarding_is_never_only_passed_on() -> None:
    told = about_the_visitor()
    told.do("raise_concern", "maud", concern="allegation_against_staff")
    needed = {"to": "employer_of_named_person", "needs_met": ["consent_or_safeguarding_basis"], "basis": BASIS}
    refusal(told, "pass_on", **needed)
    told.do("clear_concern", "deepa", concern="allegation_against_staff", reason="nothing of the kind")
    told.do("pass_on", "maud", **needed)
    assert told.state.passed_to


def test_what_passing_on_brings_is_owed_and_offered_and_the_rest_falls_away() -> None:
    told = about_the_visitor()
    told.do("pass_on", "maud", to="employer_of_named_person", needs_met=["consent_or_safeguarding_basis"], basis=BASIS)
    assert due(told, "respond").status == "lapsed"  # type: ignore[attr-defined]
    tell = due(told, "tell_who_has_it")
    assert (tell.status, tell.due) == ("running", date(2026, 12, 22))  # type: ignore[attr-defined]
    assert due(told, "make_sure_it_arrived").due == date(2026, 12, 29)  # type: ignore[attr-defined]
    view = public_view(told.state, reckon(told.state, told.calendars, told.now), told.now)
    assert "passed" in view.status and any("who deals with it now" in line for line in view.next)
    offered = {one.data.get("duty") or one.data.get("milestone") or one.name: one
               for one in actions(told.state, Actor("maud"), told.now, told.calendars, told.roster)}  # fmt: skip
    assert {"tell_who_has_it", "organisation_has_it", "organisation_answered", "close", "reopen"} <= {*offered}
    assert not offered["close"].allowed and "Still owed" in offered["close"].why_not
    assert "respond" not in offered


def test_it_is_closed_as_passed_on_once_everything_about_it_was_done() -> None:
    told = about_the_visitor()
    assert "Pass it on first" in refusal(told, "close", outcome="passed_on").instead
    told.do("pass_on", "maud", to="employer_of_named_person", needs_met=["consent_or_safeguarding_basis"], basis=BASIS)
    says = list(told.procedure.duty("tell_who_has_it").contains)
    told.do("tell", "maud", duty="tell_who_has_it", whom="complainant", contents=says)
    told.do("reach", "maud", milestone="organisation_has_it")
    told.now = datetime(2027, 1, 11, 9, tzinfo=UTC)
    told.do("reach", "maud", milestone="organisation_answered")
    told.do("record", "maud", record="file", fields=["details", "service", "actions", "findings", "outcome"])
    told.do("record", "maud", record="early_years.complaint", fields=["details", "actions", "outcome"])
    assert "what was handed over" in refusal(told, "close", outcome="passed_on").sentence
    handed_over = ["organisation", "ground", "what_was_handed_over", "outcome"]
    told.do("record", "maud", record="passed_on", fields=handed_over)
    told.do("close", "maud", outcome="passed_on")
    assert told.state.closed_at and told.state.outcome == "passed_on"


def test_of_several_keyworkers_nobody_is_chosen_by_chance_and_none_sees_every_case() -> None:
    told = story(facts={"service": "women's service"}, children=[], about_a_child=False).screened()
    route = resolve(told.procedure, told.state, told.roster, "handles", told.now)
    assert route.who == "willa"
    told.do("assign", "system", part="handles")
    assert viewers(told.procedure, told.state, told.roster, told.now).isdisjoint({"kay", "kim"})
    told.do("assign", "willa", part="handles", person="kay")  # the manager knows whose client it is
    assert "kay" in viewers(told.procedure, told.state, told.roster, told.now)


def test_whoever_holds_a_part_has_been_told_when_the_duty_is_to_tell_them() -> None:
    told = story(facts={"service": "childcare"}).screened()
    assert due(told, "tell_service_manager").status == "running"  # type: ignore[attr-defined]
    told.do("assign", "system", part="investigates")
    assert due(told, "tell_service_manager").status == "met"  # type: ignore[attr-defined]


def test_about_the_chief_executive_the_chair_answers_and_the_board_reviews_without_the_chair() -> None:
    told = story(formality="formal").screened(subjects=[{"subject": "s", "person": "cora", "identified": True}])
    assert told.state.stage == "stage_2"
    told.do("assign", "system", part="handles")
    assert told.state.holder("handles").who == "hana"  # type: ignore[union-attr]
    told.event("responded", findings={"one": "not_upheld", "two": "not_upheld"})
    told.do("ask_to_go_on", "hana", to="stage_3", contents=["why they are not satisfied"])
    told.do("assign", "system", part="handles")
    assert told.state.holder("handles").who == "vera"  # type: ignore[union-attr]
    assert "judged an earlier stage" in refusal(told, "form_panel", "vera", members=["hana", "tess"]).sentence
    assert "at least 2" in refusal(told, "form_panel", "vera", members=["tess"]).sentence
    told.do("form_panel", "vera", members=["trudy", "tess", "tilda"])


def test_found_at_stage_1_to_be_about_the_chief_executive_it_goes_up_and_the_chief_executive_is_given_nothing() -> None:
    told = story(facts={"service": "childcare"}, complainant="parent").screened()
    told.do("assign", "system", part="handles")
    told.do("answer_fact", "maud", fact="employed_by", value="Stepping Stones")
    told.event("asked_to_go_on", to="nowhere")  # somebody has acted: the way in stays as it is
    told.do("name", "maud", person="cora")
    assert told.state.stage == "stage_1"
    assert "tell_chief_executive" not in {one.duty for one in reckon(told.state, told.calendars, told.now)}
    told.do("ask_to_go_on", "maud", to="stage_2")
    told.do("assign", "system", part="handles")
    assert told.state.stage == "stage_2" and told.state.holder("handles").who == "hana"  # type: ignore[union-attr]


def test_nobody_handled_stage_1_so_nobody_is_late_in_keeping_them_informed() -> None:
    told = story(formality="informal").screened(subjects=[{"subject": "c", "person": "cora", "identified": True}])
    told.do("assign", "system", part="handles")
    told.event("responded", findings={"one": "not_upheld", "two": "not_upheld"})
    told.event("stage_opened", stage="stage_3")
    told.now = datetime(2027, 1, 20, tzinfo=UTC)
    told.event("panel_met")
    of = [one for one in reckon(told.state, told.calendars, told.now) if one.duty == "keep_first_handler_informed"]
    assert of and {one.status for one in of} <= {"lapsed", "waiting"}


def test_a_task_is_not_offered_before_what_it_counts_from_has_happened() -> None:
    told = story().screened()
    told.do("assign", "system", part="handles")
    duties = {one.data.get("duty") for one in offers(told)}
    assert not {"tell_chief_executive", "explain_confidentiality"} & duties
    told.event("disclosed", to="the council", basis=BASIS)
    duties = {one.data.get("duty") for one in offers(told)}
    assert "explain_confidentiality" in duties


def test_about_the_chair_the_vice_chair_answers() -> None:
    told = story().screened(subjects=[{"subject": "s", "person": "hana", "identified": True}])
    assert told.state.stage == "stage_2"
    told.do("assign", "system", part="handles")
    assert told.state.holder("handles").who == "vera"  # type: ignore[union-attr]
    assert due(told, "point_to_charity_commission").status == "running"  # type: ignore[attr-defined]


def test_an_allegation_goes_safety_lado_suspension_and_only_then_the_looking_into() -> None:
    told = story(facts={"service": "childcare"}).screened(
        subjects=[{"subject": "s", "person": "nora", "identified": True}],
        concerns=[{"concern": "allegation_against_staff"}, {"concern": "lado_threshold"}],
    )
    told.do("assign", "system", part="handles")
    weighed = {"reason": "x", "what else was weighed": "x", "what the LADO advised": "x"}
    suspend = {"decision": "suspend_staff", "answer": "yes", "instance": "s", "record": weighed}
    assert "too early" in refusal(told, "decide", "cora", **suspend).sentence
    told.do("decide", "deepa", decision="everybody_safe", answer="steps_taken", record={"what was done": "x"})
    assert due(told, "make_everybody_safe").status == "met"  # type: ignore[attr-defined]
    told.do("confirm_concern", "deepa", concern="lado_threshold", reason="seen")
    assert "LADO is asked" in refusal(told, "decide", "cora", **suspend).sentence
    held = {"duty": "hear_named_person", "whom": "named_person"}
    heard = list(told.procedure.duty("hear_named_person", "stage_1").contains)
    for name, data in (("tell", held | {"contents": heard}), ("record", {"event": "interview_held"})):
        assert "before the LADO" in refusal(told, name, **data).sentence
    told.event("lado_agreed_next_step", whom="lado")
    told.do("decide", "cora", **suspend)
    unsaid = ["who complained, where they need not know"]
    told.do("tell", "maud", **held, contents=heard, instance="s", leaves_out=unsaid)


def test_without_the_lado_s_answer_somebody_is_suspended_only_on_the_recorded_ground() -> None:
    told = story(facts={"service": "childcare"}).screened(
        subjects=[{"subject": "s", "person": "nora", "identified": True}], concerns=[{"concern": "lado_threshold"}]
    )
    told.do("confirm_concern", "deepa", concern="lado_threshold", reason="seen")
    weighed = {"reason": "x", "what else was weighed": "x", "what the LADO advised": "not reached"}
    suspend = {"decision": "suspend_staff", "answer": "yes", "instance": "s", "record": weighed}
    (offered,) = [one for one in actions(told.state, Actor("cora", ("chief_executive",)), told.now, told.calendars,
                  told.roster) if one.data.get("decision") == "suspend_staff"]  # fmt: skip
    assert offered.needs.choices["basis"] == ("nobody can be kept safe otherwise",)
    refusal(told, "decide", "cora", **suspend, basis="it is quicker")
    told.do("decide", "cora", **suspend, basis="nobody can be kept safe otherwise")
    assert told.state.all("decided")[-1].data["basis"] == "nobody can be kept safe otherwise"
