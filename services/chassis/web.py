"""The doors to the web: each service's own Flask application, with health and measurements beside it.

Distributed, a process serves its one service. Embedded, one server serves all: the portal at ``/``, the others at
``/_/<service>``. Every request gets a correlation id, and the answer says which.
"""

from __future__ import annotations

import hmac
import importlib
import json
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import Any

import eventlet
import eventlet.wsgi
from eventlet.greenpool import GreenPool

from services.chassis.errors import Failed
from services.chassis.health import Health
from services.chassis.house import House
from services.chassis.logs import correlate, logger
from services.chassis.metrics import exposition
from services.chassis.settings import Settings

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_ROUND_EACH = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)
"""What stands round every answer that does not say it otherwise: no page of another site, nothing guessed or kept."""
_ONLY_TLS = ("Strict-Transport-Security", "max-age=31536000")
_TOGETHER = 256  # requests at the same time
_PATIENCE = 30  # seconds for a client to send or take something


def door_of(house: House) -> Application | None:
    """The Flask application of a service, from its ``doors.make_app(house, calls)``; None when it has no door."""
    name = f"services.{house.service}.doors"
    if find_spec(f"services.{house.service}") is None or find_spec(name) is None:
        return None
    app: Application = importlib.import_module(name).make_app(house, house.calls)
    return app


class Doors:
    """The one WSGI application of a process."""

    def __init__(self, houses: Mapping[str, House], apps: Mapping[str, Application | None], embedded: bool) -> None:
        self.houses, self.embedded = houses, embedded
        self.settings = next(iter(houses.values())).settings
        self.round_each = (*_ROUND_EACH, *([_ONLY_TLS] if self.settings.public_url.startswith("https://") else []))
        self.log = logger("doors")
        self.apps = {name: app for name, app in apps.items() if app is not None}
        self.health = {name: Health(house) for name, house in houses.items()}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        current = correlate(environ.get("HTTP_X_CORRELATION_ID"))
        environ["HTTP_X_CORRELATION_ID"] = current

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            said = {name.lower() for name, _ in headers}
            unsaid = [(name, value) for name, value in self.round_each if name.lower() not in said]
            return start_response(status, [*headers, *unsaid, ("X-Correlation-Id", current)], *rest)

        path = environ.get("PATH_INFO", "")
        self._see_past_our_proxies(environ)
        numbers = self._may_measure(environ)
        if path == "/metrics" and not numbers:
            return _problem(start, "404 Not Found", "Not found", "There is no door here.")
        own = self._own(path, numbers)
        if own is not None:
            status, kind, body = own
            start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
            return [body]
        app = self._find(path, environ)
        if app is None:
            return _problem(start, "404 Not Found", "Not found", "There is no door here.")
        try:
            return app(environ, start)
        except Exception as fault:  # beyond what the application answers itself
            self.log.error("request_failed", exc_info=fault)
            return _problem(start, "500 Internal Server Error", Failed.title, Failed().sentence)

    def _find(self, path: str, environ: dict[str, Any]) -> Application | None:
        if not self.embedded:
            return next(iter(self.apps.values()), None)
        if path.startswith("/hooks/"):  # where carriers tell what became of a text: one address in both modes
            return self.apps.get("notifications")
        if path.startswith("/_/"):
            name = path[3:].partition("/")[0]
            app = self.apps.get(name)
            if app is not None and name != "portal":
                prefix = f"/_/{name}"
                environ["SCRIPT_NAME"], environ["PATH_INFO"] = prefix, path[len(prefix) :] or "/"
                return app
            return None
        return self.apps.get("portal")

    def _see_past_our_proxies(self, environ: dict[str, Any]) -> None:
        """Who asks, as our own outermost proxy saw them; what anybody else wrote into the header does not count."""
        proxies = self.settings.proxies
        seen = [one.strip() for one in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
        if 0 < proxies <= len(seen):
            environ["REMOTE_ADDR"] = seen[-proxies]

    def _may_measure(self, environ: Mapping[str, Any]) -> bool:
        """Whether who asks may read numbers.

        A count that goes up tells the person complained about that somebody has complained: numbers are for whoever
        looks after the installation, and to others there are none.
        """
        kind, _, shown = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
        wanted = self.settings.metrics_token
        if wanted and kind.lower() == "bearer" and hmac.compare_digest(_bytes(shown.strip()), wanted.encode()):
            return True
        token = str(environ.get("HTTP_X_HEARD_INTERNAL", ""))
        return bool(token) and hmac.compare_digest(_bytes(token), self.settings.internal_token.encode())

    def _own(self, path: str, numbers: bool) -> tuple[str, str, bytes] | None:
        if path == "/metrics":
            return (
                "200 OK",
                "text/plain; version=0.0.4; charset=utf-8",
                exposition(h.metrics for h in self.houses.values()),
            )
        if path == "/health/live":
            return _answer(True, {"live": True})
        if path == "/health/ready":
            faults = {name: fault for name, health in self.health.items() if (fault := health.ready())}
            return _answer(not faults, {"ready": not faults, "faults": faults})
        if path == "/health":
            reports = {name: health.report() for name, health in self.health.items()}
            well = all(one for one, _ in reports.values())
            told = {name: story if numbers else _without_numbers(story) for name, (_, story) in reports.items()}
            return _answer(well, {"well": well, "services": told})
        return None


def _problem(start: Callable[..., Any], status: str, title: str, detail: str) -> Iterable[bytes]:
    body = json.dumps({"title": title, "detail": detail}).encode()
    start(status, [("Content-Type", "application/problem+json"), ("Content-Length", str(len(body)))])
    return [body]


def _bytes(header: str) -> bytes:
    """A header as it came: WSGI hands its bytes over as Latin-1 text."""
    return header.encode("utf-8", "replace")


def _without_numbers(story: Mapping[str, Any]) -> dict[str, Any]:
    """A service's health for everybody: what is wrong, and not how much waits."""
    return {name: story[name] for name in ("well", "faults") if name in story}


def _answer(well: bool, story: dict[str, Any]) -> tuple[str, str, bytes]:
    return ("200 OK" if well else "503 Service Unavailable"), "application/json", json.dumps(story).encode()


class Server:
    """The listening socket of a process, in a greenlet of its own."""

    def __init__(self, settings: Settings, application: Application) -> None:
        # Replicas of a distributed service may share a port. Two embedded platforms on one port would each answer
        # half of the requests, so there the second is refused.
        self.socket = eventlet.listen((settings.host, settings.port), reuse_port=not settings.embedded, backlog=512)
        self._pool = GreenPool(_TOGETHER)
        self._thread = eventlet.spawn(
            eventlet.wsgi.server,
            self.socket,
            application,
            custom_pool=self._pool,
            log_output=False,
            debug=False,
            keepalive=True,
            socket_timeout=_PATIENCE,
        )

    def stop(self, patience: float = 1.5) -> None:
        """Take no more requests, and give those under way a moment to end."""
        self._thread.kill()
        self.socket.close()
        with eventlet.Timeout(patience, False):
            while self._pool.running():
                eventlet.sleep(0.02)
