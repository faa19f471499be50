"""The provider's own reference of a complaint: when it is made, and how it is written.

Some documents number their complaints in a way of their own (a date, initials, a place). That is an attribute of the
case, made once and never changed; the platform's own reference stands everywhere that others can see. Pure. Initials
are part of a name, so whoever keeps the case seals it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from heard.casefile import CaseState
from heard.happened import Assignment
from heard.procedure import Reference

GIVEN = "reference_given"
"""The event with which a case gets its reference."""
PLACEHOLDERS = ("received", "handler_initials", "complainant_initials", "site", "programme", "year", "n")
"""What a pattern may hold in braces; `received` with a form of its own, `{received:D.M.YY}`."""
ALWAYS, FORMAL = "received", "formal"
"""When it may be made: for every complaint, or with the first formal stage (or the key of a stage)."""
_PLACE = re.compile(r"\{(\w+)(?::([^}]*))?\}")
_PART = re.compile(r"\[([^\]]*)\]")
_DAY = re.compile(r"YYYY|YY|DD|D|MM|M")


def registrar(state: CaseState) -> Assignment | None:
    """Who handles the case at the moment at which its reference is to be made; None while it is not, or is made."""
    rule, visit = state.procedure.reference, state.visit
    if rule is None or visit is None or not state.screened or state.first(GIVEN) is not None:
        return None
    wanted = rule.given_at or ALWAYS
    reached = {one.stage for one in state.visits}
    formal = any(state.procedure.stage(one).formal for one in reached)
    if wanted == ALWAYS or wanted in reached or (wanted == FORMAL and formal):
        return state.holder("handles")
    return None


def initials(name: str) -> str:
    """The first letters of a name: "Robin Averill" is RA."""
    return "".join(word[0] for word in re.findall(r"\w[\w'\u2019-]*", name)).upper()


def placeholders(pattern: str) -> list[str]:
    """The names in braces, in the order of the pattern."""
    return [found[1] for found in _PLACE.finditer(pattern)]


def written(rule: Reference, received: date, values: Mapping[str, str], n: int) -> str:
    """The reference of the `n`-th complaint that comes to the same one; what stands in [..] is left out when empty."""
    known = {**values, "year": f"{received:%Y}", "n": str(n)}

    def fill(text: str) -> str:
        return _PLACE.sub(lambda found: _value(found[1], found[2], received, known), text)

    def part(found: re.Match[str]) -> str:
        empty = any(not known.get(name) for name in placeholders(found[1]) if name != "received")
        return "" if empty else fill(found[1])

    text = fill(_PART.sub(part, rule.pattern))
    if n > 1 and "n" not in placeholders(rule.pattern):
        text += fill(rule.on_clash or " / {n}")
    return text


def _value(name: str, form: str | None, received: date, known: Mapping[str, str]) -> str:
    if name != "received":
        return known.get(name, "")
    forms = {"YYYY": f"{received:%Y}", "YY": f"{received:%y}", "DD": f"{received:%d}", "D": str(received.day),
             "MM": f"{received:%m}", "M": str(received.month)}  # fmt: skip
    return _DAY.sub(lambda found: forms[found[0]], form or "DD.MM.YYYY")
