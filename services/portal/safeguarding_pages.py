"""The pages of those who keep children safe: the alert board, one alert, one record, and the link that answers.

STEP 2 for people. An alert is answered with one press; by the link in a message it is answered through safeguarding's
own HTTP door, without signing in, so that a broken broker or a forgotten password silences nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from heard.instants import LONDON
from services.chassis.errors import Invalid, NotFound, Refused, TooMany, Unavailable
from services.portal.calls_record import COLUMNS, as_rows, lines_of
from services.portal.day_by_day import told_together
from services.portal.doorkeeper import makes_sure_of_contacts, me, reach
from services.portal.downloads import as_download
from services.portal.sheet import as_csv

pages = Blueprint("safeguarding", __name__)

CANNOT = "cannot"
"""What a button says of whoever was called and cannot take it on."""
STEPS = ("outcome", "meeting", "held", "called_off")
"""What happens with an allegation until it has ended."""
ACTS = ("confirm", "clear", "clear_all", "identify", "referral", "close", "ended", *STEPS)


@pages.get("/alerts")
def board() -> str:
    """The alerts, unanswered first."""
    calls, person = reach().calls.safeguarding, me()["id"]
    alerts, read = calls.alerts(person_id=person), calls.past_to_read(person_id=person)
    waiting = calls.to_triage(person_id=person)
    return render_template(
        "safeguarding/board.html", waiting=waiting, alerts=alerts, past=read, makes_sure=makes_sure_of_contacts(me())
    )


@pages.get("/alerts/past")
def past() -> str:
    """Complaints of an earlier log in which the screen found something."""
    found = reach().calls.safeguarding.past_to_read(person_id=me()["id"])
    return render_template("safeguarding/past.html", past=found)


@pages.post("/alerts/past/<report_id>/read")
def past_read(report_id: str) -> Answer:
    """The lead has read one of them and raises nothing."""
    reach().calls.safeguarding.past_read(person_id=me()["id"], report_id=report_id)
    return redirect(url_for("safeguarding.past"), 303)


@pages.get("/alerts/<alert_id>")
def alert(alert_id: str) -> str:
    """One alert: what, where, by when, whom to ring; and who was called."""
    found = reach().calls.safeguarding.alert(person_id=me()["id"], alert_id=alert_id)
    return render_template("safeguarding/alert.html", alert=found, dues=told_together(found["dues"]))


@pages.post("/alerts/<alert_id>/acknowledge")
def acknowledge(alert_id: str) -> Answer:
    """ "I have it": the ladder stops calling. "I cannot": the next is called at once."""
    can = request.form.get("answer") != CANNOT
    reach().calls.safeguarding.acknowledge(person_id=me()["id"], alert_id=alert_id, how="page", can=can)
    return redirect(url_for("safeguarding.alert", alert_id=alert_id), 303)


@pages.get("/alerts/rung")
def rung() -> str:
    """The page for whoever has somebody on the telephone who was called about an alert and says so."""
    return _rung({}, written=None)


@pages.post("/alerts/rung")
def write_rung() -> str | tuple[str, int]:
    """Write down what they said: their name, their four digits, and whether they have it or cannot."""
    said = {name: request.form.get(name, "").strip() for name in ("person", "code", "answer")}
    asked = {"person": "Choose who rang", "code": "Enter the four digits", "answer": "Choose what they said"}
    faults = {name: text for name, text in asked.items() if not said[name]}
    if not faults:
        can = said["answer"] != CANNOT
        try:
            reach().calls.safeguarding.answer_by_phone(
                taken_by=me()["id"], person_id=said["person"], code=said["code"], can=can
            )
        except NotFound:
            faults = {"code": "That does not fit. Ask for the name and the four digits once more"}
        except TooMany:
            faults = {"code": "That was tried too often. Ask them to use the link, or to sign in"}
        else:
            return _rung({}, written=said["answer"])
    return _rung(faults, written=None), 422


def _rung(faults: dict[str, str], written: str | None) -> str:
    people = reach().calls.safeguarding.who_may_ring(person_id=me()["id"])
    said = {} if written else request.form
    return render_template("safeguarding/rung.html", people=people, faults=faults, said=said, written=written)


@pages.get("/a/<alert_id>/<token>")
def by_link(alert_id: str, token: str) -> str:
    """The page behind the link in a message: one button and no names."""
    return render_template("safeguarding/by_link.html", alert=reach().look_at_alert(alert_id, token), said=None)


@pages.post("/a/<alert_id>/<token>")
def answer_by_link(alert_id: str, token: str) -> str:
    """A button was pressed."""
    can = request.form.get("answer") != CANNOT
    alert = reach().answer_alert(alert_id, token, can=can)
    return render_template("safeguarding/by_link.html", alert=alert, said="have" if can else CANNOT)


@pages.get("/records/<report_id>")
def record(report_id: str) -> str:
    """The whole record of one report, for the cleared lead."""
    return _show(report_id, {}, None)


@pages.get("/records/<report_id>/calls")
def calls(report_id: str) -> str:
    """Who was called about it, and what became of each call, as a table."""
    record = reach().calls.safeguarding.record(person_id=me()["id"], report_id=report_id)
    return render_template("safeguarding/calls.html", record=record, lines=lines_of(record), columns=COLUMNS)


@pages.get("/records/<report_id>/calls.csv")
def calls_sheet(report_id: str) -> Answer:
    """The same as a sheet to keep or to hand over. Its name says nothing of what it is about."""
    record = reach().calls.safeguarding.record(person_id=me()["id"], report_id=report_id)
    sheet = Response(as_csv(as_rows(record)), mimetype="text/csv")
    sheet.headers["Content-Disposition"] = f'attachment; filename="calls-{record["reference"]}.csv"'
    return sheet


@pages.post("/records/<report_id>/evidence.<kind>")
def evidence(report_id: str, kind: str) -> Answer:
    """Everything that was recorded about it, to hand to an inspector or the LADO; that it was taken is recorded."""
    made = reach().calls.safeguarding.evidence(
        person_id=me()["id"], report_id=report_id, kind=kind, whom=request.form.get("whom", "")
    )
    return as_download(made)


@pages.post("/records/<report_id>/<what>")
def act(report_id: str, what: str) -> Answer | tuple[str, int]:
    """Confirm or clear a concern, say who is meant, record a referral, close, or note that something else has ended."""
    if what not in ACTS:
        raise NotFound
    refused: Refused | None = None
    faults = _missing(what, request.form)
    if not faults:
        try:
            _do(what, me()["id"], report_id, request.form)
        except Refused as no:
            refused = no
        except Invalid as wrong:
            faults = {
                name: " ".join(said) if isinstance(said, list) else str(said) for name, said in wrong.fields.items()
            }
        else:
            return redirect(url_for("safeguarding.record", report_id=report_id), 303)
    return _show(report_id, faults, refused), 409 if refused else 422


_NEEDED = {
    "confirm": {"concern": "Choose the concern", "reason": "Enter the reason for your decision"},
    "clear": {"concern": "Choose the concern", "reason": "Enter the reason for your decision"},
    "clear_all": {"concern": "Choose the concerns", "reason": "Enter why none of it is so"},
    "identify": {
        "subject": "Choose of whom it was said",
        "person": "Choose who is meant",
        "reason": "Enter how you know",
    },
    "referral": {"whom": "Choose whom you told", "at": "Enter when", "note": "Enter what was said and agreed"},
    "outcome": {"subject": "Choose of whom it was said", "outcome": "Choose how it ended", "reason": "Enter why"},
    "meeting": {"at": "Enter when", "invited": "Choose who is asked to come", "reason": "Enter what it is about"},
    "held": {"at": "Enter when it was held", "invited": "Choose who came", "reason": "Enter what was decided"},
    "called_off": {"reason": "Enter why"},
    "ended": {"event": "Choose what has ended", "reason": "Enter what you were told, and by whom"},
    "close": {"outcome": "Choose how it ended", "reason": "Enter the reason for closing"},
}
_OF_A_STEP = ("subject", "outcome", "meeting", "at", "next_at")
NOBODY = "nobody"
"""Chosen on the form when the words mean nobody who works here."""


def _missing(what: str, form: MultiDict[str, str]) -> dict[str, str]:
    return {name: said for name, said in _NEEDED[what].items() if not form.get(name, "").strip()}


def _do(what: str, person_id: str, report_id: str, form: MultiDict[str, str]) -> None:
    calls, said = reach().calls.safeguarding, {name: text.strip() for name, text in form.items()}
    if what in ("confirm", "clear"):
        act_on = calls.confirm_concern if what == "confirm" else calls.clear_concern
        act_on(person_id=person_id, report_id=report_id, concern=said["concern"], reason=said["reason"])
    elif what == "clear_all":
        these = form.getlist("concern")
        calls.clear_concerns(person_id=person_id, report_id=report_id, concerns=these, reason=said["reason"])
    elif what == "identify":
        meant = None if said["person"] == NOBODY else said["person"]
        calls.identify(
            person_id=person_id, report_id=report_id, subject=said["subject"], person=meant, reason=said["reason"]
        )
    elif what == "referral":
        calls.record_referral(
            person_id=person_id,
            report_id=report_id,
            rule=said.get("rule", ""),
            whom=said["whom"],
            channel=said.get("channel") or "telephone",
            at=instant(said["at"]),
            note=said["note"],
            agreed=said.get("agreed") == "yes",
        )
    elif what in STEPS:
        told: dict[str, Any] = {name: text for name, text in said.items() if name in _OF_A_STEP and text}
        told |= {name: instant(told[name]) for name in ("at", "next_at") if name in told}
        told |= {"invited": form.getlist("invited")} if "invited" in said else {}
        calls.record_step(person_id=person_id, report_id=report_id, step=what, said=told, reason=said["reason"])
    elif what == "ended":
        go_on = said.get("go_on") == "yes"
        calls.ended(person_id=person_id, report_id=report_id, event=said["event"], reason=said["reason"], go_on=go_on)
    else:
        calls.close(person_id=person_id, report_id=report_id, reason=said["reason"], outcome=said["outcome"])


def instant(text: str) -> str:
    """What a date-and-time field holds, as an instant: people type London time."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid({"at": ["Enter a date and a time, like 2026-12-25 02:10."]}) from None
    return (typed if typed.tzinfo else typed.replace(tzinfo=LONDON)).isoformat()


def _case_meanwhile(person_id: str, report_id: str) -> dict[str, Any] | None:
    """The case about the same report, where this person may see it: what is on hold, and what was decided about staff.

    The record is shown whether or not the part that keeps the case answers.
    """
    try:
        found: dict[str, Any] = reach().calls.workflow.case(person_id=person_id, case_id=report_id)
    except (NotFound, Unavailable):
        return None
    return found


def _show(report_id: str, faults: dict[str, str], refused: Refused | None) -> str:
    person = me()
    found = reach().calls.safeguarding.record(person_id=person["id"], report_id=report_id)
    could_be: list[dict[str, Any]] = []
    if any(not one["identified"] for one in found["subjects"]):
        could_be = reach().calls.safeguarding.people_it_could_be(person_id=person["id"], report_id=report_id)
    return render_template(
        "safeguarding/record.html",
        record=found,
        dues=told_together(found["dues"]),
        case=_case_meanwhile(person["id"], report_id),
        report_id=report_id,
        could_be=could_be,
        nobody=NOBODY,
        faults=faults,
        refused=refused,
        said=request.form,
    )
