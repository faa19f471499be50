"""The daily work on a case: who handles it, acknowledging, answering, telling, deciding, taking longer, letting go.

Owns the commands of the handler and of those who hold a part. Each is refused by a gate, by something the letter must
still say, by a date the rules cannot meet, or because the person may not: with the clause and what to do instead.
"""

from __future__ import annotations

from heard.came_back import AFTER_ALL, is_theirs, not_arrived
from heard.casefile import CaseState, Visit
from heard.clock import due_of
from heard.commands import (
    Asked,
    Refused,
    command,
    contents,
    gate,
    holds_word,
    in_stage,
    left_out,
    need,
    needs,
    not_taken_back,
)
from heard.conditions import heads_meant, holds
from heard.exclusions import judged_before, struck
from heard.instants import day_of
from heard.ledger import NewHappening
from heard.procedure import Duty, NotificationRule, Stage
from heard.vocabulary import GROUP, LEAD

NOT_DETERMINED = "not_determined"
"""The finding that nobody could tell, which every procedure has beside its own."""


def duties_kept_by(state: CaseState, event: str) -> list[Duty]:
    """The duties of the present stage and of the whole case whose own act an event of this name is, if they apply.

    The own act is the first in `met_by`. What else stands there (an answer in full instead of a first one) meets the
    duty too, and need not say what the own act must say.
    """
    found = [*(state.stage_rule.duties if state.stage_rule else ()), *state.procedure.duties]
    return [duty for duty in found if duty.clock.met_by[:1] == (event,) and holds(duty.only_if, state)]


def said_in(asked: Asked, event: str) -> list[str]:
    """The contents that every duty whose own act this is asks for; a comparison asks for nothing."""
    said: list[str] = []
    answered = set(asked.data.get("findings") or ())
    for duty in duties_kept_by(asked.state, event):
        meant = {head.key for head in heads_meant(duty.only_if, asked.state)}
        if duty.per == "head" and answered and answered.isdisjoint(meant):
            continue  # what is answered now is another thing
        said += [one for one in contents(asked, duty) if one not in said]
        left_out(asked, duty)
        needs(asked, duty.needs, duty.clause)
    return said or list(asked.data.get("contents") or ())


def nothing_before(asked: Asked, event: str) -> None:
    """Raises Refused when a duty of this stage, or of the whole case, must be met or excused before this event."""
    state = asked.state
    here = [(duty, state.stage) for duty in (state.stage_rule.duties if state.stage_rule else ())]
    for duty, stage in (*here, *((duty, None) for duty in state.procedure.duties)):
        if duty.clock.before != event or duty.clock.at_least is not None:
            continue
        for due in due_of(state, asked.calendars, asked.now, duty.key, stage):
            if due.status in ("running", "late"):
                instead = "Do it, or record why it is let go." if duty.clock.excused_if else "Do it first."
                raise Refused(f"First: {duty.says}.", duty.clause, instead)


# ---------------------------------------------------------------- acknowledging, answering, telling


@command("acknowledge")
def acknowledge(asked: Asked) -> tuple[NewHappening, ...]:
    """Acknowledge to the complainant, with everything it must say. Is never paused, never gated."""
    in_stage(asked)
    said = said_in(asked, "acknowledged")
    dates = _dates_given(asked, "acknowledged")
    return (asked.event("acknowledged", contents=said, dates_given=dates or None, channel=asked.data.get("channel"),
                        words=asked.data.get("words")),)  # fmt: skip


def _dates_given(asked: Asked, event: str) -> dict[str, str]:
    """Dates told in this event, by duty; a date later than the duty's own limit is refused."""
    given: dict[str, str] = {str(k): str(v) for k, v in (asked.data.get("dates_given") or {}).items()}
    rules = asked.state.stage_rule
    for duty in duties_kept_by(asked.state, event):
        wanted = duty.gives_date_for
        if wanted and wanted not in given:
            raise Refused("It must give the date of the answer.", duty.clause, f"Give a date for '{wanted}'.")
    for key, said in given.items():
        limited = next((d for d in (rules.duties if rules else ()) if d.key == key), None)
        if limited is None:
            raise Refused(f"There is no duty '{key}' in this stage.", (), "Give dates for duties of this stage.")
        if limited.clock.within is not None and limited.clock.within.as_given_in is None:
            due = next(iter(due_of(asked.state, asked.calendars, asked.now, key, rules.key if rules else None)), None)
            last = due.last_day if due is not None else None
            if last is not None and day_of(said) > last:
                raise Refused(f"That is later than {last:%-d %B %Y}, which the procedure allows.", limited.clause,
                              "Give an earlier date, or extend the time first.")  # fmt: skip
    return given


