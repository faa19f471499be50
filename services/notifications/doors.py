"""Notifications' HTTP door: what carriers of text messages tell us, each known by its secret.

A carrier tells again until it is answered with 2xx; what cannot be passed on now is answered with 503.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from flask import Flask, Response, jsonify, request

from services.chassis.errors import Invalid, NotFound
from services.chassis.house import House
from services.chassis.problems import answer_with_problems
from services.chassis.signed import is_signed
from services.notifications.replies import Event, hear

_LARGEST = 64 * 1024  # bytes of a request
_LONGEST = 5_000  # characters; a text is at most some hundred


def make_app(house: House, calls: Any = None) -> Flask:
    """The door as a Flask application. A stranger does not learn that it is there."""
    app = Flask("heard.notifications", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST
    answer_with_problems(app, house)

    @app.post("/hooks/texts")
    def from_the_gateway() -> Response:
        if not is_signed(house.settings.text_secret, dict(request.headers), request.get_data()):
            raise NotFound
        said = _object()
        sort = said.get("event")
        if sort not in ("delivered", "failed", "reply"):
            raise Invalid({"event": ["This is delivered, failed or reply."]})
        told = [_text(said, name) for name in ("id", "reply_id", "from", "text")]
        return _heard(house, Event(sort, *told))

    @app.post("/hooks/notify")
    def from_notify() -> Response:
        wanted, shown = house.settings.notify_token, request.headers.get("Authorization", "")
        if not wanted or not hmac.compare_digest(shown.encode("utf-8", "replace"), f"Bearer {wanted}".encode()):
            raise NotFound
        said = _object()
        if "source_number" in said:
            number = _text(said, "source_number")
            number = f"+{number}" if number[:1].isdigit() and not number.startswith("0") else number
            return _heard(house, Event("reply", "", _text(said, "id"), number, _text(said, "message")))
        arrived = said.get("status") == "delivered"
        return _heard(house, Event("delivered" if arrived else "failed", _text(said, "reference"), "", "", ""))

    return app


def _object() -> dict[str, Any]:
    try:
        said = json.loads(request.get_data())
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Invalid({"_schema": ["Please send a JSON object."]})
    return said


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    plain = found.replace("\x00", "") if isinstance(found, str) else ""
    return plain.encode("utf-8", "replace").decode().strip()[:_LONGEST]


def _heard(house: House, event: Event) -> Response:
    return jsonify({"heard": hear(house, event)})
