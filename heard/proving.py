"""Whether the tests of a procedure would notice if one of its rules were broken.

Runs a plugin's own tests once as they are; after each test that cites a clause (`@pytest.mark.clause("IOI-12")`, or a
parameter called `clause`) its body is run again with every break of that clause's rules put in the place of the fixture
`procedure`. A break for which a test fails is noticed; one that every test lets pass is not. Behind
`heard policy coverage`; needs pytest, which the engine does not.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from heard.breaking import Break, breaks
from heard.procedure import Procedure

MARK = "clause"
READER = "the reader, which refuses the file"


class FailingTests(Exception):
    """The tests fail before anything is broken, or cannot be collected: what pytest said."""


@dataclass(slots=True)
class Found:
    """What a run of the tests showed: the tests of each clause, and what noticed each break (by its number)."""

    tests: dict[str, list[str]] = field(default_factory=dict)
    noticed: dict[int, str] = field(default_factory=dict)


def cited_by(item: pytest.Item) -> set[str]:
    """The clauses that a test says it keeps."""
    cited = {str(clause) for mark in item.iter_markers(MARK) for clause in mark.args}
    callspec = getattr(item, "callspec", None)
    given = callspec.params.get(MARK, ()) if callspec else ()
    return cited | ({given} if isinstance(given, str) else {str(one) for one in given})


class _Prover:
    """The pytest plugin: reads which test keeps which clause, and runs each again under the breaks of its clauses."""

    def __init__(self, broken: Iterable[tuple[int, Break]]) -> None:
        self.found = Found()
        self.by_clause: dict[str, list[tuple[int, Break]]] = {}
        for number, one in broken:
            for clause in one.clause:
                self.by_clause.setdefault(clause, []).append((number, one))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for clause in cited_by(item):
                self.found.tests.setdefault(clause, []).append(item.nodeid)
        if self.by_clause:
            items[:] = [item for item in items if self.by_clause.keys() & cited_by(item)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        yield
        if not isinstance(item, pytest.Function) or "procedure" not in item._fixtureinfo.argnames:
            return
        for clause in sorted(cited_by(item)):
            for number, one in self.by_clause.get(clause, ()):
                if number not in self.found.noticed and (who := _noticed(item, one)):
                    self.found.noticed[number] = who


def _noticed(item: pytest.Function, one: Break) -> str:
    """Who notices the break: the reader, this test, or ("") nobody."""
    broken = one.procedure
    if broken is None:
        return READER
    arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames} | {"procedure": broken}
    try:
        item.obj(**arguments)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # whatever a test says when something is wrong, pytest's own outcomes included
        return item.nodeid
    return ""


def cited_tests(folder: Path) -> dict[str, list[str]]:
    """The tests in a folder by the clauses that they cite. Raises FailingTests when they cannot be collected."""
    return _run(folder, [], "--collect-only").tests


def prove(
    procedure: Procedure,
    folder: Path,
    *,
    only: Collection[str] = (),
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[list[Break], Found]:
    """Every break of the procedure, and what noticed it. Raises FailingTests when a test fails without any break.

    `only` are the clauses to look at (all, if none is named). The breaks are shared out over `jobs` processes (one a
    core); `progress` is told how many are done, and of how many.
    """
    every = [one for one in breaks(procedure) if not only or {*only} & {*one.clause}]
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(every)))
    shares = 2 * jobs  # each share runs the tests once as they are, so that more of them cost more
    found, done = Found(), 0
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        numbered = [*enumerate(every)]
        running = {pool.submit(_run, folder, numbered[share::shares]): share for share in range(shares)}
        for one in as_completed(running):
            part = one.result()
            found.tests |= part.tests
            found.noticed |= part.noticed
            done += len(numbered[running[one] :: shares])
            progress(done, len(every))
    return every, found


def _run(folder: Path, broken: Sequence[tuple[int, Break]], *more: str) -> Found:
    """One run of pytest on the folder, with settings of its own, so that nobody else's change what is proven."""
    prover = _Prover(broken)
    said = io.StringIO()
    with tempfile.TemporaryDirectory(prefix="heard-proof-") as place:
        settings = Path(place, "pytest.ini")
        settings.write_text(f"[pytest]\nmarkers =\n    {MARK}(*ids): the clauses that a test keeps\n", encoding="utf-8")
        arguments: list[Any] = [
            str(folder), "-c", str(settings), "--rootdir", str(folder), "-q", "-x", "--import-mode=importlib",
            "--disable-plugin-autoload", "-p", "no:cacheprovider", *more,
        ]  # fmt: skip
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = pytest.main(arguments, plugins=[prover])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise FailingTests(said.getvalue().strip())
    return prover.found
