"""Following up: what happens next, by which day and why; what was promised; adding something.

The browser holds reference and code in its sealed draft (`code_pages`); each page asks intake again whether they open.
"""

from __future__ import annotations

import secrets
from io import BytesIO
from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from heard.instants import london_day
from services.chassis.paper import pdf
from services.portal import along, wishes
from services.portal.code_pages import held_code, pages
from services.portal.doorkeeper import draft_of, keep_draft, reach
from services.portal.drafts import Draft
from services.portal.languages import number, say
from services.portal.offered import ON_YOUR_SIDE, emergency, to_turn_to
from services.portal.tell import LONGEST

RIGHT = "Yes, what you wrote down is right."
WITHOUT_WORDS = "(Sent without words.)"


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
    with held_code():
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
    with held_code():
        reach().add_words(follow["reference"], follow["code"], words, once, sort)
    return redirect(url_for("follow.case", added="yes"), 303)


@pages.get("/my-report/<letter_id>.pdf")
def sheet(letter_id: str) -> Answer:
    """A letter to keep or to print. Raises `NotFound`, `NoPaper`, `Unavailable`."""
    draft = _mine()
    if draft is None:
        return redirect(url_for("follow.ask"))
    follow = draft.said["follow"]
    with held_code():
        receipt = reach().receipt(follow["reference"], follow["code"])
    page = reach().calls.notifications.sheet_for(report_id=receipt["report_id"], letter_id=letter_id)
    return send_file(BytesIO(pdf(page)), "application/pdf", download_name="letter.pdf")


def _too_long() -> str:
    return say("This must be %(most)s characters or fewer", most=number(LONGEST))


def _mine() -> Draft | None:
    draft = draft_of(request)
    return draft if draft and "follow" in draft.said else None


def _show(draft: Draft, faults: dict[str, str]) -> str:
    follow: dict[str, Any] = draft.said["follow"]
    with held_code():
        receipt = reach().receipt(follow["reference"], follow["code"])
    view = reach().what_happens_next(receipt)
    promised = tuple(f"{one['says']}:" for one in view["promises"])
    coming = [
        step for step in view["next"] if not promised or not step.startswith(promised)
    ]  # the cards say the others
    home = reach().home(receipt["home"])
    procedure = reach().procedure_of(home)
    bodies = to_turn_to(procedure, london_day(reach().house.clock.now()))
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
        said_of=wishes.sent,
        wishes=wishes.offered(view),
        wish=request.form.get("wish", wishes.MESSAGE),
        added_files=draft.said.get(along.KEY, []),
        once=secrets.token_hex(16),
        added=request.args.get("added") == "yes",
        longest=LONGEST,
    )
