"""From stage to stage and to the end: asking to go on, windows, passing on, withdrawing, closing, reopening.

Owns the commands that move a case. A complainant's window is read generously: late is a question to somebody, never an
end by itself. Nothing closes in silence: an open concern, an unkept duty or a missing record refuses it.
"""

from __future__ import annotations

from datetime import datetime

from heard.agreed import agreed_no_more
from heard.came_back import tried_everything
from heard.casefile import WHOLE_CASE, CaseState
from heard.clock import begins_with_taking_back, due_of, is_safeguardings, reckon
from heard.commands import (
    Asked,
    Refused,
    command,
    contents,
    gate,
    ground,
    holds_word,
    need,
    needs,
    not_taken_back,
)
from heard.conditions import holds
from heard.derivation import Due
from heard.handling import nothing_before, owes_an_answer, unanswered
from heard.instants import day_of, london_day
from heard.ledger import NewHappening
from heard.people import recipients
from heard.procedure import WayOn

OUTCOMES = ("answered", "resolved", "withdrawn", "passed_on", "out_of_time", "window_over", "duplicate")


def ways_open(asked: Asked) -> list[WayOn]:
    """The ways on from the present stage (or from the last one, of a closed case) whose conditions hold."""
    visit = asked.state.visits[-1] if asked.state.visits else None
    rules = asked.state.procedure.stage(visit.stage) if visit else None
    return [way for way in (rules.ways_on if rules else ()) if holds(way.only_if, asked.state)]


@command("ask_to_go_on")
def ask_to_go_on(asked: Asked) -> tuple[NewHappening, ...]:
    """Somebody asks for the next stage. `requested_at` is when the request first reached anybody."""
    state = asked.state
    not_taken_back(state)
    open_ways = ways_open(asked)
    way = next((one for one in open_ways if one.to == asked.data.get("to")), None)
    if way is None and asked.data.get("to") is None and len(open_ways) == 1:
        way = open_ways[0]
    if way is None:
        known = ", ".join(one.to for one in open_ways) or "none; outside bodies can still be asked"
        raise Refused("There is no such way on from here.", (), f"Ways on: {known}.")
    if state.closed_at is not None and not (way.reopens or way.clock.within or way.clock.after):
        raise Refused("The case is closed.", way.clause, "Reopen it first.")
    gate(asked, way.key or f"ask_for_{way.to}", "asked_to_go_on")
    asker = str(asked.data.get("asked_by") or ("complainant" if not asked.actor.is_person else ""))
    if asked.actor.is_person and not asker:
        asker = "handler" if "handler" in way.asked_by else "complainant"  # staff write down what the complainant asks
    if way.asked_by and asker not in way.asked_by:
        raise Refused(f"This is asked by the {' or '.join(way.asked_by).replace('_', ' ')}.", way.clause, "Ask them.")
    grounds = asked.data.get("grounds")
    if grounds and way.grounds and grounds not in way.grounds and asker != "complainant":
        raise Refused("That is no ground for it.", way.clause, f"Grounds: {'; '.join(way.grounds)}.")
    needs(asked, way.needs, way.clause)
    if asker != "complainant":
        contents(asked, way)
    requested = asked.at
    late = _too_early_or_late(asked, way)
    why = asked.data.get("why") if late else None
    new = [asked.event("asked_to_go_on", requested, to=way.to, grounds=grounds, asked_by=asker, late=late, why=why)]
    if state.closed_at is not None:
        new.append(asked.event("reopened", asked.now, reason=f"asked for {way.to}"))
    if _is_now_a_complaint(state, way):
        new.append(asked.event("reclassified", requested, kind="complaint", reason=f"asked for {way.to}"))
    new.append(NewHappening("stage_opened", requested, asked.actor.id, way.to,
                            {"stage": way.to, "requested_at": requested.isoformat()}))  # fmt: skip
    return tuple(new)