@command("answer_first")
def answer_first(asked: Asked) -> tuple[NewHappening, ...]:
    """A first answer, though not the full one."""
    in_stage(asked)
    gate(asked, "first_answered")
    return (asked.event("first_answered", contents=said_in(asked, "first_answered"),
                        dates_given=_dates_given(asked, "first_answered") or None),)  # fmt: skip


@command("respond")
def respond(asked: Asked) -> tuple[NewHappening, ...]:
    """Give the answer: a finding on each head, with everything the answer must say."""
    visit, state = in_stage(asked), asked.state
    not_taken_back(state)
    rules = state.procedure.stage(visit.stage)
    gate(asked, "responded", "respond")
    nothing_before(asked, "responded")
    if rules.panel is not None and not any(m.visit == visit.number for m in state.moments.get("panel_met", ())):
        raise Refused("The panel has not met.", rules.clause, "Record the panel's meeting first.")
    decider = state.holder("decides")
    decides = decider is not None and not decider.is_contact  # then nobody answers in their place
    may = ("decider",) if decides else (*rules.judges, "handler", "decider")
    holds_word(asked, may, rules.clause, "answer the complaint")
    _judges_once(asked, visit, rules)
    held = [head.key for head in state.living_heads() if head.pauses and head.pauses[-1].until is None]
    if state.case_pauses and state.case_pauses[-1].until is None:
        raise Refused("The case is on hold.", (), "Let it go on first; acknowledging and telling are still possible.")
    findings = {str(k): str(v) for k, v in (asked.data.get("findings") or {}).items()}
    if rules.settles:
        _check_findings(asked, rules, findings, held)
    said = said_in(asked, "responded")
    return (asked.event("responded", findings=findings, contents=said, reasons_for=asked.data.get("reasons_for"),
                        remedies=asked.data.get("remedies"), channel=asked.data.get("channel"),
                        dates_given=_dates_given(asked, "responded") or None,
                        words=asked.data.get("words")),)  # fmt: skip


def _judges_once(asked: Asked, visit: Visit, rules: Stage) -> None:
    """Whoever judged another stage does not answer this one by the part they had there. Who holds one here may: they
    write down what the panel found, or a body outside."""
    state, who = asked.state, asked.actor.id
    here = any(a.who == who and a.visit == visit.number and a.stood_down is None for a in state.assignments)
    if not here and any(judged_before(state.procedure, state, who, part, rules.key) for part in rules.judges):
        raise Refused("You judged an earlier stage of this case.", state.procedure.conflicts.clause or rules.clause,
                      "Whoever looks at it now answers.")  # fmt: skip


def _check_findings(asked: Asked, rules: Stage, findings: dict[str, str], held: list[str]) -> None:
    words, state = asked.state.procedure.words, asked.state
    for key, finding in findings.items():
        if key not in state.heads:
            raise Refused(f"There is no head '{key}'.", (), f"Heads: {', '.join(state.heads) or 'none'}.")
        if finding not in (*words.findings, NOT_DETERMINED):
            known = ", ".join(dict.fromkeys((*words.findings, NOT_DETERMINED)))
            raise Refused(f"'{finding}' is no finding here.", words.clause, f"Findings: {known}.")
        if key in held:
            raise Refused("A head that is on hold cannot be answered.", (), "Answer the others; this one waits.")
        if finding in words.reasons_needed_for and key not in (asked.data.get("reasons_for") or ()):
            raise Refused(f"'{finding}' needs reasons.", words.clause, "Write the reasons and mark them as given.")
    missing = [key for key in unanswered(state) if key not in {*findings, *held}]
    if missing:
        raise Refused(
            f"There is no finding yet on: {', '.join(missing)}.", rules.clause, "Find on each head, or withdraw it."
        )


def unanswered(state: CaseState) -> list[str]:
    """The heads that no answer of the present stage has found on. An answer that names none was about all of them."""
    number = state.visit.number if state.visit else -1
    said = [moment.data.get("findings") or {} for moment in state.all("responded") if moment.visit == number]
    if any(not findings for findings in said):
        return []
    found = {key for findings in said for key in findings}
    return [head.key for head in state.living_heads() if head.key not in found]


def owes_an_answer(state: CaseState) -> bool:
    """Whether the stage that the case stands in makes a finding, and has not yet made it on everything."""
    visit, rules = state.visit, state.stage_rule
    if visit is None or rules is None or not rules.settles or state.passed_to is not None:
        return False
    return state.first("responded", visit.number) is None or bool(unanswered(state))


