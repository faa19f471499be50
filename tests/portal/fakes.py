"""Neighbours of the portal for its tests: real classes that answer as the other services do, and an intake that is a
real HTTP door on a port of its own. They keep what they were told, so that a test can look.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine
from werkzeug.routing import Map
from werkzeug.serving import make_server

from heard.registry import load_procedures
from services.chassis.errors import (
    Conflict,
    HeardError,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    Unavailable,
    status_of,
)
from services.chassis.settings import Settings
from services.portal.api_token import SCOPES
from services.portal.doors import make_app
from services.portal.models import metadata

NOW = datetime.fromisoformat("2026-12-18T16:30:00+00:00")
"""A Friday afternoon before Christmas: two working days are four or five days long."""
HOME = {
    "id": "h" * 32, "slug": "harbour-house", "name": "Harbour House", "area": "Hampshire", "operator": "o" * 32,
    "provider": "p" * 32, "provider_name": "Tidewater Support", "procedure": "ioi_support",
    "colour": None, "active": True, "closed_at": None,
}  # fmt: skip
MANAGER = {"id": "m" * 32, "name": "Imogen Ashdale", "operator": "o" * 32, "operator_name": "Tidewater Homes",
           "holdings": [{"role": "registered_service_manager", "provider": "p" * 32, "home": None}]}  # fmt: skip
OPERATOR = MANAGER | {"id": "g" * 32, "name": "Tamsin Rookwood",
                      "holdings": [{"role": "group_operator", "provider": None, "home": None}]}  # fmt: skip
CASE_ID, ALERT_ID, REPORT_ID = "c" * 32, "a" * 32, "c" * 32
CLOSED_CASE = "d" * 32
PICTURE = {"id": "f" * 64, "kind": "image/jpeg", "sort": "picture", "scanned": False, "size": 120_000,
           "name": "hand.jpg", "received_at": "2026-12-18T16:30:00+00:00"}  # fmt: skip
REFERENCE, CODE = "H7K2-9QXM-4TBD", "1234567890123456"
DUE = {
    "key": "stage_1/acknowledge", "stage": "stage_1", "duty": "acknowledge", "instance": None,
    "says": "Send a formal acknowledgement", "clause": ["IOI-20"], "source": "policy", "strength": "must",
    "kind": "duty", "to": ["complainant"], "by": ["handler"], "starts": "2026-12-18T16:30:00+00:00",
    "within": "2 working days", "due": "2026-12-22", "due_at": "2026-12-22T23:59:59+00:00", "first_due": "2026-12-22",
    "target": "2026-12-21", "status": "running", "met_at": None, "reading": "A-IOI-3",
    "derivation": {"counted": ["2026-12-21", "2026-12-22"],
                   "skipped": [{"date": "2026-12-19", "why": "Saturday"}, {"date": "2026-12-20", "why": "Sunday"}],
                   "paused": [], "extended": [], "calendar": "x", "counting": "Working days are counted.",
                   "moved": [{"at": "2026-12-14T09:00:00+00:00", "was": "2026-12-21",
                              "why": "Tuesday 15 December 2026 is now a bank holiday (A day of thanks)"}],
                   "sentence": "2 working days, counted from 18 December."},
}  # fmt: skip


BOOK = {"book_id": "b" * 32, "provider": "p" * 32, "provider_name": "Tidewater Support", "home": "h" * 32,
        "home_name": "Harbour House"}  # fmt: skip
_OWED = {
    "source": "policy", "reading": None, "home": "h" * 32, "home_name": "Harbour House", "soon": False, "missed": 0,
    "days_late": 0, "done": None, "ended_at": None,
}  # fmt: skip
TELL = _OWED | {
    "key": "tell_each_young_person:k:2026-12-17", "duty": "tell_each_young_person",
    "says": "Give the procedure and the Young Person's Guide", "clause": ["IOI-14"], "per": "young_person",
    "whom": "k" * 32, "whom_name": "K.", "owed_by": ["Imogen Ashdale"], "items": ["to:young_person"],
    "due": "2026-12-17", "due_at": "2026-12-18T00:00:00+00:00", "status": "late", "days_late": 1,
    "why": "0 calendar days, counted from 17 December 2026, midday (when they arrived).",
}  # fmt: skip
MONTH = _OWED | {
    "key": "monthly_compliance::2026-11-14", "duty": "monthly_compliance", "says": "Monitor compliance",
    "clause": ["IOI-47"], "per": "home", "whom": None, "whom_name": None, "owed_by": ["Imogen Ashdale"], "items": [],
    "due": "2026-10-31", "due_at": "2026-11-01T00:00:00+00:00", "status": "kept late", "days_late": 32, "missed": 1,
    "why": "Every 1 month, counted from 30 September 2026, midday (when it was last done).",
    "done": {"seq": 3, "on": "2026-12-02T12:00:00+00:00", "by": "Imogen Ashdale", "written_by": "Imogen Ashdale",
             "written_at": "2026-12-02T15:00:00+00:00", "ticked": [], "left_out": [], "note": "Two were late.",
             "why": {}},
}  # fmt: skip


class Clock:
    """A clock that stands where a test puts it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Log:
    """Keeps what was logged."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def error(self, event: str, **about: Any) -> None:
        self.lines.append((event, about))

    warning = info = error


class Store:
    """The portal's own database, in memory."""

    def __init__(self, folder: Path) -> None:
        self.engine = create_engine(f"sqlite:///{folder / 'portal.db'}")
        metadata.create_all(self.engine)

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with self.engine.begin() as conn:
            yield conn

    reading = writing


