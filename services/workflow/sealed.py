"""Words on their way into the case and out of it: kept as ciphertext, opened only for a page that somebody may see.

What comes in an envelope is kept without the envelope's wraps: the key stands once, in the table of keys, so that
destroying it there erases every word.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.chassis.vault import DataKey, Erased, Vault

WORDS, CONTACT, LETTERS = "words", "contact", "letters"
GONE = "These words were erased."


def from_envelope(
    vault: Vault, case_id: str, envelope: Mapping[str, Any], words_id: str, sort: str, at: datetime, *, screened: bool
) -> tuple[dict[str, Any], DataKey]:
    """A row for the table of words, and the key to keep beside it."""
    key = vault.envelope_key(case_id, envelope)
    row = {
        "id": words_id,
        "case_id": case_id,
        "sort": sort,
        "at": at,
        "screened": screened,
        "retention": key.retention,
        "sealed_for": f"envelope/{key.id}",
        "fields": dict(envelope["fields_"] if "fields_" in envelope else envelope["fields"]),
    }
    return row, key


def written_here(
    vault: Vault, conn: Connection, case_id: str, words_id: str, sort: str, at: datetime, texts: Mapping[str, str]
) -> dict[str, Any]:
    """A row for the table of words with what a member of staff wrote."""
    key = vault.key_for(conn, case_id, WORDS)
    place = f"words/{words_id}"
    fields = {name: base64.b64encode(key.seal(text, f"{place}/{name}")).decode() for name, text in texts.items()}
    return {
        "id": words_id, "case_id": case_id, "sort": sort, "at": at, "screened": True, "retention": WORDS,
        "sealed_for": place, "fields": fields,
    }  # fmt: skip


def opened(vault: Vault, conn: Connection, rows: Sequence[Any]) -> dict[str, dict[str, str]]:
    """The words of these rows by their id; what was erased says so."""
    keys: dict[tuple[str, str], DataKey | None] = {}
    for case_id, retention in {(row.case_id, row.retention) for row in rows}:
        try:
            keys[case_id, retention] = vault.keys(conn, [(case_id, retention)]).get((case_id, retention))
        except Erased:
            keys[case_id, retention] = None
    return {row.id: _open(keys[row.case_id, row.retention], row) for row in rows}


def _open(key: DataKey | None, row: Any) -> dict[str, str]:
    if key is None:
        return dict.fromkeys(row.fields, GONE)
    return {name: key.open(base64.b64decode(text), f"{row.sealed_for}/{name}") for name, text in row.fields.items()}


def letter(vault: Vault, conn: Connection, case_id: str, text: str) -> dict[str, Any]:
    """A letter's words in an envelope that notifications may open."""
    return vault.envelope(vault.key_for(conn, case_id, LETTERS), {"words": text})
