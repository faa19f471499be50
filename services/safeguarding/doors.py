"""Safeguarding's HTTP door, for when the broker is away: a report handed over by intake, an alert answered by its link,
or by a text that notifications was told of.

What comes in is the same fact that the broker would have brought, and is opened once whichever way it came first.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

from heard.events import MalformedFact, check_fact, read_fact
from services.chassis.asking import asker, is_ours
from services.chassis.errors import Invalid, NotFound
from services.chassis.house import House
from services.chassis.patience import Patience
from services.chassis.problems import answer_with_problems
from services.safeguarding.answering import answer, answer_by_text, answer_of, person_of_link
from services.safeguarding.hearing import open_reports
from services.safeguarding.records import unanswered, waits_to_be_called
from services.safeguarding.weighing import measure

_LARGEST = 2 * 1024 * 1024  # bytes: a sealed report is larger than its words


def make_app(house: House, calls: Any = None) -> Flask:
    """The door as a Flask application."""
    app = Flask("heard.safeguarding", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST
    answer_with_problems(app, house)
    wrong_links = Patience(20, 30.0)
    house.metrics.gauge("heard_alerts_unanswered", "Alerts that nobody has answered", _unanswered(house))
    measure(house)

    @app.post("/reports")
    def take_a_report() -> tuple[Response, int]:
        if not is_ours(house.settings):
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
            waits = waits_to_be_called(work.conn, fact["report_id"])
        house.log.info("knocked_at", report=fact["report_id"], new=bool(new), waits=waits)
        return jsonify({"report_id": fact["report_id"], "new": bool(new), "waits": waits}), 201 if new else 200

    @app.post("/replies")
    def answer_by_a_text() -> Response:
        if not is_ours(house.settings):
            raise NotFound
        body = request.get_json(silent=True)
        said = body if isinstance(body, dict) else {}
        people, text = said.get("people"), said.get("text")
        if not isinstance(people, list) or not isinstance(text, str):
            raise Invalid({"_schema": ["Please send {people, text}."]})
        return jsonify({"answer": answer_by_text(house, [str(one) for one in people], text)})

    @app.get("/alerts/<alert_id>/acknowledge")
    def look(alert_id: str) -> Response:
        _, alert = of_link(alert_id, request.args.get("token", ""))
        return _private(_nameless(alert, alert["home_name"]))

    @app.post("/alerts/<alert_id>/acknowledge")
    def answer_by_link(alert_id: str) -> Response:
        body = request.get_json(silent=True)
        said = body if isinstance(body, dict) else request.form
        person, alert = of_link(alert_id, str(said.get("token") or ""))
        answered = answer(house, person, alert_id, "link", can=said.get("answer") != "cannot")
        return _private(_nameless(answered, alert["home_name"]))

    def of_link(alert_id: str, token: str) -> tuple[str, Any]:
        who = asker(house.settings)
        wrong_links.check(who)
        try:
            return person_of_link(house, alert_id, token)
        except NotFound:
            wrong_links.take(who)
            raise

    return app


def _unanswered(house: House) -> Any:
    def count() -> float:
        with house.db.reading() as conn:
            return float(unanswered(conn))

    return count


def _nameless(alert: Any, home: str) -> dict[str, Any]:
    """What a link may show on a screen that anybody may look at: at which home, since when, and whether answered."""
    told = answer_of(alert) if "id" in alert else dict(alert)
    return {name: told[name] for name in ("alert_id", "priority", "raised_at", "answered_at")} | {
        "answered": told["answered_at"] is not None, "home_name": home,
    }  # fmt: skip


def _private(body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
