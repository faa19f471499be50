"""What was decided in a case and holds: what an answer began, what is presumed until somebody decides, what ends it.

Owns `standing`, the answers that hold, each with since when and until what, and `reviews`, the lines by which they are
looked at again. Looking again is deciding again: the same question, with its reason, by those who may answer it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from heard.calendar import Calendars
from heard.casefile import WHOLE_CASE, CaseState
from heard.conditions import holds
from heard.derivation import Derivation, Due
from heard.happened import Moment
from heard.lengths import end
from heard.procedure import Answer, Decision


@dataclass(frozen=True, slots=True)
class Standing:
    """One answer: to which question, about whom, since when, and until what. `ended_at` is None while it holds.

    `presumed`: nobody has decided yet, and the procedure says that this holds meanwhile.
    """

    question: Decision
    instance: str | None
    answer: Answer
    since: datetime
    presumed: bool
    ended_at: datetime | None = None


def standing(state: CaseState) -> Iterator[Standing]:
    """Every answer that stands, in the order of the procedure: the stages that the case was in, then the whole case."""
    for question in asked(state):
        given = [moment for moment in state.all("decided") if moment.data["decision"] == question.key]
        for instance in dict.fromkeys(moment.data.get("instance") for moment in given):
            last = next(one for one in reversed(given) if one.data.get("instance") == instance)
            answer = next((one for one in question.answers if one.key == last.data["answer"]), None)
            if answer is not None:
                yield Standing(question, instance, answer, last.at, False, _ended(state, answer, last.seq))
        if not given and question.presumed and holds(question.only_if, state) and (began := _began(state, question)):
            answer = next(one for one in question.answers if one.key == question.presumed)
            if _ended(state, answer, began.seq) is None:
                for instance in [*state.subjects] if question.per == "named_person" else [None]:
                    yield Standing(question, instance, answer, began.at, True)


def asked(state: CaseState) -> tuple[Decision, ...]:
    """The questions of the stages that the case was in, and of the whole case."""
    stages = dict.fromkeys(visit.stage for visit in state.visits)
    own = (question for stage in stages for question in state.procedure.stage(stage).decisions)
    return (*own, *state.procedure.decisions)


def may_be_asked_again(state: CaseState, question: Decision, instance: str | None) -> bool:
    """Whether an answered question may be answered anew: it is looked at again, or what it began has ended."""
    found = [one for one in standing(state) if (one.question.key, one.instance) == (question.key, instance)]
    begins = any(answer.until for answer in question.answers)
    return bool(found) and (question.review_every is not None or (begins and found[-1].ended_at is not None))


def reviews(state: CaseState, calendars: Calendars, now: datetime) -> Iterator[Due]:
    """A line for each answer that holds and must be looked at again: as long after it was last decided as it says."""
    if not any(question.review_every for question in asked(state)):
        return  # as in most procedures: every case is reckoned often
    for one in standing(state):
        length = one.question.review_every
        if length is None or one.answer.until is None or one.ended_at is not None or not state.is_open:
            continue
        ended = end(length, one.since, calendars)
        yield Due(
            key=f"case:look_again_{one.question.key}:{int(one.since.timestamp())}:{one.instance or ''}",
            stage=one.question.stage,
            duty=f"look_again_{one.question.key}",
            instance=one.instance,
            says=f"Look again: {one.question.asks}",
            clause=one.question.clause,
            source=one.question.source,
            strength="must",
            kind="review",
            to=(),
            starts=one.since,
            within=f"every {length}",
            due=ended.due,
            due_at=ended.due_at,
            first_due=ended.due,
            status="late" if ended.due_at is not None and ended.due_at <= now else "running",
            met_at=None,
            derivation=Derivation(f"every {length}", "decided", one.since, ended.count, used_calendar=ended.calendar),
            lateness="breach" if ended.due_at is not None and ended.due_at <= now else "",
            visit=WHOLE_CASE,
            by=one.question.by,
        )


def _began(state: CaseState, question: Decision) -> Moment | None:
    """When the question first arose; None where nothing says when it does, or that has not happened."""
    after = question.clock.after
    found = [moment for event in after.events if (moment := state.first(event))] if after else []
    return min(found, key=lambda moment: moment.seq, default=None)


def _ended(state: CaseState, answer: Answer, since: int) -> datetime | None:
    if answer.until is None:
        return None
    return next((moment.at for moment in state.all(answer.until) if moment.seq > since), None)