class House:
    """What the portal needs of its house."""

    def __init__(self, folder: Path, urls: dict[str, str], public_url: str = "http://localhost") -> None:
        self.settings = Settings(public_url=public_url, urls=urls, given_token="shown among ourselves")
        self.db, self.clock, self.log = Store(folder), Clock(), Log()
        self.procedures = load_procedures()

    def begin_again(self) -> None:
        """Nobody is signed in, nothing is told, the clock stands where it stood."""
        self.clock.at = NOW
        self.log.lines.clear()
        with self.db.writing() as conn:
            for table in metadata.sorted_tables:
                conn.execute(table.delete())


@dataclass
class Directory:
    """Who is who."""

    away: bool = False
    came: list[tuple[str, str]] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    reached: dict[str, str | None] = field(default_factory=lambda: {"routine_way": None, "alert_way": None})
    tokens_made: list[dict[str, Any]] = field(default_factory=list)

    def days_proclaimed(self) -> dict[str, str]:
        return {}

    def homes_public(self) -> list[dict[str, Any]]:
        if self.away:
            raise Unavailable
        return [dict(HOME)]

    def sign_in(self, *, email: str, password: str, place: str, device: str) -> dict[str, Any]:
        self.came.append((place, device))
        if (email, password) == ("imogen@tidewater.example", "a good password"):
            return MANAGER | {"device": device or "this browser", "then": ""}
        raise Refused("The address or the password is not right.")

    def my_app(self, *, person_id: str) -> dict[str, Any]:
        return {"is_set_up": False, "codes_left": 0, "passkeys": [], "password": True}

    def how_i_am_reached(self, *, person_id: str) -> dict[str, Any]:
        return {"email": "imogen@tidewater.example", "phone": "07700 900123", **self.reached}

    def reach_me(self, *, person_id: str, **how: str | None) -> dict[str, Any]:
        self.reached = how
        return {"version": 2, "ids": [person_id]}

    def ways_in(self) -> dict[str, Any]:
        return {"elsewhere": None, "here": True}

    def change_password(self, *, person_id: str, password: str, new: str, place: str, device: str) -> dict[str, Any]:
        if len(new) < 12:
            raise Invalid({"password": ["A password has at least 12 characters."]})
        return self.sign_in(email="imogen@tidewater.example", password=password, place=place, device=device)

    def shown_again(self, *, person_id: str, password: str, code: str, place: str, device: str) -> None:
        if password != "a good password":
            raise Refused("This is not the password you have now.")

    def token(self, *, token: str) -> dict[str, Any]:
        known = {"manager": MANAGER, "operator": OPERATOR, "reader": MANAGER}
        if token not in known:
            raise NotAllowed("This token is unknown, over or revoked.")
        scopes = ["cases:read"] if token == "reader" else list(SCOPES)
        return known[token] | {"scopes": scopes}

    def make_token(self, *, person: str, says: str, days: int, scopes: list[str]) -> dict[str, str]:
        if not (says and days and scopes):
            raise Invalid({"says": ["Say on one line what it is for."]})
        made = {"made_at": NOW.isoformat(), "expires_at": (NOW + timedelta(days=days)).isoformat()}
        self.tokens_made.append({"id": "t1", "says": says, "scopes": scopes, "last_used_at": None, **made})
        return {"token": "heard_shown-this-once"}

    def tokens(self, *, person: str) -> list[dict[str, Any]]:
        return list(self.tokens_made)

    def revoke_token(self, *, person: str, token_id: str) -> dict[str, int]:
        if token_id != "t1":
            raise NotFound
        self.tokens_made.clear()
        return {"revoked": 1}

    def signed_in(self, *, person_id: str, since: str) -> dict[str, Any]:
        for one in (MANAGER, OPERATOR):
            if one["id"] == person_id and person_id not in self.left:
                return dict(one)
        raise NotSignedIn

    def people(self, *, person_id: str) -> list[dict[str, Any]]:
        return [{"id": MANAGER["id"], "name": MANAGER["name"], "roles": []}]

    def parked(self, *, person_id: str) -> list[dict[str, Any]]:
        return []


def _action(name: str, label: str, **rest: Any) -> dict[str, Any]:
    needs = {"contents": [], "needs_met": [], "choices": {}, "texts": [], "dates": [], "record": []}
    return {
        "name": name, "label": label, "allowed": True, "why_not": "", "instead": "", "clause": ["IOI-20"], "data": {},
        "example": {},
    } | rest | {"needs": needs | rest.get("needs", {})}  # fmt: skip


