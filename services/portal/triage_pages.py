"""The lead's questions about a report, as pages: which reports wait for answers, and the questions of one.

STEP 2 for people. Danger now stands first, with 999 above it; then the limbs of the LADO's threshold one by one, and
what was found. Whatever else the provider's procedure and its laws ask is a line each, which opens to be answered: what
is not answered yet, then what was. What was answered before is filled in when it is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Invalid, Refused
from services.portal.doorkeeper import me, reach

pages = Blueprint("triage", __name__)
ANSWERS = {"yes": "Yes", "no": "No", "not_known": "Not known"}
UNANSWERED = "Answer yes, no or not known"


@pages.get("/alerts/questions")
def waiting() -> str:
    """The reports whose questions this person has still to answer."""
    found = reach().calls.safeguarding.to_triage(person_id=me()["id"])
    return render_template("safeguarding/questions_waiting.html", waiting=found)


@pages.get("/records/<report_id>/questions")
def ask(report_id: str) -> str:
    """The questions about one report."""
    return _show(report_id, {}, None)


@pages.post("/records/<report_id>/questions")
def answer(report_id: str) -> Answer | tuple[str, int]:
    """They are answered, all of them, with the decision and its reason."""
    calls, person = reach().calls.safeguarding, me()["id"]
    questions = calls.record(person_id=person, report_id=report_id)["triage"]["questions"]
    answers = read_answers(questions, request.form)
    faults = {one["concern"]: UNANSWERED for one in questions if answers[one["concern"]] is None}
    faults |= {} if request.form.get("decision") else {"decision": "Choose what you decide"}
    faults |= {} if request.form.get("reason", "").strip() else {"reason": "Enter the reason for your decision"}
    refused: Refused | None = None
    if not faults:
        try:
            calls.triage(
                person_id=person, report_id=report_id, answers=answers, decision=request.form["decision"],
                reason=request.form["reason"].strip(), reasons=_reasons(questions, request.form),
            )  # fmt: skip
        except Refused as no:
            refused = no
        except Invalid as wrong:
            faults = {name: " ".join(map(str, said)) for name, said in wrong.fields.items()}
        else:
            return redirect(url_for("safeguarding.record", report_id=report_id), 303)
    return _show(report_id, faults, refused), 409 if refused else 422


def read_answers(questions: Sequence[Mapping[str, Any]], form: Mapping[str, str]) -> dict[str, Any]:
    """What was answered by concern; None where nothing was, or something else than can be.

    "No to the rest" answers only what was left empty.
    """
    rest = "no" if form.get("rest") == "no" else ""
    said = {name: value or rest for name, value in form.items()}
    found: dict[str, Any] = {}
    for one in questions:
        key = one["concern"]
        if one["one_is_enough"] and one["asks"]:
            each = [said.get(f"each-{key}-{n}", rest) for n in range(1, len(one["asks"]) + 1)]
            found[key] = each if all(one in ANSWERS for one in each) else None
        else:
            answer = said.get(f"answer-{key}", rest)
            found[key] = answer if answer in ANSWERS else None
    return found


def _reasons(questions: Sequence[Mapping[str, Any]], form: Mapping[str, str]) -> dict[str, str]:
    said = {one["concern"]: form.get(f"why-{one['concern']}", "").strip() for one in questions}
    return {key: why for key, why in said.items() if why}


def in_groups(
    questions: Sequence[Mapping[str, Any]], said: Mapping[str, str], faults: Mapping[str, str]
) -> dict[str, list[Mapping[str, Any]]]:
    """The questions that stand open, those nobody has answered, and those that somebody has, each with its answer."""
    found: dict[str, list[Mapping[str, Any]]] = {"first": [], "open": [], "answered": []}
    for one in questions:
        answer = None if one["concern"] in faults else said.get(f"answer-{one['concern']}") or one["answer"]
        first = one.get("first") or one["found"] or (one["one_is_enough"] and one["asks"])
        found["first" if first else "answered" if answer else "open"].append({**one, "answer": answer})
    return found


def _show(report_id: str, faults: Mapping[str, str], refused: Refused | None) -> str:
    record = reach().calls.safeguarding.record(person_id=me()["id"], report_id=report_id)
    groups = in_groups(record["triage"]["questions"], request.form, faults)
    return render_template(
        "safeguarding/questions.html", record=record, triage=record["triage"], report_id=report_id, wrong=faults,
        refused=refused, said=request.form, groups=groups, faults=_listed(groups, faults), answers=ANSWERS,
    )  # fmt: skip


def _listed(groups: Mapping[str, Sequence[Mapping[str, Any]]], faults: Mapping[str, str]) -> dict[str, str]:
    """What is missing, by where it stands on the page; the questions that are a line each in one sentence."""
    found, unanswered = {}, [one["concern"] for one in groups["open"] if one["concern"] in faults]
    for one in groups["first"]:
        if one["concern"] in faults:
            place = f"each-{one['concern']}-1" if one["one_is_enough"] and one["asks"] else f"answer-{one['concern']}"
            found[place] = f"{one['says']}: {faults[one['concern']].lower()}"
    if unanswered:
        many = f"{len(unanswered)} more questions are" if len(unanswered) > 1 else "One more question is"
        found[f"asked-{unanswered[0]}"] = f"{many} not answered: answer what may be so, and say no to the rest"
    known = {one["concern"] for these in groups.values() for one in these}
    return found | {name: said for name, said in faults.items() if name not in known}
