"""Looking for a case: what staff may ask for, and the cases of theirs that are meant.

Only what a person may see is gone through, and nothing is counted: no number tells of a case that is not theirs. What
may be chosen comes from who is who and the procedures, never from cases. Words are sealed and cannot be searched; a
name is found by its parts (``finding``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from heard.instants import start_of
from heard.procedure import Procedure
from services.chassis.errors import Invalid
from services.chassis.house import House
from services.workflow import finding, kept, shown, today

NOBODY = "nobody"
"""In the place of a handler: nobody handles it yet."""
STATES = ("open", "passed_on", "closed")
_SPELT = re.compile(r"[^0-9A-Z]")


def find(house: House, person_id: str, wanted: Mapping[str, Any], page: int = 1) -> dict[str, Any]:
    """One page of this person's cases that are meant, newest first: ``{cases, page, more}``. Raises Invalid, Stale.

    `wanted`: any of reference, name, home, kind, category, stage, state, handler (a person's id, or ``nobody``), since
    and until (days on which it came in). What is not there asks for nothing.
    """
    now, page = house.clock.now(), max(page, 1)
    asked = {name: str(value).strip() for name, value in wanted.items() if value is not None and str(value).strip()}
    names = _names(house, person_id, asked[finding.NAME]) if finding.NAME in asked else []
    first, last = _day("since", asked), _day("until", asked)
    with house.db.seen_by(person_id) as conn:
        rows = shown.found(
            conn,
            person_id,
            page,
            reference=_reference(asked["reference"]) if "reference" in asked else None,
            exactly={name: asked[name] for name in ("home", "stage", "state") if name in asked},
            handler=asked.get("handler"),
            since=start_of(first) if first else None,
            before=start_of(last + timedelta(days=1)) if last else None,
            terms=[(sort, asked[sort]) for sort in (finding.KIND, finding.CATEGORY) if sort in asked],
            among_these=shown.with_all(conn, person_id, finding.NAME, names) if names else None,
        )
        more, rows = len(rows) > shown.PAGE, rows[: shown.PAGE]
        listed = today.listed(house, conn, person_id, rows, now)
    with house.working() as work:
        kept.note_read(work.conn, [row.id for row in rows], person_id, "list", now)
    return {"cases": listed, "page": page, "more": more}


def _names(house: House, person_id: str, name: str) -> list[str]:
    """The digests to look for. Raises Invalid for what has no part long enough to be compared."""
    person = house.roster().people.get(person_id)
    parts = finding.sealed_parts(house.vault, str(person.operator if person else ""), name)
    if not parts:
        raise Invalid({"name": ["Write a name of two letters or more."]})
    return parts


def _reference(text: str) -> str:
    """A reference however it was typed: in its groups of four, in capitals."""
    letters = _SPELT.sub("", text.upper())[:40]
    return "-".join(letters[n : n + 4] for n in range(0, len(letters), 4))


def _day(name: str, asked: Mapping[str, str]) -> date | None:
    try:
        found = date.fromisoformat(asked[name]) if name in asked else None
    except ValueError:
        raise Invalid({name: ["Give a date like 2026-11-30."]}) from None
    if found and not 1900 <= found.year <= 2900:
        raise Invalid({name: ["There are no cases from so far away. Give a date like 2026-11-30."]})
    return found


def choices(house: House, person_id: str) -> dict[str, Any]:
    """What may be chosen: ``{homes, kinds, categories, stages, handlers}`` of this person's group. Raises Stale."""
    roster = house.roster()
    person = roster.people.get(person_id)
    operator = person.operator if person else None
    homes = [one for one in house.who.entries("home").values() if operator and one["operator"] == operator]
    providers = [one for one in house.who.entries("provider").values() if operator and one["operator"] == operator]
    procedures = [house.procedures.get(key) for key in sorted({str(one["procedure"]) for one in providers})]
    people = [one for one in roster.people.values() if operator and one.operator == operator]
    return {
        "homes": _sorted((one["id"], str(one["name"])) for one in homes),
        "kinds": _all(one.words.kinds for one in procedures),
        "categories": _all(one.words.categories for one in procedures),
        "stages": _stages(procedures),
        "handlers": _sorted((one.id, one.name) for one in people),
    }


def _all(lists: Iterable[Iterable[str]]) -> list[str]:
    return sorted({word for words in lists for word in words})


def _stages(procedures: Iterable[Procedure]) -> list[dict[str, str]]:
    """Each stage once; where two procedures call one differently, by both names."""
    names: dict[str, dict[str, None]] = {}
    for procedure in procedures:
        for stage in procedure.stages:
            names.setdefault(stage.key, {})[stage.name] = None
    return [{"id": key, "name": " / ".join(each)} for key, each in names.items()]


def _sorted(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"id": key, "name": name} for key, name in sorted(pairs, key=lambda one: (one[1].casefold(), one[0]))]
