"""Which clause of a provider's document is kept by what, and by which test.

Owns `Clause` and `coverage`, behind `heard policy coverage`: each clause id with the rules that keep it, or why people
keep it, or (where the document is silent) the house defaults that fill the silence. A plugin's `clauses.toml`, beside
its procedure.toml, says what each clause asks, in our words, and on which lines of the document it stands.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from heard.breaking import Break
from heard.procedure import (
    Contact,
    Decision,
    Duty,
    Fact,
    Gate,
    LinkedCase,
    NotificationRule,
    Panel,
    Procedure,
    Record,
    Reference,
    Report,
    Retention,
    Role,
    Rule,
    Stage,
    StandingDuty,
    Suspension,
    WayIn,
    WayOn,
    Words,
)  # fmt: skip

if TYPE_CHECKING:  # it needs what only a developer installs; what a page shows of coverage does not
    from heard.proving import Found

CLAUSES = "clauses.toml"
Standing = Literal["kept", "guidance", "silent", "not kept"]
SHOWN_AS: tuple[tuple[type[Rule], str], ...] = (
    (Duty, "clock and letter"), (StandingDuty, "standing duty"), (NotificationRule, "alert and notice"),
    (Decision, "decision on the case page"), (Gate, "gate"), (WayIn, "way in"), (WayOn, "way on"),
    (Stage, "stage and its people"), (Panel, "panel"), (Report, "report"), (Record, "record needed"),
    (Retention, "retention"), (Role, "role"), (Contact, "contact"), (Fact, "question"), (Words, "form"),
    (Suspension, "suspension"), (LinkedCase, "linked case"), (Reference, "reference"),
)  # fmt: skip
"""Where a person meets a rule of that kind."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """A rule that keeps a clause: where it stands, what it says, where a person meets it, and whose it is."""

    rule: str
    says: str
    shown_as: str
    source: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause, who keeps it and how that is known. `broken` and `noticed` are None until it is proven."""

    id: str
    asks: str
    lines: tuple[tuple[int, int], ...]
    standing: Standing
    how: str
    keepers: tuple[Keeper, ...]
    tests: tuple[str, ...]
    broken: int | None = None
    noticed: int | None = None
    unnoticed: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether a test cites it and every break of its rules was noticed."""
        return bool(self.tests) and self.broken == self.noticed


class ClausesFault(Exception):
    """A clauses.toml that cannot be read: one sentence with the file and what is allowed."""


def coverage(
    procedure: Procedure,
    document: Mapping[str, Any],
    tests: Mapping[str, Sequence[str]],
    proof: tuple[Sequence[Break], Found] | None = None,
) -> tuple[Clause, ...]:
    """Every clause in the order of the document. `document` is what `read_clauses` gave; `tests` are by clause."""
    notes = {note.id: note for note in procedure.clauses}
    keepers: dict[str, list[Keeper]] = {}
    for rule in procedure.rules():
        for clause in rule.clause if not rule.adopted_from else ():
            keepers.setdefault(clause, []).append(_keeper(rule))
    found = []
    for id_ in sorted({*document, *notes, *keepers}, key=_in_order):
        note, about = notes.get(id_), document.get(id_, {})
        standing: Standing = "kept" if id_ in keepers else "not kept"
        if note:
            standing = "silent" if note.kept_by == "silent" else "guidance"
        breaks = [(number, one) for number, one in enumerate(proof[0]) if id_ in one.clause] if proof else []
        noticed = proof[1].noticed if proof else {}
        found.append(Clause(
            id_, str(about.get("asks", "")), tuple(_span(one) for one in about.get("lines", ())), standing,
            note.how if note else "", tuple(keepers.get(id_, ())), tuple(tests.get(id_, ())),
            len(breaks) if proof else None,
            sum(number in noticed for number, _ in breaks) if proof else None,
            tuple(f"{one.rule}: {one.how}" for number, one in breaks if number not in noticed),
        ))  # fmt: skip
    return tuple(found)


def read_clauses(folder: Path) -> dict[str, Any]:
    """What a plugin's clauses.toml says of each clause: `asks` and `lines`; empty when there is none.

    Raises ClausesFault.
    """
    file = folder / CLAUSES
    if not file.exists():
        return {}
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ClausesFault(f"{file}: {error}") from error
    for id_, about in read.items():
        if not isinstance(about, dict) or not {*about} <= {"asks", "lines"} or "asks" not in about:
            raise ClausesFault(f'{file}: [{id_}] must say `asks = "..."` and may say `lines = ["12", "14-16"]`')
        for span in about.get("lines", ()):
            if not re.fullmatch(r"\d+(-\d+)?", str(span)):
                raise ClausesFault(f'{file}: [{id_}] lines: {span!r} is neither a line ("12") nor lines ("14-16")')
    return read


def _keeper(rule: Rule) -> Keeper:
    where = " ".join(str(part) for part in (getattr(rule, "stage", None), rule.key) if part)
    shown = next((words for kind, words in SHOWN_AS if isinstance(rule, kind)), "procedure")
    return Keeper(where or type(rule).__name__.lower(), rule.says or str(getattr(rule, "name", "")), shown, rule.source)


def _span(said: str) -> tuple[int, int]:
    first, _, last = str(said).partition("-")
    return int(first), int(last or first)


def _in_order(id_: str) -> tuple[str, int, str]:
    prefix, _, number = id_.rpartition("-")
    digits = re.match(r"\d+", number)
    return prefix, int(digits[0]) if digits else 0, number
