"""The page on which staff look for a case. What was typed goes in the body: a name stands in no address and no log."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from services.chassis.errors import Invalid
from services.portal.doorkeeper import LAST_PAGE, me, reach
from services.portal.plain_words import sentence

pages = Blueprint("finding", __name__)

ASKED = ("reference", "name", "home", "kind", "category", "stage", "state", "handler", "since", "until")


@pages.get("/find")
def ask() -> str:
    """Ask what they know of it."""
    return _page(me()["id"], {}, None, {})


@pages.post("/find")
def found() -> str | tuple[str, int]:
    """The cases of theirs that are meant."""
    person_id = me()["id"]
    wanted = {name: request.form.get(name, "").strip()[:200] for name in ASKED}
    page = min(max(1, request.form.get("page", 1, int)), LAST_PAGE)
    try:
        answer = reach().calls.workflow.find(person_id=person_id, wanted=wanted, page=page)
    except Invalid as wrong:
        faults = {name: " ".join(said) for name, said in wrong.fields.items()}
        return _page(person_id, wanted, None, faults), 422
    return _page(person_id, wanted, answer, {})


def _page(person_id: str, wanted: dict[str, str], answer: dict[str, Any] | None, faults: dict[str, str]) -> str:
    return render_template(
        "staff/find.html",
        options=_options(reach().calls.workflow.findable(person_id=person_id)),
        wanted=wanted,
        found=answer,
        faults=faults,
    )


def _options(known: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """What each list offers, as ``(value, text)``."""
    named = {name: [(one["id"], one["name"]) for one in known[name]] for name in ("homes", "stages", "handlers")}
    said = {name: [(word, sentence(word)) for word in known[name]] for name in ("kinds", "categories")}
    return {**named, **said, "handlers": [("nobody", "Nobody yet"), *named["handlers"]]}
