"""Somebody's own words never stand in the ledger; the procedure's words, ids and dates do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.registry import load_procedures
from services.workflow.own_words import WRITTEN, put_back, taken_out

PROCEDURE = load_procedures().get("ioi_support")
REASON = PROCEDURE.stage("stage_1").duty("respond").clock.extension


@pytest.mark.parametrize(
    "typed",
    [
        {"reason": "Sarah"},
        {"reason": "sarah was ill"},
        {"record": {"alternatives considered": "Moving Sam to another shift"}},
        {"attended": ["Kit and Kit's aunt"]},
        {"place": "The room above the Ship Inn"},
    ],
)
def test_what_somebody_typed_is_taken_out_and_can_be_put_back(typed: dict[str, object]) -> None:
    kept, found = taken_out(PROCEDURE, typed, typed)
    assert found and WRITTEN in str(kept)
    assert not any(text in str(kept) for text in found.values())
    assert put_back(kept, found) == typed


@pytest.mark.parametrize(
    "typed",
    [
        {"duty": "respond", "until": "2026-12-21"},
        {"person": "f237fc4fef875744b3bac67f89a8ed40", "at": "2026-11-24T10:00:00+00:00"},
        {"reason": REASON.reasons[0] if REASON else ""},
        {"findings": {"complaint": "upheld"}},
        {"record": "supported_accommodation_2023.complaint", "fields": ["details"]},
    ],
)
def test_the_words_of_the_procedure_and_ids_and_dates_stay(typed: dict[str, object]) -> None:
    assert taken_out(PROCEDURE, typed, typed) == (typed, {})


def test_what_the_engine_itself_says_stays() -> None:
    row = {"why": "the complaint is about them", "reason": "Kit said so"}
    kept, found = taken_out(PROCEDURE, row, {"reason": "Kit said so"})
    assert kept["why"] == row["why"] and found == {"reason": "Kit said so"}


@given(st.lists(st.text("abcxyz'-/{}\"é", min_size=1), min_size=2).map(" ".join))
def test_no_sentence_anybody_may_type_stays(text: str) -> None:
    typed = {"reason": text, "record": {"reason": [text]}}
    kept, found = taken_out(PROCEDURE, typed, typed)
    assert kept == {"reason": WRITTEN, "record": {"reason": [WRITTEN]}}
    assert put_back(kept, found) == typed
