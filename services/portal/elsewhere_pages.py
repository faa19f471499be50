"""Signing in with the account that a group has elsewhere: the browser goes there, and comes back with a code.

Which question a browser was sent off with stands in its own signed cookie, so that nobody is brought in by an answer to
a question that somebody else asked. Who it is, the directory finds out (`services/directory/elsewhere.py`).
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Refused, TooMany, Unavailable
from services.portal.account_pages import sign_in_page
from services.portal.coming_in import come_in, own_page, wait, whence
from services.portal.doorkeeper import reach

pages = Blueprint("elsewhere", __name__)
_QUESTION = "elsewhere"


@pages.get("/sign-in/elsewhere")
def go() -> Answer | tuple[str, int]:
    """Send the browser there. A link, not a form: a form of ours may be sent to nobody else."""
    then = own_page(request.args.get("then"))
    try:
        again = request.args.get("again") == "yes"
        asked = reach().calls.directory.elsewhere_to_ask(place=whence()["place"], again=again)
    except (TooMany, Unavailable) as fault:
        return _not_now(fault, then)
    session[_QUESTION] = {"ask": asked["ask"], "then": then}
    return redirect(asked["address"], 303)


@pages.get("/sign-in/elsewhere/back")
def back() -> Answer | tuple[str, int]:
    """Come in with what was brought back. Whatever is wrong with it, the same is said."""
    kept: dict[str, Any] = session.pop(_QUESTION, None) or {"ask": "", "then": url_for("staff.today")}
    ask, code = str(kept["ask"]), request.args.get("code", "")
    then = own_page(kept["then"])
    theirs = secrets.compare_digest(request.args.get("state", "").encode(), ask.encode())
    if not (ask and theirs and code):
        return sign_in_page({"elsewhere": "That sign-in was broken off or took too long. Try once more."}, then), 422
    try:
        person = reach().calls.directory.come_from_elsewhere(ask=ask, code=code[:4000], **whence())
    except Refused as no:
        return sign_in_page({"elsewhere": " ".join(filter(None, (no.sentence, no.instead)))}, then), 422
    except Unavailable as fault:
        return _not_now(fault, then)
    return come_in(person, then)


def _not_now(fault: TooMany | Unavailable, then: str) -> tuple[str, int]:
    if isinstance(fault, TooMany):
        return sign_in_page({"elsewhere": wait(fault)}, then), 429
    why = "The other sign-in cannot be reached just now. Try again in a few minutes."
    return sign_in_page({"elsewhere": why}, then), 503
