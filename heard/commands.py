"""What somebody may ask of a case, and what a refusal is.

Owns the words that every command shares: `Command`, `Actor`, `Refused`, the table of commands, and the checks that many
of them make (is it open, does a gate hold it back, is what must be said in it, may this person). The commands stand in
`opening`, `protecting`, `handling`, `panels` and `moving`, each in one function from a case to new events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from heard.calendar import Calendars
from heard.casefile import WHOLE_CASE, CaseState, Visit
from heard.conditions import holds
from heard.exclusions import struck
from heard.ledger import NewHappening, number
from heard.met import met_at
from heard.people import cleared_leads, recipients
from heard.procedure import Duty, Gate, NotificationRule
from heard.roster import Roster
from heard.vocabulary import GROUP

SYSTEM_ACTORS = frozenset({"system", "screen", "complainant"})


class Refused(Exception):
    """A command that the procedure does not allow: why, which clause says so, and what may be done instead.

    Not retryable: the same command on the same case is refused again.
    """

    def __init__(self, sentence: str, clause: tuple[str, ...] = (), instead: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.clause, self.instead = sentence, clause, instead


@dataclass(frozen=True, slots=True)
class Command:
    """An event in the imperative, with what it is about. `data` is JSON-able and holds ids, never narrative."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person's id with the roles they hold here, or "system", "screen" or "complainant"."""

    id: str
    roles: tuple[str, ...] = ()

    @property
    def is_person(self) -> bool:
        """Whether it is somebody of the directory."""
        return self.id not in SYSTEM_ACTORS


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with everything it is judged by: the case, who asks, the time, the days and who is who."""

    state: CaseState
    name: str
    data: Mapping[str, Any]
    actor: Actor
    now: datetime
    calendars: Calendars
    roster: Roster

    def event(self, event: str, /, at: datetime | None = None, stage: str | None = None, **data: Any) -> NewHappening:
        """A new event by this actor; fields that are None are left out."""
        kept = {key: value for key, value in data.items() if value is not None}
        return NewHappening(event, at or self.at, self.actor.id, stage or self.state.stage, kept)

    @property
    def at(self) -> datetime:
        """When it happened: as said, but never later than now; now if nothing was said."""
        said = self.data.get("at")
        return min(datetime.fromisoformat(said), self.now) if isinstance(said, str) and len(said) > 10 else self.now

    def after(self, new: Iterable[NewHappening]) -> CaseState:
        """The case as it will be with these events."""
        state = self.state
        for happening in number(tuple(new), state.seq, self.now):
            state = state.then(happening)
        return state


Decider = Callable[[Asked], tuple[NewHappening, ...]]
COMMANDS: dict[str, Decider] = {}
"""Every command by name. One table: `decide` and `actions` both go by it."""

ON_A_CLOSED_CASE = frozenset({
    "reopen", "correct", "record", "tell", "answered", "could_not_tell", "disclose", "raise_concern", "name",
    "identify", "screen", "ask_to_go_on", "change_action", "finish_action", "drop_action", "confirm_concern",
    "clear_concern", "close_safeguarding", "write",
})  # fmt: skip
"""What may still be done when a case is closed."""
ON_A_CASE_PASSED_ON = ON_A_CLOSED_CASE | {"reach", "excuse", "explain_lateness", "close"}
"""And when another body has it: what is still owed here is done, and its end is written down."""


def command(name: str) -> Callable[[Decider], Decider]:
    """Enter a function in the table of commands."""

    def enter(decider: Decider) -> Decider:
        COMMANDS[name] = decider
        return decider

    return enter


IN_OWN_WORDS = frozenset({"any recorded reason", "other good reason"})
"""Reasons of a procedure that stand for whatever somebody writes down."""

# ---------------------------------------------------------------- checks that many commands make


def need(data: Mapping[str, Any], key: str, what: str) -> Any:
    """A value the command cannot do without. Raises Refused, saying what to give."""
    value = data.get(key)
    if value in (None, "", [], ()):
        raise Refused(f"This needs {what}.", (), f"Give {what} ('{key}') and try again.")
    return value


def in_stage(asked: Asked) -> Visit:
    """The stage visit the case is in. Raises Refused when it is in none."""
    visit = asked.state.visit
    if visit is None:
        raise Refused("The case stands in no stage.", (), "Decide first whether it is taken, or reopen it.")
    return visit


def not_taken_back(state: CaseState) -> None:
    """Raises Refused for a complaint that was taken back: nothing more is decided on it."""
    if state.withdrawn_at is not None and state.closed_at is None:
        raise Refused("The complaint was taken back.", (), "Record first that they make it again, or close it.")


def held_back(state: CaseState, *names: str) -> Gate | None:
    """The first gate that holds back an event, duty or decision of that name now, or None."""
    return next((gate for gate in shut_gates(state, *names)), None)


def shut_gates(state: CaseState, *names: str) -> Iterator[Gate]:
    """The gates that are shut now: those that hold back one of these names, or all of them."""
    for gate in state.procedure.gates:
        asked_for = (not names or any(name in gate.holds_back for name in names)) and holds(gate.only_if, state)
        if asked_for and not any(_opens(state, until) for until in gate.until):
            yield gate


def _opens(state: CaseState, until: str) -> bool:
    if until == "concern_cleared":  # one cleared concern does not open the gate for another
        return bool(state.concerns) and not state.open_concerns
    event, _, answer = until.partition(".")
    if event == "consent_answered" and answer:  # consent that was taken back, or has ended, is none
        return answer in state.consent.values()
    if state.first(until) is not None or any(moment.data["decision"] == until for moment in state.all("decided")):
        return True
    told = state.moments.get("told", ())
    if any(until in (moment.data.get("duty"), moment.data.get("rule")) for moment in told):
        return True
    if any(key == until for _, key, _ in state.excused):
        return True
    named = ((duty, visit) for duty, visit in _duties_so_far(state) if duty.key == until)
    return any(met_at(state, duty, duty.to, visit, None) is not None for duty, visit in named)


def _duties_so_far(state: CaseState) -> Iterator[tuple[Duty, int]]:
    """The duties of each stage the case has been in, and of the whole case, with the visit they belong to."""
    for visit in state.visits:
        yield from ((duty, visit.number) for duty in state.procedure.stage(visit.stage).duties)
    yield from ((duty, WHOLE_CASE) for duty in state.procedure.duties)


def gate(asked: Asked, *names: str) -> None:
    """Raises Refused when a gate holds one of these back, unless a ground of the gate's `except` is given."""
    shut = held_back(asked.state, *names)
    if shut is None or asked.data.get("basis") in shut.except_ or asked.data.get("ground") in shut.except_:
        return
    opens = " or ".join(word.replace("_", " ").replace(".", ": ") for word in shut.until)
    said = f"{shut.says.rstrip('.')}." if shut.says else f"'{shut.key}' holds this back."
    raise Refused(said, shut.clause, f"It is open again after: {opens}.")


