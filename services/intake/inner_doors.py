"""Intake's doors for the other services alone: words that reached us by text, files that somebody adds to a form, and
what came along with a report.

Who may look at what came along is for the portal to ask of safeguarding, whose wall it is.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, jsonify, request
from marshmallow import Schema, fields, validate

from services.chassis.asking import asker, is_ours
from services.chassis.errors import Invalid, NotFound
from services.chassis.house import House
from services.chassis.patience import Patience, is_near
from services.intake import reports, uploads
from services.intake.attachments import LARGEST
from services.intake.came_along import listed, opened
from services.intake.following import add_words
from services.intake.schemas import LONGEST, MOST_FILES


class ByTextForm(Schema):
    """Words for a report, from whoever is known by their number."""

    report_id = fields.String(required=True, validate=validate.Length(equal=32))
    words = fields.String(required=True, validate=validate.Length(1, LONGEST))
    sort = fields.String(required=True, validate=validate.OneOf(["message", "note"]))


def open_inner_doors(app: Flask, house: House) -> None:
    """Add them to intake's own. A stranger does not learn that they are there."""
    form, files_from = ByTextForm(), Patience(60, 20.0)

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
        to_look_at = request.args.get("as") == "picture"
        return jsonify(opened(house, report_id, attachment_id, to_look_at=to_look_at))

    @app.post("/uploads")
    def upload() -> tuple[Response, int]:
        _only_ours(house)
        who = asker(house.settings)
        if not is_near(who):
            files_from.take(who)
        request.max_content_length = LARGEST + 1
        name = unquote(request.headers.get("X-File-Name", ""))[:200]
        return jsonify(uploads.take(house, name, request.get_data())), 201

    @app.post("/uploads/drop")
    def drop() -> tuple[Response, int]:
        _only_ours(house)
        body = request.get_json(silent=True)
        tokens = body.get("tokens") if isinstance(body, dict) else None
        uploads.drop(house, [str(token) for token in tokens or ()][:MOST_FILES])
        return jsonify({}), 200


def _only_ours(house: House) -> None:
    if not is_ours(house.settings):
        raise NotFound
