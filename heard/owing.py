"""What would keep a duty or a notification rule: the commands to offer for everything that is owed on a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from heard.agreed import agreed_no_more
from heard.came_back import AFTER_ALL, not_arrived
from heard.casefile import CaseState
from heard.derivation import Due
from heard.handling import NOT_DETERMINED, duties_kept_by, owes_an_answer
from heard.instants import london_day
from heard.met import parties
from heard.offer import Candidate, Needs
from heard.procedure import Duty, Extension, NotificationRule
from heard.vocabulary import ANSWERS, EVENTS
from heard.writing_down import LEARNED, OWN_COMMAND


def owed(state: CaseState, dues: Sequence[Due], now: datetime) -> Iterator[Candidate]:
    """What keeps each duty that is not yet kept; what explains or excuses it."""
    done: set[tuple[str, str]] = set()
    for due in dues:
        if due.kind in ("window", "promised", "review") or due.status not in ("running", "late", "paused", "waiting"):
            continue
        rule = _rule(state, due)
        if rule is None or _not_yet(due, rule):
            continue
        for one in _meeting(state, due, rule, dues, now):
            if (one.name, str(sorted(one.data.items()))) not in done:
                done.add((one.name, str(sorted(one.data.items()))))
                yield one
        if due.status == "late" and not any(m.data.get("duty") == due.duty for m in state.all("lateness_explained")):
            why = Needs(texts=("reason",))
            yield Candidate("explain_lateness", f"Say why it is late: {due.says}", {"duty": due.duty}, why, due.clause)
        if rule.clock.excused_if and not agreed_no_more(state, due):
            data = {"duty": due.duty} | ({"instance": due.instance} if due.instance else {})
            yield Candidate(
                "excuse", f"Let go: {due.says}", data, Needs(choices={"ground": rule.clock.excused_if}), due.clause
            )
    if owes_an_answer(state) and state.visit and ("respond", "[]") not in done:  # no duty asks for it, or not any more
        rules = state.procedure.stage(state.visit.stage)
        yield _answer(state, "respond", "responded", "Answer", rules.clause, state.visit.number, dues, now)


def longer(state: CaseState, dues: Sequence[Due], now: datetime) -> Iterator[Candidate]:
    """More time: one offer for all duties that the same rule lets take longer, with a choice among them."""
    found: dict[Extension, dict[str, Due]] = {}
    for due in dues:
        if due.kind != "duty" or due.status not in ("running", "late") or due.due_at is None:
            continue
        clock = state.procedure.duty(due.duty, due.stage).clock
        rule = clock.extension or (state.procedure.counting.extension_of_any if clock.within else None)
        if rule is not None:
            found.setdefault(rule, {}).setdefault(due.duty, due)
    for rule, those in found.items():
        yield _longer(rule, those, now)


def _longer(rule: Extension, those: Mapping[str, Due], now: datetime) -> Candidate:
    first = next(iter(those.values()))
    ends = (first.due_at or now) - timedelta(seconds=1)  # a day ends as the next begins
    last = max(london_day(ends), london_day(now))
    more = {"until": (last + timedelta(days=1)).isoformat()} if rule.without_cap else {}
    choices = {"reason": rule.reasons} if rule.reasons else {}
    texts = () if rule.reasons else ("reason",)
    clause = tuple(dict.fromkeys(one for due in those.values() for one in due.clause))
    if len(those) == 1:
        needs = Needs(rule.contains, rule.needs, choices, texts, ("until",))
        return Candidate("extend", f"Take longer: {first.says}", {"duty": first.duty}, needs, clause, more)
    called = {key: due.says for key, due in those.items()}
    needs = Needs(rule.contains, rule.needs, {"duty": tuple(those), **choices}, texts, ("until",), called=called)
    return Candidate("extend", "Take longer", {}, needs, clause, more)


def _rule(state: CaseState, due: Due) -> Duty | NotificationRule | None:
    if due.kind == "notification":
        return state.procedure.notification_rule(due.duty)
    return state.procedure.duty(due.duty, due.stage)


def _not_yet(due: Due, rule: Duty | NotificationRule) -> bool:
    """Whether what the rule counts from has not happened. An answer is offered all the same, with why it must wait."""
    unborn = due.status == "waiting" and due.starts is None and rule.clock.after is not None
    return unborn and rule.clock.met_by[:1] not in [(event,) for event in _COMMAND_OF]


ANSWERED = tuple(answer for answer in ANSWERS["consent_answered"] if answer != "pending")
"""How a question of consent can be answered, once it is."""
_COMMAND_OF = {"acknowledged": "acknowledge", "responded": "respond", "first_answered": "answer_first"}


def _meeting(
    state: CaseState, due: Due, rule: Duty | NotificationRule, dues: Sequence[Due], now: datetime
) -> Iterator[Candidate]:
    """The commands that would meet a duty."""
    whose = {"instance": due.instance} if rule.per == "named_person" and due.instance else {}
    if rule.clock.met_by[:1] in ((), ("told",)):
        data: dict[str, Any] = {"rule" if due.kind == "notification" else "duty": due.duty} | whose
        for word in parties(state, rule, due.to) or due.to:
            whom = f" ({word.replace('_', ' ')})" if len(due.to) > 1 else ""
            choices = {"channel": rule.channels} if rule.channels else {}
            needs = Needs(rule.contains, (), choices, (), (), rule.must_record, rule.leaves_out)
            yield Candidate("tell", f"{due.says}{whom}", data | {"whom": word}, needs, due.clause)
        return
    if (after_all := told_after_all(state, due, rule)) is not None:
        yield after_all
        return
    event = rule.clock.met_by[0]
    if any(one.key == event for one in state.procedure.milestones):
        yield Candidate("reach", due.says, {"milestone": event} | whose, _own_act(state, event, rule), due.clause)
    elif event == "consent_answered":
        yield Candidate(
            "answer_consent", due.says, {}, Needs(choices={"answer": ANSWERED}), due.clause
        )
    elif event in _COMMAND_OF:
        yield _answer(state, _COMMAND_OF[event], event, due.says, due.clause, due.visit, dues, now)
    elif event in EVENTS and event not in OWN_COMMAND:
        needs = _own_act(state, event, rule)
        more = {name: list(words[:1]) for name, words in needs.choices.items()}
        yield Candidate("record", due.says, {"event": event} | whose, needs, due.clause, more)


def told_after_all(state: CaseState, due: Due, rule: Duty | NotificationRule) -> Candidate | None:
    """Where the letter that would keep this did not reach whoever complained: writing down how they were told."""
    if due.kind != "duty" or not_arrived(state, rule, due.visit) is None:
        return None
    needs = Needs(choices={"channel": AFTER_ALL})
    label = f"The letter did not reach them. Say how they were told: {due.says}"
    return Candidate("tell", label, {"duty": due.duty, "whom": "complainant"}, needs, due.clause)


def not_reached(state: CaseState, dues: Sequence[Due]) -> Iterator[Candidate]:
    """The same for every duty of a case that is closed: that they are told is owed still."""
    for due in dues:
        rule = _rule(state, due) if due.kind == "duty" and due.status in ("running", "late") else None
        if rule is not None and (after_all := told_after_all(state, due, rule)) is not None:
            yield after_all


def _own_act(state: CaseState, event: str, rule: Duty | NotificationRule) -> Needs:
    """What the act must say and have: all that every duty wants whose own act it is, or this rule's own."""
    duties = duties_kept_by(state, event)
    if not duties:
        return Needs(rule.contains, rule.needs if isinstance(rule, Duty) else (), leaves_out=rule.leaves_out)
    return Needs(
        tuple(dict.fromkeys(item for one in duties for item in one.contains)),
        tuple(dict.fromkeys(item for one in duties for item in one.needs)),
        lessons(state, event),
        record=tuple(dict.fromkeys(item for one in duties for item in one.must_record)),
        leaves_out=tuple(dict.fromkeys(item for one in duties for item in one.leaves_out)),
    )


