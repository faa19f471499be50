"""A backup is the whole installation at one instant; a restore is all of it or nothing, and never over data."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.chassis.house import House
from services.chassis.keyring import make_keys
from services.chassis.settings import SERVICES, Settings
from services.intake.models import attachments
from services.upkeep.backup import MANIFEST, CannotBackUp, Manifest, as_manifest, back_up, digest_of
from services.upkeep.backup_cli import backup
from services.upkeep.cut import NoQuietMoment, copy_at_one_instant
from services.upkeep.restore import CannotRestore, restore
from services.upkeep.sealed_file import PIECE, NotOurs, SealedReader, SealedWriter
from tests.upkeep.conftest import embedded

PHRASE = "the heron stands in the reeds"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def backed_up(installation: Settings, tmp_path: Path) -> Path:
    back_up(installation, tmp_path / "copy.heard", PHRASE, NOW)
    return tmp_path / "copy.heard"


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()}


# -- there and back


def test_everything_comes_back_elsewhere(installation: Settings, backed_up: Path, tmp_path: Path) -> None:
    elsewhere = embedded(tmp_path / "elsewhere")
    manifest = restore(elsewhere, backed_up, PHRASE)
    assert manifest.made_at == NOW.isoformat() and set(manifest.heads) == set(SERVICES)
    before, after = House(installation, "directory"), House(elsewhere, "directory")
    with before.db.reading() as one, after.db.reading() as other:
        statement = "SELECT kind, id FROM directory_copy UNION SELECT 'person', id FROM people ORDER BY 1, 2"
        assert one.exec_driver_sql(statement).all() == other.exec_driver_sql(statement).all()
    before.close()
    after.close()
    for name in [path.name for path in installation.keys_dir.iterdir()]:
        assert (elsewhere.keys_dir / name).read_bytes() == (installation.keys_dir / name).read_bytes()


def test_what_is_written_and_what_comes_back_is_for_its_owner_alone(backed_up: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(backed_up.stat().st_mode) == 0o600
    elsewhere = embedded(tmp_path / "elsewhere")
    restore(elsewhere, backed_up, PHRASE)
    assert stat.S_IMODE(elsewhere.var.stat().st_mode) == 0o700
    assert {mode for name, mode in modes(elsewhere.var).items()} == {0o600}
    assert {mode for name, mode in modes(elsewhere.keys_dir).items() if name.endswith(".key")} == {0o600}


def test_nothing_in_the_file_can_be_read_without_the_passphrase(installation: Settings, backed_up: Path) -> None:
    content = backed_up.read_bytes()
    assert b"SQLite format" not in content and b"PRIVATE KEY" not in content
    assert (installation.keys_dir / "secret.key").read_bytes() not in content


def test_nothing_is_left_beside_the_data_or_the_file(installation: Settings, backed_up: Path) -> None:
    assert [path.name for path in installation.var.iterdir() if path.name.startswith(".")] == []
    assert sorted(path.name for path in backed_up.parent.iterdir()) == ["copy.heard", "heard"]


def test_keys_that_lie_apart_come_back_apart(installation: Settings, backed_up: Path, tmp_path: Path) -> None:
    elsewhere = Settings(var=tmp_path / "data", keys_dir=tmp_path / "safe" / "keys")
    restore(elsewhere, backed_up, PHRASE)
    assert (tmp_path / "safe" / "keys" / "secret.key").exists() and not (tmp_path / "data" / "keys").exists()
    assert digest_of(elsewhere.keys_dir / "intake.key") == digest_of(installation.keys_dir / "intake.key")


def test_a_key_is_for_its_owner_alone_at_every_moment_of_a_restore(
    backed_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder may be one that others can enter."""
    elsewhere, seen = Settings(var=tmp_path / "data", keys_dir=tmp_path / "keys"), set[int]()
    elsewhere.keys_dir.mkdir(mode=0o755)
    kept = os.chmod

    def looking(path: object, mode: int, **more: bool) -> None:
        secret = [one for one in elsewhere.keys_dir.iterdir() if b"PUBLIC" not in one.read_bytes()]
        seen.update(stat.S_IMODE(one.stat().st_mode) for one in secret)
        kept(path, mode, **more)  # type: ignore[arg-type, call-overload]

    monkeypatch.setattr(os, "chmod", looking)
    before = os.umask(0o022)
    try:
        restore(elsewhere, backed_up, PHRASE)
    finally:
        os.umask(before)
    assert {mode for name, mode in modes(elsewhere.keys_dir).items() if name.endswith(".key")} == {0o600}
    assert seen == {0o600}


