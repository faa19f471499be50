"""The columns of a complaint log from before: what each says, and what is allowed in it. Pure.

One row is one complaint. A line at fault is told with its column and what is allowed, all faults of a file at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from heard.calendar import FIRST_YEAR
from heard.instants import LONDON, moment_of
from heard.moving import OUTCOMES
from heard.procedure import Procedure

MOST_ROWS = 250
"""Rows of one file: it is taken in whole or not at all, in one transaction shorter than a report's patience with it."""
LONGEST = 20_000
MOST_BYTES = 8 * 1024 * 1024
"""A larger file is not even read: its rows would be too many or too long."""
KINDS = ("complaint", "concern", "comment", "compliment")
FORMALITIES = ("formal", "informal")
_TIMES = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
_SEPARATES = ";"

COLUMNS: Mapping[str, str] = {
    "reference": "the number it had in the earlier log; with it a row is known again",
    "home": "the home, by its name or its name in addresses; may be left out with --home",
    "received": "when it came in (2026-03-02, 02/03/2026, or with a time: 02/03/2026 14:30)",
    "kind": f"one of: {', '.join(KINDS)}",
    "formality": f"one of: {', '.join(FORMALITIES)}; a complaint is formal unless it says otherwise",
    "category": "what it was about, in the words of the procedure; several with ; between them",
    "complainant": "who complained, in the words of the procedure",
    "channel": "by which way it came, in the words of the procedure",
    "child_age": "age of the young person on that day, if it was about one",
    "about_name": "whom it was about, by name, if somebody was named",
    "about_role": "whom it was about, by role or in other words",
    "what_happened": "the complaint in a few words",
    "acknowledged": "when it was acknowledged",
    "responded": "when the stage in which it began was answered",
    "stage": "the last stage that it reached, in the key of the procedure",
    "stage_requested": "when that stage was asked for, if it began in another",
    "stage_responded": "when that stage was answered",
    "finding": "what was found in the last answer, in the words of the procedure",
    "closed": "when it was closed; empty while it is open",
    "outcome": f"how it ended, one of: {', '.join(OUTCOMES)}",
}
"""Every column of the template, with what it means."""
NEEDED = ("received", "kind", "what_happened")
MOMENTS = ("received", "acknowledged", "responded", "stage_requested", "stage_responded", "closed")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place of a file, and what is allowed there. Never what stands there in words."""

    line: int
    column: str
    says: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.says}"


class LogFaults(Exception):
    """A file that cannot be taken in; ``faults`` are all of them, in order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = sorted(faults, key=_in_order)


