"""How the portal reaches the other services: intake and safeguarding by HTTP, the rest by calls.

A report must reach intake, and an answered alert safeguarding, while the broker is down; so those two go by HTTP.
What the public pages need of the directory is remembered, so that they open without it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from flask import has_request_context, request

from heard.calendar import Calendar, Calendars, england_and_wales
from heard.procedure import Procedure
from services.chassis.errors import (
    Conflict,
    Failed,
    HeardError,
    Invalid,
    KeyReused,
    NotAllowed,
    NotFound,
    Refused,
    TooMany,
    Unavailable,
)  # fmt: skip
from services.chassis.settings import TOKEN_HEADER

if TYPE_CHECKING:
    from services.chassis.house import House

PATIENCE = 10.0
"""Seconds until a door that does not answer counts as shut."""
HOMES_FRESH = timedelta(seconds=30)


@dataclass
class Door:
    """Another service's HTTP door. Answers JSON; raises the chassis' errors, typed by the status."""

    base: str
    whose: str
    shown: Mapping[str, str] = field(default_factory=dict)
    """Headers that every request shows: who asks on whose behalf."""

    def get(self, path: str) -> Any:
        """What stands at this path."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
        """Hand this over."""
        return self._ask("POST", path, json.dumps(body).encode(), headers or {})

    def hand(self, path: str, content: bytes, name: str) -> Any:
        """Hand a file over, as it is."""
        shown = {"Content-Type": "application/octet-stream", "X-File-Name": quote(name)}
        return self._ask("POST", path, content, shown)

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        asking = Request(  # noqa: S310 (the address is the installation's own setting)
            self.base.rstrip("/") + path,
            method=method,
            data=body,
            headers={"Content-Type": "application/json", "Accept": "application/json", **self.shown, **headers},
        )
        try:
            with urlopen(asking, timeout=PATIENCE) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as refusal:
            with refusal:
                raise _error(refusal.code, refusal.read(), refusal.headers.get("Retry-After")) from None
        except (URLError, OSError, HTTPException, ValueError) as fault:
            raise Unavailable(f"The {self.whose} service is not answering. Please try again in a moment.") from fault


def _error(status: int, raw: bytes, after: str | None) -> HeardError:
    """The error that an answer of another service stands for."""
    try:
        said = json.loads(raw)
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    detail = str(said.get("detail") or "")
    if status == 422:
        return Invalid(said["fields"]) if said.get("fields") else KeyReused(detail)
    if status == 409:
        if "actual" in said:
            return Conflict(said.get("expected"), said["actual"])
        return Refused(detail, said.get("clause"), said.get("instead"))
    if status == 429:
        return TooMany(int(after) if after and after.isdigit() else 60)
    if status == 413:
        return Invalid({"what_happened": ["This is too long to take in one go. Please shorten it."]})
    if status in (401, 403):
        return NotAllowed(detail or "This is not allowed.")
    if status == 404:
        return NotFound()
    return Unavailable() if status in (502, 503, 504) else Failed()


