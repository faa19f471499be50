"""What staff find a case by, kept beside it: its kind, its categories, whose name was given and the child's.

Words are sealed and cannot be searched. A name is kept as the keyed digest of each of its parts, under a key of the
group's own, so that whoever holds the table without the installation's secret can try no names on it. Of a worker's
report no name is kept: who they are is the cleared lead's to know, and a search would tell. Staff ask in
``shown.found``, through the wall.

Written a moment after the case, by a tick, and again for every case when the way of cutting names changes. Where
the words of a case are erased (``erasing.py``) its terms are written anew, without the names.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, delete, select, update

from heard.casefile import CaseState, replay
from heard.registry import UnknownProcedure
from heard.speaking_up import is_a_workers
from services.chassis.claim import claim
from services.chassis.house import House
from services.chassis.rows import add, among
from services.chassis.vault import NotForUs, Vault
from services.workflow import casebook, sealed
from services.workflow.models import case_terms, cases, words

VERSION = 1
"""The way in which names are cut and terms chosen; a case with an older one is gone through again."""
KIND, CATEGORY, NAME = "kind", "category", "name"
_NAMES = ("name", "child_name")
_AT_ONCE = 50
_SHORTEST = 2
_JOINED = re.compile(r"['’‘`´.]")
_BETWEEN = re.compile(r"[\W\d_]+")


def parts_of(name: str) -> list[str]:
    """A name's parts as they are compared: small letters without accents; "O'Brien-Łuk" is obrien and luk."""
    plain = unicodedata.normalize("NFKD", _JOINED.sub("", name).casefold().translate(_PLAIN))
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return list(dict.fromkeys(one for one in _BETWEEN.split(letters) if len(one) >= _SHORTEST))


_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that are no accented ones, as people type them without."""


def sealed_parts(vault: Vault, operator: str, name: str) -> list[str]:
    """The keyed digests of a name's parts: the same for the same part within a group, and in no other."""
    key = vault.derive(f"names that cases of {operator} are found by")
    return [hmac.new(key, part.encode(), "sha256").hexdigest()[:32] for part in parts_of(name)]


def kinds_and_categories(state: CaseState) -> frozenset[tuple[str, str]]:
    """What it is and what it is about, as ``(sort, term)``: as was said of the whole, and of each head of it."""
    known = set(state.procedure.words.categories)
    about = {word for head in state.living_heads() for word in head.about if word in known}
    about |= set(state.received.get("category") or ())
    kind = state.received.get("kind")
    return frozenset({(CATEGORY, word) for word in about} | ({(KIND, str(kind))} if kind else set()))


def write_some(house: House) -> int:
    """Write what some cases are found by that have it not yet, or by an older way; how many there were."""
    with house.db.reading() as conn:
        if conn.execute(_unwritten().limit(1)).first() is None:
            return 0
    with house.working() as work:
        rows = claim(work.conn, _unwritten(), _AT_ONCE)
        ids = [row.id for row in rows]
        ledgers, names = casebook.ledgers(work.conn, ids), _names_in(house, work.conn, ids)
        terms: list[dict[str, Any]] = []
        for row in rows:
            try:
                state = replay(house.procedures.pinned(row.procedure_version), ledgers[row.id])
            except UnknownProcedure as fault:
                # Its page cannot be shown either. It must not keep the others from being found.
                house.log.error("case_cannot_be_found", case=row.id, exc_info=fault)
                continue
            found = set(kinds_and_categories(state))
            for name in () if is_a_workers(state) else names.get(row.id, ()):
                found |= {(NAME, part) for part in sealed_parts(house.vault, row.operator, name)}
            terms += [{"case_id": row.id, "sort": sort, "term": term} for sort, term in sorted(found)]
        work.conn.execute(delete(case_terms).where(among(case_terms.c.case_id, ids)))
        add(work.conn, case_terms, terms)
        work.conn.execute(update(cases).where(among(cases.c.id, ids)).values(terms_version=VERSION))
    return len(rows)


def _unwritten() -> Any:
    asked = select(cases.c.id, cases.c.operator, cases.c.procedure_version)
    return asked.where(cases.c.terms_version < VERSION).order_by(cases.c.terms_version)


def _names_in(house: House, conn: Connection, case_ids: Iterable[str]) -> dict[str, list[str]]:
    """The names given in these cases; of what was erased, none."""
    asked = select(words).where(among(words.c.case_id, case_ids), words.c.sort == sealed.CONTACT)
    found: dict[str, list[str]] = {}
    for row in conn.execute(asked).all():
        try:
            opened = sealed.opened(house.vault, conn, [row])[row.id]
        except NotForUs as fault:  # words that will never open: they must not keep others from being found
            house.log.error("names_do_not_open", case=row.case_id, exc_info=fault)
            continue
        found.setdefault(row.case_id, []).extend(_told(opened))
    return found


def _told(contact: dict[str, str]) -> Iterator[str]:
    return (contact[field] for field in _NAMES if contact.get(field, sealed.GONE) not in ("", sealed.GONE))
