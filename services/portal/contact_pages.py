"""Contacts to verify: every body outside that the homes may need, when somebody last rang it, and a button to say so.

For whoever keeps the directory and for safeguarding leads. The directory decides, each time anew, and for everybody
else there is no such page.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.portal.doorkeeper import keeps_the_directory, me, reach

pages = Blueprint("contacts", __name__, url_prefix="/contacts")


@pages.get("")
def to_verify() -> str:
    """All of them, those due first."""
    person = me()
    found = reach().calls.directory.contacts_to_verify(person_id=person["id"])
    return render_template("directory/contacts.html", keeps=keeps_the_directory(person), **found)


@pages.post("")
def rang() -> Answer:
    """Somebody rang one of them today: kept with their name and the day."""
    reach().calls.directory.rang(person_id=me()["id"], which=request.form.get("which", "")[:120])
    flash("Written down, with your name and today’s date.")
    return redirect(url_for("contacts.to_verify"), 303)
