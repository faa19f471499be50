"""The procedures of a group's homes, as pages: the way of a complaint, clause by clause, what is weak, side by side.

STEP 0 for whoever answers for a procedure, and for a worker who wants to know what a complaint received now would be
owed. What stands here is worked out by `heard/` from the procedure itself, as `heard policy` does on the command line;
nothing of it is kept. A group reads the procedures of its own homes, and no other group's.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from flask import Blueprint, Response, render_template, request

from heard.calendar import PastKnownYears
from heard.comparing import compare
from heard.coverage import Clause, coverage, read_clauses
from heard.derivation import Due
from heard.diagram import as_list, as_svg
from heard.instants import LONDON, london_day, moment_of
from heard.lint import lint
from heard.procedure import Procedure
from heard.timeline import imagined, timeline
from heard.timeline_page import LEGEND, LONGEST, SIGNS, Day, strip
from services.chassis.errors import NotFound
from services.chassis.green import in_thread
from services.portal.doorkeeper import me, reach

pages = Blueprint("procedures", __name__, url_prefix="/procedures")
BASELINE = "children_act"
"""The statutory procedure, with which lengths are compared wherever it is installed."""
_OLDEST = 25


@pages.get("")
def index() -> str:
    """The procedures by which the homes of this person's group go."""
    homes = _homes()
    found = [(one, [home["name"] for home in homes if home["procedure"] == one.key]) for one in _own()]
    return render_template("procedures/index.html", found=found)


@pages.get("/<key>")
def procedure(key: str) -> str:
    """One of them: its stages as a picture and in words, and what is weak or missing in it."""
    one = _one(key)
    registry = reach().house.procedures
    baseline = registry.get(BASELINE) if BASELINE in registry else None
    remarks = lint(one, today=london_day(reach().house.clock.now()), baseline=baseline, installed=registry.keys())
    return render_template(
        "procedures/procedure.html",
        procedure=one,
        picture=_picture(one) is not None,
        steps=as_list(one),
        remarks=remarks,
        clauses=_clauses(one),
        versions=registry.plugin(one.key).versions,
    )


@pages.get("/<key>/stages.svg")
def picture(key: str) -> Response:
    """The stages and the ways between them. Raises `NotFound` where this machine cannot draw."""
    drawn = _picture(_one(key))
    if drawn is None:
        raise NotFound
    return Response(drawn, mimetype="image/svg+xml")


@pages.get("/<key>/clauses")
def clauses(key: str) -> str:
    """Clause by clause: what keeps it, or who."""
    one = _one(key)
    return render_template("procedures/clauses.html", procedure=one, clauses=_clauses(one))


@pages.get("/<key>/what-if")
def what_if(key: str) -> tuple[str, int]:
    """What a complaint received at a chosen moment would be owed, by when, and why. Nobody complained."""
    one, now = _one(key), reach().house.clock.now()
    asked = {
        "received": request.args.get("received", now.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M"))[:40],
        "formality": "informal" if request.args.get("formality") == "informal" else "formal",
        "age": request.args.get("age", "")[:3],
    }
    faults: dict[str, str] = {}
    dues: tuple[Due, ...] = ()
    age = int(asked["age"]) if asked["age"].isascii() and asked["age"].isdigit() else None
    if asked["age"] and (age is None or age > _OLDEST):
        faults["age"] = f"Enter an age from 0 to {_OLDEST}, or leave it empty"
    try:
        received = moment_of(asked["received"])
    except ValueError:
        faults["received"] = "Enter a day and a time"
    if not faults:
        try:
            dues = _imagined(one, received, asked["formality"], age)
        except PastKnownYears:
            faults["received"] = "No bank holidays are known for days so far away. Choose a nearer one"
    page = render_template(
        "procedures/what_if.html", procedure=one, asked=asked, faults=faults, legend=LEGEND, signs=SIGNS,
        dues=[(due.as_json() | {"status": "running"}, _where(one, due), _strip(due)) for due in dues],
    )  # fmt: skip
    return page, 422 if faults else 200


@pages.get("/compare")
def side_by_side() -> str:
    """Two procedures, or two versions of one, side by side."""
    registry = reach().house.procedures
    offered = [version for one in _readable() for version in registry.plugin(one.key).versions]
    by_version = {one.version: one for one in offered}
    chosen = [by_version.get(request.args.get(name, "")) for name in ("first", "second")]
    first = chosen[0] or offered[0]
    second = chosen[1] or next((one for one in offered if one.version != first.version), first)
    sections = [section for section in compare(first, second) if section.rows]
    return render_template("procedures/compare.html", offered=offered, first=first, second=second, sections=sections)


def _homes() -> list[dict[str, object]]:
    operator = me()["operator"]
    return [home for home in reach().homes() if home["operator"] == operator]


def _own() -> list[Procedure]:
    """The procedures of the homes of this person's group."""
    held = {home["procedure"] for home in _homes()}
    return [one for one in reach().procedures() if one.key in held]


def _readable() -> list[Procedure]:
    """Their own, and the statutory one, which is everybody's. Raises `NotFound` for whoever has none."""
    own = _own()
    if not own:
        raise NotFound
    return [*own, *(one for one in reach().procedures() if one.key == BASELINE and one not in own)]


def _one(key: str) -> Procedure:
    found = next((one for one in _own() if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def _imagined(one: Procedure, received: datetime, formality: str, age: int | None) -> tuple[Due, ...]:
    state = imagined(one, received, formality=formality, child_age=age)
    return timeline(one, state, reach().calendars(one), received)


def _where(one: Procedure, due: Due) -> str:
    if due.stage:
        return one.stage(due.stage).name
    return "Safeguarding" if due.kind == "notification" else "The whole case"


def _strip(due: Due) -> tuple[Day, ...]:
    """The days of its count, one by one; none where there are too many to see anything by it."""
    count = due.derivation.count
    if count is None or count.due == count.start or abs((count.due - count.start).days) > LONGEST:
        return ()
    return strip(count)


def _clauses(one: Procedure) -> tuple[Clause, ...]:
    return _covered(one.key, one.version)


@lru_cache(maxsize=50)
def _drawn(key: str, version: str) -> str | None:
    return in_thread(as_svg, reach().house.procedures.pinned(version))


def _picture(one: Procedure) -> str | None:
    return _drawn(one.key, one.version)


@lru_cache(maxsize=50)
def _covered(key: str, version: str) -> tuple[Clause, ...]:
    """Which tests prove a clause is known where the tests are, and not on a running platform."""
    registry = reach().house.procedures
    return coverage(registry.pinned(version), read_clauses(registry.plugin(key).files[-1].parent), {})
