"""How a report is screened: its words with what was ticked, what stands beside them, ages, and what is no words.

Pure. Intake asks it to know which reports go first; safeguarding asks it again, as a report is opened, and that counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from heard.procedure import Procedure
from services.screening.screen import Screened, both, higher, screen

YOUNG = "age.young"
"""Why something weighs more, besides the words: it is about a small child."""


def screen_report(
    report: Mapping[str, Any], words: Mapping[str, str], contact: Mapping[str, str], procedure: Procedure | None = None
) -> Screened:
    """Screen a report. `report` is the fact, `words` its opened envelope (what_happened, wanted?, about? as JSON).

    What stands beside the words (how to write safely, a subject of one's own, more than a name where a name is asked)
    is screened by itself: it may only raise. Whether it is flagged does not hang on the procedure, only as what.
    """
    screened = screen(
        told_in(words),
        procedure=procedure,
        ticks=report.get("worries") or (),
        in_danger_now=bool(report.get("in_danger_now")),
        about_somebody=is_about_somebody(words),
    )
    beside = "\n".join(beside_the_words(report, about_of(words), contact))
    if beside:
        screened = both(screened, screen(beside, procedure=procedure))
    screened = for_its_age(screened, report.get("child_ages") or (), procedure)
    return with_more_than_words(screened, report.get("not_words") or ())


def beside_the_words(
    report: Mapping[str, Any], about: Sequence[Mapping[str, Any]], contact: Mapping[str, str]
) -> list[str]:
    """What somebody wrote where no narrative is asked for. A name is a name; more than three words are none."""
    names = [contact.get("name"), contact.get("child_name"), *(one.get("name") for one in about)]
    more_than_a_name = [str(name) for name in names if name and len(str(name).split()) > 3]
    return [*filter(None, [contact.get("safe_contact")]), *report.get("categories", ()), *more_than_a_name]


def for_its_age(screened: Screened, ages: Iterable[int | None], procedure: Procedure | None) -> Screened:
    """About a small child nothing that the screen marks waits. The age only ever raises."""
    limit = procedure.screening.urgent_below_age if procedure else None
    young = limit is not None and any(age is not None and age < limit for age in ages)
    if not (young and screened.flagged):
        return screened
    concerns = {key: (*because, YOUNG) for key, because in screened.concerns.items()}
    return replace(screened, concerns=concerns, priority=higher(screened.priority, "urgent"))


def with_more_than_words(screened: Screened, not_words: Iterable[str]) -> Screened:
    """A voice, a picture: the screen cannot hear or see it, so a person must, soon."""
    if not tuple(not_words):
        return screened
    return replace(screened, readable=False, priority=higher(screened.priority, "soon"))


def about_of(words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Whom the reporter says it is about: ``[{subject, name?, role?, words?}]``."""
    found: list[dict[str, Any]] = json.loads(words.get("about") or "[]")
    return found


def told_in(words: Mapping[str, str]) -> str:
    """All that was said in words; of a report also whom it is about, where that was said in loose words."""
    said = [text for name, text in words.items() if name != "about"]
    return "\n".join(filter(None, (*said, *spoken(about_of(words)))))


def is_about_somebody(words: Mapping[str, str]) -> bool:
    """Whether a report names a person or a role as the one complained of."""
    return any(one.get("name") or one.get("role") for one in about_of(words))


def spoken(about: Sequence[Mapping[str, Any]]) -> list[str]:
    """The loose words among them, which are screened like the rest."""
    return [str(one[key]) for one in about for key in ("words", "role") if one.get(key)]
