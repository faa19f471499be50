"""Each part's share of the processor, as the containers of deploy/ are given theirs: control groups, for a measurement.

What stands for another machine (the mail server, whoever hands reports in) is in nobody's way. Needs root.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.ground.deployed import ALONE, containers
from tests.ground.harness import Platform
from tests.ground.postgres import PrivatePostgres
from tests.ground.rabbit import PrivateRabbit

_OLD, _NEW = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")
EVERYBODYS, ELSEWHERE = 1024, 16384


class NoGroups(Exception):
    """This machine does not let us: not root, or no control groups for the processor."""


@contextmanager
def as_deployed(platform: Platform, elsewhere: Mapping[str, int]) -> Iterator[None]:
    """The platform's processes, its broker and its database with the shares that the compose file gives them.

    ``elsewhere``: processes by name that stand for other machines. Raises ``NoGroups``.
    """
    broker, database = platform.rabbit, platform.postgres
    assert isinstance(broker, PrivateRabbit) and isinstance(database, PrivatePostgres)
    parts = {
        running.log.stem: (running.service + (ALONE if running.alarms_only else ""), running.process.pid)
        for running in platform.processes
        if running.process is not None
    } | {"rabbitmq": ("rabbitmq", broker.pid), "postgresql": ("postgresql", database.pid)}
    shares = {part: int(containers()[name].get("cpu_shares", EVERYBODYS)) for part, (name, _) in parts.items()}
    # Whoever has the others below them first: what is told later of a process is what holds.
    leaders = dict(elsewhere) | {part: pid for part, (_, pid) in parts.items()}
    try:
        top = Path(tempfile.mkdtemp(prefix="heard-", dir=_OLD if _OLD.is_dir() else _NEW))
    except OSError as fault:
        raise NoGroups(str(fault)) from fault
    try:
        if not (top / "cpu.shares").exists():
            (top / "cgroup.subtree_control").write_text("+cpu")
        for part, leader in leaders.items():
            _give(top / part, leader, shares.get(part, ELSEWHERE))
        yield
    except OSError as fault:
        raise NoGroups(str(fault)) from fault
    finally:
        for group in (*(one for one in top.iterdir() if one.is_dir()), top):
            for pid in (group / "cgroup.procs").read_text().split():
                _move(top.parent, int(pid))
            group.rmdir()


def _give(group: Path, leader: int, shares: int) -> None:
    group.mkdir()
    if (group / "cpu.shares").exists():
        (group / "cpu.shares").write_text(str(shares))
    else:
        (group / "cpu.weight").write_text(str(1 + (shares - 2) * 9999 // 262142))  # as whoever runs containers reckons
    for pid in (leader, *_below(leader)):
        _move(group, pid)


def _move(group: Path, pid: int) -> None:
    with suppress(ProcessLookupError):  # it has ended
        (group / "cgroup.procs").write_text(str(pid))


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            yield child
            yield from _below(child)
