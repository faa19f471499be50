"""In which way whoever works here is reached: in words, and the form for it on the page of one's own sign-in.

What can wait goes in the way that somebody chose. A call about a child's safety goes in every way that reaches them, by
day and by night, whatever was chosen: the choice says what comes first, and tells the others to ring.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from services.portal.directory_form import ALERT_WAYS, ROUTINE_WAYS
from services.portal.doorkeeper import me, reach

pages = Blueprint("reached", __name__)


@pages.post("/account/reached")
def say() -> Answer:
    """Say how one wants to be reached; nothing chosen is whatever reaches them."""
    routine, alert = request.form.get("routine_way"), request.form.get("alert_way")
    reach().calls.directory.reach_me(
        person_id=me()["id"],
        routine_way=routine if routine in ROUTINE_WAYS else None,
        alert_way=alert if alert in ALERT_WAYS else None,
    )
    flash("Saved. The next message goes that way.")
    return redirect(url_for("account.account"), 303)
