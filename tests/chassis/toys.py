"""Toy services that say and hear a real fact. They are born of the nursery.

``intake`` says ``words_received`` when asked over HTTP, ``safeguarding`` and ``workflow`` hear it and write down its
effect; ``safeguarding`` also hears ``complaint_received``, what is alarming among it first. The sort of the words
decides how the toy takes them: "poison" fails for ever, "permanent" says so, "moody" fails twice.
"""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import Column, Integer, MetaData, String, Table, func, select

from services.chassis import logs, migrations
from services.chassis.calls import answers
from services.chassis.database import Database, postgres_engine, reader_of, role_of
from services.chassis.errors import Conflict, HeardError, Invalid, NotFound, Permanent, Refused, TooMany
from services.chassis.hears import hears
from services.chassis.house import House
from services.chassis.keyring import make_keys
from services.chassis.process import Process
from services.chassis.service import Service
from services.chassis.settings import SERVICES, Settings
from services.chassis.tables import house_tables, new_id
from services.chassis.ticks import ticks
from services.chassis.work import Fact, Work

metadata = MetaData()
house_tables(metadata)
effects = Table(
    "effects",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("report_id", String(32), nullable=False, index=True),
    Column("correlation", String(64), nullable=False),
)
said = Table("said", metadata, Column("report_id", String(32), primary_key=True))
ticked = Table("ticked", metadata, Column("n", Integer, primary_key=True), Column("at", String(40), nullable=False))
_moods: dict[str, int] = {}


class ToyIntake(Service):
    """Says, and answers."""

    name = "intake"

    @answers
    def trouble(self, *, kind: str) -> None:
        """Every error that may travel, by name."""
        errors: dict[str, Exception] = {
            "not_found": NotFound(),
            "refused": Refused("No.", "IOI-18", "Ask the panel."),
            "invalid": Invalid({"home": ["There is no such home."]}),
            "conflict": Conflict(3, 5),
            "too_many": TooMany(30),
            "bug": ValueError("what a child said"),
        }
        raise errors[kind]

    @answers
    def correlation(self) -> str:
        """Under which correlation id the question arrived."""
        return logs.correlation()

    @ticks(3600)
    def note_the_time(self) -> int:
        """Write down what time it is."""
        with self.house.db.writing() as conn:
            conn.execute(ticked.insert(), {"at": self.house.clock.now().isoformat()})
        return 0


class _Listener(Service):
    @hears("words_received", limit=3)
    def words_received(self, work: Work, facts: list[Fact]) -> None:
        """Write down each fact's effect, after the mood that it asks for."""
        for fact in facts:
            mood = fact.body["sort"]
            if mood == "poison":
                raise ValueError("what a child said")
            if mood == "permanent" and not self.house.settings.var.joinpath("mended").exists():
                raise Permanent("never")
            if mood == "moody" and _moods.setdefault(fact.message_id, 0) < 2:
                _moods[fact.message_id] += 1
                raise RuntimeError("not now")
        work.conn.execute(
            effects.insert().returning(effects.c.n),
            [{"report_id": fact.body["report_id"], "correlation": fact.correlation} for fact in facts],
        )


class ToySafeguarding(_Listener):
    """Hears."""

    name = "safeguarding"

    @hears("complaint_received", first=True)
    @hears("complaint_received")
    def complaint_received(self, work: Work, facts: list[Fact]) -> None:
        """Write down each fact's effect."""
        rows = [{"report_id": fact.body["report_id"], "correlation": fact.correlation} for fact in facts]
        work.conn.execute(effects.insert(), rows)


class ToyWorkflow(_Listener):
    """Hears too."""

    name = "workflow"


TOYS: dict[str, type[Service]] = {toy.name: toy for toy in (ToyIntake, ToySafeguarding, ToyWorkflow)}


def words(report_id: str, mood: str = "ordinary") -> dict[str, Any]:
    """A fact to be said."""
    return {
        "operator": "o", "provider": "p", "home": "h", "report_id": report_id, "words_id": new_id(), "sort": mood,
        "received_at": "2026-12-18T16:30:00+00:00",
        "words": {"key": "k", "class": "words", "wraps": {}, "fields": {}},
    }  # fmt: skip


