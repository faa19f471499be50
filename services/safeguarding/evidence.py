"""The evidence pack: everything that happened about one report, for an inspector or the LADO, as PDF and as JSON.

Calls and what became of them, answers, clocks, decisions, meetings, forms as they were sent, and the digests of the
ledger, so that whoever gets it can hold it against another copy. Taking one out is itself written down, before it is
made, with whom it is for.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from heard.ledger import NewHappening
from heard.public_view import day_in_words
from services.chassis import ledger
from services.chassis.errors import Invalid
from services.chassis.house import House
from services.safeguarding import forms, handling, showing
from services.safeguarding.deciding import reason_given
from services.safeguarding.models import ledger as ledger_rows
from services.safeguarding.papers import printed

KINDS = {"pdf": "application/pdf", "json": "application/json"}
TAKEN = "evidence_taken"
_LEFT_OUT = ("all_concerns", "rules", "outcomes", "endings", "forms", "contacts", "allegation")
"""What the page offers to do: no part of what happened."""


def pack(house: House, person_id: str, report_id: str, kind: str, whom: str) -> dict[str, Any]:
    """``{name, kind, content}`` (base64). `whom`: for whom it is taken out. Raises `NotFound`, `Invalid`, `NoPaper`."""
    if kind not in KINDS:
        raise Invalid({"kind": [f"Choose one of: {', '.join(KINDS)}."]})
    if not (whom or "").strip():
        raise Invalid({"whom": ["Enter for whom it is."]})
    handling.decide(
        house, person_id, report_id,
        lambda growth: (NewHappening(TAKEN, growth.now, person_id, None, {"kind": kind}),), reason_given(whom),
    )  # fmt: skip
    told = _everything(house, person_id, report_id)
    if kind == "json":
        content = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
    else:
        content = printed("evidence.html", told=told, when=day_in_words(house.clock.now()))
    name = f"{told['record']['reference']}-evidence.{kind}"
    return {"name": name, "kind": KINDS[kind], "content": base64.b64encode(content).decode()}


def _everything(house: House, person_id: str, report_id: str) -> dict[str, Any]:
    record = showing.record(house, person_id, report_id)
    _, noted, happenings = forms.look(house, person_id, report_id)
    procedure = house.procedures.pinned(record["procedure_version"])
    names = {one.key: one.name for one in procedure.forms}
    with house.db.reading() as conn:
        verdict = ledger.verify(conn, ledger_rows, report_id, house.vault)
        kept = ledger.digests(conn, ledger_rows, report_id)
    return {
        "made_at": house.clock.now().isoformat(),
        "provider": (house.who.entry("provider", record["provider"]) or {}).get("name", ""),
        "record": {name: said for name, said in record.items() if name not in _LEFT_OUT},
        "allegation": {name: record["allegation"][name] for name in ("endings", "meetings", "looking_into_it")},
        "forms_sent": [
            {"name": names.get(one.data["form"], one.data["form"]), "seq": one.seq, "at": one.at.isoformat(),
             "whom": one.data["whom"], "channel": one.data["channel"],
             "parts": forms.as_json(forms.as_sent(one, noted, names.get(one.data["form"], "")))}
            for one in happenings
            if one.event == forms.SENT and one.seq in noted
        ],
        "chain": {
            "whole": verdict.whole, "rows": verdict.rows, "last": kept[max(kept)],
            "digests": {str(seq): digest for seq, digest in kept.items()},
        },
    }  # fmt: skip
