"""The simpler pages with pictures: fewer questions, in fewer and shorter words, for whoever likes to read little.

STEP 0 of a complaint's journey, chosen on a home's door and kept in a cookie. What is told in this way is the same
report, screened by the same words and answered with the same receipt; what nobody asked is filled in so that the teller
has the most rights: it is a formal complaint. Who they are is asked, because a father who reads little is no young
person: whose consent is sought, and by when an answer is due, may hang on it. Pure but for the cookie; the drawings
stand in `templates/public/pictures.html`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from heard.procedure import Procedure
from services.portal.languages import for_everybody, say, to_say
from services.portal.offered import complainants

SIMPLER_COOKIE = "heard_simpler"
ASKED = ("danger", "what", "files", "about", "who", "reach", "contact")
"""The questions that are asked here."""
UNASKED = {"sort": "formal"}

WORDS = {
    "danger": to_say("Is anyone in danger now?"),
    "what": to_say("What happened?"),
    "files": to_say("Do you want to add your voice or a picture?"),
    "about": to_say("Who is it about?"),
    "who": to_say("Who are you?"),
    "reach": to_say("May we know who you are?"),
    "contact": to_say("How can we talk to you?"),
}


WHO: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("person", to_say("I am a child or a young person"), ("young_person",)),
    ("people", to_say("I am family, or I care for a child"), ("parent", "carer", "guardian")),
    ("talk", to_say("I am somebody else"), ("public", "community", "neighbour", "other", "client", "staff")),
)
"""Who may say here who they are: a drawing, the words, and the procedure's words for it, the first that it has."""


def simpler() -> bool:
    """Whether this visitor chose the simpler pages."""
    return for_everybody() and request.cookies.get(SIMPLER_COOKIE) == "yes"


def choices(procedure: Procedure) -> list[tuple[str, str, str]]:
    """``(word of the procedure, drawing, text)`` for each of `WHO` who may complain here."""
    listed = complainants(procedure)
    found = [(next((word for word in words if word in listed), ""), drawn, say(text)) for drawn, text, words in WHO]
    return [one for one in found if one[0]]


def asks(key: str, said: Mapping[str, Any]) -> str:
    """A question in simpler words."""
    return say("What was good?") if key == "what" and said.get("sort") == "compliment" else say(WORDS[key])


def filled_in(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was told, with what was not asked."""
    return {**UNASKED, **said} if "asked" in said else dict(said)
