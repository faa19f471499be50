"""A file under a passphrase, written and read in pieces: what is inside needs neither memory nor trust.

A line in plain text says what the file is and how the key is made (scrypt); after it come pieces of one mebibyte, each
under AES-GCM. The nonce of a piece is its number and whether it is the last, and the first line is bound to each: no
piece can be changed, moved, left out or taken from elsewhere, and a file that was cut short has no end.
"""

from __future__ import annotations

import base64
import io
import json
import os
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

PIECE = 1024 * 1024
SHORTEST = 12
"""Characters of a passphrase, at least."""
_KIND = "heard backup 1"
_COST = {"n": 2**17, "r": 8, "p": 1}  # 128 MB and about half a second for each guess
_MOST = {"n": 2**20, "r": 16, "p": 4}  # what a file may ask of who reads it
_TAG = 16
_LONGEST_LINE = 1000


class NotOurs(Exception):
    """This is no such file, it is damaged or cut short, or the passphrase is another. A sentence."""


class SealedWriter(io.RawIOBase):
    """Takes bytes and writes them sealed. Without ``close`` the file has no end, and no one can read it."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, prefix = os.urandom(16), os.urandom(7)
        line = {"kind": _KIND, **_COST, "salt": _text(salt), "prefix": _text(prefix)}
        self._file, self._prefix, self._number = file, prefix, 0
        self._head = json.dumps(line).encode() + b"\n"
        self._cipher = AESGCM(_key(passphrase, salt, **_COST))
        self._left = bytearray()
        file.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, some: Any) -> int:
        self._left += some
        while len(self._left) > PIECE:
            self._seal(bytes(self._left[:PIECE]), last=False)
            del self._left[:PIECE]
        return len(some)

    def finish(self) -> None:
        """Write the last piece."""
        self._seal(bytes(self._left), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last), piece, self._head))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads what ``SealedWriter`` wrote. Raises ``NotOurs``."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file, self._number = file, 0
        self._head = file.readline(_LONGEST_LINE)
        try:
            line = json.loads(self._head)
            if line["kind"] != _KIND:
                raise ValueError("of another kind")
            cost = {name: int(line[name]) for name in _COST}
            if any(not 0 < cost[name] <= most for name, most in _MOST.items()):
                raise ValueError("too costly")
            self._prefix = base64.b64decode(line["prefix"])
            self._cipher = AESGCM(_key(passphrase, base64.b64decode(line["salt"]), **cost))
        except (ValueError, KeyError, TypeError):
            raise NotOurs("This is no backup of Heard, or one that this version cannot read.") from None
        self._ahead = file.read(PIECE + _TAG)
        self._open = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        if not self._open and not self._ended:
            self._next()
        some = self._open[: len(into)]
        into[: len(some)] = some
        self._open = self._open[len(some) :]
        return len(some)

    def _next(self) -> None:
        piece, self._ahead = self._ahead, self._file.read(PIECE + _TAG)
        self._ended = not self._ahead
        try:
            self._open = self._cipher.decrypt(_nonce(self._prefix, self._number, self._ended), piece, self._head)
        except InvalidTag:
            what = "The passphrase is another, or the file is damaged." if not self._number else "The file is damaged."
            raise NotOurs(f"{what} Nothing of it was used.") from None
        self._number += 1


def _key(passphrase: str, salt: bytes, *, n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(passphrase.encode())


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes([last])


def _text(some: bytes) -> str:
    return base64.b64encode(some).decode()
