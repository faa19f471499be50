"""What a procedure says to the public: whom to ring, what may worry somebody, how its stages go and how long they take.

Read from the procedure alone, so that the "how to complain" page is always true. Numbers of emergency services and
helplines that one document leaves out are taken from the other installed procedures that give them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from heard.checks.contacts import is_unsure
from heard.procedure import Contact, Duty, Fact, Phone, Procedure, Stage
from heard.turning_to import is_childline, offered_when
from services.portal.form_words import WORRY_GROUPS, worry
from services.portal.languages import as_written, say
from services.portal.plain_words import words_of

ADVISERS = (
    "advocacy", "helpline", "commissioner", "ofsted", "charity_regulator", "ombudsman", "local_authority",
    "whistleblowing", "mash", "police",
)  # fmt: skip
"""The kinds of outside body that a person who complains may turn to, in the order in which they are shown."""


ON_YOUR_SIDE = ("advocacy", "helpline", "commissioner")
"""Those of them who are there for a young person; the others watch over providers, or keep the law."""
NEIGHBOURS = ("neighbour", "community", "public")
"""Those who may complain without having anything to do with the home but that they are near it."""
DANGER = "in danger now"


@dataclass(frozen=True)
class Number:
    """A telephone number to show: whose, what for, and how to dial it."""

    name: str
    number: str
    why: str

    @property
    def dial(self) -> str:
        """The number as a telephone link needs it."""
        return self.number.replace(" ", "")


def _phones(procedures: Iterable[Procedure], kinds: Sequence[str]) -> Iterable[tuple[Contact, Phone]]:
    for procedure in procedures:
        for contact in procedure.contacts:
            if contact.is_ in kinds:
                for phone in contact.phones:
                    yield contact, phone


def emergency(first: Procedure | None, others: Sequence[Procedure]) -> list[Number]:
    """Whom to ring when somebody is in danger now: the police, and the helpline for children."""
    known = ([first] if first else []) + list(others)
    found: list[Number] = []
    for _, phone in _phones(known, ("police",)):
        if phone.for_ and "danger" in phone.for_:
            why = say("if somebody is hurt or in danger now")
            found.append(Number(say("Police, ambulance or fire"), phone.number, why))
            break
    for contact, phone in _phones(known, ("helpline",)):
        if is_childline(contact):
            why = say("to talk to somebody who will listen, free, day or night")
            found.append(Number(as_written(contact.name), phone.number, why))
            break
    return found


def advisers(procedure: Procedure) -> list[Contact]:
    """The outside bodies that may be turned to: Childline before all others, then in a fixed order of kinds."""
    offered = [one for one in procedure.contacts if one.is_ in ADVISERS and one.reachable]
    return sorted(offered, key=lambda one: (not is_childline(one), ADVISERS.index(one.is_)))


def to_turn_to(procedure: Procedure, today: date) -> list[tuple[Contact, str, bool]]:
    """Each of them, when they may be asked, and whether nobody has made sure of them lately."""
    return [(one, offered_when(one, procedure), is_unsure(one.verified_on, today, procedure))
            for one in advisers(procedure)]  # fmt: skip


def worries(procedure: Procedure) -> list[tuple[str, str]]:
    """What the form lets somebody tick: (word, sentence) as the procedure's concerns name them, no sentence twice.

    Danger now is the form's first question and no tick.
    """
    told: dict[str, str] = {}
    for concern in procedure.concerns:
        for tick in concern.ticks:
            if tick != DANGER:
                told.setdefault(worry(tick), tick)
    return [(tick, says) for says, tick in told.items()]


def grouped_worries(procedure: Procedure) -> list[tuple[str, list[tuple[str, str]]]]:
    """The same under the questions they belong to, those questions only that have some."""
    place = {tick: (heading, n) for heading, ticks in WORRY_GROUPS for n, tick in enumerate(ticks)}
    others = next(heading for heading, ticks in WORRY_GROUPS if not ticks)
    groups: dict[str, list[tuple[str, str]]] = {heading: [] for heading, _ in WORRY_GROUPS}
    for tick, says in worries(procedure):
        groups[place.get(tick, (others, 0))[0]].append((tick, says))
    for those in groups.values():
        those.sort(key=lambda one: place.get(one[0], ("", 0))[1])
    return [(say(heading), those) for heading, those in groups.items() if those]


def complainants(procedure: Procedure) -> list[str]:
    """Who may say who they are, in the procedure's words; a young person first, and never nobody."""
    listed = procedure.words.complainants or ("young_person", "parent", "carer", "social_worker", "staff", "public")
    return sorted(listed, key=lambda word: word != "young_person")


def is_a_home(procedure: Procedure) -> bool:
    """Whether young people live there, placed by somebody; else they come for the day."""
    return "placing_authority" not in procedure.provider.has_no


def questions_of(procedure: Procedure) -> list[Fact]:
    """The provider's own questions that the form puts to whoever complains."""
    return [fact for fact in procedure.facts if fact.asks_them]


Promised = tuple[str, str, str]
"""A promise as the public pages tell it: the sentence, by when, and the rule it stands in."""


def promises(stage: Stage, *, only_to: str = "") -> list[Promised]:
    """What a stage promises to the person who complains, or to this one party alone."""

    def told(duty: Duty) -> bool:
        theirs = only_to in duty.to if only_to else duty.promise or {"complainant", "young_person"} & set(duty.to)
        return duty.clock.strength != "comparison" and bool(theirs)

    return [
        (
            duty.promise or duty.says,
            _by_when(duty),
            rules_in_words(duty.clause),
        )
        for duty in stage.duties
        if told(duty)
    ]


def _by_when(duty: Duty) -> str:
    within = duty.clock.within
    if within is None:
        return words_of(duty.clock.promptly)
    if within.as_given_in is None:
        return f"within {within}"
    given = "by the day that we tell you"
    return f"{given}; if we tell you none, within {within.otherwise}" if within.otherwise else given


def rules_in_words(clause: Sequence[str]) -> str:
    """ "rule INF-7, INF-8" for a provider's own numbers; "regulation 14" for what a law calls so itself."""
    said = [one.replace("reg ", "regulation ", 1) if one.startswith("reg ") else one for one in clause]
    return f"{'rule ' if said and said[0][:1].isupper() else ''}{', '.join(said)}"


def stages_promised(procedure: Procedure, *, only_to: str = "") -> list[tuple[Stage, list[Promised], bool]]:
    """Each stage that promises something, with its promises, and whether it is for a young person complained about."""
    return [
        (stage, kept, not any("complainant" in duty.to for duty in stage.duties))
        for stage in procedure.stages
        if (kept := promises(stage, only_to=only_to))
    ]