@dataclass
class Reach:
    """Everything beyond the portal. ``calls`` are the other services' answers: ``calls.workflow.today(...)``."""

    house: House
    calls: Any
    _homes: list[dict[str, Any]] = field(default_factory=list)
    _asked_at: datetime | None = None
    _proclaimed: dict[date, str] = field(default_factory=dict)
    _days_asked_at: datetime | None = None

    @property
    def intake(self) -> Door:
        """Where reports are handed in."""
        return Door(self.house.settings.urls["intake"], "reporting", self._shown())

    @property
    def safeguarding(self) -> Door:
        """Where an alert is answered by its link."""
        return Door(self.house.settings.urls["safeguarding"], "safeguarding", self._shown())

    def _shown(self) -> dict[str, str]:
        """For whom we ask, so that one browser's wrong codes do not lock out everybody else's, and in which story."""
        shown = {TOKEN_HEADER: self.house.settings.internal_token}
        if has_request_context():
            shown["X-Forwarded-For"] = request.remote_addr or ""
            shown["X-Correlation-ID"] = request.headers.get("X-Correlation-ID", "")
        return {name: value for name, value in shown.items() if value}

    def homes(self) -> list[dict[str, Any]]:
        """The homes that take reports, as the directory's `homes_public`; the last known while it does not answer."""
        now = self.house.clock.now()
        if self._asked_at is None or not timedelta(0) <= now - self._asked_at < HOMES_FRESH:
            try:
                self._homes = self.calls.directory.homes_public()
                self._asked_at = now
            except Unavailable:
                if not self._homes:
                    raise
        return self._homes

    def calendar(self) -> Calendar:
        """The working days, without those proclaimed as holidays; the last known while the directory does not answer.

        It counts how far a day is off, in words. The day itself comes from whoever promised it.
        """
        return england_and_wales(self._days())

    def calendars(self, procedure: Procedure) -> Calendars:
        """The calendars that a procedure counts by, for a what-if; proclaimed holidays as in `calendar`."""
        return Calendars.of(procedure, self._days())

    def _days(self) -> dict[date, str]:
        now = self.house.clock.now()
        if self._days_asked_at is None or not timedelta(0) <= now - self._days_asked_at < HOMES_FRESH:
            self._days_asked_at = now
            try:
                said = self.calls.directory.days_proclaimed()
            except Unavailable:
                return self._proclaimed
            self._proclaimed = {date.fromisoformat(day): name for day, name in said.items()}
        return self._proclaimed

    def home(self, slug: str) -> dict[str, Any]:
        """One home by its slug or id. Raises `NotFound`."""
        for home in self.homes():
            if slug in (home["slug"], home["id"]):
                return home
        raise NotFound("There is no home here by that name.")

    def procedure_of(self, home: Mapping[str, Any]) -> Procedure:
        """The procedure that a report about this home would be dealt with under today."""
        found: Procedure = self.house.procedures.get(home["procedure"])
        return found

    def procedures(self) -> list[Procedure]:
        """Every installed procedure."""
        registry = self.house.procedures
        return [registry.get(key) for key in registry.keys()]  # noqa: SIM118 (a registry, not a dict)

    def submit(self, report: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Hand a report to intake: ``{report_id, reference, receipt_code, received_at}``. Same key, same report."""
        answer: dict[str, Any] = self.intake.post("/reports", report, {"Idempotency-Key": key})
        return answer

    def receipt(self, reference: str, code: str) -> dict[str, Any]:
        """What intake knows by reference and code: ``{report_id, home, received_at, screened, ...}``, or `NotFound`."""
        answer: dict[str, Any] = self.intake.post("/receipts", {"reference": reference, "code": code})
        return answer

    def lost_code(self, reference: str) -> None:
        """Somebody lost the code of this reference: intake sees to it later, and says nothing of it now."""
        self.intake.post("/receipts/lost", {"reference": reference})

    def signed_receipt(self, reference: str, code: str) -> str:
        """The receipt as a signed text, to show elsewhere; or `NotFound`."""
        return str(self.intake.post("/receipts/signed", {"reference": reference, "code": code})["text"])

    def receipt_key(self) -> str:
        """The public key by which signed receipts are checked, as PEM."""
        return str(self.intake.get("/receipts/key")["pem"])

    def upload(self, name: str, content: bytes) -> dict[str, Any]:
        """Have a file kept until its form is sent: ``{token, name, sort, size}``, or `Invalid` with the reason."""
        kept: dict[str, Any] = self.intake.hand("/uploads", content, name)
        return kept

    def came_along(self, report_id: str) -> list[dict[str, Any]]:
        """What came along with a report: ``[{id, name, kind, sort, size, scanned, received_at}]``."""
        found: list[dict[str, Any]] = self.intake.get(f"/reports/{quote(report_id, safe='')}/came-along")["attachments"]
        return found

    def drop_files(self, tokens: Sequence[str]) -> None:
        """Take files back that were not sent; what cannot be removed now is removed after a day."""
        if tokens:
            try:
                self.intake.post("/uploads/drop", {"tokens": list(tokens)})
            except Unavailable:
                self.house.log.warning("files_not_dropped", number=len(tokens))

    def add_words(
        self, reference: str, code: str, words: str, key: str, sort: str = "message", not_words: Sequence[str] = (),
        files: Sequence[str] = (),
    ) -> dict[str, Any]:  # fmt: skip
        """Add something to a report that exists."""
        along = {"not_words": list(not_words), "files": list(files)}
        answer: dict[str, Any] = self.intake.post(
            f"/reports/{quote(reference, safe='')}/words",
            {"code": code, "words": words, "sort": sort} | {name: some for name, some in along.items() if some},
            {"Idempotency-Key": key},
        )
        return answer

    def what_happens_next(self, receipt: Mapping[str, Any]) -> dict[str, Any]:
        """The teller's own view, ``{status, next, promises}``; empty lists while the case is not open yet."""
        try:
            view: dict[str, Any] = self.calls.workflow.public_view(report_id=receipt["report_id"])
        except NotFound:
            return {"status": "We have it. A person is reading it first, to see whether anybody needs help now.",
                    "next": [], "promises": [], "read_back": None}  # fmt: skip
        return view

    def letters(self, receipt: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What was written to the teller: ``[{id, at, subject, text}]``; none while it cannot be had."""
        try:
            found: list[dict[str, Any]] = self.calls.notifications.letters_for(report_id=receipt["report_id"])
        except (NotFound, Unavailable):
            return []
        return found

    def outgoing(self, person_id: str, page: int) -> dict[str, Any]:
        """A page of the messages that a person may see, once it stands in each case that they were shown them."""
        found: dict[str, Any] = self.calls.notifications.outgoing(person_id=person_id, page=page)
        cases = sorted({one["case_id"] for one in found["messages"]})
        if cases:
            self.calls.workflow.letters_read(person_id=person_id, case_ids=cases)
        return found

    def look_at_alert(self, alert_id: str, token: str) -> dict[str, Any]:
        """What an alert link is about, without names. `NotFound` for a wrong or used-up link."""
        answer: dict[str, Any] = self.safeguarding.get(
            f"/alerts/{quote(alert_id, safe='')}/acknowledge?token={quote(token, safe='')}"
        )
        return answer

    def answer_alert(self, alert_id: str, token: str, *, can: bool) -> dict[str, Any]:
        """Answer an alert by its link: "I have it", or "I cannot"; works with the broker down."""
        answer: dict[str, Any] = self.safeguarding.post(
            f"/alerts/{quote(alert_id, safe='')}/acknowledge", {"token": token, "answer": "have" if can else "cannot"}
        )
        return answer
