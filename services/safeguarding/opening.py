"""Opening a safeguarding record: a report, read by the screen, becomes the first rows of its ledger.

Pure; step 2 of a complaint's journey. The clocks of the notification rules count from the first knowledge that the
report tells of, so a call that was logged late opens overdue and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count
from typing import Any

from heard.ledger import NewHappening
from heard.procedure import Procedure
from services.safeguarding.whom import Place, Subject, whom
from services.screening.reports import (
    about_of,
    for_its_age,
    is_about_somebody,
    screen_report,
    told_in,
    with_more_than_words,
)
from services.screening.screen import BY_STAFF, THRESHOLD, Meant, Screened, screen, weigh

SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Read:
    """Words as the screen read them: what it found, and whom they are about."""

    screened: Screened
    subjects: tuple[Subject, ...]


def read_report(
    report: Mapping[str, Any], words: Mapping[str, str], place: Place, contact: Mapping[str, str] | None = None
) -> Read:
    """Screen a report (`screen_report`), and find whom it is about."""
    screened = screen_report(report, words, contact or {}, place.procedure)
    about, told = about_of(words), told_in(words)
    subjects = whom(
        about, told, place, flagged=screened.flagged, by_worker=is_by_worker(screened.concerns, place.procedure)
    )
    return Read(screened, subjects)


def read_words(
    words: Mapping[str, str], place: Place, known: Iterable[str], *, by: str | None = None, raised: bool = False,
    by_worker: bool = False, taken: Iterable[str] = (), ages: Iterable[int | None] = (), not_words: Iterable[str] = (),
) -> Read:  # fmt: skip
    """Screen words that came later. `ages` are the children's, `not_words` what came with them that is no text.

    `known` are persons already among the record's subjects, `taken` the subjects' keys. `by` is whoever wrote them, if
    they work here: whoever writes is not meant. `raised`: somebody says that it is a concern, so everybody named
    counts; `by_worker`: and that a worker did it, so there is a subject even if nobody is named.
    """
    told = "\n".join(words.values())
    screened = for_its_age(screen(told, procedure=place.procedure), ages, place.procedure)
    screened = with_more_than_words(screened, not_words)
    meant = whom((), told, place, flagged=screened.flagged or raised, by_worker=by_worker)
    return Read(screened, not_yet_known(meant, known, taken, by))


def read_meaning(
    words: Mapping[str, str], meant: Iterable[Meant], place: Place, known: Iterable[str], *, by: str | None,
    taken: Collection[str], ages: Iterable[int | None],
) -> Read:  # fmt: skip
    """What else the sentences of a report or of later words tell, and about whom that is not known yet."""
    told, about_somebody = told_in(words), is_about_somebody(words)
    screened = weigh(told, meant, procedure=place.procedure, about_somebody=about_somebody)
    screened = for_its_age(screened, ages, place.procedure)
    by_worker = is_by_worker(screened.concerns, place.procedure) and not taken
    subjects = whom((), told, place, flagged=screened.flagged, by_worker=by_worker)
    return Read(screened, not_yet_known(subjects, known, taken, by))


def not_yet_known(
    subjects: Iterable[Subject], known: Iterable[str], taken: Iterable[str], by: str | None
) -> tuple[Subject, ...]:
    """Those of them that bring somebody new, each under a key that is not `taken`; never whoever wrote it."""
    kept, keys, new = set(known), set(taken), []
    for one in subjects:
        might_be = tuple(person for person in one.might_be if person != by)
        if not kept.issuperset(might_be):
            key = next(name for name in chain([one.subject], map("said_{}".format, count(1))) if name not in keys)
            keys.add(key)
            new.append(replace(one, subject=key, might_be=might_be))
    return tuple(new)


def is_by_worker(concerns: Iterable[str], procedure: Procedure) -> bool:
    """Whether a concern among these is about somebody who works with children."""
    about_workers = {THRESHOLD} | {concern.key for concern in procedure.concerns if concern.word_list == BY_STAFF}
    return not about_workers.isdisjoint(concerns)


def opened(report: Mapping[str, Any], read: Read, now: datetime) -> tuple[NewHappening, ...]:
    """The first rows of a record: received, who it is about, each concern, screened."""
    received_at, first_known = report["received_at"], min(report["first_known"], report["received_at"])
    received = NewHappening(
        "received", received_at, "complainant", None,
        {
            "kind": report["kind"], "formality": report.get("formality"), "channel": report["channel"],
            "made": received_at.isoformat(), "first_contact": first_known.isoformat(),
            "complainant": report["complainant"], "anonymous": report["anonymous"],
            "contactable": report["contactable"],
            "about_a_child": report["about_a_child"],
            "children": [{"age": age} for age in report.get("child_ages") or ()],
            "category": list(report.get("categories") or ()), "heads": [],
            **({"told_day_unknown": True} if report.get("told_day_unknown") else {}),
            **({"imported": report["imported_at"].isoformat()} if report.get("imported_at") else {}),
            "operator": report["operator"], "provider": report["provider"], "home": report["home"],
        },
    )  # fmt: skip
    return (received, *found(read, first_known, now))


def found(read: Read, known_at: datetime, now: datetime, already: Iterable[str] = ()) -> tuple[NewHappening, ...]:
    """The rows that a reading adds: subjects, concerns that are not `already` open, and that it was screened."""
    kept = set(already)
    named = [NewHappening("named", now, SCREEN, None, {"head": None, **one.as_json()}) for one in read.subjects]
    concerns = [
        NewHappening(
            "concern_found", now, SCREEN, None,
            {"concern": key, "by_screen": True, "because": list(because), "known_at": known_at.isoformat()},
        )
        for key, because in read.screened.concerns.items()
        if key not in kept
    ]  # fmt: skip
    screened = NewHappening(
        "screened", now, SCREEN, None, {"priority": read.screened.priority, "readable": read.screened.readable}
    )
    return (*named, *concerns, screened)
