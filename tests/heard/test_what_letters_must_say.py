"""No letter leaves while something is missing that the procedure wants said, or unread for what it keeps out of it.

Each rule with `contains` or `leaves_out` is tried alone in its own stage: refused with all that is missing named,
refused again for each single item, and done when everything is said and somebody has made sure of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from heard.calendar import Calendars
from heard.case import Actor, Command, Refused, decide, replay
from heard.clock import reckon
from heard.ledger import NewHappening, number
from heard.owing import owed
from heard.people import Holding, Person, Roster
from heard.procedure import Duty, NotificationRule, Procedure
from heard.registry import load_procedures

INSTALLED = load_procedures()
SIX = ("children_act", "infinity_alliance", "ioi_support", "one_two_one_mentors", "stepping_stones", "west_sussex_home")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COMMANDS = {"acknowledged": "acknowledge", "responded": "respond", "first_answered": "answer_first"}
Rule = Duty | NotificationRule


def rules() -> Iterator[Any]:
    for key in SIX:
        procedure = INSTALLED.get(key)
        for stage in procedure.stages:
            yield from (pytest.param(key, stage.key, one.key, id=f"{key}:{stage.key}:{one.key}")
                        for one in stage.duties if one.contains or one.leaves_out)  # fmt: skip
        of_the_case: tuple[Rule, ...] = (*procedure.duties, *procedure.notification_rules)
        yield from (pytest.param(key, None, one.key, id=f"{key}:{one.key}")
                    for one in of_the_case if one.contains or one.leaves_out)  # fmt: skip


def alone(procedure: Procedure, stage: str | None, key: str) -> tuple[Procedure, Rule]:
    """The procedure with this rule as its only one, in a stage that somebody handles and that nothing stands before."""
    first = stage or next(one.key for one in procedure.stages if one.settles)
    rule: Rule
    if stage is None and any(one.key == key for one in procedure.notification_rules):
        rule = replace(procedure.notification_rule(key), only_if=None)
        own: dict[str, Any] = {"notification_rules": (rule,), "duties": ()}
    else:
        rule = replace(procedure.duty(key, stage), only_if=None, gives_date_for=None)  # its date is tried elsewhere
        own = {"notification_rules": (), "duties": () if stage else (rule,)}
    bare = replace(
        procedure.stage(first), duties=(rule,) if stage and isinstance(rule, Duty) else (), ways_on=(), decisions=(),
        instead=(), panel=None, people={"handles": ("the_handler",)},
    )  # fmt: skip
    roles = (replace(procedure.roles[0], key="the_handler", filled_by=(), stands_in=(), may_not_be=()),)
    stages = tuple(bare if one.key == first else one for one in procedure.stages)
    kept = replace(procedure, stages=stages, gates=(), suspensions=(), roles=(*roles, *procedure.roles), **own)
    return kept, rule


def act_of(rule: Rule, procedure: Procedure) -> tuple[str, dict[str, Any]]:
    """The command that is the rule's own act, with everything it wants but what must be said."""
    event = next(iter(rule.clock.met_by), "told")
    data: dict[str, Any] = {"record": dict.fromkeys(rule.must_record, "x")}
    if isinstance(rule, Duty):
        data["needs_met"] = list(rule.needs)
    if event == "told":
        whom = (rule.to if isinstance(rule, Duty) else rule.tell)[0]
        name = "rule" if isinstance(rule, NotificationRule) else "duty"
        channels = {"channel": rule.channels[0]} if rule.channels else {}
        return "tell", data | channels | {name: rule.key, "whom": whom}
    if event in COMMANDS:
        return COMMANDS[event], data | {"findings": {"one": "upheld"}}
    if any(one.key == event for one in procedure.milestones):
        return "reach", data | {"milestone": event}
    lessons = {"lessons": list(procedure.words.lessons[:1])} if event == "learning_reviewed" else {}
    return "record", data | lessons | {"event": event}


