"""How much processor time each part spent: the figure that stays true while others use the same cores."""

from __future__ import annotations

import os
from pathlib import Path

from tests.ground.harness import Platform
from tests.ground.postgres import PrivatePostgres
from tests.ground.rabbit import PrivateRabbit

_TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds


def spent(platform: Platform) -> dict[str, float]:
    """Milliseconds of processor time by part so far; empty where the system does not tell (no /proc)."""
    sessions = {one.process.pid: one.service for one in platform.processes if one.process is not None}
    if isinstance(platform.rabbit, PrivateRabbit):
        sessions[platform.rabbit.pid] = "rabbitmq"
    if isinstance(platform.postgres, PrivatePostgres):
        sessions[platform.postgres.pid] = "postgresql"
    found = dict.fromkeys(sessions.values(), 0.0)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        # Every part leads a session of its own; PostgreSQL's children leave it, but stay its children.
        part = sessions.get(int(fields[3])) or sessions.get(int(fields[1]))
        if part is not None:
            # Its own time, and that of the children it has waited for (PostgreSQL's finished backends).
            found[part] += sum(map(int, fields[11:15])) * _TICK
    return found


def each(before: dict[str, float], after: dict[str, float], reports: int) -> dict[str, float]:
    """Milliseconds for each report, by part, the dearest first."""
    cost = {part: (after[part] - before.get(part, 0.0)) / max(1, reports) for part in after}
    return {part: round(cost[part], 2) for part in sorted(cost, key=lambda part: -cost[part])}
