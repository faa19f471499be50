"""`ProcedureConformance`: what every procedure plugin must hold, as tests that its author subclasses.

    class TestProcedure(ProcedureConformance):
        key = "example_home"

Run by pytest with the plugin installed, in the plugin's own folder; it needs nothing of the platform.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

from heard.lint import cited_clauses, lint
from heard.procedure import Procedure
from heard.procedure_file import read_content
from heard.registry import Registry, load_procedures


@cache
def installed() -> Registry:
    """Every installed procedure, loaded once for all tests."""
    return load_procedures()


class ProcedureConformance:
    """Subclass it, name the plugin's `key`, and give the number of its document's last clause if it numbers them."""

    key: str
    last_clause: int | None = None
    today: date = date(2026, 11, 22)

    @property
    def procedure(self) -> Procedure:
        """The procedure as the platform gets it: through its entry point."""
        return installed().get(self.key)

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
        registry = installed()
        others = [registry.get(key) for key in registry if key != self.key]
        names = {role.named for other in others for role in other.roles if role.named}
        text = "".join(Path(file).read_text(encoding="utf-8") for file in registry.plugin(self.key).files)
        assert [name for name in names if name in text] == []