@pytest.mark.clause("IOI-20", "IOI-21", "IOI-39", "IOI-43", "IOI-44", "IOI-45", "WSX-6", "INF-7", "STS-7", "MEN-11")
@pytest.mark.parametrize(("key", "stage", "rule_key"), list(rules()))
def test_nothing_is_sent_while_something_is_missing(key: str, stage: str | None, rule_key: str) -> None:
    procedure, rule = alone(INSTALLED.get(key), stage, rule_key)
    held = Holding("mia", "the_handler", "p", "h", since=datetime(2024, 1, 1, tzinfo=UTC))
    roster = Roster(people=[Person("mia", "o", "Mia", works_for=("p",))], holdings=[held])
    received = {"operator": "o", "provider": "p", "home": "h", "kind": "complaint", "complainant": "young_person",
                "contactable": True, "about_a_child": True, "heads": [{"key": "one"}]}  # fmt: skip
    first = stage or next(one.key for one in procedure.stages if one.settles)
    rows = [
        NewHappening("received", NOW, "complainant", None, received),
        NewHappening("screened", NOW, "screen"),
        NewHappening("stage_opened", NOW, "system", first, {"stage": first}),
        NewHappening("assigned", NOW, "system", first, {"part": "handles", "person": "mia"}),
    ]
    state = replay(procedure, number(rows, 0, NOW))
    name, data = act_of(rule, procedure)
    calendars, actor = Calendars.of(procedure), Actor("mia", ("the_handler",))

    def does(contents: list[str], sure: Iterable[str] = rule.leaves_out) -> Any:
        asked = Command(name, data | {"contents": contents, "leaves_out": list(sure)})
        return decide(state, asked, actor=actor, now=NOW, calendars=calendars, roster=roster)

    if rule.contains:
        with pytest.raises(Refused) as nothing:
            does([])
        assert all(item in nothing.value.sentence for item in rule.contains) and nothing.value.clause == rule.clause
    for item in rule.contains:
        with pytest.raises(Refused) as short:
            does([one for one in rule.contains if one != item])
        assert short.value.sentence == f"It must also say: {item}."
    for item in rule.leaves_out:
        with pytest.raises(Refused) as unsure:
            does(list(rule.contains), [one for one in rule.leaves_out if one != item])
        assert (unsure.value.sentence, unsure.value.clause) == (f"It must not say: {item}.", rule.clause)
    (row,) = does(list(rule.contains))[:1]
    assert list(row.data.get("contents") or ()) == list(rule.contains)


@pytest.mark.clause("IOI-39")
def test_the_formal_answer_of_ioi_support_has_eight_things_in_it() -> None:
    duty = INSTALLED.get("ioi_support").duty("respond", "stage_2")
    assert len(duty.contains) == 8 and duty.clause == ("IOI-39",) and duty.form == "writing"
    for word in ("report", "details", "apology", "conclusions", "upheld", "lessons", "confirmation", "Stage 3"):
        assert any(word in item for item in duty.contains), word


@pytest.mark.clause("IOI-39")
def test_the_form_asks_for_everything_that_every_rule_kept_by_the_same_act_wants_said() -> None:
    """The day on which the investigation is recorded may keep two rules; the form of either asks what both want."""
    procedure = INSTALLED.get("one_two_one_mentors")
    stage = procedure.stage("stage_2")
    investigate = stage.duty("investigate")
    second = replace(investigate, key="second", contains=("what the second wants",), clock=replace(
        investigate.clock, before=None, within=investigate.clock.within or stage.duty("respond").clock.within,
        after=stage.duty("respond").clock.after,
    ))  # fmt: skip
    both = replace(procedure, stages=tuple(
        replace(one, duties=(*one.duties, second)) if one.key == "stage_2" else one for one in procedure.stages
    ))  # fmt: skip
    received = {"operator": "o", "provider": "p", "home": "h", "kind": "complaint", "complainant": "parent"}
    rows = [
        NewHappening("received", NOW, "complainant", None, received | {"heads": [{"key": "one"}]}),
        NewHappening("screened", NOW, "screen"),
        NewHappening("stage_opened", NOW, "system", "stage_2", {"stage": "stage_2"}),
    ]
    state = replay(both, number(rows, 0, NOW))
    dues = reckon(state, Calendars.of(both), NOW)
    found = [one for one in owed(state, dues, NOW) if one.data.get("event") == "investigation_recorded"]
    assert found and all({"what the second wants", *investigate.contains} == {*one.needs.contents} for one in found)
