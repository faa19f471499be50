"""A signed receipt proves to somebody else that a report was received, and holds no word of it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.intake.following import SIGNING
from services.intake.receipt_cli import receipt as command
from services.intake.signed_receipts import NotAReceipt, check, issue, public_key
from tests.safeguarding.two_houses import TwoHouses

SECRET, SALT = bytes(range(32)), b"sixteen of these"
WORDS = "The woman on nights took my phone.\nShe laughed."
ABOUT = {"Reference": "H7K2-9QXM-4TBD", "About": "Harbour House", "Received": "2026-12-25T02:00:00+00:00"}


@pytest.fixture
def text() -> str:
    return issue(SECRET, SALT, WORDS, ABOUT)


def test_it_can_be_read_and_checked_and_holds_no_word(text: str) -> None:
    found = check(text, public_key(SECRET), WORDS)
    assert found.good and found.by_this_key and found.these_words
    assert found.lines["Reference"] == "H7K2-9QXM-4TBD"
    assert not any(word in text for word in ("woman", "nights", "phone", "laughed"))


def test_it_survives_the_line_ends_and_the_mark_that_an_office_programme_adds(text: str) -> None:
    assert check("\ufeff" + text.replace("\n", "\r\n") + "\r\n", words=WORDS.replace("\n", "\r\n")).good


@pytest.mark.parametrize("was, now", [("2026-12-25", "2026-12-24"), ("Harbour", "Arbour"), ("9QXM", "9QXN")])
def test_whoever_changes_a_letter_is_found_out(text: str, was: str, now: str) -> None:
    assert not check(text.replace(was, now)).genuine


def test_one_that_somebody_signed_themselves_is_not_the_installation_s(text: str) -> None:
    forged = issue(bytes(32), SALT, WORDS, ABOUT)
    assert check(forged).genuine
    assert check(forged, public_key(SECRET)).by_this_key is False
    assert not check(forged, public_key(SECRET)).good


def test_other_words_are_not_the_words_received(text: str) -> None:
    assert check(text, words="The woman on nights took my shoe.").these_words is False


def test_a_name_with_a_line_break_adds_no_line() -> None:
    found = check(issue(SECRET, SALT, WORDS, ABOUT | {"About": "Home\nReceived: 2001-01-01"}))
    assert found.lines["Received"] == ABOUT["Received"]


def test_when_the_words_have_been_erased_it_says_so_and_stays_good() -> None:
    found = check(issue(SECRET, SALT, None, ABOUT), words=WORDS)
    assert found.genuine and found.these_words is False
    assert "no longer kept" in found.lines["Digest of the words"]


@pytest.mark.parametrize("text", ["", "Dear Ombudsman", "HEARD SIGNED RECEIPT 1\nKey: nonsense\nSignature: x\n"])
def test_what_is_no_receipt_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotAReceipt):
        check(text)


def test_the_code_opens_it_and_the_same_one_comes_each_time(houses: TwoHouses) -> None:
    report = houses.submit(what_happened=WORDS)
    asked = {"reference": report["reference"], "code": report["receipt_code"]}
    first, second = (houses.reports.post("/receipts/signed", json=asked).get_json()["text"] for _ in range(2))
    assert first == second
    key = houses.reports.get("/receipts/key").get_json()["pem"]
    found = check(first, key, WORDS)
    assert found.good and found.lines["Reference"] == report["reference"]
    assert found.lines["Received"] == report["received_at"]


def test_without_the_code_there_is_none(houses: TwoHouses) -> None:
    report = houses.submit()
    asked = {"reference": report["reference"], "code": "0000 0000 0000 0000"}
    assert houses.reports.post("/receipts/signed", json=asked).status_code == 404


def test_it_can_still_be_had_when_the_words_are_erased(houses: TwoHouses) -> None:
    report = houses.submit()
    with houses.intake.db.writing() as conn:
        houses.intake.vault.erase(conn, report["report_id"], houses.intake.clock.now())
    asked = {"reference": report["reference"], "code": report["receipt_code"]}
    text = houses.reports.post("/receipts/signed", json=asked).get_json()["text"]
    assert check(text, public_key(houses.intake.vault.derive(SIGNING))).good and "no longer kept" in text


def test_the_command_says_what_it_found_and_how_it_ends(tmp_path: Path, text: str) -> None:
    file, key = tmp_path / "receipt.txt", tmp_path / "key.pem"
    file.write_text(text)
    key.write_text(public_key(SECRET))
    run = CliRunner().invoke
    good = run(command, ["verify", str(file), "--key", str(key)])
    assert (good.exit_code, "signed with the key you gave" in good.output) == (0, True)
    raw = base64.b64encode(bytes(32)).decode()
    other = run(command, ["verify", str(file), "--key", raw, "--json"])
    assert (other.exit_code, json.loads(other.output)["by_this_key"]) == (1, False)
    file.write_text("nothing of the kind")
    none = run(command, ["verify", str(file)])
    assert none.exit_code == 2 and "is no signed receipt" in none.output
