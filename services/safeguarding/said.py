"""What was said, as safeguarding keeps it: sealed words, and the proof that they were screened.

Used by whatever hears a report or later words, and by the page that shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from heard.ledger import Happening, to_json
from heard.procedure import Procedure
from heard.roster import Roster
from services.chassis.errors import Stale
from services.chassis.house import House
from services.chassis.vault import DataKey
from services.chassis.work import Work
from services.safeguarding.growing import Growth
from services.safeguarding.opening import Read
from services.safeguarding.whom import Place

Body = Mapping[str, Any]
LETTER = "letter"
"""The sort of what staff send out: it goes by its words alone, because it says again what was said before."""


def roster_of(house: House) -> Roster:
    """Who is who: the fresh copy, or a stale one that counts as older than any, so that it is all looked at again."""
    try:
        return house.roster()
    except Stale:
        return house.roster(even_if_stale=True)


def place_of(house: House, procedure: Procedure, roster: Roster, report: Body) -> Place:
    """The place a report is about: its provider and home (also one that has closed) from its receipt until now."""
    closed = (house.who.entry("home", report["home"]) or {}).get("closed_at")
    return Place(procedure, roster, report["provider"], report["home"], report["received_at"],
                 datetime.fromisoformat(closed) if closed else None, house.clock.now())  # fmt: skip


def open_kept(house: House, report_id: str, envelope: Body, keys: Mapping[tuple[str, str], DataKey]) -> dict[str, str]:
    """The words of an envelope as it is stored here. Raises KeyError when its key is not among `keys`."""
    return house.vault.open_envelope({**envelope, "wraps": keys[report_id, envelope["class"]].wraps})


def say_screened(work: Work, growth: Growth, read: Read, words_id: str | None, begun: Sequence[Happening] = ()) -> None:
    """The proof that safeguarding has a report (or later words), always, with what workflow must know to go on.

    `begun` are the rows with which a new record begins.
    """
    work.publish(
        "report_screened",
        {
            "report_id": growth.report_id, "words_id": words_id, "screened_at": work.now.isoformat(),
            "priority": read.screened.priority,
            "concerns": [{"concern": key, "because": list(why)} for key, why in read.screened.concerns.items()],
            "subjects": [one.as_json() for one in read.subjects],
            "alert_id": growth.alert["id"] if growth.alert else None, "reference": growth.row["reference"],
            "happenings": [to_json(row) for row in begun], **growth.place,
        },
    )  # fmt: skip


def words_row(
    words_id: str, report_id: str, sort: str, at: datetime, body: Body, now: datetime, *, held: bool = False
) -> dict[str, Any]:
    """A row for the table of words, from the fact that brought them. From `now` on it is weighed what they mean.

    Not so of a letter that staff send out: what means harm in it was told by somebody else, and weighed then.
    """
    return {
        "id": words_id, "report_id": report_id, "sort": sort, "at": at, "envelope": bare(body["words"]), "held": held,
        "not_words": list(body.get("not_words") or ()), "weigh_at": None if sort == LETTER else now,
        "written_by": body.get("by"),
    }  # fmt: skip


def bare(envelope: Body | None) -> dict[str, Any] | None:
    """An envelope as it is stored: without its key, which stands in the table of keys and is destroyed there."""
    if envelope is None:
        return None
    return {
        "key": envelope["key"],
        "class": envelope.get("class") or envelope["retention"],
        "fields": envelope.get("fields") or envelope["fields_"],
    }
