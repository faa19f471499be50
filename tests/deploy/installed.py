"""What stands in deploy/, read as the programs that use it read it: containers, units, alerts, the dashboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import yaml

from services.chassis.settings import SERVICES
from tests.ground.deployed import DEPLOY

ALERTS = DEPLOY / "prometheus" / "alerts.yml"
_BRANCHES = ("lhs", "rhs", "expr", "param", "vector_selector")


def alerts() -> dict[str, dict[str, Any]]:
    """Every alert rule, by name."""
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def panels() -> dict[str, str]:
    """Every query of the dashboard, by the title of its panel."""
    dashboard = json.loads((DEPLOY / "grafana" / "heard.json").read_text(encoding="utf-8"))
    return {
        panel["title"]: target["expr"]
        for panel in dashboard["panels"]
        if panel["type"] != "row"
        for target in panel["targets"]
    }


def selected(query: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each measurement that a query asks for, with the labels that it must have."""
    yield from _selected(promql_parser.parse(query))


def _selected(node: Any) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, promql_parser.VectorSelector):
        asked = [one for one in node.matchers.matchers if one.op == promql_parser.MatchOp.Equal]
        yield node.name, {one.name: one.value for one in asked}
        return
    for branch in _BRANCHES:
        inner = getattr(node, branch, None)
        if inner is not None and not isinstance(inner, str):
            yield from _selected(inner)
    for inner in getattr(node, "args", ()):
        yield from _selected(inner)


def unit(service: str, template: str = "heard") -> dict[str, list[str]]:
    """What systemd reads for a service: its template and what is dropped in for it, by key, `%i` filled in."""
    units = DEPLOY / "systemd"
    files = [units / f"{template}@.service", *units.glob(f"{template}@{service}.service.d/*.conf")]
    return _read("\n".join(file.read_text(encoding="utf-8") for file in files).replace("%i", service))


def one_unit(name: str) -> dict[str, list[str]]:
    """A unit that is not a template, by key."""
    return _read((DEPLOY / "systemd" / name).read_text(encoding="utf-8"))


def _read(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if match := re.fullmatch(r"(\w+)=(.*)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


def unit_environment(read: dict[str, list[str]]) -> dict[str, str]:
    """The variables that a unit sets by itself."""
    return dict(one.split("=", 1) for one in read["Environment"])


def credentials(read: dict[str, list[str]]) -> dict[str, str]:
    """The files that systemd hands over to a unit, by the name under which it finds them."""
    return dict(one.split(":", 1) for one in read.get("LoadCredential", []))


__all__ = ["ALERTS", "SERVICES", "alerts", "credentials", "one_unit", "panels", "selected", "unit", "unit_environment"]
