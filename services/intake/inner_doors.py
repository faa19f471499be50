"""Intake's doors for the other services alone: words that reached us by text, and what came along with a mail.

Who may look at what came along is for the portal to ask of safeguarding, whose wall it is.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request
from marshmallow import Schema, fields, validate

from services.chassis.asking import is_ours
from services.chassis.errors import Invalid, NotFound
from services.chassis.house import House
from services.intake import reports
from services.intake.came_along import listed, opened
from services.intake.following import add_words
from services.intake.schemas import LONGEST


class ByTextForm(Schema):
    """Words for a report, from whoever is known by their number."""

    report_id = fields.String(required=True, validate=validate.Length(equal=32))
    words = fields.String(required=True, validate=validate.Length(1, LONGEST))
    sort = fields.String(required=True, validate=validate.OneOf(["message", "note"]))


def open_inner_doors(app: Flask, house: House) -> None:
    """Add them to intake's own. A stranger does not learn that they are there."""
    form = ByTextForm()

    @app.post("/by-text")
    def words_by_text() -> tuple[Response, int]:
        _only_ours(house)
        body = request.get_json(silent=True)
        said: dict[str, Any] = body if isinstance(body, dict) else {}
        if faults := form.validate(said):
            raise Invalid(faults)
        with house.db.reading() as conn:
            place = reports.place_of(conn, said["report_id"])
        if place is None:
            raise NotFound
        answer = add_words(house, place, said["words"], said["sort"], request.headers.get("Idempotency-Key") or None)
        house.log.info("words_received", report=said["report_id"], words=answer["words_id"], by="text")
        return jsonify(answer), 201

    @app.get("/reports/<report_id>/came-along")
    def came_along(report_id: str) -> Response:
        _only_ours(house)
        return jsonify({"attachments": listed(house, report_id)})

    @app.get("/reports/<report_id>/came-along/<attachment_id>")
    def one_that_came_along(report_id: str, attachment_id: str) -> Response:
        _only_ours(house)
        return jsonify(opened(house, report_id, attachment_id))


def _only_ours(house: House) -> None:
    if not is_ours(house.settings):
        raise NotFound
