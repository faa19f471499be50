"""Pages of one's own sign-in: coming in and going out, where one is signed in, one's password, and how one is reached.

Who may come in, the directory decides; which browser is whose, `sign_ins`.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Invalid, Refused, TooMany
from services.portal import drafts, sign_ins
from services.portal.coming_in import come_in, own_page, wait, whence
from services.portal.directory_form import ALERT_WAYS, ROUTINE_WAYS
from services.portal.doorkeeper import STAFF_COOKIE, draft_of, is_proven, me, reach, take_cookie

pages = Blueprint("account", __name__)


@pages.get("/sign-in")
def sign_in() -> str:
    """Ask who it is."""
    return sign_in_page({}, own_page(request.args.get("then")))


@pages.post("/sign-in")
def signed() -> Answer | tuple[str, int]:
    """Begin a sign-in; the same sentence for an unknown address and a wrong password."""
    email, password = request.form.get("email", "").strip()[:200], request.form.get("password", "")[:200]
    then = own_page(request.form.get("then"))
    asked = {"email": (email, "Enter your email address"), "password": (password, "Enter your password")}
    faults = {name: said for name, (value, said) in asked.items() if not value}
    if not faults:
        try:
            person = reach().calls.directory.sign_in(email=email, password=password, **whence())
        except Refused as fault:
            faults["email"] = fault.sentence
        except TooMany as fault:
            faults["email"] = wait(fault)
    if faults:
        return sign_in_page(faults, then, email), 422
    return come_in(person, then)


@pages.post("/sign-out")
def sign_out() -> Answer:
    """End this browser's sign-in. The slip with somebody's code does not wait here for whoever comes next."""
    token, draft = request.cookies.get(STAFF_COOKIE), draft_of(request)
    if token:
        sign_ins.end(reach().house.db, token)
    if draft and "slip" in draft.said:
        drafts.forget(reach().house.db, draft)
    gone = redirect(url_for("account.sign_in"), 303)
    take_cookie(gone, STAFF_COOKIE)
    return gone


@pages.get("/account")
def account() -> str:
    """Where one is signed in, and one's password."""
    return account_page({})


@pages.post("/account/end")
def end() -> Answer:
    """End one sign-in, or all but this one."""
    person, house, which = me(), reach().house, request.form.get("which", "")
    if which == "others":
        sign_ins.end_all(house.db, person["id"], but=request.cookies.get(STAFF_COOKIE))
        flash("You are signed out everywhere else.")
    else:
        sign_ins.end_one(house.db, person["id"], which)
        flash("You are signed out there.")
    return redirect(url_for("account.account"), 303)


@pages.post("/account/password")
def change_password() -> Answer | tuple[str, int]:
    """Change one's password. It ends every sign-in and every token; this browser begins a new sign-in."""
    person = me()
    now_is, new = request.form.get("password", "")[:200], request.form.get("new", "")[:200]
    asked = {"password": (now_is, "Enter the password you have now"), "new": (new, "Enter a new password")}
    faults = {name: said for name, (value, said) in asked.items() if not value}
    if not faults:
        try:
            changed = reach().calls.directory.change_password(
                person_id=person["id"], password=now_is, new=new, **whence()
            )
        except Refused as fault:
            faults["password"] = fault.sentence
        except Invalid as fault:
            faults["new"] = " ".join(fault.fields["password"])
        except TooMany as fault:
            faults["password"] = wait(fault)
    if faults:
        return account_page(faults), 422
    sign_ins.end_all(reach().house.db, person["id"])
    flash("Your password is changed. You are signed out everywhere else, and your tokens are ended.")
    return come_in(changed, url_for("account.account"))


def sign_in_page(faults: dict[str, str], then: str, email: str = "") -> str:
    """The page where somebody comes in, by each way that there is, with what was wrong."""
    ways = reach().calls.directory.ways_in()
    return render_template("account/sign_in.html", faults=faults, email=email, then=then, ways=ways)


def account_page(faults: dict[str, str]) -> str:
    """The page of one's own sign-in, with what was wrong in one of its forms."""
    person, house = me(), reach().house
    this_one = sign_ins.find(house.db, request.cookies.get(STAFF_COOKIE, ""), house.clock.now())
    return render_template(
        "account/account.html",
        person=person,
        faults=faults,
        this_one=this_one,
        reached=reach().calls.directory.how_i_am_reached(person_id=person["id"]),
        routine_ways=ROUTINE_WAYS,
        alert_ways=ALERT_WAYS,
        proven=is_proven(),
        tokens=len(reach().calls.directory.tokens(person=person["id"])),
        app=reach().calls.directory.my_app(person_id=person["id"]),
        everywhere=sign_ins.of_person(house.db, person["id"], house.clock.now()),
    )
