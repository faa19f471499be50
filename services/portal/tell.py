"""The questions of "Tell us", in order, one a page: what each asks, how an answer is read, what is said of a wrong one.

Pure: forms in, answers or faults out; `told.py` makes the report of them. What may be ticked comes from the home's
procedure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from heard.procedure import Procedure
from heard.speaking_up import WHISTLEBLOWING, WORKERS
from heard.wishes import advocacy_may_be_refused
from services.portal import told_before
from services.portal.languages import as_written, number, say, to_say
from services.portal.offered import complainants, questions_of, worries
from services.portal.sorts import COMPLAINING, sorts

LONGEST = 20_000
"""Characters of a report; intake refuses more."""
LONGEST_LINE = 200
MOST_ABOUT = 10
WAYS_TO_REACH = ("name", "email", "phone", "safe_contact")

Faults = dict[str, str]
Answers = dict[str, Any]


class Form(Protocol):
    """A submitted form: one value by name, or all of a name."""

    def get(self, name: str, default: str, /) -> str: ...
    def getlist(self, name: str, /) -> list[str]: ...


def _line(form: Form, name: str) -> str:
    return " ".join(form.get(name, "").split())


def _text(form: Form, name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _too_long(answers: Answers, names: tuple[str, ...], most: int = LONGEST_LINE) -> Faults:
    said = say("This must be %(most)s characters or fewer", most=number(most))
    return {name: said for name in names if len(answers.get(name) or "") > most}


def _one_of(form: Form, name: str, allowed: Mapping[str, Any], fault: str) -> tuple[Answers, Faults]:
    chosen = form.get(name, "")
    return ({name: chosen}, {}) if chosen in allowed else ({}, {name: fault})


def _danger(form: Form, _: Procedure) -> tuple[Answers, Faults]:
    return _one_of(form, "danger", {"yes": 1, "no": 1}, say("Say yes if anyone could be hurt now, or no"))


def who_may(said: Mapping[str, Any], procedure: Procedure) -> list[str]:
    """Who may say who they are, after what they said before: only workers speak up about their work."""
    listed = complainants(procedure)
    return [word for word in listed if word in WORKERS] if said.get("sort") == WHISTLEBLOWING else listed


def _sort(form: Form, procedure: Procedure) -> tuple[Answers, Faults]:
    return _one_of(form, "sort", sorts(procedure), say("Choose what you would like to do"))


def _what(form: Form, _: Procedure) -> tuple[Answers, Faults]:
    answers = {"what_happened": _text(form, "what_happened")}
    if not answers["what_happened"]:
        return answers, {"what_happened": say("Tell us what happened. A few words are enough")}
    return answers, _too_long(answers, ("what_happened",), LONGEST)


def _files(form: Form, _: Procedure) -> tuple[Answers, Faults]:
    """Nobody must add anything; what is added is taken as it comes (`along`)."""
    return {}, {}


def _wanted(form: Form, _: Procedure) -> tuple[Answers, Faults]:
    answers = {"wanted": _text(form, "wanted")}
    return answers, _too_long(answers, ("wanted",), LONGEST)


def _worries(form: Form, procedure: Procedure) -> tuple[Answers, Faults]:
    known = {word for word, _ in worries(procedure)}
    return {"worries": [word for word in form.getlist("worries") if word in known]}, {}


def _about(form: Form, _: Procedure) -> tuple[Answers, Faults]:
    lines = [" ".join(line.split()) for line in form.get("about", "").splitlines()]
    answers: Answers = {"about": "\n".join(line for line in lines if line)}
    given = answers["about"].splitlines()
    if len(given) > MOST_ABOUT:
        return answers, {
            "about": say(
                "Name up to %(most)s people here. You can tell us about others in your own words", most=MOST_ABOUT
            )
        }
    if any(len(line) > LONGEST_LINE for line in given):
        return answers, {"about": say("Each line must be %(most)s characters or fewer", most=LONGEST_LINE)}
    return answers, {}


def _who(form: Form, procedure: Procedure) -> tuple[Answers, Faults]:
    return _one_of(form, "who", dict.fromkeys(complainants(procedure)), say("Choose who you are"))


def _child(form: Form, _: Procedure) -> tuple[Answers, Faults]:
    answers = {"child_name": _line(form, "child_name"), "child_age": _line(form, "child_age")}
    faults = _too_long(answers, ("child_name",))
    age = answers["child_age"]
    if age and not (age.isascii() and age.isdigit() and int(age) <= 25):
        faults["child_age"] = say("Enter an age from 0 to 25, like 15. Leave it empty if you are older, or not sure")
    return answers, faults


def _reach(form: Form, _: Procedure) -> tuple[Answers, Faults]:
    answers, faults = _one_of(form, "known", {"yes": 1, "no": 1}, say("Choose whether we may know who you are"))
    if answers.get("known") == "no":
        answers |= dict.fromkeys(WAYS_TO_REACH, "")  # a change of mind leaves nothing behind
    return answers, faults


def _contact(form: Form, _: Procedure) -> tuple[Answers, Faults]:
    answers: Answers = {name: _line(form, name) for name in WAYS_TO_REACH}
    faults = _too_long(answers, WAYS_TO_REACH)
    if answers["email"] and not _looks_like_email(answers["email"]):
        faults["email"] = say("Enter an email address like name@example.com")
    if answers["phone"] and not _looks_like_phone(answers["phone"]):
        faults["phone"] = say("Enter a telephone number with all its digits, like 01632 960001")
    if not any(answers.values()):
        faults["name"] = say("Enter your name or a way to reach you, or go back and choose to stay anonymous")
    return answers, faults


def _looks_like_phone(text: str) -> bool:
    return len(text) <= 40 and set(text) <= set("0123456789+()- ") and sum(letter.isdigit() for letter in text) >= 10


def _looks_like_email(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(at and name and "." in host.strip(".") and " " not in text)


def _own(form: Form, procedure: Procedure) -> tuple[Answers, Faults]:
    """The provider's own questions. Nobody must know the answer: whoever works on the case is asked again."""
    chosen = {fact.key: form.get(f"fact:{fact.key}", "") for fact in questions_of(procedure)}
    known = {fact.key: fact.one_of for fact in questions_of(procedure)}
    return {"facts": {key: word for key, word in chosen.items() if word in known[key]}}, {}


