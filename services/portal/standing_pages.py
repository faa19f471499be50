"""What a home owes without any complaint, for those who work there: what is late, due and done, and writing it down.

Every page asks the workflow in the name of the person who is signed in: a place that is not theirs does not exist.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Invalid, KeyReused, NotAllowed, NotFound
from services.portal.doorkeeper import me, reach

pages = Blueprint("standing", __name__, url_prefix="/standing")

EVENTS = {
    "admitted": "A young person has arrived",
    "home_visited": "A home visit was made",
    "report_made": "The report was made",
    "adopted": "The document was adopted",
}
TITLES = {
    "done": "Write down that it was done",
    "left": "A young person has left",
    "strike_out": "Take an entry back",
    "forget": "Erase what says who they were",
}
_ASKED = ("duty", "whom", "event", "young_person", "row")
_FIELDS = ("on", "by", "note", "mark", "why", "young_person")


@pages.get("")
def index() -> Answer | str:
    """The homes and providers; with one home alone, that home."""
    found = reach().calls.workflow.standing(person_id=me()["id"])
    homes = [one for one in found["places"] if one["home"]]
    if len(homes) == 1 and not request.args.get("all"):
        return redirect(url_for("standing.place", book_id=homes[0]["book_id"]))
    return render_template("standing/index.html", places=found["places"])


@pages.get("/<book_id>")
def place(book_id: str) -> str:
    """One of them."""
    return render_template("standing/place.html", place=_place(book_id), book_id=book_id, events=EVENTS)


@pages.get("/<book_id>/do/<command>")
def ask(book_id: str, command: str) -> str:
    """The form of one thing to write down."""
    return _form(book_id, command, _place(book_id), {}, secrets.token_hex(16), "")


@pages.post("/<book_id>/do/<command>")
def write(book_id: str, command: str) -> Answer | tuple[str, int]:
    """Write it down; a second click is the same act."""
    shown = _place(book_id)
    about = _about(command, shown)
    once = request.form.get("once", "")[:64] or secrets.token_hex(16)
    faults: dict[str, str] = {}
    refused = ""
    try:
        reach().calls.workflow.write_standing(
            person_id=me()["id"], book_id=book_id, command=command, data=_said(command, about), key=once
        )
    except Invalid as wrong:
        faults = {name: " ".join(said) if isinstance(said, list) else str(said) for name, said in wrong.fields.items()}
        refused = "" if {*faults} & {*_FIELDS} or any(name.startswith("item.") for name in faults) else wrong.sentence
    except (NotAllowed, KeyReused) as no:
        refused = no.sentence
    else:
        flash("It is written down.")
        return redirect(url_for("standing.place", book_id=book_id), 303)
    return _form(book_id, command, shown, faults, once, refused), 422


def _form(
    book_id: str, command: str, shown: Mapping[str, Any], faults: dict[str, str], once: str, refused: str
) -> str:  # fmt: skip
    about = _about(command, shown)
    title = EVENTS[about["event"]] if command == "happened" else TITLES[command]
    return render_template(
        "standing/form.html", place=shown, book_id=book_id, command=command, about=about, title=title, faults=faults,
        once=once, refused=refused, me=me()["id"],
    )  # fmt: skip


def _about(command: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the form is about, from its address. Raises `NotFound` for what is not there to be written down."""
    asked = {name: request.args.get(name, "")[:80] for name in _ASKED}
    if command == "done":
        lines = [one for one in shown["lines"] if one["duty"] == asked["duty"] and (one["whom"] or "") == asked["whom"]]
        if lines:
            return asked | {"line": lines[-1]}
    if command == "happened" and asked["event"] in shown["events"]:
        return asked
    if command in ("left", "forget"):
        young = next((one for one in shown["young_people"] if one["id"] == asked["young_person"]), None)
        if young:
            return asked | {"young": young}
    if command == "strike_out" and asked["row"].isdecimal():
        entry = next((one for one in shown["written"] if one["seq"] == int(asked["row"])), None)
        if entry and entry["may_strike_out"]:
            return asked | {"entry": entry}
    raise NotFound


def _said(command: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in."""
    said: dict[str, Any] = {name: request.form.get(name, "")[:5000] for name in _FIELDS if request.form.get(name)}
    if command == "done":
        items = about["line"]["items"]
        ticked = [one for n, one in enumerate(items) if request.form.get(f"tick.{n}")]
        why = {one: request.form.get(f"why.{n}", "")[:5000] for n, one in enumerate(items) if one not in ticked}
        said |= {"duty": about["duty"], "whom": about["whom"] or None, "ticked": ticked, "explained": why}
    elif command == "happened":
        said |= {"event": about["event"]}
    elif command == "strike_out":
        said |= {"row": int(about["row"])}
    else:
        said |= {"young_person": about["young_person"]}
    return said


def _place(book_id: str) -> dict[str, Any]:
    found: dict[str, Any] = reach().calls.workflow.standing_place(person_id=me()["id"], book_id=book_id[:32])
    return found
