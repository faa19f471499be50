"""Ticks: work that falls due. Every replica runs them; rows are claimed (``claim``), so each is done once.

A tick that did something runs again at once, one that failed waits and tries again, and when a test moves the clock
they all ring immediately.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from eventlet.event import Event
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from services.chassis.waking import Bell

_LONGEST_PAUSE = 30.0  # seconds between tries of a tick that keeps failing


class Tick(Entrypoint):
    """Calls a method every so many seconds: ``@ticks(5)``. The method returns how many things it did, or None."""

    def __init__(self, seconds: float, alarms: bool = False, **kwargs: Any) -> None:
        self.seconds, self.alarms = seconds, alarms
        self.method = ""
        self.stopping = False
        self.bell = Bell()
        self._thread: Any = None
        super().__init__(**kwargs)

    def bind(self, container: Any, method_name: str) -> Any:
        bound = super().bind(container, method_name)
        bound.method, bound.method_name = method_name, "fire"
        return bound

    def setup(self) -> None:
        house = self.container.config["heard_houses"][self.container.service_name]
        house.bells[self.method] = self.bell

    def start(self) -> None:
        self._thread = self.container.spawn_managed_thread(self._run, identifier=f"tick {self.method}")

    def stop(self) -> None:
        self.stopping = True
        self.bell.ring()
        if self._thread is not None:
            self._thread.wait()

    def kill(self) -> None:
        self.stopping = True
        if self._thread is not None:
            self._thread.kill()

    def _run(self) -> None:
        bells = self.container.config["heard_bells"]
        bells.add(self.bell)
        failures = 0
        try:
            while not self.stopping:
                done = self._fire()
                failures = failures + 1 if done is None else 0
                if done:
                    continue
                self.bell.wait(
                    min(self.seconds * 2**failures, max(_LONGEST_PAUSE, self.seconds)) if failures else self.seconds
                )
        finally:
            bells.discard(self.bell)

    def _fire(self) -> int | None:
        """How many things were done; None when the tick failed."""
        finished: Any = Event()

        def settle(context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            finished.send(None if exc_info else result)
            return result, exc_info

        try:
            self.container.spawn_worker(self, (self.method,), {}, handle_result=settle)
        except ContainerBeingKilled:
            self.stopping = True
            return 0
        began = time.monotonic()
        result = finished.wait()
        if result and time.monotonic() == began:  # a clock too coarse to see it: let the others run
            time.sleep(0)
        return None if result is None else int(result)


F = TypeVar("F", bound=Callable[..., Any])


def ticks(seconds: float, *, alarms: bool = False) -> Callable[[F], F]:
    """Marks a method ``(self)`` as due every so many seconds; it returns how many things it did, or None.

    ``alarms``: it stands on the way from something worrying to somebody's telephone.
    """
    mark: Callable[[F], F] = Tick.decorator(seconds, alarms=alarms)
    return mark