def complaint(report_id: str) -> dict[str, Any]:
    """A complaint to be told of."""
    return {
        "operator": "o", "provider": "p", "home": "h", "report_id": report_id, "reference": report_id,
        "procedure": "p", "received_at": "2026-12-18T16:30:00+00:00", "first_known": "2026-12-18T16:30:00+00:00",
        "kind": "complaint", "channel": "portal", "complainant": "parent", "anonymous": True, "contactable": False,
        "about_a_child": True, "in_danger_now": False,
        "words": {"key": "k", "class": "words", "wraps": {}, "fields": {}},
    }  # fmt: skip


def doors(house: House) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """The toys' HTTP door: ``/say?count=&mood=``, ``/state``, ``/ask?service=&method=&...``.

    The moods "complaint" and "alarm" say that a complaint was received; any other, that words were.
    """

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = {key: values[0] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        status, answer = "200 OK", {}
        try:
            if environ["PATH_INFO"] == "/say":
                answer = {"reports": say(house, int(asked.get("count", "1")), asked.get("mood", "ordinary"))}
            elif environ["PATH_INFO"] == "/state":
                answer = state(house)
            elif environ["PATH_INFO"] == "/ask":
                service, method = asked.pop("service"), asked.pop("method")
                answer = {"answer": house.calls.ask(service, method, asked)}
        except HeardError as error:
            status, answer = "400 No", {"error": type(error).__name__} | error.as_json()
        except Exception as error:
            status, answer = "500 No", {"error": type(error).__name__}
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    return app


def say(house: House, count: int, mood: str) -> list[str]:
    """Say ``count`` facts, each in a transaction of its own with the record that it is about."""
    reports = []
    for _ in range(count):
        with house.working() as work:
            report_id = new_id()
            work.conn.execute(said.insert(), {"report_id": report_id})
            if mood in ("complaint", "alarm"):
                work.publish("complaint_received", complaint(report_id), alarms=mood == "alarm")
            else:
                work.publish("words_received", words(report_id, mood))
        reports.append(report_id)
    return reports


def state(house: House) -> dict[str, Any]:
    """What is in the tables."""
    with house.db.reading() as conn:
        counts = {
            name: conn.execute(select(func.count()).select_from(metadata.tables[name])).scalar()
            for name in ("effects", "said", "inbox", "outbox", "deliveries", "parked", "ticked")
        }
        reports = list(conn.execute(select(effects.c.report_id).order_by(effects.c.n)).scalars())
        correlations = list(conn.execute(select(effects.c.correlation)).scalars())
        times = list(conn.execute(select(ticked.c.at).order_by(ticked.c.n)).scalars())
    return counts | {
        "reports": reports,
        "correlations": correlations,
        "times": times,
        "parkings": house.parking.listed(),
    }


def prepare(settings: Settings) -> None:
    """Make the toys' tables, as the migrations would."""
    make_keys(settings.keys_dir, SERVICES)
    for name in TOYS:
        if settings.embedded:
            database = Database(settings, name)
            with database.writing() as conn:
                metadata.create_all(conn)
            database.close()
            continue
        engine = postgres_engine(settings)
        for role in (role_of(name), reader_of(name)):
            migrations._make_role(engine, role)
        with engine.begin() as conn:
            conn.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {name}; SET LOCAL search_path TO {name}")
            metadata.create_all(conn)
            conn.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32))")
            migrations._grant(conn, name)
        engine.dispose()


def run(settings: Settings, names: list[str]) -> None:
    """Run some toys in this process until told to stop."""
    logs.set_up("INFO")
    process = Process(settings, {name: TOYS[name] for name in names})
    try:
        process.start(doors)
        print(json.dumps({"ready": names}), flush=True)
        died = process.wait()
    finally:
        process.stop()
    sys.exit(1 if died else 0)


def main(what: str) -> None:
    """`prepare` the tables, or run `all` toys or one of them: what the nursery is asked for."""
    settings = Settings.from_env(what)
    if what == "prepare":
        prepare(settings)
    else:
        run(settings, list(TOYS) if what == "all" else [what])
