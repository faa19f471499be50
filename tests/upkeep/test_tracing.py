"""Everything that one person told us is found by who told it, and goes; what is another's, or must be kept, stays."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from heard.ledger import Happening
from services.chassis import ledger
from services.chassis.house import House
from services.chassis.migrations import migrate
from services.chassis.settings import Settings
from services.chassis.tables import new_id
from services.chassis.vault import Erased
from services.intake.models import reports
from services.safeguarding import erasing as at_safeguarding
from services.safeguarding.models import ledger as ledger_rows
from services.safeguarding.models import words as said_to_safeguarding
from services.safeguarding.said import words_row
from services.upkeep import erasing, tracing
from services.upkeep.erasing_cli import erase_person, erased
from services.workflow import sealed
from services.workflow.models import cases, words
from tests.directory.neighbours import NOW

WHO = tracing.Person("Grumblewick Averley", frozenset({"g@averley.example"}), frozenset({"07700 900 123"}))
TOLD: list[tuple[dict[str, str], str, list[dict[str, str]]]] = [
    ({"name": "Grumblewick Averley"}, "parent", []),
    ({"safe_contact": " G@Averley.example "}, "parent", []),
    ({"phone": "+44 7700 900123"}, "neighbour", []),
    ({"child_name": "AVERLEY, Grumblewick"}, "young_person", []),
    ({"name": "Somebody Else", "child_name": "Grumblewick Averley"}, "parent", []),
    ({"name": "Somebody Else"}, "parent", [{"subject": "s1", "name": "Grumblewick Averley"}]),
    ({"name": "Grumblewick"}, "parent", []),
    ({"name": "Somebody Else"}, "parent", []),
    ({}, "parent", []),
]
PARTS = [tracing.TOLD] * 4 + [tracing.CHILD, tracing.ABOUT, tracing.PERHAPS]


def told(settings: Settings) -> list[str]:
    """One report each; their ids."""
    house, ids = House(settings, "intake"), [f"{number:032x}" for number in range(len(TOLD))]
    with house.db.writing() as conn:
        for number, (contact, who, about) in enumerate(TOLD):
            said = {"contact": contact, "words": {"what_happened": "The tap.", "about": json.dumps(about)}}
            envelopes = {}
            for retention, fields in said.items():
                key = house.vault.key_for(conn, ids[number], retention)
                envelopes[retention] = {**house.vault.envelope(key, fields)}
                del envelopes[retention]["wraps"]
            conn.execute(reports.insert().values(
                id=ids[number], reference=f"AAAA-AAAA-{number:04}", receipt_digest="0", operator="o", provider="p",
                home="h", received_at=NOW - timedelta(days=len(TOLD) - number), fact={"complainant": who}, paged=False,
                **envelopes,
            ))  # fmt: skip
    house.close()
    return ids


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.real_parts)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An installation of one process, and one on servers."""
    if request.param == "embedded":
        alone: Settings = request.getfixturevalue("installation")
        return alone
    url = request.getfixturevalue("database_url")
    made = Settings(mode="distributed", database_url=url, var=tmp_path, keys_dir=tmp_path / "keys", pool=2)
    migrate(made, erasing.HOLD_KEYS)
    return made


def heard(monkeypatch: pytest.MonkeyPatch, settings: Settings, command: object, *words: str) -> str:
    monkeypatch.setenv("HEARD_VAR", str(settings.var))
    monkeypatch.setattr("services.chassis.green.patch", lambda: None)  # this process is not to be patched
    return CliRunner().invoke(command, [*words]).output  # type: ignore[arg-type]


