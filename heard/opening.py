"""A report becomes a case: the way in, who and what it is about, the time bar, consent, and what the screen found.

Owns the first events of every ledger and the commands that say more about what was received. Safeguarding comes before
all of it: nothing here can refuse a report, and nothing is passed on to somebody else before it was screened.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from heard.calendar import Calendars
from heard.casefile import CaseState
from heard.commands import Asked, Refused, command, ground, holds_word, need, needs
from heard.conditions import holds
from heard.consent import whose
from heard.exclusions import struck
from heard.instants import london_day, months_on
from heard.ledger import NewHappening, number
from heard.procedure import Procedure, WayIn
from heard.speaking_up import WHISTLEBLOWING, is_a_workers
from heard.taking import SAID_ANEW
from heard.vocabulary import ANSWERS


def open_case(
    procedure: Procedure, received: Mapping[str, Any], at: datetime, now: datetime, *, by: str = "complainant",
    calendars: Calendars | None = None,
) -> tuple[NewHappening, ...]:  # fmt: skip
    """The first events of a case received at `at`: `received`, whom it names, and the first stage.

    A way in that passes the matter to another body waits for the screening; one that is out of time waits for the
    person who decides about it. `received` as in `heard.ledger`; its `subjects` are written as `named` events.
    """
    data = {key: value for key, value in received.items() if key not in ("subjects", "concerns")}
    new = [NewHappening("received", at, by, None, data)]
    new += [NewHappening("named", at, by, None, _subject(one, {})) for one in received.get("subjects") or ()]
    new += [NewHappening("concern_found", at, by, None, dict(one)) for one in received.get("concerns") or ()]
    state = CaseState(procedure)
    for happening in number(new, 0, now):
        state = state.then(happening)
    way = way_in(state)
    if way is not None and way.starts_at and not out_of_time(state, way, calendars):
        new.append(NewHappening("stage_opened", at, "system", way.starts_at, _opened(way)))
    return tuple(new)


def _opened(way: WayIn) -> dict[str, Any]:
    return {"stage": way.starts_at, "way_in": way.key} | ({"offers": list(way.offers)} if way.offers else {})


def way_in(state: CaseState) -> WayIn | None:
    """The first way in whose condition holds now; the first stage's own where none does.

    A worker's report of wrongdoing goes by a way that names it, else to the first formal stage: it is never settled by
    talking it over, or passed to somebody else because of whom it is about.
    """
    ways = [way for way in state.procedure.ways_in if not is_a_workers(state) or _names(way, WHISTLEBLOWING)]
    for way in ways:
        if holds(way.only_if, state):
            return way
    formal = next((one for one in state.procedure.stages if one.formal), None) if is_a_workers(state) else None
    if formal is not None:
        return WayIn(key=WHISTLEBLOWING, starts_at=formal.key, source="house default")
    first = next(iter(state.procedure.stages), None)
    return WayIn(key="otherwise", starts_at=first.key, source="house default") if first else None


def _names(way: WayIn, kind: str) -> bool:
    tests = way.only_if.walk() if way.only_if else ()
    return any(test.key == "kind" and isinstance(test.wants, tuple) and kind in test.wants for test in tests)


def out_of_time(state: CaseState, way: WayIn, calendars: Calendars | None = None) -> bool:
    """Whether the way in has a time bar and the matter is older; nobody is barred by what nobody asked."""
    length, after = way.clock.within, way.clock.after
    if length is None or after is None or state.received_at is None:
        return False
    if state.moments.get("accepted_late") or state.received.get("kind") not in (None, "complaint", "concern"):
        return False
    moments = [moment for event in after.events if (moment := state.first(event)) is not None]
    if not moments:
        return False
    start = london_day(min(moment.at for moment in moments))
    if length.unit in ("months", "years"):
        last = months_on(start, length.amount * (12 if length.unit == "years" else 1))
    else:
        known = calendars or Calendars.of(state.procedure)
        last = known[length.calendar or "calendar_days"].add(start, length.amount).due
    return london_day(state.received_at) > last


def _subject(one: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("subject", "person", "role", "roles", "head", "identified", "might_be", "works_for", "reason")
    return {key: one[key] for key in kept if one.get(key) is not None} | dict(extra)


def reconsidered(asked: Asked, new: list[NewHappening]) -> list[NewHappening]:
    """What follows from new facts about the report: another way in, and people who must now stand down."""
    state = asked.after(new)
    out = struck(state.procedure, state, asked.roster)
    for held in state.assignments:
        if held.who in out and held.stood_down is None:
            new.append(
                asked.event("stood_down", asked.now, held.stage, part=held.part, person=held.who, why=out[held.who])
            )
    way = way_in(state)
    if way is None or len(state.visits) > 1 or not state.is_open or state.withdrawn_at or has_begun(state):
        return new  # what was taken back is on no way any more, whatever it turns out to be
    if way.passes_to:
        if state.screened and not state.open_concerns and (not way.needs or asked.data.get("needs_met")):
            new.append(asked.event("passed_on", asked.now, to=way.passes_to, way_in=way.key))
    elif way.starts_at and way.starts_at != state.stage and not out_of_time(state, way, asked.calendars):
        new.append(NewHappening("stage_opened", state.received_at or asked.now, "system", way.starts_at, _opened(way)))
    return new


def may_be_sorted(state: CaseState) -> bool:
    """Whether saying what it is can still lead it another way: nobody has acted yet in its first stage."""
    return state.is_open and len(state.visits) == 1 and not has_begun(state)


def has_begun(state: CaseState) -> bool:
    """Whether somebody has already acted in the first stage, so that the way in stays as it is."""
    acts = ("acknowledged", "responded", "first_answered", "asked_to_go_on", "milestone_reached")
    own = {one.key for one in state.stage_rule.decisions} if state.stage_rule else set()
    decided = any(moment.data["decision"] in own for moment in state.all("decided"))
    return decided or any(state.moments.get(act) for act in acts)


@command("screen")
def screen(asked: Asked) -> tuple[NewHappening, ...]:
    """Safeguarding has looked: whom the report is about, what it found. Opens the case to those who may see it."""
    new = [asked.event("named", **_with_roles(asked, one)) for one in asked.data.get("subjects") or ()]
    for one in asked.data.get("concerns") or ():
        new.append(asked.event("concern_found", **{"by_screen": True, **one}))
    new.append(asked.event("screened", subjects=len(asked.data.get("subjects") or ())))
    return tuple(reconsidered(asked, new))


def _with_roles(asked: Asked, one: Mapping[str, Any]) -> dict[str, Any]:
    person = one.get("person")
    if not person:
        return _subject(one, {})
    provider = asked.state.received.get("provider")
    held, employer = asked.roster.roles_of(person, asked.now, provider), asked.roster.employer_of(person, provider)
    known = {"roles": list(held)} if held else {}
    return _subject(one, known | ({"works_for": employer} if employer else {}))


@command("name")
def name(asked: Asked) -> tuple[NewHappening, ...]:
    """Say whom the complaint is about: a person, or a role, or words that could mean several."""
    data = asked.data
    if not (data.get("person") or data.get("role") or data.get("subject")):
        raise Refused("This needs a person, a role, or the words used.", (), "Say at least one of them.")
    if data.get("person") and data["person"] not in asked.roster.people:
        raise Refused("There is no such person in the directory.", (), "Add them to the directory first.")
    identified = bool(data.get("identified", data.get("person") is not None))
    subject = data.get("subject") or data.get("person") or data.get("role")
    one = _with_roles(asked, {**data, "subject": subject, "identified": identified})
    return tuple(reconsidered(asked, [asked.event("named", **one)]))


@command("identify")
def identify(asked: Asked) -> tuple[NewHappening, ...]:
    """Record who somebody known only by a few words is. Whoever it is stands down and is shut out at once."""
    subject = str(need(asked.data, "subject", "which subject is meant"))
    need(asked.data, "person", "the person it is")
    if subject not in asked.state.subjects:
        raise Refused("The complaint names no such subject.", (), "Choose one of those it names.")
    return name(asked)


@command("answer_fact")
def answer_fact(asked: Asked) -> tuple[NewHappening, ...]:
    """Answer one of the provider's own questions."""
    key = need(asked.data, "fact", "which question is answered")
    fact = next((one for one in asked.state.procedure.facts if one.key == key), None)
    if fact is None:
        known = ", ".join(one.key for one in asked.state.procedure.facts) or "none"
        raise Refused(f"This procedure does not ask '{key}'.", (), f"It asks: {known}.")
    value = need(asked.data, "value", "an answer")
    if value not in fact.one_of:
        raise Refused(f"'{value}' is no answer to '{fact.asks}'", fact.clause, f"Answers: {', '.join(fact.one_of)}.")
    return tuple(reconsidered(asked, [asked.event("fact_answered", fact=key, value=value)]))


