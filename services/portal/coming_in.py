"""A browser is let in: what the directory is told of it, and the cookies that it gets."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from services.chassis.errors import TooMany
from services.portal import devices, sign_ins
from services.portal.doorkeeper import DEVICE_COOKIE, STAFF_COOKIE, hand_cookie, reach

DEVICE_KNOWN_FOR = 180 * 86_400
"""Seconds for which a browser keeps the token by which an account knows it."""


def come_in(person: dict[str, Any], then: str) -> Response:
    """Sign this browser in, with a token and a form token that it did not have before, and go on to a page.

    While something else is asked of the person, that page comes first, and the sign-in opens no other.
    """
    house, waits_for = reach().house, person["then"] or None
    asks = {"code": "second.code", "set_up": "second.set_up"}
    answer = redirect(url_for(asks[waits_for], then=then) if waits_for else then, 303)
    session.pop("csrf_token", None)
    said, before = devices.in_words(request.user_agent.string), request.cookies.get(STAFF_COOKIE)
    shown = person.get("shown", True)
    token = sign_ins.begin(house.db, person["id"], house.clock.now(), said, before, waits_for, shown=shown)
    hand_cookie(answer, STAFF_COOKIE, token)
    if "device" in person:
        hand_cookie(answer, DEVICE_COOKIE, person["device"], DEVICE_KNOWN_FOR)
    return answer


def own_page(then: str | None) -> str:
    """Where to go after signing in: a page of ours, never another site."""
    parts = urlsplit(then or "")
    own = (
        parts.path.startswith("/")
        and not parts.scheme
        and not parts.netloc
        and not (then or "").startswith(("//", "/\\"))
        and (then or "").isprintable()
    )
    return then if then and own else url_for("staff.today")


def whence() -> dict[str, str]:
    """From where somebody tries to come in: their network address, and the browser if it was here before."""
    return {"place": request.remote_addr or "", "device": request.cookies.get(DEVICE_COOKIE, "")[:100]}


def wait(fault: TooMany) -> str:
    """For how long to wait, in words."""
    minutes = -(-fault.after // 60)
    length = f"{fault.after} seconds" if fault.after < 60 else f"{minutes} minute{'s' if minutes > 1 else ''}"
    return f"Too many tries. Wait {length} and try again"
