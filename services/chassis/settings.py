"""What an installation is: mode, addresses, secrets, patience. Read once from the environment, all faults at once.

Every variable is called ``HEARD_...``; ``from_env`` reads them all. Nothing else in the platform reads the environment.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from environs import Env, EnvError

from services.chassis.clock import Clock, FileClock, SystemClock
from services.chassis.joined import SHORTEST_TOKEN, joined_to

TOKEN_HEADER = "X-Heard-Internal"  # noqa: S105  (the name of a header)
"""Which header carries the internal token from one service's door to another's."""
SERVICES: tuple[str, ...] = (
    "intake",
    "safeguarding",
    "workflow",
    "notifications",
    "reporting",
    "directory",
    "portal",
)
_READ_ELSEWHERE = {"HEARD_TOKEN", "HEARD_VENV", "HEARD_PASSPHRASE_FILE", "HEARD_TEST_DATABASE_URL"}
"""By commands, and by what starts them."""
_BESIDE = 10  # from a service's port to that of its process for alarms alone
PORTS = {"portal": 8000} | {name: 8001 + n for n, name in enumerate(SERVICES[:-1])}


class SettingsFault(Exception):
    """The environment does not describe an installation; ``faults`` are sentences, all of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def _ours() -> set[str]:
    return {name for name in os.environ if name.startswith("HEARD_")}


