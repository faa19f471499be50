"""Rows as a sheet that any program opens (CSV). A cell that could be read as a formula is made plain text. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """The sheet, its first row the names of the columns."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerows([_plain(str(cell)) for cell in row] for row in rows)
    return sheet.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
