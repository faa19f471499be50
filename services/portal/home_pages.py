"""A home's own address: what its poster and its short link lead to, for young people, families and neighbours.

STEP 0 of a complaint's journey, for whoever stands before a notice board with a phone. Saying thank you is as near as
complaining, and what is said to neighbours is read from the procedure, so that it is always true.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from typing import Any

import segno
from flask import Blueprint, Response, render_template, send_file, url_for
from markupsafe import Markup

from services.chassis.errors import NotFound
from services.chassis.paper import pdf
from services.portal.doorkeeper import reach
from services.portal.offered import NEIGHBOURS, complainants, emergency, stages_promised
from services.portal.sorts import sorts

_A_DAY = 86_400  # seconds: the digits stand in the address, so that another colour is another sheet

pages = Blueprint("at", __name__, url_prefix="/at")


@pages.get("/<slug>")
def door(slug: str) -> str:
    """What somebody may want here, in the order in which it matters to them."""
    home = reach().home(slug)
    procedure = reach().procedure_of(home)
    return render_template(
        "public/door.html",
        home=home,
        sorts=sorts(procedure),
        nearby=_welcomes_neighbours(home),
        helplines=emergency(procedure, reach().procedures()),
    )


@pages.get("/colours/<colour>.css")
def colours(colour: str) -> Response:
    """A provider's colour as a sheet of style: ``colour`` is its six digits. Raises `NotFound` for anything else."""
    if not re.fullmatch(r"[0-9a-fA-F]{6}", colour):
        raise NotFound
    answer = Response(f":root{{--heard-house:#{colour}}}", mimetype="text/css")
    answer.cache_control.public, answer.cache_control.max_age = True, _A_DAY
    return answer


@pages.get("/<slug>/nearby")
def nearby(slug: str) -> str:
    """For people who live or work near the home. Raises `NotFound` where the procedure has no place for them."""
    home = reach().home(slug)
    if not _welcomes_neighbours(home):
        raise NotFound
    stages = stages_promised(reach().procedure_of(home), only_to="complainant")  # no neighbour is owed the others
    return render_template("public/nearby.html", home=home, stages=stages, back=url_for("at.door", slug=home["slug"]))


@pages.get("/<slug>/poster")
def poster(slug: str) -> str:
    """A notice to put up: the address in words and as a code for a phone's camera."""
    home = reach().home(slug)
    return render_template("public/poster.html", home=home, sheet=Markup(_sheet(home)))  # noqa: S704 (rendered here)


@pages.get("/<slug>/poster.pdf")
def poster_to_print(slug: str) -> Response:
    """The same as one sheet of A4. Raises `NoPaper`, `Unavailable`."""
    home = reach().home(slug)
    file = _printed(render_template("public/poster_page.html", home=home, sheet=Markup(_sheet(home))))  # noqa: S704
    return send_file(BytesIO(file), "application/pdf", download_name=f"{home['slug']}-poster.pdf")


@lru_cache(maxsize=100)
def _printed(page: str) -> bytes:
    """Kept: the sheet of a home changes when its name does, and anybody may ask for it as often as they like."""
    return pdf(page)


def _sheet(home: dict[str, Any]) -> str:
    address = url_for("at.door", slug=home["slug"], _external=True)
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=8, border=2)
    helplines = emergency(reach().procedure_of(home), reach().procedures())
    return render_template(
        "public/poster_sheet.html",
        home=home,
        address=address,
        code=Markup(drawn),  # noqa: S704 (drawn here)
        helplines=helplines,
    )


def _welcomes_neighbours(home: dict[str, Any]) -> bool:
    return not set(NEIGHBOURS).isdisjoint(complainants(reach().procedure_of(home)))
