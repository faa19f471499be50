"""What stands round every request: security headers, limits on what is taken in, and faults told kindly.

An address under /api/ is answered in problem JSON, every other one with a page. What is unknown and what is not for
this person to know get the very same answer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from services.chassis.database import is_outage
from services.chassis.errors import Failed, HeardError, Invalid, NotFound, NotSignedIn, TooMany, Unavailable, status_of

if TYPE_CHECKING:
    from services.chassis.house import House

MOST_BYTES = 256 * 1024
"""The largest body taken in: a report of 20,000 characters in any script, with room round it."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def in_api() -> bool:
    """Whether this request speaks JSON rather than pages."""
    return request.path.startswith("/api/")


def problem(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """A problem answer (RFC 9457) with what else we know: fields, clause, instead."""
    answer = Response(json.dumps({"status": status, **body}), status, mimetype="application/problem+json")
    answer.headers.update(headers or {})
    return answer


def heard_fault(error: HeardError) -> Response | tuple[str, int]:
    """A fault that somebody can act on, as JSON or as a page."""
    status = status_of(error)
    after = {"Retry-After": str(error.after)} if isinstance(error, TooMany) else {}
    if in_api():
        if isinstance(error, NotSignedIn):
            after["WWW-Authenticate"] = "Bearer"
        told = error.as_json()
        return problem(status, told | {"fields": _flat(told["fields"])} if "fields" in told else told, after)
    if isinstance(error, NotSignedIn):
        back = request.full_path.rstrip("?") if request.method == "GET" else url_for("staff.today")
        answer = redirect(url_for("account.sign_in", then=back), 303)
        assert isinstance(answer, Response)  # noqa: S101 (flask says werkzeug's class here)
        return answer
    page = Response(render_template("fault.html", error=error, status=status), status)
    page.headers.update(after)
    return page


def http_fault(error: HTTPException) -> Response | tuple[str, int]:
    """A fault of HTTP itself; a 405 keeps its Allow header."""
    status = error.code or 500
    if status < 400:
        answer = error.get_response()
        assert isinstance(answer, Response)  # noqa: S101
        return answer
    if status == 404:
        return heard_fault(NotFound())
    kept = {name: value for name, value in error.get_headers() if name.lower() in ("allow", "retry-after")}
    fields = getattr(error, "data", {}).get("messages") if status == 422 else None
    if in_api():
        said = {"title": error.name, "detail": str(error.description or error.name)}
        if fields:
            said |= {"title": "Some of this needs another look", "detail": "Some fields are missing or not understood."}
            return problem(status, {**said, "fields": _flat(fields)}, kept)
        return problem(status, said, kept)
    form_lost = isinstance(error, CSRFError)
    page = Response(render_template("fault.html", error=error, status=status, form_lost=form_lost), status)
    page.headers.update(kept)
    return page


def _flat(messages: Any, path: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages as {"about.0.name": [sentences]}; where in the request it stood is left out."""
    if isinstance(messages, list):
        return {path: [str(one) for one in messages]}
    if not isinstance(messages, dict):
        return {path: [str(messages)]}
    found: dict[str, list[str]] = {}
    for key, inner in messages.items():
        top = path == "" and key in ("json", "query", "headers", "path", "_schema") and isinstance(inner, dict)
        found |= _flat(inner, "" if top else f"{path}.{key}".strip("."))
    return found


def stand_guard(app: Flask, house: House) -> None:
    """Put headers, limits and fault pages round an app."""
    secure = house.settings.public_url.startswith("https://")

    @app.after_request
    def headers(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("X-Frame-Options", "DENY")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if secure:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        # A file says "no-cache" by itself, and would be kept: a letter or a form on a shared computer.
        answer.headers["Cache-Control"] = "public, max-age=86400" if request.endpoint == "static" else "no-store"
        return answer

    def ours(error: Exception) -> Response | tuple[str, int]:
        if is_outage(error):
            house.log.warning("database_away", error=type(error).__name__)
            return heard_fault(Unavailable())
        if isinstance(error, RecursionError):  # brackets within brackets, thousands deep
            return heard_fault(Invalid({"_schema": ["This is nested too deeply."]}))
        house.log.error("request_failed", endpoint=request.endpoint, exc_info=error)
        return heard_fault(Failed())

    app.register_error_handler(HeardError, heard_fault)
    app.register_error_handler(HTTPException, http_fault)
    app.register_error_handler(Exception, ours)