def test_a_picture_that_came_along_comes_back_and_can_be_looked_at(
    installation: Settings, tmp_path: Path
) -> None:
    house, report, picture = House(installation, "intake"), "r" * 32, b"\x89PNG a door with a hole in it"
    with house.db.writing() as conn:
        key = house.vault.key_for(conn, report, "words")
        row = {
            "id": "p" * 64, "report_id": report, "received_at": NOW, "kind": "image/png", "size": len(picture),
            "name": key.seal("door.png", "attachments/p/name"), "content": key.seal(picture, "attachments/p/content"),
        }  # fmt: skip
        conn.execute(attachments.insert().values(row))
    house.close()
    back_up(installation, tmp_path / "with-a-picture.heard", PHRASE, NOW)
    elsewhere = embedded(tmp_path / "elsewhere")
    restore(elsewhere, tmp_path / "with-a-picture.heard", PHRASE)
    there = House(elsewhere, "intake")
    with there.db.reading() as conn:
        kept = conn.execute(attachments.select()).one()
        assert there.vault.key(conn, report, "words").open_bytes(kept.content, "attachments/p/content") == picture
    there.close()


# -- refused


def test_two_backups_at_once_do_not_take_each_others_files_away(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    seal = SealedWriter.finish

    def meanwhile(first: SealedWriter) -> None:
        with pytest.raises(CannotBackUp) as fault:
            back_up(installation, tmp_path / "second.heard", PHRASE, NOW)
        refused.append(str(fault.value))
        seal(first)

    monkeypatch.setattr(SealedWriter, "finish", meanwhile)
    back_up(installation, tmp_path / "first.heard", PHRASE, NOW)
    monkeypatch.undo()
    (why,) = refused
    assert "Another backup of this installation is being written" in why and not (tmp_path / "second.heard").exists()
    restore(embedded(tmp_path / "elsewhere"), tmp_path / "first.heard", PHRASE)
    back_up(installation, tmp_path / "second.heard", PHRASE, NOW)


def test_a_backup_never_takes_the_place_of_another(installation: Settings, backed_up: Path) -> None:
    before = backed_up.read_bytes()
    with pytest.raises(CannotBackUp, match="never replaces another"):
        back_up(installation, backed_up, PHRASE, NOW)
    assert backed_up.read_bytes() == before


def test_a_short_passphrase_and_an_incomplete_installation_are_refused(installation: Settings, tmp_path: Path) -> None:
    with pytest.raises(CannotBackUp, match="too short"):
        back_up(installation, tmp_path / "x", "heron", NOW)
    (installation.var / "workflow.db").unlink()
    with pytest.raises(CannotBackUp, match=r"no workflow\.db"):
        back_up(installation, tmp_path / "x", PHRASE, NOW)
    assert not (tmp_path / "x").exists()


def test_nothing_is_restored_over_data(installation: Settings, backed_up: Path) -> None:
    before = {path.name: digest_of(path) for path in installation.var.glob("*.db")}
    with pytest.raises(CannotRestore, match="not empty"):
        restore(installation, backed_up, PHRASE)
    assert {path.name: digest_of(path) for path in installation.var.glob("*.db")} == before


def test_the_keys_of_another_installation_are_never_replaced(backed_up: Path, tmp_path: Path) -> None:
    elsewhere = Settings(var=tmp_path / "data", keys_dir=tmp_path / "keys")
    make_keys(elsewhere.keys_dir, SERVICES)
    before = (elsewhere.keys_dir / "secret.key").read_bytes()
    with pytest.raises(CannotRestore, match="key of another installation"):
        restore(elsewhere, backed_up, PHRASE)
    assert (elsewhere.keys_dir / "secret.key").read_bytes() == before and not elsewhere.var.exists()


def test_a_restore_that_was_cut_short_after_the_keys_can_be_done_again(
    backed_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Settings(var=tmp_path / "data", keys_dir=tmp_path / "keys")
    with monkeypatch.context() as dies, pytest.raises(KeyboardInterrupt):
        dies.setattr("services.upkeep.restore._put_data", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        restore(elsewhere, backed_up, PHRASE)
    assert (elsewhere.keys_dir / "secret.key").exists() and not elsewhere.var.exists()
    restore(elsewhere, backed_up, PHRASE)
    assert (elsewhere.var / "intake.db").exists()


def _changed(content: bytes, how: str) -> bytes:
    at = content.index(b"\n") + 5000
    return {
        "one bit": content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :],
        "its end": content[: len(content) // 2],
        "its last piece": content[:-1],
        "more at its end": content + b"x",
        "its first line": content.replace(b'"r": 8', b'"r": 9', 1),
        "a cost without end": content.replace(b'"n": 131072', b'"n": 1000000000000', 1),
        "everything": b"PK\x03\x04 a holiday picture",
        "nothing in it": b"",
    }[how]


@pytest.mark.parametrize(
    "how",
    ["one bit", "its end", "its last piece", "more at its end", "its first line", "a cost without end", "everything",
     "nothing in it"],
)  # fmt: skip
def test_a_damaged_or_foreign_file_restores_nothing(backed_up: Path, tmp_path: Path, how: str) -> None:
    backed_up.write_bytes(_changed(backed_up.read_bytes(), how))
    elsewhere = embedded(tmp_path / "elsewhere")
    with pytest.raises(CannotRestore, match=r"damaged|no backup of Heard"):
        restore(elsewhere, backed_up, PHRASE)
    assert not elsewhere.var.exists() and list(elsewhere.var.parent.iterdir()) == []


def test_another_passphrase_restores_nothing(backed_up: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotRestore, match="passphrase is another"):
        restore(embedded(tmp_path / "elsewhere"), backed_up, PHRASE + "!")


def _forged(file: Path, members: dict[str, bytes], **manifest: object) -> Path:
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    said = {"heard": "9.9", "made_at": NOW.isoformat(), "heads": {}, "files": digests} | manifest
    with file.open("wb") as out:
        sealed = SealedWriter(out, PHRASE)
        with tarfile.open(fileobj=sealed, mode="w|gz") as archive:
            for name, content in {MANIFEST: json.dumps(said).encode(), **members}.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        sealed.finish()
    return file


def test_a_backup_of_a_newer_heard_is_refused_with_its_version(tmp_path: Path) -> None:
    file = _forged(tmp_path / "x", {"data/intake.db": b""}, heads={"intake": "9999"})
    with pytest.raises(CannotRestore, match=r"newer Heard \(9\.9, intake at 9999\)"):
        restore(embedded(tmp_path / "elsewhere"), file, PHRASE)


@pytest.mark.parametrize("name", ["../escaped", "data/../../escaped", "/tmp/escaped", "data/a/b"])
def test_no_file_of_a_backup_leaves_its_folder(tmp_path: Path, name: str) -> None:
    file = _forged(tmp_path / "x", {name: b"out"})
    with pytest.raises(CannotRestore, match="does not name"):
        restore(embedded(tmp_path / "elsewhere"), file, PHRASE)
    assert not list(tmp_path.rglob("escaped"))


def test_a_manifest_reads_as_it_was_written() -> None:
    manifest = Manifest("1", NOW.isoformat(), {"intake": "0001"}, {"data/intake.db": "00"})
    assert as_manifest(manifest.as_bytes()) == manifest


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_sealed_is_read_again_whatever_its_size(size: int) -> None:
    out, plain = io.BytesIO(), bytes(size)
    sealed = SealedWriter(out, PHRASE)
    sealed.write(plain)
    sealed.finish()
    reader = SealedReader(io.BytesIO(out.getvalue()), PHRASE)
    assert b"".join(iter(lambda: reader.read(100_000) or b"", b"")) == plain


def test_pieces_cannot_change_places() -> None:
    out = io.BytesIO()
    sealed = SealedWriter(out, PHRASE)
    sealed.write(bytes(3 * PIECE))
    sealed.finish()
    head, _, body = out.getvalue().partition(b"\n")
    one, two = body[: PIECE + 16], body[PIECE + 16 : 2 * (PIECE + 16)]
    reader = SealedReader(io.BytesIO(head + b"\n" + two + one + body[2 * (PIECE + 16) :]), PHRASE)
    with pytest.raises(NotOurs):
        reader.read(10)


def test_the_command_says_in_one_line_why_there_is_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_VAR", str(tmp_path / "nothing"))
    (tmp_path / "phrase").write_text(PHRASE + "\n")
    said = CliRunner().invoke(backup, [str(tmp_path / "x"), "--passphrase-file", str(tmp_path / "phrase")])
    assert said.exit_code == 1 and said.stderr.count("\n") == 1 and "heard doctor" in said.stderr


# -- one instant


def _write_round(files: list[Path], stop: threading.Event) -> None:
    """Write one number after the other into each file in turn: what stands in a file is in those before it already."""
    with closing(sqlite3.connect(files[0])) as first, closing(sqlite3.connect(files[1])) as second:
        number = 0
        while not stop.is_set():
            number += 1
            for conn in (first, second):
                conn.execute("INSERT INTO said VALUES (?)", (number,))
                conn.commit()


def test_the_copies_are_of_one_instant_while_somebody_writes(tmp_path: Path) -> None:
    files = [tmp_path / "a.db", tmp_path / "b.db"]
    for path in files:
        with closing(sqlite3.connect(path)) as conn:
            conn.executescript("PRAGMA journal_mode=WAL; CREATE TABLE said (number INTEGER)")
    stop = threading.Event()
    writer = threading.Thread(target=_write_round, args=(files, stop))
    writer.start()
    try:
        for n in range(20):
            into = tmp_path / str(n)
            into.mkdir()
            copy_at_one_instant(files, into)
            held = []
            for path in files:
                with closing(sqlite3.connect(into / path.name)) as conn:
                    held.append(conn.execute("SELECT coalesce(max(number), 0) FROM said").fetchone()[0])
            assert held[0] - held[1] in (0, 1), f"copy {n}: {held}"
    finally:
        stop.set()
        writer.join()
    assert held[0] > 0


def test_whoever_writes_all_the_time_is_not_kept_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.upkeep.cut._PATIENCE", 0.3)
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as busy:
        busy.executescript("PRAGMA journal_mode=WAL; CREATE TABLE said (number INTEGER)")
        busy.execute("BEGIN IMMEDIATE")
        (tmp_path / "into").mkdir()
        with pytest.raises(NoQuietMoment):
            copy_at_one_instant([tmp_path / "a.db"], tmp_path / "into")
        busy.execute("INSERT INTO said VALUES (1)")
        busy.execute("COMMIT")
