"""The page of one's own tokens: for a program that asks the API in one's name. Made, shown once, revoked.

The directory keeps them; what each of them opens stands in `api_token.py`.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Invalid
from services.portal.api_token import SCOPES
from services.portal.doorkeeper import is_proven, me, proven, reach

pages = Blueprint("tokens", __name__, url_prefix="/account/tokens")
DAYS = (30, 90, 365)


@pages.get("")
def mine() -> str:
    """The tokens that are good now, and the form for another."""
    return _show({}, None)


@pages.post("")
def make() -> Answer | str | tuple[str, int]:
    """Make one, and show it this once."""
    person, days = proven(), request.form.get("days", 0, int)
    scopes = [one for one in request.form.getlist("scopes") if one in SCOPES]
    try:
        made = reach().calls.directory.make_token(
            person=person["id"], says=request.form.get("says", "")[:200], days=days if days in DAYS else 0,
            scopes=scopes,
        )  # fmt: skip
    except Invalid as wrong:
        return _show({name: " ".join(said) for name, said in wrong.fields.items()}, None), 422
    return _show({}, made["token"])


@pages.post("/<token_id>/revoke")
def revoke(token_id: str) -> Answer:
    """Revoke one of them: the next request with it is refused."""
    reach().calls.directory.revoke_token(person=me()["id"], token_id=token_id)
    flash("The token is revoked. Nothing can be asked with it any more.")
    return redirect(url_for("tokens.mine"), 303)


def _show(faults: dict[str, str], token: str | None) -> str:
    directory, mine = reach().calls.directory, me()["id"]
    return render_template(
        "account/tokens.html", tokens=directory.tokens(person=mine), faults=faults, token=token,
        scopes=SCOPES.items(), days=DAYS, proven=is_proven(),
    )  # fmt: skip
