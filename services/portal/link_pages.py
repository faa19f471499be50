"""Coming in by a link: choosing a password, for the first time or because it was forgotten, or in an emergency."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Invalid, NotFound, Refused, TooMany
from services.portal.coming_in import come_in, wait, whence
from services.portal.doorkeeper import reach

pages = Blueprint("link", __name__)


@pages.get("/forgotten")
def forgotten() -> str:
    """Ask for the address."""
    return render_template("account/forgotten.html", faults={}, email="", asked=False)


@pages.post("/forgotten")
def ask() -> str | tuple[str, int]:
    """The same answer whether anybody signs in with that address or not."""
    email = request.form.get("email", "").strip()[:200]
    faults = {} if "@" in email else {"email": "Enter your email address"}
    if not faults:
        try:
            reach().calls.directory.forgotten(email=email, place=request.remote_addr or "")
        except TooMany as fault:
            faults["email"] = wait(fault)
        except Refused as no:
            faults["email"] = " ".join(filter(None, (no.sentence, no.instead)))
    if faults:
        return render_template("account/forgotten.html", faults=faults, email=email, asked=False), 422
    return render_template("account/forgotten.html", faults={}, email=email, asked=True)


@pages.get("/in/<link_id>/<token>")
def choose(link_id: str, token: str) -> str | tuple[str, int]:
    """Ask for a password. Looking at a link does not use it up: some mail programs look first."""
    try:
        said = reach().calls.directory.link(link_id=link_id, token=token)
    except NotFound:
        return render_template("account/link_over.html"), 404
    return _form(said, {})


@pages.post("/in/<link_id>/<token>")
def chosen(link_id: str, token: str) -> Answer | str | tuple[str, int]:
    """Keep the password, use the link up, and sign in."""
    password = request.form.get("new", "")[:200]
    try:
        said = reach().calls.directory.link(link_id=link_id, token=token)
        if not password and said["why"] != "break_glass":
            return _form(said, {"new": "Enter a password"}), 422
        person = reach().calls.directory.use_link(
            link_id=link_id, token=token, password=password, device=whence()["device"]
        )
    except NotFound:
        return render_template("account/link_over.html"), 404
    except Invalid as fault:
        return _form(said, {"new": " ".join(fault.fields["password"])}), 422
    except Refused as fault:
        return _form(said, {"new": " ".join(filter(None, (fault.sentence, fault.instead)))}), 422
    return come_in(person, url_for("staff.today"))


def _form(said: dict[str, Any], faults: dict[str, str]) -> str:
    return render_template("account/choose.html", said=said, faults=faults)
