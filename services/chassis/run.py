"""Running: the whole platform in one process (``run_embedded``), or one service of a distributed one (``run_service``).

Importing this module makes the process a green one, before anything that opens sockets is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from services.chassis import green

green.patch()

from services.chassis import logs  # noqa: E402  (after the patch)
from services.chassis.process import Process, check_migrated, keep_what_is_loaded, service_class  # noqa: E402
from services.chassis.settings import SERVICES, Settings  # noqa: E402


def run_embedded(settings: Settings, ready: Callable[[], None] | None = None) -> None:
    """Run every service here until SIGTERM or SIGINT; calls ``ready`` once the doors are open."""
    _run(settings, SERVICES, ready)


def run_service(settings: Settings, name: str, ready: Callable[[], None] | None = None) -> None:
    """Run one service here until SIGTERM or SIGINT; calls ``ready`` once its doors are open."""
    _run(settings, (name,), ready)


_SLICE = 0.0005  # seconds for which a thread that reckons may keep the others waiting; Python's own is ten times that


def _run(settings: Settings, names: tuple[str, ...], ready: Callable[[], None] | None) -> None:
    logs.set_up(settings.log_level)
    log = logs.logger("process")
    sys.setswitchinterval(_SLICE)
    services = {name: service_class(name) for name in names}
    faults = check_migrated(settings, services)
    if faults:
        for fault in faults:
            log.error("not_started", why=fault)
        sys.exit(1)
    process = Process(settings, services)
    died: str | None = None
    try:
        try:
            process.start()
        except (OSError, RuntimeError) as fault:  # the address is taken, or the data folder is
            log.error("not_started", why=logs.why(fault))
            sys.exit(1)
        stays = keep_what_is_loaded()
        log.info("started", services=list(names), mode=settings.mode, installation=settings.installation, stays=stays)
        if ready is not None:
            ready()
        died = process.wait()
    finally:
        process.stop()
    if died is not None:
        log.error("service_died", died=died)
        sys.exit(1)
