"""Nobody hands a password over: a link lets somebody choose one, once, and asking for it tells nobody who is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.chassis import entering
from services.chassis.clock import set_clock
from services.chassis.errors import TooMany
from services.directory import links, models
from tests.directory.at_the_desk import HOLLIS, MAREN, Desk
from tests.directory.neighbours import NOW, person
from tests.portal.conftest import Browser, Portal, directory_behind

PASSWORD, NEW = "a long enough password", "another one of mine"
TOBIAS, SASKIA = person("tobias-fennimore"), person("saskia-thornbury")


@pytest.fixture
def at_desk(tmp_path: Path, portal: Portal) -> Iterator[Desk]:
    """The portal with a real directory behind it, in which Maren and Tobias may sign in."""
    with directory_behind(portal, tmp_path, PASSWORD, "maren-oakshott", "tobias-fennimore") as made:
        portal.house.clock.at = NOW
        yield made


def made_for(at_desk: Desk, who: str) -> str:
    """The path of the newest link of somebody, as notifications would write it."""
    table = models.sign_in_links
    with at_desk.house.db.reading() as conn:
        row = conn.execute(select(table).where(table.c.person == who).order_by(table.c.made_at.desc())).first()
    assert row is not None
    return entering.link(at_desk.house.vault, "", row.id, row.over_at)


def sent(at_desk: Desk) -> list[dict[str, Any]]:
    return [one for one in at_desk.told() if "link_id" in one]


def sign_in(browser: Browser, email: str = "maren-oakshott@tidewater.example", password: str = PASSWORD) -> int:
    browser.open("/sign-in")
    return browser.send("/sign-in", False, email=email, password=password).status_code


def test_a_keeper_invites_somebody_who_chooses_a_password_and_is_in(
    at_desk: Desk, portal: Portal, browser: Browser
) -> None:
    sign_in(browser)
    browser.open(f"/directory/people/{SASKIA}")
    assert "Cannot sign in yet." in browser.text
    browser.send(f"/directory/people/{SASKIA}/invite")
    shown = re.search(r"http://[^/<]+(/in/[^<\s]+)<", browser.page)
    assert shown and "Hand this link over yourself, to Saskia Thornbury alone" in browser.text
    theirs = Browser(portal.app.test_client())
    theirs.open(shown.group(1))
    assert "Saskia Thornbury, you sign in as saskia-thornbury@tidewater-homes.example." in theirs.text
    for refused, why in (("", "Enter a password"), ("short", "at least 12"), ("i am saskia thornbury", "your name")):
        assert theirs.send(shown.group(1), new=refused).status_code == 422 and why in theirs.text
    assert theirs.send(shown.group(1), False, new=NEW).location == "/today"
    assert theirs.client.get("/account").status_code == 200
    assert theirs.open(shown.group(1)).status_code == 404 and "It was used already" in theirs.text
    browser.open(f"/directory/people/{SASKIA}")
    assert "Signs in as saskia-thornbury@tidewater-homes.example." in browser.text and "it was used" in browser.text
    assert sent(at_desk) == []  # a trial: nothing leaves it


def test_a_keeper_never_gets_to_see_a_link_of_somebody_who_signs_in_already_nor_one_for_themselves(
    at_desk: Desk, browser: Browser
) -> None:
    sign_in(browser)
    browser.open("/directory/people")
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.page)
    for who, said in ((TOBIAS, "They sign in already"), (MAREN, "Nobody makes a link for themselves")):
        browser.open(f"/directory/people/{who}")
        assert browser.send(f"/directory/people/{who}/invite").status_code == 409 and said in browser.text
        assert "/in/" not in browser.page
    assert token and browser.send(f"/directory/people/{HOLLIS}/invite").status_code == 404  # another group's
    with at_desk.house.db.reading() as conn:
        assert conn.execute(select(models.sign_in_links)).all() == []


def test_who_forgot_gets_a_link_and_whoever_asks_learns_nothing(
    at_desk: Desk, portal: Portal, browser: Browser
) -> None:
    other = Browser(portal.app.test_client())
    sign_in(other, "tobias-fennimore@tidewater.example")
    assert other.client.get("/account").status_code == 200
    said = []
    for email in ("tobias-fennimore@tidewater.example", "nobody@tidewater.example"):
        browser.open("/forgotten")
        browser.send("/forgotten", email=email)
        said.append(browser.text.replace(email, ""))
    assert said[0] == said[1] and "We do not say here whether anybody does." in said[0]
    assert sent(at_desk) == []  # asking makes none, so that it takes as long for everybody
    assert at_desk.service.answer_forgotten() == 2
    (fact,) = sent(at_desk)
    assert (fact["person"], fact["email"]) == (TOBIAS, "tobias-fennimore@tidewater.example")
    path = made_for(at_desk, TOBIAS)
    assert path.rpartition("/")[2] not in str(at_desk.told())
    set_clock(at_desk.clock, NOW + timedelta(minutes=30))
    portal.house.clock.at = NOW + timedelta(minutes=30)
    browser.open(path)
    assert browser.send(path, False, new=NEW).location == "/today"
    assert browser.client.get("/today").status_code != 303 or "sign-in" not in browser.client.get("/today").location
    assert other.client.get("/account").status_code == 303  # signed out wherever they were
    assert sign_in(other, "tobias-fennimore@tidewater.example") == 422
    assert sign_in(other, "tobias-fennimore@tidewater.example", NEW) == 303


def test_a_link_is_over_in_its_time_and_when_a_later_one_was_made_and_no_other_token_opens_it(
    at_desk: Desk, browser: Browser
) -> None:
    first = links.invite(at_desk.house, SASKIA, "console:test", on_screen=True)["link"].partition("8000")[2]
    assert browser.open(first).status_code == 200
    assert browser.open(first[:-1] + ("A" if first[-1] != "A" else "B")).status_code == 404
    assert browser.open("/in/" + "0" * 32 + "/" + "x" * 24).status_code == 404
    set_clock(at_desk.clock, NOW + timedelta(days=1))
    second = links.invite(at_desk.house, SASKIA, "console:test", on_screen=True)["link"].partition("8000")[2]
    assert browser.open(first).status_code == 404 and browser.open(second).status_code == 200
    set_clock(at_desk.clock, NOW + timedelta(days=8))
    assert browser.open(second).status_code == 404


def test_asking_again_and_again_sends_no_second_mail_and_makes_whoever_asks_wait(at_desk: Desk) -> None:
    for _ in range(5):
        at_desk.service.forgotten(email="tobias-fennimore@tidewater.example", place="198.51.100.9")
        at_desk.service.answer_forgotten()
    assert len(sent(at_desk)) == 1
    with pytest.raises(TooMany):
        at_desk.service.forgotten(email="maren-oakshott@tidewater.example", place="198.51.100.9")
    at_desk.service.forgotten(email="maren-oakshott@tidewater.example", place="203.0.113.7")


def test_a_link_that_waits_in_a_mailbox_is_good_no_more_once_the_password_was_changed(
    at_desk: Desk, portal: Portal, browser: Browser
) -> None:
    browser.open("/forgotten")
    browser.send("/forgotten", email="tobias-fennimore@tidewater.example")
    at_desk.service.answer_forgotten()
    path = made_for(at_desk, TOBIAS)
    assert browser.client.get(path).status_code == 200
    own = Browser(portal.app.test_client())
    sign_in(own, "tobias-fennimore@tidewater.example")
    own.open("/account")
    assert own.send("/account/password", password=PASSWORD, new=NEW).status_code == 200
    assert browser.client.get(path).status_code == 404
