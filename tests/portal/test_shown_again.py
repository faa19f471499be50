"""At a browser that was left open nobody changes how its owner signs in: they show once more that it is they."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services.chassis.tables import HOUSE
from services.portal import sign_ins
from tests.directory.neighbours import person
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import NOW
from tests.portal.test_passkeys import HERE, Telephone, add, ask
from tests.portal.test_second_factor import KEYWORKER, LEAD, PASSWORD, At, give_password, set_up

ASKS_BY_ITSELF = {
    "account.end": "it only signs out",
    "account.change_password": "it asks for the password that is to change",
    "reached.say": "it says by what one is reached, and changes no address",
    "tokens.revoke": "it only takes away",
    "again.show": "it is what asks",
    "again.show_passkey": "it is what asks",
}
LATER = sign_ins.PROVEN_FOR.total_seconds() / 60


@pytest.fixture
def at(tmp_path: Path, portal: Portal) -> Iterator[At]:
    made = At(tmp_path, portal)
    made.house.settings = made.house.settings.having(public_url=HERE)
    yield made
    made.house.close()


def told(at: At) -> list[str]:
    with at.house.db.reading() as conn:
        asked = select(HOUSE.outbox.c.body).where(HOUSE.outbox.c.fact == "sign_in_changed")
        return [str(body["what"]) for body in conn.execute(asked.order_by(HOUSE.outbox.c.id)).scalars()]


def test_whatever_changes_how_one_signs_in_asks_for_it(portal: Portal, browser: Browser) -> None:
    """From the route table: a new door under one's own name asks, or says here why it need not."""
    browser.sign_in()
    browser.open("/account")
    page = browser.page
    portal.house.clock.at = NOW + sign_ins.PROVEN_FOR
    doors = [rule for rule in portal.app.url_map.iter_rules() if rule.rule.startswith("/account")]
    changing = {rule.endpoint: rule.rule for rule in doors if "POST" in (rule.methods or ())}
    assert ASKS_BY_ITSELF.keys() < changing.keys()
    for endpoint, path in changing.items():
        browser.page = page
        answer = browser.send(re.sub(r"<[^>]+>", "t1", path), False)
        asks = "/account/again" in (answer.location or "") or "Load this page again" in browser.page
        assert asks == (endpoint not in ASKS_BY_ITSELF), endpoint
    assert browser.client.get("/account/app").location == "/account/again?then=/account/app"


def test_the_password_is_asked_and_whoever_has_an_app_shows_its_digits_too(at: At, portal: Portal) -> None:
    lead = Browser(portal.app.test_client())
    give_password(lead)
    secret, _ = set_up(at, lead)
    at.now_is(LATER)
    lead.open("/account")
    assert "Add a passkey" in lead.text and 'name="credential"' not in lead.page
    lead.open("/account/again?then=/account")
    for password, code in (("", ""), ("not my password", at.digits(secret)), (PASSWORD, "000000"), (PASSWORD, "")):
        form = {"password": password, "code": code, "then": "/account"}
        assert lead.send("/account/again", False, **form).status_code == 422
    at.now_is(LATER + 1)
    right = {"password": PASSWORD, "code": at.digits(secret), "then": "https://evil.example/"}
    assert lead.send("/account/again", False, **right).location == "/today"
    assert add(lead, Telephone()) == 200 and "My telephone" in lead.text
    at.now_is(2 * LATER + 1)
    assert "/account/again" in lead.client.get("/account/app").location


def test_ones_own_passkey_does_as_well_and_nobody_elses(at: At, portal: Portal) -> None:
    lead, worker = Browser(portal.app.test_client()), Browser(portal.app.test_client())
    mine, theirs = Telephone(), Telephone(id=b"a colleague's")
    give_password(lead)
    add(lead, mine)
    give_password(worker, KEYWORKER)
    add(worker, theirs)
    at.now_is(LATER)
    for telephone, status in ((theirs, 422), (mine, 303)):
        lead.open("/account/again")
        page = lead.page
        asked = ask(lead, "/sign-in/passkey/ask")
        lead.page = page
        said = {"ask": asked["ask"], "credential": telephone.show(asked["options"]), "then": "/account"}
        assert lead.send("/account/again/passkey", False, **said).status_code == status
    assert lead.open("/account/app").status_code == 200 and "Set up an app" in lead.text


def test_each_change_is_told_to_whoever_signs_in_so(at: At, portal: Portal) -> None:
    lead = Browser(portal.app.test_client())
    assert told(at) == []  # a first password is no news
    give_password(lead)
    add(lead, Telephone())
    kept = at.service.my_app(person_id=person(LEAD))["passkeys"]
    _, codes = set_up(at, lead)
    lead.open("/account")
    lead.send("/account/passkey/remove", which=kept[0]["id"])
    lead.send("/account/app/off", code=codes[0])
    lead.open("/account/tokens")
    lead.send("/account/tokens", says="the wall display", days="30", scopes=["cases:read"])
    lead.open("/account")
    assert "your token ends: a program that asks with it needs a new one" in lead.text
    lead.send("/account/password", password=PASSWORD, new="another one of mine")
    assert told(at) == ["passkey_added", "app_on", "passkey_removed", "app_off", "token", "password"]
    assert at.service.tokens(person=person(LEAD)) == []


def test_who_signed_in_before_this_was_asked_shows_it_first(portal: Portal, browser: Browser) -> None:
    browser.sign_in()
    with portal.house.db.writing() as conn:
        conn.exec_driver_sql("UPDATE sign_ins SET proved_at = NULL")
    portal.house.clock.at = NOW + timedelta(minutes=1)
    assert "/account/again" in browser.client.get("/account/app").location
