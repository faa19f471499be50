"""A process for what is alarming and nothing else: a service of which only those entry points are left that stand on
the way of an alert.

Beside the processes that do all of a service's work stands one more with `HEARD_ALARMS_ONLY`. It answers no question
and opens no door, so nothing ordinary is ever before an alert in it; the broker gives it what is alarming first, and
the others while it is away. Nothing in it is done otherwise than there: same handlers, same inbox, same rows.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR as MARKS

from services.chassis.service import Service


def alarms_alone(kind: type[Service]) -> type[Service]:
    """The same service with nothing to do but what is alarming."""
    left = {
        name: _left(getattr(kind, name), {one for one in marks if _alarms(one)})
        for name, marks in entry_points(kind).items()
    }
    return type(kind.__name__, (kind,), left)


def entry_points(kind: type[Service]) -> dict[str, set[Any]]:
    """By the name of a method, the marks that make it an entry point."""
    methods = inspect.getmembers(kind, inspect.isfunction)
    return {name: marks for name, method in methods if (marks := vars(method).get(MARKS))}


def _alarms(mark: Any) -> bool:
    return bool(getattr(mark, "alarms", False))


def _left(method: Callable[..., Any], marks: set[Any]) -> Callable[..., Any]:
    """The method under the marks that are left to it: it can still be called by those."""

    def same(*args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)

    same.__doc__ = method.__doc__
    setattr(same, MARKS, marks)
    return same
