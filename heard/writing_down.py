"""What was done and what was decided: milestones, records, answers to the procedure's questions.

Owns three commands; each writes one event, and what follows from an answer.
"""

from __future__ import annotations

from heard.commands import Asked, Refused, command, gate, held_back, holds_word, need, needs, told_of_it
from heard.conditions import holds
from heard.handling import duties_kept_by, nothing_before, recorded_too, said_in
from heard.instants import day_of
from heard.ledger import NewHappening
from heard.linking import opened_by_answer
from heard.opening import reconsidered
from heard.vocabulary import EVENTS

OWN_COMMAND = frozenset(
    [
        "received",
        "action_agreed",
        "action_changed",
        "action_done",
        "action_let_go",
        "named",
        "concern_found",
        "concern_confirmed",
        "concern_cleared",
        "stage_opened",
        "assigned",
        "reference_given",
        "stood_down",
        "acknowledged",
        "responded",
        "asked_to_go_on",
        "extended",
        "suspended",
        "suspension_reviewed",
        "resumed",
        "decided",
        "milestone_reached",
        "panel_formed",
        "panel_arranged",
        "panel_met",
        "duty_excused",
        "passed_on",
        "linked_case_opened",
        "linked_to",
        "withdrawn",
        "closed",
        "reopened",
        "corrected",
        "escalated",
        "calendar_changed",
        "procedure_changed",
        "lado_agreed_next_step",
        "safeguarding_closed",
        "disciplinary_closed",
        "proceedings_closed",
        "told",
        "accepted_late",
        "refused_late",
        "screened",
        "consent_answered",
        "circumstances_changed",
        "fact_answered",
        "reclassified",
        "head_added",
        "head_withdrawn",
        "heads_merged",
        "record_disputed",
    ]
)


@command("reach")
def reach(asked: Asked) -> tuple[NewHappening, ...]:
    """A milestone of this provider was reached."""
    key = str(need(asked.data, "milestone", "which milestone"))
    known = [one.key for one in asked.state.procedure.milestones]
    if key not in known:
        raise Refused(f"This procedure has no milestone '{key}'.", (), f"Milestones: {', '.join(known) or 'none'}.")
    gate(asked, key)
    nothing_before(asked, key)
    for duty in duties_kept_by(asked.state, key):
        recorded_too(asked, duty.must_record, duty.clause)
    record = dict(asked.data.get("record") or {}) or None
    return (asked.event("milestone_reached", milestone=key, contents=said_in(asked, key) or None, record=record,
                        instance=asked.data.get("instance")),)  # fmt: skip


@command("record")
def record(asked: Asked) -> tuple[NewHappening, ...]:
    """Write down that something was done (an interview, an investigation, learning), or fill fields of a record."""
    event = str(asked.data.get("event") or "recorded")
    if event not in EVENTS or event in OWN_COMMAND:
        raise Refused(f"'{event}' cannot be recorded like this.", (), "Use the command of its own.")
    gate(asked, event)
    nothing_before(asked, event)
    for duty in duties_kept_by(asked.state, event):
        recorded_too(asked, duty.must_record, duty.clause)
    kept = {k: v for k, v in asked.data.items() if k not in ("event", "at", "stage")}
    if event == LEARNED:
        kept |= _learned(asked)
    if event == "recorded":
        kept.setdefault("record", "complaint")
    if met := said_in(asked, event):
        kept["contents"] = met
    return (asked.event(event, **kept),)


LEARNED = "learning_reviewed"
"""Somebody looked at what a complaint teaches: what sort of lesson it was, and in their own words which."""


def _learned(asked: Asked) -> dict[str, list[str]]:
    """The sorts of lesson, of the procedure's list where it has one. Raises Refused."""
    words = asked.state.procedure.words
    if not words.lessons:
        return {}
    said = [str(one) for one in need(asked.data, "lessons", "what the lesson is about")]
    if unknown := [one for one in said if one not in words.lessons]:
        known = "; ".join(words.lessons)
        raise Refused(f"That is no sort of lesson here: {'; '.join(unknown)}.", words.clause, f"There are: {known}.")
    return {"lessons": said}


@command("decide")
def decide_question(asked: Asked) -> tuple[NewHappening, ...]:
    """Answer a question that the procedure puts to a person."""
    state, key = asked.state, str(need(asked.data, "decision", "which question"))
    rules = state.stage_rule
    open_ones = [*(rules.decisions if rules else ()), *state.procedure.decisions]
    question = next((one for one in open_ones if one.key == key), None)
    if question is None or not holds(question.only_if, state):
        known = ", ".join(one.key for one in open_ones if holds(one.only_if, state)) or "none"
        raise Refused("This is not asked here.", question.clause if question else (), f"Asked here: {known}.")
    after = question.clock.after
    if after is not None and not any(state.first(event) for event in after.events):
        raise Refused("It is too early to decide this.", question.clause,
                      f"It is asked after: {' or '.join(after.events).replace('_', ' ')}.")  # fmt: skip
    basis = asked.data.get("basis") if held_back(state, key) else None
    gate(asked, key)
    holds_word(asked, question.by, question.clause, "decide this")
    answer = next((one for one in question.answers if one.key == asked.data.get("answer")), None)
    if answer is None:
        raise Refused(
            "That is no answer to it.", question.clause, f"Answers: {', '.join(a.key for a in question.answers)}."
        )
    needs(asked, answer.needs, question.clause)
    recorded_too(asked, question.must_record, question.clause)
    if answer.with_date:
        day_of(str(need(asked.data, "date", "the date")))
    instance = asked.data.get("instance")
    if question.per == "named_person":
        instance = instance or (next(iter(state.subjects)) if len(state.subjects) == 1 else None)
        if instance not in state.subjects:
            raise Refused("Say about whom this is decided.", question.clause, "Give the subject ('instance').")
    new = [asked.event("decided", decision=key, answer=answer.key, instance=instance, date=asked.data.get("date"),
                       record=dict(asked.data.get("record") or {}) or None, basis=basis, until=answer.until,
                       **told_of_it(asked, answer.tells, instance))]  # fmt: skip
    if answer.moves_to and answer.moves_to != state.stage:
        new.append(asked.event("stage_opened", stage=answer.moves_to, because=f"{key}.{answer.key}"))
    elif state.visits:
        new = reconsidered(asked, new)
    if answer.opens:
        new.append(opened_by_answer(asked, answer.opens, instance, f"{key}.{answer.key}"))
    return tuple(new)
