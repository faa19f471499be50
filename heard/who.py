"""Who: the people, contacts, panels and conflicts of a procedure.

Owns the shapes of sections 3 of a procedure.toml: who holds which part, in which order, and who never may.
`heard.people` resolves these words to persons, and strikes out everybody the complaint is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from heard.when import NO_CLOCK, Clock, Condition, Within

Source = Literal["policy", "law", "house default"]
Per = Literal["case", "head", "named_person", "young_person", "staff", "home"]
BarredWord = Literal[
    "employee", "director", "elected_member", "spouse_or_partner_of_those", "manages_named_person",
    "managed_by_named_person", "manages_the_service", "handled_this_case", "involved_in_the_substance",
    "independent_person_of_this_case", "named_person",
]  # fmt: skip
NeverHandles = Literal[
    "named_person", "decided_an_earlier_stage", "manages_named_person", "managed_by_named_person",
    "manages_the_service", "handled_this_case", "involved_in_the_substance", "spouse_or_partner_of_those",
]  # fmt: skip
ContactKind = Literal[
    "lado", "mash", "police", "ofsted", "dbs", "ombudsman", "advocacy", "investigator", "helpline", "local_authority",
    "safeguarding_partnership", "commissioner", "charity_regulator", "data_protection_regulator", "whistleblowing",
    "grievance_support", "procedure", "integrated_care_board", "secretary_of_state",
]  # fmt: skip
BODIES = {
    "lado": "the LADO of the area", "mash": "the council's safeguarding team (MASH)", "police": "the police",
    "ofsted": "Ofsted", "dbs": "the Disclosure and Barring Service",
    "safeguarding_partnership": "the safeguarding children partnership",
    "charity_regulator": "the Charity Commission", "data_protection_regulator": "the Information Commissioner",
    "integrated_care_board": "the integrated care board", "secretary_of_state": "the Secretary of State",
    "placing_authority": "the council that placed the young person",
    "local_authority": "the council in whose area the home is",
    "childrens_social_care": "children's social care", "other_employer": "another employer of theirs",
    "out_of_hours": "the council's emergency duty team",
}  # fmt: skip
"""What a body outside is called where the provider's own document does not name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule carries: its name, the sentence shown to people, and the clause it keeps.

    `adopted_from` is the key of the law file that added it (None: the provider's own document).
    `line` is where it stands in its file; it is no part of what the rule means.
    """

    key: str = ""
    says: str = ""
    clause: tuple[str, ...] = ()
    reading: str | None = None
    source: Source = "policy"
    only_if: Condition | None = None
    per: Per = "case"
    adopted_from: str | None = field(default=None, metadata={"from_reader": True})
    line: int = field(default=0, compare=False, metadata={"from_reader": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """A relation that keeps somebody out of a role; `in_last` widens it to the recent past."""

    who: BarredWord
    in_last: Within | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Rule):
    """A part somebody can hold. `named` only seeds the directory: it is never a rule.

    `sees`: every case of the home once it is screened, or their `own` alone, in which they hold a part.
    """

    name: str
    named: str | None = None
    also_called: tuple[str, ...] = ()
    filled_by: tuple[str, ...] = ()
    stands_in: tuple[str, ...] = ()
    one_per: Literal["home", "client"] | None = None
    outside: bool = False
    appointed_by: tuple[str, ...] = ()
    must_be_filled: bool = False
    sees: Literal["home", "own"] = "home"
    may_not_be: tuple[Barred, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number, what it is for and when somebody answers (as the document gives it)."""

    number: str
    for_: str | None = None
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """When an outside body is pointed out: at any time, or after a stage (`or_`: or in this other case)."""

    any_time: bool = False
    after_stage: str | None = None
    or_: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Rule):
    """An outside body or service. `missing` says what the document leaves blank; lint and screen repeat it."""

    name: str
    is_: ContactKind
    area: str | None = None
    one_per: Literal["home"] | None = None
    phones: tuple[Phone, ...] = ()
    email: str | None = None
    sms: str | None = None
    web: str | None = None
    address: str | None = None
    their_form: str | None = None
    verified_on: date | None = None
    missing: tuple[str, ...] = ()
    offered: Offered | None = None
    offered_to: tuple[str, ...] = ()
    for_matters: tuple[str, ...] = ()
    through: str | None = None
    then_review_within: Within | None = None
    clock: Clock = NO_CLOCK

    @property
    def reachable(self) -> bool:
        """Whether anything at all is known by which this body can be reached."""
        return bool(self.phones or self.email or self.sms or self.web or self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflicts(Rule):
    """Who never handles (added to what the engine always strikes), and where the route leads when nobody is left."""

    never_handles: tuple[NeverHandles, ...] = ("named_person", "decided_an_earlier_stage")
    if_nobody: tuple[str, ...] = ()
    also_tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead(Rule):
    """Other ladders for some parts while a condition holds; the first that holds and names the part wins."""

    people: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMembers:
    """How many sit, in which role; `of_which` counts those who must be of a stricter kind."""

    role: str
    exactly: int | None = None
    at_least: int | None = None
    usually: int | None = None
    of_which: PanelMembers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chair:
    """Who leads a panel, and whether that person is one of the members counted."""

    role: str
    among_members: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(Rule):
    """A panel of persons who hear a stage together."""

    members: PanelMembers
    chair: Chair | None = None
    may_attend: tuple[str, ...] = ()
    decides_by: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
