"""What came along with a report: listed, and one by one to be opened, for whoever may see its safeguarding record.

Nothing is shown within the platform: a file that a stranger sent is opened on the reader's own machine, if at all.
"""

from __future__ import annotations

import base64

from flask import Blueprint, Response, render_template

from services.portal.doorkeeper import me, reach

pages = Blueprint("attachments", __name__)


@pages.get("/records/<report_id>/came-along")
def listed(report_id: str) -> str:
    """What came along with a report."""
    _through_the_wall(report_id)
    found = reach().intake.get(f"/reports/{report_id}/came-along")["attachments"]
    return render_template("safeguarding/came_along.html", report_id=report_id, attachments=found)


@pages.get("/records/<report_id>/came-along/<attachment_id>")
def one(report_id: str, attachment_id: str) -> Response:
    """One of them, to be kept or opened by whoever asks."""
    _through_the_wall(report_id)
    found = reach().intake.get(f"/reports/{report_id}/came-along/{attachment_id}")
    answer = Response(base64.b64decode(found["content"]), mimetype=found["kind"])
    answer.headers.set("Content-Disposition", "attachment", filename=found["name"] or "attachment")
    return answer


def _through_the_wall(report_id: str) -> None:
    """Raises `NotFound` for whoever may not see the record."""
    reach().calls.safeguarding.record(person_id=me()["id"], report_id=report_id)
