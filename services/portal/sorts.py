"""What somebody may want to do here: complain, have something put right, say that they worry, say something good.

STEP 0 of a complaint's journey. Owns how each of these is called, and which of them a procedure has a place for.
"""

from __future__ import annotations

from heard.procedure import Procedure
from heard.speaking_up import WHISTLEBLOWING, WORKERS
from services.portal.languages import to_say
from services.portal.offered import complainants

SORTS: dict[str, tuple[str, str | None, str, str]] = {
    "formal": (
        "complaint",
        "formal",
        to_say("Make a complaint"),
        to_say("We look into it and you get an answer, by set days."),
    ),
    "informal": (
        "complaint",
        "informal",
        to_say("Get something put right"),
        to_say("A quick talk to sort it out. You can still complain."),
    ),
    "concern": ("concern", None, to_say("Say I am worried about something"), to_say("You need not be sure about it.")),
    "whistleblowing": (
        WHISTLEBLOWING,
        None,
        to_say("Say that something wrong is done where I work"),
        to_say("For people who work here, or used to. Few people see it, and not who you are."),
    ),
    "comment": ("comment", None, to_say("Share an idea or a comment"), ""),
    "compliment": ("compliment", None, to_say("Say something good"), ""),
}
"""What somebody may want to do: (kind, formality, label, hint)."""
COMPLAINING = ("formal", "informal", "concern")


def sorts(procedure: Procedure) -> dict[str, tuple[str, str | None, str, str]]:
    """What somebody may want to do here; where no complaint is settled informally there is one way to complain."""
    asked = {test.key for way in procedure.ways_in if way.only_if for test in way.only_if.walk()}
    left_out = set() if "formality" in asked else {"informal"}
    left_out |= set() if set(WORKERS).intersection(complainants(procedure)) else {WHISTLEBLOWING}
    return {key: sort for key, sort in SORTS.items() if key not in left_out}
