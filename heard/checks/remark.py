"""One thing to know about a procedure: how grave it is, a sentence, and what to do about it.

Owns `Remark`, the shape of every finding of `heard policy check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from heard.who import Rule

Severity = Literal["broken", "weaker", "missing", "note"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about a procedure. Only `broken` keeps it from being used.

    `remedy` says what whoever wrote it can do; `source` names the law or code that it is held against, if it is.
    """

    severity: Severity
    sentence: str
    remedy: str
    line: int = 0
    clause: tuple[str, ...] = ()
    source: str = ""


def on(rule: Rule, severity: Severity, sentence: str, remedy: str, source: str = "") -> Remark:
    """A remark on one rule, with its line and the clause it keeps."""
    return Remark(severity, sentence, remedy, rule.line, rule.clause, source)
