"""A procedure: one provider's own written complaints document, as data.

The four grammars stand beside this file: `heard.when` (clocks and conditions), `heard.who` (people and contacts),
`heard.stages` (what is owed and what comes next), `heard.safeguards` (what must not wait); with them `heard.document`
and `heard.keeping`. All their names can be had from here. Nothing in them moves, decides or reads a file.
Tuples stand in the order of the file, rules of adopted law after the provider's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from heard.document import (
    CalendarSpec,
    ClauseNote,
    Counting,
    DaysMean,
    Document,
    Fact,
    Period,
    Provider,
    Reference,
    Words,
)  # fmt: skip
from heard.forms import Form, Question
from heard.keeping import Disclosure, Keep, Promised, Record, Report, Retention, Standing, StandingDuty
from heard.safeguards import (
    Calling,
    Concern,
    Night,
    NotificationRule,
    Pace,
    Pattern,
    Screening,
    Suspension,
    UntilAnswered,
)  # fmt: skip
from heard.stages import (
    STAGE,
    Answer,
    Decision,
    Duty,
    Gate,
    Late,
    LinkedCase,
    Milestone,
    Stage,
    WayIn,
    WayOn,
    named,
)  # fmt: skip
from heard.when import After, Age, Clock, Condition, Deemed, Extension, LateStep, Test, Unit, Within
from heard.who import (
    Barred,
    Chair,
    Conflicts,
    Contact,
    Instead,
    Offered,
    Panel,
    PanelMembers,
    Per,
    Phone,
    Role,
    Rule,
    Source,
)  # fmt: skip

__all__ = [
    "After", "Age", "Answer", "Barred", "CalendarSpec", "Calling", "Chair", "ClauseNote", "Clock", "Concern",
    "Condition", "Conflicts", "Contact", "Counting", "DaysMean", "Decision", "Deemed", "Disclosure", "Document",
    "Duty", "Extension", "Fact", "Form", "Gate", "Instead", "Keep", "Late", "LateStep", "LinkedCase", "Milestone",
    "Night", "NotificationRule", "Offered", "Pace", "Panel", "PanelMembers", "Pattern", "Per", "Period", "Phone",
    "Procedure", "Promised", "Provider", "Question", "Record", "Reference", "Report", "Retention", "Role", "Rule",
    "Screening", "Source", "Stage", "Standing", "StandingDuty", "Suspension", "Test", "Unit", "UntilAnswered",
    "WayIn", "WayOn", "Within", "Words",
]  # fmt: skip

NO_COUNTING, NO_CONFLICTS, NO_WORDS, NO_PROMISED = Counting(), Conflicts(), Words(), Promised()
NO_CALLING = Calling()
NO_STANDING = Standing()
NO_SCREENING = Screening()


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One provider's procedure in one version. Rules of adopted law stand after the provider's own.

    `version` is key@in_force_from#digest; `content` is the canonical JSON it was read from, law included, from which
    `heard.procedure_file.read_content` gives the same procedure again.
    """

    language: int
    provider: Provider
    document: Document
    counting: Counting = NO_COUNTING
    conflicts: Conflicts = NO_CONFLICTS
    words: Words = NO_WORDS
    promised: Promised = NO_PROMISED
    calling: Calling = NO_CALLING
    standing: Standing = NO_STANDING
    screening: Screening = NO_SCREENING
    reference: Reference | None = None
    disclosure: Disclosure | None = None
    adopts: tuple[str, ...] = ()
    clauses: tuple[ClauseNote, ...] = ()
    calendars: tuple[CalendarSpec, ...] = ()
    roles: tuple[Role, ...] = ()
    contacts: tuple[Contact, ...] = ()
    facts: tuple[Fact, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    ways_in: tuple[WayIn, ...] = ()
    stages: tuple[Stage, ...] = ()
    duties: tuple[Duty, ...] = ()
    decisions: tuple[Decision, ...] = ()
    gates: tuple[Gate, ...] = ()
    concerns: tuple[Concern, ...] = ()
    notification_rules: tuple[NotificationRule, ...] = ()
    forms: tuple[Form, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    linked_cases: tuple[LinkedCase, ...] = ()
    records: tuple[Record, ...] = ()
    retention: tuple[Retention, ...] = ()
    reports: tuple[Report, ...] = ()
    standing_duties: tuple[StandingDuty, ...] = ()
    version: str = field(default="", metadata=STAGE)
    content: str = field(default="", repr=False, metadata=STAGE)

    @property
    def key(self) -> str:
        """The provider's key, which is also the plugin's."""
        return self.provider.key

    @property
    def name(self) -> str:
        """The provider's name as people know it."""
        return self.provider.name

    def stage(self, key: str) -> Stage:
        """The stage of that key; KeyError names those there are. So for each look-up below."""
        return named(self.stages, key, "a stage")

    def role(self, key: str) -> Role:
        """The role of that key."""
        return named(self.roles, key, "a role")

    def contact(self, key: str) -> Contact:
        """The contact of that key, or the first of that kind (`lado` finds the contact that `is` the LADO)."""
        for one in self.contacts:
            if one.key == key:
                return one
        for one in self.contacts:
            if one.is_ == key:
                return one
        return named(self.contacts, key, "a contact")

    def concern(self, key: str) -> Concern:
        """The concern of that key."""
        return named(self.concerns, key, "a concern")

    def decision(self, key: str) -> Decision:
        """The decision of that key, in whichever stage or in none."""
        return named([*self.decisions, *(d for s in self.stages for d in s.decisions)], key, "a decision")

    def notification_rule(self, key: str) -> NotificationRule:
        """The notification rule of that key (`working_together.lado` for one that a law adds)."""
        return named(self.notification_rules, key, "a notification rule")

    def form(self, key: str) -> Form:
        """The form of that key (`working_together.lado` for one that a law adds)."""
        return named(self.forms, key, "a form")

    def duty(self, key: str, stage: str | None = None) -> Duty:
        """The duty of that key: in that stage, or of the whole case."""
        return self.stage(stage).duty(key) if stage else named(self.duties, key, "a duty of the whole case")

    def calendar(self, key: str) -> CalendarSpec:
        """The provider's own calendar of that key (the built-in ones are `working_days` and `calendar_days`)."""
        return named(self.calendars, key, "a calendar of this provider")

    def rules(self) -> Iterator[Rule]:
        """Every rule, those inside stages included, in the order of the headings above."""
        for heading in fields(self):
            value = getattr(self, heading.name)
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Rule):
                    yield one
                if isinstance(one, Stage):
                    yield from (*one.instead, *one.duties, *one.ways_on, *one.decisions)
                    if one.panel:
                        yield one.panel
