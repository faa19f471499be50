"""New keys: the old ones open until every key is wrapped anew, a broken run is gone on with; then they open nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.chassis import keyring
from services.chassis.house import House
from services.chassis.settings import SERVICES, Settings
from services.chassis.tables import HOUSE, new_id
from services.chassis.vault import Erased, NotForUs, Vault
from services.upkeep import machine, rewrapping
from services.upkeep.erasing import HOLD_KEYS
from services.upkeep.findings import Patient
from tests.directory.neighbours import NOW

CASES = [f"{number:032x}" for number in range(7)]
ERASED = "e" * 32
SAID = "the zephyrsnout in my room leaks"


class Killed(Exception):
    """The process died here."""


@pytest.fixture
def settings(installation: Settings) -> Settings:
    for service in HOLD_KEYS:
        sown(installation, service)
    return installation


def sown(settings: Settings, service: str) -> None:
    """Keys of seven cases at a service, one erased, and a fact on its way with an envelope."""
    house, retention = House(settings, service), "equality" if service == "reporting" else "contact"
    retention = "words" if service == "safeguarding" else retention
    with house.db.writing() as conn:
        keys = [house.vault.key_for(conn, case_id, retention) for case_id in (*CASES, ERASED)]
        house.vault.erase(conn, ERASED, NOW)
        body = {"letters": [{"words": house.vault.envelope(keys[0], {"said": SAID})}]}
        row = {"message_id": new_id(), "fact": "words_written", "body": body, "correlation": "", "urgent": False}
        conn.execute(HOUSE.outbox.insert().values(row | {"written_at": NOW}))
    house.close()


def wraps(settings: Settings, service: str) -> list[str]:
    """Every wrap that a service keeps."""
    house = House(settings, service)
    with house.db.reading() as conn:
        kept = [one for row in conn.execute(select(HOUSE.keys.c.wraps)).scalars() for one in row.values()]
        facts = conn.execute(select(HOUSE.outbox.c.body).where(HOUSE.outbox.c.fact == "words_written")).scalars()
        kept += [one for body in facts for one in body["letters"][0]["words"]["wraps"].values()]
    house.close()
    return kept


def opens(settings: Settings, service: str, folder: Path | None = None) -> str:
    """What a service opens of a fact that is on its way, with the keys of a folder."""
    house = House(settings, service)
    with house.db.reading() as conn:
        body: dict[str, Any] = conn.execute(
            select(HOUSE.outbox.c.body).where(HOUSE.outbox.c.fact == "words_written")
        ).scalar_one()
        for case_id in CASES if folder is None else ():
            assert house.vault.key(conn, case_id, body["letters"][0]["words"]["class"])
        if folder is None:
            with pytest.raises(Erased):
                house.vault.key(conn, ERASED, body["letters"][0]["words"]["class"])
    house.close()
    return Vault(service, folder or settings.keys_dir).open_envelope(body["letters"][0]["words"])["said"]


def test_everything_is_wrapped_anew_also_by_a_run_that_was_killed_in_the_middle(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {service: wraps(settings, service) for service in HOLD_KEYS}
    old = tmp_path / "old"
    old.mkdir()
    for path in settings.keys_dir.iterdir():
        (old / path.name).write_bytes(path.read_bytes())
    assert rewrapping.make_new(settings) == [*SERVICES]
    with pytest.raises(rewrapping.NotNow):
        rewrapping.make_new(settings)
    assert all(opens(settings, service) == SAID for service in HOLD_KEYS)  # the old halves still open
    (found,) = [one for one in machine.keys(Patient(settings, lambda: NOW)) if "old" in one.sentence]
    assert "heard keys rewrap" in found.mend

    monkeypatch.setattr(rewrapping, "AT_ONCE", 3)
    said: list[str] = []

    def dies(line: str) -> None:
        said.append(line)
        if len(said) == 5:
            raise Killed

    with pytest.raises(Killed):
        rewrapping.rewrap(settings, dies)
    assert said[0].startswith("intake: 3 of 8 keys looked at, ")
    assert all(opens(settings, service) == SAID for service in HOLD_KEYS)
    done = rewrapping.rewrap(settings, said.append)
    assert done.lost == 0 and 0 < done.anew < 8 * len(HOLD_KEYS)
    for service in HOLD_KEYS:
        assert not set(before[service]) & set(wraps(settings, service))
    assert rewrapping.rewrap(settings, said.append) == rewrapping.Wrapped(0, 0)

    assert rewrapping.forget(settings, said.append) == [*SERVICES]
    assert rewrapping.with_two(settings) == [] and not list(machine.keys(Patient(settings, lambda: NOW)))
    for service in HOLD_KEYS:
        assert opens(settings, service) == SAID
        with pytest.raises(NotForUs):
            opens(settings, service, old)
    assert rewrapping.make_new(settings) == [*SERVICES]  # and once more, some other year


def test_new_keys_that_were_half_made_are_finished_and_what_no_key_opens_is_never_let_go(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, written = keyring.put, list[str]()

    def dies(path: Path, content: bytes, mode: int) -> None:
        written.append(path.name)
        if len(written) == 4:
            raise Killed
        whole(path, content, mode)

    monkeypatch.setattr(keyring, "put", dies)
    with pytest.raises(Killed):
        rewrapping.make_new(settings)
    assert all(opens(settings, service) == SAID for service in HOLD_KEYS)
    monkeypatch.setattr(keyring, "put", whole)
    rewrapping.make_new(settings)
    assert rewrapping.with_two(settings) == [*SERVICES]
    assert all(opens(settings, service) == SAID for service in HOLD_KEYS)
    for service in SERVICES:
        own = keyring.private_key(settings.keys_dir, service).public_key().public_bytes_raw()
        assert own == keyring.public_key(settings.keys_dir, service).public_bytes_raw()
    keyring.forget_old(settings.keys_dir, "workflow")  # somebody brought the wrong file back
    with pytest.raises(rewrapping.NotNow, match="none of the keys"):
        rewrapping.forget(settings, lambda _: None)
    assert len(rewrapping.with_two(settings)) == len(SERVICES) - 1
