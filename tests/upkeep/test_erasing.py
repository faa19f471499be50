"""Somebody's words are gone for good: no service opens them any more, nothing finds them, and nowhere do they lie."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.chassis.house import House
from services.chassis.migrations import migrate
from services.chassis.settings import SERVICES, Settings
from services.chassis.tables import HOUSE
from services.chassis.vault import READERS, Erased
from services.upkeep import erasing
from services.upkeep.erasing import HOLD_KEYS
from tests.ground import world
from tests.ground.harness import Platform
from tests.journeys.story import Story

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MANAGER = "tobias-fennimore"
TOLD = ("zephyrsnout", "grumblewick", "marrowquill", "thistlefen", "bramblecote")
"""Words that stand in nothing else: in the report, in who told it, in what came later, in a letter and in a note."""
CHILD = {
    "is": "young_person", "name": "Grumblewick Averley", "email": "grumblewick@averley.example", "anonymous": False
}  # fmt: skip


def cells(platform: Platform) -> str:
    """Everything that stands in every table of every service, as one text."""
    found: list[str] = []
    for service in SERVICES:
        for table in platform.rows(service, "SELECT name FROM sqlite_master WHERE type = 'table'"):
            for row in platform.rows(service, f'SELECT * FROM "{table["name"]}"'):
                found += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row.values()]
    return "\n".join(found)


def wraps(platform: Platform, ids: list[str]) -> set[str]:
    """The wrapped keys of a report and its cases, wherever they are kept."""
    marks = ", ".join("?" * len(ids))
    found: set[str] = set()
    for service in HOLD_KEYS:
        rows = platform.rows(service, f"SELECT wraps FROM keys WHERE case_id IN ({marks})", ids)
        found |= {wrap for row in rows for wrap in json.loads(row["wraps"]).values()}
    return found


def found_by_name(platform: Platform, name: str) -> list[Any]:
    return list(platform.seat(MANAGER).post("/cases/find", {"name": name})["cases"])


def test_the_services_that_hold_keys_are_those_that_let_go_of_them() -> None:
    assert set(HOLD_KEYS) == {service for services in READERS.values() for service in services}


def test_on_servers_a_service_lets_go_of_its_keys_and_of_the_facts_that_brought_them(
    tmp_path: Path, database_url: str
) -> None:
    settings = Settings(mode="distributed", database_url=database_url, var=tmp_path, keys_dir=tmp_path / "keys", pool=2)
    migrate(settings, ["workflow"])
    house, ours, others, later = House(settings, "workflow"), ["a" * 32], ["b" * 32], "c" * 32
    with house.db.writing() as conn:
        for one in (*ours, *others):
            house.vault.key_for(conn, one, "contact")
            fact = {"fact": "words_written", "body": {"case_id": one}, "correlation": "", "urgent": False}
            conn.execute(HOUSE.outbox.insert().values(fact | {"message_id": one, "written_at": NOW}))
        new = {"fact": "words_written", "body": {"case_id": ours[0]}, "correlation": "", "urgent": False}
        conn.execute(HOUSE.outbox.insert().values(new | {"message_id": later, "written_at": NOW}))
    with house.db.reading() as conn:
        assert erasing.on_its_way(house, conn, ours)
    with house.db.writing() as conn:
        conn.execute(HOUSE.outbox.update().where(HOUSE.outbox.c.message_id != later).values(sent_at=NOW))
    assert erasing.let_go(house, ours) == 1 and erasing.let_go(house, ours) == 0
    with house.db.reading() as conn:
        assert erasing.on_its_way(house, conn, ours), "what came in that very moment is not lost"
        assert {row.message_id for row in conn.execute(HOUSE.outbox.select()).all()} == {*others, later}
        assert house.vault.key(conn, others[0], "contact")
        with pytest.raises(Erased):
            house.vault.key(conn, ours[0], "contact")
    house.close()


def test_after_an_erasure_no_table_of_any_service_holds_a_word_or_a_key_of_it(embedded_platform: Platform) -> None:
    platform = embedded_platform
    report = world.a_report(complainant=CHILD, about=[], what_happened="The zephyrsnout in my room leaks.")
    receipt = platform.submit(report)
    story = Story(platform, receipt).reaches(MANAGER)
    said, holder = {"words": "It is the marrowquill, too."}, {"X-Receipt-Code": receipt.code}
    platform.anybody.post(f"/complaints/{receipt.reference}/messages", said, headers=holder)
    story.sends(MANAGER, "acknowledge", "acknowledge", "stage_1", words="Hello. I look into the thistlefen.")
    platform.wait_until(lambda: found_by_name(platform, "Grumblewick"), what="it is found by who told it")
    refused = platform.command("erase", receipt.reference, "--yes")
    assert refused.returncode == 1 and "Its case is not closed. Nothing was erased." in refused.stderr
    story.sends(
        MANAGER, "respond", "respond", "stage_1", findings={"complaint": "upheld"}, reasons_for=["complaint"],
        words="You were right about the bramblecote.",
    )  # fmt: skip
    story.does_all_that_is_owed(MANAGER)
    story.does(MANAGER, "close", outcome="answered")
    page = json.dumps(story.page())
    assert all(word in page.lower() for word in TOLD if word != "grumblewick")
    case, kept = [story.id], wraps(platform, [story.id])
    before = cells(platform)
    assert len(kept) > 6 and all(wrap in before for wrap in kept)
    assert not [word for word in TOLD if word in before.lower()], "a word lay open before it was erased"

    listed = platform.command("erase-person", "Grumblewick Averley").stdout
    assert f"{receipt.reference}  " in listed and "1 found, 0 can go." in listed
    assert "told us. Stays. Kept until" in listed

    def erased() -> str:
        done = platform.command("erase", receipt.reference.lower(), "--yes", "--because", "request 14")
        return done.stdout if done.returncode == 0 else ""

    assert "keys destroyed" in platform.wait_until(erased, 30, what="nothing about it is on its way")
    after = cells(platform)
    assert not [wrap for wrap in kept if wrap in after] and wraps(platform, case) == set()
    assert found_by_name(platform, "Grumblewick") == []
    platform.wait_until(
        partial(platform.rows, "workflow", "SELECT 1 FROM cases WHERE id = ? AND terms_version > 0", case),
        what="what it is found by is written anew",
    )
    assert found_by_name(platform, "Grumblewick") == []
    for told in (story.page(), platform.follow(receipt), platform.seat(MANAGER).get("/outgoing")):
        assert not [word for word in TOLD if word in json.dumps(told).lower()]
    assert "erased" in json.dumps(story.page())
    on_disk = b"".join(path.read_bytes() for path in (platform.folder / "var").glob("*.db*"))
    assert not [wrap for wrap in kept if wrap.encode() in on_disk], "a key can still be read from the disk"
    assert story.page()["state"] == "closed" and story.rows("responded")
    again = platform.command("erase", receipt.reference, "--yes")
    assert again.returncode == 0 and "erased before" in again.stdout
    assert ": request 14" in platform.command("erased").stdout
