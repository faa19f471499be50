"""The key files of an installation: one pair for each service, one secret for digests and links.

A private key lies in a file that only its service may read (0600; in a distributed installation each host gets its
own); the public keys go everywhere. Losing these files loses every word that was sealed: keep a copy of them, and not
beside the copies of the database.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)


class NoKeys(RuntimeError):
    """A key file is missing or is not a key."""


def make_keys(folder: Path, services: Iterable[str]) -> None:
    """Make the files that do not exist yet; never touch one that does."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keep(folder / "secret.key", os.urandom(32), 0o600)
    for service in services:
        private = X25519PrivateKey.generate()
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        keep(folder / f"{service}.key", pem, 0o600)
        if not (folder / f"{service}.pub").exists():
            public = private_key(folder, service).public_key()
            keep(
                folder / f"{service}.pub", public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o644
            )


def private_key(folder: Path, service: str) -> X25519PrivateKey:
    """A service's own private key. Raises ``NoKeys``."""
    key = _read(folder / f"{service}.key", lambda pem: load_pem_private_key(pem, None))
    if not isinstance(key, X25519PrivateKey):
        raise NoKeys(f"{folder / service}.key is not an X25519 key")
    return key


def public_key(folder: Path, service: str) -> X25519PublicKey:
    """Any service's public key. Raises ``NoKeys``."""
    key = _read(folder / f"{service}.pub", load_pem_public_key)
    if not isinstance(key, X25519PublicKey):
        raise NoKeys(f"{folder / service}.pub is not an X25519 key")
    return key


def secret(folder: Path) -> bytes:
    """The installation's secret, 32 bytes. Raises ``NoKeys``."""
    found = _read(folder / "secret.key", bytes)
    if not isinstance(found, bytes) or len(found) != 32:
        raise NoKeys(f"{folder / 'secret.key'} does not hold 32 bytes")
    return found


def _read(path: Path, load: object) -> object:
    try:
        return load(path.read_bytes())  # type: ignore[operator]
    except FileNotFoundError:
        raise NoKeys(f"{path} is missing: `heard migrate` makes an installation's keys") from None
    except ValueError:
        raise NoKeys(f"{path} is not a key") from None


def keep(path: Path, content: bytes, mode: int) -> None:
    """Create ``path`` with its whole content at one stroke, unless it exists."""
    if path.exists():
        return
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        try:
            os.link(name, path)
        except FileExistsError:  # another process was first: its key counts
            return
    finally:
        os.unlink(name)
