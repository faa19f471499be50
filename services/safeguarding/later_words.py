"""What is said after a report: a message, something staff wrote, a concern that somebody at work raises.

All of it takes the way of the first words: screened, written down, and called about. A message of the person who
complained is always announced as screened; what staff write calls somebody only when it brings something new, because
a letter says again what was said before. The screen only ever raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from heard.ledger import NewHappening
from services.chassis.claim import in_turn
from services.chassis.errors import Unavailable
from services.chassis.work import Work
from services.safeguarding import records
from services.safeguarding.growing import Growth, load, write
from services.safeguarding.opening import Read, found, is_by_worker, read_words
from services.safeguarding.pressing import press, take_alert
from services.safeguarding.said import open_kept, place_of, roster_of, say_screened, words_row
from services.safeguarding.unread import wait_for_a_reader
from services.screening.screen import DANGER, higher

Body = Mapping[str, Any]
CONCERN = "concern"
"""The sort of the words with which a member of staff raises a concern."""


def hear_words(work: Work, bodies: Iterable[Body]) -> None:
    """Screen words that came after a report; those whose report is not here yet wait for it."""
    by_id = {str(body["words_id"]): body for body in bodies}
    reports = {str(body["report_id"]) for body in by_id.values()}
    known = records.standing(work.conn, reports)
    if missing := reports - set(known):
        in_turn(work.conn, missing)  # a report that is being opened just now is waited for
        known |= records.standing(work.conn, missing)
    new = records.keep_words(
        work.conn,
        [
            words_row(words_id, body["report_id"], body["sort"], body["received_at"], body,
                       work.now, held=body["report_id"] not in known)
            for words_id, body in by_id.items()
        ],
    )  # fmt: skip
    vault = work.house.vault
    vault.keep(
        work.conn, *(vault.envelope_key(by_id[words_id]["report_id"], by_id[words_id]["words"]) for words_id in new)
    )
    ready = [
        {"id": words_id, "report_id": by_id[words_id]["report_id"], "at": by_id[words_id]["received_at"],
         "words": vault.open_envelope(by_id[words_id]["words"]), "not_words": by_id[words_id]["not_words"]}
        for words_id in new if by_id[words_id]["report_id"] in known
    ]  # fmt: skip
    _screen_words(work, ready)


def take_up_held(work: Work, report_ids: Iterable[str]) -> None:
    """Screen the words that came before these reports."""
    held = records.held_words(work.conn, report_ids)
    if not held:
        return
    keys = work.house.vault.keys(work.conn, [(row["report_id"], "words") for row in held])
    records.let_go(work.conn, [row["id"] for row in held])
    _screen_words(
        work,
        [
            {"id": row["id"], "report_id": row["report_id"], "at": row["at"],
             "words": open_kept(work.house, row["report_id"], row["envelope"], keys),
             "not_words": row["not_words"] or ()}
            for row in held
        ],
    )  # fmt: skip


def _screen_words(work: Work, texts: Sequence[Body]) -> None:
    if not texts:
        return
    growths = load(work, sorted({text["report_id"] for text in texts}), roster_of(work.house))
    for text in texts:
        growth = growths[text["report_id"]]
        read = _read(work, growth, text["words"], not_words=text["not_words"])
        take_alert(work, growth)
        growth.add(*found(read, text["at"], work.now, already=growth.concerns()))
        growth.row["priority"] = higher(growth.row["priority"], read.screened.priority)
        if read.screened.flagged:
            press(growth, read.screened.priority)
        wait_for_a_reader(work.house, growth, text["at"], readable=read.screened.readable)
        say_screened(work, growth, read, str(text["id"]))
    write(work, list(growths.values()))


def hear_staff_words(work: Work, bodies: Sequence[Body]) -> None:
    """Screen what staff wrote on a case. Raises `Unavailable` while its report is not here: it comes again then."""
    growths = standing(work, bodies)
    new = _keep(work, [(body["words_id"], body["sort"], body["written_at"], body) for body in bodies])
    grew: dict[str, Growth] = {}
    for body in (one for one in bodies if one["words_id"] in new):
        growth = growths[body["report_id"]]
        read = _read(work, growth, work.house.vault.open_envelope(body["words"]), by=body["by"])
        if _is_news(growth, read):
            take_alert(work, growth)
            growth.add(*found(read, min(body["written_at"], work.now), work.now, already=growth.concerns()))
            press(growth, read.screened.priority)
            grew[growth.report_id] = growth
    write(work, list(grew.values()))


def hear_concerns(work: Work, bodies: Sequence[Body]) -> None:
    """Somebody at work, or a late step, raises a concern: it is found, and somebody is called, as for a report.

    Raises `Unavailable` while its report is not here: it comes again then.
    """
    growths = standing(work, bodies)
    _keep(work, [(body["raised_id"], CONCERN, body["at"], body) for body in bodies if body["words"]])
    for body in bodies:
        growth, concern = growths[body["report_id"]], str(body["concern"])
        words = work.house.vault.open_envelope(body["words"]) if body["words"] else {}
        by_worker = is_by_worker([concern], growth.procedure) and not growth.state.subjects
        read = _read(work, growth, words, by=body["by"], raised=True, by_worker=by_worker)
        known_at = min(body["known_at"], work.now)
        of_words = found(read, known_at, work.now, already=(*growth.concerns(), concern))
        growth.add(*(of_words if words else of_words[:-1]))  # the last row says that words were screened
        if concern not in growth.concerns():
            data = {"concern": concern, "by_screen": False, "because": list(body["because"])}
            data["known_at"] = known_at.isoformat()
            growth.add(NewHappening("concern_found", min(body["at"], work.now), body["by"], None, data))
        take_alert(work, growth)
        at_least = "now" if concern == DANGER else "urgent"
        press(growth, higher(at_least, read.screened.priority))
    write(work, list(growths.values()))


def standing(work: Work, bodies: Sequence[Body]) -> dict[str, Growth]:
    """The records that these facts are about, held for change. Raises `Unavailable` while one is not here yet."""
    wanted = sorted({str(body["report_id"]) for body in bodies})
    growths = load(work, wanted, roster_of(work.house))
    if len(growths) < len(wanted):
        raise Unavailable("The report that this is about is not here yet.")
    return growths


def _keep(work: Work, said: Sequence[tuple[str, str, Any, Body]]) -> set[str]:
    """Keep words with their keys: ``(id, sort, at, fact)`` each; the ids of those that are new."""
    vault = work.house.vault
    vault.keep(work.conn, *(vault.envelope_key(body["report_id"], body["words"]) for *_, body in said))
    rows = [words_row(one, body["report_id"], sort, at, body, work.now) for one, sort, at, body in said]
    return records.keep_words(work.conn, rows)


def _read(
    work: Work, growth: Growth, words: Mapping[str, str], *, by: str | None = None, raised: bool = False,
    by_worker: bool = False, not_words: Iterable[str] = (),
) -> Read:  # fmt: skip
    """What later words say, and about whom that is not known yet; never about whoever wrote them."""
    row, subjects = growth.row, growth.state.subjects
    place = place_of(work.house, growth.procedure, growth.roster, row)
    known = {person for one in subjects.values() for person in (one.person, *one.might_be) if person}
    ages = [one.get("age") for one in growth.state.received.get("children") or ()]
    return read_words(words, place, known, by=by, raised=raised, by_worker=by_worker, taken=subjects, ages=ages,
                      not_words=not_words)  # fmt: skip


def _is_news(growth: Growth, read: Read) -> bool:
    """Whether staff's own words tell of a concern that is not open here, or of something more pressing than before."""
    concerns, before = read.screened.concerns, growth.row["priority"]
    more = higher(before, read.screened.priority) != before
    return bool(concerns) and (more or not set(growth.concerns()).issuperset(concerns))
