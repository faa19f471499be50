"""What a procedure plugin must hold, as tests that its author subclasses: every plugin, and one that suspends people.

    class TestProcedure(ProcedureConformance):
        key = "example_home"

Run by pytest with the plugin installed, in the plugin's own folder; it needs nothing of the platform.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from heard.lint import cited_clauses, lint
from heard.procedure import Procedure
from heard.procedure_file import read_content
from heard.registry import load_procedures
from heard.trial import Trial


class ProcedureConformance:
    """Subclass it, name the plugin's `key`, and give the number of its document's last clause if it numbers them."""

    key: str
    last_clause: int | None = None
    today: date = date(2026, 11, 22)

    @property
    def procedure(self) -> Procedure:
        """The procedure as the platform gets it: through its entry point."""
        return load_procedures().get(self.key)

    def test_it_is_found_through_its_entry_point(self) -> None:
        """The plugin's key, its provider's key and the version agree."""
        assert self.procedure.key == self.key
        assert self.procedure.version.startswith(f"{self.key}@{self.procedure.document.in_force_from}#")

    def test_nothing_in_it_is_broken(self) -> None:
        """No remark of `heard policy check` says broken."""
        broken = [remark.sentence for remark in lint(self.procedure, today=self.today) if remark.severity == "broken"]
        assert broken == []

    def test_each_clause_of_the_document_is_kept_by_a_rule_or_accounted_for(self) -> None:
        """From the first clause to the last: cited, or named under [[clauses]]."""
        if self.last_clause is None:
            return
        prefix = self.procedure.document.clauses
        missing = {f"{prefix}-{n}" for n in range(1, self.last_clause + 1)} - cited_clauses(self.procedure)
        assert sorted(missing) == []

    def test_what_the_house_adds_is_marked_and_never_passed_off_as_policy(self) -> None:
        """A duty without a clause is not said to be the document's own."""
        p = self.procedure
        duties = [*p.duties, *(duty for stage in p.stages for duty in stage.duties)]
        assert [duty.key for duty in duties if duty.source == "policy" and not duty.clause] == []

    def test_each_report_finds_a_way_in_and_each_stage_a_person_outside_in_the_end(self) -> None:
        """The last way in takes everything; a route that runs out of people leads outside."""
        assert any(way.only_if is None for way in self.procedure.ways_in)
        assert self.procedure.conflicts.if_nobody

    def test_the_lado_hears_within_one_working_day_of_first_knowledge_and_that_clock_never_pauses(self) -> None:
        """The adopted law stands beside whatever the document says."""
        rules = [rule for rule in self.procedure.notification_rules if "lado" in rule.tell and rule.source == "law"]
        assert rules, "no law tells the LADO"
        for rule in rules:
            assert str(rule.clock.within) == "1 working day"
            assert rule.clock.after and rule.clock.after.events == ("first_known",)
            assert not rule.clock.pauses

    def test_everything_it_says_to_people_is_a_sentence_and_not_a_key(self) -> None:
        """No snake_case, and nothing left empty, in what a young person or a manager reads."""
        said = [rule.says for rule in self.procedure.rules() if rule.says]
        said += [duty.says for stage in self.procedure.stages for duty in stage.duties]
        assert [words for words in said if not words or re.search(r"\b[a-z]+_[a-z]", words)] == []

    def test_what_was_kept_of_it_reads_back_as_the_same_procedure(self) -> None:
        """A case bound to this version can be reckoned when the file has long changed."""
        again = read_content(self.procedure.content)
        assert again == self.procedure
        assert again.version == self.procedure.version

    def test_its_folder_carries_no_person_of_another_provider(self) -> None:
        """Names seed the directory of this provider only."""
        registry = load_procedures()
        others = [registry.get(key) for key in registry if key != self.key]
        names = {role.named for other in others for role in other.roles if role.named}
        text = "".join(Path(file).read_text(encoding="utf-8") for file in registry.plugin(self.key).files)
        assert [name for name in names if name in text] == []