@dataclass(frozen=True)
class Settings:
    """One installation as one process sees it. Durations are seconds."""

    mode: Literal["embedded", "distributed"] = "embedded"
    installation: Literal["trial", "live"] = "trial"
    var: Path = Path("var")
    amqp_url: str = field(default="inproc://heard", repr=False)
    database_url: str = field(default="", repr=False)
    clock_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    urls: dict[str, str] = field(default_factory=dict)
    public_url: str = "http://127.0.0.1:8000"
    keys_dir: Path = Path("var/keys")
    given_token: str = field(default="", repr=False)
    metrics_token: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "heard@localhost"
    text_url: str = ""
    text_secret: str = field(default="", repr=False)
    notify_key: str = field(default="", repr=False)
    notify_template: str = ""
    notify_token: str = field(default="", repr=False)
    imap_url: str = field(default="", repr=False)
    inbox_home: str = ""
    scanner: str = ""
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    oidc_name: str = "your organisation's account"
    oidc_second_factor: str = "asked"
    local_sign_in: str = "on"
    knock_after: float = 30.0
    page_after: float = 60.0
    stale_after: float = 300.0
    pool: int = 10
    proxies: int = 0
    second_factor: bool = False
    """Whether whoever reads safeguarding records or looks after a group must also show what an app shows."""
    declares: bool = True
    alarms_only: bool = False
    """Whether this process does what is alarming and nothing else, beside others of its service that do all."""
    meaning: bool = True
    log_level: str = "INFO"
    unread: tuple[str, ...] = ()
    """Variables that look like ours and mean nothing here: misspelt, perhaps."""

    @property
    def embedded(self) -> bool:
        """Whether the whole platform is this one process."""
        return self.mode == "embedded"

    @property
    def live(self) -> bool:
        """Whether messages may leave the platform at all."""
        return self.installation == "live"

    @property
    def signs_in_here(self) -> bool:
        """Whether passwords and passkeys let anybody in, or only the account that they have elsewhere."""
        return self.local_sign_in != "off"

    @cached_property
    def internal_token(self) -> str:
        """What services show each other at their HTTP doors: given, or derived from the installation's secret file."""
        if self.given_token:
            return self.given_token
        secret = (self.keys_dir / "secret.key").read_bytes()
        return hmac.new(secret, b"internal token", hashlib.sha256).hexdigest()

    def make_clock(self) -> Clock:
        """The clock that every process of this installation goes by."""
        return SystemClock() if self.clock_file is None else FileClock(self.clock_file)

    def having(self, **changes: Any) -> Self:
        """The same settings with some of them changed."""
        return replace(self, **changes)

    @classmethod
    def from_env(cls, service: str | None = None) -> Self:
        """Read ``HEARD_*``; ``service`` picks its default port. Raises ``SettingsFault`` with every fault.

        A secret stands in its variable, or in the file that ``HEARD_..._FILE`` names. ``HEARD_DECLARES=false`` says
        that the broker was prepared beforehand, and that this login may not make queues.
        """
        env = Env(eager=False, prefix="HEARD_")
        faults: list[str] = []
        secret = _secrets(env, faults)
        mode = env.str("MODE", "embedded")
        installation = env.str("INSTALLATION", "trial")
        var = env.path("VAR", Path("var"))
        amqp_url, database_url = secret("AMQP_URL"), secret("DATABASE_URL")
        clock_file = env.path("CLOCK_FILE", None)
        host = env.str("HOST", "127.0.0.1")
        alone = service if mode == "distributed" and service else "portal"  # embedded, all of it has one door
        alarms_only = env.bool("ALARMS_ONLY", cls.alarms_only)
        port = env.int("PORT", PORTS.get(alone, 8000) + (_BESIDE if alarms_only else 0))
        numbers: dict[str, Any] = {
            name.lower(): env.float(name, default)
            for name, default in (
                ("KNOCK_AFTER", cls.knock_after),
                ("PAGE_AFTER", cls.page_after),
                ("STALE_AFTER", cls.stale_after),
            )
        }
        pool = env.int("POOL", cls.pool)
        given_urls = {name: env.str(f"{name.upper()}_URL", "") for name in SERVICES}
        public_url, token = env.str("PUBLIC_URL", ""), secret("INTERNAL_TOKEN")
        metrics_token, proxies = secret("METRICS_TOKEN"), env.int("PROXIES", 0)
        second = env.str("SECOND_FACTOR", "required" if installation == "live" else "offered")
        smtp_url, mail_from = secret("SMTP_URL"), env.str("MAIL_FROM", cls.mail_from)
        outside = joined_to(secret, faults)
        keys_dir, log_level = env.path("KEYS_DIR", None), env.str("LOG_LEVEL", "INFO")
        declares, meaning = env.bool("DECLARES", cls.declares), env.bool("MEANING", cls.meaning)
        try:
            env.seal()
        except EnvError as fault:
            messages = getattr(fault, "error_messages", None) or {"": [str(fault)]}
            faults += [f"{name}: {' '.join(map(str, why))}".strip(": ") for name, why in messages.items()]
            raise SettingsFault(faults) from None
        if mode not in ("embedded", "distributed"):
            faults.append(f"HEARD_MODE is {mode!r}; it may be embedded or distributed")
        if installation not in ("trial", "live"):
            faults.append(f"HEARD_INSTALLATION is {installation!r}; it may be trial or live")
        if installation == "live" and not public_url.startswith("https://"):
            faults.append("HEARD_PUBLIC_URL must begin with https:// on a live installation: people sign in there")
        if installation == "live" and clock_file is not None:
            faults.append("HEARD_CLOCK_FILE is set: a live installation goes by the real time only")
        if mode == "distributed" and not amqp_url and service is not None:
            faults.append("HEARD_AMQP_URL is missing: the distributed mode needs RabbitMQ (amqp://...)")
        if mode == "distributed" and not database_url:
            faults.append("HEARD_DATABASE_URL is missing: the distributed mode needs PostgreSQL (postgresql://...)")
        if clock_file is not None and not clock_file.exists():
            faults.append(f"HEARD_CLOCK_FILE names {clock_file}, which does not exist")
        for name, shown in (("INTERNAL_TOKEN", token), ("METRICS_TOKEN", metrics_token)):
            if shown and len(shown) < SHORTEST_TOKEN:
                faults.append(f"HEARD_{name} is too short: {SHORTEST_TOKEN} characters or more cannot be guessed")
        if second not in ("required", "offered"):
            faults.append(f"HEARD_SECOND_FACTOR is {second!r}; it may be required or offered")
        if alarms_only and mode != "distributed":
            faults.append("HEARD_ALARMS_ONLY is for one more process of a service: in one process there is no other")
        if proxies < 0:
            faults.append(f"HEARD_PROXIES is {proxies}; it is how many of your proxies stand before it, 0 or more")
        for name, seconds in numbers.items():
            if seconds <= 0:
                faults.append(f"HEARD_{name.upper()} is {seconds}; it must be more than 0 seconds")
        if faults:
            raise SettingsFault(faults)
        embedded = mode == "embedded"
        near = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}"  # noqa: S104 (compared, not bound)
        return cls(
            mode="embedded" if embedded else "distributed",
            installation="live" if installation == "live" else "trial",
            var=var,
            amqp_url=f"inproc://heard-{hashlib.sha256(str(var.absolute()).encode()).hexdigest()[:8]}"
            if embedded
            else amqp_url,
            database_url="" if embedded else database_url,
            clock_file=clock_file,
            host=host,
            port=port,
            urls={
                name: url
                or (
                    f"{near}:{port}" + ("" if name == "portal" else f"/_/{name}")
                    if embedded
                    else f"{near}:{PORTS[name]}"
                )
                for name, url in given_urls.items()
            },
            public_url=(
                public_url or (f"{near}:{port}" if embedded else given_urls["portal"] or f"{near}:8000")
            ).rstrip("/"),
            keys_dir=keys_dir or var / "keys",
            given_token=token,
            metrics_token=metrics_token,
            proxies=proxies,
            second_factor=second == "required",
            smtp_url=smtp_url,
            mail_from=mail_from,
            **outside,
            pool=pool,
            declares=embedded or declares,
            alarms_only=alarms_only,
            meaning=meaning,
            log_level=log_level.upper(),
            unread=tuple(sorted(_ours() - set(env.dump()) - _READ_ELSEWHERE)),
            **numbers,
        )


def _secrets(env: Env, faults: list[str]) -> Callable[[str], str]:
    """What reads a secret from its variable, or from the file in which containers and systemd hand it over."""

    def read(name: str) -> str:
        given, path = env.str(name, ""), env.str(f"{name}_FILE", "")
        if not path:
            return str(given)
        if given:
            faults.append(f"HEARD_{name} and HEARD_{name}_FILE are both set; only one of them can be meant")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as fault:
            faults.append(f"HEARD_{name}_FILE names {path}, which cannot be read ({type(fault).__name__})")
            return ""

    return read
