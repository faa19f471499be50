"""What each key means is told to editors and at the terminal; `tests/agreement` holds it against the guide."""

from __future__ import annotations

import pytest

from heard.editor_schema import procedure_json_schema
from heard.keys import as_markdown
from tests.heard.test_new_provider import run


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
