"""What is wrong with how a provider words its messages, each a sentence with a remedy.

A message that no event sends, a gap that nobody fills, something left out that a reader must know: these are `broken`
and stop start-up, as a fault in a procedure does. A text too hard for its reader is `weaker` and passes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from heard.checks.remark import Remark
from heard.reading_age import LIMITS, grade
from heard.wording import HELP, OPTIONAL, READERS, STANDARD, SUBJECT, Wording, gaps_of, parted


def wording_faults(wording: Wording) -> Iterator[tuple[str, Remark]]:
    """Each fault with the name of the message it is in."""
    for name, source in wording.own.items():
        yield from ((name, one) for one in _faults(name, source))


def too_hard(wording: Wording) -> Iterator[tuple[str, Remark]]:
    """Each message of the provider's own that is harder to read than its reader may be asked."""
    for name, source in wording.own.items():
        limit = LIMITS[_reader(name)]
        asked = grade(parted(source)[1])
        if asked > limit:
            sentence = f"letters/{name}.txt asks for {asked:.0f} years of school; its reader has {limit:.0f}."
            yield name, Remark("weaker", sentence, "Shorter sentences, shorter words.")


def _faults(name: str, source: str) -> Iterator[Remark]:
    standard = _standard(name)
    if standard is None:
        near = difflib.get_close_matches(name, STANDARD, 1)
        meant = f"Did you mean {near[0]}?" if near else "`heard policy letters` shows every message there is."
        yield Remark("broken", f"letters/{name}.txt is no message that anybody gets.", meant)
        return
    subject, body = parted(source)
    wants_subject = standard.startswith(SUBJECT)
    if wants_subject and not subject:
        yield Remark("broken", f"letters/{name}.txt has no subject.", f"Begin it with a line `{SUBJECT}...`.")
    if gaps_of(subject):
        sentence = f"The subject of letters/{name}.txt has a gap: a subject carries no name and nothing of the matter."
        yield Remark("broken", sentence, "Write the same subject for everybody.")
    if "{%" in source:
        yield Remark("broken", f"letters/{name}.txt has an instruction ({{% .. %}}).", "Only gaps may stand in it.")
    known, used = gaps_of(standard) | OPTIONAL, gaps_of(body)
    for gap in sorted(used - known):
        allowed = ", ".join(sorted(known))
        yield Remark("broken", f"letters/{name}.txt has a gap {gap!r} that nobody fills.", f"There are: {allowed}.")
    for gap in sorted(gaps_of(standard) - used - (OPTIONAL - {HELP} if name.startswith("complainant/") else OPTIONAL)):
        yield Remark("broken", f"letters/{name}.txt leaves out {gap!r}, which its reader must have.",
                     f"Put {{{{ {gap} }}}} where it belongs.")  # fmt: skip


def _standard(name: str) -> str | None:
    """Our own text under that name; for a wording for one reader alone, the one for all."""
    base, _, reader = name.rpartition(".")
    if name in STANDARD:
        return STANDARD[name]
    if base and reader in READERS:
        return STANDARD.get(base)
    return next((STANDARD[f"{name}.{one}"] for one in READERS if f"{name}.{one}" in STANDARD), None)


def _reader(name: str) -> str:
    folder, _, rest = name.partition("/")
    reader = rest.rpartition(".")[2] if "." in rest else rest if folder == HELP else ""
    if reader in READERS:
        return reader
    return "child" if folder == "complainant" else "staff"


