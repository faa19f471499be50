"""Following up: with reference and code, what happens next, by which day and why; what was promised; adding something.

The code is typed once and then kept for a while in the browser's sealed draft, so that no address, log or history ever
holds it.
"""

from __future__ import annotations

import secrets
import unicodedata
from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from heard.turning_to import offered_when
from services.chassis.errors import Invalid, NotFound, TooMany
from services.chassis.paper import pdf
from services.portal import along, drafts, wishes
from services.portal.doorkeeper import DRAFT_COOKIE, draft_of, hand_cookie, keep_draft, reach, take_cookie
from services.portal.drafts import Draft
from services.portal.languages import number, say, to_say
from services.portal.offered import ON_YOUR_SIDE, advisers, emergency
from services.portal.tell import LONGEST

pages = Blueprint("follow", __name__, url_prefix="/follow")

RIGHT = "Yes, what you wrote down is right."
CODE_DIGITS = 16
WITHOUT_WORDS = "(Sent without words.)"
WRONG = to_say("The reference or the code is not right. The code has 16 numbers. Check both and try again")


@pages.get("")
def ask() -> str:
    """Ask for reference and code."""
    return render_template("follow/ask.html", faults={}, reference="")


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
    draft = Draft(said={"follow": {"reference": reference, "code": code}})
    keep_draft(draft)
    go_on = redirect(url_for("follow.case"), 303)
    hand_cookie(go_on, DRAFT_COOKIE, draft.token)
    return go_on


@pages.post("/signed-receipt")
def signed_receipt() -> Answer:
    """The receipt as a signed text to keep: somebody else can check it without asking us, and it holds no word."""
    held = _receipt_held()
    if held is None:
        return redirect(url_for("follow.ask"), 303)
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


@pages.get("/my-report")
def case() -> Answer | tuple[str, dict[str, str]]:
    """What happens next and by when, and what was promised."""
    draft = _mine()
    if draft is None:
        return redirect(url_for("follow.ask"))
    return _show(draft, {}), along.MAY_RECORD


@pages.post("/my-report")
def add() -> Answer | tuple[str, int, dict[str, str]]:
    """Add something: it is read by a person like the first report."""
    draft = _mine()
    if draft is None:
        return redirect(url_for("follow.ask"), 303)
    words = request.form.get("words", "").replace("\r\n", "\n").strip()
    wish = request.form.get("wish", "") if request.form.get("wish") in wishes.WISHES else wishes.MESSAGE
    faults = along.took(draft.said, request, reach())
    files = along.tokens(draft.said)
    draft.said["unsent"] = words
    keep_draft(draft)
    if "remove" in request.form:
        return _show(draft, faults), 200, along.MAY_RECORD
    whole = wishes.in_words(wish, words)
    if len(whole) > LONGEST or not (whole or files or faults):
        faults["words"] = _too_long() if words else say("Write what you want to add")
    if faults:
        return _show(draft, faults), 422, along.MAY_RECORD
    follow, once = draft.said["follow"], request.form.get("once", "") or secrets.token_hex(16)
    reach().add_words(follow["reference"], follow["code"], whole or WITHOUT_WORDS, once, wish, files=files)
    draft.said = {"follow": follow}
    keep_draft(draft)
    return redirect(url_for("follow.case", added="yes"), 303)


@pages.post("/my-report/record")
def read_back() -> Answer | tuple[str, int]:
    """Whether what staff wrote down for them is right; if not, what they meant. It is read like everything they say."""
    draft = _mine()
    if draft is None:
        return redirect(url_for("follow.ask"), 303)
    right = request.form.get("right") == "yes"
    words = RIGHT if right else request.form.get("meant", "").replace("\r\n", "\n").strip()
    if not words or len(words) > LONGEST:
        wrong = _too_long() if words else say("Write what is not right, or what is missing")
        return _show(draft, {"meant": wrong}), 422
    follow, once = draft.said["follow"], request.form.get("once", "") or secrets.token_hex(16)
    sort = "agreed" if right else "correction"
    reach().add_words(follow["reference"], follow["code"], words, once, sort)
    return redirect(url_for("follow.case", added="yes"), 303)


@pages.get("/my-report/<letter_id>.pdf")
def sheet(letter_id: str) -> Answer:
    """A letter to keep or to print. Raises `NotFound`, `NoPaper`, `Unavailable`."""
    draft = _mine()
    if draft is None:
        return redirect(url_for("follow.ask"))
    follow = draft.said["follow"]
    receipt = reach().receipt(follow["reference"], follow["code"])
    page = reach().calls.notifications.sheet_for(report_id=receipt["report_id"], letter_id=letter_id)
    return send_file(BytesIO(pdf(page)), "application/pdf", download_name="letter.pdf")


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


def _too_long() -> str:
    return say("This must be %(most)s characters or fewer", most=number(LONGEST))


def _mine() -> Draft | None:
    draft = draft_of(request)
    return draft if draft and "follow" in draft.said else None


def _show(draft: Draft, faults: dict[str, str]) -> str:
    follow: dict[str, Any] = draft.said["follow"]
    receipt = reach().receipt(follow["reference"], follow["code"])
    view = reach().what_happens_next(receipt)
    promised = tuple(f"{one['says']}:" for one in view["promises"])
    coming = [
        step for step in view["next"] if not promised or not step.startswith(promised)
    ]  # the cards say the others
    home = reach().home(receipt["home"])
    procedure = reach().procedure_of(home)
    bodies = [(contact, offered_when(contact, procedure)) for contact in advisers(procedure)]
    return render_template(
        "follow/case.html",
        reference=follow["reference"],
        receipt=receipt,
        view=view,
        coming=coming,
        letters=reach().letters(receipt),
        home=home,
        meant=request.form.get("meant", ""),
        bodies=bodies,
        on_your_side=ON_YOUR_SIDE,
        helplines=emergency(procedure, reach().procedures()),
        faults=faults,
        words=draft.said.get("unsent", ""),
        wishes=wishes.offered(view),
        wish=request.form.get("wish", wishes.MESSAGE),
        added_files=draft.said.get(along.KEY, []),
        once=secrets.token_hex(16),
        added=request.args.get("added") == "yes",
        longest=LONGEST,
    )
