"""A passkey lets in its owner, once for each question, at this address alone; removing it ends that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

from services.directory import passkeys
from tests.directory.neighbours import person
from tests.portal.conftest import Browser, Portal
from tests.portal.test_second_factor import LEAD, PASSWORD, At, give_password, is_in

HERE = "http://localhost"


@dataclass
class Telephone:
    """Makes passkeys and shows them, as a real one does. `unlocked`: its owner showed a finger."""

    unlocked: bool = True
    at: str = HERE
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b"a passkey of one's own"

    def make(self, options: dict[str, Any]) -> str:
        """What it says when a passkey is to be made."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        about = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(0x40) + about})
        client = self._client("webauthn.create", options["challenge"])
        return self._said(clientDataJSON=client, attestationObject=made)

    def show(self, options: dict[str, Any]) -> str:
        """What it says when a passkey is to be shown."""
        client, data = self._client("webauthn.get", options["challenge"]), self._data(0)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._said(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return sha256(b"localhost").digest() + bytes([flags | (5 if self.unlocked else 1)]) + bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.at}).encode()

    def _said(self, **response: bytes) -> str:
        known = bytes_to_base64url(self.id)
        parts = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": known, "rawId": known, "type": "public-key", "response": parts})


@pytest.fixture
def at(tmp_path: Path, portal: Portal) -> Iterator[At]:
    made = At(tmp_path, portal)
    made.house.settings = made.house.settings.having(public_url=HERE)
    yield made
    made.house.close()


def ask(browser: Browser, path: str, **form: str) -> dict[str, Any]:
    answer = browser.send(path, **form)
    found: dict[str, Any] = json.loads(answer.get_data())
    return found | {"status": answer.status_code}


def add(browser: Browser, telephone: Telephone) -> int:
    browser.open("/account")
    page = browser.page
    asked = ask(browser, "/account/passkey/ask")
    browser.page = page
    said = {"ask": asked["ask"], "credential": telephone.make(asked["options"]), "name": "My telephone"}
    return browser.send("/account/passkey", **said).status_code


def come_in(browser: Browser, telephone: Telephone, **instead: str) -> tuple[int, dict[str, str]]:
    browser.open("/sign-in")
    page = browser.page
    asked = ask(browser, "/sign-in/passkey/ask")
    browser.page = page
    said = {"ask": asked["ask"], "credential": telephone.show(asked["options"]), "then": "/account"} | instead
    return browser.send("/sign-in/passkey", False, **said).status_code, said


def test_a_passkey_is_added_and_then_lets_in_without_a_password(at: At, portal: Portal) -> None:
    mine, elsewhere, telephone = Browser(portal.app.test_client()), Browser(portal.app.test_client()), Telephone()
    give_password(mine)
    assert add(mine, telephone) == 200 and "My telephone" in mine.text
    status, said = come_in(elsewhere, telephone)
    assert status == 303 and is_in(elsewhere)
    again = Browser(portal.app.test_client())
    again.open("/sign-in")
    assert again.send("/sign-in/passkey", **said).status_code == 422  # each question is answered once
    with at.house.db.reading() as conn:
        (kept,) = passkeys.of_person(conn, person(LEAD))
    mine.open("/account")
    mine.send("/account/passkey/remove", which=kept["id"])
    assert come_in(again, telephone)[0] == 422


@pytest.mark.parametrize(
    "wrong", [Telephone(unlocked=False), Telephone(at="https://evil.example"), Telephone(id=b"nobody's")]
)
def test_what_is_locked_elsewhere_or_unknown_lets_nobody_in(at: At, portal: Portal, wrong: Telephone) -> None:
    mine, thief, telephone = Browser(portal.app.test_client()), Browser(portal.app.test_client()), Telephone()
    give_password(mine)
    add(mine, telephone)
    wrong.key = telephone.key
    assert come_in(thief, wrong)[0] == 422 and not is_in(thief)
    other = Telephone()  # another key under the same name
    assert come_in(thief, other)[0] == 422
    for credential in ("", "{}", "[]", '{"id": 1}', "x" * 30_000):
        assert come_in(thief, telephone, credential=credential)[0] == 422
    assert come_in(thief, telephone, ask="0" * 32)[0] == 422


def test_who_has_a_passkey_and_must_not_come_in_by_a_password_alone_uses_it(at: At, portal: Portal) -> None:
    mine, thief, telephone = Browser(portal.app.test_client()), Browser(portal.app.test_client()), Telephone()
    give_password(mine)
    add(mine, telephone)
    at.require()
    thief.open("/sign-in")
    thief.send("/sign-in", email=f"{LEAD}@tidewater.example", password=PASSWORD)
    assert "A password alone does not let you in." in thief.text and not is_in(thief)
    assert come_in(mine, telephone)[0] == 303 and is_in(mine)