def _is_now_a_complaint(state: CaseState, way: WayOn) -> bool:
    """Whether what came in as something less is a complaint from here on: a formal stage was asked for.

    What is asked of a complaint alone (its record, no reprisal, a place in the statement for Ofsted) holds for it too.
    """
    procedure = state.procedure
    less = state.received.get("kind") not in (None, "complaint") and state.linked is None
    return less and "complaint" in procedure.words.kinds and procedure.stage(way.to).formal


def _too_early_or_late(asked: Asked, way: WayOn) -> str | None:
    """Raises Refused before there was an answer (where one is needed), or out of time without an accepted ground."""
    state, stage = asked.state, asked.state.visits[-1]
    waits = not way.at_any_time and not way.back
    if waits and state.first("responded", stage.number) is None:
        overdue = any(
            step.offers == way.to
            for duty in state.procedure.stage(stage.stage).duties
            for due in due_of(state, asked.calendars, asked.now, duty.key, stage.stage) if due.status == "late"
            for _, step in due.late_steps
        )  # fmt: skip
        if not overdue:
            raise Refused(
                "There is no answer yet to go on from.", way.clause, "Wait for the answer, or until it is late."
            )
    window = next(iter(due_of(state, asked.calendars, asked.at, f"ask_for_{way.to}", stage.stage)), None)
    if window is None or window.due_at is None or asked.at < window.due_at:
        return None
    ground_given = asked.data.get("late_ground")
    allowed = way.late.accepted_if if way.late else ()
    if not ground_given:
        raise Refused(f"The time to ask ended on {window.due}.", way.clause,
                      f"It can be accepted late for a recorded reason: {'; '.join(allowed) or 'any'}.")  # fmt: skip
    if way.late:
        holds_word(asked, (*way.late.decided_by, *state.procedure.conflicts.if_nobody), way.clause, "accept it late")
    return ground(asked, allowed, way.clause, "late_ground")


@command("agree_window")
def agree_window(asked: Asked) -> tuple[NewHappening, ...]:
    """The two sides agree until when the complainant may ask to go on."""
    way = next((one for one in ways_open(asked) if one.to == asked.data.get("way")), None)
    if way is None:
        raise Refused(
            "There is no such way on from here.", (), f"Ways on: {', '.join(w.to for w in ways_open(asked))}."
        )
    until = day_of(str(need(asked.data, "until", "until when")))
    if until < london_day(asked.now):
        raise Refused("That day is past.", way.clause, "Agree a day to come.")
    return (asked.event("window_agreed", way=way.to, until=until.isoformat()),)


@command("pass_on")
def pass_on(asked: Asked) -> tuple[NewHappening, ...]:
    """Hand the matter to the body whose procedure it is. Safeguarding is never passed on."""
    to = str(need(asked.data, "to", "to whom"))
    ways = [way for way in asked.state.procedure.ways_in if way.passes_to == to and holds(way.only_if, asked.state)]
    known = {way.passes_to for way in asked.state.procedure.ways_in if way.passes_to}
    if not ways:
        bodies = ", ".join(sorted(filter(None, known))) or "nobody"
        raise Refused("The procedure does not pass this on there.", (), f"It may pass on to: {bodies}.")
    if asked.state.open_concerns:
        raise Refused(
            "A concern is open, and safeguarding is never passed on.", ways[0].clause, "Clear or close it first."
        )
    needs(asked, ways[0].needs, ways[0].clause)
    rules = asked.state.procedure.disclosure
    basis = ground(asked, rules.allowed_on, rules.clause, "basis") if rules and ways[0].needs else None
    return (asked.event("passed_on", to=to, way_in=ways[0].key, heads=asked.data.get("heads"), basis=basis),)