def contents(asked: Asked, rule: Duty | Any, given: Iterable[str] | None = None) -> list[str]:
    """What was ticked as said in it. Raises Refused naming everything that a rule's `contains` still wants."""
    said = list(given if given is not None else asked.data.get("contents") or ())
    missing = [item for item in rule.contains if item not in said]
    if missing:
        raise Refused(f"It must also say: {'; '.join(missing)}.", rule.clause, "Add it, tick it, and send it then.")
    return said


def left_out(asked: Asked, rule: Duty | NotificationRule) -> None:
    """Raises Refused until a person has said of each thing in a rule's `leaves_out` that the letter does not say it."""
    sure = asked.data.get("leaves_out") or ()
    unsure = [item for item in rule.leaves_out if item not in sure]
    if unsure and asked.actor.is_person:
        raise Refused(f"It must not say: {'; '.join(unsure)}.", rule.clause, "Read it again and tick it.")


def needs(asked: Asked, wanted: Iterable[str], clause: tuple[str, ...]) -> list[str]:
    """The needs that are met. Raises Refused naming those that are not (`complainant_agreed` ...)."""
    met = list(asked.data.get("needs_met") or ())
    missing = [one for one in wanted if one not in met]
    if missing:
        said = ", ".join(one.replace("_", " ") for one in missing)
        raise Refused(f"This is only allowed when: {said}.", clause, "Get it, record it, and ask again.")
    return met


