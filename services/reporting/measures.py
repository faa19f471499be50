"""The measures of a report, one function each: from the cases that may be counted to numbers. Pure.

The words are the language's closed list (`heard.vocabulary.MEASURES`); a test holds the two together. A number below
the report's `hide_below` in a breakdown is not shown, and where it could be had by subtraction neither is the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from heard.procedure import Procedure, Report
from heard.undertakings import DUTY

Case = Mapping[str, Any]
"""A case's summary with its ``id`` and ``reference``."""
Measure = Callable[[Sequence[Case], Procedure, Report], dict[str, Any]]

UPHELD = ("upheld", "partly_upheld")


def came_in(cases: Sequence[Case]) -> list[Case]:
    """Those that somebody reported: a case that grew out of another is no second complaint."""
    return [case for case in cases if not case.get("linked")]


def complaints(cases: Sequence[Case]) -> list[Case]:
    """Those that are complaints: not thanks, and not comments that nobody had to answer."""

    def no_complaint(case: Case) -> bool:
        return case["kind"] == "compliment" or (case["kind"] == "comment" and not any(case["findings"].values()))

    return [case for case in came_in(cases) if not no_complaint(case)]


def received(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """How many came in, by kind, formality and stage reached, how many are still open, and which second cases grew."""
    names = {stage.key: stage.name for stage in procedure.stages}
    second = {one.key: one.name for one in procedure.linked_cases}
    grown = Counter(second.get(case["linked"], case["linked"]) for case in cases if case.get("linked"))
    cases = came_in(cases)
    return {
        "total": len(cases),
        "by_kind": dict(Counter(str(case["kind"]) for case in cases)),
        "by_formality": dict(Counter(str(case["formality"] or "not said") for case in complaints(cases))),
        "by_stage": dict(Counter(names.get(stage, stage) for case in cases for stage in case["stages"])),
        "open": sum(1 for case in cases if not case["closed_at"] and not case["passed_to"]),
        "closed": sum(1 for case in cases if case["closed_at"]),
        "withdrawn": sum(1 for case in cases if case["withdrawn"]),
        "from_an_earlier_log": sum(1 for case in cases if case.get("imported")),
        "second_cases": dict(grown),
    }


def upheld(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """Findings, head by head, and how many complaints were upheld in full or in part."""
    cases = came_in(cases)
    found = Counter(finding for case in cases for finding in case["findings"].values() if finding)
    return {
        "by_finding": {one: found.get(one, 0) for one in dict.fromkeys((*procedure.words.findings, *found))},
        "complaints_upheld": sum(1 for case in cases if _upheld(case)),
        "no_finding_yet": sum(1 for case in complaints(cases) if not any(case["findings"].values())),
    }


def categories(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """What they were about, in the provider's own words; a complaint may be about several things."""
    counted = Counter(category for case in came_in(cases) for category in case["categories"])
    listed = {category: counted.get(category, 0) for category in (*procedure.words.categories, *counted)}
    none = sum(1 for case in complaints(cases) if not case["categories"])
    return {"by_category": hidden(listed, report.hide_below), "without_category": none}


def on_time(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """Each promise with its clause: how often it was kept, kept late, not kept, excused, and is not yet due.

    `more_time` was given so often; `kept_with_more_time` of those kept would have been late without it.
    """
    lines: dict[tuple[str | None, str], dict[str, Any]] = {}
    for case in cases:
        for due in case["dues"]:
            if due["strength"] == "comparison" or due["status"] in ("waiting", "lapsed"):
                continue
            line = lines.setdefault((due["stage"], due["duty"]), _no_line(due))
            counts_as = _counts_as(due)
            line[counts_as] += 1
            line["more_time"] += bool(due.get("more_time"))
            line["kept_with_more_time"] += bool(due.get("beyond_first")) and counts_as == "on_time"
    return {"duties": list(lines.values()), "late": sum(line["late"] + line["kept_late"] for line in lines.values())}


def _no_line(due: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: due[name] for name in ("stage", "duty", "says", "clause", "source", "strength")}
    counts = ("on_time", "kept_late", "late", "excused", "not_yet_due", "more_time", "kept_with_more_time")
    return named | dict.fromkeys(counts, 0)


def _counts_as(due: Mapping[str, Any]) -> str:
    if due["status"] in ("late", "met late") and due["lateness"] == "ageing":  # past a house target, not past a limit
        return "on_time" if due["status"] == "met late" else "not_yet_due"
    kept = {"met": "on_time", "met late": "kept_late", "late": "late", "excused": "excused"}
    return kept.get(str(due["status"]), "not_yet_due")


def lessons(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """In how many cases what was learned was looked at, what it was about, and in which upheld or closed ones not."""
    reviews = [(case["id"], one) for case in cases for one in case["actions"] if one["event"] == "learning_reviewed"]
    learned = {case_id for case_id, _ in reviews}
    about = Counter(lesson for _, one in reviews for lesson in one.get("lessons") or ())
    missing = [case for case in complaints(cases) if case["id"] not in learned]
    return {
        "reviewed": len(learned),
        "upheld_without_review": [case["reference"] for case in missing if _upheld(case)],
        "closed_without_review": [case["reference"] for case in missing if case["closed_at"]],
        "by_lesson": {lesson: about.get(lesson, 0) for lesson in dict.fromkeys((*procedure.words.lessons, *about))},
    }


def _upheld(case: Case) -> bool:
    return bool(set(case["findings"].values()) & set(UPHELD))


def actions(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """What was promised and what became of it, open until somebody showed that it is done; and what was decided."""
    promised = Counter(due["status"] for case in cases for due in case["dues"] if due["duty"] == DUTY)
    still = ("running", "late")
    open_in = [case["reference"] for case in cases
               if any(due["duty"] == DUTY and due["status"] in still for due in case["dues"])]  # fmt: skip
    decided = Counter(action["code"] for case in cases for action in case["actions"] if action["code"])
    return {
        "agreed": promised.total(), "done": promised["met"] + promised["met late"], "done_late": promised["met late"],
        "open": promised["running"] + promised["late"], "late": promised["late"], "let_go": promised["excused"],
        "open_in": open_in, "decisions": dict(decided),
    }  # fmt: skip


def ombudsman(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """How many were passed on to the ombudsman, referred there early, or went through every stage and may go there."""
    bodies = {contact.key for contact in procedure.contacts if contact.is_ == "ombudsman"} | {"ombudsman"}
    final = {stage.key for stage in procedure.stages if stage.final}
    every = (*procedure.decisions, *(one for stage in procedure.stages for one in stage.decisions))
    referred = {f"{one.key}.{answer.key}" for one in every for answer in one.answers if bodies & {*answer.tells}}
    cases = came_in(cases)
    return {
        "passed_on": sum(1 for case in cases if case["passed_to"] in bodies),
        "referred_early": sum(1 for case in cases if referred & {action["code"] for action in case["actions"]}),
        "through_every_stage": sum(1 for case in cases if final & set(case["stages"])),
    }


def trends(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """By month and by home, so that what repeats can be seen."""
    months = Counter(str(case["received_at"])[:7] for case in came_in(cases))
    homes = Counter(str(case["home"]) for case in came_in(cases))
    return {"by_month": dict(sorted(months.items())), "by_home": dict(homes)}


def compliments(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """How many said thank you."""
    return {"total": sum(1 for case in cases if case["kind"] == "compliment")}


def each_case_and_action(cases: Sequence[Case], procedure: Procedure, report: Report) -> dict[str, Any]:
    """Each case in a line: what it was, how it went, what was done, and which promises were not kept in time."""
    names = {stage.key: stage.name for stage in procedure.stages}
    shown = ("id", "reference", "kind", "formality", "home", "categories", "received_at", "findings", "outcome",
             "closed_at", "withdrawn", "passed_to", "actions", "imported")  # fmt: skip
    return {
        "cases": [
            {name: case.get(name) for name in shown}
            | {
                "stages": [names.get(stage, stage) for stage in case["stages"]],
                "late": [due["says"] for due in case["dues"] if _counts_as(due) in ("late", "kept_late")],
            }
            for case in cases
        ]
    }


def equality(answers: Sequence[Mapping[str, str]], report: Report) -> dict[str, Any]:
    """Answers to the equality questions, counted apart from any case; small numbers are not shown."""
    counted: dict[str, Counter[str]] = {}
    for one in answers:
        for question, answer in one.items():
            counted.setdefault(question, Counter())[answer] += 1
    few = len(answers) < (report.hide_below or 0)
    shown = {question: hidden(dict(counts), report.hide_below) for question, counts in counted.items()}
    # Not even which answers were given by few: that a single one stands there may say who gave it.
    return {
        "answered": None if few else len(answers),
        "by_question": {
            question: {answer: number for answer, number in counts.items() if number is not None}
            for question, counts in shown.items()
            if not few
        },
    }


def hidden(counts: Mapping[str, int], below: int | None) -> dict[str, int | None]:
    """The counts with those from 1 to `below` - 1 taken out (None); one alone takes the next smallest with it."""
    if not below:
        return dict(counts)
    small = {key for key, number in counts.items() if 0 < number < below}
    if len(small) == 1:
        others = [(number, key) for key, number in counts.items() if key not in small and number]
        small |= {min(others)[1]} if others else set()
    return {key: None if key in small else number for key, number in counts.items()}


MEASURES: Mapping[str, Measure] = {
    "received": received,
    "upheld": upheld,
    "categories": categories,
    "on_time": on_time,
    "lessons": lessons,
    "actions": actions,
    "ombudsman": ombudsman,
    "trends": trends,
    "compliments": compliments,
    "each_case_and_action": each_case_and_action,
}
"""Every measure but two: `equality` is counted from answers, and `standing_duties` where no case is."""
