"""The folder that an outsider copies shows the whole language: each key stands in it, used or commented out."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from heard import procedure as vocabulary
from heard.procedure_file import procedure_schema, read_procedure
from heard.registry import load_procedures
from heard.schema import schema_of
from heard.vocabulary import CONDITION_WORDS, FLAGS, PARTS

(FILE,) = load_procedures().plugin("example_provider").files
TEXT = Path(FILE).read_text(encoding="utf-8")
UNUSED = "#: "  # before a rule that Example House has no use for
WITHOUT_OWN_WORDS = {"Clock", "Condition", "Test", "Rule", "Procedure"}
SHAPES = [
    shape
    for name in vocabulary.__all__
    if dataclasses.is_dataclass(shape := getattr(vocabulary, name)) and name not in WITHOUT_OWN_WORDS
]
ON_EVERY_RULE = {"says", "reading", "per", "only_if", "source"}


def keys_of(shape: Any) -> set[str]:
    """The keys that a table of this shape may have in a file."""
    columns = schema_of(shape)().fields.items()
    return {str(one.data_key or name) for name, one in columns if not str(one.data_key or name).startswith("reader:")}


def stands(key: str) -> bool:
    return bool(re.search(rf"(^|[\s{{\[.]){re.escape(key)}(\s*=|\])", TEXT, re.M))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape.__name__))
def test_every_key_of_the_language_stands_in_it(shape: Any) -> None:
    assert sorted(key for key in keys_of(shape) if not stands(key)) == []


def test_every_heading_and_every_part_stands_in_it() -> None:
    headings = [str(one.data_key) for one in procedure_schema()().fields.values()]
    assert [one for one in (*headings, *PARTS) if not stands(one)] == []


def test_every_word_of_a_condition_is_named_in_it() -> None:
    assert [word for word in (*CONDITION_WORDS, *FLAGS) if not re.search(rf"\b{word}\b", TEXT)] == []


def test_every_key_is_explained_or_stands_under_a_line_that_is_not_a_rule() -> None:
    """Between two explanations stand few rules: nobody has to guess what a key means."""
    unexplained, since = [], 0
    for number, line in enumerate(TEXT.splitlines(), 1):
        since = 0 if line.lstrip().startswith("# ") or not line.strip() else since + 1
        if since > 24:
            unexplained.append(number)
    assert unexplained == []


def test_what_stands_there_as_an_example_is_a_rule_that_could_stand(tmp_path: Path) -> None:
    """Taken one by one, with the #: away, each commented rule is TOML; the reference is a whole heading that reads."""
    for line in TEXT.splitlines():
        if line.lstrip().startswith(UNUSED):
            tomllib.loads(line.lstrip().removeprefix(UNUSED))
    start = TEXT.index(f"{UNUSED}[reference]")
    heading = TEXT[start : TEXT.index("\n\n", start)]
    whole = TEXT.replace(heading, heading.replace(UNUSED, ""))
    copied = tmp_path / "procedure.toml"
    copied.write_text(whole, encoding="utf-8")
    reference = read_procedure(copied).reference
    assert reference is not None and reference.given_at == "formal"
