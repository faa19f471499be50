"""The queues of the platform, made from the table of facts: who hears what, where it goes when nobody can handle it.

One exchange for the facts of each publisher, so that no service can say another's; a quorum queue for each (listener,
fact), so that no traffic delays another; one queue of dead letters a listener. What is alarming among many of a kind
goes twice: first on a queue where nothing else stands, and again with all the others, where its listener knows it
already. Whoever publishes declares all of them
first: a fact is never sent where nobody's queue stands yet. On a broker that was prepared beforehand (``rights``) it
looks whether they stand there, and makes none.
"""

from __future__ import annotations

from typing import Any

from kombu import Exchange, Queue

from heard.events import FACTS

DEAD_EXCHANGE = Exchange("heard.dead", "direct", durable=True)
RPC_EXCHANGE = Exchange("heard.rpc", "topic", durable=True)
# A message that ends its process this often goes to the dead letters. Ordinary failures are counted by the listener,
# which parks long before; each kill of a process counts one for all it held, so the number must be large.
_DELIVERY_LIMIT = 50
VERSION = "v1"


def queue_name(listener: str, fact: str, *, first: bool = False) -> str:
    """``heard.v1.<listener>.<fact>``. Another shape of queue needs another version: RabbitMQ refuses to change one.

    ``first``: the queue of what is alarming among them, ``heard.v1.<listener>.first.<fact>``.
    """
    return f"heard.{VERSION}.{listener}.first.{fact}" if first else f"heard.{VERSION}.{listener}.{fact}"


def first_key(fact: str) -> str:
    """The routing key of what is alarming among the facts of a kind."""
    return f"first.{fact}"


def keys_of(said_as: str) -> tuple[str, ...]:
    """The routing keys to which a row of the outbox goes: what is alarming goes first, and then with all others."""
    return (said_as, said_as.removeprefix("first.")) if said_as.startswith("first.") else (said_as,)


def dead_queue_name(listener: str) -> str:
    """Where a listener's undeliverable messages end, until it parks them."""
    return f"heard.{VERSION}.{listener}.dlq"


def fact_exchange(publisher: str) -> Exchange:
    """Where a service says its facts, and nobody else may say any."""
    return Exchange(f"heard.facts.{publisher}", "direct", durable=True)


def queue_of(listener: str, fact: str, *, first: bool = False, declares: bool = True) -> Queue:
    """The queue on which ``listener`` hears ``fact``, or ``first`` what is alarming among them.

    Raises ``LookupError`` where nothing alarming has a queue of its own.
    """
    if first and listener not in FACTS[fact].first:
        raise LookupError(f"{listener} hears no {fact} first")
    return Queue(
        queue_name(listener, fact, first=first),
        fact_exchange(FACTS[fact].publisher),
        routing_key=first_key(fact) if first else fact,
        durable=True,
        no_declare=not declares,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": _DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD_EXCHANGE.name,
            "x-dead-letter-routing-key": dead_queue_name(listener),
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )


def dead_queue_of(listener: str, *, declares: bool = True) -> Queue:
    """The queue of dead letters of one listener."""
    return Queue(
        dead_queue_name(listener),
        DEAD_EXCHANGE,
        routing_key=dead_queue_name(listener),
        durable=True,
        no_declare=not declares,
        queue_arguments={"x-queue-type": "quorum"},
    )


def listeners() -> list[str]:
    """Every service that hears anything."""
    return sorted({listener for kind in FACTS.values() for listener in kind.heard_by})


def all_queues() -> list[Queue]:
    """Every queue of the platform: dead letters first, so that nothing dies into nowhere."""
    queues = [dead_queue_of(listener) for listener in listeners()]
    queues += [queue_of(listener, kind.name, first=True) for kind in FACTS.values() for listener in kind.first]
    return queues + [queue_of(listener, kind.name) for kind in FACTS.values() for listener in kind.heard_by]


def declare(channel: Any, publisher: str | None = None, *, make: bool = True) -> None:
    """Declare what ``publisher`` needs (or everything). Declaring what exists already changes nothing.

    With ``make=False`` it is only looked at: raises ``amqp.exceptions.NotFound`` for a queue that is not there.
    """
    for queue in all_queues():
        if publisher is not None and not _needs(publisher, queue):
            continue
        if make:
            queue(channel).declare()
        else:
            queue(channel).queue_declare(passive=True)


def _needs(publisher: str, queue: Queue) -> bool:
    if queue.exchange.name == DEAD_EXCHANGE.name:
        return True
    return bool(queue.exchange.name == fact_exchange(publisher).name)
