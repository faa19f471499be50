"""What an installation is joined to beyond itself: who carries texts, a mailbox, the operator's own system, a scanner,
and the place where its people sign in otherwise. All are off unless said; `settings.py` reads the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

SHORTEST_TOKEN = 20
_OUTSIDE = (
    "TEXT_URL", "TEXT_SECRET", "NOTIFY_KEY", "NOTIFY_TEMPLATE", "NOTIFY_TOKEN", "IMAP_URL", "INBOX_HOME", "WEBHOOK_URL",
    "WEBHOOK_SECRET", "SCANNER", "OIDC_ISSUER", "OIDC_CLIENT", "OIDC_SECRET", "OIDC_NAME", "OIDC_SECOND_FACTOR",
    "LOCAL_SIGN_IN",
)  # fmt: skip
_NOTIFY_KEY = 73  # characters of the two ids at the end of a key of GOV.UK Notify
_SAYS = {"OIDC_SECOND_FACTOR": ("asked", "trusted"), "LOCAL_SIGN_IN": ("on", "off")}


def joined_to(secret: Callable[[str], str], faults: list[str]) -> dict[str, Any]:
    """The settings of all these, by name; what is wrong with them is added to `faults`. `secret` reads each."""
    said = {name: secret(name) for name in _OUTSIDE}
    for address, shared in (("TEXT_URL", "TEXT_SECRET"), ("WEBHOOK_URL", "WEBHOOK_SECRET")):
        if said[address] and len(said[shared]) < SHORTEST_TOKEN:
            faults.append(f"HEARD_{shared} signs what goes to HEARD_{address}: {SHORTEST_TOKEN} characters or more")
        if said[address] and not is_safe_address(said[address]):
            faults.append(f"HEARD_{address} must begin with https://")
    if said["TEXT_URL"] and said["NOTIFY_KEY"]:
        faults.append("HEARD_TEXT_URL and HEARD_NOTIFY_KEY are both set; only one of them can carry texts")
    if said["NOTIFY_KEY"] and not said["NOTIFY_TEMPLATE"]:
        faults.append("HEARD_NOTIFY_TEMPLATE is missing: the id of a template at GOV.UK Notify that holds ((text))")
    if said["NOTIFY_KEY"] and len(said["NOTIFY_KEY"]) < _NOTIFY_KEY:
        faults.append("HEARD_NOTIFY_KEY is no key of GOV.UK Notify: name, service and secret in one")
    if said["IMAP_URL"] and not said["INBOX_HOME"]:
        faults.append("HEARD_INBOX_HOME is missing: the short name of the home whose mail names no other")
    host, _, port = said["SCANNER"].rpartition(":")
    if said["SCANNER"] and not said["SCANNER"].startswith("/") and not (host and port.isdigit()):
        faults.append("HEARD_SCANNER is where clamd listens: host:port, or the path of its socket")
    faults += _elsewhere(said)
    return {name.lower(): value for name, value in said.items()}


def _elsewhere(said: dict[str, str]) -> Iterator[str]:
    """What is wrong with the settings of signing in elsewhere. What is not said is filled in."""
    said["OIDC_NAME"] = said["OIDC_NAME"] or "your organisation's account"
    for name, allowed in _SAYS.items():
        said[name] = said[name] or allowed[0]
        if said[name] not in allowed:
            yield f"HEARD_{name} is {said[name]!r}; it may be {' or '.join(allowed)}"
    if said["OIDC_ISSUER"]:
        for name in ("OIDC_CLIENT", "OIDC_SECRET"):
            if not said[name]:
                yield f"HEARD_{name} is missing: what the issuer of HEARD_OIDC_ISSUER knows Heard by"
        if not is_safe_address(said["OIDC_ISSUER"]):
            yield "HEARD_OIDC_ISSUER must begin with https://"
    elif said["LOCAL_SIGN_IN"] == "off":
        yield "HEARD_LOCAL_SIGN_IN is off and HEARD_OIDC_ISSUER is missing: nobody could sign in"


def is_safe_address(address: str) -> bool:
    """Whether what is sent there is sealed on its way, or never leaves this machine."""
    try:
        told = urlsplit(address)  # http://localhost:x@elsewhere is elsewhere
    except ValueError:
        return False
    return told.scheme == "https" or (told.scheme == "http" and told.hostname in ("127.0.0.1", "localhost"))