def ground(asked: Asked, allowed: tuple[str, ...], clause: tuple[str, ...], key: str = "reason") -> str:
    """A recorded reason; where the rule lists reasons, one of these. Raises Refused."""
    said = str(need(asked.data, key, "a reason"))
    free = IN_OWN_WORDS | {"as recorded"}
    if allowed and said not in allowed and not free & {*allowed}:
        raise Refused(f"'{said}' is not a reason the procedure accepts.", clause, f"Accepted: {'; '.join(allowed)}.")
    if said in IN_OWN_WORDS and not asked.data.get("why") and asked.actor.is_person:
        raise Refused(f"'{said.capitalize()}' says nothing yet.", clause, "Write down what the reason is ('why').")
    return said


def holds_word(asked: Asked, words: Iterable[str], clause: tuple[str, ...], what: str) -> None:
    """Raises Refused unless the actor holds one of these roles or parts (the cleared lead stands in for nobody)."""
    allowed = tuple(words)
    if not asked.actor.is_person or not allowed or any(is_word(asked, word) for word in allowed):
        return
    who = " or ".join(word.replace("_", " ") for word in allowed)
    raise Refused(f"Only the {who} may {what}.", clause, f"Ask the {who}.")


_PART_OF = {"handler": "handles", "decider": "decides"}


def is_word(asked: Asked, word: str) -> bool:
    """Whether the actor is what a who-word says: by role, or by the part they hold in the case."""
    actor, state = asked.actor, asked.state
    if word == actor.id or word in actor.roles:
        return True
    part = _PART_OF.get(word, word)
    holder = state.holder(part)
    parts = (part, "oversees") if holder and holder.is_contact else (part,)  # who oversees writes down what a body did
    if holder and holder.is_contact and GROUP in actor.roles and state.holder("oversees") is None:
        return True  # and where nobody inside oversees it, whoever runs the group: no case waits for nobody
    held = any(a.who == actor.id and a.part in parts and a.stood_down is None for a in state.assignments)
    panel = word in ("panel", "panel_member", "panel_chair") and actor.id in (
        *state.panel.get("members", ()), state.panel.get("chair"))  # fmt: skip
    if held or panel:
        return True
    role = next((one for one in state.procedure.roles if one.key == word), None)
    return role is not None and any(is_word(asked, other) for other in (*role.filled_by, *role.stands_in))


def may_act(asked: Asked) -> None:
    """Raises Refused for somebody the complaint is about. The answer is that of a case that does not exist."""
    if asked.actor.is_person and asked.actor.id in struck(asked.state.procedure, asked.state, asked.roster):
        raise Refused("There is no such case.")


def told_of_it(asked: Asked, words: Iterable[str], subject: str | None = None) -> dict[str, Any]:
    """`tell` and `to` of an event: these who-words, and the persons, bodies and parties who are told now for them.

    Nobody whom the complaint is or may be about is ever among them: a duty of its own, with its gates, tells those.
    `subject` narrows "their line manager" to one of several.
    """
    said = [word for word in words if word != "named_person"]
    found = recipients(asked.state.procedure, asked.state, asked.roster, said, asked.now, subject=subject)
    return {"tell": said or None, "to": [asdict(one) for one in found] or None}


def is_lead(asked: Asked) -> bool:
    """Whether the actor is a safeguarding lead (or stands in for one) whom the complaint cannot be about."""
    return asked.actor.id in cleared_leads(asked.state.procedure, asked.state, asked.roster, asked.now)
