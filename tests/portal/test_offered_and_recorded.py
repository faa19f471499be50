"""What the form lets somebody tick, and how the rows of a safeguarding record read."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from heard.registry import load_procedures
from services.portal import action_form, record_words
from services.portal.offered import grouped_worries, worries
from services.screening.lexicon import the_lexicon

PROCEDURES = load_procedures()


@pytest.mark.parametrize("key", sorted(PROCEDURES.keys()))
def test_grouping_the_worries_loses_none_and_puts_harm_first(key: str) -> None:
    procedure = PROCEDURES.get(key)
    groups = grouped_worries(procedure)
    assert sorted(one for _, those in groups for one in those) == sorted(worries(procedure))
    assert groups[0][1][0][0] == "physical abuse"


def test_a_record_says_whom_was_called_and_told_by_name() -> None:
    record = {
        "alerts": [{"calls": [{"person": "p1", "contact": None, "name": "Imogen Ashdale"}]}],
        "contacts": [{"key": "lado_here", "is": "lado", "name": "Local Authority Designated Officer"}],
        "concerns": [{"concern": "lado_threshold", "says": "Somebody may have harmed a child"}],
    }

    def said(event: str, **data: object) -> str:
        return record_words.happened({"event": event, "data": data}, record)

    assert said("called", person="p1") == "Calling Imogen Ashdale"
    assert said("told", whom="lado", channel="telephone") == "Told: Local Authority Designated Officer, by telephone"
    assert said("concern_found", concern="lado_threshold") == "A concern was found: Somebody may have harmed a child"
    assert said("call_sent", channel="trial") == "The call was kept here, as this is a trial"
    assert said("something_new") == "Something new"
    assert record_words.because("words.hurt_by_hand") == "words about being hit, held or hurt"


def test_what_a_record_has_now_is_ticked_one_by_one_and_sent_as_a_list() -> None:
    action = {
        "name": "record", "label": "Complete the record", "data": {"record": "complaint"},
        "needs": {"choices": {"fields": ["details", "outcome"]}}, "example": {"fields": ["details", "outcome"]},
    }  # fmt: skip
    field, note = action_form.fields_of(action, {})
    assert field.kind == "ticks" and field.value == []
    assert (note.name, note.kind, note.required) == ("words", "text", False)

    class Form(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self.get(name, [])

    data, faults = action_form.read(action, [field, note], Form(fields=["details"]))  # type: ignore[arg-type]
    assert data == {"record": "complaint", "fields": ["details"]} and not faults
    assert action_form.read(action, [field], Form())[1] == {"fields": "Tick at least one: What the record has now"}  # type: ignore[arg-type]


def test_an_acknowledgement_without_a_word_is_asked_again_because_no_letter_would_go_out() -> None:
    action = {"name": "acknowledge", "label": "Acknowledge", "data": {}, "needs": {}, "example": {}}
    [letter] = action_form.fields_of(action, {})
    faults = action_form.read(action, [letter], MultiDict({"words": " "}))[1]
    assert faults == {"words": "Fill in: The letter that acknowledges it"}


def test_each_mark_of_the_screen_is_said_in_words() -> None:
    """Another mark in the lexicon is another sentence here."""
    assert set(record_words.MARKS) == set(the_lexicon().marks)


def test_a_body_that_the_document_does_not_name_is_called_what_it_is() -> None:
    """Short names of bodies are for those who use them every day."""
    assert record_words.whom_in_words("dbs", ()) == "The Disclosure and Barring Service"
    assert record_words.whom_in_words("dbs", [{"key": "dbs", "is": "dbs", "name": "DBS helpline"}]) == "DBS helpline"
