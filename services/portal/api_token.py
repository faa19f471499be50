"""The token in front of every staff endpoint: nobody gets past without one, and each asks in its person's name."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from services.portal.doorkeeper import bearer

NEEDS_TOKEN: dict[str, Any] = {"security": [{"token": []}]}
"""What the OpenAPI document says of such an endpoint."""


def my_id() -> str:
    """The person whose token came."""
    return str(bearer()["id"])


class StaffView(MethodView):
    """An endpoint for staff."""

    def dispatch_request(self, **kwargs: Any) -> Any:
        """Look at the token before anything else, the form of the request included."""
        bearer()
        return super().dispatch_request(**kwargs)
