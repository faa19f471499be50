"""Who vouches for people beside us: the OpenID provider with which a group signs in to everything else.

Asked while somebody comes in (`elsewhere.py`): where to send their browser, and, with the code that they bring back,
who they are. Nothing that a browser brings is believed: the code is exchanged here, over https, with our secret and
with PKCE, and what is said in return must be signed with the provider's keys, for us, now, and for this one question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.chassis.errors import Unavailable
from services.chassis.joined import is_safe_address
from services.chassis.settings import Settings
from services.directory.sign_in import token_digest

WHERE_THEY_COME_BACK = "/sign-in/elsewhere/back"
"""The portal's page, as it is written down at the provider."""
_PATIENCE = (2.0, 3.0)  # seconds to connect, and to answer: somebody waits before a blank page
_KNOWN_FOR = timedelta(hours=1)
_ASKED_AGAIN_AFTER = timedelta(minutes=1)  # for keys: whoever sends tokens of their own must not make us ask each time
_CLOCKS_DIFFER = 60  # seconds
_SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_LONGEST_SUBJECT = 255  # characters, as OpenID says
_SECOND_IN_AMR = "mfa"  # RFC 8176
_SECOND_IN_ACR = {  # by what names providers say that more than a password was shown
    "phr", "phrh", "https://refeds.org/profile/mfa", "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
}  # fmt: skip
_GOOGLE = "https://accounts.google.com"
_GOOGLES_OWN = "@gmail.com"
_VERIFIED = ("email_verified", "xms_edov")  # the second is Entra's: the domain of the address is the tenant's own


class Disbelieved(Exception):
    """What was brought back, or said, does not hold. The reason is for the log: a word, and nobody's name."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the provider says of whoever signed in there."""

    subject: str
    email: str | None
    """Only one that it says is verified."""
    second: bool
    """Whether they showed more than a password there."""
    at: datetime | None
    """When they last showed there who they are, where it says so."""


@dataclass(slots=True)
class _Published:
    document: Mapping[str, Any]
    keys: KeySet
    at: datetime


_PUBLISHED: dict[str, _Published] = {}
"""What each issuer published, as long as this process remembers it."""


def where_to_ask(settings: Settings, state: str, verifier: str, now: datetime, *, again: bool = False) -> str:
    """The address to which a browser goes; with `again` it is not enough to be signed in there.

    Raises `Unavailable` when the provider cannot be reached.
    """
    document = published(settings, now).document
    prompt = "select_account" if settings.oidc_issuer == _GOOGLE else "login"  # which Google does not know
    anew = {"prompt": prompt, "max_age": "0"} if again else {}
    with _client(settings, document) as client:
        address, _ = client.create_authorization_url(
            document["authorization_endpoint"], state=state, code_verifier=verifier, nonce=_nonce(verifier), **anew
        )
    return str(address)


def who_it_was(settings: Settings, code: str, verifier: str, now: datetime) -> Said:
    """Whom the provider vouches for with this code. Raises `Disbelieved`, `Unavailable`."""
    known = published(settings, now)
    try:
        with _client(settings, known.document) as client:
            given = client.fetch_token(
                known.document["token_endpoint"], code=code, code_verifier=verifier, grant_type="authorization_code",
                timeout=_PATIENCE, allow_redirects=False,
            )  # fmt: skip
    except AuthlibBaseError as fault:
        raise Disbelieved("our_secret_refused" if fault.error == "invalid_client" else "code_refused") from None
    except (requests.RequestException, ValueError):
        raise _away() from None
    token = given.get("id_token")
    if not isinstance(token, str):
        raise Disbelieved("no_id_token")
    claims = _claims(settings, token, verifier, now)
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise Disbelieved("no_subject")
    verified = isinstance(email, str) and any(claims.get(one) in (True, "true", "1") for one in _VERIFIED)
    if settings.oidc_issuer == _GOOGLE and not claims.get("hd"):
        # Anybody may make an account at Google with an address of their work: it is theirs still when they have left.
        verified = verified and str(email).lower().endswith(_GOOGLES_OWN)
    second = _SECOND_IN_AMR in (claims.get("amr") or []) or claims.get("acr") in _SECOND_IN_ACR
    return Said(subject, str(email) if verified else None, second, _moment(claims.get("auth_time")))


def published(settings: Settings, now: datetime, after: timedelta = _KNOWN_FOR) -> _Published:
    """The provider's own description of itself and its keys, asked again `after` a while. Raises `Unavailable`."""
    issuer = settings.oidc_issuer
    known = _PUBLISHED.get(issuer)
    if known is not None and now - after < known.at <= now:
        return known
    document = _read(issuer.rstrip("/") + "/.well-known/openid-configuration")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if document.get("issuer") != issuer or not all(is_safe_address(str(document.get(one, ""))) for one in wanted):
        raise _away()
    keys = [one for one in _read(document["jwks_uri"]).get("keys", []) if one.get("use", "sig") == "sig"]
    try:
        fresh = _Published(document, KeySet.import_key_set({"keys": keys}), now)
    except (JoseError, ValueError, TypeError, KeyError):
        raise _away() from None
    _PUBLISHED[issuer] = fresh
    return fresh


def _claims(settings: Settings, token: str, verifier: str, now: datetime) -> Mapping[str, Any]:
    """What a token says, once it was found to be the provider's, for us, and for this question."""
    for after in (_KNOWN_FOR, _ASKED_AGAIN_AFTER):  # keys change: one that we do not know may be a new one
        try:
            read = jwt.decode(token, published(settings, now, after).keys, algorithms=_SIGNED_BY)
            break
        except (JoseError, ValueError) as fault:
            unknown = fault
    else:
        raise Disbelieved("not_signed") from unknown
    ours = settings.oidc_client
    claims = CodeIDToken(
        read.claims,
        read.header,
        options={"iss": {"essential": True, "value": settings.oidc_issuer}, "aud": {"essential": True, "value": ours}},
        params={"nonce": _nonce(verifier), "client_id": ours},
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=_CLOCKS_DIFFER)
    except (JoseError, ValueError, TypeError):
        raise Disbelieved("not_for_this_question") from None
    return dict(claims)


def _moment(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _client(settings: Settings, document: Mapping[str, Any]) -> OAuth2Session:
    """Our side of the exchange; the secret goes in a header unless the provider wants it in the form."""
    ways = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return OAuth2Session(
        settings.oidc_client,
        settings.oidc_secret,
        token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in ways else "client_secret_post",
        scope="openid email",
        redirect_uri=settings.public_url + WHERE_THEY_COME_BACK,
        code_challenge_method="S256",
    )


def _read(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=_PATIENCE, allow_redirects=False)
        said = answer.json() if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError):
        raise _away() from None
    if not isinstance(said, dict):
        raise _away()
    return said


def _nonce(verifier: str) -> str:
    """What the answer must repeat. The verifier it is made from goes to nobody but the provider, at the end."""
    return token_digest("nonce " + verifier)


def _away() -> Unavailable:
    return Unavailable("Where you sign in otherwise cannot be reached just now.")