@command("write")
def write(asked: Asked) -> tuple[NewHappening, ...]:
    """Write to whoever complained, whenever there is something to say; a closed case too. Meets no duty that must be
    told in a set way: those have their own acts. Only who has a part writes, so that they hear one voice."""
    state = asked.state
    if state.linked:
        raise Refused("Nobody can read a letter here: this case has no page to follow up.", (), "Tell them in person.")
    if not state.screened:
        raise Refused("Safeguarding has not read the report yet.", (), "Wait until it has.")
    parts = {one.part for one in state.assignments if one.stood_down is None}
    holds_word(asked, (*sorted(parts), LEAD, GROUP), (), "write to them")
    return (asked.event("progress_told", words=need(asked.data, "words", "what you write to them")),)


@command("tell")
def tell(asked: Asked) -> tuple[NewHappening, ...]:
    """Record that somebody was told what a duty or rule wants told. Never a person the complaint is about, but for
    the one duty that is for them, and that only through its gates. Whom a letter did not reach is told after all."""
    data, state, procedure = asked.data, asked.state, asked.state.procedure
    duty, rule_key = data.get("duty"), data.get("rule")
    whom = str(need(data, "whom", "who was told"))
    found: Duty | NotificationRule | None = find_duty(asked, str(duty)) if duty else None
    if rule_key:
        found = next((one for one in procedure.notification_rules if one.key == rule_key), None)
    if found is None and (duty or rule_key):
        raise Refused(f"The procedure has no duty or rule '{duty or rule_key}' here.", (), "Choose one from the list.")
    if found is None:
        raise Refused("This needs the duty or the rule that it is about.", (), "Say which.")
    act = not_arrived(state, found) if is_theirs(state, whom) else None
    if act is not None:  # what it had to say stands in the letter: what was missing is that it reaches them
        channel = need(data, "channel", "how they were told")
        if channel not in AFTER_ALL:
            known = " or ".join(one.replace("_", " ") for one in AFTER_ALL)
            raise Refused("What was sent that way did not reach them.", found.clause, f"Tell them by {known}.")
        return (asked.event("told", duty=duty, rule=rule_key, whom=whom, channel=channel, seq=act.seq),)
    gate(asked, found.key, "told")
    instance = data.get("instance")
    if whom in struck(procedure, state, asked.roster):
        subject = next((one for one in state.subjects.values() if one.person == whom), None)
        if found.per != "named_person" or subject is None or not subject.identified:
            raise Refused("This person may not be told.", procedure.conflicts.clause, "Tell who stands in for them.")
        instance = subject.key
    if found.channels and data.get("channel") and asked.actor.is_person and data["channel"] not in found.channels:
        raise Refused(f"This is told by {' or '.join(found.channels)}.", found.clause, "Choose one of these.")
    said = contents(asked, found) if asked.actor.is_person else list(data.get("contents") or ())
    left_out(asked, found)
    recorded_too(asked, found.must_record, found.clause)
    return (asked.event("told", duty=duty, rule=rule_key, whom=whom, to=data.get("to"), channel=data.get("channel"),
                        instance=instance, contents=said or None, answered=data.get("answered")),)  # fmt: skip


def find_duty(asked: Asked, key: str) -> Duty | None:
    """The duty of that key in this stage, of the whole case, or of an earlier stage (what starts with its answer)."""
    stages = [one.stage for one in reversed(asked.state.visits)]
    rules = [duty for stage in stages for duty in asked.state.procedure.stage(stage).duties]
    return next((one for one in (*rules, *asked.state.procedure.duties) if one.key == key), None)


def recorded_too(asked: Asked, must: tuple[str, ...], clause: tuple[str, ...]) -> None:
    """Raises Refused naming everything that must be recorded with this and is not."""
    record = asked.data.get("record") or {}
    missing = [item for item in must if item not in record]
    if missing:
        raise Refused(f"This must be recorded too: {'; '.join(missing)}.", clause, "Write it down and try again.")


@command("answered")
def answered(asked: Asked) -> tuple[NewHappening, ...]:
    """Somebody answered a call or an alert."""
    rule = need(asked.data, "rule", "which rule it answers")
    return (asked.event("answered", rule=rule, by=asked.data.get("by") or asked.actor.id),)


@command("could_not_tell")
def could_not_tell(asked: Asked) -> tuple[NewHappening, ...]:
    """A message could not be delivered: a fact from outside, taken as it is."""
    data = asked.data
    return (asked.event("could_not_tell", duty=data.get("duty"), rule=data.get("rule"), whom=data.get("whom"),
                        channel=data.get("channel"), why=need(data, "why", "why")),)  # fmt: skip
