"""What somebody told a member of staff: on the telephone, in person, on paper, on a slip in the feedback box.

STEP 0 for whoever does not write to us themselves. Owns the one form for all of it: which fields it has, how they are
read, and the report that goes to intake like any other. What it shares with the form for everybody is read in the same
way (`tell.py`). Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from heard.instants import LONDON, london_day
from heard.procedure import Procedure
from heard.vocabulary import ANSWERS
from services.portal import told
from services.portal.tell import BY_KEY, WAYS_TO_REACH, Answers, Faults, Form

SPOKEN = ("in_person", "telephone")
WAYS = (*SPOKEN, "complaint_form", "letter", "feedback_box")
"""How it can reach a member of staff anywhere; a procedure may name more ways."""
CALLED = {
    "in_person": "In person", "telephone": "On the telephone", "complaint_form": "On a complaint form made of paper",
    "feedback_box": "On a slip in the feedback box", "post": "By post", "letter": "In a letter", "email": "By email",
    "momo_one": "Through MOMO One", "home_meeting": "At a home meeting", "key_work": "In key work",
    "review": "At a review", "questionnaire": "On a questionnaire",
}  # fmt: skip
READ_BACK = {
    "agreed": "Yes: it is what they mean, and they agree that I file it for them",
    "not_yet": "Not yet: they can do it later, with the code, on the follow-up page",
    "not_possible": "It is not possible: nobody knows who they are, or they do not wish it",
}
"""Whether what was written down was read back to whoever said it."""
CONSENT = {
    "pending": "Nobody has asked them yet",
    "given": "Yes, they agree",
    "refused": "No, they do not agree",
    "lacks_capacity": "They cannot decide this for themselves",
    "not_required": "It need not be asked",
}
"""What the young person said to somebody else complaining for them. No answer keeps it from being dealt with."""
_SAME = ("danger", "sort", "own", "what", "worries", "about", "wanted", "who", "child", "contact")


def ways(procedure: Procedure) -> list[tuple[str, str]]:
    """By which ways it can have come, (word, words for it): those of the procedure, and those there are anywhere."""
    listed = [word for word in procedure.words.channels if word not in ("portal", "api")]
    return [(word, CALLED.get(word) or word.replace("_", " ").capitalize()) for word in dict.fromkeys([*listed, *WAYS])]


def read(form: Form, procedure: Procedure, now: datetime) -> tuple[Answers, Faults]:
    """The answers and what is wrong with them, by field."""
    said: Answers = {}
    faults: Faults = {}
    for key in _SAME:
        answers, wrong = BY_KEY[key].read(form, procedure)
        said |= answers
        if key != "contact" or any(answers.values()):  # nobody has to say who they are
            faults |= wrong
    said["unnamed"] = "yes" if form.get("unnamed", "") else ""
    channel = form.get("channel", "")
    said["channel"] = channel if channel in dict(ways(procedure)) else ""
    if not said["channel"]:
        faults["channel"] = "Choose how it reached you"
    said["heard_at"], fault = _heard_at(form.get("heard_at", ""), now)
    faults |= {"heard_at": fault} if fault else {}
    said["noticed_on"], fault = _noticed_on(form.get("noticed_on", ""), now)
    faults |= {"noticed_on": fault} if fault else {}
    said["read_back"] = form.get("read_back", "") if form.get("read_back", "") in READ_BACK else ""
    if not said["read_back"] and said["channel"] in SPOKEN:
        faults["read_back"] = "Say whether you read it back to them"
    said["consent"] = form.get("consent", "") if form.get("consent", "") in ANSWERS["consent_answered"] else ""
    said["advocate"] = "yes" if form.get("advocate", "") else "no"
    return said, faults


def _heard_at(text: str, now: datetime) -> tuple[str, str]:
    """When they told it, as typed in London; as an instant once it is right."""
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError:
        return text, "Enter the day and the time at which you heard it"
    at = typed if typed.tzinfo else typed.replace(tzinfo=LONDON)
    return text, "This is still to come. Enter when you heard it" if at > now else ""


def _noticed_on(text: str, now: datetime) -> tuple[str, str]:
    """Since when they have known of it; nobody has to be asked."""
    if not text.strip():
        return "", ""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return text, "Enter a day, or leave it empty"
    return text, "This is still to come" if day > london_day(now) else ""


def report(said: Mapping[str, Any], slug: str, procedure: Procedure, taken_by: str) -> dict[str, Any]:
    """The report as intake takes it, with who wrote it down and when they heard it."""
    given = any(said.get(name) for name in WAYS_TO_REACH)
    written = told.report({**said, "known": "yes" if given else "no"}, slug, procedure)
    written["complainant"]["anonymous"] = bool(said["unnamed"]) or not given
    heard_at = datetime.fromisoformat(said["heard_at"])
    more = {
        "taken_by": taken_by,
        "channel": said["channel"],
        "first_told_at": (heard_at if heard_at.tzinfo else heard_at.replace(tzinfo=LONDON)).isoformat(),
        "read_back": said["read_back"],
        "noticed_on": said["noticed_on"],
        "consent": said["consent"] if said["who"] != "young_person" and "child" in written else "",
    }
    return written | {name: value for name, value in more.items() if value}
