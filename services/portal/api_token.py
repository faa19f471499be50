"""The token in front of every staff endpoint: nobody gets past without one, and each asks in its person's name.

Each operation says with `needs` which scope its token must have; the same word stands in the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import request
from flask.views import MethodView
from flask_smorest import Blueprint

from services.chassis.errors import NotAllowed
from services.portal.doorkeeper import bearer

F = TypeVar("F", bound=Callable[..., Any])

SCOPES = {
    "cases:read": "Read cases, messages and what we keep doing",
    "cases:act": "Act on cases, and write down what somebody said",
    "reports": "Draw up reports",
    "directory": "Look after what was parked",
    "safeguarding": "Read and act on alerts and safeguarding records",
}
"""What a token can open; the directory keeps which of them each has."""


def needs(scope: str) -> Callable[[F], F]:
    """Mark an operation as one that asks for a token with this scope."""
    if scope not in SCOPES:
        raise LookupError(scope)

    def mark(operation: F) -> F:
        described = Blueprint.doc(security=[{"token": [scope]}])(operation)
        described.scope = scope
        return cast(F, described)

    return mark


def my_id() -> str:
    """The person whose token came."""
    return str(bearer()["id"])


class StaffView(MethodView):
    """An endpoint for staff."""

    def dispatch_request(self, **kwargs: Any) -> Any:
        """Look at the token before anything else, the form of the request included."""
        scopes = bearer()["scopes"]
        asked = getattr(self, (request.method if request.method != "HEAD" else "GET").lower(), None)
        if asked is not None and asked.scope not in scopes:
            raise NotAllowed(f"This token does not reach this: it needs the scope {asked.scope}.")
        return super().dispatch_request(**kwargs)
