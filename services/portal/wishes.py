"""What somebody may say on the follow-up page besides a message: each a sentence of their own, read by a person.

Nothing of it moves a case by itself. Taking a complaint back may be another's wish, and whether something is put right
is for two to say: whoever works on the case reads it, asks where that is due, and records it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.languages import say, to_say

MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Wish:
    """One choice: how it is offered, with a hint; and the sentence that goes with whatever else they write."""

    says: str
    hint: str
    sentence: str


WISHES: Mapping[str, Wish] = {
    MESSAGE: Wish(to_say("Tell you more, or ask something"), "", ""),
    "appeal": Wish(
        to_say("Ask for the next step"),
        to_say("You are not happy with the answer, and somebody else should look."),
        "I ask for the next step, because I am not happy with how it stands.",
    ),
    "satisfied": Wish(to_say("Say that it is put right"), "", "It is put right for me."),
    "not_satisfied": Wish(
        to_say("Say that it is not put right"), to_say("Or that you were not treated well while we looked into it."),
        "It is not put right for me.",
    ),
    "withdrawal": Wish(
        to_say("Take my complaint back"),
        to_say("You never have to. If somebody wants you to, tell us that. We still do what keeps people safe."),
        "I want to take my complaint back.",
    ),
}  # fmt: skip
"""In the order in which they are offered, by the sort of words that each is kept as."""


SENT: Mapping[str, str] = {
    "appeal": to_say("You asked for the next step"), "satisfied": to_say("You said that it is put right"),
    "not_satisfied": to_say("You said that it is not put right"),
    "withdrawal": to_say("You asked to take your complaint back"),
    "agreed": to_say("You said that what we wrote down is right"),
    "correction": to_say("You said what is not right in what we wrote down"),
}  # fmt: skip
"""What they sent before, by the sort of words that it was kept as."""


def sent(sort: str) -> str:
    """The same as a sentence; anything else was a message. Their words are not repeated where others may look."""
    return say(SENT.get(sort, to_say("You wrote to us")))


def offered(view: Mapping[str, Any]) -> dict[str, Wish]:
    """What may be chosen: while only safeguarding may know of the matter, a message alone."""
    return dict(WISHES) if view.get("promises") else {MESSAGE: WISHES[MESSAGE]}


def in_words(sort: str, words: str) -> str:
    """The sentence of a choice, and what they wrote."""
    return "\n\n".join(filter(None, (WISHES[sort].sentence, words)))