@command("withdraw")
def withdraw(asked: Asked) -> tuple[NewHappening, ...]:
    """The complainant takes the complaint back. A concern it raised goes on; the case is closed by a person."""
    if asked.state.withdrawn_at is not None:
        raise Refused("It is withdrawn already.", (), "Close it.")
    return (asked.event("withdrawn", reason=asked.data.get("reason")),)


@command("close")
def close(asked: Asked) -> tuple[NewHappening, ...]:
    """End the case, with its outcome. Refused while a concern is open, or something owed or a record is missing."""
    state = asked.state
    outcome = str(need(asked.data, "outcome", "the outcome"))
    if outcome not in OUTCOMES:
        raise Refused(f"'{outcome}' is no outcome.", (), f"Outcomes: {', '.join(OUTCOMES)}.")
    if state.open_concerns:
        open_ones = ", ".join(one.concern.replace("_", " ") for one in state.open_concerns)
        raise Refused(
            f"A concern is open: {open_ones}.", (), "Clear it, or close the safeguarding procedure with its outcome."
        )
    if state.on_hold and state.passed_to is None:
        raise Refused("Something is on hold.", (), "Let it go on, or withdraw the heads on hold.")
    if state.passed_to is None:  # where another body has it, nothing is put in order here any more
        gate(asked, "closed", "close")
    withdrawn = state.withdrawn_at is not None or (bool(state.heads) and not state.living_heads())
    if outcome == "passed_on" and state.passed_to is None:
        raise Refused("Nobody else has it.", (), "Pass it on first.")
    if outcome == "withdrawn" and not withdrawn:
        raise Refused("Nobody withdrew it.", (), "Record the withdrawal first.")
    if withdrawn:
        _nothing_owed_since(asked, state.withdrawn_at)
    else:
        _nothing_owed(asked)
        nothing_before(asked, "closed")
    _records_kept(asked)
    return (asked.event("closed", outcome=outcome),)


def _nothing_owed(asked: Asked) -> None:
    state = asked.state
    if owes_an_answer(state) and state.stage_rule is not None:
        heads = [key.replace("_", " ") for key in unanswered(state)] if state.first("responded") else []
        raise Refused(
            f"The complainant has had no answer{' on: ' + ', '.join(heads) if heads else ''}.",
            state.stage_rule.clause, "Answer first, or record that it was withdrawn.",
        )  # fmt: skip
    every = reckon(state, asked.calendars, asked.now)
    # Safeguarding's own are kept on its record, which is closed after them; until then its concern keeps the case open.
    dues = tuple(due for due in every if not is_safeguardings(due, state.procedure))
    if state.passed_to is not None:  # what passing it on brings is still owed; everything else ended with that
        dues = tuple(due for due in dues if due.derivation.event == "passed_on")
    explained = {moment.data.get("duty") for moment in state.all("lateness_explained")}
    for due in dues:
        if due.kind == "window" and due.status == "running":
            if "complainant_satisfied" in (asked.data.get("needs_met") or ()):
                continue
            raise Refused(f"The complainant may still ask to go on, until {due.due}.", due.clause,
                          "Wait, or record that they are satisfied.")  # fmt: skip
        # What was promised stays on its owner's list when the case is closed, until somebody shows that it is done.
        waits = due.kind not in ("window", "promised", "review") and due.strength == "must"
        owed = waits and due.status in ("running", "late", "paused")
        if owed and due.status == "late" and _is_over(state, due, dues):
            if due.duty not in explained:
                raise Refused(f"It was missed, and nobody has said why: {due.says}.", due.clause,
                              "Say why it was late.")  # fmt: skip
        elif owed and due.starts is not None and not tried_everything(state, due):
            raise Refused(
                f"Still owed: {due.says}.", due.clause, "Do it (late, if it must be), or let it go on its own grounds."
            )


