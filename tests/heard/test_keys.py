"""What each key means is told once, for the guide, for editors and for the terminal, and no key is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from heard.editor_schema import procedure_json_schema
from heard.keys import as_markdown, meaning, meanings, tables
from tests.heard.test_new_provider import run

GUIDE = Path(__file__).parents[2] / "heard" / "README.md"


def test_every_key_of_every_table_is_explained() -> None:
    silent = [f"{name}.{key}" for name, keys in tables().items() for key in keys if meaning(name, key) is None]
    assert silent == [], "explain it in heard/keys.toml, then put what `heard policy keys` prints into heard/README.md"
    assert [name for name in tables() if name not in meanings() or name not in meanings()["where"]] == []


def test_nothing_is_explained_that_is_not_there() -> None:
    told = {name: its for name, its in meanings().items() if name != "where"}
    gone = [f"{name}.{key}" for name, its in told.items() for key in its if key != "it" and key not in tables()[name]]
    assert gone == []


def test_the_guide_has_the_tables_as_they_are() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    missing = [line for line in as_markdown().splitlines() if line not in guide]
    assert missing == [], "put what `heard policy keys` prints at the end of heard/README.md"


def test_an_editor_shows_what_a_key_means() -> None:
    duty = procedure_json_schema()["definitions"]["Duty"]
    assert duty["properties"]["pauses"]["description"].startswith("Whether it stands still")
    assert duty["properties"]["within"]["description"] == "How long it may take."


def test_a_key_can_be_asked_for_at_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "policy", "keys", "stands_in")
    assert code == 0 and out == "[[roles]]  stands_in: Who takes over, in order.\n"
    assert "[[stages.ways_on]]  remind: " in run(capsys, "policy", "keys", "wayon", "remind")[1]
    assert run(capsys, "policy", "keys")[1].strip() == as_markdown().strip()
    code, _, err = run(capsys, "policy", "keys", "nonsense")
    assert code == 2 and "no key is called 'nonsense'" in err
