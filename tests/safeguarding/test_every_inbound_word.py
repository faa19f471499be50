"""Every door by which words come in: what stands behind it is screened, or it is said here why it holds no words.

The doors are read from where they are made (the forms of intake, the shapes of the API, the table of facts), so that a
new field for text that nobody screens fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields, validate

from heard.events import FACTS
from heard.facts.parts import EnvelopeSchema
from services.intake.schemas import ReportForm, WordsForm
from services.portal import api_shapes
from tests.ground import world
from tests.safeguarding.two_houses import TwoHouses

HARM = "my keyworker punched me and grabbed my neck"
WORRIED = {"abuse_or_exploitation", "lado_threshold"}
SCREENED = {
    "what_happened", "wanted", "about.name", "about.role", "about.words", "child.name", "complainant.name",
    "complainant.safe_contact", "category",
}  # fmt: skip
"""The fields of a report that somebody fills with words of their own."""
NO_WORDS = {
    "home": "the home's own short name", "kind": "a choice", "formality": "a choice", "channel": "a way in",
    "complainant.is": "a choice", "complainant.email": "an address", "complainant.phone": "a number",
    "worries": "ticks, each a concern by itself", "not_words": "a choice, and a person looks at it",
    "facts": "answers that the provider's questions offer; anything else is dropped", "taken_by": "an id",
    "equality": "kept apart under a key of its own, answered by choices", "read_back": "a choice",
    "consent": "a choice", "code": "the receipt code", "sort": "a choice",
    "files": "ids of what was sent along: a person opens it",
}  # fmt: skip
"""The other fields that hold text, and why nobody says anything in them."""
OF_STAFF = {
    "ActionShape.command": "a choice", "ActionShape.data": "own words in it are sealed and handed to safeguarding",
    "AcknowledgeShape.how": "a choice", "ConcernShape.concern": "a choice",
    "ConcernShape.reason": "written on the safeguarding record itself, by the lead",
    "TriageShape.answers": "choices", "TriageShape.reason": "written by the lead", "TriageShape.reasons": "by the lead",
    "SubjectShape.subject": "a choice", "SubjectShape.person": "an id", "SubjectShape.reason": "written by the lead",
    "ReferralShape.rule": "a choice", "ReferralShape.whom": "a choice", "ReferralShape.channel": "a choice",
    "ReferralShape.note": "written by the lead", "ClosingShape.outcome": "a choice",
    "ClosingShape.reason": "written by the lead", "EndedShape.event": "a choice",
    "EndedShape.reason": "written by the lead", "WordsShape.words": "comes in as words_received",
    "VersionShape.to": "a version", "VersionShape.reason": "own words, sealed and handed to safeguarding",
    "RungShape.code": "digits", "RungShape.person_id": "an id", "ConcernShape.decision": "a choice",
    "StandingShape.command": "a choice",
    "StandingShape.data": "notes in the book of standing duties, which belongs to no report: people read them",
    "TriageShape.decision": "a choice", "WordsShape.sort": "a choice", "WordsShape.not_words": "a choice",
}  # fmt: skip
"""What the API takes besides reports: where words in it go."""


def texts(schema: Schema, before: str = "") -> Iterator[str]:
    """The fields in which text can stand."""
    for name, field in schema.fields.items():
        path = f"{before}{field.data_key or name}"
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from texts(inner.schema, f"{path}.")
        elif isinstance(inner, (fields.String, fields.Dict)):
            yield path


def filled(path: str, said: str) -> dict[str, Any]:
    """A report that says it in that field alone."""
    top, _, inner = path.partition(".")
    report = world.a_report()
    whole: Any = said if not inner else {inner: said}
    if top == "complainant":
        whole = report["complainant"] | whole
    return {top: [whole] if top in ("about", "category") else whole}


def test_each_field_of_a_report_in_which_text_can_stand_is_screened_or_is_no_words() -> None:
    there = {*texts(ReportForm()), *texts(WordsForm())} - {"words"}
    assert there == SCREENED | set(NO_WORDS)


@pytest.mark.parametrize("path", sorted(SCREENED))
def test_harm_is_found_wherever_in_a_report_it_is_said(houses: TwoHouses, path: str) -> None:
    report = houses.submit(**filled(path, HARM))
    houses.carry()
    found = {one.data["concern"] for one in houses.ledger(report["report_id"]) if one.event == "concern_found"}
    assert found & WORRIED, path
    assert houses.called()


@pytest.mark.parametrize("sort", next(
    one.choices for one in WordsForm().fields["sort"].validators if isinstance(one, validate.OneOf)
))  # fmt: skip
def test_harm_is_found_in_later_words_of_every_sort(houses: TwoHouses, sort: str) -> None:
    report = houses.submit()
    said = {"code": report["receipt_code"], "words": HARM, "sort": sort}
    houses.reports.post(f"/reports/{report['reference']}/words", json=said)
    houses.carry()
    assert houses.called()


def test_a_name_is_a_name_whatever_it_sounds_like(houses: TwoHouses) -> None:
    houses.submit(child={"name": "Jess Punch-Slaughter", "age": 16}, about=[{"name": "Robin Cutting"}])
    houses.carry()
    assert houses.called() == []


def test_what_the_api_takes_besides_reports_is_listed_with_where_its_words_go() -> None:
    shapes = [one for name, one in vars(api_shapes).items() if isinstance(one, type) and issubclass(one, Schema)]
    sent = [one for one in shapes if issubclass(one, api_shapes._Sent) and "Report" not in one.__name__]
    theirs = [one for one in sent if not one.__name__.startswith(("_", "WrittenDown", "Complainant", "Child", "About"))]
    assert {f"{one.__name__}.{path}" for one in theirs for path in texts(one())} == set(OF_STAFF)


def test_every_fact_that_carries_words_from_outside_safeguarding_is_heard_by_it() -> None:
    carrying = {
        name for name, kind in FACTS.items() if kind.publisher in ("intake", "workflow") and any(
            isinstance(field, fields.Nested) and isinstance(field.schema, EnvelopeSchema)
            for field in kind.schema().fields.values()
        )
    } - {"fresh_code_made"}  # fmt: skip # sixteen numbers of ours, sealed as words are
    assert carrying and {name for name in carrying if "safeguarding" not in FACTS[name].heard_by} == set()
