"""The provider's own document as a page, each sentence coloured by whether the platform keeps it.

For whoever answers for a procedure: `heard policy coverage P --document FILE --html PAGE`. The document is read from
where the provider keeps it and goes into that page alone. Colour never stands by itself: each coloured line names its
clauses and says "kept", "guidance" or "not kept".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from heard.coverage import Clause
from heard.procedure import Procedure

NORMATIVE = re.compile(
    r"\b(must|shall|will|should|may|can|(have|has|are|is|needs?) to|within \d+|no later than|at least)\b",
    re.IGNORECASE,
)
"""Words by which a sentence asks something of somebody. A line with one of them that no clause claims is not kept."""
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z‘“\"(])")
STYLE = """
body{font:1rem/1.5 Arial,sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem;color:#0b0c0c}
h1{font-size:1.6rem}table{border-collapse:collapse;width:100%}
td,th{padding:.3rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid #b1b4b6}
.line{display:grid;grid-template-columns:9rem 1fr;gap:1rem;margin:.25rem 0}
.ids{color:#505a5f;font-size:.85rem}mark{color:inherit;padding:0 .15rem}
.kept{background:#cce2d8}.guidance{background:#fff2c7}.silent{background:#d2e2f1}
.not-kept{background:#f4cdc6;text-decoration:underline wavy}
@media (max-width:40rem){.line{grid-template-columns:1fr;gap:0}}@media print{mark{border:1px solid #0b0c0c}}
"""


def page(procedure: Procedure, clauses: Sequence[Clause], document: str) -> str:
    """The whole page as HTML. `document` is the text of the provider's document, line by line."""
    text = document.splitlines()
    by_line: dict[int, list[Clause]] = {}
    for clause in clauses:
        for first, last in clause.lines:
            for number in range(first, last + 1):
                by_line.setdefault(number, []).append(clause)
    lines = "".join(
        _line(number, words, by_line.get(number, [])) for number, words in enumerate(text, 1) if words.strip()
    )
    rows = "".join(_row(clause) for clause in clauses)
    name = escape(procedure.name)
    return f"""<!doctype html>
<html lang="en-GB">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{name}: what is kept</title>
<style>{STYLE}</style>
<main>
<h1>{name}: {escape(procedure.document.title)}</h1>
<p>{_legend(clauses)}</p>
<h2>The document</h2>
{lines}
<h2>Clause by clause</h2>
<table>
<thead><tr><th scope="col">Clause<th scope="col">What it asks<th scope="col">Kept by<th scope="col">Tests</thead>
<tbody>
{rows}
</tbody>
</table>
</main>
"""


def unclaimed(clauses: Sequence[Clause], document: str) -> list[tuple[int, str]]:
    """The normative sentences on lines that no clause claims, with their line numbers."""
    claimed = {number for clause in clauses for first, last in clause.lines for number in range(first, last + 1)}
    return [
        (number, sentence)
        for number, words in enumerate(document.splitlines(), 1) if number not in claimed
        for sentence in SENTENCE.split(words) if NORMATIVE.search(sentence)
    ]  # fmt: skip


def _line(number: int, words: str, clauses: Sequence[Clause]) -> str:
    standing = next(
        (one for one in ("not kept", "kept", "guidance", "silent") if any(c.standing == one for c in clauses)), ""
    )
    said = " ".join(_sentence(one, standing) for one in SENTENCE.split(words))
    ids = ", ".join(escape(clause.id) for clause in clauses)
    return f"<div class=line><div class=ids>{number} {ids} {standing}</div><div>{said}</div></div>"


def _sentence(sentence: str, standing: str) -> str:
    normative = NORMATIVE.search(sentence) is not None
    shown = standing or ("not kept" if normative else "")
    return f'<mark class="{shown.replace(" ", "-")}">{escape(sentence)}</mark>' if shown else escape(sentence)


def _row(clause: Clause) -> str:
    keepers = "<br>".join(escape(f"{one.shown_as}: {one.says or one.rule} ({one.source})") for one in clause.keepers)
    proof = f"<br>{clause.noticed} of {clause.broken} breaks noticed" if clause.broken else ""
    kept = f"<strong>{clause.standing}</strong><br>{escape(clause.how)}{keepers}"
    return f"<tr><th scope=row>{escape(clause.id)}<td>{escape(clause.asks)}<td>{kept}<td>{len(clause.tests)}{proof}"


def _legend(clauses: Sequence[Clause]) -> str:
    counts = [
        (one, sum(clause.standing == one for clause in clauses)) for one in ("kept", "guidance", "silent", "not kept")
    ]
    return " ".join(f'<mark class="{one.replace(" ", "-")}">{one}: {count} clauses</mark>' for one, count in counts)
