"""Once more: whoever is signed in shows again that it is they, before how they sign in can be changed.

Asked is all that signing in asks: the password and, of whoever has one, the app's digits; or a passkey; or the account
elsewhere, which begins the sign-in anew. Which pages ask for it: those that call `doorkeeper.proven`.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Refused, TooMany
from services.portal import sign_ins
from services.portal.coming_in import own_page, wait, whence
from services.portal.doorkeeper import STAFF_COOKIE, AskAgain, me, reach

pages = Blueprint("again", __name__, url_prefix="/account/again")


@pages.app_errorhandler(AskAgain)
def first(_: AskAgain) -> Answer:
    """To the page that asks, and from there to where somebody was; what they sent, they send again."""
    then = request.full_path.rstrip("?") if request.method == "GET" else url_for("account.account")
    return redirect(url_for("again.ask", then=then), 303)


@pages.get("")
def ask() -> str:
    """Ask."""
    return _page({}, own_page(request.args.get("then")))


@pages.post("")
def show() -> Answer | tuple[str, int]:
    """The password, and the digits of whoever has an app."""
    person, then = me(), own_page(request.form.get("then"))
    password, code = request.form.get("password", "")[:200], request.form.get("code", "").strip()[:40]
    if not password:
        return _page({"password": "Enter your password"}, then), 422
    try:
        reach().calls.directory.shown_again(person_id=person["id"], password=password, code=code, **whence())
    except (Refused, TooMany) as no:
        return _page({"password": _why_not(no)}, then), 422
    return _go_on(then)


@pages.post("/passkey")
def show_passkey() -> Answer | tuple[str, int]:
    """One's own passkey; another person's does not do."""
    person, then = me(), own_page(request.form.get("then"))
    said = {"ask": request.form.get("ask", "")[:32], "credential": request.form.get("credential", "")[:20_000]}
    try:
        whose = reach().calls.directory.show_passkey(**said, **whence())
    except (Refused, TooMany) as no:
        return _page({"password": _why_not(no)}, then), 422
    if whose["id"] != person["id"]:
        return _page({"password": "That is not a passkey of yours."}, then), 422
    return _go_on(then)


def _go_on(then: str) -> Answer:
    house = reach().house
    sign_ins.prove(house.db, request.cookies.get(STAFF_COOKIE, ""), house.clock.now())
    return redirect(then, 303)


def _page(faults: dict[str, str], then: str) -> str:
    directory, person = reach().calls.directory, me()
    app = directory.my_app(person_id=person["id"])
    return render_template("account/again.html", faults=faults, then=then, ways=directory.ways_in(), app=app)


def _why_not(no: Refused | TooMany) -> str:
    return wait(no) if isinstance(no, TooMany) else " ".join(filter(None, (no.sentence, no.instead)))
