"""The page of a form for a body outside: how it stands, what is still missing, the paper, and how it is sent.

STEP 2 for the safeguarding lead. To whoever may not see the record there is no such page.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Invalid, NotFound, Refused
from services.portal.doorkeeper import me, reach
from services.portal.downloads import as_download
from services.portal.safeguarding_pages import instant

pages = Blueprint("forms", __name__)

WAYS = {
    "form": "By their own form or page",
    "post": "By post",
    "in_person": "Handed over",
    "telephone": "Read out on the telephone",
}
KINDS = ("pdf", "docx")


@pages.get("/records/<report_id>/forms/<form>")
def form(report_id: str, form: str) -> str:
    """A form as it stands."""
    return _show(report_id, form, {}, None)


@pages.post("/records/<report_id>/forms/<form>")
def fill(report_id: str, form: str) -> Answer | tuple[str, int]:
    """Keep what was typed."""
    answers = {name.removeprefix("answer."): text for name, text in request.form.items() if name.startswith("answer.")}
    return _do(report_id, form, "fill_form", {"answers": answers})


@pages.post("/records/<report_id>/forms/<form>/send")
def send(report_id: str, form: str) -> Answer | tuple[str, int]:
    """E-mail it to a contact whose address was verified."""
    return _do(report_id, form, "send_form", {"whom": request.form.get("whom", ""), "after": _after()})


@pages.post("/records/<report_id>/forms/<form>/sent")
def sent(report_id: str, form: str) -> Answer | tuple[str, int]:
    """Record that it was sent in another way."""
    said = request.form
    wanted = {"whom": "Choose to whom", "channel": "Choose how", "at": "Enter when"}
    if faults := {name: text for name, text in wanted.items() if not said.get(name, "").strip()}:
        return _show(report_id, form, faults, None), 422
    try:
        at = instant(said["at"])
    except Invalid as wrong:
        return _show(report_id, form, _faults(wrong), None), 422
    told = {"whom": said["whom"], "channel": said["channel"], "at": at, "note": said.get("note", "")}
    return _do(report_id, form, "form_sent_otherwise", told | {"after": _after()})


@pages.get("/records/<report_id>/forms/<form>/document.<kind>")
def document(report_id: str, form: str, kind: str) -> Response:
    """It as a document to keep, print or edit: as it stands, or as it was sent."""
    if kind not in KINDS:
        raise NotFound
    row = request.args.get("sent", type=int)
    made = reach().calls.safeguarding.form_document(
        person_id=me()["id"], report_id=report_id, form=form, kind=kind, sent=row
    )
    return as_download(made)


def _after() -> int:
    return request.form.get("after", 0, type=int)


def _do(report_id: str, form: str, what: str, told: dict[str, Any]) -> Answer | tuple[str, int]:
    try:
        getattr(reach().calls.safeguarding, what)(person_id=me()["id"], report_id=report_id, form=form, **told)
    except Refused as no:
        return _show(report_id, form, {}, no), 409
    except Invalid as wrong:
        return _show(report_id, form, _faults(wrong), None), 422
    return redirect(url_for("forms.form", report_id=report_id, form=form), 303)


def _faults(wrong: Invalid) -> dict[str, str]:
    return {name: " ".join(said) if isinstance(said, list) else str(said) for name, said in wrong.fields.items()}


def _show(report_id: str, form: str, faults: dict[str, str], refused: Refused | None) -> str:
    found = reach().calls.safeguarding.form(person_id=me()["id"], report_id=report_id, form=form)
    return render_template(
        "safeguarding/form.html", form=found, report_id=report_id, faults=faults, refused=refused, said=request.form,
        ways=WAYS,
    )  # fmt: skip
