"""`heard restore`: an installation out of a backup, elsewhere or after a loss, never over data that is there.

Everything is unpacked beside the data folder, held against the manifest and looked over before it gets its name, in one
stroke: whatever happens on the way, there is the whole installation or none. What was owed at the instant of the backup
is handed over at the next start.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from services.chassis import keyring
from services.chassis.migrations import known
from services.chassis.settings import SERVICES, Settings
from services.upkeep.backup import DATA, KEYS, MANIFEST, Manifest, Say, as_manifest, digest_of, sync_folder
from services.upkeep.sealed_file import PIECE, NotOurs, SealedReader

_MOST_IN_A_MANIFEST = 100_000  # bytes


class CannotRestore(Exception):
    """Why nothing was restored: a sentence."""


def restore(settings: Settings, file: Path, passphrase: str, say: Say = lambda _: None) -> Manifest:
    """Bring back what is in ``file``. Raises ``CannotRestore``; then nothing has changed."""
    if not settings.embedded:
        raise CannotRestore("This installation keeps its data in PostgreSQL: a backup of one process is not for it.")
    var, keys = settings.var.absolute(), settings.keys_dir.absolute()
    if var.exists() and any(var.iterdir()):
        raise CannotRestore(f"{var} is not empty, and nothing is ever restored over data. Name another in HEARD_VAR.")
    var.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{var.name}-restoring-", dir=var.parent) as aside:  # 0700
        staged = Path(aside)
        say("Unpacking and looking it over ...")
        manifest = _unpack(file, passphrase, staged)
        _look_over(staged, manifest)
        _put_keys(staged / KEYS, keys, inside=staged / DATA / keys.relative_to(var) if _within(keys, var) else None)
        _put_data(staged / DATA, var)
    return manifest


def _within(keys: Path, var: Path) -> bool:
    return keys.is_relative_to(var)


def _unpack(file: Path, passphrase: str, staged: Path) -> Manifest:
    """Every file that the manifest names, and no other, with the digest that it says."""
    (staged / DATA).mkdir(mode=0o700)
    (staged / KEYS).mkdir(mode=0o700)
    try:
        with (
            file.open("rb") as sealed,
            SealedReader(sealed, passphrase) as opened,
            tarfile.open(fileobj=opened, mode="r|gz") as archive,
        ):
            members = iter(archive)
            first = next(members, None)
            said = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
            if said is None:
                raise CannotRestore("The backup has no manifest.")
            manifest = as_manifest(said.read(_MOST_IN_A_MANIFEST))
            for member in members:
                folder, _, name = member.name.partition("/")
                content = archive.extractfile(member)
                if member.name not in manifest.files or folder not in (DATA, KEYS) or not name or "/" in name:
                    raise CannotRestore("The backup holds a file that its manifest does not name.")
                if content is None:
                    raise CannotRestore("The backup holds something that is no file.")
                target = staged / folder / name
                with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                    shutil.copyfileobj(content, out, 1024 * 1024)
                    out.flush()
                    os.fsync(out.fileno())
            while opened.read(PIECE):  # to its very end, which proves that nothing was cut off
                continue
    except NotOurs as fault:
        raise CannotRestore(str(fault)) from None
    except (tarfile.TarError, EOFError, ValueError, TypeError, KeyError) as fault:
        raise CannotRestore("The backup is damaged. Nothing of it was used.") from fault
    except OSError as fault:
        raise CannotRestore(f"{fault.filename or file}: {fault.strerror}.") from fault
    return manifest


def _look_over(staged: Path, manifest: Manifest) -> None:
    for name, digest in manifest.files.items():
        if not (staged / name).exists() or digest_of(staged / name) != digest:
            raise CannotRestore(f"The backup is damaged: {name} is not what its manifest says.")
    for service in SERVICES:
        path = staged / DATA / f"{service}.db"
        head = manifest.heads.get(service)
        if head is not None and head not in known(service):
            raise CannotRestore(
                f"The backup was made by a newer Heard ({manifest.heard}, {service} at {head}). Install that version."
            )
        if not path.exists() or head is None:
            raise CannotRestore(f"The backup holds no database of {service}.")
        with closing(sqlite3.connect(path)) as conn:
            if conn.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise CannotRestore(f"The backup is damaged: the database of {service} is not whole.")
    if not (staged / KEYS / "secret.key").exists():
        raise CannotRestore("The backup holds no keys: nothing in it could ever be read.")


def _put_keys(staged: Path, keys: Path, inside: Path | None) -> None:
    """The keys to where they belong: with the data, or first of all, when their folder is another."""
    if inside is not None:
        inside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.rename(staged, inside)
        _as_keys(inside)
        return
    _as_keys(staged)
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in sorted(staged.iterdir()):
        there = keys / path.name
        if there.exists() and there.read_bytes() != path.read_bytes():
            raise CannotRestore(f"{there} is the key of another installation. Name another folder in HEARD_KEYS_DIR.")
    for path in sorted(staged.iterdir()):  # those that are there are the same: an earlier run came that far
        keyring.keep(keys / path.name, path.read_bytes(), stat.S_IMODE(path.stat().st_mode))


def _as_keys(folder: Path) -> None:
    for path in folder.glob("*.pub"):
        path.chmod(0o644)


def _put_data(staged: Path, var: Path) -> None:
    try:
        os.rename(staged, var)  # takes the place of nothing, or of an empty folder
        sync_folder(var.parent)
    except OSError as fault:
        raise CannotRestore(
            f"{var} cannot be put in place ({fault.strerror}). Name a folder in HEARD_VAR that does not exist yet."
        ) from fault