@command("answer_consent")
def answer_consent(asked: Asked) -> tuple[NewHappening, ...]:
    """Record what the young person (or who speaks for them) said to being spoken for. No answer ever stops the case.

    What was owed only because they agreed ends when they take that back; why they did is written down.
    """
    answer = need(asked.data, "answer", "what they answered")
    allowed = ANSWERS["consent_answered"]
    if answer not in allowed:
        raise Refused(f"'{answer}' is no answer to a question of consent.", (), f"Answers: {', '.join(allowed)}.")
    one = whose(asked.data)
    taken_back = asked.state.consent.get(one) == "given" != answer
    reason = need(asked.data, "reason", "why that has changed") if taken_back else asked.data.get("reason")
    return (asked.event("consent_answered", of=one, answer=answer, reason=reason),)


@command("reclassify")
def reclassify(asked: Asked) -> tuple[NewHappening, ...]:
    """Say that it is of another kind, formality or category than first thought, or not this procedure's, and why."""
    changed = {key: asked.data[key] for key in SAID_ANEW if key in asked.data}
    if not changed:
        raise Refused("This needs what it is now.", (), "Give a kind, formality, category, matter or severity.")
    reason = need(asked.data, "reason", "a reason")
    if "category" in changed:
        changed["category"] = categories(asked)
    kinds = (*asked.state.procedure.words.kinds, WHISTLEBLOWING)
    kind = changed.get("kind", kinds[0])
    if kind not in kinds:
        raise Refused(f"'{kind}' is no kind of this procedure.", (), f"Kinds: {', '.join(kinds)}.")
    if changed.get("formality") == "informal" and asked.state.received.get("formality") == "formal":
        needs(asked, ("complainant_agreed",), ())  # days that were promised would fall away
    if is_a_workers(asked.state) and kind != WHISTLEBLOWING:
        needs(asked, ("complainant_agreed",), ())  # more people will know of it
    return tuple(reconsidered(asked, [asked.event("reclassified", reason=reason, **changed)]))


