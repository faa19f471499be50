"""The way in to following up: reference and code, what to do without them, the signed receipt, and the way out.

The code is typed once and then kept for a while in the browser's sealed draft, so that no address, log or history ever
holds it. Where a fresh code has taken its place since, the browser is asked for that one, and keeps what was being
written. What is seen with it stands in `follow_pages`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from services.chassis.errors import Invalid, NotFound, TooMany
from services.portal import along, drafts
from services.portal.doorkeeper import DRAFT_COOKIE, draft_of, hand_cookie, keep_draft, reach, take_cookie
from services.portal.drafts import Draft
from services.portal.languages import number, say, to_say
from services.portal.offered import emergency
from services.portal.tell import LONGEST

pages = Blueprint("follow", __name__, url_prefix="/follow")

CODE_DIGITS = 16
WRONG = to_say("The reference or the code is not right. The code has 16 numbers. Check both and try again")
UNSENT = ("unsent", along.KEY)
"""What a draft holds of something that somebody is about to add."""


class CodeIsOver(Exception):
    """The code that this browser holds opens nothing any more: a fresh one was used since, or all was erased."""


@contextmanager
def held_code() -> Iterator[None]:
    """Whatever is asked of intake with the code that this browser holds. Raises `CodeIsOver`."""
    try:
        yield
    except NotFound:
        raise CodeIsOver from None


@pages.errorhandler(CodeIsOver)
def ask_anew(_: CodeIsOver) -> Answer:
    """Take the code off this browser and ask for the newer one; what was written or added waits for it."""
    draft = draft_of(request)
    if draft is not None:
        held = draft.said.get("follow") or draft.said.get("receipt") or {}
        unsent = {name: draft.said[name] for name in UNSENT if draft.said.get(name)}
        if meant := request.form.get("meant", "").replace("\r\n", "\n").strip()[:LONGEST]:
            unsent["unsent"] = meant
        draft.said = {"waits_for": held.get("reference"), **unsent}
        keep_draft(draft)
    return redirect(url_for("follow.ask"), 303)


@pages.get("")
def ask() -> str:
    """Ask for reference and code; whose code is over is told so, and that nothing they wrote is lost."""
    draft = draft_of(request)
    waits = draft.said if draft else {}
    unsent = any(name in waits for name in UNSENT)
    return render_template("follow/ask.html", faults={}, reference="", no_longer="waits_for" in waits, unsent=unsent)


@pages.get("/lost")
def lost() -> str:
    """What somebody can do who has lost their code. It says the same to everybody."""
    return _lost({})


@pages.post("/lost")
def ask_for_code() -> str | tuple[str, int]:
    """Ask for a fresh code. The same answer whether there is such a reference, and anybody to write to, or not."""
    reference, faults = request.form.get("reference", "").strip().upper()[:40], {}
    if not reference:
        faults["reference"] = say("Enter your reference")
    else:
        try:
            reach().lost_code(reference)
        except TooMany as fault:
            faults["reference"] = say("Too many tries. Wait %(seconds)s seconds and try again", seconds=fault.after)
    return (_lost(faults, reference), 422) if faults else _lost({}, asked=True)


def _lost(faults: dict[str, str], reference: str = "", *, asked: bool = False) -> str:
    helplines = emergency(None, reach().procedures())
    return render_template("follow/lost.html", faults=faults, reference=reference, asked=asked, helplines=helplines)


@pages.post("")
def look_up() -> Answer | tuple[str, int]:
    """Check them at intake, and remember them for this browser."""
    reference = request.form.get("reference", "").strip().upper()[:40]
    typed = (unicodedata.decimal(one, one) for one in request.form.get("code", "")[:200] if one.isalnum())
    code = "".join(map(str, typed))[:40]
    faults = {}
    if not reference:
        faults["reference"] = say("Enter your reference")
    if not (code.isascii() and code.isdigit()):
        faults["code"] = say("Enter your code. It has 16 numbers and no letters")
    elif len(code) != CODE_DIGITS:
        faults["code"] = say("Your code has 16 numbers. You entered %(count)s", count=number(len(code)))
    if not faults:
        try:
            reach().receipt(reference, code)
        except (NotFound, Invalid):
            faults["reference"] = say(WRONG)
        except TooMany as fault:
            faults["reference"] = say("Too many tries. Wait %(seconds)s seconds and try again", seconds=fault.after)
    if faults:
        return render_template("follow/ask.html", faults=faults, reference=reference), 422
    draft = Draft(said={"follow": {"reference": reference, "code": code}, **_left_over(reference)})
    keep_draft(draft)
    go_on = redirect(url_for("follow.case"), 303)
    hand_cookie(go_on, DRAFT_COOKIE, draft.token)
    return go_on


def _left_over(reference: str) -> dict[str, Any]:
    """What this browser was about to add to the same report when its code was over."""
    draft = draft_of(request)
    if draft is None or draft.said.get("waits_for") != reference:
        return {}
    drafts.forget(reach().house.db, draft)
    return {name: draft.said[name] for name in UNSENT if name in draft.said}


@pages.post("/signed-receipt")
def signed_receipt() -> Answer:
    """The receipt as a signed text to keep: somebody else can check it without asking us, and it holds no word."""
    held = _receipt_held()
    if held is None:
        return redirect(url_for("follow.ask"), 303)
    with held_code():
        return as_file(reach().signed_receipt(*held), f"heard-{held[0]}.txt")


@pages.get("/receipt-key")
def receipt_key() -> Answer:
    """The public key by which anybody can check a signed receipt."""
    return as_file(reach().receipt_key(), "heard-receipt-key.pem")


def as_file(text: str, name: str) -> Answer:
    """A text to download."""
    answer = Answer(text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _receipt_held() -> tuple[str, str] | None:
    """Reference and code that this browser holds: just received, or typed in to follow up."""
    draft = draft_of(request)
    said = draft.said if draft else {}
    if "follow" in said:
        return said["follow"]["reference"], said["follow"]["code"]
    return (said["receipt"]["reference"], said["receipt"]["receipt_code"]) if "receipt" in said else None


@pages.post("/leave")
def leave() -> Answer:
    """Take reference and code off this browser."""
    draft = draft_of(request)
    if draft:
        reach().drop_files(along.tokens(draft.said))
        drafts.forget(reach().house.db, draft)
    gone = redirect(url_for("follow.ask"), 303)
    take_cookie(gone, DRAFT_COOKIE)
    return gone
