"""What the tests of notifications are told, in a case of its own, and an office that takes what goes out by mail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal_column, select

from services.chassis.gate import Handed, Undeliverable
from services.chassis.post import Letter, Post
from services.chassis.vault import Vault
from services.notifications import hearing, posting, showing
from services.notifications.models import messages
from tests.directory.neighbours import NOW, PLACE, Neighbours, person, row

CASE = "c" * 32
HANDLER, GROUP, SUBJECT = person("tobias-fennimore"), person("maren-oakshott"), person("noor-ellingham")
LEAD, NUMBER = person("imogen-ashdale"), "07700 900123"
CALL = {
    **PLACE, "alert_id": "a" * 32, "report_id": CASE, "attempt": 1, "person": LEAD, "priority": "now",
    "channels": ["email"], "at": NOW.isoformat(),
}  # fmt: skip
WORDS = "The machine was mended on Tuesday."


class PostOffice(Post):
    """Takes letters in memory; ``fails`` is what happens to the next ones."""

    def __init__(self, beside: Neighbours) -> None:
        super().__init__(beside.settings)
        self.taken: list[Letter] = []
        self.fails: list[Exception] = []

    def send(self, letter: Letter) -> Any:
        if self.fails:
            raise self.fails.pop(0)
        if not letter.verified:
            raise Undeliverable("unverified_contact")
        self.taken.append(letter)
        return Handed("email", "250 taken")


def sealed(beside: Neighbours, by: str, retention: str, **words: str) -> dict[str, Any]:
    vault = Vault(by, beside.settings.keys_dir)
    return vault.envelope(vault.new_key(CASE, retention), words)


def received(beside: Neighbours, **changes: Any) -> dict[str, Any]:
    contact = {"email": "robin@averill.example", "phone": "", "safe_contact": "", "name": "Robin Averill"}
    return {
        **PLACE,
        "report_id": CASE,
        "reference": "H7K2-9QXM-4TBD",
        "procedure": "ioi_support",
        "received_at": NOW.isoformat(),
        "first_known": NOW.isoformat(),
        "kind": "complaint",
        "channel": "portal",
        "complainant": "young_person",
        "anonymous": False,
        "contactable": True,
        "about_a_child": True,
        "in_danger_now": False,
        "words": sealed(beside, "intake", "words", what_happened="not for notifications"),
        "contact": sealed(beside, "intake", "contact", **(contact | changes)),
    }


def advanced(beside: Neighbours, *rows: dict[str, Any], letters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    version = beside.house.procedures.get("ioi_support").version
    return {**PLACE, "case_id": CASE, "reference": "H7K2-9QXM-4TBD", "procedure_version": version, "stage": "stage_1",
            "happenings": list(rows), "letters": letters or []}  # fmt: skip


OPENING = (row(1, "received", kind="complaint"), row(2, "stage_opened", stage="stage_1"))
SCREENED = row(3, "screened", priority="routine")
ASSIGNED = row(4, "assigned", stage="stage_1", part="handles", person=HANDLER)


def told(beside: Neighbours) -> list[tuple[str, str, str]]:
    """Each message that was handed over or failed, in the order in which it ended: (what, whom, channel or why)."""
    ended = select(messages).where(messages.c.state != "waiting").order_by(messages.c.done_at, literal_column("rowid"))
    with beside.house.db.reading() as conn:
        rows = conn.execute(ended).all()
    return [("failed" if row.state == "failed" else "sent", row.whom, row.why or row.channel) for row in rows]


def outbox(beside: Neighbours, who: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = showing.page(beside.house, who, 1)["messages"]
    return messages


def answered(beside: Neighbours, **contact: str) -> None:
    """Whoever complained is answered in `WORDS`, and the notice of it is handed over."""
    beside.hear(hearing.complaints_received, "complaint_received", received(beside, **contact))
    letter = {"seq": 5, "to": "complainant", "words": sealed(beside, "workflow", "letters", words=WORDS)}
    answer = row(5, "responded", stage="stage_1", findings={})
    body = advanced(beside, *OPENING, SCREENED, ASSIGNED, answer, letters=[letter])
    beside.hear(hearing.cases_advanced, "case_advanced", body)
    office = PostOffice(beside)
    while posting.send_due(beside.house, office):
        continue


def reachable(**how: Any) -> dict[str, Any]:
    return {"do": "add_person", "id": LEAD, "operator": PLACE["operator"], "name": "Imogen Ashdale",
            "email": None, "phone": NUMBER, "verified": True} | how  # fmt: skip
