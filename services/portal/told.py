"""What somebody told, all questions answered: how it reads to them, and the report as intake takes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from heard.procedure import Procedure
from services.portal import along, told_before
from services.portal.form_words import who
from services.portal.languages import as_written, say
from services.portal.offered import is_a_home, worries
from services.portal.plain_words import sentence
from services.portal.sorts import SORTS
from services.portal.tell import WAYS_TO_REACH, Question, advocate_answers, may_refuse, path


def summary(said: Mapping[str, Any], procedure: Procedure) -> list[tuple[Question, str]]:
    """What "check your answers" shows: each question with its answer in words."""
    ticked = dict(worries(procedure))
    yes, no = advocate_answers(said, procedure)
    age = say("Age %(years)s", years=said["child_age"]) if said.get("child_age") else ""
    wish = SORTS[said["sort"]][2] if said.get("sort") in SORTS else ""
    shown = {
        "danger": {"yes": say("Yes"), "no": say("No")}.get(said.get("danger", ""), ""),
        "sort": say(wish) if wish else "",
        "own": _lines(as_written(sentence(word)) for word in said.get("facts", {}).values()) or say("Not sure"),
        "what": said.get("what_happened", ""),
        "files": along.in_words(said) or say("Nothing"),
        "worries": _lines(ticked.get(word, word) for word in said.get("worries", [])) or say("None of these"),
        "about": said.get("about") or say("Nobody named"),
        "before": told_before.shown(said),
        "wanted": said.get("wanted") or say("Not said"),
        "who": who(said["who"], lives_here=is_a_home(procedure)) if said.get("who") else "",
        "child": "\n".join(filter(None, (said.get("child_name"), age))) or say("Not said"),
        "reach": {"yes": say("Yes, and you may contact me"), "no": say("No, I want to stay anonymous")}.get(
            said.get("known", ""), ""
        ),
        "contact": "\n".join(said[name] for name in WAYS_TO_REACH if said.get(name)),
        "advocate": {"yes": yes, "no": no}.get(said.get("advocate", ""), ""),
    }
    return [(question, shown[question.key]) for question in path(said)]


def _lines(those: Iterable[str]) -> str:
    """One on each line; what is marked as English keeps its mark."""
    lines = list(those)
    return Markup("\n").join(lines) if any(isinstance(line, Markup) for line in lines) else "\n".join(lines)


def report(said: Mapping[str, Any], slug: str, procedure: Procedure) -> dict[str, Any]:
    """The report as intake takes it."""
    kind, formality, _, _ = SORTS[said["sort"]]
    known = said["known"] == "yes"
    contact = {name: said[name] for name in WAYS_TO_REACH if known and said.get(name)}
    child = {"name": said["child_name"]} if said.get("child_name") else {}
    if said.get("child_age"):
        child["age"] = int(said["child_age"])
    told: dict[str, Any] = {
        "home": slug,
        "kind": kind,
        "channel": "portal",
        "complainant": {"is": said["who"], "anonymous": not known, **contact},
        "what_happened": "\n\n".join(filter(None, (said["what_happened"], told_before.in_words(said)))),
        "worries": said.get("worries", []),
        "in_danger_now": said.get("danger") == "yes",
        "advocate_wanted": said.get("advocate") == "yes",
        "about": [{"words": line} for line in said.get("about", "").splitlines()],
    }
    refused = said.get("advocate") == "no" and may_refuse(said, procedure)
    optional = {
        "formality": formality, "wanted": said.get("wanted"), "child": child, "facts": said.get("facts"),
        "advocate_refused": refused, "first_told_at": told_before.first_told_at(said),
        "files": along.tokens(said), "told_day_unknown": told_before.day_forgotten(said),
    }  # fmt: skip
    return told | {name: value for name, value in optional.items() if value}
