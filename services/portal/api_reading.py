"""How the API reads what is sent to it: a body that is no JSON of ours is the sender's fault and never one of ours.

Python refuses to read a whole number of thousands of digits, with an error that is none of JSON's own.
"""

from __future__ import annotations

from typing import Any

import flask_smorest
from flask import Request
from marshmallow import Schema
from webargs.flaskparser import FlaskParser

from services.chassis.errors import Invalid


class _Reader(FlaskParser):
    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body as JSON. Raises `Invalid` for numbers that are no numbers of anything."""
        try:
            return super().load_json(req, schema)
        except ValueError as fault:
            raise Invalid({"_schema": ["There is a number in this that is far too long."]}) from fault


class Blueprint(flask_smorest.Blueprint):
    """A part of the API."""

    ARGUMENTS_PARSER = _Reader()

    def problem(self, status: int, description: str) -> Any:
        """Says that an operation may answer with this status and a problem (RFC 9457)."""
        return self.alt_response(
            status, schema="Problem", description=description, content_type="application/problem+json"
        )
