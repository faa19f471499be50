"""The pages anybody can open: choose a home, tell us question by question, the receipt, how complaints are dealt with.

STEP 0 of a complaint's journey. Everything works without JavaScript and without an account; what is told is saved as
a sealed draft and reaches intake in one piece at the end.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from heard.instants import london_day
from services.chassis.errors import Invalid, NotFound, TooMany
from services.portal import along, drafts, simpler, tell, told, told_before
from services.portal.doorkeeper import DRAFT_COOKIE, draft_of, hand_cookie, keep_draft, reach, take_cookie
from services.portal.drafts import Draft
from services.portal.form_words import who
from services.portal.languages import LANGUAGE_COOKIE, LANGUAGES, say
from services.portal.offered import (
    ON_YOUR_SIDE,
    emergency,
    grouped_worries,
    is_a_home,
    questions_of,
    stages_promised,
    to_turn_to,
)
from services.portal.sorts import sorts

pages = Blueprint("public", __name__)

FIELD_PAGES = {"what_happened": "what", "wanted": "wanted", "worries": "worries", "about": "about", "kind": "sort",
               "first_told_at": "before"}  # fmt: skip
"""Which page of the form holds what a field fault of intake is about; anything else shows on the last page."""


@pages.get("/")
def homes() -> str:
    """Choose the home it is about, or follow up."""
    return render_template("public/homes.html", homes=reach().homes(), helplines=emergency(None, reach().procedures()))


@pages.get("/how/<slug>")
def how(slug: str) -> str:
    """How complaints are dealt with at this home: from its procedure, so always true."""
    home = reach().home(slug)
    procedure = reach().procedure_of(home)
    bodies = to_turn_to(procedure, london_day(reach().house.clock.now()))
    return render_template(
        "public/how.html",
        home=home,
        procedure=procedure,
        stages=stages_promised(procedure),
        bodies=bodies,
        on_your_side=ON_YOUR_SIDE,
    )


@pages.get("/tell/<slug>")
def begin(slug: str) -> Answer:
    """Begin at the first question; a draft for this home goes on where it was left."""
    home = reach().home(slug)
    draft = draft_of(request)
    if draft is None or draft.said.get("home") != home["slug"] or "receipt" in draft.said:
        return _from_the_start(home)
    left_at = tell.first_open(draft.said)
    return redirect(_page(home["slug"], left_at))


@pages.get("/tell/<slug>/<key>")
def ask(slug: str, key: str) -> Answer | str | tuple[str, dict[str, str]]:
    """One question."""
    home, question = reach().home(slug), _question(key)
    draft = _draft_for(home)
    said = draft.said if draft else _begun(home)
    if draft is None and question is not tell.path(said)[0]:
        return _from_the_start(home)
    page = _show(home, question, said, {})
    return (page, along.MAY_RECORD) if question.key == along.KEY else page


@pages.post("/tell/<slug>/<key>")
def answer(slug: str, key: str) -> Answer | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Save one answer and go to the next question."""
    home, question = reach().home(slug), _question(key)
    answers, faults = question.read(request.form, reach().procedure_of(home))
    faults |= told_before.still_to_come(answers, london_day(reach().house.clock.now()))
    draft = _draft_for(home)
    said = draft.said if draft else _begun(home)
    if faults:
        return _show(home, question, said | answers, faults), 422
    if draft is None:
        if question is not tell.path(said)[0]:
            return _from_the_start(home)
        draft = Draft(said=said | {"home": home["slug"], "key": secrets.token_urlsafe(24), "done": []})
    draft.said |= answers
    if question.key == along.KEY:
        faults = along.took(draft.said, request, reach())
        if faults or request.form.get("do") == "add" or "remove" in request.form:
            keep_draft(draft)
            if faults:
                return _show(home, question, draft.said, faults), 422, along.MAY_RECORD
            again = url_for("public.ask", slug=home["slug"], key=along.KEY, change=request.args.get("change"))
            return redirect(again, 303)
    draft.said["done"] = [*[done for done in draft.said["done"] if done != question.key], question.key]
    keep_draft(draft)
    elsewhere = request.args.get("change") or question not in tell.path(draft.said)
    following = tell.first_open(draft.said) if elsewhere else tell.after(question, draft.said)
    go_on = redirect(_page(home["slug"], following), 303)
    hand_cookie(go_on, DRAFT_COOKIE, draft.token)
    return go_on


@pages.get("/tell/<slug>/check")
def check(slug: str) -> Answer | str:
    """Check the answers before they are sent."""
    home = reach().home(slug)
    draft = _finished(home)
    return _to_check(home, draft) if isinstance(draft, Draft) else draft


def _to_check(home: dict[str, Any], draft: Draft, wait: int = 0) -> str:
    rows = told.summary(draft.said, reach().procedure_of(home))
    faults = {"send": say("Please wait %(seconds)s seconds, and press “Send it” again", seconds=wait)} if wait else {}
    return render_template("public/check.html", home=home, rows=rows, said=draft.said, says=tell.says, faults=faults)


@pages.post("/tell/<slug>/check")
def send(slug: str) -> Answer | tuple[str, int, dict[str, str]]:
    """Hand the report to intake; sent twice it is the same report, by its key. Who has to wait keeps every word."""
    home = reach().home(slug)
    draft = _finished(home)
    if not isinstance(draft, Draft):
        return draft
    try:
        said = simpler.filled_in(draft.said)
        receipt = reach().submit(told.report(said, home["slug"], reach().procedure_of(home)), draft.said["key"])
    except Invalid as fault:
        wrong = next((FIELD_PAGES[name] for name in fault.fields if name in FIELD_PAGES), None)
        if wrong is None:
            raise
        return redirect(url_for("public.ask", slug=home["slug"], key=wrong), 303)
    except TooMany as many:  # a whole home may share one address: nobody is refused, somebody waits a little
        keep_draft(draft)
        return _to_check(home, draft, many.after), 429, {"Retry-After": str(many.after)}
    draft.said = {
        "home": home["slug"],
        "receipt": {name: receipt[name] for name in ("reference", "receipt_code", "received_at")},
    }
    keep_draft(draft)
    return redirect(url_for("public.receipt"), 303)


