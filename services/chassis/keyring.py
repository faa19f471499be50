"""The key files of an installation: one pair for each service, one secret for digests and links.

A private key lies in a file that only its service may read (0600; in a distributed installation each host gets its
own); the public keys go everywhere. Losing these files loses every word that was sealed: keep a copy of them, and not
beside the copies of the database. While an installation goes over to new keys the old private half stands in the same
file, after the new one (`services/upkeep/rewrapping.py`).
"""

from __future__ import annotations

import hashlib
import os
import re
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
    """A service's own private key, of the pair that counts now. Raises ``NoKeys``."""
    return private_keys(folder, service)[0]


def private_keys(folder: Path, service: str) -> list[X25519PrivateKey]:
    """The same, and after it the one from before, as long as it is not forgotten. Raises ``NoKeys``."""
    path = folder / f"{service}.key"
    found = _read(path, lambda pems: [load_pem_private_key(one, None) for one in _PEM.findall(pems)])
    keys = [key for key in found if isinstance(key, X25519PrivateKey)] if isinstance(found, list) else []
    if not keys:
        raise NoKeys(f"{path} is not an X25519 key")
    return keys


def mark(public: X25519PublicKey) -> str:
    """By which pair somebody wrapped something, in eight digits: they open nothing."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:8]


def renew(folder: Path, service: str) -> bool:
    """Make a service a new pair, the old private half after the new one; whether there was anything to do.

    First what opens, then what is wrapped for: whoever dies in between has lost nothing, and begins again.
    """
    path, public = folder / f"{service}.key", folder / f"{service}.pub"
    if len(private_keys(folder, service)) == 1:
        new = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        put(path, new + path.read_bytes(), 0o600)
    half = private_key(folder, service).public_key()
    if half.public_bytes_raw() == public_key(folder, service).public_bytes_raw():
        return False
    put(public, half.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o644)
    return True


def forget_old(folder: Path, service: str) -> None:
    """Let a service's old private half go."""
    path = folder / f"{service}.key"
    put(path, _PEM.findall(path.read_bytes())[0], 0o600)


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


_PEM = re.compile(rb"-----BEGIN [^-]+-----.*?-----END [^-]+-----\n?", re.S)


def _read(path: Path, load: object) -> object:
    try:
        return load(path.read_bytes())  # type: ignore[operator]
    except FileNotFoundError:
        raise NoKeys(f"{path} is missing: `heard migrate` makes an installation's keys") from None
    except ValueError:
        raise NoKeys(f"{path} is not a key") from None


def put(path: Path, content: bytes, mode: int) -> None:
    """Write ``path`` anew at one stroke: whoever reads it has the whole of what was there, or of what is."""
    status = path.stat()
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(name, mode)
    os.chown(name, status.st_uid, status.st_gid)
    os.replace(name, path)


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
