"""The JSON Schema of a procedure.toml: editors accept what the reader accepts, and mark the usual mistakes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from heard.cli import main
from heard.editor_schema import procedure_json_schema
from heard.procedure_file import ProcedureFaults, read_procedure
from heard.registry import load_procedures
from tests.heard.samples import WHOLE, written

FILES = [file for key in load_procedures() for file in load_procedures().plugin(key).files]


@cache
def schema() -> Draft7Validator:
    return Draft7Validator(procedure_json_schema())


def as_an_editor_sees_it(value: Any) -> Any:
    """TOML as JSON: a date is text."""
    if isinstance(value, dict):
        return {key: as_an_editor_sees_it(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_an_editor_sees_it(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def marked(text: str) -> list[str]:
    """What an editor marks in such a text."""
    return [error.message for error in schema().iter_errors(as_an_editor_sees_it(tomllib.loads(text)))]


def test_it_is_a_schema_and_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    Draft7Validator.check_schema(procedure_json_schema())
    with pytest.raises(SystemExit):
        main(["policy", "schema"])
    assert json.loads(capsys.readouterr().out) == procedure_json_schema()


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.parent.name))
def test_every_installed_procedure_is_accepted(file: Path) -> None:
    assert marked(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("asked_by", "askd_by"),
        ("working_days = 10", "working_day = 10"),
        ("working_days = 10 }", "working_days = 10, hours = 2 }"),
        ("{ working_days = 10 }", "{ days = 10 }"),
        ("{ working_days = 10 }", '"10 working days"'),
        ("{ working_days = 10 }", "{ working_days = -10 }"),
        ('is = "police"', 'is = "constable"'),
        ("[[stages]]\nkey", "[stages]\nkey"),
        ('name = "Harbour House"', "name = 5"),
        ('name = "Harbour House"\n', ""),
        ("final = true", 'final = "yes"'),
        ("2026-02-01", '"next spring"'),
        ('promptly = "immediately"', 'promptly = "at once"'),
        ("language = 1", "language = 2"),
        ("[provider]", "[providers]"),
        ('handles = ["manager"', 'handels = ["manager"'),
        ('starts_at = "first"', 'starts_at = "first"\nonly_if = { anonymous = "yes" }'),
        ('starts_at = "first"', 'starts_at = "first"\nonly_if = {}'),
    ],
)
def test_the_usual_mistakes_are_marked_and_the_reader_refuses_them_too(tmp_path: Path, right: str, wrong: str) -> None:
    assert right in WHOLE and marked(WHOLE) == []
    text = WHOLE.replace("[[stages]]", "[stages]") if wrong.startswith("[stages]") else WHOLE.replace(right, wrong, 1)
    try:
        said = marked(text)
    except tomllib.TOMLDecodeError:
        said = ["the editor cannot even read it"]
    assert said
    with pytest.raises(ProcedureFaults):
        read_procedure(written(tmp_path, text))


def test_every_table_says_what_it_is_for() -> None:
    tables: dict[str, Any] = procedure_json_schema()["definitions"]
    silent = {name for name, table in tables.items() if "description" not in table}
    assert silent == {"People"}, "its keys are the parts, explained under Instead"


def test_every_reference_leads_to_a_table() -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
            node = [*node.values()]
        for inner in node if isinstance(node, list) else ():
            yield from references(inner)

    whole = procedure_json_schema()
    assert {*references(whole)} <= {f"#/definitions/{name}" for name in whole["definitions"]}
