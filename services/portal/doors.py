"""The portal's front door: the Flask app with its pages, its REST API and what stands round every request."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from services.portal import (
    account_pages,
    again_pages,
    along,
    api_description,
    attachment_pages,
    contact_pages,
    copy_pages,
    directory_pages,
    elsewhere_pages,
    finding_pages,
    follow_pages,
    form_pages,
    group_pages,
    home_pages,
    link_pages,
    making_pages,
    passkey_pages,
    procedure_pages,
    public_pages,
    reached,
    safeguarding_pages,
    second_pages,
    staff_pages,
    standing_pages,
    token_pages,
    triage_pages,
    writing_down_pages,
)  # fmt: skip
from services.portal.guard import MOST_BYTES, stand_guard
from services.portal.languages import speak
from services.portal.reach import Reach
from services.portal.template_words import teach

if TYPE_CHECKING:
    from services.chassis.house import House


def make_app(house: House, calls: Any) -> Flask:
    """The app of one installation. ``calls`` are the answers of the other services (`chassis.calls`)."""
    app = Flask("services.portal", template_folder="templates", static_folder="static")
    app.secret_key = hmac.new(house.settings.internal_token.encode(), b"portal cookies", hashlib.sha256).digest()
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="heard_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=house.settings.public_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,  # a young person may take all afternoon over a form
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("services.portal", "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja", "templates")}),
        ]
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["heard_reach"] = Reach(house, calls)
    app.request_class = along.Asked
    app.before_request(lambda: along.make_room(request))  # before anything reads the form
    csrf = CSRFProtect(app)
    speak(app)
    teach(app, house)
    stand_guard(app, house)
    for module in (
        public_pages, home_pages, follow_pages, account_pages, again_pages, token_pages, link_pages, second_pages,
        passkey_pages, elsewhere_pages, staff_pages, copy_pages, writing_down_pages, safeguarding_pages, form_pages,
        attachment_pages, standing_pages, triage_pages, group_pages, procedure_pages, directory_pages,
        finding_pages, making_pages, reached, contact_pages,
    ):  # fmt: skip
        app.register_blueprint(module.pages)
    for blueprint in api_description.describe(app):
        csrf.exempt(blueprint)
    return app
