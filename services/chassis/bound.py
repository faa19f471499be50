"""The procedure that a case is bound to: the version in force on the day of receipt, whatever is installed later.

A service keeps the text of every version that it ever ran with. So a plugin may be upgraded, or taken away, while cases
of its earlier versions are open: they go on under the rules that they began with.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from heard.procedure import Procedure
from heard.procedure_file import read_content
from heard.registry import Registry, UnknownProcedure, load_procedures
from services.chassis.database import Database
from services.chassis.rows import add_new
from services.chassis.tables import HOUSE


@dataclass(frozen=True)
class BoundProcedures(Registry):
    """The installed procedures, and behind them the versions that this service's database kept."""

    db: Database = field(kw_only=True, repr=False)
    read: dict[str, Procedure] = field(kw_only=True, repr=False, default_factory=dict)

    @classmethod
    def of(cls, db: Database) -> BoundProcedures:
        """What is installed here, with ``db`` for the rest. Raises ``heard.registry.PluginFaults``."""
        found = load_procedures()
        return cls(found.installed, found.plugins, db=db)

    def pinned(self, version: str) -> Procedure:
        """The procedure of exactly this version. Raises ``UnknownProcedure`` when it is neither installed nor kept."""
        found = self.read.get(version)
        if found is None:
            try:
                found = super().pinned(version)
            except UnknownProcedure:
                kept = HOUSE.procedures
                with self.db.reading() as conn:
                    content = conn.execute(select(kept.c.content).where(kept.c.version == version)).scalar()
                if content is None:
                    raise
                found = read_content(content)
            self.read[version] = found
        return found

    def keep(self) -> None:
        """Write down the text of every installed version that is not there yet; called when a service starts."""
        rows = [
            {"version": procedure.version, "content": procedure.content}
            for plugin in self.installed.values()
            for procedure in plugin.versions
        ]
        with self.db.writing() as conn:
            add_new(conn, HOUSE.procedures, rows, HOUSE.procedures.c.version)
