"""The part of the REST API that needs no sign-in: hand in a report, follow it up with its code, add to it."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, request, url_for
from flask.views import MethodView

from services.portal.api_reading import Blueprint
from services.portal.api_shapes import (
    CodeHeader,
    FollowShape,
    ReceiptShape,
    ReportShape,
    SignedReceiptShape,
    WordsShape,
)
from services.portal.doorkeeper import reach
from services.portal.plain_words import as_moment, by_when

api = Blueprint(
    "complaints", "complaints", url_prefix="/api/v1/complaints", description="For anybody, without an account."
)

_SHORTEST_KEY = 16
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Sent twice with the same key, it is the same report. A shorter one than this is passed over: "
    "somebody else may have thought of it too, and would be handed your receipt.",
    "schema": {"type": "string", "minLength": _SHORTEST_KEY, "maxLength": 200},
}


def _once() -> str:
    """By what a report or a message that is sent twice is known as the same: nobody's but the sender's own."""
    key = request.headers.get("Idempotency-Key", "")[:200]
    return key if len(key) >= _SHORTEST_KEY else secrets.token_hex(16)


def _follow(receipt: dict[str, Any], reference: str) -> dict[str, Any]:
    view, now = reach().what_happens_next(receipt), reach().house.clock.now()
    days = reach().calendar()
    told = [
        {**one, "by_words": by_when(one["by"], now, days) if as_moment(one.get("by")) else ""}
        for one in view["promises"]
    ]
    return {"reference": reference, "received_at": receipt["received_at"], **view, "promises": told}


def handed_in(report: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Hand a report to intake, and answer with its receipt."""
    receipt = reach().submit(report, _once())
    here, base = receipt["reference"], reach().house.settings.public_url
    links = {
        "self": base + url_for("complaints.Complaint", reference=here),
        "messages": base + url_for("complaints.Messages", reference=here),
        "page": base + url_for("follow.ask"),
    }
    shown = {name: receipt[name] for name in ("reference", "receipt_code", "received_at")}
    return {**shown, "links": links}, 201, {"Location": links["self"]}


@api.route("")
class Complaints(MethodView):
    """Reports."""

    @api.doc(parameters=[_KEY])
    @api.arguments(ReportShape)
    @api.response(201, ReceiptShape)
    @api.problem(404, "No such home")
    @api.problem(429, "Too many")
    def post(self, _: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Hand in a report. It is stored before the answer, also when other parts of the platform are down."""
        return handed_in(request.get_json())


@api.route("/<reference>")
class Complaint(MethodView):
    """One report, for whoever holds its code."""

    @api.arguments(CodeHeader, location="headers")
    @api.response(200, FollowShape)
    @api.problem(404, "Unknown or wrong code")
    def get(self, headers: dict[str, str], reference: str) -> dict[str, Any]:
        """What happens next and by when, in plain words, and what was promised, kept or late."""
        return _follow(reach().receipt(reference, _code(headers["code"])), reference)


@api.route("/<reference>/receipt")
class SignedReceipt(MethodView):
    """The receipt as a signed text."""

    @api.arguments(CodeHeader, location="headers")
    @api.response(200, SignedReceiptShape)
    @api.problem(404, "Unknown or wrong code")
    def get(self, headers: dict[str, str], reference: str) -> dict[str, str]:
        """Proof that a report was received, without a word of it; `heard receipt verify` checks it anywhere."""
        return {"text": reach().signed_receipt(reference, _code(headers["code"])), "key": reach().receipt_key()}


@api.route("/<reference>/messages")
class Messages(MethodView):
    """Later words."""

    @api.arguments(CodeHeader, location="headers")
    @api.arguments(WordsShape)
    @api.response(202)
    @api.problem(404, "Unknown or wrong code")
    def post(self, headers: dict[str, str], sent: dict[str, Any], reference: str) -> Response | dict[str, Any]:
        """Add something. It is screened like the first report."""
        answer = reach().add_words(
            reference, _code(headers["code"]), sent["words"], _once(), sent.get("sort", "message"),
            sent.get("not_words", ()),
        )  # fmt: skip
        return {name: answer[name] for name in ("words_id", "received_at") if name in answer}


def _code(text: str) -> str:
    return "".join(text.replace("-", "").split())
