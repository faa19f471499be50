"""The stages of a procedure as a picture and as a list."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from heard.diagram import as_dot, as_list, as_svg
from heard.procedure_file import read_procedure
from heard.registry import load_procedures
from tests.heard.samples import WHOLE, written


def test_the_picture_shows_each_stage_and_each_way_between_them(tmp_path: Path) -> None:
    dot = as_dot(read_procedure(written(tmp_path)))
    assert dot.startswith('digraph "harbour_house" {')
    assert '"first" [label="First answer\\nanswer within 10 working days", penwidth=1.5]' in dot
    assert r'"first" -> "second" [label="  asked by complainant,  \l  within 20 working days  \l", penwidth' in dot
    assert '"second" [label="Second look", peripheries=2, penwidth=1.5]' in dot
    assert '"received" [label="A report comes in", shape=ellipse]' in dot and '"received" -> "first"' in dot


def test_ways_between_the_same_places_are_one_arrow_with_each_reason() -> None:
    dot = as_dot(load_procedures().get("ioi_support"))
    assert dot.count('"stage_1" -> "stage_2"') == 1
    assert r"  – asked by complainant  \l  – Should this new  \l" in dot


def test_places_outside_and_second_cases_have_their_names() -> None:
    dot = as_dot(load_procedures().get("infinity_alliance"))
    assert '"ombudsman"' in dot and "Local Government and Social\\nCare Ombudsman" in dot
    assert "A second case: " in dot
    assert '"placing_authority" [label="the placing authority"' in as_dot(load_procedures().get("ioi_support"))


@pytest.mark.parametrize("key", load_procedures().keys())
def test_on_an_a4_page_its_letters_can_be_read(key: str) -> None:
    """No line is so long that the page would have to shrink the rest; graphviz is told the size of the page."""
    dot = as_dot(load_procedures().get(key))
    assert 'size="7.3,10.2"' in dot
    labels = re.findall(r'label="((?:[^"\\]|\\.)*)"', dot.partition("node [")[2])
    longest = [line for label in labels for line in re.split(r"\\[nl]", label) if len(line) > 40]
    assert labels and longest == []


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
