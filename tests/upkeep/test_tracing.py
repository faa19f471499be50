"""Everything that one person told us is found by who told it, and goes; what is another's, or must be kept, stays."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from services.chassis.house import House
from services.chassis.settings import Settings
from services.chassis.tables import new_id
from services.chassis.vault import Erased
from services.intake.models import reports
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