def _in_order(fault: Fault) -> tuple[int, int]:
    return fault.line, list(COLUMNS).index(fault.column) if fault.column in COLUMNS else -1


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was read: ``said`` the plain cells, ``at`` the moments in it."""

    line: int
    said: Mapping[str, str]
    at: Mapping[str, datetime]


def template() -> str:
    """An empty log: the header, to be filled in with any spreadsheet."""
    return ",".join(COLUMNS) + "\n"


def read_log(content: bytes, now: datetime) -> tuple[list[Row], list[Fault]]:
    """The rows of a file, with the faults in their cells. Raises ``LogFaults`` for what is no such file."""
    if len(content) > MOST_BYTES:
        raise LogFaults([Fault(1, "file", f"it is larger than {MOST_BYTES // 1024**2} MB. Divide it.")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        says = 'this is no UTF-8. In a spreadsheet, save it as "CSV UTF-8".'
        raise LogFaults([Fault(line, "file", says)]) from None
    try:
        header, rows = _cells(text)
    except csv.Error:  # its message may repeat what stands there
        says = "a cell has no end, or is far too long. Is a quotation mark missing?"
        raise LogFaults([Fault(1, "file", says)]) from None
    faults = list(_header_faults(header))
    if not faults and not rows:
        faults.append(Fault(1, "file", "it holds no row."))
    if len(rows) > MOST_ROWS:
        faults.append(Fault(1, "file", f"it holds {len(rows)} rows; {MOST_ROWS} are allowed. Divide it."))
    if faults:
        raise LogFaults(faults)
    found = [_read(line, dict(zip(header, cells, strict=False)), faults, now)
             for line, cells in rows if not _too_long(line, cells, header, faults)]  # fmt: skip
    return found, faults


def _cells(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    began = 1
    for cells in lines:
        if not header:
            header = [cell.strip().lower().replace(" ", "_") for cell in cells]
        elif any(cell.strip() for cell in cells):
            rows.append((began, cells))
        began = lines.line_num + 1
    while header and not header[-1]:
        header.pop()
    return header, rows


def _header_faults(header: Sequence[str]) -> Iterator[Fault]:
    for name in header:
        if name not in COLUMNS:
            yield Fault(1, name or "(empty)", f"there is no such column. There are: {', '.join(COLUMNS)}.")
        elif header.count(name) > 1:
            yield Fault(1, name, "this column is there twice.")
    for name in NEEDED:
        if name not in header:
            yield Fault(1, name, "this column is missing. `heard log template` prints all of them.")


def _too_long(line: int, cells: Sequence[str], header: Sequence[str], faults: list[Fault]) -> bool:
    if any(cell.strip() for cell in cells[len(header) :]):
        faults.append(Fault(line, "row", "it has more cells than there are columns. Is a comma not in quotes?"))
        return True
    return False


def _read(line: int, cells: Mapping[str, str], faults: list[Fault], now: datetime) -> Row:
    said = {name: (cells.get(name) or "").replace("\x00", "").strip() for name in COLUMNS}
    at: dict[str, datetime] = {}
    for name in MOMENTS:
        if said[name]:
            try:
                at[name] = _moment(said[name])
            except ValueError:
                faults.append(Fault(line, name, "this is no day. Write 2026-03-02, 02/03/2026 or 02/03/2026 14:30."))
                continue
            if at[name] > now:
                faults.append(Fault(line, name, "this day is still to come."))
            if at[name].year <= FIRST_YEAR:
                faults.append(Fault(line, name, f"no calendar reaches so far back. Allowed: after {FIRST_YEAR}."))
    for name in NEEDED:
        if not said[name]:
            faults.append(Fault(line, name, "this must be filled in."))
    if len(said["what_happened"]) > LONGEST:
        faults.append(Fault(line, "what_happened", f"at most {LONGEST:,} characters are allowed."))
    for name, longest in (("reference", 80), ("about_name", 200), ("about_role", 200)):
        if len(said[name]) > longest:
            faults.append(Fault(line, name, f"at most {longest} characters are allowed."))
    age = said["child_age"]
    if age and not (age.isascii() and age.isdigit() and len(age) <= 2 and int(age) <= 25):
        faults.append(Fault(line, "child_age", "an age from 0 to 25 is allowed."))
    return Row(line, said, at)


def _moment(text: str) -> datetime:
    """A day alone is its noon; what has a time is London time. Raises ``ValueError``."""
    for form in _TIMES:
        try:
            read = datetime.strptime(text, form)
        except ValueError:
            continue
        return moment_of(date.isoformat(read.date())) if "H" not in form else moment_of(read.replace(tzinfo=LONDON))
    raise ValueError(text)


def categories_of(row: Row) -> list[str]:
    """The categories of a row, one by one."""
    return [one.strip() for one in row.said["category"].split(_SEPARATES) if one.strip()]


def check(row: Row, procedure: Procedure, begins_in: Callable[[Row], str | None]) -> list[Fault]:
    """What the procedure does not allow in a row, or cannot have happened so. ``begins_in``: the stage it begins in."""
    found = [*_not_a_word(row, procedure), *_out_of_order(row)]
    if row.said["stage"] and row.said["stage"] not in {one.key for one in procedure.stages}:
        stages = ", ".join(one.key for one in procedure.stages)
        return [*found, Fault(row.line, "stage", f"there is no such stage. There are: {stages}.")]
    stage = row.said["stage"]
    later = stage and "received" in row.at and not found and stage != begins_in(row)
    for name in ("stage_requested", "stage_responded"):
        if name in row.at and not row.said["stage"]:
            found.append(Fault(row.line, "stage", f"{name} is filled in: say for which stage."))
    if later and "stage_requested" not in row.at:
        found.append(Fault(row.line, "stage_requested", "it began in another stage: say when this one was asked for."))
    return found


def _not_a_word(row: Row, procedure: Procedure) -> Iterator[Fault]:
    """What stands unsealed in the ledger is a word of the procedure: a log writes names into the oddest columns."""
    words = procedure.words
    one_of: dict[str, Sequence[str]] = {
        "kind": KINDS, "formality": FORMALITIES, "complainant": words.complainants, "channel": words.channels,
        "finding": words.findings, "outcome": OUTCOMES, "category": words.categories,
    }  # fmt: skip
    for name, allowed in one_of.items():
        said = categories_of(row) if name == "category" else [row.said[name]]
        if any(word and word not in allowed for word in said):
            known = f"this is not one of: {', '.join(allowed)}." if allowed else "the procedure has no words for this."
            other = "" if name in NEEDED else " Leave it empty, and say it in what_happened."
            yield Fault(row.line, name, f"{known}{other}")


def _out_of_order(row: Row) -> Iterator[Fault]:
    said, at = row.said, row.at
    for name, before in _AFTER:
        if name in at and before in at and at[name] < at[before]:
            yield Fault(row.line, name, f"this lies before the day in {before}.")
    if "stage_responded" in at and "stage_requested" not in at:
        yield Fault(row.line, "stage_requested", "stage_responded is filled in: say when that stage was asked for.")
    if said["finding"] and not {"responded", "stage_responded"} & set(at):
        yield Fault(row.line, "finding", "there is no day of an answer: fill in responded or stage_responded.")
    if said["outcome"] and "closed" not in at:
        yield Fault(row.line, "closed", "there is an outcome: say when it was closed.")
    if "closed" in at and not said["outcome"]:
        yield Fault(row.line, "outcome", f"it is closed: say how it ended ({', '.join(OUTCOMES)}).")


_AFTER = (
    *((name, "received") for name in MOMENTS[1:]),
    ("stage_responded", "stage_requested"),
    *(("closed", name) for name in MOMENTS[1:-1]),
)
"""What cannot lie before what."""


def past_of(row: Row) -> dict[str, Any]:
    """What the fact says of it after its receipt."""
    moments = {name: row.at[name].isoformat() for name in MOMENTS if name != "received" and name in row.at}
    keys = {name: row.said[name] for name in ("finding", "outcome") if row.said[name]}
    stage = {"stage": row.said["stage"]} if "stage_requested" in row.at else {}
    return {**moments, **keys, **stage}