def categories(asked: Asked) -> list[str]:
    """What it is said to be about, in the procedure's words. Raises Refused."""
    said, words = need(asked.data, "category", "what it is about"), asked.state.procedure.words
    listed = [said] if isinstance(said, str) else [str(one) for one in said]
    unknown = [one for one in listed if one not in words.categories]
    if unknown:
        raise Refused(f"It cannot be about '{'; '.join(unknown)}' here.", words.clause,
                      f"It can be about: {'; '.join(words.categories) or 'nothing'}.")  # fmt: skip
    return listed


@command("categorise")
def categorise(asked: Asked) -> tuple[NewHappening, ...]:
    """Say what it is about, in the procedure's words. A way in that goes by that is gone again."""
    return tuple(reconsidered(asked, [asked.event("reclassified", category=categories(asked))]))


def _barred_way(asked: Asked) -> WayIn:
    way = way_in(asked.state)
    if way is None or asked.state.visits or not out_of_time(asked.state, way, asked.calendars):
        raise Refused("This complaint is not out of time.", (), "It goes on as it stands.")
    if way.late is not None:
        holds_word(asked, way.late.decided_by, way.clause, "decide whether it is taken late")
    return way


@command("accept_late")
def accept_late(asked: Asked) -> tuple[NewHappening, ...]:
    """Take a complaint that is out of time, on a recorded ground."""
    way = _barred_way(asked)
    grounds = ground(asked, way.late.accepted_if if way.late else (), way.clause)
    why = asked.data.get("why")
    if way.late and asked.actor.is_person:
        need(asked.data, "why", "why it came late, in words")
    opened = NewHappening("stage_opened", asked.state.received_at or asked.now, "system", way.starts_at, _opened(way))
    return (asked.event("accepted_late", grounds=grounds, why=why), opened)


@command("refuse_late")
def refuse_late(asked: Asked) -> tuple[NewHappening, ...]:
    """Refuse a complaint that is out of time; the reason and what else the person can do are told."""
    way = _barred_way(asked)
    if asked.state.open_concerns:
        raise Refused(
            "A concern is open, and a concern has no time limit.", way.clause, "Clear or close the concern first."
        )
    reason = need(asked.data, "reason", "a reason")
    words = need(asked.data, "words", "the letter that says why, and whom else they can ask")
    refused = asked.event("refused_late", way_in=way.key, reason=reason, words=words)
    return (refused, asked.event("closed", outcome="out_of_time"))
