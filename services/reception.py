"""The command line's way to the REST API: what `heard complaint` asks, and how it reads the answers out.

A client like any other; it stands outside the services and imports none of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

from rich.console import Group
from rich.table import Table
from rich.text import Text

PATIENCE = 15.0  # seconds


class Refusal(Exception):
    """The platform said no, or did not answer. One line; ``asker_can_mend_it`` when another input would do."""

    def __init__(self, sentence: str, *, asker_can_mend_it: bool) -> None:
        super().__init__(sentence)
        self.asker_can_mend_it = asker_can_mend_it


@dataclass(frozen=True, slots=True)
class Reception:
    """The portal at an address, as a person with or without a token."""

    at: str
    token: str | None

    def submit(self, report: Mapping[str, Any], key: str | None) -> Any:
        """Hand in a report: ``{reference, receipt_code, links, ...}``."""
        return self._ask("POST", "/complaints", report, {"Idempotency-Key": key or uuid4().hex})

    def follow(self, reference: str, code: str) -> Any:
        """What happens next, for who holds the receipt."""
        return self._ask("GET", f"/complaints/{quote(reference, safe='')}", None, {"X-Receipt-Code": code})

    def cases(self) -> list[dict[str, Any]]:
        """Every case that the token's holder may see, page after page."""
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            answer = self._ask("GET", f"/cases?page={page}", None, {})
            rows = answer["cases"] if isinstance(answer, dict) else answer
            found += rows
            if not rows or not isinstance(answer, dict) or page >= answer.get("pages", page):
                return found
            page += 1

    def case(self, reference: str) -> Any:
        """One case by its public reference, for staff."""
        row = self.listed(reference)
        return self._ask("GET", f"/cases/{row.get('case_id') or row['id']}", None, {})

    def listed(self, reference: str) -> dict[str, Any]:
        """One case as it stands in the list of those that the token's holder may see."""
        wanted = reference.upper()
        for row in self.cases():
            if row["reference"] == wanted:
                return row
        raise Refusal(f"There is no case {wanted}, or it is not yours to see.", asker_can_mend_it=True)

    def go_over(self, case_id: str, to: str, reason: str, *, rehearse: bool) -> Any:
        """Let a case go over to another version of its procedure: what is different then."""
        body = {"to": to, "reason": reason, "rehearse": rehearse}
        return self._ask("POST", f"/cases/{case_id}/procedure", body, {})

    def ledgers(self) -> Iterator[tuple[str, Any]]:
        """Every case that the token's holder may see: its id, and ``{case_id, reference, happenings}``, all in ids."""
        for row in self.cases():
            case_id = str(row.get("case_id") or row["id"])
            yield case_id, self._ask("GET", f"/cases/{quote(case_id, safe='')}/ledger", None, {})

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]) -> Any:
        if urlsplit(self.at).scheme not in ("http", "https"):
            raise Refusal(f"{self.at} is no address: one begins with http:// or https://", asker_can_mend_it=True)
        about = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        if self.token:
            about["Authorization"] = f"Bearer {self.token}"
        request = Request(  # noqa: S310 (the scheme was looked at)
            f"{self.at}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=about,
        )
        try:
            with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as refusal:
            with refusal:
                raise Refusal(_sentence(refusal), asker_can_mend_it=400 <= refusal.code < 500) from None
        except (URLError, OSError, ValueError):
            silence = f"Heard does not answer at {self.at}. Is it running? (bin/start)"
            raise Refusal(silence, asker_can_mend_it=False) from None


def _sentence(refusal: HTTPError) -> str:
    """A refusal's problem document as one line: what is wrong, with which field, and what may be done instead."""
    try:
        problem = json.load(refusal)
    except ValueError:
        return f"Refused ({refusal.code} {refusal.reason})."
    faults = [
        f"{field}: {' '.join(map(str, why)) if isinstance(why, list) else why}"
        for field, why in (problem.get("fields") or {}).items()
    ]
    what = problem.get("detail") or problem.get("title") or f"Refused ({refusal.code})."
    said = [what, "; ".join(faults), problem.get("instead")]
    return " ".join(str(part) for part in said if part)


def complaint_as_text(answer: Mapping[str, Any]) -> Any:
    """A complaint as one person would tell another: where it stands, what comes next, what was promised."""
    lines = [Text(f"{answer.get('reference', '')}  {answer.get('status') or answer.get('stage') or ''}", style="bold")]
    lines += [Text(f"  {line if isinstance(line, str) else line.get('says', '')}") for line in answer.get("next") or []]
    table = Table("Promise", "By", "How it stands", box=None, pad_edge=False)
    for one in answer.get("promises") or answer.get("dues") or []:
        table.add_row(str(one.get("says", "")), str(one.get("by") or one.get("due") or ""), str(one.get("status", "")))
    return Group(*lines, table) if table.row_count else Group(*lines)


def complaints_as_table(rows: list[dict[str, Any]]) -> Table:
    """The cases somebody may see, one a line."""
    table = Table("Reference", "Home", "Stage", "State", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(str(row.get(key) or "") for key in ("reference", "home", "stage", "state")))
    return table
