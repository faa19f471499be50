"""Heard as deploy/ lays it out: two processes of each service, users of their own at broker and database, least rights.

A story of tests/journeys goes through it here; `deploy/rehearse` sends all of them. What the users may not do is tried
with the very passwords that the services are given.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import amqp
import psycopg
import pytest
from amqp.exceptions import AccessRefused
from prometheus_client.parser import text_string_to_metric_families

from heard.events import FACTS
from services.chassis import rights, topology
from services.chassis.settings import SERVICES
from services.upkeep import secrets
from tests.deploy import installed
from tests.ground import world
from tests.ground.deployed import DEPLOY, Deployed
from tests.ground.postgres import Postgres, programs
from tests.ground.rabbit import PrivateRabbit, Rabbit
from tests.journeys import test_the_woman_on_nights as story

pytestmark = pytest.mark.timeout(240)
_REPLIES = "0f7f6a52-58d1-4a3c-9c2e-0a1b2c3d4e5f"


@pytest.fixture(scope="module")
def deployed(rabbit: Rabbit, postgres: Postgres) -> Iterator[Deployed]:
    """One platform for all that is asked here: it takes half a minute to stand."""
    platform = Deployed(rabbit, postgres, at=world.moment("2026-11-23 21:40"), meaning=True)
    try:
        yield platform.start()
    finally:
        platform.remove()


def secret(deployed: Deployed, service: str, name: str) -> str:
    """A secret as the processes of a service read it."""
    return (deployed.secrets / service / name).read_text()


def test_a_story_goes_through_the_platform_as_it_is_deployed(deployed: Deployed) -> None:
    story.test_a_subject_known_only_by_a_few_words_is_identified_later(deployed)


def test_every_process_of_a_service_hears_what_is_for_it_and_no_queue_is_nobodys(deployed: Deployed) -> None:
    assert isinstance(deployed.rabbit, PrivateRabbit)
    consumers = deployed.rabbit.consumers(deployed.vhost)
    replies = [name for name in consumers if name.startswith("rpc.reply-")]
    standing = {name: number for name, number in consumers.items() if name not in replies}
    prepared = [queue["name"] for queue in rights.definitions("any")["queues"]]
    alarming = {name for name in prepared if ".first." in name}
    alarming |= {topology.queue_name(one, kind.name) for kind in FACTS.values() if kind.alarm for one in kind.heard_by}
    assert standing == dict.fromkeys(prepared, 2) | dict.fromkeys(alarming, 3)
    alone = [one for one in deployed.processes if one.alarms_only]
    assert alone and len(replies) == len(deployed.processes) == 2 * len(SERVICES) + len(alone)


def test_what_every_process_has_loaded_as_it_starts_is_looked_through_no_more(deployed: Deployed) -> None:
    for one in deployed.processes:
        (started,) = [line for line in one.log.read_text().splitlines() if '"event": "started"' in line]
        assert json.loads(started)["stays"] > 50_000, one.service


def test_every_alert_and_every_panel_asks_for_measurements_that_there_are(deployed: Deployed) -> None:
    made = [
        sample
        for service in SERVICES
        for family in text_string_to_metric_families(deployed.metrics(service))
        for sample in family.samples
    ]
    queries = {name: rule["expr"] for name, rule in installed.alerts().items()} | installed.panels()
    for title, query in queries.items():
        for name, wanted in installed.selected(query):
            if name == "up" or name.startswith("rabbitmq_"):  # Prometheus' own, and RabbitMQ's
                continue
            if name == "heard_ticks_failed_total":  # there is none before the first fails
                name = "heard_outbox_unsent"
            asked = {label: value for label, value in wanted.items() if label != "job"}.items()
            found = [one for one in made if one.name == name and asked <= one.labels.items()]
            assert found, f"{title} asks for {name} {wanted}, and nobody measures it"


def test_whoever_looks_after_it_may_look_at_everything(deployed: Deployed) -> None:
    said = deployed.run("admin", "doctor", "--json")
    findings = json.loads(said.stdout)["findings"]
    blind = [one for one in findings if one["about"] in {"connections", "databases", "keys", "clock", "configuration"}]
    assert [one["sentence"] for one in blind if one["grade"] == "must"] == []


def attempt(deployed: Deployed, service: str, act: Callable[[Any], object]) -> None:
    """Do something on a channel of the broker as one of the services."""
    address = secret(deployed, service, "amqp_url").removeprefix("amqp://")
    login, _, where = address.rpartition("@")
    user, _, password = login.partition(":")
    host, _, vhost = where.partition("/")
    with amqp.Connection(host, userid=user, password=password, virtual_host=vhost) as connection:
        channel = connection.channel()
        channel.confirm_select()
        act(channel)


def says(exchange: str, routing_key: str) -> Callable[[Any], object]:
    """Publishing something, and waiting until the broker has it."""
    return lambda channel: channel.basic_publish_confirm(amqp.Message("{}"), exchange, routing_key)


def listens(routing_key: str) -> Callable[[Any], object]:
    """Binding a queue of its own so that it gets what is meant for somebody else."""

    def act(channel: Any) -> None:
        channel.queue_declare("rpc.reply-notifications-x", auto_delete=True)
        channel.queue_bind("rpc.reply-notifications-x", topology.RPC_EXCHANGE.name, routing_key)

    return act


REFUSED: dict[str, Callable[[Any], object]] = {
    "say another's fact": says("heard.facts.intake", "complaint_received"),
    "put something into a queue past its exchange": says("", topology.queue_name("workflow", "report_screened")),
    "ask whom it has nothing to ask": says("heard.rpc", "workflow.case"),
    "listen to what others are asked": listens("workflow.*"),
    "listen to everything": listens("#"),
    "read another's facts": lambda channel: channel.basic_get(topology.queue_name("safeguarding", "words_received")),
    "read another's dead letters": lambda channel: channel.basic_get(topology.dead_queue_name("workflow")),
    "answer in another's place": lambda channel: channel.basic_consume("rpc-workflow"),
    "take its own queue away": lambda channel: channel.queue_delete(
        topology.queue_name("notifications", "complaint_received")
    ),
    "take an exchange away": lambda channel: channel.exchange_delete("heard.rpc"),
    "make a queue": lambda channel: channel.queue_declare("heard.v1.notifications.more"),
}


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED)
def test_a_service_that_was_broken_into_cannot(deployed: Deployed, act: Callable[[Any], object]) -> None:
    with pytest.raises(AccessRefused):
        attempt(deployed, "notifications", act)


def test_what_a_service_may_do_at_the_broker_it_can(deployed: Deployed) -> None:
    attempt(deployed, "notifications", listens(_REPLIES))
    attempt(deployed, "notifications", says("heard.rpc", _REPLIES))


def test_a_login_at_the_database_does_nothing_until_it_takes_its_services_role_on(deployed: Deployed) -> None:
    for service in SERVICES:
        with psycopg.connect(secret(deployed, service, "database_url"), autocommit=True) as login:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(f"SELECT * FROM {service}.outbox".encode())
            login.execute(f"SET ROLE heard_{service}".encode())
            login.execute(f"SELECT * FROM {service}.outbox".encode())


def test_no_service_reaches_anothers_tables_or_may_change_its_own(deployed: Deployed) -> None:
    for service in SERVICES:
        with psycopg.connect(secret(deployed, service, "database_url"), autocommit=True) as login:
            for other in [one for one in SERVICES if one != service]:
                for role in (f"heard_{other}", f"heard_{other}_reader", "heard_migrate_login"):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        login.execute(f"SET ROLE {role}".encode())
            login.execute(f"SET ROLE heard_{service}".encode())
            for refused in (
                *(f"SELECT * FROM {other}.outbox" for other in SERVICES if other != service),
                f"CREATE TABLE {service}.more (x int)",
                "CREATE TABLE public.more (x int)",
                "CREATE TEMPORARY TABLE more (x int)",
                f"DROP TABLE {service}.outbox",
                f"UPDATE {service}.alembic_version SET version_num = ''",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    login.execute(refused.encode())


def test_passwords_are_told_to_postgresql_as_it_keeps_them_itself(deployed: Deployed) -> None:
    with psycopg.connect(secret(deployed, "intake", "database_url")) as login:
        its_own = login.pgconn.encrypt_password(b"a password", b"heard_intake_login", b"scram-sha-256").decode()
    salt = base64.b64decode(its_own.split("$")[1].partition(":")[2])
    assert secrets.verifier("a password", salt) == its_own


def test_who_migrates_is_no_administrator_of_the_server(deployed: Deployed) -> None:
    with psycopg.connect(secret(deployed, "migrate", "database_url"), autocommit=True) as login:
        row = login.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles "
            "WHERE rolname = current_user"
        ).fetchone()
        assert row == (False,) * 5


def test_one_process_of_each_service_may_die_and_reports_are_taken_and_screened(deployed: Deployed) -> None:
    for service in SERVICES:
        deployed.kill(service, 0)
    lead = deployed.seat("imogen-ashdale")
    before = len(lead.get("/alerts"))
    deployed.submit(world.a_report(what_happened="noor ellingham hit me in the face"))
    deployed.wait_until(lambda: len(lead.get("/alerts")) > before, what="the lead has the alert")


def test_a_backup_brings_everything_back_and_what_was_said_last_is_said_again(
    deployed: Deployed, tmp_path: Path
) -> None:
    assert deployed.postgres is not None and deployed.database is not None
    source = deployed.postgres.past_every_wall(deployed.database)
    deployed.wait_until(lambda: deployed.count("directory", "outbox", "sent_at IS NOT NULL"), what="something is said")
    for service in SERVICES:
        deployed.kill(service)  # so that what is counted stands still
    path = {"PATH": f"{programs()}:/usr/bin:/bin"}
    backup = subprocess.run([DEPLOY / "postgresql/backup", tmp_path], env=path | {"HEARD_DATABASE": source}, check=True)
    (file,) = tmp_path.iterdir()
    assert backup.returncode == 0 and file.stat().st_mode & 0o077 == 0

    restored = deployed.postgres.fresh_database()
    try:
        deployed.prepare(restored)
        target = deployed.postgres.past_every_wall(restored)
        subprocess.run(["pg_restore", "--exit-on-error", "-d", target, file], env=path, check=True)
        with psycopg.connect(source) as before, psycopg.connect(target, autocommit=True) as after:
            tables = before.execute(
                "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables WHERE schemaname = ANY(%s)",
                (list(SERVICES),),
            ).fetchall()
            assert len(tables) > 50
            for (table,) in tables:
                count = f"SELECT count(*) FROM {table}".encode()
                assert before.execute(count).fetchone() == after.execute(count).fetchone(), table
            sent = b"SELECT count(*) FROM directory.outbox WHERE sent_at IS NOT NULL"
            assert after.execute(sent).fetchone() != (0,)
            after.execute((DEPLOY / "postgresql/after-restore.sql").read_bytes())
            assert after.execute(sent).fetchone() == (0,)

        # The rights came along, and whoever migrates still owns the tables.
        address = secret(deployed, "migrate", "database_url").rpartition("/")[0] + "/" + restored.rpartition("/")[2]
        given = {"HEARD_DATABASE_URL_FILE": "", "HEARD_DATABASE_URL": address}
        migrated = deployed.run("migrate", "migrate", "--no-keys", **given)
        assert migrated.returncode == 0, migrated.stderr
        own = secret(deployed, "reporting", "database_url").rpartition("/")[0] + "/" + restored.rpartition("/")[2]
        with psycopg.connect(own, autocommit=True) as login:
            login.execute("SET ROLE heard_reporting")
            login.execute("SELECT * FROM reporting.outbox")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute("SELECT * FROM intake.outbox")
    finally:
        deployed.postgres.drop(restored)
