"""The page of a file that takes its time: how far it is, then the file, and after an hour nothing.

Whoever asks for a file calls `answer`: what is there within a second is handed over at once, as if it had been made on
the way. Everything works without JavaScript: the page has a link to look again.
"""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, copy_current_request_context, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import NotFound
from services.chassis.paper import STEPS
from services.portal import making
from services.portal.doorkeeper import STAFF_COOKIE, me, reach
from services.portal.making import Asked, Make

pages = Blueprint("making", __name__, url_prefix="/made")

AT_ONCE = 1.0
"""Seconds that somebody waits for a file without being told how far it is."""


def answer(name: str, kind: str, back: str, make: Make, case_id: str | None = None) -> Answer:
    """The file, or the way to the page on which it is seen on its way. `make` may ask and say what a page may.

    Raises whatever making it raised, where that was soon, and `TooMany`.
    """
    asked = Asked(name, kind, me()["id"], request.cookies.get(STAFF_COOKIE, ""), case_id, back)
    house = reach().house
    work = making.begin(house, asked, copy_current_request_context(make))
    work.wait(AT_ONCE)
    if work.fault is not None:
        making.forget(house.db, work.id)
        raise work.fault
    if work.made is None:
        return redirect(url_for("making.look", export_id=work.id), 303)
    making.forget(house.db, work.id)
    return send_file(BytesIO(work.made), kind, as_attachment=True, download_name=name)


@pages.get("/<export_id>")
def look(export_id: str) -> str:
    """How far it is."""
    house = reach().house
    now = house.clock.now()
    found = making.found(house.db, export_id, me()["id"], now)
    if found is None:
        raise NotFound
    gone = not found.ready and not found.failed and found.began_at <= now - making.GIVEN_UP
    return render_template(
        "staff/making.html", file=found, gone=gone, steps=STEPS, seconds=round((now - found.began_at).total_seconds())
    )


@pages.get("/<export_id>/file")
def take(export_id: str) -> Answer:
    """The file. Raises `NotFound` at another browser, after its time, and where the case is closed to them by now."""
    person, house = me(), reach().house
    found = making.found(house.db, export_id, person["id"], house.clock.now())
    made = making.opened(house.db, export_id, request.cookies.get(STAFF_COOKIE, "")) if found else None
    if found is None or made is None:
        raise NotFound
    if found.case_id and reach().calls.workflow.closed_to(person_id=person["id"], case_ids=[found.case_id]):
        raise NotFound
    return send_file(BytesIO(made), found.kind, as_attachment=True, download_name=found.name)
