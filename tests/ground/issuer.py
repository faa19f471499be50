"""A small OpenID provider: publishes itself and its keys, asks whoever comes, and gives a token for a code, once.

A test is the person who signs in there: `person` is who that is, and `says` is added to what the token says.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.ground.serving import Serving, answer

CLIENT, SECRET = "heard-at-tidewater", "what the issuer and we both know"


@dataclass
class Issuer(Serving):
    """One provider. What a test sets here is what it says next."""

    now: datetime
    key: RSAKey
    person: dict[str, Any] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    """Another key than the one that is published."""
    named: str = ""
    """What it calls itself, when that is not its address."""
    fails: int = 0
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def get(self, door: BaseHTTPRequestHandler) -> None:
        """What it publishes."""
        self.asked.append(door.path)
        answer(door, *self._published(door.path.removeprefix(urlsplit(self.url).path)))

    def post(self, door: BaseHTTPRequestHandler, body: bytes) -> None:
        """A token for a code."""
        self.asked.append(door.path)
        answer(door, *self._token(door.headers.get("Authorization", ""), body.decode()))

    def let_in(self, address: str) -> str:
        """Somebody's browser comes with a question, and they sign in: path and query with which it goes back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(self.url + "/authorize?") and asked["client_id"] == CLIENT
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert set(asked["scope"].split()) == {"openid", "email"} and len(asked["nonce"]) > 30
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return back.path + "?" + urlencode({"code": code, "state": asked["state"]})

    def _published(self, path: str) -> tuple[int, dict[str, Any]]:
        if self.fails:
            return self.fails, {}
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        if path != "/.well-known/openid-configuration":
            return 404, {}
        return 200, {
            "issuer": self.named or self.url,
            "authorization_endpoint": self.url + "/authorize",
            "token_endpoint": self.url + "/token",
            "jwks_uri": self.url + "/keys",
        }

    def _token(self, authorization: str, body: str) -> tuple[int, dict[str, Any]]:
        said = {name: values[0] for name, values in parse_qs(body).items()}
        if base64.b64decode(authorization.removeprefix("Basic ")).decode() != f"{CLIENT}:{SECRET}":
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(said["code"], None)
        hashed = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != shown or asked["redirect_uri"] != said["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(self.now.timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.person | self.says
        with_key = self.signs_with or self.key
        token = jwt.encode({"alg": "RS256", "kid": with_key.kid}, claims, with_key)
        return 200, {"access_token": "for nothing", "token_type": "Bearer", "id_token": token}
