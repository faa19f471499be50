"""A copy of a case to give to somebody: what is left out is not in the file, and that it was given is recorded."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from services.portal.copying import PEOPLE, copied, people, pieces, recorded, without
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import CASE_ID, MANAGER

CASE = {
    "words": [{"id": "w", "sort": "report", "at": "2026-12-18",
               "fields": {"what_happened": "Jonas shouted. My friend saw it! It was late."}}],
    "ledger": [{"seq": 1, "at": "2026-12-18", "by_name": "Imogen Ashdale", "sentence": "Imogen Ashdale wrote it down.",
                "letter": None}],
    "people": [{"name": "Jonas Pennerley-Voss"}], "about": [{"name": None}], "panel": None,
}  # fmt: skip


def test_a_sentence_and_a_person_are_left_out_and_a_mark_stays() -> None:
    every = pieces(CASE, str)
    assert people(CASE) == ["Imogen Ashdale", "Jonas Pennerley-Voss"]
    out = {"said.w.what_happened.1"}
    copy = copied(every, {"said.w.what_happened", "row.1"}, out, ["Jonas Pennerley-Voss"], lambda _: "safety")
    assert [(part.text, part.gone, part.why) for part in copy.parts] == [
        ("[somebody] shouted.\n[left out]\nIt was late.", 1, "safety"), ("Imogen Ashdale wrote it down.", 0, "")
    ]  # fmt: skip
    assert copy.reasons == {"safety": "1 sentence and the name of 1 person"}


def test_each_part_says_why_something_of_it_is_left_out() -> None:
    every = pieces(CASE, str)
    whys = {"said.w.what_happened": "lawyer", "row.1": "another", PEOPLE: "somebody_else"}
    out = {"said.w.what_happened.0", "said.w.what_happened.2", "row.1.0"}
    copy = copied(every, {piece.id for piece in every}, out, ["Jonas Pennerley-Voss"], whys.__getitem__)
    assert copy.reasons == {
        "somebody_else": "the name of 1 person", "lawyer": "2 sentences", "another": "1 sentence"
    }  # fmt: skip
    assert recorded(copy, "It was said in a prayer.", "") == (
        "A copy of the case without 3 sentences and the name of 1 person. Why: it is about somebody else (the name of "
        "1 person); it is a lawyer's advice, or was asked of one (2 sentences); another reason (1 sentence). "
        "It was said in a prayer."
    )
    assert recorded(copied(every, {"row.1"}, (), (), whys.__getitem__), "", "By hand.") == (
        "A copy of the case with nothing left out. By hand."
    )


def test_what_came_after_somebody_chose_is_not_in_the_copy() -> None:
    (part,) = copied(pieces(CASE, str), {"row.1"}, (), (), str).parts
    assert part.group == "What happened"


def test_a_name_is_taken_out_whole_in_parts_and_as_an_owner_but_not_within_another_word() -> None:
    text = "Ann Marsh said so. Mrs Marsh's key; ANN; the annual marshland."
    assert without(text, ["Ann Marsh"]) == "[somebody] said so. Mrs [somebody] key; [somebody]; the annual marshland."


def test_the_file_holds_nothing_of_what_was_left_out_and_the_ledger_says_that_it_was_given(
    browser: Browser, portal: Portal
) -> None:
    browser.sign_in()
    path = f"/cases/{CASE_ID}/copy"
    browser.open(path)
    seen = re.findall(r'name="seen" value="([^"]+)"', browser.page)
    out = re.findall(r'name="out"[^>]*value="(said[^"]+happened[^"]+)"', browser.page)
    assert seen and out
    form: dict[str, Any] = {"seen": seen, "out": out, "person": [MANAGER["name"]], "seq": "4", "once": "k",
                            "to": "Robin Averill", "basis": "consent"}  # fmt: skip
    assert browser.send(path, **form).status_code == 422
    assert "Choose why something is left out" in browser.text and portal.calls.workflow.acts == []
    piece = out[0].rpartition(".")[0]
    form |= {"reason": "another", f"reason.{piece}": "safety"}
    assert browser.send(path, **form).status_code == 422
    assert "Say which other reason it is" in browser.text and portal.calls.workflow.acts == []
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.page)
    assert token
    form |= {"why_left_out": "It is about another child.", "csrf_token": token.group(1)}
    answer = browser.client.post(path, data=form)
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    file = PdfReader(BytesIO(answer.data))
    told = "\n".join(page.extract_text() for page in file.pages) + str(file.metadata)
    assert "Mend it." in told and "[left out]" in told and "[somebody]" in told
    flat = " ".join(told.split())
    assert "Left out here: It could put somebody at risk." in flat and "another child" not in flat
    assert "It could put somebody at risk: 1 sentence." in flat and "Another reason: the name of 1 person." in flat
    assert "heating" not in told and not any(part in told for part in MANAGER["name"].split())
    assert b"heating" not in answer.data
    (act,) = portal.calls.workflow.acts
    assert act["command"] == "disclose" and act["data"]["to"] == "Robin Averill"
    assert act["data"]["why"] == (
        "A copy of the case without 1 sentence and the name of 1 person. Why: it could put somebody at risk "
        "(1 sentence); another reason (the name of 1 person). It is about another child."
    )


def test_whoever_may_not_tell_anybody_outside_makes_no_copy(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    portal.calls.workflow.may_disclose = False
    assert browser.client.get(f"/cases/{CASE_ID}/copy").status_code == 409
