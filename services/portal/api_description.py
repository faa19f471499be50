"""The REST API as a whole: its OpenAPI document, its own plain page of documentation, its blueprints.

flask-smorest drops the Allow header of a 405, answers faults in a shape of its own and describes them so; all of it is
mended here: every fault of the API is one problem document, and the description says so of every door.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template
from flask_smorest import Api, Blueprint

from services.portal import api_forms, api_public, api_safeguarding, api_staff
from services.portal.api_shapes import ProblemShape
from services.portal.guard import http_fault

_PROBLEM = "application/problem+json"


class _Api(Api):
    ERROR_SCHEMA = ProblemShape

    def _register_responses(self) -> None:
        """Faults are described as what they are sent as."""
        usual = Api.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = _PROBLEM
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual

    def handle_http_exception(self, error: Any) -> Any:
        """One shape for every fault."""
        return http_fault(error)


def describe(app: Flask) -> list[Blueprint]:
    """Register the API and its documentation; answers the blueprints, which carry no cookie's rights."""
    app.config.update(
        API_TITLE="Heard",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_JSON_PATH="openapi.json",
        OPENAPI_URL_PREFIX="/api",
        API_SPEC_OPTIONS={
            "info": {"description": "Report, follow up, and work on complaints. Faults are problem documents."}
        },
    )
    api = _Api(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    blueprints = [api_public.api, api_staff.api, api_safeguarding.api, api_forms.api]
    for blueprint in blueprints:
        api.register_blueprint(blueprint)

    @app.get("/api/docs")
    def page() -> str:
        """The documentation, made from the same document, without any script."""
        return render_template("api/docs.html", spec=api.spec.to_dict())

    return blueprints
