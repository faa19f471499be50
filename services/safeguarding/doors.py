"""Safeguarding's HTTP door, for when the broker is away: a report handed over by intake, an alert answered by its link.

What comes in is the same fact that the broker would have brought, and is opened once whichever way it came first.
"""

from __future__ import annotations

import hmac
from typing import Any

from flask import Flask, Response, jsonify, request

from heard.events import MalformedFact, check_fact, read_fact
from services.chassis.errors import Invalid, NotFound
from services.chassis.house import House
from services.chassis.problems import answer_with_problems
from services.chassis.settings import TOKEN_HEADER
from services.safeguarding.handling import acknowledge, answer_of, person_of_link
from services.safeguarding.hearing import open_reports
from services.safeguarding.records import unanswered

_LARGEST = 2 * 1024 * 1024  # bytes: a sealed report is larger than its words


def make_app(house: House, calls: Any = None) -> Flask:
    """The door as a Flask application."""
    app = Flask("heard.safeguarding", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST
    answer_with_problems(app, house)
    house.metrics.gauge("heard_alerts_unanswered", "Alerts that nobody has answered", _unanswered(house))

    @app.post("/reports")
    def take_a_report() -> tuple[Response, int]:
        shown = request.headers.get(TOKEN_HEADER, "").encode()
        if not hmac.compare_digest(shown, house.settings.internal_token.encode()):
            raise NotFound  # a stranger does not learn that there is a door
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise Invalid({"_schema": ["Please send a JSON object."]})
        try:
            check_fact("complaint_received", body)
            fact = read_fact("complaint_received", body)
        except MalformedFact as fault:
            raise Invalid(fault.faults if isinstance(fault.faults, dict) else {"_schema": [str(fault)]}) from None
        with house.working() as work:
            new = open_reports(work, [fact])
        house.log.info("knocked_at", report=fact["report_id"], new=bool(new))
        return jsonify({"report_id": fact["report_id"], "new": bool(new)}), 201 if new else 200

    @app.get("/alerts/<alert_id>/acknowledge")
    def look(alert_id: str) -> Response:
        _, alert = person_of_link(house, alert_id, request.args.get("token", ""))
        return _private(_nameless(alert))

    @app.post("/alerts/<alert_id>/acknowledge")
    def answer(alert_id: str) -> Response:
        body = request.get_json(silent=True)
        token = body.get("token") if isinstance(body, dict) else request.form.get("token")
        person, _ = person_of_link(house, alert_id, str(token or ""))
        return _private(_nameless(acknowledge(house, person, alert_id, "link")))

    return app


def _unanswered(house: House) -> Any:
    def count() -> float:
        with house.db.reading() as conn:
            return float(unanswered(conn))

    return count


def _nameless(alert: Any) -> dict[str, Any]:
    """What a link may show on a screen that anybody may look at: there is something, and whether it is answered."""
    told = answer_of(alert) if "id" in alert else dict(alert)
    return {name: told[name] for name in ("alert_id", "priority", "raised_at", "answered_at")} | {
        "answered": told["answered_at"] is not None
    }


def _private(body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
