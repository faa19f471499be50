"""What stands round every door of the portal and of the process: security headers on each answer, a token in each form.

The route table is the list. Asked in process, as nobody and as somebody who is signed in, behind TLS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask.testing import FlaskClient

from services.chassis.settings import Settings
from services.chassis.web import Doors as Web
from services.portal.doors import make_app
from tests.portal.conftest import Browser
from tests.portal.fakes import ALERT_ID, CASE_ID, HOME, REFERENCE, REPORT_ID, Calls, Doors, House
from tests.security.test_every_door import ROUTES, path_of

SITE = "https://heard.example"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)
"""What a page would need `unsafe-inline` for."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=31536000",
}


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, FlaskClient]]:
    """A browser of nobody's, and one at which a manager is signed in."""
    doors = Doors()
    house = House(tmp_path_factory.mktemp("round"), {"intake": doors.url, "safeguarding": doors.url}, SITE)
    app = make_app(house, Calls())  # type: ignore[arg-type]
    nobody, manager = app.test_client(), app.test_client()
    for client in (nobody, manager):
        client.environ_base |= {"wsgi.url_scheme": "https", "HTTP_HOST": "heard.example", "HTTP_REFERER": f"{SITE}/"}
    Browser(manager).sign_in()
    assert manager.get("/today").status_code == 200
    yield {"nobody": nobody, "manager": manager}
    doors.stop()
    house.db.engine.dispose()


def addresses(method: str) -> Iterator[tuple[str, str]]:
    """Every door that takes this method, with ids that the neighbours of these tests know."""
    ids = {"case_id": CASE_ID, "report_id": REPORT_ID, "alert_id": ALERT_ID, "reference": REFERENCE,
           "home_id": HOME["id"], "person_id": "m" * 32, "provider": "p" * 32, "slug": HOME["slug"],
           "token": "guessed"}  # fmt: skip
    for rule in ROUTES:
        if method in (rule.methods or ()):
            path = path_of(rule, **ids) if rule.endpoint != "static" else "/static/heard.css"
            yield rule.endpoint, path


@pytest.mark.parametrize("who", ["nobody", "manager"])
def test_each_answer_keeps_other_sites_and_scripts_out(clients: dict[str, FlaskClient], who: str) -> None:
    for endpoint, path in [*addresses("GET"), ("none", "/no/such/page"), ("none", "/api/v1/no/such/door")]:
        answer = clients[who].get(path)
        said, headers = f"{who} at {path}: {answer.status_code}", answer.headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, said
        assert headers.get("Referrer-Policy") in ("same-origin", "no-referrer"), said
        policy = headers.get("Content-Security-Policy", "")
        assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, said
        assert endpoint == "static" or headers.get("Cache-Control") == "no-store", said
        if answer.mimetype == "text/html":
            assert not INLINE.search(answer.get_data(as_text=True)), said
        answer.close()


@pytest.mark.parametrize("who", ["nobody", "manager"])
def test_no_form_is_taken_that_another_site_could_have_sent(clients: dict[str, FlaskClient], who: str) -> None:
    tried = 0
    for _, path in addresses("POST"):
        if not path.startswith("/api/"):
            for form in ({}, {"csrf_token": "guessed"}):
                answer = clients[who].post(path, data=form)
                assert answer.status_code == 400, f"{who} at {path}: {answer.status_code}"
                assert "This page was open too long" in answer.get_data(as_text=True), path
            tried += 1
    assert tried > 20


def test_a_cookie_opens_nothing_in_the_api(clients: dict[str, FlaskClient]) -> None:
    """It takes no token against forgery, so it must take no cookie either."""
    for method in ("GET", "POST"):
        for endpoint, path in addresses(method):
            if path.startswith("/api/v1/") and not endpoint.startswith("complaints."):
                answer = clients["manager"].open(path, method=method, json={} if method == "POST" else None)
                assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"


@pytest.mark.parametrize("path", ["/health", "/health/live", "/metrics", "/nowhere", "/_/intake/reports", "/breaks"])
def test_what_the_process_itself_answers_has_them_too(tmp_path: Path, path: str) -> None:
    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/breaks":
            raise RuntimeError("on purpose")
        start("404 Not Found", [("Content-Type", "application/json")])
        return []

    house = SimpleNamespace(settings=Settings(var=tmp_path, public_url=SITE), service="portal")
    web = Web(cast(Any, {"portal": house}), {"portal": app, "intake": app}, embedded=True)
    web.health["portal"] = cast(Any, SimpleNamespace(report=lambda: (True, {}), ready=lambda: ""))
    heard: list[dict[str, str]] = []
    list(web({"PATH_INFO": path}, lambda status, headers: heard.append(dict(headers))))
    (headers,) = heard
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"] and headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
