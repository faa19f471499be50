"""Green threads: the one place that meets eventlet, which nameko brings along.

``patch()`` has to run before anything that opens sockets or takes locks is imported (``run`` does so first of all).
Code outside the chassis asks this module when it needs a pause, a lock or a real thread, and never imports eventlet.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_patched = False


def patch() -> None:
    """Make this process a green one. Raises ``RuntimeError`` when psycopg was imported too early to become green."""
    global _patched
    if _patched:
        return
    if "psycopg" in sys.modules:
        raise RuntimeError("psycopg was imported before green.patch(): its C code would stop every greenlet")
    # psycopg's C waiting function blocks the whole process; this one waits in Python, which eventlet makes green.
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
    # NumPy would take every core for one sum, and calls and reports would wait. Read when it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # eventlet announces its retirement at every import; nameko needs it still
        import eventlet

        eventlet.monkey_patch()
    _patched = True


def check() -> None:
    """Raise ``RuntimeError`` unless the database driver waits the green way: asked once when a service starts."""
    if not _patched:
        raise RuntimeError("services run in a green process only: import services.chassis.run first")
    import psycopg.waiting

    if getattr(psycopg.waiting.wait, "__name__", "") == "wait_c":
        raise RuntimeError("psycopg waits in C and would stop every greenlet: PSYCOPG_WAIT_FUNC came too late")


def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run CPU work (a password hash, a PDF) in a real thread, so that the other greenlets keep moving."""
    if not _patched:
        return work(*args, **kwargs)
    from eventlet import tpool

    result: R = tpool.execute(work, *args, **kwargs)
    return result


def spawn(work: Callable[..., Any], *args: Any) -> Any:
    """Start ``work`` in a greenlet that inherits the current correlation id; returns the greenlet."""
    import contextvars

    import eventlet

    return eventlet.spawn(contextvars.copy_context().run, work, *args)


def beside(work: Callable[..., Any], *args: Any) -> None:
    """Start ``work`` beside whoever asks for it. Outside a green process there is nobody beside, and it is done now."""
    if _patched:
        spawn(work, *args)
    else:
        work(*args)


def pause(seconds: float) -> None:
    """Let the others run for ``seconds``."""
    import time

    time.sleep(seconds)
