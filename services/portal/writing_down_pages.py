"""The pages on which a member of staff writes down what somebody told them, and the slip with the code for that person.

STEP 0. It goes to intake at the same door as everybody's report: screened first, with a receipt for whoever told it.
The code on the slip is theirs; it is shown once, to whoever wrote it down and to nobody who sits at that browser after
them, and taken off the browser as soon as it was passed on or they sign out.
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Invalid, NotFound
from services.portal import drafts, tell, writing_down
from services.portal.doorkeeper import (
    DRAFT_COOKIE,
    draft_of,
    hand_cookie,
    keep_draft,
    me,
    only_who_works_here,
    reach,
    take_cookie,
)
from services.portal.drafts import Draft
from services.portal.form_words import who
from services.portal.offered import complainants, emergency, grouped_worries, is_a_home, questions_of
from services.portal.sorts import sorts

pages = Blueprint("writing_down", __name__)

_FIELDS = {"first_told_at": "heard_at"}
"""What the form calls a field of the report, where it calls it otherwise."""


@pages.get("/write-down")
def choose() -> Answer | str:
    """Which home it is about: one of this person's own group."""
    mine = _mine()
    if len(mine) == 1:
        return redirect(url_for("writing_down.ask", slug=mine[0]["slug"]))
    return render_template("staff/write_down_where.html", homes=mine)


@pages.get("/write-down/<slug>")
def ask(slug: str) -> str:
    """The form."""
    return _show(_home(slug), {}, secrets.token_urlsafe(24))


@pages.post("/write-down/<slug>")
def write(slug: str) -> Answer | tuple[str, int]:
    """Hand it to intake; sent twice it is one report."""
    home = _home(slug)
    procedure, now = reach().procedure_of(home), reach().house.clock.now()
    said, faults = writing_down.read(request.form, procedure, now)
    once = request.form.get("once", "")[:64] or secrets.token_urlsafe(24)
    if not faults:
        try:
            receipt = reach().submit(writing_down.report(said, home["slug"], procedure, me()["id"]), once)
        except Invalid as wrong:
            faults = {_FIELDS.get(name, name): _one_line(told) for name, told in wrong.fields.items()}
        else:
            slip = {name: receipt[name] for name in ("reference", "receipt_code", "received_at")}
            anybody = said["channel"] != "feedback_box" or any(said.get(name) for name in tell.WAYS_TO_REACH)
            slip |= {"danger": said["danger"] == "yes", "anybody": anybody}
            kept = Draft(said={"slip": slip, "by": me()["id"], "home": home["slug"]})
            keep_draft(kept)
            go_on = redirect(url_for("writing_down.slip"), 303)
            hand_cookie(go_on, DRAFT_COOKIE, kept.token)
            return go_on
    return _show(home, faults, once), 422


@pages.get("/slip")
def slip() -> Answer | str:
    """The reference and the code for whoever told it, until they were passed on."""
    person, draft = me(), draft_of(request)
    if draft is None or draft.said.get("by") != person["id"]:
        return redirect(url_for("staff.today"))
    home = reach().home(draft.said["home"])
    lines = emergency(reach().procedure_of(home), reach().procedures())
    follow = reach().house.settings.public_url.rstrip("/") + url_for("follow.ask")
    return render_template("staff/slip.html", home=home, helplines=lines, follow=follow, **draft.said["slip"])


@pages.post("/slip")
def passed_on() -> Answer:
    """It was passed on, or there is nobody to pass it on to: take it off this browser."""
    me()
    draft = draft_of(request)
    if draft:
        drafts.forget(reach().house.db, draft)
    gone = redirect(url_for("staff.today"), 303)
    take_cookie(gone, DRAFT_COOKIE)
    return gone


def _mine() -> list[dict[str, Any]]:
    person = me()
    only_who_works_here(person)
    return [home for home in reach().homes() if home["operator"] == person["operator"]]


def _home(slug: str) -> dict[str, Any]:
    found = next((home for home in _mine() if slug in (home["slug"], home["id"])), None)
    if found is None:
        raise NotFound
    return found


def _one_line(told: Any) -> str:
    return " ".join(told) if isinstance(told, list) else str(told)


def _show(home: dict[str, Any], faults: dict[str, str], once: str) -> str:
    procedure = reach().procedure_of(home)
    return render_template(
        "staff/write_down.html",
        home=home,
        faults=faults,
        once=once,
        said=request.form,
        ticked=request.form.getlist("worries"),
        sorts=sorts(procedure),
        ways=writing_down.ways(procedure),
        questions=questions_of(procedure),
        worries=grouped_worries(procedure),
        complainants=[(word, who(word, lives_here=is_a_home(procedure))) for word in complainants(procedure)],
        consent=writing_down.CONSENT.items(),
        read_back=writing_down.READ_BACK.items(),
        longest=tell.LONGEST,
    )
