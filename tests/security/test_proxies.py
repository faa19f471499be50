"""Whom the doors take somebody for, behind a proxy and without one, and whom they tell numbers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.chassis.settings import Settings
from services.chassis.web import Doors


def test_health_tells_everybody_whether_and_only_its_keeper_how_much(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, metrics_token="for the keeper alone", given_token="between the services")
    house = SimpleNamespace(settings=settings, service="portal")
    doors = Doors(cast(Any, {"portal": house}), {}, embedded=True)
    story = {"well": True, "faults": {}, "outbox": {"unsent": 3}}
    doors.health["portal"] = cast(Any, SimpleNamespace(report=lambda: (True, story)))

    def told(**shown: str) -> str:
        return b"".join(doors({"PATH_INFO": "/health", **shown}, lambda *_: None)).decode()

    assert "unsent" in told(HTTP_AUTHORIZATION="Bearer for the keeper alone")
    assert "unsent" in told(HTTP_X_HEARD_INTERNAL="between the services")
    for shown in ({}, {"HTTP_AUTHORIZATION": "Bearer "}, {"HTTP_AUTHORIZATION": "Bearer guessed"}):
        assert "well" in told(**shown)
        assert "unsent" not in told(**shown)


def seen_as(folder: Path, proxies: int, said: str | None) -> str:
    """The address that an application sees of somebody whose connection comes from 10.0.0.1."""
    seen: list[str] = []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.append(environ["REMOTE_ADDR"])
        return []

    house = SimpleNamespace(settings=Settings(var=folder, proxies=proxies), service="portal")
    doors = Doors(cast(Any, {"portal": house}), {"portal": app}, embedded=True)
    environ = {"PATH_INFO": "/", "REMOTE_ADDR": "10.0.0.1"} | ({"HTTP_X_FORWARDED_FOR": said} if said else {})
    list(doors(environ, lambda *_: None))
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "invented by the asker, 203.0.113.9", "203.0.113.9"),
        (2, "invented, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, None, "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_say_of_an_address_counts(
    tmp_path: Path, proxies: int, said: str | None, address: str
) -> None:
    assert seen_as(tmp_path, proxies, said) == address
