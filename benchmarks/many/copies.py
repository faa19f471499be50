"""Many cases out of few: every row of the real ones, again and again, under ids of its own.

A copy lies in each service's schema as the real case does: as many rows of the same width, its references unique, its
ledgers in order, its due lines, viewers, alerts, messages and counted rows beside it. An id becomes the same other id
in every table and schema, so a copy belongs together; its home, provider and operator are others too, and so are the
people who see it. So there are many groups, not one group with a longer list: what the people of the real cases see
stays as it was, and whatever takes longer for them takes longer because of cases that are none of theirs.

Not true of copies: the chain of digests (a digest covers the id of its case, so `verify` would call it broken), the
sealed words (a key is bound to its id, so they do not open), what JSON values name (homes and people are the first
ones'), and that anybody in the directory is or works at those homes. Nobody looks at a copy here; they are there to be
in the way. Outbox and inbox are emptied all the time, and are not copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tests.ground.harness import Platform

COPIED = {
    "intake": ("reports", "words", "equality", "pages_sent", "keys"),
    "safeguarding": ("records", "ledger", "record_viewers", "record_reads", "words", "alerts", "calls_made", "keys"),
    "workflow": (
        "cases", "ledger", "case_viewers", "words", "due_lines", "case_terms", "case_reads", "words_seen", "commands",
        "keys",
    ),
    "notifications": ("cases", "messages", "message_viewers", "keys"),
    "reporting": ("cases", "case_rows", "case_viewers", "keys"),
}
"""Everything that a case leaves in the databases."""

NOT_COPIED = {
    "outbox", "inbox", "deliveries", "parked", "held", "waiting",  # on their way, or in the way of something
    "directory_copy", "directory_state", "procedures",  # as many as there are homes, people and procedures
    "reference_counts", "past_to_read", "wrong_codes", "attachments", "mails", "uploads",  # few leave a row
    "repeating",  # people about whom small things repeat: few
    "books", "book_viewers", "standing_ledger", "standing_words",  # as many as there are homes
    "codes_asked", "fresh_codes",  # gone within days
    "sign_in_links", "sign_in_changes",  # as many as there are people who ask for one, or change how they sign in
    "erasures",  # as many as there are people who ask for it
    "tellings",  # to a system of one's own, which none of them has
}  # fmt: skip

_OTHERS = {
    "id", "case_id", "report_id", "message_id", "alert_id", "person_id", "key_id", "key", "retry_key",
    "operator", "provider", "home",
}  # fmt: skip
"""Columns in which a copy has a value of its own."""
_LAPS_AT_ONCE = 50
_KEPT = "the_real_ones"


class Copies:
    """The real cases of a platform at rest, kept aside to be copied."""

    def __init__(self, platform: Platform, say: Callable[[str], None]) -> None:
        self._platform, self._say, self._lap = platform, say, 0
        with self._administrator() as conn:
            conn.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(_KEPT)))
            for kept, table in _tables():
                conn.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, table))
        self.real = platform.count("workflow", "cases")

    def until(self, wanted: int) -> int:
        """Copy until there are about ``wanted`` cases; how many there are now."""
        there = self._platform.count("workflow", "cases")
        to = self._lap + max(0, round((wanted - there) / self.real))
        with self._administrator() as conn, _nothing_need_survive(conn):
            while self._lap < to:
                begin, self._lap = self._lap + 1, min(to, self._lap + _LAPS_AT_ONCE)
                with conn.transaction():
                    for kept, table in _tables():
                        conn.execute(_copying(conn, kept, table), {"begin": begin, "end": self._lap})
                self._say(f"copy {self._lap} of {to} of each case")
            for _, table in _tables():
                conn.execute(sql.SQL("VACUUM (ANALYZE) {}").format(table))
        return self._platform.count("workflow", "cases")

    def bytes_by_service(self) -> dict[str, int]:
        """How many bytes the copied tables of each service take on disk, with their indexes."""
        size = "SELECT sum(pg_total_relation_size(format('%%I.%%I', %s::text, name))) FROM unnest(%s::text[]) AS name"
        with self._administrator() as conn:
            found = {}
            for service, names in COPIED.items():
                row = conn.execute(size, [service, list(names)]).fetchone()
                found[service] = int(row[0]) if row else 0
            return found

    @contextmanager
    def _administrator(self) -> Iterator[psycopg.Connection]:
        assert self._platform.postgres is not None and self._platform.database is not None, "PostgreSQL only"
        address = self._platform.postgres.past_every_wall(self._platform.database)
        with psycopg.connect(address, autocommit=True) as conn:
            yield conn


@contextmanager
def _nothing_need_survive(conn: psycopg.Connection) -> Iterator[None]:
    """While copies are made nothing is measured, and they can be made again: the server need not wait for its disk."""
    hurried = ("fsync = off", "full_page_writes = off", "autovacuum = off", "max_wal_size = '16GB'")
    for setting in hurried:
        conn.execute(f"ALTER SYSTEM SET {setting}".encode())
    conn.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        conn.execute("ALTER SYSTEM RESET ALL")
        conn.execute("SELECT pg_reload_conf()")
        conn.execute("CHECKPOINT")


def _tables() -> Iterator[tuple[sql.Identifier, sql.Identifier]]:
    """``(where the real rows are kept aside, the table)``."""
    for service, names in COPIED.items():
        for name in names:
            yield sql.Identifier(_KEPT, f"{service}_{name}"), sql.Identifier(service, name)


def _copying(conn: psycopg.Connection, kept: sql.Identifier, table: sql.Identifier) -> sql.Composed:
    """The statement that adds the laps ``begin`` to ``end`` of a table."""
    schema, name = table._obj
    asked = (
        "SELECT column_name, coalesce(column_default, '') FROM information_schema.columns "
        "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position"
    )
    columns = [
        column
        for column, default in conn.execute(asked, [schema, name])
        if "nextval" not in default and "pg_current_xact_id" not in default  # the database gives these itself
    ]
    names, values = sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join(map(_value, columns))
    laps = sql.SQL("generate_series(%(begin)s::int, %(end)s::int) AS lap")
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} AS o, {}").format(table, names, values, kept, laps)


def _value(column: str) -> sql.Composable:
    place = sql.Identifier("o", column)
    if column in _OTHERS:
        return sql.SQL("md5({} || '/' || lap)").format(place)
    if column == "reference":  # as wide as a real one, and as rarely the same
        digits = sql.SQL("upper(left(md5({} || '/' || lap), 12))").format(place)
        return sql.SQL("regexp_replace({}, '(....)(....)(....)', '\\1-\\2-\\3')").format(digits)
    return place
