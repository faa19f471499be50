"""`heard watchdog`: the small process that calls people when the platform's own one is dead or stands still."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import click

from services.chassis.settings import Settings

_STARTED_AGAIN_AFTER = 30.0  # seconds


@click.command()
def watchdog() -> None:
    """Watch over an installation of one process: call people when it stands still while something waits for them.

    `heard up` starts one beside itself. With systemd, run it as a unit of its own.
    """
    from services.chassis import green

    green.patch()
    from services.chassis import logs
    from services.cli import NotDone, Wrong, settings_with
    from services.upkeep.watchdog import AlreadyRuns, keep_watch

    settings = settings_with()
    if not settings.embedded:
        raise Wrong("A distributed platform needs no watchdog: its services watch each other. See the run book.")
    if not (settings.var / "intake.db").exists():
        raise Wrong(f"There is no installation in {settings.var}. Start it once with `heard up`.")
    logs.set_up(settings.log_level)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    try:
        keep_watch(settings, told.is_set, told.wait)
    except AlreadyRuns as fault:
        raise NotDone(str(fault)) from None


class Beside:
    """The watchdog beside a platform that runs here: started, started again should it end, and sent home at the end.

    It outlives a platform that is killed, which is what it is for.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._stopping = False
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and look after it from now on."""
        threading.Thread(target=self._keep, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Send it home: this one, or one that outlived an earlier platform."""
        from services.upkeep.watchdog import send_home

        self._stopping = True
        send_home(self.settings)

    def _keep(self) -> None:
        began = float("-inf")
        while not self._stopping:
            ended = self._process is None or self._process.poll() is not None
            if ended and time.monotonic() - began >= _STARTED_AGAIN_AFTER:
                began = time.monotonic()
                self._process = _launch()
            time.sleep(1)


def _launch() -> subprocess.Popen[bytes]:
    heard = Path(sys.executable).parent / "heard"
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "start_new_session": True}
    return subprocess.Popen([heard, "watchdog"], **options)
