"""The secrets of a distributed installation, made once: for each process a folder of exactly what it may read.

`heard secrets FOLDER` makes passwords, tokens and keys, and never changes one that exists: to renew one, remove its
file and run it again. Beside them it writes what RabbitMQ and PostgreSQL must be told, which holds no password that
anybody could sign in with. The folders go to containers as a mount and to systemd as credentials: deploy/RUNBOOK.md.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from services.chassis import keyring, rights
from services.chassis.settings import SERVICES

MIGRATOR = "migrate"
"""The process that may change tables, and reads nothing else."""
OUTSIDE: dict[str, tuple[str, ...]] = {
    "intake": (
        "smtp_url", "text_url", "text_secret", "notify_key", "notify_template", "imap_url", "inbox_home",
        "scanner",
    ),
    "notifications": (
        "smtp_url", "text_url", "text_secret", "notify_key", "notify_template", "notify_token", "inbox_home",
        "webhook_url", "webhook_secret",
    ),
    "directory": (
        "oidc_issuer", "oidc_client", "oidc_secret", "oidc_name", "oidc_second_factor", "local_sign_in",
    ),
}  # fmt: skip
"""Who is handed which ways to the world: for whoever installs it to fill; an empty one is off."""
_ROUNDS = 4096  # of PostgreSQL's own hash


def make(folder: Path, broker: str, database: str, vhost: str = "heard", name: str = "heard") -> None:
    """Make what is missing in ``folder``. ``broker`` and ``database`` are where each is reached (``host:port``)."""
    shared = folder / "shared"
    shared.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    for token in ("internal_token", "metrics_token"):
        keyring.keep(shared / token, _new(), 0o600)
    for way in sorted({one for ways in OUTSIDE.values() for one in ways}):
        keyring.keep(shared / way, b"", 0o600)
    keyring.make_keys(shared / "keys", SERVICES)
    brokers, logins = {}, {}
    for service in SERVICES:
        own = folder / service
        own.mkdir(exist_ok=True, mode=0o700)
        brokers[service] = _address(own / "amqp_url", "amqp", rights.user_of(service), f"{broker}/{vhost}")
        login = login_of(service)
        logins[login] = _address(own / "database_url", "postgresql", login, f"{database}/{name}")
        _hand_over(shared, own, ["internal_token", "metrics_token", *OUTSIDE.get(service, ())])
        _hand_over(shared / "keys", own, ["secret.key", f"{service}.key", *(f"{one}.pub" for one in SERVICES)])
    (folder / MIGRATOR).mkdir(exist_ok=True, mode=0o700)
    migrator = login_of(MIGRATOR)
    logins[migrator] = _address(folder / MIGRATOR / "database_url", "postgresql", migrator, f"{database}/{name}")
    # These belong to other programs with users of their own: readable, within a folder that nobody else can enter.
    _write(folder / "rabbitmq" / "definitions.json", json.dumps(rights.definitions(vhost, brokers), indent=1), 0o644)
    _write(folder / "postgresql" / "logins.sql", _logins(logins), 0o644)
    (folder / "grafana").mkdir(exist_ok=True)
    keyring.keep(folder / "postgresql" / "password", _new(), 0o644)
    keyring.keep(folder / "grafana" / "password", _new(), 0o644)
    _write(folder / "prometheus" / "metrics_token", (shared / "metrics_token").read_text(), 0o644)


def login_of(process: str) -> str:
    """The PostgreSQL login of a process (see deploy/postgresql/roles.sql)."""
    return f"heard_{process}_login"


def _new() -> bytes:
    return secrets.token_urlsafe(32).encode()


def _address(path: Path, scheme: str, user: str, where: str) -> str:
    """Keep an address with a new password in ``path``; returns the password that stands there."""
    keyring.keep(path, f"{scheme}://{user}:{_new().decode()}@{where}".encode(), 0o600)
    return urlsplit(path.read_text()).password or ""


def _hand_over(source: Path, own: Path, names: list[str]) -> None:
    for name in names:
        _write(own / name, (source / name).read_bytes(), 0o600)


def _write(path: Path, content: str | bytes, mode: int) -> None:
    """Write ``path`` at one stroke: a process that starts just now never reads half of it."""
    path.parent.mkdir(exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    os.chmod(made, mode)
    shutil.move(made, path)


def _logins(passwords: dict[str, str]) -> str:
    told = [
        "-- Passwords of the logins that roles.sql makes, as PostgreSQL itself keeps them: not to be signed in with.",
        *(
            f"ALTER ROLE {login} PASSWORD '{verifier(password, os.urandom(16))}';"
            for login, password in passwords.items()
        ),
    ]
    return "\n".join(told) + "\n"


def verifier(password: str, salt: bytes) -> str:
    """A SCRAM-SHA-256 verifier (RFC 5803) as PostgreSQL keeps it instead of a password."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    said = [base64.b64encode(one).decode() for one in (salt, stored, server)]
    return f"SCRAM-SHA-256${_ROUNDS}:{said[0]}${said[1]}:{said[2]}"