def _nothing_owed_since(asked: Asked, taken_back_at: datetime | None) -> None:
    """Raises Refused while something is owed because it was taken back: the letter that says so, the own review."""
    for due in reckon(asked.state, asked.calendars, asked.now) if taken_back_at else ():
        clock = asked.state.procedure.duty(due.duty, due.stage).clock if due.kind == "duty" else None
        answer = clock is None or "responded" in (*clock.met_by, *clock.until)  # what was taken back is not answered
        owed = not answer and due.status in ("running", "late") and due.strength == "must"
        if owed and taken_back_at and begins_with_taking_back(due.derivation.event, due.starts, taken_back_at):
            raise Refused(f"Still owed: {due.says}.", due.clause, "Do it, late if it must be.")


def _is_over(state: CaseState, due: Due, dues: tuple[Due, ...]) -> bool:
    """Whether a duty that was missed can no more be done: its stage was left, consent was, or it began anew."""
    here = state.visit.number if state.visit else WHOLE_CASE
    left = due.visit not in (WHOLE_CASE, here)
    starts = [one.starts for one in dues if (one.duty, one.visit) == (due.duty, due.visit) and one.starts is not None]
    anew = (due.instance or "again_").startswith("again_") and due.starts is not None and due.starts < max(starts)
    return left or anew or agreed_no_more(state, due)


def _records_kept(asked: Asked) -> None:
    for rule in asked.state.procedure.records:
        if rule.needed_to in ("close", "closed") and holds(rule.only_if, asked.state):
            missing = [one for one in rule.fields if one not in asked.state.records.get(rule.key, frozenset())]
            if missing:
                raise Refused(f"The record lacks: {', '.join(m.replace('_', ' ') for m in missing)}.", rule.clause,
                              f"Complete the record '{rule.key}'.")  # fmt: skip


@command("reopen")
def reopen(asked: Asked) -> tuple[NewHappening, ...]:
    """Take a closed case up again, or one that was taken back and is made again, for a recorded reason."""
    if asked.state.is_open and asked.state.withdrawn_at is None:
        raise Refused("The case is open.", (), "Go on with it.")
    return (asked.event("reopened", reason=need(asked.data, "reason", "a reason")),)


@command("correct")
def correct(asked: Asked) -> tuple[NewHappening, ...]:
    """Say that an entry is wrong, what is right and why. The entry stays."""
    seq = asked.data.get("event")
    if not isinstance(seq, int) or not 1 <= seq <= asked.state.seq:
        raise Refused("There is no such entry.", (), f"Entries: 1 to {asked.state.seq}.")
    return (asked.event("corrected", event=seq, what=need(asked.data, "what", "what is right"),
                        why=need(asked.data, "why", "why")),)  # fmt: skip


@command("escalate")
def escalate(asked: Asked) -> tuple[NewHappening, ...]:
    """The system takes a step that a rule foresees when late: tells somebody, offers a stage, raises a concern."""
    state, key = asked.state, str(need(asked.data, "key", "which line"))
    due = next((one for one in reckon(state, asked.calendars, asked.now) if one.key == key), None)
    index = int(asked.data.get("step", 0))
    if due is None or due.status != "late" or index >= len(due.late_steps):
        raise Refused("Nothing of this is late.", (), "There is no step to take.")
    at, step = due.late_steps[index]
    if at > asked.now:
        raise Refused("The time for this step has not come.", due.clause, "Wait for it.")
    if (key, index) in state.fired:
        raise Refused("This step was taken.", due.clause, "It is taken once.")
    told = recipients(state.procedure, state, asked.roster, step.tell, asked.now)
    new = [
        asked.event(
            "escalated",
            stage=due.stage,
            key=key,
            duty=due.duty,
            step=index,
            offers=step.offers,
            raises=step.raises,
            tell=[{"kind": one.kind, "key": one.key, "word": one.word} for one in told],
        )
    ]
    if step.raises and step.raises not in {one.concern for one in state.open_concerns}:
        new.append(asked.event("concern_found", concern=step.raises, by_screen=False, because=[key]))
    return tuple(new)
