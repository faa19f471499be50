"""The second thing that is asked at sign-in: the digits that an app shows; and setting that app up.

Both pages are for whoever just gave a password; setting up is also for whoever is signed in, showed once more that it
is they, and wants to.
"""

from __future__ import annotations

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import NotSignedIn, Refused, TooMany
from services.portal import sign_ins
from services.portal.account_pages import account_page
from services.portal.coming_in import come_in, own_page, wait, whence
from services.portal.doorkeeper import STAFF_COOKIE, half_way, proven, reach

pages = Blueprint("second", __name__)


@pages.get("/sign-in/code")
def code() -> str:
    """Ask for the digits."""
    half_way("code")
    return _code({}, own_page(request.args.get("then")))


@pages.post("/sign-in/code")
def show_code() -> Answer | tuple[str, int]:
    """Come in with them."""
    person_id, then = half_way("code"), own_page(request.form.get("then"))
    try:
        person = reach().calls.directory.show_code(person_id=person_id, code=_digits(), device=whence()["device"])
    except (Refused, TooMany) as no:
        return _code({"code": _why_not(no)}, then), 422
    return come_in(person, then)


@pages.get("/account/app")
def set_up() -> str:
    """Show what the app must know."""
    return _set_up(_who(), {}, own_page(request.args.get("then")))


@pages.post("/account/app")
def confirm() -> Answer | str | tuple[str, int]:
    """The app shows the right digits: it counts from now on. The recovery codes are shown on this page alone."""
    person_id, then = _who(), own_page(request.form.get("then"))
    ask = request.form.get("ask", "")[:40]
    try:
        person = reach().calls.directory.set_up_app(
            person_id=person_id, ask=ask, code=_digits(), device=whence()["device"]
        )
    except (Refused, TooMany) as no:
        return _set_up(person_id, {"code": _why_not(no)}, then, ask), 422
    answer = come_in(person, then)
    answer.status_code = 200
    del answer.headers["Location"]
    answer.set_data(render_template("account/codes.html", codes=person["codes"], then=then))
    return answer


@pages.post("/account/app/off")
def turn_off() -> Answer | tuple[str, int]:
    """The app is asked for no more."""
    person = proven()
    try:
        reach().calls.directory.turn_app_off(person_id=person["id"], code=_digits())
    except (Refused, TooMany) as no:
        return account_page({"code": _why_not(no)}), 422
    flash("Your app is asked for no more.")
    return redirect(url_for("account.account"), 303)


def _who() -> str:
    """Whoever sets an app up: signed in, or with a role that asks for it. Raises `NotSignedIn`, `AskAgain`."""
    try:
        return half_way("set_up")
    except NotSignedIn:
        return str(proven()["id"])


def _set_up(person_id: str, faults: dict[str, str], then: str, ask: str = "") -> str:
    app = reach().calls.directory.app_to_set_up(person_id=person_id, ask=ask)
    drawn = segno.make(app["uri"], error="m", micro=False).svg_inline(scale=5, border=2)
    house = reach().house
    found = sign_ins.find(house.db, request.cookies.get(STAFF_COOKIE, ""), house.clock.now())
    return render_template(
        "account/app.html",
        faults=faults,
        then=then,
        drawn=Markup(drawn),  # noqa: S704 (drawn by us)
        ask=app["ask"],
        secret=app["secret"],
        uri=app["uri"],
        must=found is not None and found.waits_for is not None,
    )


def _code(faults: dict[str, str], then: str) -> str:
    return render_template("account/code.html", faults=faults, then=then)


def _digits() -> str:
    return request.form.get("code", "").strip()[:40]


def _why_not(no: Refused | TooMany) -> str:
    if isinstance(no, TooMany):
        return wait(no)
    return " ".join(filter(None, (no.sentence, no.instead)))
