"""Errors as answers: what every Flask application of the platform says when something is wrong.

One exception of ``errors``, one status, one JSON body (``application/problem+json``); anything else is a 500 that
repeats nothing, or a 503 when the database is away.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from services.chassis.database import is_outage
from services.chassis.errors import Failed, HeardError, TooMany, Unavailable, status_of

if TYPE_CHECKING:
    from services.chassis.house import House


def problem(error: HeardError) -> Response:
    """The answer to an error."""
    answer = Response(json.dumps(error.as_json()), status_of(error), content_type="application/problem+json")
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.after)
    elif isinstance(error, Unavailable):
        answer.headers["Retry-After"] = "5"
    return answer


def answer_with_problems(app: Flask, house: House) -> None:
    """Have ``app`` answer every error as a problem."""

    @app.errorhandler(HeardError)
    def known(error: HeardError) -> Response:
        return problem(error)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Any:
        answer = error.get_response()
        answer.content_type = "application/problem+json"  # type: ignore[union-attr,unused-ignore]
        answer.set_data(json.dumps({"title": error.name, "detail": error.description}))  # type: ignore[attr-defined,unused-ignore]
        return answer

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        if is_outage(error):
            house.log.warning("database_away", error=type(error).__name__)
            return problem(Unavailable())
        house.log.error("request_failed", exc_info=error)
        return problem(Failed())
