"""The signed receipt: proof for another body that a report was received here, without a word of what it says.

A text that a person can read, signed with Ed25519 by the installation. An ombudsman checks it offline with the public
key (`heard receipt verify`, or OpenSSL); whoever has the words as well can show that they are the words received. It
stays good when the words have been erased here. Pure: texts in, texts out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

HEAD = "HEARD SIGNED RECEIPT 1"
_SIGNATURE, _KEY, _SALT, _DIGEST = "Signature", "Key", "Salt", "Digest of the words"


class NotAReceipt(ValueError):
    """The text is not a signed receipt, or its key is none; the sentence says what is wrong."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a signed receipt says (`lines`), whether it is as it was signed, by the key asked for, about these words.

    `by_this_key` is None when no key was given, `these_words` when no words were.
    """

    lines: Mapping[str, str]
    genuine: bool
    by_this_key: bool | None
    these_words: bool | None

    @property
    def good(self) -> bool:
        """Whether nothing that was asked speaks against it."""
        return self.genuine and self.by_this_key is not False and self.these_words is not False


def issue(secret: bytes, salt: bytes, words: str | None, about: Mapping[str, str]) -> str:
    """The receipt's text. `secret`: 32 bytes; `salt` hides which words they were from whoever only guesses.

    `words` None: they have been erased, and the receipt says so. `about`: what else it says, a line each.
    """
    key = Ed25519PrivateKey.from_private_bytes(secret)
    said = {name: " ".join(text.split()) for name, text in about.items()}
    if words is None:
        said[_DIGEST] = "none: the words are no longer kept"
    else:
        said |= {_SALT: salt.hex(), _DIGEST: _digest(salt, words)}
    said[_KEY] = _encoded(key.public_key())
    body = "".join(f"{line}\n" for line in (HEAD, *(f"{name}: {text}" for name, text in said.items())))
    return f"{body}{_SIGNATURE}: {base64.b64encode(key.sign(body.encode())).decode()}\n"


def public_key(secret: bytes) -> str:
    """The key that receipts are checked with, as PEM."""
    key = Ed25519PrivateKey.from_private_bytes(secret).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def check(text: str, key: str | None = None, words: str | None = None) -> Checked:
    """Check a receipt, by the published key (PEM, or as it stands in a receipt) and with the words if given.

    Raises `NotAReceipt`.
    """
    plain = text.replace("\r\n", "\n").lstrip("\ufeff").strip("\n") + "\n"
    body, mark, signature = plain.rpartition(f"{_SIGNATURE}: ")
    lines = dict(line.split(": ", 1) for line in body.splitlines()[1:] if ": " in line)
    if not mark or not body.startswith(f"{HEAD}\n") or _KEY not in lines:
        raise NotAReceipt(f"this is no signed receipt: it begins with “{HEAD}” and ends with its signature")
    own = _decoded(lines[_KEY])
    try:
        own.verify(base64.b64decode(signature.strip(), validate=True), body.encode())
        genuine = True
    except (InvalidSignature, ValueError):
        genuine = False
    return Checked(
        lines,
        genuine,
        None if key is None else _encoded(_read_key(key)) == lines[_KEY],
        None if words is None else _are(words, lines),
    )


def _are(words: str, lines: Mapping[str, str]) -> bool:
    try:
        salt = bytes.fromhex(lines.get(_SALT, ""))
    except ValueError:
        return False
    return bool(salt) and hmac.compare_digest(_digest(salt, words), lines.get(_DIGEST, ""))


def _digest(salt: bytes, words: str) -> str:
    plain = words.replace("\r\n", "\n").strip("\n")
    return hashlib.sha256(salt + plain.encode()).hexdigest()


def _encoded(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _decoded(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.strip(), validate=True))
    except ValueError:
        raise NotAReceipt("its key is none: 32 bytes in base64 are expected") from None


def _read_key(text: str) -> Ed25519PublicKey:
    if "BEGIN PUBLIC KEY" not in text:
        return _decoded(text)
    try:
        key = load_pem_public_key(text.encode())
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise NotAReceipt("the key given is no Ed25519 public key")
    return key