@pages.get("/receipt")
def receipt() -> Answer | str:
    """The reference and the code, shown until the teller says that they are kept."""
    draft = draft_of(request)
    if draft is None or "receipt" not in draft.said:
        return redirect(url_for("follow.ask"))
    home = reach().home(draft.said["home"])
    helplines = emergency(reach().procedure_of(home), reach().procedures())
    return render_template(
        "public/receipt.html", home=home, **draft.said["receipt"], helplines=helplines
    )


@pages.post("/receipt")
def receipt_kept() -> Answer:
    """The code is kept: take it off this browser."""
    return _forgotten(redirect(url_for("public.homes"), 303))


@pages.post("/tell/stop")
def stop() -> Answer:
    """Stop, and remove what was told so far."""
    return _forgotten(redirect(url_for("public.homes"), 303))


def _forgotten(leave: Answer) -> Answer:
    draft = draft_of(request)
    if draft:
        reach().drop_files(along.tokens(draft.said))
        drafts.forget(reach().house.db, draft)
    take_cookie(leave, DRAFT_COOKIE)
    return leave


@pages.get("/privacy")
def privacy() -> str:
    """What is kept of what somebody tells, and who sees it."""
    return render_template("public/privacy.html")


@pages.get("/language/<code>")
def read_in(code: str) -> Answer:
    """Read these pages in another language from now on. Raises `NotFound` for one that we do not have."""
    if code not in LANGUAGES:
        raise NotFound
    return _remembering(LANGUAGE_COOKIE, code)


@pages.get("/simpler/<choice>")
def read_simply(choice: str) -> Answer:
    """Read simpler pages with pictures from now on, or the usual ones. Raises `NotFound` for anything else."""
    if choice not in ("yes", "no"):
        raise NotFound
    return _remembering(simpler.SIMPLER_COOKIE, choice)


def _remembering(cookie: str, choice: str) -> Answer:
    """Back to where they came from, with what they chose."""
    back = redirect(_own_page(request.args.get("then", "")), 303)
    hand_cookie(back, cookie, choice)
    return back


def _own_page(then: str) -> str:
    """The page of ours that somebody came from; what only takes a form in leads to the page that holds the form."""
    asked = urlsplit(then)
    doors, path = current_app.url_map.bind(""), asked.path if then.isprintable() else ""
    while path.startswith("/") and path != "/":
        if doors.test(path, "GET"):
            return f"{path}?{asked.query}" if asked.query and path == asked.path else path
        path = path.rpartition("/")[0]
    return url_for("public.homes")


def _begun(home: dict[str, Any]) -> dict[str, Any]:
    """What is known of a teller before the first answer: which questions this home has, and by which link they came."""
    procedure = reach().procedure_of(home)
    own = [fact.asks_them for fact in questions_of(procedure)]
    known: dict[str, Any] = {"own": own, "lives_here": is_a_home(procedure)}
    if simpler.simpler():
        known["asked"] = list(simpler.ASKED)
    return known | tell.begun(request.args.get("as", ""), procedure)


def _from_the_start(home: dict[str, Any]) -> Answer:
    begun = _begun(home)
    first = tell.path(begun)[0]
    return redirect(url_for("public.ask", slug=home["slug"], key=first.key, **{"as": begun.get("began_as")}), 303)


def _question(key: str) -> tell.Question:
    if key not in tell.BY_KEY:
        raise NotFound
    return tell.BY_KEY[key]


def _draft_for(home: dict[str, Any]) -> Draft | None:
    draft = draft_of(request)
    if draft is None or draft.said.get("home") != home["slug"] or "key" not in draft.said:
        return None
    draft.said.pop("asked", None)  # as they like to read now, and not as they began
    if simpler.simpler():
        draft.said["asked"] = list(simpler.ASKED)
    return draft


def _finished(home: dict[str, Any]) -> Draft | Answer:
    """The draft with every question answered, or where to go on with it."""
    draft = _draft_for(home)
    if draft is None:
        return _from_the_start(home)
    missing = tell.first_open(draft.said)
    return redirect(_page(home["slug"], missing), 303) if missing else draft


def _page(slug: str, question: tell.Question | None) -> str:
    if question is None:
        return url_for("public.check", slug=slug)
    return url_for("public.ask", slug=slug, key=question.key)


def _show(home: dict[str, Any], question: tell.Question, said: dict[str, Any], faults: tell.Faults) -> str:
    procedure = reach().procedure_of(home)
    earlier = tell.before(question, said)
    simply = question.key in said.get("asked", ())
    return render_template(
        "public/simple_question.html" if simply else "public/question.html",
        home=home,
        question=question,
        asks=simpler.asks(question.key, said) if simply else tell.asks(question, said, procedure),
        said=said,
        faults=faults,
        back=_page(home["slug"], earlier) if earlier else url_for("at.door", slug=home["slug"]),
        first=earlier is None,
        helplines=emergency(procedure, reach().procedures()),
        worries=grouped_worries(procedure),
        simple_choices=simpler.choices(procedure),
        complainants=[(word, who(word, lives_here=is_a_home(procedure))) for word in tell.who_may(said, procedure)],
        questions=questions_of(procedure),
        sorts=sorts(procedure),
        advocate_answers=tell.advocate_answers(said, procedure),
        longest=tell.LONGEST,
    )
