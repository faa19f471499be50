"""What each service may do on the broker, and no more: what an administrator imports before the first start.

A service says facts on its own exchange only, reads its own queues only, asks whom ``askers.toml`` lets it ask, and
makes nothing but the queue on which its answers come. So one that was broken into can neither say another's facts, nor
read another's post, nor take a queue away. Services that run so are told by ``HEARD_DECLARES=false``.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from heard.events import FACTS
from services.chassis.settings import SERVICES
from services.chassis.topology import DEAD_EXCHANGE, RPC_EXCHANGE, all_queues, fact_exchange, listeners

_REPLIES = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""Routing keys of answers: the id of the asker's own queue, which nobody else knows."""


@cache
def askers() -> Mapping[str, list[str]]:
    """Whom each service may ask."""
    found: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "askers.toml").read_text(encoding="utf-8"))
    return found


def user_of(service: str) -> str:
    """The login of a service at the broker."""
    return f"heard_{service}"


def definitions(vhost: str, passwords: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What RabbitMQ imports. Without ``passwords`` (by service) the users are there and cannot sign in."""
    queues = [
        {
            "name": queue.name, "vhost": vhost, "durable": True, "auto_delete": False,
            "arguments": queue.queue_arguments or {},
        }
        for queue in all_queues()
    ]  # fmt: skip
    bindings = [_binding(vhost, queue.exchange.name, queue.name, queue.routing_key) for queue in all_queues()]
    for service in SERVICES:
        queues.append(
            {"name": f"rpc-{service}", "vhost": vhost, "durable": True, "auto_delete": False, "arguments": {}}
        )
        bindings.append(_binding(vhost, RPC_EXCHANGE.name, f"rpc-{service}", f"{service}.*"))
    exchanges = [RPC_EXCHANGE, DEAD_EXCHANGE, *map(fact_exchange, sorted({k.publisher for k in FACTS.values()}))]
    return {
        "vhosts": [{"name": vhost}],
        "users": [_user(service, (passwords or {}).get(service)) for service in SERVICES],
        "permissions": [permission(vhost, service) for service in SERVICES],
        "topic_permissions": [topic_permission(vhost, service) for service in SERVICES],
        "exchanges": [
            {
                "name": one.name, "vhost": vhost, "type": one.type, "durable": True, "auto_delete": False,
                "internal": False, "arguments": {},
            }
            for one in exchanges
        ],
        "queues": queues,
        "bindings": bindings,
    }  # fmt: skip


def permission(vhost: str, service: str) -> dict[str, str]:
    """Which names a service may make, write to and read from."""
    replies = rf"rpc\.reply-{service}-.*"
    writes, reads = [replies, r"heard\.rpc"], [replies, r"heard\.rpc", f"rpc-{service}"]
    if any(kind.publisher == service for kind in FACTS.values()):
        writes.append(_plain(fact_exchange(service).name))
    if service in listeners():
        reads.append(rf"heard\.v[0-9]+\.{service}\..*")
    return {
        "user": user_of(service), "vhost": vhost, "configure": f"^{replies}$",
        "write": f"^({'|'.join(writes)})$", "read": f"^({'|'.join(reads)})$",
    }  # fmt: skip


def topic_permission(vhost: str, service: str) -> dict[str, str]:
    """Whom a service may ask and answer; and that it can listen to answers alone, never to others' questions."""
    asked = [rf"{one}\..*" for one in askers()[service]]
    return {
        "user": user_of(service), "vhost": vhost, "exchange": RPC_EXCHANGE.name,
        "write": f"^({'|'.join([*asked, _REPLIES])})$", "read": f"^{_REPLIES}$",
    }  # fmt: skip


def _user(service: str, password: str | None) -> dict[str, Any]:
    user: dict[str, Any] = {"name": user_of(service), "tags": [], "limits": {}}
    if password is not None:
        salt = os.urandom(4)
        hashed = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
        user |= {"password_hash": hashed, "hashing_algorithm": "rabbit_password_hashing_sha256"}
    return user


def _binding(vhost: str, exchange: str, queue: str, routing_key: str) -> dict[str, Any]:
    return {
        "source": exchange, "vhost": vhost, "destination": queue, "destination_type": "queue",
        "routing_key": routing_key, "arguments": {},
    }  # fmt: skip


def _plain(name: str) -> str:
    return name.replace(".", r"\.")
