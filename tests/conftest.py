"""What every test may ask for: a private RabbitMQ, a private PostgreSQL, and the platform running on them.

Each starts when the first test asks for it, and stops after the last. Nothing here patches anything: this process stays
free of eventlet; whatever needs nameko runs in processes of its own.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.ground import world
from tests.ground.deployed import Deployed
from tests.ground.harness import Platform, forget_seeds
from tests.ground.postgres import Postgres, start_postgres
from tests.ground.rabbit import Rabbit, start_rabbit

#: A test that asks for one of these starts programs, and runs in the second half of bin/test.
_REAL = {"rabbit", "amqp_url", "postgres", "database_url", "platform", "distributed_platform", "embedded_platform"}

#: Said by a parameter's value: the test asks for one of those by its name, as it goes.
_ON_SERVERS = {"distributed", "postgresql"}

#: As what the stories run: once in each mode, or (deploy/rehearse) as deploy/ lays the platform out.
_MODES = os.environ.get("HEARD_TEST_PLATFORMS", "embedded distributed").split()


#: Each has one platform for many tests, which would be started again in every process that gets one of them.
_TOGETHER = ("tests/browser/", "tests/deploy/test_rehearsal.py", "tests/chassis/test_calls_and_ticks.py")


class Shares(LoadScopeScheduling):
    """What `--dist loadscope` does here: each process gets a test when it has none left, or those that go together."""

    def _split_scope(self, nodeid: str) -> str:
        return next((part for part in _TOGETHER if nodeid.startswith(part)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Shares | None:
    """Deals the tests out as bin/test has it."""
    return Shares(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """All that is collected is kept: to look through it for what is not would take as long as collecting it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests on real parts; those that are given most time begin first, so that nobody waits for one alone."""
    for item in items:
        if _REAL & set(getattr(item, "fixturenames", ())) or _ON_SERVERS & set(_values(item)):
            item.add_marker("real_parts")
    items.sort(key=_time_given, reverse=True)


def _values(item: pytest.Item) -> list[str]:
    """The parameters of a test that are words."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return [value for value in parameters if isinstance(value, str)]


def _time_given(item: pytest.Item) -> float:
    given = item.get_closest_marker("timeout")
    return float(given.args[0]) if given else 0


@pytest.fixture(scope="session")
def rabbit() -> Iterator[Rabbit]:
    """A RabbitMQ node that a test may stop, kill and start; ``rabbit.url()`` is an empty virtual host on it."""
    node = start_rabbit()
    yield node
    node.remove()


@pytest.fixture
def amqp_url(rabbit: Rabbit) -> str:
    """The address of an empty virtual host of its own."""
    return rabbit.url()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that a test may stop and start; ``postgres.fresh_database()`` is an empty database on it."""
    server = start_postgres()
    yield server
    server.remove()


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty database of its own, dropped afterwards."""
    url = postgres.fresh_database()
    yield url
    postgres.drop(url)


def _run_platform(request: pytest.FixtureRequest, mode: str) -> Iterator[Platform]:
    """A platform of its own for one test; ``@pytest.mark.starts_at("2026-12-25 02:00")`` sets its clock."""
    starts = request.node.get_closest_marker("starts_at")
    replicas = request.node.get_closest_marker("replicas")
    groups = request.node.get_closest_marker("also_lives_here")
    parts = [request.getfixturevalue(name) for name in ("rabbit", "postgres")] if mode == "distributed" else []
    about: dict[str, Any] = {
        "at": world.moment(starts.args[0]) if starts else world.MONDAY_MORNING,
        "groups": groups.args if groups else (),
        "every_procedure": request.node.get_closest_marker("every_procedure_lives_here") is not None,
    }
    running: Platform
    if mode == "deployed":
        running = Deployed(request.getfixturevalue("rabbit"), request.getfixturevalue("postgres"), **about)
    else:
        running = Platform(mode, *parts, replicas=replicas.kwargs if replicas else None, **about)
    try:
        yield running.start()
    finally:
        running.remove()


@pytest.fixture(params=_MODES)
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    """The whole platform with its invented world, once in each mode: a story that holds in one must hold in both."""
    yield from _run_platform(request, request.param)


@pytest.fixture
def embedded_platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    """The whole platform as one process."""
    yield from _run_platform(request, "embedded")


@pytest.fixture
def distributed_platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    """The whole platform on RabbitMQ and PostgreSQL, a process a service; ``@pytest.mark.replicas(workflow=2)``."""
    yield from _run_platform(request, "distributed")


@pytest.fixture(scope="session", autouse=True)
def _seeds_are_forgotten() -> Iterator[None]:
    yield
    forget_seeds()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails on a running platform shows what its processes wrote last."""
    report = yield
    if report.failed:
        for platform in Platform.alive:
            for service, text in platform.logs.items():
                lines = [line for line in text.splitlines() if '"level": "info"' not in line]
                report.sections.append((f"what {service} wrote last", "\n".join(lines[-40:])))
    return report
