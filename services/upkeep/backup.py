"""`heard backup`: everything that an installation of one process consists of, in one file, while it runs.

Inside are the database of every service as of one instant (`cut`), the key files, and a manifest with versions and
digests. Without the keys the rest could never be read, and with them everything can: so the whole file is under a
passphrase (`sealed_file`), which is kept somewhere else.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from services.chassis.settings import SERVICES, Settings
from services.upkeep.cut import copy_at_one_instant
from services.upkeep.sealed_file import SHORTEST, SealedWriter

MANIFEST, DATA, KEYS = "manifest.json", "data", "keys"
Say = Callable[[str], None]


class CannotBackUp(Exception):
    """Why no copy was made: a sentence."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: made by which version, when, each database's migration, each file's digest."""

    heard: str
    made_at: str
    heads: Mapping[str, str]
    files: Mapping[str, str]

    def as_bytes(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(asdict(self), indent=1).encode()


def back_up(settings: Settings, file: Path, passphrase: str, now: datetime, say: Say = lambda _: None) -> Manifest:
    """Write the backup; the file appears under its name only when it is whole. Raises ``CannotBackUp``."""
    if not settings.embedded:
        raise CannotBackUp(
            "This installation keeps its data in PostgreSQL: use pg_dump for it, and copy the keys to another place."
        )
    if len(passphrase) < SHORTEST:
        raise CannotBackUp(f"The passphrase is too short: {SHORTEST} characters or more.")
    if file.exists():
        raise CannotBackUp(f"{file} exists. Choose another name: a backup never replaces another.")
    databases = [settings.var / f"{service}.db" for service in SERVICES]
    if missing := [path.name for path in databases if not path.exists()]:
        raise CannotBackUp(f"In {settings.var} there is no {', '.join(missing)}: `heard doctor` says what to do.")
    keys = sorted([*settings.keys_dir.glob("*.key"), *settings.keys_dir.glob("*.pub")])
    if not any(path.name == "secret.key" for path in keys):
        raise CannotBackUp(f"The keys are not in {settings.keys_dir}: without them a copy can never be read.")
    with _alone(settings.var), tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.var) as aside:
        say(f"Copying {len(databases)} databases ...")
        copy_at_one_instant(databases, Path(aside))
        parts = {f"{DATA}/{path.name}": Path(aside) / path.name for path in databases}
        parts |= {f"{KEYS}/{path.name}": path for path in keys}
        manifest = Manifest(
            version("heard-platform"),
            now.isoformat(),
            {service: _head(Path(aside) / f"{service}.db") for service in SERVICES},
            {name: digest_of(path) for name, path in parts.items()},
        )
        say("Sealing ...")
        _write(file, passphrase, manifest, parts)
    return manifest


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    """One backup at a time: each first removes what an earlier one left that did not come to its end.

    The folder itself is what is locked, so that nothing is left of it either. Raises ``CannotBackUp``.
    """
    folder = os.open(var, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(folder)
        raise CannotBackUp(
            "Another backup of this installation is being written. Wait until it is through, and begin again."
        ) from None
    try:
        for left in var.glob(".backup-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(folder)


def _head(path: Path) -> str:
    with closing(sqlite3.connect(path)) as conn:
        return str(conn.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(file: Path, passphrase: str, manifest: Manifest, parts: Mapping[str, Path]) -> None:
    """All of it under another name beside ``file``, safely on the disk; only then under its own."""
    handle, unfinished = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)  # 0600
    try:
        with os.fdopen(handle, "wb") as out:
            sealed = SealedWriter(out, passphrase)
            with tarfile.open(fileobj=sealed, mode="w|gz", format=tarfile.PAX_FORMAT) as archive:
                said = manifest.as_bytes()
                archive.addfile(_member(MANIFEST, len(said)), io.BytesIO(said))
                for name, path in parts.items():
                    with path.open("rb") as part:
                        archive.addfile(_member(name, path.stat().st_size), part)
            sealed.finish()
            out.flush()
            os.fsync(out.fileno())
        os.rename(unfinished, file)
        sync_folder(file.parent)
    except OSError as fault:
        raise CannotBackUp(f"{file} cannot be written: {fault.strerror}.") from fault
    finally:
        Path(unfinished).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Let a new name in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def as_manifest(said: bytes) -> Manifest:
    """The manifest that ``as_bytes`` wrote. Raises ``ValueError`` or ``TypeError`` on anything else."""
    read: dict[str, Any] = json.loads(said)
    return Manifest(**{name: read[name] for name in Manifest.__dataclass_fields__ if name in read})
