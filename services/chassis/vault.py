"""The vault: what a child said, who they are and how to reach them stands as ciphertext from its first row.

A *data key* belongs to one case and one class of words (``readers.toml``), is wrapped for each service that may read
that class, and travels with the words in an *envelope*. Destroying the wraps erases the words everywhere they were
copied to. Each wrap begins with the mark of the pair that it was made for: when a service's pair is made anew, its old
half still opens until everything is wrapped for the new one (`services/upkeep/rewrapping.py`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, select, update

from services.chassis import keyring
from services.chassis.rows import add_new, among
from services.chassis.tables import HOUSE, new_id

READERS: dict[str, tuple[str, ...]] = {
    retention: tuple(entry["services"])
    for retention, entry in tomllib.loads(Path(__file__).with_name("readers.toml").read_text(encoding="utf-8")).items()
}
_EPHEMERAL_FOR = 3600.0  # seconds for which one ephemeral key wraps; afterwards even its maker cannot unwrap
_VERSION = b"\x01"


class Erased(Exception):
    """The key of these words was destroyed: they are gone for good."""


class NotForUs(Exception):
    """This service is not a reader of that class (``readers.toml``), or the ciphertext belongs elsewhere."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one case's words of one class. A ``place`` is "table/row/column": ciphertext opens nowhere else."""

    id: str
    case_id: str
    retention: str
    secret: bytes = field(repr=False)
    wraps: Mapping[str, str] = field(repr=False)

    def seal(self, text: str | bytes, place: str) -> bytes:
        """Ciphertext of ``text`` for that place."""
        nonce = os.urandom(12)
        plain = text.encode() if isinstance(text, str) else text
        return _VERSION + nonce + AESGCM(self.secret).encrypt(nonce, plain, place.encode())

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for that place. Raises ``NotForUs`` when it was sealed for another, or with another key."""
        try:
            return AESGCM(self.secret).decrypt(sealed[1:13], sealed[13:], place.encode())
        except InvalidTag:
            raise NotForUs(f"ciphertext does not belong to {place}") from None

    def open(self, sealed: bytes, place: str) -> str:
        """The text that was sealed for that place."""
        return self.open_bytes(sealed, place).decode()


class Vault:
    """One service's way to seal and to open. Key files are read when first needed."""

    def __init__(self, service: str, folder: Path) -> None:
        self.service, self.folder = service, folder
        self._ephemeral: X25519PrivateKey | None = None
        self._ephemeral_public = b""
        self._ephemeral_until = 0.0
        self._shared: dict[str, tuple[str, bytes]] = {}
        self._meet = lru_cache(maxsize=256)(self._meet_uncached)

    # -- data keys

    def new_key(self, case_id: str, retention: str) -> DataKey:
        """A fresh data key, wrapped for every reader of the class. ``keep`` stores it."""
        readers = READERS[retention]
        if self.service not in readers:
            raise NotForUs(f"{self.service} does not handle {retention}")
        key_id, secret = new_id(), os.urandom(32)
        wraps = {reader: self._wrap(secret, key_id, retention, reader) for reader in readers}
        return DataKey(key_id, case_id, retention, secret, wraps)

    def keep(self, conn: Connection, *keys: DataKey) -> None:
        """Store data keys (wrapped) in this service's table; keys that are known stay as they are."""
        if keys:
            rows = [
                {"case_id": key.case_id, "retention": key.retention, "key_id": key.id, "wraps": dict(key.wraps)}
                for key in keys
            ]
            add_new(conn, HOUSE.keys, rows, HOUSE.keys.c.key_id)

    def key(self, conn: Connection, case_id: str, retention: str) -> DataKey:
        """A case's key of one class. Raises ``Erased``, or ``NotForUs`` when this service never had it."""
        found = self.keys(conn, [(case_id, retention)])
        if not found:
            raise NotForUs(f"{self.service} holds no {retention} key of {case_id}")
        return found[case_id, retention]

    def keys(self, conn: Connection, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], DataKey]:
        """Several keys in one query; those that this service does not hold are absent. Raises ``Erased``."""
        table = HOUSE.keys
        asked = set(wanted)
        rows = conn.execute(select(table).where(among(table.c.case_id, {case_id for case_id, _ in asked}))).all()
        found = {(row.case_id, row.retention): row for row in rows}
        return {one: self._from_row(found[one]) for one in asked & found.keys()}

    def key_for(self, conn: Connection, case_id: str, retention: str) -> DataKey:
        """The case's key of that class, made and kept when there is none yet. Raises ``Erased``."""
        found = self.keys(conn, [(case_id, retention)])
        if found:
            return found[case_id, retention]
        self.keep(conn, self.new_key(case_id, retention))
        return self.key(conn, case_id, retention)  # of two that made one at once, the first counts

    def is_wrapped_for_now(self, wraps: Mapping[str, str]) -> bool:
        """Whether each of these was made for the pair that its reader has now."""
        return all(wrap.rpartition(".")[0] == self._mark_of(reader) for reader, wrap in wraps.items())

    def wrapped_anew(self, key_id: str, retention: str, wraps: Mapping[str, str]) -> dict[str, str]:
        """The same key for the same readers, wrapped for the pairs of now. Raises ``NotForUs``."""
        secret = self._unwrapped(key_id, "", retention, wraps).secret
        return {reader: self._wrap(secret, key_id, retention, reader) for reader in wraps}

    # -- envelopes

    def envelope(self, key: DataKey, fields: Mapping[str, str]) -> dict[str, Any]:
        """Words on their way to other services, as facts carry them (JSON-able)."""
        return {
            "key": key.id,
            "class": key.retention,
            "wraps": dict(key.wraps),
            "fields": {
                name: base64.b64encode(key.seal(text, f"envelope/{key.id}/{name}")).decode()
                for name, text in fields.items()
            },
        }

    def envelope_key(self, case_id: str, envelope: Mapping[str, Any]) -> DataKey:
        """The data key inside an envelope. Raises ``NotForUs`` unless it was wrapped for this service."""
        retention = envelope["class"] if "class" in envelope else envelope["retention"]
        return self._unwrapped(envelope["key"], case_id, retention, envelope["wraps"])

    def open_envelope(self, envelope: Mapping[str, Any]) -> dict[str, str]:
        """The words in an envelope, as it travelled or as ``read_fact`` gives it. Raises ``NotForUs``."""
        key = self.envelope_key("", envelope)
        fields = envelope["fields_"] if "fields_" in envelope else envelope["fields"]
        return {
            name: key.open(base64.b64decode(sealed), f"envelope/{key.id}/{name}") for name, sealed in fields.items()
        }

    def take(self, conn: Connection, case_id: str, envelope: Mapping[str, Any]) -> tuple[DataKey, dict[str, str]]:
        """Keep the key that came in an envelope, and open it: (key to seal with here, the words)."""
        key = self.envelope_key(case_id, envelope)
        self.keep(conn, key)
        return key, self.open_envelope(envelope)

    # -- erasing

    def erase(self, conn: Connection, case_id: str, at: datetime, retentions: Sequence[str] | None = None) -> int:
        """Destroy this service's keys of a case (some classes, or all); what they sealed is gone. Returns how many."""
        table = HOUSE.keys
        these = (table.c.case_id == case_id) & table.c.destroyed_at.is_(None)
        if retentions is not None:
            these &= table.c.retention.in_(retentions)
        done = conn.execute(update(table).where(these).values(wraps={}, destroyed_at=at).returning(table.c.key_id))
        return len(done.all())

    # -- digests and links

    def derive(self, purpose: str) -> bytes:
        """A secret of 32 bytes for one purpose, the same in every service of the installation."""
        return hmac.new(self._secret, purpose.encode(), hashlib.sha256).digest()

    def code_digest(self, code: str) -> str:
        """How a receipt code stands in the database: peppered, 64 hexadecimal digits. Spaces do not count."""
        plain = "".join(character for character in code if character.isalnum())
        return hmac.new(self.derive("receipt codes"), plain.encode(), hashlib.sha256).hexdigest()

    def link_token(self, kind: str, *parts: str) -> str:
        """The token in a link that one person may follow: bound to what it opens and for whom."""
        said = "\x1f".join((kind, *parts)).encode()
        digest = hmac.new(self.derive("links"), said, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()

    def is_link_token(self, token: str, kind: str, *parts: str) -> bool:
        """Whether a link's token is the right one (compared in constant time)."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.link_token(kind, *parts).encode())

    # -- within

    @cached_property
    def _secret(self) -> bytes:
        return keyring.secret(self.folder)

    @cached_property
    def _private(self) -> dict[str, X25519PrivateKey]:
        """By their marks, the one that counts now first."""
        return {keyring.mark(key.public_key()): key for key in keyring.private_keys(self.folder, self.service)}

    @cached_property
    def _marks(self) -> dict[str, str]:
        return {}

    def _mark_of(self, reader: str) -> str:
        if reader not in self._marks:
            self._marks[reader] = keyring.mark(keyring.public_key(self.folder, reader))
        return self._marks[reader]

    def _from_row(self, row: Any) -> DataKey:
        if row.destroyed_at is not None:
            raise Erased(f"the {row.retention} key of {row.case_id} was destroyed")
        return self._unwrapped(row.key_id, row.case_id, row.retention, row.wraps)

    def _unwrapped(self, key_id: str, case_id: str, retention: str, wraps: Mapping[str, str]) -> DataKey:
        wrapped = wraps.get(self.service)
        if wrapped is None:
            raise NotForUs(f"a {retention} key is not wrapped for {self.service}")
        mark, _, text = wrapped.rpartition(".")
        raw = base64.b64decode(text)
        for own in [mark] if mark in self._private else self._private:
            kek = _kek(self._meet(own, raw[:32]), key_id, self.service)
            try:
                secret = AESGCM(kek).decrypt(raw[32:44], raw[44:], f"{key_id}/{retention}".encode())
            except InvalidTag:
                continue  # from before wraps said which pair they are for: perhaps the other one
            return DataKey(key_id, case_id, retention, secret, wraps)
        raise NotForUs(f"a {retention} key does not unwrap for {self.service}")

    def _wrap(self, secret: bytes, key_id: str, retention: str, reader: str) -> str:
        # One ephemeral key serves many wraps (each under its own derived key): a curve operation for each would cost
        # a report most of its time.
        if self._ephemeral is None or time.monotonic() > self._ephemeral_until:
            self._ephemeral = X25519PrivateKey.generate()
            self._ephemeral_public = self._ephemeral.public_key().public_bytes_raw()
            self._ephemeral_until = time.monotonic() + _EPHEMERAL_FOR
            self._shared.clear()
        if reader not in self._shared:
            public = keyring.public_key(self.folder, reader)
            self._shared[reader] = keyring.mark(public), self._ephemeral.exchange(public)
        mark, shared = self._shared[reader]
        nonce = os.urandom(12)
        kek = _kek(shared, key_id, reader)
        wrapped = AESGCM(kek).encrypt(nonce, secret, f"{key_id}/{retention}".encode())
        return f"{mark}.{base64.b64encode(self._ephemeral_public + nonce + wrapped).decode()}"

    def _meet_uncached(self, own: str, public: bytes) -> bytes:
        return self._private[own].exchange(X25519PublicKey.from_public_bytes(public))


def _kek(shared: bytes, key_id: str, reader: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"heard wrap 1/{key_id}/{reader}".encode()).derive(shared)
