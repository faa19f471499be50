"""Logs as JSON, one line an event: ids and codes, never names, never narrative.

One correlation id goes with a complaint from the first request through every fact and every call to the last message.
The messages of exceptions are left out unless their type cannot carry a person's words.
"""

from __future__ import annotations

import logging
import sys
import traceback
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

import structlog
from structlog.typing import EventDict, WrappedLogger

from services.chassis.errors import HeardError

_correlation: ContextVar[str] = ContextVar("correlation", default="")
# The messages of these name code, files and addresses. A ValueError, for one, repeats what somebody typed.
_TELLING = (TypeError, AttributeError, NameError, ImportError, KeyError, RuntimeError, OSError, HeardError)


def correlation() -> str:
    """The correlation id of what is being done now; a new one when nothing gave one."""
    current = _correlation.get()
    if not current:
        current = uuid4().hex
        _correlation.set(current)
    return current


def correlate(value: str | None) -> str:
    """From here on, in this greenlet, everything belongs to ``value`` (or to a new id). Returns the id."""
    value = value if value and len(value) <= 64 and value.isascii() and value.isprintable() else uuid4().hex
    _correlation.set(value)
    return value


def why(error: BaseException) -> str:
    """An exception in one line that repeats nobody's words."""
    name = type(error).__name__
    if isinstance(error, _TELLING):
        return f"{name}: {error}"
    origin = getattr(error, "orig", None)  # the driver's own error: its first line names constraint and state
    if origin is not None:
        return f"{name}: {type(origin).__name__} {str(origin).splitlines()[0] if str(origin) else ''}"
    return name


def _tell_where(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    exc_info = event.pop("exc_info", None)
    if not exc_info:
        return event
    error = (
        exc_info if isinstance(exc_info, BaseException) else (exc_info if exc_info is not True else sys.exc_info())[1]
    )
    if error is not None:
        event["error"] = why(error)
        event["where"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ][-12:]
    return event


def _belongs(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    current = _correlation.get()
    if current:
        event.setdefault("correlation", current)
    return event


class _Frameworks(logging.Filter):
    """The frameworks' own lines: nameko repeats arguments in its errors, and kombu the bodies of messages."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("nameko.containers") and record.levelno < logging.CRITICAL:
            return False  # the chassis has logged it already, without the arguments
        if record.name.startswith(("kombu", "amqp")):
            record.msg, record.args = f"{record.name}: the broker connection had trouble", ()
        return True


_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _belongs,
    _tell_where,
]
# Already at import: structlog's own default prints what every variable held when something failed.
structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def set_up(level: str = "INFO") -> None:
    """Send every log of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Frameworks())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("kombu", "amqp", "nameko", "alembic", "eventlet", "urllib3"):
        logging.getLogger(noisy).setLevel("WARNING")


def logger(service: str) -> structlog.stdlib.BoundLogger:
    """The log of one service."""
    bound: structlog.stdlib.BoundLogger = structlog.get_logger("heard").bind(service=service)
    return bound
