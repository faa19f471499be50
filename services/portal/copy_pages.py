"""Pages that make a copy of a case to give to somebody: what is in it is chosen, recorded, and then printed.

STEP 3 of a complaint's journey and after it. The case page is the source, so that a copy can never hold what whoever
makes it may not read. That it is given, to whom, on which ground and why something is left out, is written into the
ledger before the paper is made: a copy that nobody knows of cannot come about.
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Conflict, Invalid, Refused
from services.chassis.paper import pdf
from services.portal import copying, making_pages, plain_words
from services.portal.doorkeeper import me, reach
from services.portal.making import LIMIT

pages = Blueprint("copying", __name__, url_prefix="/cases")
COMMAND = "disclose"
_LONGEST = 1000


@pages.get("/<case_id>/copy")
def ask(case_id: str) -> str:
    """Everything that could be in it, each sentence and each person with a box to leave it out."""
    case = _case(case_id)
    return _form(case_id, case, {}, secrets.token_hex(16))


@pages.post("/<case_id>/copy")
def make(case_id: str) -> Answer | tuple[str, int]:
    """Write down that it is given, and make it. A second click is the same copy. Raises `NoPaper`, `Unavailable`."""
    case, once = _case(case_id), request.form.get("once", "")[:64] or secrets.token_hex(16)
    every = _pieces(case)
    known = {id_ for piece in every for id_, _ in piece.sentences}
    names = [name for name in copying.people(case) if name in request.form.getlist("person")]
    chosen = known.intersection(request.form.getlist("out"))
    copy = copying.copied(every, request.form.getlist("seen"), chosen, names, _why)
    to, own_words, note = (request.form.get(name, "").strip()[:_LONGEST] for name in ("to", "why_left_out", "why"))
    basis = request.form.get("basis", "")
    faults = {}
    if not to:
        faults["to"] = "Enter for whom it is"
    if basis not in _grounds(case):
        faults["basis"] = "Choose on which ground it is given"
    reasons = {one.why for one in copy.parts if one.gone} | ({copy.why_people} if names else set())
    if "" in reasons:
        faults["reason"] = "Choose why something is left out"
    if copying.ANOTHER in reasons and not own_words:
        faults["why_left_out"] = "Say which other reason it is"
    if not faults:
        said = copying.recorded(copy, own_words, note)
        try:
            reach().calls.workflow.act(
                person_id=me()["id"], case_id=case_id, command=COMMAND, data={"to": to, "basis": basis, "why": said},
                expected_seq=request.form.get("seq", 0, int), key=once,
            )  # fmt: skip
        except (Refused, Conflict) as no:
            faults["to"] = no.sentence
        except Invalid as wrong:
            faults["to"] = " ".join(str(one) for one in wrong.fields.values())
    if faults:
        return _form(case_id, case, faults, once), 422
    page = render_template(
        "staff/copy_paper.html", copy=copy, reasons=copying.REASONS, reference=case["reference"], to=to
    )
    back = url_for("copying.ask", case_id=case_id)
    return making_pages.answer("copy-of-a-case.pdf", "application/pdf", back,
                               lambda reached: pdf(page, reached, LIMIT), case_id)  # fmt: skip


def _form(case_id: str, case: dict[str, Any], faults: dict[str, str], once: str) -> str:
    return render_template(
        "staff/copy.html", case=case, case_id=case_id, faults=faults, once=once, every=_pieces(case),
        people=copying.people(case), grounds=_grounds(case), longest=_LONGEST, reasons=copying.REASONS,
    )  # fmt: skip


def _why(part: str) -> str:
    """Why a part is left out: its own reason, else the one that was given for all."""
    said = request.form.get(f"reason.{part}", "") or request.form.get("reason", "")
    return said if said in copying.REASONS else ""


def _case(case_id: str) -> dict[str, Any]:
    """The case, for whoever may tell somebody outside of it. Raises `NotFound`, or `Refused` for who only reads it."""
    found: dict[str, Any] = reach().calls.workflow.case(person_id=me()["id"], case_id=case_id)
    if not _may(found):
        raise Refused("Whoever works on this case may give a copy of it to somebody. You cannot.")
    return found


def _may(case: dict[str, Any]) -> dict[str, Any] | None:
    return next((one for one in case["actions"] if one["name"] == COMMAND and one["allowed"]), None)


def _grounds(case: dict[str, Any]) -> dict[str, str]:
    """The grounds of the procedure, each with how it reads."""
    action = _may(case) or {"needs": {}}
    called = action["needs"].get("called") or {}
    return {one: called.get(one, one) for one in (action["needs"].get("choices") or {}).get("basis", ())}


def _pieces(case: dict[str, Any]) -> list[copying.Piece]:
    now = reach().house.clock.now()
    return copying.pieces(case, lambda at: plain_words.moment(at, now))
