"""What is asked about a case so that it goes the right way: what it is, the procedure's questions, consent, heads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from heard.casefile import CaseState
from heard.circumstances import CHANGES
from heard.commands import held_back
from heard.conditions import holds
from heard.offer import Candidate, Needs
from heard.opening import may_be_sorted
from heard.owing import ANSWERED
from heard.speaking_up import WHISTLEBLOWING, is_a_workers, may_choose
from heard.standing import may_be_asked_again
from heard.when import Test

COUNCIL = "about_authority_functions"


def questions(state: CaseState) -> Iterator[Candidate]:
    """The questions that are open now, in the order of the page."""
    yield from _sorting(state)
    yield from _questions(state)
    yield from _circumstances(state)
    yield from _heads(state)


def _sorting(state: CaseState) -> Iterator[Candidate]:
    """What it is, where that decides the way in: another kind, or a matter that another procedure is for.

    What a worker chooses is asked at any time: from then on fewer people know of it, or more.
    """
    procedure, why = state.procedure, ("reason",)
    categories = procedure.words.categories
    if state.is_open and categories:
        now = [word for word in state.received.get("category") or () if word in categories] or [categories[0]]
        asks = Needs(choices={"category": categories})
        yield Candidate("categorise", "Say what it is about", {}, asks, procedure.words.clause, {"category": now})
    if state.is_open and may_choose(state):
        label = "Record that they wish it to be dealt with as whistleblowing"
        yield Candidate("reclassify", label, {"kind": WHISTLEBLOWING}, Needs(texts=("reason",)))
    if state.is_open and is_a_workers(state):
        label = "Record that they wish it to be an ordinary complaint"
        agreed = Needs(needs_met=("complainant_agreed",), texts=("reason",))
        yield Candidate("reclassify", label, {"kind": "complaint"}, agreed)
        return
    if not may_be_sorted(state):
        return
    asked = {test.key for way in procedure.ways_in if way.only_if for test in way.only_if.walk()}
    others = tuple(kind for kind in procedure.words.kinds if kind != state.received.get("kind"))
    if "kind" in asked and others:
        yield Candidate("reclassify", "Say what it is", {}, Needs(choices={"kind": others}, texts=why))
    meant = {"formal": "informal", "informal": "formal"}.get(str(state.received.get("formality")))
    if "formality" in asked and meant:
        only_if = ("complainant_agreed",) if meant == "informal" else ()
        label = f"Record that it was meant as {'an' if meant == 'informal' else 'a'} {meant} complaint"
        yield Candidate("reclassify", label, {"formality": meant}, Needs(needs_met=only_if, texts=why))
    for way in procedure.ways_in:
        if way.passes_to and way.only_if and Test(key=COUNCIL, wants=True) in way.only_if.tests:
            yield Candidate("reclassify", f"Pass it on. {way.says}", {COUNCIL: True}, Needs(texts=why), way.clause)


def _questions(state: CaseState) -> Iterator[Candidate]:
    rules = state.stage_rule
    for question in (*(rules.decisions if rules else ()), *state.procedure.decisions):
        instances = list(state.subjects) if question.per == "named_person" else [None]
        for instance in instances if holds(question.only_if, state) else ():
            again = (question.key, instance) in state.decided
            if again and not may_be_asked_again(state, question, instance):
                continue
            answers = tuple(answer.key for answer in question.answers)
            dates = ("date",) if any(answer.with_date for answer in question.answers) else ()
            data = {"decision": question.key} | ({"instance": instance} if instance else {})
            needed = tuple(dict.fromkeys(one for answer in question.answers for one in answer.needs))
            shut = held_back(state, question.key)
            choices = {"answer": answers} | ({"basis": shut.except_} if shut and shut.except_ else {})
            label = f"Look again: {question.asks}" if again else question.asks
            yield Candidate("decide", label, data,
                             Needs((), needed, choices, (), dates, question.must_record),
                             question.clause)  # fmt: skip
    for fact in state.procedure.facts:
        known = fact.key in state.facts or fact.key in (state.received.get("facts") or {})
        if not known and holds(fact.only_if, state):
            yield Candidate(
                "answer_fact", fact.asks, {"fact": fact.key}, Needs(choices={"value": fact.one_of}), fact.clause
            )


def _circumstances(state: CaseState) -> Iterator[Candidate]:
    """What may change in a child's life meanwhile; and consent that has ended is asked for again."""
    if state.received.get("about_a_child") or state.received.get("children"):
        needs = Needs(choices={"change": CHANGES})
        yield Candidate("note_change", "Record a change in the young person's life", {}, needs)
    for whose, answer in state.consent.items():
        needs = Needs(choices={"answer": tuple(one for one in ANSWERED if one != answer)})
        label, data = "Record that consent has changed", {"of": whose, "anew": True}
        if answer == "given":
            needs = replace(needs, texts=("reason",))
        if answer == "pending":
            asked_before = state.first("consent_answered") is not None
            label, data = "Ask again for consent" if asked_before else "Ask for consent", {"of": whose}
        yield Candidate("answer_consent", f"{label}: {whose.replace('_', ' ')}", data, needs)


def _heads(state: CaseState) -> Iterator[Candidate]:
    more = tuple(one for one in state.procedure.words.categories if one not in state.heads)
    heads = Needs(choices={"key": more} if more else {}, texts=() if more else ("key",), dates=("since",))
    yield Candidate("add_head", "Tell apart another thing that is complained of", {}, heads)
    living = state.living_heads()
    for head in living if len(living) > 1 else ():
        called, others = head.key.replace("_", " "), tuple(one.key for one in living if one.key != head.key)
        yield Candidate("withdraw_head", f"Record that they take back one thing: {called}", {"key": head.key})
        label = f"Deal with it together with another thing again: {called}"
        yield Candidate("merge_heads", label, {"key": head.key}, Needs(choices={"into": others}))
