"""A browser is let in: what the directory is told of it, and the cookies that it gets."""

from __future__ import annotations

from typing import Any

from flask import request, session
from werkzeug.wrappers import Response

from services.chassis.errors import TooMany
from services.portal import devices, sign_ins
from services.portal.doorkeeper import DEVICE_COOKIE, STAFF_COOKIE, hand_cookie, reach

DEVICE_KNOWN_FOR = 180 * 86_400
"""Seconds for which a browser keeps the token by which an account knows it."""


def come_in(person: dict[str, Any], answer: Response) -> Response:
    """Sign this browser in, with a token and a form token that it did not have before."""
    house = reach().house
    session.pop("csrf_token", None)
    said = devices.in_words(request.user_agent.string)
    token = sign_ins.begin(house.db, person["id"], house.clock.now(), said, request.cookies.get(STAFF_COOKIE))
    hand_cookie(answer, STAFF_COOKIE, token)
    hand_cookie(answer, DEVICE_COOKIE, person["device"], DEVICE_KNOWN_FOR)
    return answer


def whence() -> dict[str, str]:
    """From where somebody tries to come in: their network address, and the browser if it was here before."""
    return {"place": request.remote_addr or "", "device": request.cookies.get(DEVICE_COOKIE, "")[:100]}


def wait(fault: TooMany) -> str:
    """For how long to wait, in words."""
    minutes = -(-fault.after // 60)
    length = f"{fault.after} seconds" if fault.after < 60 else f"{minutes} minute{'s' if minutes > 1 else ''}"
    return f"Too many tries. Wait {length} and try again"
