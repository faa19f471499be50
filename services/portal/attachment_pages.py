"""What came along with a report: listed, looked at small, listened to, and opened, by whoever may see its record.

No screen can hear a voice or see a picture, so whom it is about is not known before a person looked: these are for the
cleared lead, and nobody who sees only the case opens them. A picture is shown as intake made it anew, small; a
voice plays within the page; everything else, and each of them whole, is opened on the reader's own machine, if at all.
"""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template, request, send_file

from services.chassis.errors import NotFound
from services.portal.doorkeeper import me, reach
from services.portal.guard import POLICY

pages = Blueprint("attachments", __name__, url_prefix="/records/<report_id>")

ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""What a file may do when a browser opens it after all: nothing."""


@pages.get("/came-along")
def listed(report_id: str) -> Response:
    """What came along with a report."""
    _through_the_wall(report_id)
    found = reach().came_along(report_id)
    answer = make_response(
        render_template("safeguarding/came_along.html", report_id=report_id, attachments=found)
    )
    answer.headers["Content-Security-Policy"] = f"{POLICY}; media-src 'self'"
    return answer


@pages.get("/came-along/<attachment_id>")
def one(report_id: str, attachment_id: str) -> Response:
    """One of them whole, to be kept or opened by whoever asks."""
    found = _one(report_id, attachment_id)
    return _handed(found, attachment=True)


@pages.get("/came-along/<attachment_id>/small")
def small(report_id: str, attachment_id: str) -> Response:
    """A picture, small and made anew."""
    return _handed(_one(report_id, attachment_id, "?as=picture"), attachment=False)


@pages.get("/came-along/<attachment_id>/voice")
def voice(report_id: str, attachment_id: str) -> Response:
    """A recording, for the player of the page."""
    found = _one(report_id, attachment_id)
    if found["sort"] != "voice":
        raise NotFound
    return _handed(found, attachment=False)


def _one(report_id: str, attachment_id: str, how: str = "") -> dict[str, Any]:
    _through_the_wall(report_id)
    path = f"/reports/{quote(report_id, safe='')}/came-along/{quote(attachment_id, safe='')}{how}"
    found: dict[str, Any] = reach().intake.get(path)
    return found


def _handed(found: dict[str, Any], *, attachment: bool) -> Response:
    content = BytesIO(base64.b64decode(found["content"]))
    name = found["name"] or "attachment"
    answer = send_file(content, found["kind"], as_attachment=attachment, download_name=name, conditional=False)
    if not attachment:  # a player asks for the middle of a recording
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=len(content.getbuffer()))
    answer.headers["Content-Security-Policy"] = ALONE
    return answer


def _through_the_wall(report_id: str) -> None:
    """Raises `NotFound` for whoever may not see the record."""
    reach().calls.safeguarding.record(person_id=me()["id"], report_id=report_id)
