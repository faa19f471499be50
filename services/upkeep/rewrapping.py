"""`heard keys`: the pairs of keys of an installation are made anew, and every key of words is wrapped anew for them.

Words themselves are not touched: they stay sealed under the key of their case, and that key is taken out of the old
wrap and put into a new one, row by row. Until the old halves are forgotten both open, so a run may be broken off
anywhere and begun again: what is done is passed over. An envelope that is still on its way, or was parked, brings its
wraps along and is done with the others.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Table, Text, bindparam, cast, func, or_, select, update

from services.chassis import keyring
from services.chassis.house import House
from services.chassis.settings import SERVICES, Settings
from services.chassis.tables import HOUSE
from services.chassis.vault import NotForUs
from services.upkeep.data import is_running
from services.upkeep.erasing import houses

AT_ONCE = 500
Say = Callable[[str], None]


class NotNow(Exception):
    """Why nothing was done: a sentence."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """How many were wrapped anew just now, and how many no key here opens."""

    anew: int
    lost: int


def make_new(settings: Settings) -> list[str]:
    """A new pair for every service, the old private half beside it; for whom. Raises ``NotNow``, ``keyring.NoKeys``.

    Nothing may run: whoever holds the old public half would go on wrapping for it.
    """
    if settings.embedded and is_running(settings.var):
        raise NotNow("Heard is running on this data. Stop it first, and start it again afterwards.")
    begun = with_two(settings)
    if begun and begun != [*SERVICES]:  # broken off: those that have theirs keep it
        return [service for service in SERVICES if keyring.renew(settings.keys_dir, service)]
    if begun:
        raise NotNow("There are new keys already, and old ones beside them: heard keys rewrap, then heard keys forget.")
    return [service for service in SERVICES if keyring.renew(settings.keys_dir, service)]


def with_two(settings: Settings) -> list[str]:
    """The services whose old private half still lies beside the new one."""
    return [one for one in SERVICES if len(keyring.private_keys(settings.keys_dir, one)) > 1]


def rewrap(settings: Settings, say: Say) -> Wrapped:
    """Wrap every key anew that is not wrapped for the pairs of now; heard may run meanwhile."""
    anew = lost = 0
    with houses(settings) as opened:
        for service, house in opened.items():
            done = [_keys(house, say)] + [_envelopes(house, table, say) for table in _carrying(service)]
            anew += sum(one.anew for one in done)
            lost += sum(one.lost for one in done)
    return Wrapped(anew, lost)


def forget(settings: Settings, say: Say) -> list[str]:
    """Wrap anew what still is not, then let the old halves go; of whom. Raises ``NotNow``."""
    left = with_two(settings)
    done = rewrap(settings, say)
    if done.lost:
        raise NotNow(f"{done.lost} keys open with none of the keys that are here. Nothing was forgotten.")
    for service in left:
        keyring.forget_old(settings.keys_dir, service)
    return left


def _keys(house: House, say: Say) -> Wrapped:
    """The table of keys of one service, from its first row to its last."""
    table, last, seen, anew, lost = HOUSE.keys, "", 0, 0, 0
    put = update(table).where(table.c.key_id == bindparam("this")).values(wraps=bindparam("fresh"))
    with house.db.reading() as conn:
        total = conn.execute(select(func.count()).select_from(table)).scalar_one()
    while True:
        with house.db.writing() as conn:
            asked = select(table).where(table.c.key_id > last).order_by(table.c.key_id).limit(AT_ONCE)
            rows = conn.execute(asked.with_for_update()).all()  # held: none of them is erased meanwhile
            wrapped = []
            for row in rows:
                if row.destroyed_at is not None or house.vault.is_wrapped_for_now(row.wraps):
                    continue
                try:
                    fresh = house.vault.wrapped_anew(row.key_id, row.retention, row.wraps)
                except NotForUs:
                    lost += 1
                    continue
                wrapped.append({"this": row.key_id, "fresh": fresh})
            if wrapped:
                conn.execute(put, wrapped)
                anew += len(wrapped)
        if not rows:
            return Wrapped(anew, lost)
        seen, last = seen + len(rows), rows[-1].key_id
        say(f"{house.service}: {seen} of {total} keys looked at, {anew} wrapped anew.")


def _carrying(service: str) -> list[Table]:
    """The tables of a service in which an envelope may lie: all that hold more than plain columns, but for the keys."""
    metadata = importlib.import_module(f"services.{service}.models").metadata
    return [one for one in metadata.sorted_tables if one.name != HOUSE.keys.name and _loose(one)]


def _loose(table: Table) -> list[Any]:
    return [column for column in table.c if isinstance(column.type, JSON)]


def _envelopes(house: House, table: Table, say: Say) -> Wrapped:
    """What a service's other tables carry of envelopes."""
    own, columns = list(table.primary_key), _loose(table)
    holds = or_(*(cast(column, Text).contains('"wraps"') for column in columns))
    with house.db.reading() as conn:
        found = [tuple(row) for row in conn.execute(select(*own).where(holds))]
    anew = lost = 0
    for first in range(0, len(found), AT_ONCE):
        with house.db.writing() as conn:
            for known in found[first : first + AT_ONCE]:
                this = [column == value for column, value in zip(own, known, strict=True)]
                row = conn.execute(select(*columns).where(*this).with_for_update()).mappings().first()
                done = _Envelopes(house)
                fresh = {column.name: done.in_(row[column.name]) for column in columns} if row else {}
                anew, lost = anew + done.anew, lost + done.lost
                if done.anew:
                    conn.execute(update(table).where(*this).values(fresh))
        looked = min(first + AT_ONCE, len(found))
        say(f"{house.service}: {looked} of {len(found)} envelopes in {table.name} looked at, {anew} wrapped anew.")
    return Wrapped(anew, lost)


class _Envelopes:
    """Finds envelopes in what a column holds. One that was never wrapped for this service is none of its business."""

    def __init__(self, house: House) -> None:
        self.house, self.anew, self.lost = house, 0, 0

    def in_(self, value: Any) -> Any:
        """The same with each envelope in it wrapped anew."""
        if isinstance(value, list):
            return [self.in_(one) for one in value]
        if not isinstance(value, dict):
            return value
        wraps = value.get("wraps")
        if isinstance(wraps, dict) and self.house.service in wraps and not self.house.vault.is_wrapped_for_now(wraps):
            try:
                fresh = self.house.vault.wrapped_anew(value["key"], value.get("class") or value["retention"], wraps)
            except NotForUs:
                self.lost += 1
                return value
            self.anew += 1
            return value | {"wraps": fresh}
        return {name: self.in_(one) for name, one in value.items()}