@dataclass
class Workflow:
    """One case, which only the manager may see."""

    acts: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 4
    opened: bool = True
    away: bool = False
    may_disclose: bool = True
    letters_of: list[tuple[str, list[str]]] = field(default_factory=list)
    read_by: list[dict[str, Any]] | None = None
    imported: str | None = None
    read_back: dict[str, Any] | None = None
    heads: list[dict[str, Any]] = field(default_factory=list)
    consent: dict[str, str] = field(default_factory=dict)
    panel: dict[str, Any] | None = None
    kind: str = "complaint"
    written_standing: list[tuple[str, dict[str, Any], str | None]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    wrote_since: str | None = None

    def _wall(self, person_id: str, case_id: str) -> None:
        if self.away:
            raise Unavailable
        if (person_id, case_id) != (MANAGER["id"], CASE_ID):
            raise NotFound

    def today(self, *, person_id: str) -> dict[str, Any]:
        mine = person_id == MANAGER["id"]
        place = {"case_id": CASE_ID, "reference": REFERENCE, "home": HOME["id"], "home_name": HOME["name"]}
        line = DUE | place | {"mine": True, "lateness": "", "why": "2 working days, counted from 18 December."}
        late = line | {"duty": "contact", "says": "Contact the complainant", "status": "late", "due": "2026-12-17"}
        return {
            "now": NOW.isoformat(), "late": [late] if mine else [], "due": [line] if mine else [],
            "waiting_for_me": [line] if mine else [], "messages": self.messages if mine else [],
            "cases": {"open": int(mine), "unassigned": 0},
            "standing": [BOOK | {"says": "Monitor compliance", "clause": ["IOI-47"], "due": "2026-12-14", "late": True,
                                 "many": 1}] if mine else [],
        }  # fmt: skip

    def homes(self, *, person_id: str) -> dict[str, Any]:
        one = {"home": HOME["id"], "home_name": HOME["name"], "provider_name": "Tidewater", "open": 3, "late": 1,
               "unassigned": 0, "came_in": {"2026-11": 2, "2026-12": 1}}  # fmt: skip
        return {"now": NOW.isoformat(), "months": ["2026-11", "2026-12"],
                "homes": [one] if person_id == MANAGER["id"] else []}  # fmt: skip

    def standing(self, *, person_id: str) -> dict[str, Any]:
        ahead = {"says": "Monitor compliance", "due": "2026-12-23"}
        whole = BOOK | {"book_id": "w" * 32, "home": None, "home_name": None}
        mine = [BOOK, whole] if person_id == MANAGER["id"] else []
        return {"now": NOW.isoformat(), "places": [one | {"late": 1, "soon": 0, "next": ahead} for one in mine]}

    def standing_place(self, *, person_id: str, book_id: str) -> dict[str, Any]:
        if (person_id, book_id) != (MANAGER["id"], BOOK["book_id"]):
            raise NotFound
        kit = {"id": "k" * 32, "mark": "K.", "since": "2026-12-17T12:00:00+00:00", "until": None}
        return BOOK | {
            "now": NOW.isoformat(), "ended": None, "lines": [TELL, MONTH], "young_people": [kit],
            "events": ["admitted"], "staff": [{"id": MANAGER["id"], "name": MANAGER["name"]}], "sees_to_it": True,
            "beside": [], "written": [
                {"seq": 3, "event": "done", "duty": "monthly_compliance", "says": MONTH["says"],
                 "at": "2026-12-02T12:00:00+00:00", "written_at": "2026-12-02T15:00:00+00:00", "by": MANAGER["name"],
                 "whom": None, "struck_out": False, "may_strike_out": True},
            ],
        }  # fmt: skip

    def write_standing(
        self, *, person_id: str, book_id: str, command: str, data: dict[str, Any], key: str | None
    ) -> dict[str, Any]:
        self.standing_place(person_id=person_id, book_id=book_id)
        lacking = [one for one in TELL["items"] if one not in data["ticked"] and not data["explained"].get(one)] \
            if command == "done" else []  # fmt: skip
        if lacking:
            raise Invalid({f"item.{TELL['items'].index(one)}": ["Tick it, or say why it was left out."]
                           for one in lacking})  # fmt: skip
        if command == "happened" and not data.get("mark"):
            raise Invalid({"mark": ["Enter initials or your own number for them, not their whole name."]})
        self.written_standing.append((command, data, key))
        return {"book_id": book_id, "seq": 4}

    def findable(self, *, person_id: str) -> dict[str, Any]:
        return {
            "homes": [{"id": HOME["id"], "name": HOME["name"]}], "kinds": ["complaint"], "categories": ["delay"],
            "stages": [{"id": "stage_1", "name": "Stage 1"}],
            "handlers": [{"id": MANAGER["id"], "name": MANAGER["name"]}],
        }  # fmt: skip

    def find(self, *, person_id: str, wanted: dict[str, Any], page: int) -> dict[str, Any]:
        if wanted.get("since") == "yesterday":
            raise Invalid({"since": ["Give a date like 2026-11-30."]})
        rows = self.cases(person_id=person_id, state=None, page=page)["cases"]
        return {"cases": rows if wanted.get("name") in (None, "", "Kit") else [], "page": page, "more": bool(rows)}

    def cases(self, *, person_id: str, state: str | None, page: int) -> dict[str, Any]:
        mine = person_id == MANAGER["id"] and state in (None, "open")
        row = {
            "case_id": CASE_ID, "reference": REFERENCE, "home": HOME["id"], "home_name": HOME["name"], "screened": True,
            "received_at": NOW.isoformat(), "stage": "stage_1", "state": "open", "handler": MANAGER["id"],
            "handler_name": MANAGER["name"], "imported": self.imported,
            "next": {"says": "Send a formal acknowledgement", "due": "2026-12-22", "late": False},
        }  # fmt: skip
        return {"cases": [row] if mine else [], "page": page, "pages": 1, "total": int(mine)}

    def case(self, *, person_id: str, case_id: str, to_read: bool = False) -> dict[str, Any]:
        self._wall(person_id, case_id)
        contents = ["who is dealing with it and how to reach them", "projected timescales"]
        return {
            "case_id": CASE_ID, "report_id": REPORT_ID, "reference": REFERENCE, "operator": "o" * 32,
            "provider": "p" * 32, "home": HOME["id"], "received_at": NOW.isoformat(), "screened": True, "state": "open",
            "imported": self.imported,
            "procedure": {"key": "ioi_support", "name": "Ioi Support", "version": "x"}, "outcome": None,
            "wrote_since": self.wrote_since,
            "stage": {"key": "stage_1", "name": "Stage 1: Local Resolution"}, "seq": self.seq,
            "received": {"kind": self.kind},
            "journey": [
                {"key": "stage_1", "name": "Stage 1", "status": "now", "opened_at": NOW.isoformat(), "left_at": None},
                {"key": "stage_2", "name": "Stage 2", "status": "ahead", "opened_at": None, "left_at": None},
            ],
            "dues": [DUE, DUE | {"key": "x", "status": "met", "met_at": NOW.isoformat(), "says": "Write it down"}],
            "on_hold": [],
            "actions": [
                _action("acknowledge", "Acknowledge", needs={"contents": contents}),
                _action("tell", "Tell the placing authority what was found, and why, before the week is over"),
                _action("respond", "Answer", allowed=False, why_not="First: contact the complainant.",
                        clause=["IOI-21"], needs={"choices": {"finding of h1": ["upheld", "not_upheld"]}}),
                _action("disclose", "Record that somebody outside was told", allowed=self.may_disclose, needs={
                    "choices": {"basis": ["consent"]}, "texts": ["to", "why"], "called": {"consent": "they agreed"}}),
            ],
            "people": [{"part": "handles", "who": MANAGER["id"], "name": MANAGER["name"], "outside": False,
                        "stage": "stage_1", "stood_down": None}],
            "about": [], "concerns": [], "exclusions": None, "panel": self.panel,
            "heads": self.heads, "consent": self.consent,
            "found": [{"head": "complaint", "finding": "not_determined", "remedies": ["apology"], "stages": [
                {"stage": "Stage 1", "finding": "not_determined", "reasons_given": True}]}],
            "decided": [{"decision": "freeze", "asks": "Is it put off?", "clause": ["reg 1"], "about": None,
                         "answer": "yes", "presumed": True, "since": NOW.isoformat(), "until": "responded",
                         "ended_at": None}],
            "promised": [{"action": "1", "what": "A <b>new</b> lock", "remedy": None, "told": True, "owner": "x",
                          "owner_name": MANAGER["name"], "by_day": "2027-01-15", "first_day": "2027-01-08",
                          "evidence": None, "state": "open"}],
            "investigations": [{"stage": "Stage 2", "taken": [
                {"says": "An interview was held: Kit.", "by_name": "Jonas Pennerley", "at": NOW.isoformat()}],
                "ahead": [{"says": "Complete the investigation", "due": "2027-02-04"}]}],
            "outside": [{"name": "Ofsted", "when": "at any time", "now": True, "phones": ["0300 123 1231"],
                         "email": None, "web": None, "address": None, "missing": [], "clause": ["IOI-55"]}],
            "withheld": False, "read_by": self.read_by,
            "words": [{"id": "v", "sort": "message", "at": NOW.isoformat(), "unread": True,
                       "fields": {"words": "It is cold again."}},
                      {"id": "w", "sort": "report", "at": NOW.isoformat(), "unread": False,
                       "fields": {"what_happened": "The <b>heating</b> is broken.", "wanted": "Mend it."}}],
            "ledger": [{"seq": 1, "event": "received", "at": NOW.isoformat(), "written_at": NOW.isoformat(),
                        "by": "complainant", "by_name": "the complainant", "stage": None,
                        "sentence": "A formal complaint was received.", "letter": None, "data": {}}],
        }  # fmt: skip

    def ledger(self, *, person_id: str, case_id: str) -> dict[str, Any]:
        self._wall(person_id, case_id)
        return {"case_id": case_id, "reference": REFERENCE, "whole": True, "happenings": []}

    def act(self, *, person_id: str, case_id: str, **asked: Any) -> dict[str, Any]:
        self._wall(person_id, case_id)
        if asked["expected_seq"] != self.seq:
            raise Conflict(asked["expected_seq"], self.seq)
        if asked["command"] == "acknowledge" and len(asked["data"].get("contents", ())) < 2:
            raise Refused("It does not say 'projected timescales'.", ["IOI-20"], "Say it, and tick it.")
        self.acts.append(asked)
        return {"case_id": case_id, "seq": self.seq + 1, "happenings": []}

    def public_view(self, *, report_id: str) -> dict[str, Any]:
        if not self.opened:
            raise NotFound
        promises = [
            {"says": "Send a formal acknowledgement", "by": "2026-12-22", "status": "to come",
             "why": "2 working days (IOI-20)."},
            {"says": "Contact you", "by": "2026-12-17", "status": "late", "why": "Within 5 working days (IOI-21)."},
        ]  # fmt: skip
        return {"reference": REFERENCE, "status": "We are working on your complaint.",
                "promises": promises, "read_back": self.read_back,
                "next": ["Send a formal acknowledgement: by Tuesday 22 December 2026."]}  # fmt: skip

    def parked(self, *, person_id: str) -> list[dict[str, Any]]:
        row = {
            "id": "k" * 32,
            "fact": "report_screened",
            "why": f"MalformedFact: report {CASE_ID}",
            "attempts": 5,
            "parked_at": NOW.isoformat(),
            "case_id": "c" * 32,
        }
        return [row, row | {"id": "q" * 32, "fact": "complaint_received", "case_id": CLOSED_CASE}]

    def replay_parked(self, *, id: str, person_id: str) -> dict[str, Any]:
        return {"id": id, "replayed": True}

    def letters_read(self, *, person_id: str, case_ids: list[str]) -> None:
        if self.away:
            raise Unavailable
        self.letters_of.append((person_id, case_ids))

    def closed_to(self, *, person_id: str, case_ids: list[str]) -> list[str]:
        return [one for one in case_ids if one == CLOSED_CASE]


@dataclass
class Safeguarding:
    """One alert and its record, which only the manager (cleared here) may see."""

    answered: bool = False
    did: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def _alert(self) -> dict[str, Any]:
        contact = {"key": "lado", "is": "lado", "name": "The LADO", "email": None, "web": None, "form": None,
                   "missing": [], "verified_on": None,
                   "phones": [{"number": "01632 960001", "for": None, "open": [], "now": None}], "verified": False,
                   "unsure": True}  # fmt: skip
        return {
            "alert_id": ALERT_ID, "report_id": REPORT_ID, "priority": "now", "raised_at": NOW.isoformat(),
            "answered_at": NOW.isoformat() if self.answered else None, "answered_by": None, "how": None,
            "reference": REFERENCE, "provider": "p" * 32, "home": HOME["id"], "home_name": HOME["name"], "rule": "lado",
            "received_at": NOW.isoformat(), "closed_at": None, "next_call_at": None, "answered_by_name": None,
            "concerns": self._concerns(), "calls": [], "contacts": [contact],
            "dues": [DUE | {"kind": "notification", "says": "Tell the LADO", "duty": "lado", "due": "2026-12-21"}],
        }  # fmt: skip

    also_found: tuple[str, ...] = ()

    def _concerns(self) -> list[dict[str, Any]]:
        return [{"concern": key, "says": "A member of staff may have hurt somebody", "clause": ["IOI-30"],
                 "asks": [], "because": ["hit"], "found_at": NOW.isoformat(), "known_at": NOW.isoformat(),
                 "by_screen": True, "status": "found"} for key in ("allegation", *self.also_found)]  # fmt: skip

    def to_triage(self, *, person_id: str) -> list[dict[str, Any]]:
        if person_id != MANAGER["id"] or any(name == "triage" for name, _ in self.did):
            return []
        return [
            {"report_id": REPORT_ID, "reference": REFERENCE, "home": HOME["id"], "home_name": HOME["name"],
             "received_at": NOW.isoformat(), "priority": "urgent", "due_at": NOW.isoformat(), "late": True}
        ]  # fmt: skip

    def triage(self, *, person_id: str, report_id: str, **sent: Any) -> dict[str, Any]:
        self.record(person_id=person_id, report_id=report_id)
        if sent["decision"] == "none" and "yes" in sent["answers"].values():
            raise Refused("You answered yes to “Missing”.", None, "Decide that it is a safeguarding matter.")
        return self._do("triage", person_id=person_id, report_id=report_id, **sent)

    def past_to_read(self, *, person_id: str) -> list[dict[str, Any]]:
        if person_id != MANAGER["id"] or ("past_read", {}) in self.did:
            return []
        return [
            {"report_id": REPORT_ID, "reference": "PAST-PAST-PAST", "home": HOME["id"], "home_name": HOME["name"],
             "received_at": "2026-03-02T12:00:00+00:00", "priority": "urgent",
             "concerns": [{"concern": "harm", "says": "Somebody may have been hurt", "because": ["words.hurt"]}]}
        ]  # fmt: skip

    def past_read(self, *, person_id: str, report_id: str) -> dict[str, Any]:
        return self._do("past_read", person_id=person_id, report_id=report_id)

    def alerts(self, *, person_id: str) -> list[dict[str, Any]]:
        return [self._alert()] if person_id == MANAGER["id"] else []

    def alert(self, *, person_id: str, alert_id: str) -> dict[str, Any]:
        if (person_id, alert_id) != (MANAGER["id"], ALERT_ID):
            raise NotFound
        return self._alert()

    def acknowledge(self, *, person_id: str, alert_id: str, how: str, can: bool = True) -> dict[str, Any]:
        self.alert(person_id=person_id, alert_id=alert_id)
        self.answered = can
        return self._alert()

    def who_may_ring(self, *, person_id: str) -> list[dict[str, Any]]:
        return [{"id": "q" * 32, "name": "Priya Anand"}] if person_id == MANAGER["id"] else []

    def answer_by_phone(self, *, taken_by: str, person_id: str, code: str, can: bool) -> dict[str, Any]:
        if (person_id, code) != ("q" * 32, "4821"):
            raise NotFound
        self.did.append(("answer_by_phone", {"can": can}))
        return {"can": can}

    def record(self, *, person_id: str, report_id: str) -> dict[str, Any]:
        if (person_id, report_id) != (MANAGER["id"], REPORT_ID):
            raise NotFound
        return {
            "report_id": REPORT_ID, "reference": REFERENCE, "home": HOME["id"], "home_name": HOME["name"], "seq": 3,
            "words": [{"id": "w", "sort": "report", "at": NOW.isoformat(), "erased": False, "marked": ["hit"],
                       "not_words": ["voice"],
                       "said": {"what_happened": "The woman on nights hit me."}}],
            "triage": {
                "due_at": NOW.isoformat(), "stage": "Stage 2: Investigation", "answered_at": NOW.isoformat(),
                "decision": "none",
                "decisions": [{"key": "safeguarding", "says": "It is one"}, {"key": "none", "says": "It is not"}],
                "questions": [
                    {"concern": "allegation", "says": "A member of staff may have hurt somebody", "clause": [],
                     "asks": ["harmed a child", "is a risk"], "one_is_enough": True, "answer": "no",
                     "each": ["no", "not_known"], "found": True},
                    {"concern": "missing", "says": "Somebody is missing", "clause": [], "asks": [],
                     "one_is_enough": False, "answer": None, "each": [], "found": False},
                ],
            },
            "patterns": [{"person": "x" * 32, "name": "Nadia Okello", "concern": "low_level_concern", "raises": "p",
                          "at": NOW.isoformat(), "times": 3, "hidden": 1,
                          "reports": [{"report_id": "o" * 32, "reference": "OTHE-ROTH-EROT", "home_name": "Quay View",
                                       "received_at": NOW.isoformat()}]}],
            "contact": {}, "concerns": self._concerns(), "dues": self._alert()["dues"], "contacts": [],
            "subjects": [{"subject": "s1", "said": {"words": "the woman on nights"}, "identified": False,
                          "person": None, "roles": [], "might_be": [{"id": "x" * 32, "name": "Nadia Okello"}]}],
            "rules": [{"key": "lado", "says": "Tell the LADO", "tell": ["lado"], "channels": [], "clause": [],
                       "form": None}],
            "all_concerns": [{"key": "allegation", "says": "A"}, {"key": "missing", "says": "Somebody is missing"}],
            "allegation": {
                "endings": {}, "meetings": [{"meeting": 1, "state": "planned", "at": NOW.isoformat(),
                                             "invited": ["lado"], "came": []}],
                "looking_into_it": [{"says": "Nobody asks inside", "clause": ["W"], "held_back": True, "since": None}],
                "how_it_ended": ["substantiated", "unfounded"], "may_be_invited": ["lado", "police"],
            },
            "forms": [{"key": "lado", "name": "Referral to the LADO", "says": "What the LADO needs", "wanted": True,
                       "sent_at": None}],
            "outcomes": ["substantiated", "unfounded"], "alerts": [self._alert()],
            "endings": [{"key": "disciplinary_closed", "says": "The disciplinary procedure has ended"}],
            "ledger": [{"seq": 1, "event": "received", "at": NOW.isoformat(), "by": "complainant", "by_name": None,
                        "data": {}, "words": None}, *self._calls()],
        }  # fmt: skip

    def _calls(self) -> list[dict[str, Any]]:
        steps = [(0, "called", {"attempt": 1}), (40, "call_sent", {"attempt": 1, "channel": "email"}),
                 (720, "answered", {"how": "sms_reply"})]  # fmt: skip
        return [
            {"seq": n, "event": event, "at": (NOW + timedelta(seconds=after)).isoformat(), "by": "system",
             "by_name": None, "who": "Imogen Ashdale", "words": None, "data": data | {"alert": ALERT_ID}}
            for n, (after, event, data) in enumerate(steps, 2)
        ]  # fmt: skip

    def form(self, *, person_id: str, report_id: str, form: str) -> dict[str, Any]:
        self.record(person_id=person_id, report_id=report_id)
        if form != "lado":
            raise NotFound

        def asked(key: str, asks: str, answer: str = "", **more: Any) -> dict[str, Any]:
            return {"key": key, "asks": asks, "answer": answer, "by_itself": bool(answer), "one_of": [],
                    "optional": False} | more  # fmt: skip

        return {
            "report_id": REPORT_ID, "reference": REFERENCE, "key": "lado", "name": "Referral to the LADO",
            "says": "What the LADO needs", "clause": ["IOI-30"], "home_name": HOME["name"],
            "parts": [{"heading": "What is alleged", "answers": [
                asked("said", "What was said", "The woman on nights hit me."), asked("born", "Date of birth"),
                asked("police", "Whether the police know", one_of=["yes", "no"]),
            ]}],
            "missing": [{"key": "born", "asks": "Date of birth"}, {"key": "police", "asks": "Whether the police know"}],
            "contacts": [
                {"key": "lado", "name": "The LADO", "email": "lado@hampshire.example", "printed": None, "web": None,
                 "verified_on": "2026-11-20", "form": None, "verified": True, "unsure": False,
                 "phones": [{"number": "01632 960100", "for": None, "open": [], "now": True}]},
                {"key": "other", "name": "Another LADO", "email": None, "printed": "old@hampshire.example",
                 "web": None, "verified_on": None, "form": "Their form", "phones": [],
                 "verified": False, "unsure": True},
            ],
            "sent": [{"seq": 7, "at": NOW.isoformat(), "by": MANAGER["id"], "whom": "lado", "channel": "email",
                      "missing": 2, "state": "failed", "ended_at": NOW.isoformat(), "why": "address_refused"}],
            "last": 7,
        }  # fmt: skip

    def record_step(self, **asked: Any) -> dict[str, Any]:
        return self._do("step", **asked)

    def evidence(self, *, person_id: str, report_id: str, kind: str, whom: str) -> dict[str, Any]:
        self.record(person_id=person_id, report_id=report_id)
        if not whom:
            raise Invalid({"whom": ["Enter for whom it is."]})
        return {"name": f"evidence.{kind}", "kind": "application/pdf", "content": "JVBERi0x"}

    def fill_form(self, **asked: Any) -> dict[str, Any]:
        if asked["answers"].get("police") == "perhaps":
            raise Invalid({"police": ["Choose one of: yes, no."]})
        return self._do("fill", **asked)

    def form_document(self, *, person_id: str, report_id: str, form: str, kind: str, sent: int | None) -> Any:
        self.form(person_id=person_id, report_id=report_id, form=form)
        if not kind:
            raise Invalid({"kind": ["Choose one of: pdf, docx."]})
        return {"name": f"a-form.{kind}", "kind": "application/pdf", "content": "JVBERi0x"}

    def send_form(self, **asked: Any) -> dict[str, Any]:
        if asked["whom"] != "lado":
            raise Refused("No e-mail address has been verified.", None, "Ring them.")
        return self._do("send", **asked)

    def form_sent_otherwise(self, **asked: Any) -> dict[str, Any]:
        return self._do("sent", **asked)

    def people_it_could_be(self, *, person_id: str, report_id: str) -> list[dict[str, Any]]:
        return [{"id": "x" * 32, "name": "Nadia Okello", "roles": ["night_worker"], "could_be": True}]

    def _do(self, what: str, **asked: Any) -> dict[str, Any]:
        self.record(person_id=asked.pop("person_id"), report_id=asked.pop("report_id"))
        self.did.append((what, asked))
        return {"report_id": REPORT_ID, "seq": 4}

    def confirm_concern(self, **asked: Any) -> dict[str, Any]:
        return self._do("confirm", **asked)

    def clear_concern(self, **asked: Any) -> dict[str, Any]:
        return self._do("clear", **asked)

    def clear_concerns(self, **asked: Any) -> dict[str, Any]:
        return self._do("clear_all", **asked)

    def identify(self, **asked: Any) -> dict[str, Any]:
        return self._do("identify", **asked)

    def record_referral(self, **asked: Any) -> dict[str, Any]:
        return self._do("referral", **asked)

    def ended(self, **asked: Any) -> dict[str, Any]:
        return self._do("ended", **asked)

    def close(self, **asked: Any) -> dict[str, Any]:
        raise Refused("Nobody has answered the alert yet.", None, "Answer it first.")

    def parked(self, *, person_id: str) -> list[dict[str, Any]]:
        raise Unavailable


class Notifications:
    """What was written."""

    away: bool = False

    def outgoing(self, *, person_id: str, page: int) -> dict[str, Any]:
        row = {"id": "n", "case_id": CASE_ID, "reference": REFERENCE, "at": NOW.isoformat(), "to": "the complainant",
               "kind": "receipt", "channel": "email", "state": "held_trial", "why": None, "about": {},
               "subject": "We have what you told us", "text": "See http://localhost/follow"}  # fmt: skip
        text = row | {"id": "t", "channel": None, "way": "text", "state": "failed", "why": "number_refused",
                      "subject": "A text: something needs you now"}  # fmt: skip
        return {"messages": [row, text], "page": page, "more": False}

    def letters_for(self, *, report_id: str) -> list[dict[str, Any]]:
        return [{"id": "1" * 32, "at": NOW.isoformat(), "subject": "Our answer", "text": "Thank you for telling us."}]

    def sheet_for(self, *, report_id: str, letter_id: str) -> str:
        if letter_id != "1" * 32:
            raise NotFound
        return '<!doctype html><html lang="en-GB"><title>Our answer</title><h1>Our answer</h1></html>'

    def papers(self, *, person_id: str, case_id: str) -> list[dict[str, Any]]:
        if self.away:
            raise Unavailable
        return [{"id": "n", "at": NOW.isoformat(), "to": "the complainant", "subject": "Our answer",
                 "state": "held_trial", "delivered_at": None}]  # fmt: skip

    def sheet(self, *, person_id: str, message_id: str) -> dict[str, str]:
        if message_id != "n":
            raise NotFound
        html = '<!doctype html><html lang="en-GB"><title>For you</title><h1>For you</h1></html>'
        return {"case_id": CASE_ID, "html": html}

    def parked(self, *, person_id: str) -> list[dict[str, Any]]:
        return []


class Reporting:
    """Reports."""

    def reports_for(self, *, person_id: str) -> list[dict[str, Any]]:
        about = {"key": "annual", "says": "The year's complaints", "clause": ["IOI-48"], "every": "1 year",
                 "covers": "12 months", "on_request_of": [], "source": "policy"}  # fmt: skip
        return [about | {"provider": "p" * 32, "provider_name": "Tidewater Support"}]

    def report(
        self, *, person_id: str, provider: str, key: str, since: str | None, until: str | None
    ) -> dict[str, Any]:
        if (person_id, key) != (MANAGER["id"], "annual"):
            raise NotFound
        line = {"stage": "stage_1", "duty": "respond", "says": "Resolve or respond", "clause": ["IOI-22"],
                "source": "policy", "strength": "must", "on_time": 3, "kept_late": 1, "late": 2, "excused": 0,
                "not_yet_due": 4}  # fmt: skip
        case = {"id": CASE_ID, "reference": REFERENCE, "kind": "complaint", "formality": "formal", "home": HOME["id"],
                "categories": [], "received_at": NOW.isoformat(), "findings": {"h1": "upheld"}, "outcome": None,
                "closed_at": None, "withdrawn": False, "passed_to": None, "stages": ["Stage 1"],
                "late": ["Resolve or respond"], "actions": [{"event": "action_agreed", "code": None}]}  # fmt: skip
        measures = {
            "received": {"total": 10, "by_kind": {"complaint": 9, "compliment": 1}, "open": 4},
            "categories": {"by_category": {"delay": None, "staff conduct": 7}, "without_category": 0},
            "on_time": {"duties": [line], "late": 3}, "each_case_and_action": {"cases": [case]},
            "trends": {"by_month": {"2026-12": 10}, "by_home": {HOME["id"]: 10}},
            "lessons": {"reviewed": 1, "closed_without_review": [REFERENCE]},
            "upheld": {"by_finding": {}, "complaints_upheld": 1},
        }  # fmt: skip
        return self.reports_for(person_id=person_id)[0] | {
            "operator": "o" * 32, "since": since or "2026-01-01", "until": until or "2026-12-31", "hide_below": 3,
            "made_at": NOW.isoformat(), "homes": {HOME["id"]: HOME["name"]}, "measures": measures,
            "sections": ["what was learned"],
        }  # fmt: skip

    def parked(self, *, person_id: str) -> list[dict[str, Any]]:
        return []


class Quiet:
    """A service that has nothing parked."""

    def parked(self, *, person_id: str) -> list[dict[str, Any]]:
        return []


class Calls:
    """The answers of the other services."""

    def __init__(self) -> None:
        self.begin_again()

    def begin_again(self) -> None:
        """Everything as at the beginning."""
        self.directory, self.workflow, self.safeguarding = Directory(), Workflow(), Safeguarding()
        self.notifications, self.reporting, self.intake = Notifications(), Reporting(), Quiet()


class Doors:
    """Intake's and safeguarding's HTTP doors, on a port of their own."""

    def __init__(self) -> None:
        self.begin_again()
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def begin_again(self) -> None:
        """Nothing came in yet."""
        self.code = CODE
        self.reports: dict[str, dict[str, Any]] = {}
        self.words: list[dict[str, Any]] = []
        self.lost: list[str] = []
        self.answered: list[str] = []
        self.uploads: dict[str, bytes] = {}
        self.taken = 0
        self.seen_headers: list[dict[str, str]] = []

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _app(self) -> Flask:
        app = Flask("doors")

        @app.errorhandler(HeardError)
        def refused(error: HeardError) -> tuple[Response, int]:
            return jsonify(error.as_json()), status_of(error)

        @app.post("/reports")
        def report() -> tuple[Response, int]:
            body, key = request.get_json(), request.headers["Idempotency-Key"]
            self.seen_headers.append(dict(request.headers))
            if body["home"] != HOME["slug"]:
                raise NotFound
            if body["what_happened"] == "rate":
                answer = jsonify({"title": "Too many"})
                answer.headers["Retry-After"] = "7"
                return answer, 429
            self.reports.setdefault(key, body)
            return jsonify({"report_id": REPORT_ID, "reference": REFERENCE, "receipt_code": CODE,
                            "received_at": NOW.isoformat()}), 201  # fmt: skip

        @app.post("/receipts")
        def receipt() -> Response:
            if request.get_json() != {"reference": REFERENCE, "code": self.code}:
                raise NotFound
            return jsonify({"report_id": REPORT_ID, "reference": REFERENCE, "home": HOME["id"], "screened": True,
                            "operator": "o" * 32, "provider": "p" * 32, "received_at": NOW.isoformat(),
                            "sent": [{"sort": one["sort"], "at": NOW.isoformat()} for one in self.words]})  # fmt: skip

        @app.post("/receipts/signed")
        def signed() -> Response:
            if request.get_json() != {"reference": REFERENCE, "code": self.code}:
                raise NotFound
            return jsonify({"text": f"HEARD SIGNED RECEIPT 1\nReference: {REFERENCE}\n"})

        @app.post("/receipts/lost")
        def lost() -> tuple[Response, int]:
            self.lost.append(request.get_json()["reference"])
            return jsonify({}), 202

        @app.get("/receipts/key")
        def key() -> Response:
            return jsonify({"pem": "-----BEGIN PUBLIC KEY-----\n"})

        @app.post("/reports/<reference>/words")
        def words(reference: str) -> tuple[Response, int]:
            body = request.get_json()
            if (reference, body["code"]) != (REFERENCE, self.code):
                raise NotFound
            self.words.append(body)
            return jsonify({"words_id": "w" * 32, "received_at": NOW.isoformat()}), 201

        @app.post("/uploads")
        def upload() -> tuple[Response, int]:
            content, name = request.get_data(), unquote(request.headers["X-File-Name"])
            if not content.startswith(b"picture"):
                raise Invalid({"file": ["broken"]})
            self.taken += 1
            token = f"token {self.taken - 1}"
            self.uploads[token] = content
            return jsonify({"token": token, "name": name, "sort": "picture", "size": len(content)}), 201

        @app.post("/uploads/drop")
        def drop() -> Response:
            for token in request.get_json()["tokens"]:
                del self.uploads[token]
            return jsonify({})

        @app.get("/reports/<report_id>/came-along")
        def came_along(report_id: str) -> Response:
            return jsonify({"attachments": [PICTURE, PICTURE | {"id": "e" * 64, "name": None}]})

        @app.get("/reports/<report_id>/came-along/<attachment_id>")
        def one_that_came_along(report_id: str, attachment_id: str) -> Response:
            return jsonify(PICTURE | {"content": "/9j/"})

        @app.get("/alerts/<alert_id>/acknowledge")
        def look(alert_id: str) -> Response:
            if request.args["token"] != "good":
                raise NotFound
            return jsonify({"alert_id": alert_id, "priority": "now", "raised_at": NOW.isoformat(), "answered_at": None,
                            "home_name": HOME["name"]})  # fmt: skip

        @app.post("/alerts/<alert_id>/acknowledge")
        def answer(alert_id: str) -> Response:
            if request.get_json()["token"] != "good":
                raise NotFound
            can = request.get_json()["answer"] == "have"
            if can:
                self.answered.append(alert_id)
            answered = NOW.isoformat() if can else None
            return jsonify({"alert_id": alert_id, "priority": "now", "answered_at": answered})

        return app


def route_table() -> Map:
    """The portal's route table."""
    with TemporaryDirectory() as folder:
        house = House(Path(folder), {"intake": "http://nobody.invalid", "safeguarding": "http://nobody.invalid"})
        app = make_app(house, Calls())  # type: ignore[arg-type]
        house.db.engine.dispose()
    return app.url_map
