"""What a cleared lead sees: the board of alerts, one alert, a whole record with its words, clocks and numbers to call.

Only ever asked through the wall; the words are opened here and nowhere travel on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from heard.casefile import CaseState, replay
from heard.ledger import to_json
from heard.procedure import Procedure
from heard.roster import Roster
from services.chassis import ledger
from services.chassis.errors import NotFound
from services.chassis.house import House
from services.chassis.vault import Erased
from services.safeguarding import allegation, bodies, deciding, forms, patterns, records, triage, unread
from services.safeguarding.answering import answer_of
from services.safeguarding.models import ledger as ledger_rows
from services.safeguarding.said import open_kept, place_of
from services.screening.reports import about_of
from services.screening.screen import screen

Row = Mapping[str, Any]

BOARD_KEEPS = timedelta(days=14)
"""How long an answered alert of a closed record stays on the board."""


def board(house: House, person_id: str) -> list[dict[str, Any]]:
    """The alerts a person may see, unanswered first. Names of homes, never of anybody; no words."""
    now = house.clock.now()
    with house.db.seen_by(person_id) as conn:
        rows = records.board(conn, person_id, now - BOARD_KEEPS)
        made = records.calls_of(conn, [row["id"] for row in rows])
        ledgers = ledger.read_many(conn, ledger_rows, {row["report_id"] for row in rows})
    return [_alert(house, row, made[row["id"]], ledgers[row["report_id"]], now) for row in rows]


def alert(house: House, person_id: str, alert_id: str) -> dict[str, Any]:
    """One alert. Raises `NotFound`."""
    with house.db.seen_by(person_id) as conn:
        kept = records.seen_alert(conn, person_id, alert_id)
        if kept is None:
            raise NotFound
        row = records.seen(conn, person_id, kept["report_id"])
        made = records.calls_of(conn, [alert_id])[alert_id]
        happenings = ledger.read(conn, ledger_rows, kept["report_id"])
    return _alert(house, {**row, **kept}, made, happenings, house.clock.now())


def _alert(house: House, row: Row, made: Sequence[Row], happenings: Sequence[Any], now: datetime) -> dict[str, Any]:
    procedure = house.procedures.pinned(row["procedure_version"])
    state, roster = replay(procedure, happenings), house.roster(even_if_stale=True)
    home = house.who.entry("home", row["home"]) or {}
    return answer_of(row) | {
        "reference": row["reference"],
        "provider": row["provider"],
        "home": row["home"],
        "home_name": home.get("name", ""),
        "received_at": row["received_at"].isoformat(),
        "closed_at": row["closed_at"].isoformat() if row["closed_at"] else None,
        "rule": row["rule"],
        "next_call_at": row["next_call_at"].isoformat() if row["next_call_at"] else None,
        "answered_by_name": _name(roster, row["answered_by"]),
        "concerns": _concerns(procedure, state),
        "calls": [_call(house, procedure, roster, call) for call in made],
        "dues": [due.as_json() for due in deciding.dues(state, house.calendars(procedure), now)],
        "contacts": bodies.of_concerns(house, procedure, state),
    }


def record(house: House, person_id: str, report_id: str) -> dict[str, Any]:
    """A whole record; that it was opened is kept. Raises `NotFound` for whoever may not see it."""
    with house.db.seen_by(person_id) as conn:
        records.seen(conn, person_id, report_id)
    unread.opened_by(house, person_id, report_id)
    with house.db.seen_by(person_id) as conn:
        row = records.seen(conn, person_id, report_id)
        said = records.words_of(conn, person_id, report_id)
        happenings = ledger.read(conn, ledger_rows, report_id)
        alerts = records.alerts_of(conn, report_id)
        made = records.calls_of(conn, [one["id"] for one in alerts])
        procedure = house.procedures.pinned(row["procedure_version"])
        state = replay(procedure, happenings)
        repeated = patterns.explained(house, conn, person_id, state)
    roster, now = house.roster(even_if_stale=True), house.clock.now()
    words, contact, notes = _opened(house, report_id, row, said)
    about = {one["subject"]: one for text in words for one in about_of(text["said"])}
    home = house.who.entry("home", row["home"]) or {}
    return {
        **{name: row[name] for name in ("report_id", "reference", "operator", "provider", "home", "procedure_version")},
        **{name: row[name] for name in ("priority", "readable")},
        "home_name": home.get("name", ""),
        "received_at": row["received_at"].isoformat(),
        "closed_at": row["closed_at"].isoformat() if row["closed_at"] else None,
        "seq": state.seq,
        "received": dict(state.received),
        "imported": state.received.get("imported"),
        "words": [_said(text, procedure, _weighed(text["id"], happenings, notes)) for text in words],
        "contact": contact,
        "concerns": _concerns(procedure, state),
        "subjects": [
            {
                "subject": one.key,
                "said": {k: v for k, v in about.get(one.key, {}).items() if k in ("name", "role", "words") and v},
                "identified": one.identified,
                "person": {"id": one.person, "name": _name(roster, one.person)} if one.person else None,
                "roles": list(one.roles),
                "might_be": [{"id": person, "name": _name(roster, person)} for person in one.might_be],
            }
            for one in state.subjects.values()
        ],
        "triage": triage.shown(state, row["triage_due_at"]),
        "patterns": [one | {"name": _name(roster, one["person"])} for one in repeated],
        "dues": [due.as_json() for due in deciding.dues(state, house.calendars(procedure), now)],
        "alerts": [
            answer_of(one) | {"answered_by_name": _name(roster, one["answered_by"]),
                              "calls": [_call(house, procedure, roster, call) for call in made[one["id"]]]}
            for one in alerts
        ],
        "ledger": [
            to_json(one) | {"by_name": _name(roster, one.by), "who": _called(procedure, roster, one.data),
                            "words": forms.in_words(procedure, one, notes)}
            for one in happenings
        ],
        "contacts": bodies.of_concerns(house, procedure, state),
        "rules": [
            {"key": rule.key, "says": rule.says, "tell": list(rule.tell), "channels": list(rule.channels),
             "clause": list(rule.clause), "form": rule.form}
            for rule in procedure.notification_rules
            if not rule.concern or not set(rule.concern).isdisjoint(state.concerns)
        ],
        "all_concerns": [{"key": one.key, "says": one.says} for one in procedure.concerns],
        "forms": forms.listed(procedure, happenings, [one.concern for one in state.open_concerns]),
        "allegation": {
            "endings": allegation.endings(state), "meetings": allegation.meetings(state),
            "looking_into_it": allegation.looking_into_it(state),
            "how_it_ended": list(allegation.HOW_IT_ENDED), "may_be_invited": list(allegation.INVITED),
        },
        "outcomes": list(deciding.OUTCOMES),
        "endings": [{"key": key, "says": says} for key, says in deciding.ENDINGS.items()],
    }  # fmt: skip


def people_it_could_be(house: House, person_id: str, report_id: str) -> list[dict[str, Any]]:
    """Everybody who works at the home a report is about, those whom the words could mean first. Raises `NotFound`."""
    with house.db.seen_by(person_id) as conn:
        row = records.seen(conn, person_id, report_id)
        happenings = ledger.read(conn, ledger_rows, report_id)
    procedure = house.procedures.pinned(row["procedure_version"])
    roster, state = house.roster(even_if_stale=True), replay(procedure, happenings)
    place = place_of(house, procedure, roster, row)
    meant = {person for one in state.subjects.values() for person in (one.person, *one.might_be) if person}
    staff = place.staff()
    return sorted(
        (
            {"id": person, "name": roster.people[person].name, "roles": list(roles), "could_be": person in meant}
            for person, roles in staff.items()
        ),
        key=lambda one: (not one["could_be"], str(one["name"])),
    )


def _opened(
    house: House, report_id: str, row: Row, said: Sequence[Row]
) -> tuple[list[dict[str, Any]], dict[str, str], dict[int, str]]:
    """The words, who told us, and the notes beside ledger rows, opened; what was erased is said to be."""
    with house.db.reading() as conn:
        try:
            keys = house.vault.keys(conn, [(report_id, "words"), (report_id, "contact")])
            notes = ledger.read_words(conn, ledger_rows, house.vault, report_id)
        except Erased:
            return [{**text, "said": {}, "erased": True} for text in said], {}, {}
    words = [{**text, "said": open_kept(house, report_id, text["envelope"], keys), "erased": False} for text in said]
    contact = open_kept(house, report_id, row["contact"], keys) if row["contact"] else {}
    return words, contact, notes


def _weighed(words_id: str, happenings: Sequence[Any], notes: Mapping[int, str]) -> list[str]:
    """The sentences of a text that seemed to mean harm."""
    rows = [one.seq for one in happenings if one.event == "screened" and one.data.get("weighed") == words_id]
    return [sentence for seq in rows for sentence in notes.get(seq, "").splitlines()]


def _said(text: Row, procedure: Procedure, meant: Sequence[str]) -> dict[str, Any]:
    """One inbound text with the words of it that the screen marked, and the sentences by what they mean."""
    told = {name.partition(".")[0]: value for name, value in text["said"].items() if name != "about"}
    marked = screen("\n".join(told.values()), procedure=procedure).words
    return {
        "id": text["id"], "sort": text["sort"], "at": text["at"].isoformat(), "erased": text["erased"], "said": told,
        "not_words": list(text["not_words"] or ()),
        "marked": sorted({word for words in marked.values() for word in words}), "meant": list(meant),
    }  # fmt: skip


def _concerns(procedure: Procedure, state: CaseState) -> list[dict[str, Any]]:
    known = {one.key: one for one in procedure.concerns}
    because = {
        str(m.data["concern"]): list(m.data.get("because") or ()) for m in state.moments.get("concern_found", ())
    }
    return [
        {
            "concern": one.concern,
            "says": known[one.concern].says if one.concern in known else one.concern.replace("_", " "),
            "clause": list(known[one.concern].clause) if one.concern in known else [],
            "asks": list(known[one.concern].asks_each) if one.concern in known else [],
            "because": because.get(one.concern, []),
            "found_at": one.at.isoformat(),
            "known_at": one.known_at.isoformat(),
            "by_screen": one.by_screen,
            "status": "cleared" if one.cleared_at else "confirmed" if one.confirmed_at else "found",
        }
        for one in state.concerns.values()
    ]


def _call(house: House, procedure: Procedure, roster: Roster, call: Row) -> dict[str, Any]:
    """`ring`: the number of somebody whom a telephone call reaches best, for the others who see the alert."""
    entry = house.who.entry("person", call["person"] or "") or {}
    contact = next((one.name for one in procedure.contacts if one.key == call["contact"]), call["contact"])
    return {
        "attempt": call["attempt"], "person": call["person"], "contact": call["contact"],
        "name": _name(roster, call["person"]) or contact, "at": call["at"].isoformat(), "channel": call["channel"],
        "sent_at": call["sent_at"].isoformat() if call["sent_at"] else None,
        "failed_at": call["failed_at"].isoformat() if call["failed_at"] else None, "why": call["why"],
        "ring": entry.get("phone") if entry.get("alert_way") == "call" else None,
    }  # fmt: skip


def _called(procedure: Procedure, roster: Roster, data: Mapping[str, Any]) -> str | None:
    """Whom a row of the ladder is about, by name."""
    whom = data.get("person") or data.get("contact") or data.get("whom") or data.get("by")
    bodies = {one.key: one.name for one in procedure.contacts}
    keys = [str(one) for one in (whom if isinstance(whom, list) else [whom]) if one]
    return ", ".join(_name(roster, key) or bodies.get(key) or key.replace("_", " ") for key in keys) or None


def _name(roster: Roster, person_id: str | None) -> str | None:
    known = roster.people.get(person_id or "")
    return known.name if known else None
