"""A procedure's headings with those of an adopted law behind them: what both name is united, never replaced.

Between the reading of the files and the procedure (`procedure_file.py`). A law adds its rules; of a name that stands in
both, the provider's own words stay and whatever the law asks beyond them is added.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from heard.procedure import NO_CALLING, NO_PROMISED, NO_STANDING, Words


def added(headings: dict[str, Any], law: Mapping[str, Any]) -> dict[str, Any]:
    """The headings with a law's rules behind them. What both name (a concern, a word) is united, never replaced."""
    for heading, rules in law.items():
        if heading in ("language", "law", "adopts") or not rules:
            continue
        if heading == "words":
            mine: Words = headings["words"]
            more = [word for word in rules.categories if word not in mine.categories]
            headings["words"] = dataclasses.replace(mine, categories=(*mine.categories, *more))
            continue
        if heading in ("promised", "standing"):
            headings[heading] = rules if headings[heading] in (NO_PROMISED, NO_STANDING) else headings[heading]
            continue
        if heading == "calling":
            standing, gaps = headings[heading], ("then", "paces", "night", "answers_count_for")
            filled = {name: getattr(rules, name) for name in gaps if not getattr(standing, name)}
            headings[heading] = rules if standing == NO_CALLING else dataclasses.replace(standing, **filled)
            continue
        if heading == "screening":
            headings[heading] = _united(headings[heading], rules)
            continue
        if heading == "counting":
            counting = headings["counting"]
            headings["counting"] = dataclasses.replace(counting, promptly={**rules.promptly, **counting.promptly})
            continue
        if heading == "contacts":  # a body that both know is reached as the document says
            known = {one.key for one in headings[heading]}
            headings[heading] = (*headings[heading], *(one for one in rules if one.key not in known))
            continue
        there = {rule.key: rule for rule in headings[heading]}
        for rule in rules:
            there[rule.key] = _united(there[rule.key], rule) if rule.key in there else rule
        headings[heading] = tuple(there.values())
    return headings


def _united(mine: Any, theirs: Any) -> Any:
    """The same name in two files: mine, with whatever the law adds to it. It goes on citing my clause."""
    longer = {}
    for one in dataclasses.fields(mine):
        first, second = getattr(mine, one.name), getattr(theirs, one.name)
        if isinstance(first, tuple) and one.name != "clause":
            longer[one.name] = (*first, *(word for word in second if word not in first))
        elif first is None and second is not None and not one.metadata:
            longer[one.name] = second
    return dataclasses.replace(mine, **longer)
