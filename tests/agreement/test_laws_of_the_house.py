"""The laws of the house that can be read off the imports and the settings. (import-linter holds the others.)"""

import ast
import sys
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.agreement.tree import ROOT, imports, modules, name_of, parsed, services

OF_SERVICES = [path for service in services() for path in modules(f"services/{service}")]
STANDARD = set(sys.stdlib_module_names)
FRAMEWORKS = {"nameko", "kombu", "amqp", "eventlet", "greenlet"}


def packages_of(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def strangers(folder: str, welcome: Callable[[Path], set[str]]) -> dict[str, set[str]]:
    """Modules below a folder that import other packages than those that are welcome there."""
    found = {name_of(path): packages_of(path) - STANDARD - welcome(path) for path in modules(folder)}
    return {name: packages for name, packages in found.items() if packages}


def test_the_language_and_its_engine_import_nothing_heavy() -> None:
    light = {"heard", "pluggy", "marshmallow", "holidays", "click", "rich", "tomli", "pytest"}
    assert strangers("heard", lambda path: light) == {}


def test_a_plugin_comes_through_the_door_that_an_outsider_uses() -> None:
    assert strangers("plugins", lambda path: {"heard", "pytest", f"heard_{path.relative_to(ROOT).parts[1]}"}) == {}


def test_the_frameworks_stay_at_the_edge() -> None:
    """nameko is met where the entry points are; SQL never stands beside one; Flask is met at doors."""
    faults = []
    for path in OF_SERVICES:
        found, name = packages_of(path), name_of(path)
        entry_points = path.name == "service.py"
        if found & (FRAMEWORKS - {"nameko"} if entry_points else FRAMEWORKS):
            faults.append(f"{name}: nameko and what it brings are met in the chassis alone")
        if entry_points and "sqlalchemy" in found:
            faults.append(f"{name}: an entry point calls a domain function, and that asks the records")
        if found & {"flask", "werkzeug"}:
            if "doors" not in path.stem and "services/portal/" not in name:
                faults.append(f"{name}: Flask is met at doors")
            if "sqlalchemy" in found:
                faults.append(f"{name}: a page asks the records, not the database")
    assert faults == []


def test_what_differs_between_the_modes_stands_in_the_chassis() -> None:
    faults = [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node)}"
        for path in OF_SERVICES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"embedded", "mode", "postgres"}
        and ast.unparse(node.value).endswith(("settings", "db"))
    ]
    assert faults == []


def test_nobody_but_the_chassis_asks_the_machine_for_the_time() -> None:
    """Time is an argument: the chassis's clock knows it, and a person at a command line may mean now."""
    asks = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.today"}
    faults = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules("heard", "services")
        if not name_of(path).startswith("services/chassis/") and not path.stem.endswith("cli")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in asks
    ]
    assert faults == []


def test_nothing_leaves_but_through_the_gate() -> None:
    wires = {"smtplib", "requests", "http", "urllib", "ftplib", "notifications_python_client", "aiohttp", "httpx",
                 "authlib"}  # fmt: skip
    inside = {  # they knock at our own doors
        "services/intake/knocking.py", "services/notifications/replies.py", "services/portal/reach.py",
        "services/reception.py",
    }  # fmt: skip
    only_looks = {"services/upkeep/machine.py"}  # the doctor greets the mail server
    asks_who = {"services/directory/issuer.py"}  # gives back a code that came from there; no message to anybody
    carriers = {"services/chassis/text_gateway.py", "services/chassis/text_notify.py"}  # behind texting.py
    found = {name_of(path) for path in modules("heard", "services") if wires & {
        one.partition(".")[0] for one in imports(path) if not one.startswith("urllib.parse")
    }}  # fmt: skip
    gated = found - inside - only_looks - asks_who - carriers
    for name in gated | {"services/chassis/texting.py"}:
        assert "may_leave(self.settings, verified=" in (ROOT / name).read_text(), name
    for path in modules("services"):
        if imports(path) & {"services.chassis.text_gateway", "services.chassis.text_notify"}:
            assert name_of(path) == "services/chassis/texting.py"


def test_the_settings_are_read_in_one_place() -> None:
    readers = [
        name_of(path)
        for path in modules("heard", "services")
        if any(
            isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
            for node in ast.walk(parsed(path))
        )
    ]
    # green.py sets one variable for the database driver; an option of the command line goes before the environment.
    assert set(readers) <= {"services/chassis/settings.py", "services/chassis/green.py", "services/cli.py"}


def test_nothing_is_installed_that_breaks_the_green_threads() -> None:
    installed = {str(one.metadata["Name"]).lower() for one in distributions()}
    assert not installed & {"trio", "selenium", "gevent"}


def test_this_process_is_not_patched() -> None:
    """Tests may import the services; what needs green threads runs in processes of its own."""
    patcher = sys.modules.get("eventlet.patcher")
    assert patcher is None or not patcher.is_monkey_patched("socket")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_requirements_are_exact_and_name_no_address(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    assert not [line for line in lines if "://" in line or line.startswith(("-i", "--index", "--extra", "--find"))]
    pins = [line for line in lines if not line.startswith(" ")]
    assert pins and all("==" in line and line.endswith("\\") for line in pins)


def test_what_the_tests_use_contains_what_the_platform_uses() -> None:
    def pins(name: str) -> set[str]:
        return {line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")
