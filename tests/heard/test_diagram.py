"""The stages of a procedure as a picture and as a list."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from heard.diagram import as_dot, as_list, as_svg
from heard.procedure_file import read_procedure
from tests.heard.samples import WHOLE, written


def test_the_picture_shows_each_stage_and_each_way_between_them(tmp_path: Path) -> None:
    dot = as_dot(read_procedure(written(tmp_path)))
    assert dot.startswith('digraph "harbour_house" {')
    assert '"first" [label="First answer\\nanswer within 10 working days"]' in dot
    assert '"first" -> "second" [label="asked by complainant, within 20 working days"]' in dot
    assert '"second" [label="Second look", peripheries=2]' in dot
    assert '"received" -> "first"' in dot


def test_a_name_with_quotes_does_not_break_the_picture(tmp_path: Path) -> None:
    text = WHOLE.replace('name = "Second look"', "name = 'Second \"look\"'")
    assert r'label="Second \"look\""' in as_dot(read_procedure(written(tmp_path, text)))


def test_the_list_says_the_same_in_order(tmp_path: Path) -> None:
    assert as_list(read_procedure(written(tmp_path))) == [
        "1. First answer",
        "   Answer: within 10 working days",
        "   then second: asked by complainant, within 20 working days",
        "2. Second look (the last)",
    ]


def test_without_graphviz_there_is_no_picture_and_with_it_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    procedure = read_procedure(written(tmp_path))
    picture = as_svg(procedure)
    assert (picture is not None and "<svg" in picture) == (shutil.which("dot") is not None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert as_svg(procedure) is None
