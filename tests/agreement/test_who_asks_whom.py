"""The broker lets a service ask those whom services/chassis/askers.toml names: exactly those whom its code asks."""

import ast

from heard.events import FACTS
from services.chassis.rights import askers
from services.chassis.settings import SERVICES
from services.portal.group_pages import HEARERS
from tests.agreement.tree import modules, name_of, parsed


def test_every_service_may_ask_whom_its_code_asks_and_nobody_else() -> None:
    asked: dict[str, set[str]] = {service: set() for service in SERVICES}
    for path in modules("services"):
        asker = name_of(path).split("/")[1]
        if asker in SERVICES:
            asked[asker] |= {one for one in questions(parsed(path)) if one in SERVICES}
    for listener in FACTS["directory_changed"].heard_by:
        asked[listener].add("directory")  # the chassis catches up with who is who on their behalf
    asked["portal"] |= set(HEARERS)  # whose parked facts it shows
    assert {asker: set(others) for asker, others in askers().items()} == asked


def questions(module: ast.Module) -> set[str]:
    """The x of every `calls.x` in a module."""
    return {
        node.attr
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and (getattr(node.value, "attr", None) == "calls" or getattr(node.value, "id", None) == "calls")
    }
