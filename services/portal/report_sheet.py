"""A provider's report as rows of a sheet: one number or answer a row, with what it is about before it.

STEP 5 for whoever takes twelve months out: an inspector, a council, the provider's own office. Says what the report's
page says and nothing more; a number that is too small to be shown there is not shown here. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.portal.plain_words import month_or_words, sentence

COLUMNS = ("Measure", "Of what", "Which", "Value")
_CALLED = ("says", "reference", "event")
"""By which of its fields one of several things is called; the others are told of it."""
_KEYS = ("id", "key", "duty", "home")
"""Keys that say nothing to a reader."""


def rows(report: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The columns, what report it is, and every measure."""
    about = [
        ("The report", "", "Called", report["says"]), ("The report", "", "Provider", report["provider_name"]),
        ("The report", "", "From", report["since"]), ("The report", "", "To", report["until"]),
        ("The report", "", "Made", report["made_at"]),
    ]  # fmt: skip
    found: list[tuple[str, ...]] = [COLUMNS, *about]
    for name, measure in report["measures"].items():
        for path, value in _told(measure, (), report):
            *before, which = path or ("",)
            found.append((titles.get(name) or sentence(name), ", ".join(before), which, value))
    return found


def _told(value: Any, path: tuple[str, ...], report: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key not in _KEYS:
                yield from _told(one, (*path, _name(key, report)), report)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for one in value:
            called = next((key for key in _CALLED if one.get(key)), None)
            rest = {key: inner for key, inner in one.items() if key != called}
            place = report["homes"].get(one.get("home"), "")
            name = ", ".join(part for part in (str(one.get(called, "")), place) if part)
            yield from _told(rest, (*path[:-1], name), report)
    else:
        yield path, _cell(value, report)


def _name(key: Any, report: Mapping[str, Any]) -> str:
    return str(report["homes"].get(key) or month_or_words(key))


def _cell(value: Any, report: Mapping[str, Any]) -> str:
    if value is None:
        return f"fewer than {report['hide_below']}" if report.get("hide_below") else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)