def _advocate(form: Form, _: Procedure) -> tuple[Answers, Faults]:
    return _one_of(form, "advocate", {"yes": 1, "no": 1}, say("Choose yes or no"))


@dataclass(frozen=True)
class Question:
    """One page of the form. ``says`` is how "check your answers" calls it."""

    key: str
    asks: str
    says: str
    read: Callable[[Form, Procedure], tuple[Answers, Faults]]


QUESTIONS: tuple[Question, ...] = (
    Question("danger", to_say("Is anyone in danger right now?"), to_say("In danger now"), _danger),
    Question("sort", to_say("What would you like to do?"), to_say("What you want to do"), _sort),
    Question("own", to_say("What is it about?"), to_say("What it is about"), _own),
    Question("what", to_say("What happened?"), to_say("What happened"), _what),
    Question(
        "files", to_say("Would you like to add a picture, a recording or a file?"), to_say("What you added"), _files
    ),
    Question("worries", to_say("Is any of this happening?"), to_say("Worries"), _worries),
    Question("about", to_say("Who is it about?"), to_say("Who it is about"), _about),
    Question(
        "before",
        to_say("Have you told somebody who works here about this before?"),
        to_say("Told before"),
        told_before.read,
    ),
    Question("wanted", to_say("What would you like to happen?"), to_say("What you would like"), _wanted),
    Question("who", to_say("Who are you?"), to_say("Who you are"), _who),
    Question("child", to_say("Which young person is this about?"), to_say("The young person"), _child),
    Question("reach", to_say("May we know who you are?"), to_say("May we know who you are"), _reach),
    Question("contact", to_say("How can we reach you?"), to_say("How to reach you"), _contact),
    Question("advocate", to_say("Would you like somebody on your side?"), to_say("An advocate"), _advocate),
)
BY_KEY = {question.key: question for question in QUESTIONS}