def lessons(state: CaseState, event: str) -> dict[str, tuple[str, ...]]:
    """What is chosen from when something is written down as learned."""
    words = state.procedure.words.lessons
    return {"lessons": words} if event == LEARNED and words else {}


def _answer(
    state: CaseState, command: str, event: str, says: str, clause: tuple[str, ...], visit: int, dues: Sequence[Due],
    now: datetime,
) -> Candidate:
    """Acknowledging and answering meet several duties at once, and must say what all of them want."""
    duties = duties_kept_by(state, event)
    contents = tuple(dict.fromkeys(item for one in duties for item in one.contains))
    needed = tuple(dict.fromkeys(item for one in duties for item in one.needs))
    unsaid = tuple(dict.fromkeys(item for one in duties for item in one.leaves_out))
    more: dict[str, Any] = {}
    choices: dict[str, tuple[str, ...]] = {}
    if command == "respond":
        held = {h.key for h in state.living_heads() if h.pauses and h.pauses[-1].until is None}
        finding = next(iter(state.procedure.words.findings), NOT_DETERMINED)
        more["findings"] = {h.key: finding for h in state.living_heads() if h.key not in held}
        more["reasons_for"] = list(more["findings"])
        findings = tuple(dict.fromkeys((*state.procedure.words.findings, NOT_DETERMINED)))
        choices = {f"finding of {key}": findings for key in more["findings"]}
        if state.procedure.words.remedies:
            choices["remedies"], more["remedies"] = state.procedure.words.remedies, []
    dates = tuple(one.gives_date_for for one in duties if one.gives_date_for)
    if dates:
        more["dates_given"] = {key: _last_day(key, visit, dues, now) for key in dates}
    label = {"acknowledge": "Acknowledge", "respond": "Answer"}.get(command, says)
    return Candidate(command, label, {}, Needs(contents, needed, choices, (), dates, (), unsaid), clause, more)


def _last_day(duty: str, visit: int, dues: Sequence[Due], now: datetime) -> str:
    """The day by which a duty of that visit is due; today where it has none, as when it was kept before."""
    days = (one.last_day for one in dues if (one.duty, one.visit) == (duty, visit))
    return next((day for day in days if day is not None), london_day(now)).isoformat()
