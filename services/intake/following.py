"""Following a report up with its receipt: what it opens, and adding words to it.

An unknown reference and a wrong code get the same answer after the same work, and both are throttled.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.errors import KeyReused, NotFound
from services.chassis.house import House
from services.chassis.tables import new_id
from services.chassis.vault import Erased
from services.intake import fresh_codes, reports, uploads
from services.intake.receipts import tidy_reference
from services.intake.signed_receipts import issue

SIGNING = "signed receipts"
"""What the secret that signs receipts is derived for."""


def open_receipt(house: House, reference: str, code: str) -> dict[str, Any]:
    """``{report_id, reference, operator, provider, home, received_at, screened, sent: [{sort, at}]}``.

    Raises `NotFound`.
    """
    wanted = tidy_reference(reference)
    with house.db.reading() as conn:
        row = reports.by_reference(conn, wanted)
    if not fresh_codes.opens(house, row, code) or row is None:
        raise NotFound("There is no report with this reference and code.")
    with house.db.reading() as conn:
        sent = reports.sent_later(conn, row["id"])
    return {
        "report_id": row["id"],
        "reference": wanted,
        "operator": row["operator"],
        "provider": row["provider"],
        "home": row["home"],
        "received_at": row["received_at"].isoformat(),
        "screened": row["screened_at"] is not None,
        "sent": sent,
    }


def signed_receipt(house: House, opened: Mapping[str, Any]) -> str:
    """The signed receipt of a report that its code opened (`open_receipt`): a text to keep and to show elsewhere."""
    report_id = str(opened["report_id"])
    with house.db.reading() as conn:
        sealed = reports.words_of(conn, report_id)
        try:
            key = house.vault.key(conn, report_id, "words")
        except Erased:
            words = None
        else:
            words = house.vault.open_envelope({**sealed, "wraps": key.wraps})["what_happened"]
    salt = hmac.new(house.vault.derive("salt of signed receipts"), report_id.encode(), hashlib.sha256).digest()[:16]
    home, provider = house.who.home(opened["home"]), house.who.entry("provider", opened["provider"])
    about = {
        "Reference": opened["reference"],
        "About": ", ".join(str(one["name"]) for one in (home, provider) if one),
        "Received": opened["received_at"],
        "Received by": house.settings.public_url,
    }
    return issue(house.vault.derive(SIGNING), salt, words, about)


def add_words(
    house: House, opened: Mapping[str, Any], said: str, sort: str, retry_key: str | None, not_words: Sequence[str] = (),
    files: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Store words that came after a report and announce them, with the files of these tokens.

    Returns ``{words_id, received_at}``.

    Raises `KeyReused` when the retry key belongs to another report, `NotFound` when the report's words were erased.
    """
    report_id, words_id = str(opened["report_id"]), new_id()
    key = hashlib.sha256(f"{report_id}/{retry_key}".encode()).hexdigest() if retry_key else None
    came = uploads.opened(house, files)
    with house.working() as work:
        try:
            data_key = house.vault.key_for(work.conn, report_id, "words")
        except Erased:
            raise NotFound("There is no report with this reference and code.") from None
        # The name of the field carries its own id: no two texts of a report are sealed for the same place.
        envelope = house.vault.envelope(data_key, {f"words.{words_id}": said})
        row = {"id": words_id, "report_id": report_id, "sort": sort, "received_at": work.now, "retry_key": key}
        if not reports.store_words(work.conn, row | {"words": {k: v for k, v in envelope.items() if k != "wraps"}}):
            before = reports.words_by_retry_key(work.conn, str(key))
            if before["report_id"] != report_id:
                raise KeyReused
            return {"words_id": before["id"], "received_at": work.now.isoformat()}
        uploads.take_over(work, data_key, came)
        work.publish(
            "words_received",
            {
                "report_id": report_id, "words_id": words_id, "received_at": work.now.isoformat(), "sort": sort,
                "not_words": list(dict.fromkeys([*not_words, *came.not_words])), "words": envelope,
                **{name: opened[name] for name in ("operator", "provider", "home")},
            },
        )  # fmt: skip
        return {"words_id": words_id, "received_at": work.now.isoformat()}
