"""The same commits and the same confirmed messages with nothing around them: what these two cores could do at best.

What one report costs was counted while the reports flowed (write transactions, bytes of the log, messages). Here plain
driver code spends exactly that, from several processes at once, as the services do.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import amqp
import psycopg

from tests.ground.harness import Platform, measurements

_PROCESSES = 4
_IN_A_ROW = 50  # messages published before their confirms are awaited
_ROW = 400  # bytes of a commit that a row of our own would not fill: headers, indexes


@dataclass(frozen=True, slots=True)
class Cost:
    """What one report needs, on average."""

    commits: float
    bytes: float
    messages: float
    copies: float


@dataclass(frozen=True, slots=True)
class Mark:
    """The counters of a platform at one moment."""

    commits: float
    bytes: float
    published: float
    handled: float

    def cost_until(self, later: Mark, reports: int) -> Cost:
        """What ``reports`` cost between two marks, each."""
        messages = later.published - self.published
        return Cost(
            commits=(later.commits - self.commits) / reports,
            bytes=(later.bytes - self.bytes) / reports,
            messages=messages / reports,
            copies=(later.handled - self.handled) / messages if messages else 0.0,
        )


def mark(platform: Platform) -> Mark:
    """Read the counters now."""
    told = [measurements(door) for door in _doors(platform)]
    samples = [line for text in told for line in text.splitlines()]

    def total(name: str) -> float:
        return sum(float(line.rsplit(" ", 1)[1]) for line in samples if line.startswith((f"{name}{{", f"{name} ")))

    published, handled = total("heard_facts_published_total"), total("heard_facts_handled_total")
    if platform.mode == "embedded":
        # SQLite counts no transactions: one for each report received, one for each batch of facts handled.
        logs = sum(path.stat().st_size for path in (platform.folder / "var").glob("*.db"))
        received = platform.count("intake", "reports")
        return Mark(received + total("heard_batch_seconds_count"), float(logs), published, handled)
    row = platform.rows(
        "public", "SELECT pg_current_xact_id()::text AS id, pg_current_wal_lsn() - '0/0'::pg_lsn AS bytes"
    )[0]
    return Mark(float(row["id"]), float(row["bytes"]), published, handled)


def _doors(platform: Platform) -> list[str]:
    return list(dict.fromkeys(f"http://127.0.0.1:{running.port}" for running in platform.processes))


def reports_a_second(platform: Platform, cost: Cost, seconds: float) -> float:
    """How many times a second the bare cost of a report can be spent."""
    address, queue = platform.amqp_url, "heard.bare"
    if platform.mode == "distributed" and platform.database is not None:
        with psycopg.connect(platform.database, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS public.bare (id bigserial PRIMARY KEY, body bytea)")
        with amqp.Connection(**_address(address)) as broker:
            shape = {"x-queue-type": "quorum", "x-overflow": "reject-publish"}
            broker.channel().queue_declare(queue, durable=True, auto_delete=False, arguments=shape)
        work: Any = (_distributed, (platform.database, address, queue, cost, seconds))
    else:
        work = (_embedded, (platform.folder / "bare.db", cost, seconds))
    processes = _PROCESSES if platform.mode == "distributed" else 1
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        done: list[float] = pool.starmap(work[0], [work[1]] * processes)
    return sum(done) / seconds


def _address(url: str) -> dict[str, Any]:
    parts = urllib.parse.urlsplit(url)
    return {"host": f"{parts.hostname}:{parts.port}", "virtual_host": urllib.parse.unquote(parts.path[1:]) or "/"}


def _distributed(database: str, broker: str, queue: str, cost: Cost, seconds: float) -> float:
    """Commit rows and publish, confirm, take and acknowledge messages for ``seconds``; how many reports that made."""
    body = os.urandom(max(1, int(cost.bytes / max(cost.commits, 1.0)) - _ROW))
    message = json.dumps({"sealed": os.urandom(600).hex()})
    unconfirmed: set[int] = set()
    taken = 0

    def confirmed(tag: int, multiple: bool) -> None:
        unconfirmed.difference_update([one for one in unconfirmed if one <= tag] if multiple else [tag])

    def take(delivery: Any) -> None:
        nonlocal taken
        taken += 1
        if taken % 20 == 0:
            consumer.basic_ack(delivery.delivery_tag, multiple=True)

    with psycopg.connect(database) as connection, amqp.Connection(**_address(broker)) as link:
        channel, consumer = link.channel(), link.channel()
        channel.confirm_select()
        channel.events["basic_ack"].add(confirmed)
        consumer.basic_qos(0, 200, False)
        consumer.basic_consume(queue, callback=take)
        reports = committed = published = tag = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            reports += 10
            while committed < reports * cost.commits:
                connection.execute("INSERT INTO public.bare (body) VALUES (%s)", [body])
                connection.commit()
                committed += 1
            while published < reports * cost.messages * max(cost.copies, 1.0):
                for _ in range(_IN_A_ROW):
                    tag += 1
                    unconfirmed.add(tag)
                    channel.basic_publish(amqp.Message(message, delivery_mode=2), "", queue)
                published += _IN_A_ROW
                while unconfirmed:
                    link.drain_events(timeout=10)
        return float(reports)


def _embedded(path: Path, cost: Cost, seconds: float) -> float:
    """Commit rows to one SQLite file for ``seconds``, as durably as the platform does; how many reports that made."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE bare (id INTEGER, body BLOB)")
    body = os.urandom(max(1, int(cost.bytes / max(cost.commits, 1.0))))
    reports = committed = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        reports += 10
        while committed < reports * cost.commits:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bare VALUES (?, ?)", [committed, body])
            connection.execute("COMMIT")
            committed += 1
    connection.close()
    return float(reports)
