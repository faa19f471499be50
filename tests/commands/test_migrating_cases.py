"""`heard policy migrate`: which cases it asks about, what it says of each, and what it answers the shell."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner, Result

from services.migrating_cli import migrate
from tests.commands.served import Quiet, served

OLD, NEW = "ioi_support@2026-01-01#aaaaaaaaaaaa", "ioi_support@2027-01-01#bbbbbbbbbbbb"


def listed(case_id: str, version: str, state: str = "open") -> dict[str, str]:
    return {"case_id": case_id, "reference": f"{case_id.upper()}-REF", "state": state, "procedure_version": version}


PAGES = [
    [listed("c1", OLD), listed("c2", NEW)],
    [listed("c3", OLD), listed("c4", "children_act@2026-01-01#c"), listed("c5", OLD, "closed")],
]
LINE = {"change": "another_day", "says": "Answer", "clause": ["IOI-23"], "was": "2026-12-07", "is": "2026-12-14",
        "status": "running"}  # fmt: skip


class Portal(Quiet):
    """A portal with two pages of cases, one of which cannot go over."""

    asked: ClassVar[list[tuple[str, Any]]] = []

    def do_GET(self) -> None:
        page = int(self.path.partition("page=")[2])
        self._answer(200, {"cases": PAGES[page - 1], "page": page, "pages": len(PAGES), "total": 5})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        case_id = self.path.split("/")[-2]
        self.asked.append((case_id, body))
        if case_id == "c3":
            self._answer(409, {"title": "Refused", "detail": "It stands in a stage that there is no more."})
            return
        said = {"case_id": case_id, "reference": f"{case_id.upper()}-REF", "from": OLD, "to": body["to"]}
        self._answer(200, said | {"obstacles": [], "changes": [LINE]})

    def _answer(self, status: int, answer: Any) -> None:
        said = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


@pytest.fixture
def portal() -> Iterator[str]:
    Portal.asked.clear()
    with served(Portal) as address:
        yield address


def run(portal: str, *words: str, token: str = "a token") -> Result:
    return CliRunner().invoke(migrate, [*words, "--to", NEW, "--at", portal], env={"HEARD_TOKEN": token})


def test_each_open_case_of_the_procedure_goes_over_and_one_that_cannot_is_told(portal: str) -> None:
    said = run(portal, "--all", "--reason", "The document was revised")
    assert [case_id for case_id, _ in Portal.asked] == ["c1", "c3"]
    assert Portal.asked[0][1] == {"to": NEW, "reason": "The document was revised", "rehearse": False}
    assert "another day  2026-12-07 -> 2026-12-14  Answer (IOI-23)" in said.output
    assert "cannot       It stands in a stage that there is no more." in said.output
    assert "1 case went over; 1 cannot." in said.output
    assert said.exit_code == 1


def test_a_look_before_needs_no_reason_and_changes_nothing(portal: str) -> None:
    said = run(portal, "C1-REF", "--dry-run", "--json")
    assert Portal.asked == [("c1", {"to": NEW, "reason": "", "rehearse": True})]
    assert json.loads(said.output)["cases"][0]["changes"] == [LINE]
    assert said.exit_code == 0


@pytest.mark.parametrize(
    ("words", "token", "says"),
    [
        (("--all",), "a token", "reason"),
        ((), "a token", "--all"),
        (("C1-REF", "--all"), "a token", "--all"),
        (("C1-REF", "--dry-run"), "", "HEARD_TOKEN"),
        (("C9-REF", "--dry-run"), "a token", "There is no case C9-REF"),
    ],
)
def test_what_is_missing_is_said_in_one_line(portal: str, words: tuple[str, ...], token: str, says: str) -> None:
    said = run(portal, *words, token=token)
    assert said.exit_code == 2
    assert says in said.output
    assert Portal.asked == []