def may_refuse(said: Mapping[str, Any], procedure: Procedure) -> bool:
    """Whether an advocacy service is told of what this teller says, unless they say no."""
    mine = said.get("who") == "young_person" and said.get("sort") in COMPLAINING
    return mine and advocacy_may_be_refused(procedure)


def asks(question: Question, said: Mapping[str, Any], procedure: Procedure) -> str:
    """The question as this teller is asked it."""
    if question.key == "advocate" and may_refuse(said, procedure):
        return say("May we tell the advocacy service that you complained?")
    if question.key == "child" and said.get("who") == "young_person":
        return say("How old are you?")
    if question.key == "child" and not said.get("lives_here", True):
        return say("Which child is this about?")
    if question.key == "what" and said.get("sort") == "compliment":
        return say("What was good?")
    if question.key == "own" and len(said.get("own", [])) == 1:
        return as_written(said["own"][0])
    return say(question.asks)


def advocate_answers(said: Mapping[str, Any], procedure: Procedure) -> tuple[str, str]:
    """How yes and no are said to the question of an advocate."""
    if may_refuse(said, procedure):
        return say("Yes, tell them"), say("No, do not tell them")
    return say("Yes, please"), say("No, thank you")


def says(question: Question, said: Mapping[str, Any]) -> str:
    """What "check your answers" calls this teller's answer."""
    if question.key != "child":
        return say(question.says)
    if said.get("who") == "young_person":
        return say("Your age")
    return say(question.says) if said.get("lives_here", True) else say("The child")


def begun(as_: str, procedure: Procedure) -> Answers:
    """What is known of somebody who came by a link that says what they would like to do, such as "compliment"."""
    return {"sort": as_, "began_as": as_} if as_ in sorts(procedure) else {}


def wanted(question: Question, said: Mapping[str, Any]) -> bool:
    """Whether this teller is asked this question: nobody who says something good is asked about abuse or advocates.

    ``asked``: the few questions of somebody who chose the simpler pages.
    """
    if question.key not in said.get("asked", BY_KEY):
        return False
    if question.key == "sort":
        return "began_as" not in said
    if question.key == "danger":
        return said.get("began_as") != "compliment"
    if question.key == "contact":
        return said.get("known") == "yes"
    if question.key == "own":
        return bool(said.get("own"))
    if question.key == "before":
        return said.get("sort") in COMPLAINING
    if question.key == "advocate" and said.get("sort") == WHISTLEBLOWING:
        return False
    return said.get("sort") != "compliment" or question.key not in (
        "files", "worries", "wanted", "advocate", "child",
    )  # fmt: skip


def path(said: Mapping[str, Any]) -> list[Question]:
    """The questions of this teller, in order."""
    return [question for question in QUESTIONS if wanted(question, said)]


def after(question: Question, said: Mapping[str, Any]) -> Question | None:
    """The next question, or None when the answers are to be checked."""
    mine = path(said)
    if question not in mine:  # they went back and chose another way
        return first_open(said)
    place = mine.index(question)
    return mine[place + 1] if place + 1 < len(mine) else None


def before(question: Question, said: Mapping[str, Any]) -> Question | None:
    """The question before, or None at the first."""
    mine = path(said)
    return mine[mine.index(question) - 1] if question in mine and mine.index(question) else None


def first_open(said: Mapping[str, Any]) -> Question | None:
    """The first question that was not answered yet."""
    done = said.get("done", [])
    return next((question for question in path(said) if question.key not in done), None)
