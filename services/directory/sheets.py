"""The sheets that a group fills in: which columns each has, what may stand in them, and every fault with its place.

Read from CSV as spreadsheets write it (a byte-order mark, semicolons, spaces round words). All faults of all sheets are
found at once; each says its file, line and column and what is allowed. What a sheet means for the directory is worked
out in `importing.py`. Pure: text in, rows out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from heard.instants import LONDON

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"[0-9+() -]{3,40}")
YES, NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a sheet that cannot be taken in; `line` counts the heading as line 1."""

    file: str
    line: int
    column: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.column}: {self.says}"


Read = Callable[[str], Any]
"""A cell's text as its value. Raises ValueError with a sentence saying what is allowed."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `says` explains it in the template; `example` stands in the template's one invented row."""

    name: str
    read: Read
    example: str
    says: str
    required: bool = False


@dataclass(slots=True)
class Row:
    """One line of a sheet: its values by column, None where a cell is empty."""

    file: str
    line: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)

    def fault(self, column: str, says: str) -> Fault:
        """A fault in this line."""
        return Fault(self.file, self.line, column, says)


@dataclass(slots=True)
class Sheets:
    """Everything that was handed in, by sheet, and what is wrong with it."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def of(self, sheet: str) -> list[Row]:
        """The rows of one sheet."""
        return self.rows.get(sheet, [])


def _text(cell: str) -> str:
    if len(cell) > 200:
        raise ValueError("200 characters at most")
    return cell


def _slug(cell: str) -> str:
    if not SLUG.fullmatch(cell):
        raise ValueError(f"{cell!r} is no short name: small letters, numbers and hyphens, like harbour-house")
    return cell


def _email(cell: str) -> str:
    if not _EMAIL.fullmatch(cell):
        raise ValueError(f"{cell!r} is no email address, like name@example.org")
    return cell


def _phone(cell: str) -> str:
    if not _PHONE.fullmatch(cell) or sum(letter.isdigit() for letter in cell) < 3:
        raise ValueError(f"{cell!r} is no telephone number: digits, spaces, brackets and + only")
    return cell


def _yes(cell: str) -> bool:
    if cell.lower() not in YES + NO:
        raise ValueError(f"{cell!r}: yes or no")
    return cell.lower() in YES


def day(cell: str) -> date:
    """A day as 2026-11-22 or 22/11/2026. Raises ValueError."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell, pattern).date()
        except ValueError:
            continue
    raise ValueError(f"{cell!r} is no day: write 2026-11-22 or 22/11/2026")


def midnight(on: date) -> datetime:
    """The moment at which a day begins in London, in UTC."""
    return datetime(on.year, on.month, on.day, tzinfo=LONDON).astimezone(UTC)


SHEETS: dict[str, tuple[Column, ...]] = {
    "providers": (
        Column("provider", _text, "Tidewater Supported Living", "Its name", required=True),
        Column("procedure", _text, "ioi_support", "An installed procedure: heard policy list", required=True),
    ),
    "areas": (
        Column("area", _text, "Hampshire", "As the homes name it", required=True),
        Column("contact", _text, "lado", "lado, mash, out_of_hours, or another body", required=True),
        Column("name", _text, "The LADO for Hampshire", "As people call it"),
        Column("phone", _phone, "01632 960100", "A number or an email is needed"),
        Column("out_of_hours", _phone, "01632 960180", "Their number for nights, weekends and bank holidays"),
        Column("email", _email, "lado@hampshire.example", ""),
        Column("last_verified", day, "2026-11-02", "The day somebody tried it; empty: nobody has"),
    ),
    "homes": (
        Column("home", _slug, "harbour-house", "Its short name, in its address on the web", required=True),
        Column("name", _text, "Harbour House", "", required=True),
        Column("provider", _text, "Tidewater Supported Living", "Who runs it", required=True),
        Column("area", _text, "Hampshire", "The local authority it stands in"),
    ),
    "people": (
        Column("name", _text, "Saskia Thornbury", "", required=True),
        Column("email", _email, "saskia@tidewater.example", "Tells people of one name apart"),
        Column("phone", _phone, "01632 960101", ""),
        Column("works_for", _text, "Tidewater Supported Living", "Providers, with ; between; empty: nobody here"),
        Column("outside", _yes, "no", "Whether they are independent of the provider"),
        Column("email_verified", _yes, "yes", "Whether somebody has tried the address"),
    ),
    "roles": (
        Column("person", _text, "saskia@tidewater.example", "Their email, or their name", required=True),
        Column("role", _text, "team_manager", "A role of the provider's procedure, or staff", required=True),
        Column("provider", _text, "Tidewater Supported Living", "Empty for a group operator"),
        Column("home", _slug, "harbour-house", "Empty: at each home of the provider"),
        Column("from", day, "2026-01-05", "Empty: from today"),
        Column("until", day, "", "The first day on which they hold it no more"),
    ),
}
"""The sheets in the order in which they are taken in; the file of each is called like it, with .csv."""


def read_sheets(files: Iterable[tuple[str, str]]) -> Sheets:
    """Every sheet of ``(file name, text)``, with every fault."""
    found = Sheets()
    for name, text in files:
        sheet = name.rsplit("/", 1)[-1].removesuffix(".csv").lower()
        if sheet not in SHEETS:
            there = ", ".join(f"{one}.csv" for one in SHEETS)
            found.faults.append(Fault(name, 1, "file name", f"no sheet is called {sheet!r}; there are: {there}"))
            continue
        _read_sheet(found, name, sheet, text)
    return found


def _read_sheet(found: Sheets, name: str, sheet: str, text: str) -> None:
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_delimiter(text), strict=True)
    columns = {one.name: one for one in SHEETS[sheet]}
    try:
        heading = [cell.strip().lower().replace(" ", "_") for cell in next(lines, [])]
        for cell in heading:
            if cell and cell not in columns:
                found.faults.append(Fault(name, 1, cell, f"no such column; there are: {', '.join(columns)}"))
        for one in columns.values():
            if one.required and one.name not in heading:
                found.faults.append(Fault(name, 1, one.name, f"this column is missing; needed: {_needed(sheet)}"))
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _read_row(found, name, sheet, lines.line_num, dict(zip(heading, cells, strict=False)))
    except csv.Error as fault:
        found.faults.append(Fault(name, lines.line_num, "line", f"this line is no CSV: {fault}"))


def _read_row(found: Sheets, name: str, sheet: str, line: int, cells: Mapping[str, str]) -> None:
    values: dict[str, Any] = {}
    before = len(found.faults)
    for column in SHEETS[sheet]:
        cell = " ".join(cells.get(column.name, "").split())
        if not cell:
            values[column.name] = None
            if column.required and column.name in cells:
                found.faults.append(Fault(name, line, column.name, "this cannot be empty"))
            continue
        try:
            values[column.name] = column.read(cell)
        except ValueError as fault:
            found.faults.append(Fault(name, line, column.name, str(fault)))
    if len(found.faults) == before:
        found.rows.setdefault(sheet, []).append(Row(name, line, values))


def _delimiter(text: str) -> str:
    heading = text.split("\n", 1)[0]
    return ";" if heading.count(";") > heading.count(",") else ","


def _needed(sheet: str) -> str:
    return ", ".join(one.name for one in SHEETS[sheet] if one.required)


def template(sheet: str) -> str:
    """A sheet to fill in: its heading and one invented row, to be overwritten."""
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\n")
    writer.writerow([one.name for one in SHEETS[sheet]])
    writer.writerow([one.example for one in SHEETS[sheet]])
    return kept.getvalue()
