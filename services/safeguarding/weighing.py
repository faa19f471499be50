"""Weighing what words mean, a moment after they were screened: the screen's second half at work.

Step 2 of a complaint's journey. Going by the words takes under a millisecond and is done as a report is opened; what
the sentences mean takes tens of milliseconds and is weighed here, in a thread of its own, so that no call and no report
waits for it. Each text is taken for a minute: should the process die, another takes it then. It only raises: a concern
that is not open, a higher priority, a call; what a person has decided since stays as it is. Where the model is not
installed it goes by how telling the words are, and each text is weighed again every hour until the model is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from heard.ledger import NewHappening
from services.chassis.green import in_thread
from services.chassis.house import House
from services.chassis.vault import Erased
from services.chassis.work import Work
from services.safeguarding import minilm, past, records
from services.safeguarding.growing import Growth, load, write
from services.safeguarding.meaning import meant
from services.safeguarding.opening import SCREEN, Read, found, read_meaning
from services.safeguarding.pressing import press, take_alert
from services.safeguarding.said import open_kept, place_of, roster_of
from services.screening.reports import told_in
from services.screening.screen import Meant, higher

Row = Mapping[str, Any]

_TAKEN_FOR, _AGAIN = timedelta(minutes=1), timedelta(hours=1)


@cache
def is_ready() -> bool:
    """Whether the model is installed here and is the one that was proven: asked once a process, it does not change."""
    return minilm.fault() is None


def measure(house: House) -> None:
    """Let it be seen whether meaning is weighed here, and how many words wait for it."""

    def waiting() -> float:
        with house.db.reading() as conn:
            return float(records.to_be_weighed(conn))

    if not house.settings.meaning:
        return
    says = "Whether what sentences mean is weighed (1) or words alone count (0)"
    house.metrics.gauge("heard_meaning_ready", says, lambda: float(is_ready()))
    house.metrics.gauge("heard_words_to_weigh", "Words of which it is still to be weighed what they mean", waiting)


def weigh_words(house: House) -> int:
    """Weigh the words that have waited longest; how many there were (0 or 1)."""
    if not house.settings.meaning:
        return 0
    with house.working() as work:
        row = records.take_to_weigh(work.conn, work.now, work.now + _TAKEN_FOR)
    if row is None:
        return 0
    words = _opened(house, row)
    means = in_thread(meant, told_in(words), is_ready())
    with house.working() as work:
        growth = load(work, [row["report_id"]], roster_of(house)).get(row["report_id"]) if means else None
        again = None if is_ready() else work.now + _AGAIN
        if records.were_weighed(work.conn, row["id"], again) and growth is not None:
            _raise(work, growth, row, words, means)
    return 1


def _opened(house: House, row: Row) -> dict[str, str]:
    """The words, none if they were erased since."""
    with house.db.reading() as conn:
        try:
            keys = house.vault.keys(conn, [(row["report_id"], "words")])
        except Erased:
            return {}
    return open_kept(house, row["report_id"], row["envelope"], keys)


def _raise(work: Work, growth: Growth, row: Row, words: Mapping[str, str], means: tuple[Meant, ...]) -> None:
    """Let the record grow by what was not known."""
    state = growth.state
    known = {person for one in state.subjects.values() for person in (one.person, *one.might_be) if person}
    ages = [one.get("age") for one in state.received.get("children") or ()]
    place = place_of(work.house, growth.procedure, growth.roster, growth.row)
    read = read_meaning(words, means, place, known, by=row["written_by"], taken=state.subjects, ages=ages)
    if state.received.get("imported") and row["sort"] == "report":
        past.list_for_the_lead(work.conn, list(past.worth_reading(growth.report_id, read, work.now).values()))
        return
    decided = _open_or_decided(growth, row["at"])
    news = set(read.screened.concerns) - decided
    more = higher(growth.row["priority"], read.screened.priority) != growth.row["priority"]
    if growth.row["closed_at"] is not None or not (news or more):
        return
    take_alert(work, growth)
    growth.add(*_rows(growth, row, read, work.now, decided), words="\n".join(_shortest(means)))
    press(growth, read.screened.priority)
    write(work, [growth])


def _shortest(means: tuple[Meant, ...]) -> list[str]:
    """The sentences that are shown: none that only repeats another with more around it."""
    told = list(dict.fromkeys(one.sentence for one in means))
    return [one for one in told if not any(other != one and other in one for other in told)]


def _open_or_decided(growth: Growth, since: datetime) -> set[str]:
    """The concerns that are open, and those that somebody cleared after these words had come."""
    return {
        key for key, one in growth.state.concerns.items() if one.cleared_at is None or one.cleared_at >= since
    }  # fmt: skip


def _rows(growth: Growth, row: Row, read: Read, now: datetime, already: set[str]) -> tuple[NewHappening, ...]:
    first = growth.state.received.get("first_contact") if row["sort"] == "report" else None
    known_at = min(datetime.fromisoformat(first) if first else row["at"], now)
    *rows, _ = found(read, known_at, now, already)
    data = {"priority": read.screened.priority, "readable": True, "weighed": row["id"]}
    return (*rows, NewHappening("screened", now, SCREEN, None, data))
