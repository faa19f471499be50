"""The portal's app, its faked neighbours, and browsers without a script that fill in its forms."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.directory import desk
from services.portal.doors import make_app
from tests.directory.at_the_desk import Desk
from tests.directory.neighbours import person
from tests.portal.fakes import Calls, Doors, House


@dataclass
class Portal:
    """The app and what stands round it."""

    app: Flask
    house: House
    calls: Calls
    doors: Doors


class Browser:
    """A browser without a script: follows links, fills in forms with the token that the page gave it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def open(self, path: str) -> TestResponse:
        answer = self.client.get(path, follow_redirects=True)
        self.page = answer.get_data(as_text=True)
        return answer

    def send(self, path: str, follow: bool = True, **form: Any) -> TestResponse:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        assert token, "the page has no form"
        answer = self.client.post(path, data={"csrf_token": token.group(1), **form}, follow_redirects=follow)
        self.page = answer.get_data(as_text=True)
        return answer

    def sign_in(self) -> None:
        self.open("/sign-in")
        self.send("/sign-in", email="imogen@tidewater.example", password="a good password")

    @property
    def text(self) -> str:
        """What a reader sees: tags and blanks taken away."""
        bare = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", self.page, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One app for all these tests: making it costs more than most of them."""
    doors, calls = Doors(), Calls()
    house = House(tmp_path_factory.mktemp("portal"), {"intake": doors.url, "safeguarding": doors.url})
    yield Portal(make_app(house, calls), house, calls, doors)  # type: ignore[arg-type]
    doors.stop()
    house.db.engine.dispose()


@pytest.fixture
def portal(standing: Portal) -> Portal:
    """The app with everything as at the beginning: nobody signed in, nothing told, the clock where it stood."""
    standing.calls.begin_again()
    standing.doors.begin_again()
    standing.house.begin_again()
    reach = standing.app.extensions["heard_reach"]
    standing.app.extensions["heard_reach"] = type(reach)(standing.house, standing.calls)
    return standing


@contextmanager
def directory_behind(portal: Portal, folder: Path, password: str, *who: str) -> Iterator[Desk]:
    """A real directory behind the portal, in which these may sign in."""
    made = Desk(folder)
    for one in who:
        desk.set_password(made.house, person(one), f"{one}@tidewater.example", password)
    portal.calls.directory = made.service  # type: ignore[assignment]
    yield made
    made.house.close()


@pytest.fixture
def browser(portal: Portal) -> Browser:
    return Browser(portal.app.test_client())


@pytest.fixture
def api(portal: Portal) -> FlaskClient:
    return portal.app.test_client()