class SuspensionConformance:
    """Suspending somebody is a decision that says what else was weighed, and the LADO is asked before it.

    For a procedure with the decision `suspend_staff`. Subclass it under the clause that asks for it, and name who
    `decides`, somebody it may be `about`, a `concern` of the procedure's own that leads to it, and each who may decide
    it about whom (`each`). It takes the fixture `procedure`, so that `heard policy coverage --prove` can break it.
    """

    decides: str
    about: str
    concern: str
    each: tuple[tuple[str, str], ...]
    lead = "designated_safeguarding_lead"

    def confirmed(self, procedure: Procedure, concern: str, about: str) -> Trial:
        """A case in which this concern about them was found, and confirmed by the lead."""
        case = Trial(procedure, "2026-12-18 16:30", about=[about], concerns=[concern])
        return case.do("confirm_concern", self.lead, concern=concern, reason="two people saw it")

    def asked(self, answer: str) -> dict[str, Any]:
        """The decision with this answer and all that must be recorded."""
        why = {"reason": "the children live there", "alternatives considered": "work elsewhere"}
        return {"decision": "suspend_staff", "answer": answer, "record": why}

    def test_it_is_too_early_before_the_concern_is_confirmed_and_not_asked_for_any_other(
        self, procedure: Procedure
    ) -> None:
        """It follows from a concern of this sort that somebody confirmed."""
        for concern in (self.concern, "lado_threshold"):
            found = Trial(procedure, "2026-12-18 16:30", about=[self.about], concerns=[concern])
            refused = found.refused("decide", self.decides, **self.asked("yes"))
            assert refused.sentence == "It is too early to decide this."
        other = self.confirmed(procedure, "missing", self.about)
        assert other.refused("decide", self.decides, **self.asked("yes")).sentence == "This is not asked here."

    def test_what_else_was_weighed_is_recorded_and_it_ends_with_the_answer(self, procedure: Procedure) -> None:
        """A yes holds until the response; no and another safeguard are answers too; the lead does not decide it."""
        own = self.confirmed(procedure, self.concern, self.about)
        missing = own.refused("decide", self.decides, decision="suspend_staff", answer="yes")
        assert missing.sentence == "This must be recorded too: reason; alternatives considered."
        assert own.refused("decide", self.lead, **self.asked("yes"))
        row = own.do("decide", self.decides, **self.asked("yes")).ledger[-1].data
        assert (row["instance"], row["until"]) == ("s0", "responded")
        for answer in ("no", "other_safeguard"):
            case = self.confirmed(procedure, self.concern, self.about)
            assert case.do("decide", self.decides, **self.asked(answer)).state.answers["suspend_staff"] == answer

    def test_the_lado_is_asked_first_unless_nobody_can_be_kept_safe_otherwise(self, procedure: Procedure) -> None:
        """Where it is for the LADO, their next step comes before the decision."""

        def case() -> Trial:
            return self.confirmed(procedure, "lado_threshold", self.about)

        refused = case().refused("decide", self.decides, **self.asked("yes"))
        assert refused.sentence == "Where the LADO has to be asked, they are asked before anybody is suspended."
        danger = case().do("decide", self.decides, basis="nobody can be kept safe otherwise", **self.asked("yes"))
        assert danger.state.answers["suspend_staff"] == "yes"
        advised = case().do("close_safeguarding", self.lead, event="lado_agreed_next_step", outcome="go on")
        assert advised.do("decide", self.decides, **self.asked("yes")).state.answers["suspend_staff"] == "yes"

    def test_each_of_these_may_decide_it(self, procedure: Procedure) -> None:
        """Whoever it is about, somebody else can."""
        for by, about in self.each:
            case = self.confirmed(procedure, self.concern, about)
            assert case.do("decide", by, **self.asked("no")).state.answers["suspend_staff"] == "no", (by, about)
