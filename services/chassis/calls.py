"""Questions between services: ``calls.workflow.case(person_id=..., case_id=...)``, answered by ``@answers`` methods.

Errors of ``errors`` travel and come out typed at the caller's side; anything else that went wrong there is ``Failed``
here, its story being in the other's log. What does not answer in ten seconds is ``Unavailable``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
from amqp.exceptions import AMQPError
from kombu.exceptions import KombuError
from nameko import exceptions as nameko_errors
from nameko.rpc import MethodProxy, ReplyListener, Rpc, RpcConsumer

from services.chassis import errors
from services.chassis.consuming import SteadyConsumer
from services.chassis.logs import correlation

PATIENCE = 10.0  # seconds

_KINDS = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.HeardError)
}


class Travelling(Exception):
    """An error of ours on its way to whoever asked: nameko makes text of everything but text, so it travels as JSON."""

    def __init__(self, error: errors.HeardError) -> None:
        kind = next(known.__name__ for known in type(error).__mro__ if known in _KINDS.values())
        super().__init__(json.dumps([kind, {name: getattr(error, name) for name in _KINDS[kind].carries}]))


def _arrived(text: str) -> errors.HeardError:
    kind, arguments = json.loads(text)
    return _KINDS[kind](**arguments)


nameko_errors.registry[nameko_errors.get_module_path(Travelling)] = _arrived


def _declares(container: Any) -> bool:
    """Whether this process makes what is missing on the broker (see ``topology``)."""
    return bool(container.config["heard_houses"][container.service_name].settings.declares)


class _SteadyRpcConsumer(RpcConsumer):
    """Takes the questions of a container."""

    queue_consumer = SteadyConsumer()

    def setup(self) -> None:
        super().setup()
        self.queue.no_declare = not _declares(self.container)

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        if exc_info is not None and isinstance(exc_info[1], errors.HeardError):
            travelling = Travelling(exc_info[1])
            exc_info = (Travelling, travelling, exc_info[2])
        try:
            return super().handle_result(message, result, exc_info)
        except (OSError, AMQPError, KombuError):  # the broker is away: whoever asked has given up, or will
            self.queue_consumer.ack_message(message)
            return result, exc_info


class SteadyReplies(ReplyListener):
    """Takes the answers to a container's own questions."""

    queue_consumer = SteadyConsumer()

    def setup(self) -> None:
        super().setup()
        # This queue is the container's own and made on every broker; the exchange it hangs on is everybody's.
        self.queue.exchange.no_declare = not _declares(self.container)

    def forget(self, reply_event: Any) -> None:
        """Nobody waits for this answer any more."""
        for key, waiting in list(self._reply_events.items()):
            if waiting is reply_event:
                del self._reply_events[key]


class Answer(Rpc):
    """The entry point of a question: ``@answers`` on a method whose arguments and result are JSON-able."""

    rpc_consumer = _SteadyRpcConsumer()


F = TypeVar("F", bound=Callable[..., Any])


def answers(method: F) -> F:
    """Marks a method as the answer to a question of the same name; arguments by name, result JSON-able."""
    marked: F = Answer.decorator(method)
    return marked


class _Asking:
    """What nameko wants to know about who asks."""

    def __init__(self, container: Any) -> None:
        self.container = container

    @property
    def context_data(self) -> dict[str, str]:
        return {"correlation": correlation()}


class Service:
    """The questions one other service answers."""

    def __init__(self, calls: Calls, name: str) -> None:
        self._calls, self._name = calls, name

    def __getattr__(self, method: str) -> Any:
        def ask(**kwargs: Any) -> Any:
            return self._calls.ask(self._name, method, kwargs)

        return ask


class Calls:
    """Asks other services. One in each container, as ``house.calls``."""

    def __init__(self, container: Any, replies: Any) -> None:
        self._container, self._replies = container, replies

    def __getattr__(self, service: str) -> Service:
        if service.startswith("_"):
            raise AttributeError(service)
        return Service(self, service)

    def ask(self, service: str, method: str, kwargs: dict[str, Any], patience: float = PATIENCE) -> Any:
        """The JSON-able answer. Raises the other side's ``HeardError``, ``Failed``, or ``Unavailable``."""
        # A question that nobody took in time is thrown away: the asker has been told that it failed.
        proxy = MethodProxy(
            _Asking(self._container),
            service,
            method,
            self._replies,
            expiration=patience,
            retry_policy={"max_retries": 2, "interval_start": 0.1, "interval_step": 0.5},
        )
        reply: Any = None
        try:
            with eventlet.Timeout(patience):
                reply = proxy.call_async(**kwargs)
                return reply.result()
        except eventlet.Timeout:
            if reply is not None:
                self._replies.forget(reply.reply_event)
            raise errors.Unavailable(f"The {service} part of the service is not answering.") from None
        except (nameko_errors.UnknownService, OSError, AMQPError, KombuError):
            raise errors.Unavailable(f"The {service} part of the service is not answering.") from None
        except nameko_errors.RemoteError as fault:
            raise errors.Failed(
                f"Something went wrong in {service} ({fault.exc_type}). It has been recorded."
            ) from None


__all__ = ["Answer", "Calls", "answers"]
