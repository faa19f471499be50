"""Intake's HTTP door, open to everybody: hand in a report, open a receipt, add words. It needs intake's database alone.

Refuses nothing because something else is broken. Who asks is throttled generously: a whole home may share one address.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response, jsonify, request
from marshmallow import Schema, ValidationError

from services.chassis.asking import asker, is_ours
from services.chassis.errors import Invalid, NotFound
from services.chassis.house import House
from services.chassis.patience import Patience, is_near
from services.chassis.problems import answer_with_problems
from services.intake import fresh_codes
from services.intake.following import SIGNING, add_words, open_receipt, signed_receipt
from services.intake.inner_doors import open_inner_doors
from services.intake.receipts import tidy_reference
from services.intake.receiving import receive
from services.intake.schemas import LostForm, ReceiptForm, ReportForm, WordsForm
from services.intake.signed_receipts import public_key

BY_OURS = ("taken_by", "read_back", "consent", "files")
"""What only our own services say of a report: whoever writes it down for somebody, and what was added to the form."""
_LARGEST = 256 * 1024  # bytes of a request


def make_app(house: House, calls: Any = None) -> Flask:
    """The door as a Flask application."""
    app = Flask("heard.intake", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST
    answer_with_problems(app, house)
    reports_from, wrong_codes, wrong_from = Patience(40, 15.0), Patience(10, 60.0), Patience(30, 20.0)
    lost_from = Patience(10, 300.0)
    report_form, receipt_form, words_form, lost_form = ReportForm(), ReceiptForm(), WordsForm(), LostForm()

    def opened(reference: str, code: str) -> dict[str, Any]:
        who = asker(house.settings)
        spelt = tidy_reference(reference)  # however it is written, it is one reference's tries
        for patience, key in ((wrong_codes, (who, spelt)), (wrong_from, (who,))):
            patience.check(*key)
        try:
            return open_receipt(house, reference, code)
        except NotFound:
            wrong_codes.take(who, spelt)
            wrong_from.take(who)
            raise

    @app.post("/reports")
    def hand_in() -> tuple[Response, int]:
        form = _read(report_form, request)
        if not is_ours(house.settings) and any(form[name] for name in BY_OURS):
            raise Invalid({name: ["Only staff who are signed in can say this."] for name in BY_OURS if form[name]})
        who = asker(house.settings)
        if not form["taken_by"] and not is_near(who):
            reports_from.take(who, form["home"])
        retry_key = request.headers.get("Idempotency-Key", "").strip()
        if len(retry_key) > 200:
            raise Invalid({"Idempotency-Key": ["Please use at most 200 characters."]})
        answer, new = receive(house, form, retry_key or None)
        house.log.info("received", report=answer["report_id"], new=new)
        return jsonify(answer), 201

    @app.post("/receipts")
    def open_by_receipt() -> Response:
        form = _read(receipt_form, request)
        return jsonify(opened(form["reference"], form["code"]))

    @app.post("/receipts/signed")
    def sign_receipt() -> Response:
        form = _read(receipt_form, request)
        return jsonify({"text": signed_receipt(house, opened(form["reference"], form["code"]))})

    @app.get("/receipts/key")
    def receipt_key() -> Response:
        return jsonify({"pem": public_key(house.vault.derive(SIGNING))})

    @app.post("/receipts/lost")
    def lose_receipt() -> tuple[Response, int]:
        form = _read(lost_form, request)
        lost_from.take(asker(house.settings))
        fresh_codes.ask(house, form["reference"])
        return jsonify({}), 202

    @app.post("/reports/<reference>/words")
    def say_more(reference: str) -> tuple[Response, int]:
        form = _read(words_form, request)
        receipt = opened(reference, form["code"])
        retry_key = request.headers.get("Idempotency-Key", "").strip()[:200]
        files = form["files"] if is_ours(house.settings) else ()
        answer = add_words(house, receipt, form["words"], form["sort"], retry_key or None, form["not_words"], files)
        house.log.info("words_received", report=receipt["report_id"], words=answer["words_id"])
        return jsonify(answer), 201

    open_inner_doors(app, house)
    return app


def _read(form: Schema, request: Request) -> dict[str, Any]:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        body = None
    if not isinstance(body, dict):
        raise Invalid({"_schema": ["Please send a JSON object."]})
    try:
        loaded: dict[str, Any] = form.load(body)
    except ValidationError as fault:
        raise Invalid(fault.messages if isinstance(fault.messages, dict) else {"_schema": fault.messages}) from None
    return loaded
