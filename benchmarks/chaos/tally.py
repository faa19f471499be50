"""Afterwards: is everything there, once? Counted in the databases themselves, past every wall.

``faults`` answers sentences; none means that each report has its case and its record at its own home, its alert if it
should have one, whole ledgers in both places and in the report's read model, and each message once.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator, Mapping

import amqp

from heard.events import FACTS
from services.chassis.settings import SERVICES
from services.chassis.topology import dead_queue_name, keys_of, listeners
from tests.ground.harness import Platform
from tests.ground.world import home_id

_ONE_EACH = (
    ("intake", "reports"),
    ("safeguarding", "records"),
    ("workflow", "cases"),
    ("reporting", "cases"),
    ("notifications", "cases WHERE reference <> ''"),  # a home's own duties have no reference
)
_GAPS = """SELECT {key} FROM {table} GROUP BY {key} HAVING max(seq) <> count(*) OR min(seq) <> 1
    OR sum(CASE WHEN event = 'received' THEN 1 ELSE 0 END) <> 1"""


def in_flight(platform: Platform) -> dict[str, int]:
    """What is still on its way: unsent, unheard and owed facts, reports without proof. Empty when at rest.

    One database is looked at after the other, so what moves on meanwhile might be in none of them when its turn comes:
    whatever was said during the look is on its way too.
    """
    said = _said(platform)
    found: dict[str, int] = {}
    for service in SERVICES:
        found[f"outbox of {service}"] = platform.count(service, "outbox", "sent_at IS NULL")
        if platform.mode == "embedded":
            found[f"owed by {service}"] = platform.count(service, "deliveries")
    found["reports without proof"] = platform.count("intake", "reports", "screened_at IS NULL")
    found["cases unscreened"] = platform.count("workflow", "cases", "screened_at IS NULL")
    found["waiting in workflow"] = platform.count("workflow", "waiting")
    found["held in notifications"] = platform.count("notifications", "held")
    found["messages unsent"] = platform.count("notifications", "messages", "state = 'waiting'")
    for listener in listeners():
        came = platform.rows(listener, "SELECT message_id FROM inbox UNION SELECT message_id FROM parked")
        told = {one for one, fact in said.items() if listener in FACTS[fact].heard_by}
        found[f"unheard by {listener}"] = len(told - {row["message_id"] for row in came})
    found["said meanwhile"] = len(_said(platform).keys() - said.keys())
    return {what: number for what, number in found.items() if number}


def _said(platform: Platform) -> dict[str, str]:
    """Every fact that was said lately, by its message."""
    rows = [row for service in SERVICES for row in platform.rows(service, "SELECT message_id, fact FROM outbox")]
    return {row["message_id"]: keys_of(row["fact"])[-1] for row in rows}


def dead(platform: Platform) -> dict[str, int]:
    """How many messages wait in each queue of dead letters."""
    address = urllib.parse.urlsplit(platform.amqp_url)
    with amqp.Connection(
        f"{address.hostname}:{address.port}", virtual_host=urllib.parse.unquote(address.path[1:]) or "/"
    ) as connection:
        channel = connection.channel()
        graves = sorted(dead_queue_name(listener) for listener in listeners())
        return {name: channel.queue_declare(name, passive=True).message_count for name in graves}


def faults(platform: Platform, told: Mapping[str, int], worrying: int) -> Iterator[str]:
    """Everything that is not as so many reports about each home, ``worrying`` of them alarming, must leave it."""
    total = sum(told.values())
    for service, table in _ONE_EACH:
        yield from _at_each_home(platform, service, table, told)
    alerts = platform.count("safeguarding", "alerts")
    if alerts != worrying:
        yield f"safeguarding.alerts holds {alerts}, and should hold {worrying}"
    alarmed = platform.rows("safeguarding", "SELECT count(DISTINCT report_id) AS n FROM alerts")[0]["n"]
    if alarmed != worrying:
        yield f"{alarmed} reports have an alert, and {worrying} should"
    yield from _whole_ledgers(platform, total)
    yield from _messages(platform, total - worrying)
    yield from _read_model(platform)
    for service in SERVICES:
        parked = platform.count(service, "parked")
        if parked:
            yield f"{service} parked {parked} facts"
    if platform.mode == "distributed":
        for name, number in dead(platform).items():
            if number:
                yield f"{number} dead letters in {name}"


def _at_each_home(platform: Platform, service: str, table: str, told: Mapping[str, int]) -> Iterator[str]:
    rows = platform.rows(service, f"SELECT home, count(*) AS n FROM {table} GROUP BY home")  # noqa: S608
    found = {row["home"]: row["n"] for row in rows}
    for slug, number in told.items():
        there = found.pop(home_id(slug), 0)
        if there != number:
            yield f"{service}.{table} holds {there} of {slug}, and should hold {number}"
    if found:
        yield f"{service}.{table} holds {sum(found.values())} of homes that nobody told anything about"


def _whole_ledgers(platform: Platform, total: int) -> Iterator[str]:
    for service in ("safeguarding", "workflow"):
        broken = platform.rows(service, _GAPS.format(key="case_id", table="ledger"))
        if broken:
            yield f"{len(broken)} ledgers of {service} have a gap, a double or not one beginning"
        begun = platform.count(service, "ledger", "event = 'received'")
        if begun != total:
            yield f"{begun} ledgers of {service} begin, and {total} should"
    behind = platform.rows(
        "workflow",
        "SELECT c.id FROM cases c WHERE c.seq <> (SELECT max(l.seq) FROM ledger l WHERE l.case_id = c.id)",
    )
    if behind:
        yield f"{len(behind)} cases do not stand where their ledger ends"


def _messages(platform: Platform, contactable: int) -> Iterator[str]:
    receipts = platform.count("notifications", "messages", "template = ?", ["complainant/receipt"])
    if receipts != contactable:
        yield f"{receipts} people have a receipt by post, and {contactable} should"
    twice = platform.rows("notifications", "SELECT key FROM messages GROUP BY key HAVING count(*) > 1")
    if twice:
        yield f"{len(twice)} messages were made twice"


def _read_model(platform: Platform) -> Iterator[str]:
    """Reporting must hold every row of both kinds of ledger, and no other."""
    for kind, service in (("case", "workflow"), ("safeguarding", "safeguarding")):
        owned = platform.count(service, "ledger")
        kept = platform.count("reporting", "case_rows", "ledger = ?", [kind])
        if owned != kept:
            yield f"reporting holds {kept} rows of {service}'s ledgers, and there are {owned}"
