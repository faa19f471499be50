"""Forms of bodies outside: what is known is filled in, what nobody said is named, and nothing is invented."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from heard.forms import Form, Known, Question, filled, wanted
from heard.procedure_file import ProcedureFaults, read_procedure
from heard.registry import load_procedures
from tests.heard.samples import WHOLE, written

FORM = Form(
    key="lado", name="A referral", body="lado", concern=("lado_threshold",),
    questions=(
        Question(key="who", asks="Who is it?", under="The person", from_="persons"),
        Question(key="where", asks="Where?", under="What happened"),
        Question(key="more", asks="Anything else?", under="What happened", optional=True),
    ),
)  # fmt: skip


def test_what_is_known_is_filled_in_and_what_nobody_said_is_named() -> None:
    made = filled(FORM, {"persons": "Dorrit Vance"}, {})
    assert [(part.heading, [one.answer for one in part.answers]) for part in made.parts] == [
        ("The person", ["Dorrit Vance"]),
        ("What happened", ["", ""]),
    ]
    assert [one.key for one in made.missing] == ["where"]
    assert made.parts[0].answers[0].by_itself


def test_what_somebody_typed_stands_instead_and_an_answer_taken_back_leaves_what_is_known() -> None:
    typed = filled(FORM, {"persons": "Dorrit Vance"}, {"who": "Dorrit Vance, also Vance-Hollis", "where": " "})
    assert typed.parts[0].answers[0].answer.endswith("Hollis") and not typed.parts[0].answers[0].by_itself
    assert [one.key for one in typed.missing] == ["where"]
    assert filled(FORM, {"persons": "Dorrit Vance"}, {"who": ""}).parts[0].answers[0].answer == "Dorrit Vance"


def test_a_form_is_wanted_for_its_concerns_and_there_for_every_other_day() -> None:
    other = Form(key="dbs", name="Another", body="dbs", questions=FORM.questions)
    assert wanted((FORM, other), ["lado_threshold"]) == ((FORM,), (other,))
    assert wanted((FORM, other), ["bullying"]) == ((), (FORM, other))


@pytest.mark.parametrize("provider", sorted(load_procedures().keys()))
def test_every_procedure_has_the_lados_form_and_no_form_asks_one_thing_twice(provider: str) -> None:
    procedure = load_procedures().get(provider)
    assert procedure.form("working_together.lado").body == "lado"
    for form in procedure.forms:
        asked = [(one.under, one.asks) for one in form.questions]
        assert len(set(asked)) == len(asked), form.key
        assert {one.from_ for one in form.questions} - {None} <= set(get_args(Known))


def test_a_form_that_asks_for_what_no_record_knows_is_refused_by_the_reader(tmp_path: Path) -> None:
    form = '[[forms]]\nkey = "f"\nname = "F"\nbody = "lado"\nquestions = [\n'
    question = '  { key = "a", asks = "A?", under = "U", from = "the_moon" },\n'
    with pytest.raises(ProcedureFaults, match="from"):
        read_procedure(written(tmp_path, WHOLE + form + question + "]\n"))
    again = '  { key = "a", asks = "A?", under = "U" },\n'
    with pytest.raises(ProcedureFaults, match="'a' stands twice under form f"):
        read_procedure(written(tmp_path, WHOLE + form + again + again + "]\n"))
