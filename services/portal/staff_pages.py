"""Pages of the people who work on complaints: what is due today, the cases, one case, one act in it.

Every page asks the workflow in the name of the person who is signed in: what they may not see does not exist.
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Conflict, Invalid, NotFound, NotSignedIn, Refused, Unavailable
from services.portal import action_form, case_papers, day_by_day
from services.portal.doorkeeper import (
    LAST_PAGE,
    keeps_the_directory,
    me,
    only_administers,
    only_looks_in,
    reach,
    sees_parked,
)

pages = Blueprint("staff", __name__)


@pages.app_context_processor
def who_looks() -> dict[str, Any]:
    """The person signed in, for the header; nothing on a public page."""

    def signed_in() -> dict[str, Any] | None:
        try:
            return me()
        except NotSignedIn:
            return None

    return {"signed_in": signed_in, "keeps_the_directory": keeps_the_directory, "sees_parked": sees_parked,
            "only_looks_in": only_looks_in, "only_administers": only_administers}  # fmt: skip


@pages.get("/today")
def today() -> Answer | str:
    """What is late, due and waiting for this person, day by day; for whom nothing can wait, where they begin."""
    person, now = me(), reach().house.clock.now()
    if only_looks_in(person):
        return redirect(url_for("staff.cases", state="all"))
    if only_administers(person):
        return redirect(url_for("directory.index"))
    found = reach().calls.workflow.today(person_id=person["id"])
    only_mine = request.args.get("show") == "mine"
    every = [*found["late"], *found["due"]]
    mine = [line for line in every if line["mine"]]
    return render_template(
        "staff/today.html",
        today=found,
        person=person,
        alerts=_unanswered(person["id"]),
        sections=day_by_day.sections(mine if only_mine else every, now),
        every=len(every),
        mine=len(mine),
        only_mine=only_mine,
    )


@pages.get("/cases")
def cases() -> str:
    """The cases this person may see."""
    state = request.args.get("state", "open")
    page = min(max(1, request.args.get("page", 1, int)), LAST_PAGE)
    chosen = state if state in ("open", "closed") else None
    found = reach().calls.workflow.cases(person_id=me()["id"], state=chosen, page=page)
    return render_template("staff/cases.html", found=found, state=state, page=page)


@pages.get("/cases/<case_id>")
def case(case_id: str) -> str:
    """One case on one page."""
    shown = _case(case_id, to_read=True)
    return render_template(
        "staff/case.html",
        case=shown,
        case_id=case_id,
        forms=action_form,
        homes=_home_names(),
        papers=case_papers.papers(reach(), me()["id"], shown),
        done=request.args.get("done") == "yes",
    )


@pages.get("/cases/<case_id>/do/<key>")
def ask(case_id: str, key: str) -> str:
    """The form of one action."""
    shown = _case(case_id)
    action = _action(shown, key)
    return _form(case_id, shown, action, action_form.fields_of(action, _names()), {}, secrets.token_hex(16), None)


@pages.post("/cases/<case_id>/do/<key>")
def act(case_id: str, key: str) -> Answer | tuple[str, int]:
    """Do it, on the case as it was looked at; a second click is the same act."""
    person, shown = me(), _case(case_id)
    action = _action(shown, key)
    fields = action_form.fields_of(action, _names())
    data, faults = action_form.read(action, fields, request.form)
    once, seq = request.form.get("once", "")[:64] or secrets.token_hex(16), request.form.get("seq", 0, int)
    refused: Refused | None = None
    if not faults:
        try:
            reach().calls.workflow.act(
                person_id=person["id"], case_id=case_id, command=action["name"], data=data, expected_seq=seq, key=once
            )
        except Refused as no:
            refused = no
        except Invalid as wrong:
            faults = {
                name: " ".join(said) if isinstance(said, list) else str(said) for name, said in wrong.fields.items()
            }
        except Conflict as late:
            refused = Refused(late.sentence)
        else:
            return redirect(url_for("staff.case", case_id=case_id, done="yes"), 303)
    return _form(case_id, shown, action, fields, faults, once, refused), 409 if refused else 422


def _form(
    case_id: str, shown: dict[str, Any], action: dict[str, Any], fields: list[action_form.Field],
    faults: dict[str, str], once: str, refused: Refused | None,
) -> str:  # fmt: skip
    return render_template(
        "staff/act.html",
        case=shown,
        case_id=case_id,
        action=action,
        label=action_form.label_of(action),
        button=action_form.button_of(action),
        fields=fields,
        faults=faults,
        once=once,
        refused=refused,
    )


def _case(case_id: str, *, to_read: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = reach().calls.workflow.case(person_id=me()["id"], case_id=case_id, to_read=to_read)
    return found


def _action(shown: dict[str, Any], key: str) -> dict[str, Any]:
    for action in shown["actions"]:
        if action_form.key_of(action) == key:
            return dict(action)
    raise NotFound


def _names() -> dict[str, str]:
    """Names by id of the people of this person's own operator."""
    return {one["id"]: one["name"] for one in reach().calls.directory.people(person_id=me()["id"])}


def _unanswered(person_id: str) -> list[dict[str, Any]]:
    """The alerts that wait for this person: they come before everything else on the list for today."""
    try:
        return [one for one in reach().calls.safeguarding.alerts(person_id=person_id) if not one["answered_at"]]
    except Unavailable:
        return []


def _home_names() -> dict[str, str]:
    return {home["id"]: f"{home['name']}, {home['provider_name']}" for home in reach().homes()}
