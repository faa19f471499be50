"""Cases that happen by chance: people whom a procedure knows do something that it allows, and time passes.

For the properties of the engine, and for measuring it: `Walk` grows a real ledger, each row an answer of `decide`.
Everything is chosen by a `Random` that is given, so that a walk can be told again. Nobody here exists.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from heard.calendar import Calendars, PastKnownYears
from heard.case import Action, Actor, CaseState, Command, Refused, actions, decide, open_case, replay
from heard.ledger import Happening, NewHappening, number
from heard.people import Holding, Person, Roster, viewers
from heard.procedure import Procedure

PLACE = {"provider": "walked", "home": "lane", "operator": "path"}
BEGINS = datetime(2026, 2, 2, 9, tzinfo=UTC)

PACE = (0, 0, 1, 90, 600, 1440, 3 * 1440, 9 * 1440, 40 * 1440)
"""Minutes between two steps: nothing, an hour, a night, or weeks."""

LAST = datetime(2026, 12, 1, 12, tzinfo=UTC)

SYSTEM, SCREEN, COMPLAINANT = Actor("system"), Actor("screen"), Actor("complainant")


def people_of(procedure: Procedure, chance: Random, *, few: bool = False) -> Roster:
    """Somebody for every role of a procedure; with `few`, a small home where one person holds several."""
    held: list[tuple[str, str, bool]] = []
    inside = [role for role in procedure.roles if not role.outside]
    for n, role in enumerate(inside):
        holders = [f"person_{n % 2}"] if few else [f"{role.key}_{m}" for m in range(chance.choice((1, 1, 2)))]
        held += [(one, role.key, False) for one in holders[: 1 if role.one_per == "client" else None]]
    for role in procedure.roles:
        if role.outside:
            held += [(f"{role.key}_{m}", role.key, True) for m in range(chance.choice((0, 1, 4)))]
    held.append(("overseer", "group_operator", False))
    panels = [stage.panel for stage in procedure.stages if stage.panel]
    for wanted in (one for panel in panels for one in (panel.members, panel.members.of_which) if one):
        outside = procedure.role(wanted.role).outside
        held += [(f"sits_{m}", wanted.role, outside) for m in range(wanted.exactly or wanted.at_least or 1)]
    for chair in (panel.chair for panel in panels if panel.chair):
        held.append(("sits_0" if chair.among_members else "chairs", chair.role, procedure.role(chair.role).outside))
    from_outside = {one: outside for one, _, outside in held}
    return Roster(
        [Person(one, None if outside else PLACE["operator"], one, outside=outside)
         for one, outside in from_outside.items()],
        [Holding(one, role, None if role == "group_operator" else PLACE["provider"]) for one, role, _ in held],
        version=1, as_of=BEGINS,
    )  # fmt: skip


def report(procedure: Procedure, roster: Roster, chance: Random) -> dict[str, Any]:
    """What somebody may have written, as intake and the screen hand it on."""
    words = procedure.words
    told: dict[str, Any] = {
        "kind": chance.choice(words.kinds or ("complaint",)),
        "formality": chance.choice(("informal", "formal", "formal")),
        "channel": chance.choice(words.channels or ("portal",)),
        "complainant": chance.choice((*words.complainants, "young_person")),
        "anonymous": chance.random() < 0.1,
        "on_behalf": chance.random() < 0.3,
        "about_a_child": chance.random() < 0.7,
        "contactable": chance.random() < 0.9,
        "children": [{"age": chance.choice((None, 3, 12, 16))} for _ in range(chance.choice((0, 1, 1, 2)))],
        "category": list(words.categories[: chance.choice((0, 1, 2))]),
        "heads": [{"key": f"head_{n}"} for n in range(chance.choice((0, 1, 2, 3)))],
        **PLACE,
    }
    facts = {one.key: chance.choice(one.one_of) for one in procedure.facts if chance.random() < 0.4}
    return told | {"facts": facts, "advocate_refused": chance.random() < 0.1}


def subject(roster: Roster, procedure: Procedure, chance: Random, key: str) -> dict[str, Any]:
    """Somebody it is about: a person, a role, or a few words that could mean several."""
    people = [one for one in roster.people if one != "overseer"]
    how = chance.randrange(4)
    if how == 0 and procedure.roles:
        return {"subject": key, "role": chance.choice(procedure.roles).key, "identified": True}
    if how == 1:
        return {"subject": key, "identified": False, "might_be": chance.sample(people, min(2, len(people)))}
    return {"subject": key, "person": chance.choice(people), "identified": True}


class Walk:
    """One case on its way, with a clock that only the walk moves."""

    def __init__(self, procedure: Procedure, chance: Random, *, roster: Roster | None = None,
                 calendars: Calendars | None = None, begins: datetime | None = None,
                 pace: Sequence[int] = PACE) -> None:  # fmt: skip
        """`begins` is when it is received, some time in 2026 if nothing is said; `pace` the minutes between steps."""
        self.rules, self.chance, self.pace = procedure, chance, pace
        self.roster = roster or people_of(procedure, chance, few=chance.random() < 0.2)
        self.calendars = calendars or Calendars.of(procedure)
        self.now = begins or BEGINS + timedelta(days=chance.randrange(200), minutes=chance.randrange(1440))
        self.ledger: list[Happening] = []
        told = report(procedure, self.roster, chance)
        told["first_contact"] = self.now.isoformat()
        self.state: CaseState = replay(procedure, ())
        self.write(open_case(procedure, told, self.now, self.now, calendars=self.calendars))

    @property
    def procedure(self) -> Procedure:
        """The rules that the case goes by."""
        return self.state.procedure

    def branch(self) -> Walk:
        """The same case once more, to go another way with."""
        other = copy(self)
        other.ledger = list(self.ledger)
        return other

    def write(self, new: Sequence[NewHappening]) -> None:
        """Write rows down."""
        for happening in number(tuple(new), self.state.seq, self.now):
            self.ledger.append(happening)
            self.state = self.state.then(happening)

    def actor(self, person: str) -> Actor:
        """A person with the roles they hold now."""
        return Actor(person, self.roster.roles_of(person, self.now, PLACE["provider"], PLACE["home"]))

    def somebody_is_appointed(self) -> None:
        """The directory fills each role with somebody who has nothing to do with the case."""
        roles = [role for role in self.rules.roles for _ in range(1 if role.one_per == "client" else 4)]
        new = [(f"new_{n}_{role.key}", role) for n, role in enumerate(roles)]
        home = PLACE["operator"]
        people = [Person(one, None if role.outside else home, one, outside=role.outside) for one, role in new]
        held = [Holding(one, role.key, PLACE["provider"], since=self.now) for one, role in new]
        before = [holding for one in self.roster.people for holding in self.roster.holdings_of(one)]
        self.roster = Roster([*self.roster.people.values(), *people], [*before, *held], version=2, as_of=self.now)

    def who_may_act(self) -> list[Actor]:
        """Everybody who may see the case, in a fixed order, and those who are nobody in particular."""
        seen = sorted(viewers(self.procedure, self.state, self.roster, self.now))
        return [*map(self.actor, seen), SYSTEM, COMPLAINANT]

    def allowed(self, actor: Actor) -> list[Action]:
        """What the engine says that somebody may do now."""
        offered = actions(self.state, actor, self.now, self.calendars, self.roster)
        return [one for one in offered if one.allowed]

    def do(self, actor: Actor, name: str, **data: Any) -> bool:
        """Ask for something; whether it was allowed."""
        try:
            new = decide(self.state, Command(name, data), actor=actor, now=self.now, calendars=self.calendars,
                         roster=self.roster)  # fmt: skip
        except Refused:
            return False
        self.write(new)
        return True

    def routed(self) -> None:
        """What the platform does by itself: each part of the stage goes to whoever may hold it."""
        rules = self.state.stage_rule
        for part in rules.people if rules and self.state.screened else ():
            if self.state.holder(part) is None:
                self.do(SYSTEM, "assign", part=part)

    def screened(self) -> None:
        """Safeguarding looks at the report, and may find whom it is about and what it could be."""
        concerns = [one.key for one in self.procedure.concerns]
        found = [{"concern": self.chance.choice(concerns)}] if concerns and self.chance.random() < 0.3 else []
        about = [subject(self.roster, self.procedure, self.chance, f"subject_{n}")
                 for n in range(self.chance.choice((0, 0, 1, 1, 2)))]  # fmt: skip
        self.do(SCREEN, "screen", subjects=about, concerns=found)
        self.routed()

    def time_passes(self) -> None:
        """Time passes before the next step, but not into years of which nobody knows the bank holidays."""
        self.now = min(self.now + timedelta(minutes=self.chance.choice(self.pace)), max(self.now, LAST))

    def step(self, never: Container[str] = ()) -> str | None:
        """Somebody does something that they may; its name, or None when there was nothing but what is `never` done."""
        self.time_passes()
        actor = self.chance.choice(self.who_may_act())
        offered = [one for one in self.allowed(actor) if one.name not in never]
        if not offered:
            return None
        one = self.chance.choice(offered)
        form = dict(one.example)
        for key, choice in one.needs.choices.items():
            if key in form and isinstance(form[key], str) and self.chance.random() < 0.5:
                form[key] = self.chance.choice(choice)
        stood = self.state.stage
        done = self.do(actor, one.name, **form) or self.do(actor, one.name, **one.example)
        assert done, f"{one.name} was offered to {actor.id} and refused: {dict(one.example)}"
        if self.state.stage != stood and self.chance.random() < 0.8:
            self.routed()
        return one.name

    def steps(self, many: int, never: Container[str] = ()) -> Iterator[str]:
        """Screened at some time, and so many steps; the name of each that was taken."""
        screened_at = self.chance.choice((0, 0, 0, 2))
        for n in range(many):
            if n == screened_at:
                self.screened()
                yield "screen"
            name = self.step(never)
            if name is not None:
                yield name


# ---------------------------------------------------------------- to the end

_FIRST = ("close", "pass_on", "identify", "clear_concern", "close_safeguarding", "resume", "assign", "answer_consent",
          "answer_fact", "form_panel", "arrange_panel", "panel_met", "tell", "acknowledge", "reach", "record",
          "decide", "excuse", "answer_first", "respond", "explain_lateness", "accept_late")  # fmt: skip
"""What brings a case to its end, the shortest way first; nothing that would make it longer."""

_OFTEN = {"tell": 12}
"""How often somebody says the same on the way to the end; each answer may owe one more telling. Else three times."""


def to_the_end(walk: Walk) -> bool:
    """Whether people who do what there is to do bring the case to its end, without anybody taking it back.

    One that is still open when the known years are over does not end.
    """
    try:
        return _ends(walk, 40)
    except PastKnownYears:
        return False


def _ends(walk: Walk, rounds: int) -> bool:
    often: dict[str, int] = {}
    for _ in range(rounds):
        if walk.state.closed_at is not None:
            return True
        before = walk.state.seq
        if not walk.state.screened:
            walk.do(SCREEN, "screen")
        walk.routed()
        for actor in _once_each(walk):
            offered = sorted((one for one in walk.allowed(actor) if one.name in _FIRST), key=_order)
            for one in offered if not walk.state.visits else (one for one in offered if one.name != "pass_on"):
                told = f"{one.name} {sorted(one.data.items())} {walk.state.stage}"
                if often.get(told, 0) < _OFTEN.get(one.name, 3) and walk.do(actor, one.name, **_shortest(one, walk)):
                    often[told] = often.get(told, 0) + 1
                if walk.state.closed_at is not None:
                    return True
        walk.now += timedelta(days=1 if walk.state.seq > before else 21)
    return walk.state.closed_at is not None


def _once_each(walk: Walk) -> Iterable[Actor]:
    """Those who may act, one for each set of roles, and whoever holds a part."""
    holds = {one.who for one in walk.state.assignments if one.stood_down is None}
    seen: set[tuple[str, ...]] = set()
    for actor in walk.who_may_act():
        if actor.id in holds or actor.roles not in seen:
            seen.add(actor.roles)
            yield actor


def _order(one: Action) -> int:
    return _FIRST.index(one.name)


def _shortest(one: Action, walk: Walk) -> dict[str, Any]:
    """The form, and of a question's answers the one that leads nowhere else."""
    form = dict(one.example)
    if one.name == "decide":
        question = walk.procedure.decision(str(one.data["decision"]))
        still = [each for each in question.answers if not (each.moves_to or each.opens)]
        if still:
            form |= {"answer": still[-1].key, "needs_met": list(still[-1].needs)}
    return form
