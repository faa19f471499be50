"""What the doctor looks at in the data: connections, migrations, what waits or is parked, stale copies, the clock."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from heard.events import FACTS
from services.chassis.database import Database, postgres_engine
from services.chassis.health import broker_fault
from services.chassis.migrations import behind, heads
from services.chassis.outbox import outbox_state
from services.chassis.settings import SERVICES, Settings
from services.chassis.tables import HOUSE
from services.upkeep.findings import Finding, Patient

_WAITS_LONG = timedelta(minutes=10)  # for a fact in the outbox of a running platform
_SKEW, _GRAVE_SKEW = timedelta(seconds=2), timedelta(seconds=60)
_MIGRATE = "Stop Heard, make a copy of its data, and run `heard migrate`."


def is_running(var: Path) -> bool:
    """Whether a platform in one process works on this folder now."""
    try:
        with (var / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def connections(patient: Patient) -> Iterator[Finding]:
    """Whether database and broker answer, and whether the platform runs."""
    settings = patient.settings
    if settings.embedded:
        if not (settings.var / "intake.db").exists():
            yield Finding(
                "connections", "must", f"There is no data in {settings.var.absolute()}.",
                "Start Heard there once (bin/start), or say in HEARD_VAR where the data is.",
            )  # fmt: skip
        elif not is_running(settings.var):
            yield Finding(
                "connections", "note", "Heard is not running on this data: nobody can report now.",
                "Start it: bin/start, or `heard up`.",
            )  # fmt: skip
        return
    if database_fault(settings):
        yield Finding(
            "connections", "must", f"The database {database_fault(settings)}. Nothing works without it.",
            "Start PostgreSQL, and look at HEARD_DATABASE_URL: host, port, name, user and password.",
        )  # fmt: skip
    if fault := broker_fault(settings.amqp_url):
        yield Finding(
            "connections", "must",
            f"RabbitMQ {fault}. Reports are taken in and alerts are paged, but nothing else moves.",
            "Start RabbitMQ, and look at HEARD_AMQP_URL: host, port, virtual host, user and password.",
        )  # fmt: skip


def database_fault(settings: Settings) -> str | None:
    """Why PostgreSQL cannot be used, or None when it answers."""
    engine = postgres_engine(settings, connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as conn:
            conn.exec_driver_sql("SELECT 1")
    except SQLAlchemyError as fault:
        return f"does not answer ({type(getattr(fault, 'orig', None) or fault).__name__})"
    finally:
        engine.dispose()
    return None


def databases(patient: Patient) -> Iterator[Finding]:
    """Each service's own database: there, whole, migrated, and with nothing lying in it that a person must see."""
    settings = patient.settings
    if not settings.embedded and database_fault(settings):
        return  # told above, once
    if settings.embedded and not (settings.var / "intake.db").exists():
        return
    for service in SERVICES:
        if settings.embedded and not (settings.var / f"{service}.db").exists():
            missing = f"The database of {service} is missing."
            yield Finding("databases", "must", missing,
                          "Bring it back: `heard restore`. If there never was one: `heard migrate`.")  # fmt: skip
            continue
        database = Database(settings, service)
        try:
            yield from _one(patient, service, database)
        except SQLAlchemyError as fault:
            cause = type(getattr(fault, "orig", None) or fault).__name__
            yield Finding("databases", "must", f"The database of {service} cannot be read ({cause}).",
                          "Stop Heard, and bring back the last copy with `heard restore`.")  # fmt: skip
        finally:
            database.close()


def _one(patient: Patient, service: str, database: Database) -> Iterator[Finding]:
    with database.reading() as conn:
        if not database.postgres:
            said = conn.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if said != "ok":
                yield Finding("databases", "must", f"The database of {service} is damaged.",
                              "Stop Heard, and bring back the last copy with `heard restore`.")  # fmt: skip
                return
        if missing := behind(conn, heads(service), service):
            yield Finding("migrations", "must", missing, _MIGRATE)
            return
        parked = HOUSE.parked
        waiting = conn.execute(
            select(parked.c.fact, func.count()).where(parked.c.replayed_at.is_(None)).group_by(parked.c.fact)
        ).all()
        unsent, age = outbox_state(conn)
        copy = conn.execute(select(HOUSE.directory_state)).first()
    for fact, number in waiting:
        urgent = fact not in FACTS or FACTS[fact].urgent
        yield Finding(
            "parked", "must" if urgent else "should", f"{service} could not handle {number} x {fact}; parked.",
            "Look under Messages, Parked, as the group operator: mend the cause that is named there, then replay each.",
        )  # fmt: skip
    runs = not patient.settings.embedded or is_running(patient.settings.var)
    if runs and unsent and age > _WAITS_LONG.total_seconds():
        yield Finding(
            "outbox", "must", f"{service} has {unsent} facts that reach nobody, the oldest for {age / 60:.0f} min.",
            "See whether the broker answers and the listeners run; then restart that service.",
        )  # fmt: skip
    if runs and service in FACTS["directory_changed"].heard_by:
        yield from _copy(patient, service, copy.confirmed_at if copy else None)


def _copy(patient: Patient, service: str, confirmed_at: datetime | None) -> Iterator[Finding]:
    stale = timedelta(seconds=patient.settings.stale_after)
    if confirmed_at is not None and patient.now - confirmed_at <= stale:
        return
    when = f"since {confirmed_at:%-d %B %Y %H:%M} UTC" if confirmed_at else "at all"
    yield Finding(
        "who is who", "must",
        f"{service} has not heard {when} that its list of who is who stands: it assigns and shows nobody anything.",
        "See whether the directory service runs and reaches the broker; it confirms the list by itself.",
    )  # fmt: skip


def skew(patient: Patient) -> Iterator[Finding]:
    """Whether this machine and the database agree about the time. (Files have no clock of their own.)"""
    if patient.settings.embedded or database_fault(patient.settings):
        return
    engine = postgres_engine(patient.settings)
    try:
        with engine.connect() as conn:
            conn.exec_driver_sql("SELECT 1")  # so that connecting is not counted
            began = time.monotonic()
            there = conn.execute(select(func.clock_timestamp())).scalar_one()
            away = abs(there - patient.clock()) - timedelta(seconds=time.monotonic() - began)
    finally:
        engine.dispose()
    if away > _SKEW:
        yield Finding(
            "clock", "must" if away > _GRAVE_SKEW else "should",
            f"This machine and the database differ by {away.total_seconds():.0f} seconds: due moments would be wrong.",
            "Let both take their time from the network (chrony or systemd-timesyncd).",
        )  # fmt: skip
