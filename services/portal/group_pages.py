"""Pages for whoever looks across cases: homes at a glance, reports, messages that were held back, what was parked."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import HeardError, NotFound, Unavailable
from services.chassis.paper import Reached, pdf
from services.chassis.settings import SERVICES
from services.portal import making_pages
from services.portal.doorkeeper import LAST_PAGE, me, only_who_mends, reach
from services.portal.making import LIMIT
from services.portal.report_sheet import rows
from services.portal.sheet import as_csv

_AN_ID = re.compile(r"\b[0-9a-f]{32}\b|\b(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}\b")
"""What a fault may name: the id of a case or a report, or its reference."""

pages = Blueprint("group", __name__)

TITLES = {
    "received": "What came in",
    "upheld": "What was found",
    "categories": "What it was about",
    "on_time": "Promises kept and not kept",
    "lessons": "What was learned",
    "actions": "What was done",
    "ombudsman": "The ombudsman",
    "trends": "What repeats",
    "compliments": "Compliments",
    "each_case_and_action": "Each case and what was done",
    "equality": "Equality",
    "standing_duties": "What we keep doing",
}
"""What each measure of a report is called."""
HEARERS = tuple(name for name in SERVICES if name != "portal")


@pages.get("/homes")
def homes() -> str:
    """The homes at a glance: what is late in them, and how many reports come in."""
    return render_template("group/homes.html", found=reach().calls.workflow.homes(person_id=me()["id"]))


@pages.get("/reports")
def reports() -> str:
    """The reports that this person may draw up."""
    return render_template("group/reports.html", found=reach().calls.reporting.reports_for(person_id=me()["id"]))


@pages.get("/reports/<provider>/<key>")
def report(provider: str, key: str) -> str:
    """One report, its table and its bars."""
    return render_template("group/report.html", report=_report(provider, key), titles=TITLES)


@pages.get("/reports/<provider>/<key>.pdf")
def report_on_paper(provider: str, key: str) -> Answer:
    """The same on paper. Raises `NotFound`, `NoPaper`, `Unavailable`."""
    _may_ask(provider, key)

    def make(reached: Reached) -> bytes:
        page = render_template("group/report_paper.html", report=_report(provider, key), titles=TITLES)
        return pdf(page, reached, LIMIT)

    return making_pages.answer(f"{key}.pdf", "application/pdf", _its_page(provider, key), make)


@pages.get("/reports/<provider>/<key>.csv")
def report_as_sheet(provider: str, key: str) -> Answer:
    """The same as a sheet, a number a row. Raises `NotFound`."""
    _may_ask(provider, key)

    def make(_: Reached) -> bytes:
        return as_csv(rows(_report(provider, key), TITLES)).encode("utf-8-sig")  # so that a spreadsheet reads accents

    return making_pages.answer(f"{key}.csv", "text/csv", _its_page(provider, key), make)


def _may_ask(provider: str, key: str) -> None:
    """Raises `NotFound` before anything is begun for somebody who may not draw it up."""
    theirs = reach().calls.reporting.reports_for(person_id=me()["id"])
    if not any((one["provider"], one["key"]) == (provider, key) for one in theirs):
        raise NotFound


def _its_page(provider: str, key: str) -> str:
    since, until = (request.args.get(name) or None for name in ("since", "until"))
    return url_for("group.report", provider=provider, key=key, since=since, until=until)[:500]


def _report(provider: str, key: str) -> dict[str, Any]:
    days = {name: request.args.get(name) or None for name in ("since", "until")}
    found: dict[str, Any] = reach().calls.reporting.report(person_id=me()["id"], provider=provider, key=key, **days)
    return found


@pages.get("/outgoing")
def outgoing() -> str:
    """What was sent, or would have been: the messages of a trial stay here."""
    page = min(max(1, request.args.get("page", 1, int)), LAST_PAGE)
    found = reach().outgoing(me()["id"], page)
    return render_template("group/outgoing.html", found=found, page=page)


@pages.get("/outgoing/<message_id>.pdf")
def sheet(message_id: str) -> Answer:
    """One of them on paper, to post it or to hand it over. Raises `NoPaper`, `Unavailable`."""
    letter = reach().calls.notifications.sheet(person_id=me()["id"], message_id=message_id)
    reach().calls.workflow.letters_read(person_id=me()["id"], case_ids=[letter["case_id"]])
    return send_file(BytesIO(pdf(letter["html"])), "application/pdf", download_name="letter.pdf")


@pages.get("/parked")
def parked() -> str:
    """Facts that could not be handled, service by service."""
    only_who_mends(me())
    return render_template("group/parked.html", found=parked_everywhere(me()["id"]))


@pages.post("/parked/<service>/<parked_id>/replay")
def replay(service: str, parked_id: str) -> Answer:
    """Handle one of them again."""
    only_who_mends(me())
    try:
        handle_again(service, parked_id, me()["id"])
    except HeardError as fault:
        flash(fault.sentence)
    else:
        flash("It was handled.")
    return redirect(url_for("group.parked"), 303)


def handle_again(service: str, parked_id: str, person_id: str) -> Any:
    """Handle a parked fact again. Raises `NotFound`, also for one that this person may not know of."""
    if not any(row["service"] == service and row.get("id") == parked_id for row in parked_everywhere(person_id)):
        raise NotFound
    return getattr(reach().calls, service).replay_parked(id=parked_id, person_id=person_id)


def parked_everywhere(person_id: str) -> list[dict[str, Any]]:
    """What is parked in every service: ``{service, id, fact, why, parked_at, ...}``; a service that is down says so.

    Only of this person's operator, and nothing of a case that is closed to them: a fact that waits would tell that
    there is one. While the workflow cannot say which cases are, none is shown. Which case or report it is about is not
    said at all: of one that safeguarding has still to read, nobody knows yet whether they may know of it.
    """
    found = _parked(person_id)
    cases = sorted({row["case_id"] for row in found if row.get("case_id")})
    try:
        closed = set(reach().calls.workflow.closed_to(person_id=person_id, case_ids=cases)) if cases else set()
    except Unavailable:
        closed = set(cases)
    return [_without_ids(row) for row in found if row.get("case_id") not in closed]


def _without_ids(row: dict[str, Any]) -> dict[str, Any]:
    about = {name: value for name, value in row.items() if name not in ("case_id", "message_id", "correlation")}
    return about | ({"why": _AN_ID.sub("...", str(about["why"]))} if about.get("why") else {})


def _parked(person_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for service in HEARERS:
        try:
            found += [row | {"service": service} for row in getattr(reach().calls, service).parked(person_id=person_id)]
        except Unavailable:
            found.append({"service": service, "down": True})
    return found