def test_each_report_is_found_as_what_they_are_in_it_and_nothing_is_changed(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(installation)
    monkeypatch.setattr("services.intake.erasing._AT_ONCE", 2)
    found = tracing.traces(installation, WHO, NOW)
    assert [one.part for one in found] == PARTS
    assert all("Its case is not open yet." in one.stays for one in found)
    assert "Somebody else told us this." in found[4].stays and "Somebody else told us this." in found[5].stays
    assert tracing.traces(installation, WHO, NOW) == found


def test_where_they_are_named_in_what_was_written_is_listed_for_a_person_when_it_is_asked_for(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = told(installation)
    house = House(installation, "workflow")
    with house.db.writing() as conn:
        for number, text in ((7, "I said it to Averley, whom we call Grumblewick."), (8, "It was not Grumblewick.")):
            note = sealed.written_here(
                house.vault, conn, ids[number], new_id(), "staff_note", NOW, {"words": text}
            )  # fmt: skip
            conn.execute(words.insert().values(note))
            about = {"id": ids[number], "report_id": ids[number], "reference": f"R{number}", "operator": "o"}
            conn.execute(cases.insert().values(
                **about, provider="p", home="h", procedure_version="x", received_at=NOW, seq=1, heard_seq=0,
                roster_version=0, state="closed",
            ))  # fmt: skip
    house.close()
    monkeypatch.setattr(tracing, "_kept", lambda *_: ())
    found = tracing.traces(installation, WHO, NOW, words=True)
    assert [one.part for one in found] == [*PARTS, tracing.WITHIN]
    assert found[-1].report_id == ids[7] and "read it, and decide" in found[-1].stays[0]
    assert len(tracing.traces(installation, WHO, NOW)) == len(PARTS)
    for option, says in ((["--words"], "Not looked at: a name that is spelt otherwise"), ([], "--words looks there")):
        listed = heard(monkeypatch, installation, erase_person, WHO.name, *option)
        assert says in listed and "we call" not in listed
    assert WHO.stands_in("ring 07700 900-123") and not WHO.stands_in("ring 07700 900124")


def on_record(house: House, report_id: str, *rows: tuple[str, dict[str, Any], str], raised: str = "") -> None:
    """What the lead wrote on a record, and the words with which somebody raised a concern."""
    happenings = [Happening(seq, event, NOW, NOW, "lead", None, data) for seq, (event, data, _) in enumerate(rows, 1)]
    with house.working() as work:
        texts = {seq: text for seq, (*_, text) in enumerate(rows, 1)}
        ledger.append(work, ledger_rows, report_id, 0, happenings, texts)
        if raised:
            said = house.vault.envelope(house.vault.key_for(work.conn, report_id, "words"), {"words.1": raised})
            row = words_row(new_id(), report_id, "concern", NOW, {"words": said}, NOW)
            work.conn.execute(said_to_safeguarding.insert().values(row))


def test_what_stands_on_a_safeguarding_record_and_in_its_forms_is_looked_through_too(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    ids = told(settings)
    house, form = House(settings, "safeguarding"), {"form": "working_together.lado"}
    sent = [{"heading": "Who", "answers": [{"key": "whom", "asks": "Whom", "answer": "Grumblewick Averley"}]}]
    on_record(house, ids[7], ("concern_cleared", {}, "It was Averley, Grumblewick, who rang."))
    on_record(house, ids[8], ("form_sent", form, json.dumps(sent)))
    assert [one.report_id for one in tracing.traces(settings, WHO, NOW, words=True)[len(PARTS):]] == ids[7:]
    on_record(house, "a" * 32, ("form_filled", form, json.dumps({"who": "Grumblewick", "whose": "Averley"})))
    on_record(house, "b" * 32, ("form_filled", form, json.dumps({"who": "g@averley.example"})))
    on_record(house, "c" * 32, raised="Ring 07700 900123.")
    named = {}
    with house.db.writing() as conn:
        for one in ("a" * 32, "b" * 32, "c" * 32):
            named[one[0]] = any(map(WHO.stands_in, at_safeguarding.written_in(house, conn, one)))
        house.vault.erase(conn, ids[7], NOW)
        assert list(at_safeguarding.written_in(house, conn, ids[7])) == []
    assert named == {"a": False, "b": True, "c": True}, "answers are looked at one by one"
    house.close()
    assert "Averley" not in "".join(capfd.readouterr())


def test_what_can_go_goes_with_its_reason_written_down_and_the_rest_stays(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = told(installation)
    monkeypatch.setattr(erasing, "in_the_way", lambda *_: None)  # their cases are over
    asked = (WHO.name, "--email", "g@averley.example", "--phone", "07700900123")
    listed = heard(monkeypatch, installation, erase_person, *asked)
    assert "7 found, 4 can go." in listed and listed.count("Can go.") == 4
    assert "Say with --because" in heard(monkeypatch, installation, erase_person, *asked, "--erase", "--yes")
    done = heard(monkeypatch, installation, erase_person, *asked, "--erase", "--yes", "--because", "request 14")
    assert done.count("Erased: ") == 4
    house = House(installation, "intake")
    with house.db.reading() as conn:
        for number, one in enumerate(ids):
            if number < 4:
                with pytest.raises(Erased):
                    house.vault.key(conn, one, "words")
            else:
                assert house.vault.key(conn, one, "words")
    house.close()
    again = heard(monkeypatch, installation, erase_person, *asked)
    assert "3 found, 0 can go." in again
    assert heard(monkeypatch, installation, erased).count(": request 14\n") == 4
