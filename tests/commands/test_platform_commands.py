"""The platform's commands say in one line what is wrong and what is allowed, and print JSON when asked."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner, Result

from services.cli import complaint, serve, up
from tests.commands.served import Quiet, served
from tests.ground.ports import free_port
from tests.ground.world import a_report


class Portal(Quiet):
    """A portal that takes any report about Harbour House and shows one case."""

    asked: ClassVar[list[tuple[str, str, dict[str, str], Any]]] = []

    def _take(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        self.asked.append((self.command, self.path, dict(self.headers), body))
        status, answer = self._answer(body)
        said = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = _take

    def _answer(self, body: Any) -> tuple[int, Any]:
        if self.command == "POST":
            if body.get("home") != "harbour-house":
                fields = {"home": ["There is no such home."]}
                return 422, {"title": "Something is missing", "detail": "We could not take this.", "fields": fields}
            return 201, {"reference": "H7K2-9QXM-4TBD", "receipt_code": "1234 5678 9012 3456", "links": {}}
        if self.path.endswith("/complaints/H7K2-9QXM-4TBD") and self.headers["X-Receipt-Code"] == "1234567890123456":
            promise = {"says": "Acknowledge", "by": "Wednesday 25 November", "status": "open"}
            known = {"reference": "H7K2-9QXM-4TBD", "status": "Received", "next": ["Somebody reads it."]}
            return 200, known | {"promises": [promise]}
        if self.path.startswith("/api/v1/cases?"):
            return 200, {"cases": [{"id": "c1", "reference": "H7K2-9QXM-4TBD", "home": "Harbour House"}], "more": False}
        if self.path == "/api/v1/cases/c1/ledger":
            row = {"seq": 1, "event": "received", "at": "2026-11-22T10:00:00+00:00"}
            return 200, {"case_id": "c1", "reference": "H7K2-9QXM-4TBD", "whole": True, "happenings": [row]}
        return 404, {"title": "Not found", "detail": "There is nothing here for you."}


@pytest.fixture
def portal() -> Iterator[str]:
    Portal.asked.clear()
    with served(Portal) as address:
        yield address


def heard(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(complaint, list(words), input=stdin)


def test_a_report_handed_in_answers_with_its_receipt(portal: str) -> None:
    said = heard("--at", portal, "submit", "-", "--key", "k1", "--json", stdin=json.dumps(a_report()))
    assert said.exit_code == 0
    assert json.loads(said.stdout)["reference"] == "H7K2-9QXM-4TBD"
    assert Portal.asked[0][2]["Idempotency-Key"] == "k1"
    assert Portal.asked[0][3] == a_report()


def test_the_address_may_stand_after_the_command_too(portal: str) -> None:
    said = heard("submit", "-", "--at", portal, stdin=json.dumps(a_report()))
    assert said.exit_code == 0 and "Reference H7K2-9QXM-4TBD" in said.stdout


def test_a_report_at_fault_is_answered_in_one_line_that_names_the_field(portal: str) -> None:
    said = heard("--at", portal, "submit", "-", stdin=json.dumps(a_report(home="nowhere")))
    assert said.exit_code == 2
    assert said.stderr == "We could not take this. home: There is no such home.\n"


def test_a_file_that_is_no_report_is_named(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("[1, 2")
    said = heard("submit", str(tmp_path / "report.json"))
    assert said.exit_code == 2
    assert said.stderr.count("\n") == 1 and "is not JSON" in said.stderr


def test_a_list_is_no_report_either(tmp_path: Path) -> None:
    said = heard("submit", "-", stdin="[]")
    assert said.exit_code == 2 and "one JSON object" in said.stderr


def test_the_receipt_code_shows_what_happens_next_and_travels_in_a_header(portal: str) -> None:
    said = heard("--at", portal, "show", "H7K2-9QXM-4TBD", "--code", "1234567890123456")
    assert said.exit_code == 0
    assert "Somebody reads it." in said.stdout and "Wednesday 25 November" in said.stdout
    assert "1234567890123456" not in Portal.asked[0][1]


def test_a_wrong_code_is_refused_in_one_line(portal: str) -> None:
    said = heard("--at", portal, "show", "H7K2-9QXM-4TBD", "--code", "0000")
    assert (said.exit_code, said.stderr) == (2, "There is nothing here for you.\n")


def test_listing_needs_a_token_and_says_so(portal: str) -> None:
    said = heard("--at", portal, "list")
    assert said.exit_code == 2 and "HEARD_TOKEN" in said.stderr


def test_the_cases_of_a_token_are_listed(portal: str) -> None:
    said = heard("--at", portal, "--token", "t", "list", "--json")
    assert [row["reference"] for row in json.loads(said.stdout)] == ["H7K2-9QXM-4TBD"]
    assert Portal.asked[0][2]["Authorization"] == "Bearer t"


def test_the_ledgers_of_a_token_s_cases_are_written_one_file_each_for_its_holder_alone(
    portal: str, tmp_path: Path
) -> None:
    said = heard("--at", portal, "--token", "t", "ledgers", "--to", str(tmp_path / "last-year"))
    assert said.exit_code == 0 and "1 case written" in said.stdout
    (file,) = (tmp_path / "last-year").iterdir()
    assert json.loads(file.read_text())["happenings"][0]["event"] == "received"
    assert file.name == "c1.json" and file.stat().st_mode & 0o777 == 0o600


def test_ledgers_need_a_token_and_a_folder_that_can_be_written(portal: str, tmp_path: Path) -> None:
    assert "HEARD_TOKEN" in heard("--at", portal, "ledgers", "--to", str(tmp_path)).stderr
    (tmp_path / "file").write_text("")
    said = heard("--at", portal, "--token", "t", "ledgers", "--to", str(tmp_path / "file" / "below"))
    assert said.exit_code == 1 and said.stderr.startswith("0 written, then: ")


def test_a_platform_that_is_not_running_is_no_fault_of_the_asker() -> None:
    said = heard("--at", f"http://127.0.0.1:{free_port()}", "submit", "-", stdin=json.dumps(a_report()))
    assert said.exit_code == 1 and "Is it running?" in said.stderr


def test_an_address_that_is_none_is_named() -> None:
    said = heard("--at", "harbour-house", "submit", "-", stdin="{}")
    assert said.exit_code == 2 and "begins with http" in said.stderr


def test_only_a_service_that_exists_can_be_served() -> None:
    said = CliRunner().invoke(serve, ["postman"])
    assert said.exit_code == 2 and "safeguarding" in said.stderr


def test_an_installation_at_fault_is_told_all_its_faults_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_INSTALLATION", "demo")
    monkeypatch.setenv("HEARD_KNOCK_AFTER", "-1")
    monkeypatch.setenv("HEARD_MODE", "embedded")
    said = CliRunner().invoke(up, [])
    assert said.exit_code == 2
    assert "trial or live" in said.stderr and "HEARD_KNOCK_AFTER" in said.stderr and said.stderr.count("\n") == 1
