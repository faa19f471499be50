"""Passkeys at the pages: signing in with one, and adding and removing one's own.

A browser speaks to its device by a script (`static/passkeys.js`); without it these buttons are not there, and the
password and the app do as well.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Refused, TooMany
from services.portal.account_pages import account_page, sign_in_page
from services.portal.coming_in import come_in, own_page, wait, whence
from services.portal.doorkeeper import AskAgain, proven, reach

pages = Blueprint("passkey", __name__)
_LONGEST = 20_000
"""Characters of what a device says: many times what one needs."""


@pages.post("/sign-in/passkey/ask")
def to_show() -> Answer | tuple[Answer, int]:
    """For the script: what to ask the device."""
    try:
        return jsonify(reach().calls.directory.passkey_to_show(place=whence()["place"]))
    except TooMany as fault:
        return jsonify({"why": wait(fault)}), 429


@pages.post("/sign-in/passkey")
def show() -> Answer | tuple[str, int]:
    """Come in with what the device said."""
    then = own_page(request.form.get("then"))
    try:
        person = reach().calls.directory.show_passkey(**_said(), **whence())
    except Refused as no:
        faults = {"email": " ".join(filter(None, (no.sentence, no.instead)))}
        return sign_in_page(faults, then), 422
    return come_in(person, then)


@pages.post("/account/passkey/ask")
def to_add() -> Answer | tuple[Answer, int]:
    """For the script: what to ask the device."""
    try:
        person = proven()
        asked = reach().calls.directory.passkey_to_add(person_id=person["id"])
    except AskAgain:
        why = "You have been here a while. Load this page again, and show once more that it is you."
        return jsonify({"why": why}), 422
    except Refused as no:
        return jsonify({"why": " ".join(filter(None, (no.sentence, no.instead)))}), 422
    return jsonify(asked)


@pages.post("/account/passkey")
def add() -> Answer | tuple[str, int]:
    """Keep what the device made."""
    person, name = proven(), request.form.get("name", "").strip()[:80]
    try:
        reach().calls.directory.add_passkey(person_id=person["id"], name=name, **_said())
    except Refused as no:
        return account_page({"passkey": no.sentence}), 422
    flash("From now on you can sign in with this passkey.")
    return redirect(url_for("account.account"), 303)


@pages.post("/account/passkey/remove")
def remove() -> Answer:
    """Forget one."""
    person = proven()
    reach().calls.directory.remove_passkey(person_id=person["id"], passkey_id=request.form.get("which", "")[:32])
    flash("That passkey opens nothing here any more.")
    return redirect(url_for("account.account"), 303)


def _said() -> dict[str, Any]:
    return {"ask": request.form.get("ask", "")[:32], "credential": request.form.get("credential", "")[:_LONGEST]}
