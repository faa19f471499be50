"""A password alone does not open what children told: an app's digits, once each, or a recovery code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select

from services.chassis.clock import set_clock
from services.chassis.errors import TooMany
from services.directory import desk, links, models, second_factor
from tests.directory.at_the_desk import Desk
from tests.directory.neighbours import NOW, person
from tests.portal.conftest import Browser, Portal

PASSWORD = "a long enough password"
LEAD, KEYWORKER = "imogen-ashdale", "saskia-thornbury"


class At(Desk):
    """A directory behind the portal, with one clock for both."""

    def __init__(self, folder: Path, portal: Portal) -> None:
        super().__init__(folder)
        self.portal = portal
        for who in (LEAD, KEYWORKER):
            desk.set_password(self.house, person(who), f"{who}@tidewater.example", PASSWORD)
        portal.calls.directory = self.service  # type: ignore[assignment]
        self.now_is(0)

    def now_is(self, minutes: float) -> None:
        self.portal.house.clock.at = NOW + timedelta(minutes=minutes)
        set_clock(self.clock, self.portal.house.clock.at)

    def require(self) -> None:
        self.house.settings = self.house.settings.having(second_factor=True)

    def digits(self, secret: str) -> str:
        return pyotp.TOTP(secret).at(int(self.portal.house.clock.at.timestamp()))


@pytest.fixture
def at(tmp_path: Path, portal: Portal) -> Iterator[At]:
    made = At(tmp_path, portal)
    yield made
    made.house.close()


def give_password(browser: Browser, who: str = LEAD) -> str:
    browser.open("/sign-in")
    form = {"email": f"{who}@tidewater.example", "password": PASSWORD, "then": "/account"}
    return str(browser.send("/sign-in", False, **form).location)


def ask_of(browser: Browser) -> str:
    """What the page sends along, so that the digits are held against the secret that it shows."""
    found = re.search(r'name="ask" value="([^"]+)"', browser.page)
    assert found
    return found.group(1)


def set_up(at: At, browser: Browser) -> tuple[str, list[str]]:
    """Set an app up at a browser; its secret, and the recovery codes."""
    browser.open("/account/app")
    shown = re.search(r'<code class="heard-long">([^<]+)</code>', browser.page)
    assert shown and "<svg" in browser.page
    secret = shown.group(1).replace(" ", "")
    form = {"ask": ask_of(browser), "code": at.digits(secret), "then": "/account"}
    assert browser.send("/account/app", **form).status_code == 200
    return secret, re.findall(r"<li><code>([^<]+)</code>", browser.page)


def is_in(browser: Browser) -> bool:
    return browser.client.get("/account").status_code == 200


def test_a_role_that_reads_what_children_told_must_set_an_app_up_and_others_need_not(at: At, portal: Portal) -> None:
    at.require()
    lead, worker = Browser(portal.app.test_client()), Browser(portal.app.test_client())
    assert give_password(worker, KEYWORKER) == "/account" and is_in(worker)
    assert give_password(lead) == "/account/app?then=/account"
    assert not is_in(lead) and lead.client.get("/today").status_code == 303
    secret, codes = set_up(at, lead)
    assert len(codes) == second_factor.CODES and is_in(lead)
    lead.open("/account")
    assert "You have 8 recovery codes left." in lead.text
    lead.send("/account/app/off", code=codes[0])
    assert "Your role asks for it." in lead.text
    with at.house.db.reading() as conn:
        kept = str(conn.execute(select(models.second_factors)).all())
        kept += str(conn.execute(select(models.recovery_codes)).all())
    assert secret not in kept and not any(one.replace("-", "") in kept for one in codes)


def test_the_digits_are_asked_after_the_password_and_are_good_once(at: At, portal: Portal) -> None:
    lead, other = Browser(portal.app.test_client()), Browser(portal.app.test_client())
    give_password(lead)
    secret, _ = set_up(at, lead)
    at.now_is(2)
    assert give_password(other) == "/sign-in/code?then=/account"
    assert not is_in(other) and other.open("/account/app").status_code == 200 and "Sign in" in other.text
    other.open("/sign-in/code")
    assert other.send("/sign-in/code", code="000000").status_code == 422
    assert other.send("/sign-in/code", False, code=at.digits(secret), then="/account").location == "/account"
    assert is_in(other)
    third = Browser(portal.app.test_client())
    give_password(third)
    third.open("/sign-in/code")
    assert third.send("/sign-in/code", code=at.digits(secret)).status_code == 422  # somebody looked on
    at.now_is(3)
    assert third.send("/sign-in/code", False, code=at.digits(secret)).status_code == 303


def test_a_recovery_code_lets_in_once_and_a_lost_telephone_begins_anew(at: At, portal: Portal) -> None:
    lead, other = Browser(portal.app.test_client()), Browser(portal.app.test_client())
    give_password(lead)
    _, codes = set_up(at, lead)
    give_password(other)
    other.open("/sign-in/code")
    assert other.send("/sign-in/code", False, code=f" {codes[2].upper()} ").status_code == 303 and is_in(other)
    give_password(other)
    other.open("/sign-in/code")
    assert other.send("/sign-in/code", False, code=codes[2]).status_code == 422
    with at.house.db.writing() as conn:
        assert second_factor.turn_off(conn, person(LEAD)) and not second_factor.turn_off(conn, person(LEAD))
    assert give_password(other) == "/account"


def test_half_a_sign_in_is_over_soon_and_guessing_makes_wait(at: At, portal: Portal) -> None:
    lead, other = Browser(portal.app.test_client()), Browser(portal.app.test_client())
    give_password(lead)
    secret, _ = set_up(at, lead)
    at.now_is(1)
    give_password(other)
    other.open("/sign-in/code")
    for _ in range(5):
        assert other.send("/sign-in/code", code="123456").status_code == 422
    other.send("/sign-in/code", code=at.digits(secret))
    assert "Too many tries. Wait" in other.text
    with pytest.raises(TooMany):
        at.service.show_code(person_id=person(LEAD), code=at.digits(secret), device="")
    at.now_is(12)
    assert "/sign-in?" in other.client.get("/sign-in/code").location


def test_half_a_sign_in_ends_with_the_password_it_began_with(at: At, portal: Portal) -> None:
    """Whoever knew the old password must not set an app of their own up after its owner chose a new one."""
    at.require()
    thief = Browser(portal.app.test_client())
    assert give_password(thief) == "/account/app?then=/account"
    thief.open("/account/app")
    shown = re.search(r'<code class="heard-long">([^<]+)</code>', thief.page)
    assert shown
    at.now_is(1)
    made = links.invite(at.house, person(LEAD), by="console", on_screen=True)
    link_id, token = str(made["link"]).split("/in/")[1].split("/")
    at.service.use_link(link_id=link_id, token=token, password="another one of mine", device="")
    with at.house.db.reading() as conn:
        assert not second_factor.has_one(conn, person(LEAD))
    form = {"ask": ask_of(thief), "code": at.digits(shown.group(1).replace(" ", "")), "then": "/account"}
    assert "/sign-in?" in str(thief.send("/account/app", False, **form).location)
    assert "/sign-in?" in str(thief.client.get("/account/app").location) and not is_in(thief)
    with at.house.db.reading() as conn:
        assert not second_factor.has_one(conn, person(LEAD))


def test_whoever_looked_at_the_page_before_does_not_know_the_app_that_is_set_up_after_them(
    at: At, portal: Portal
) -> None:
    """The browser was left open, or they knew the password: the secret that they saw is nobody's."""
    at.require()
    thief, lead = Browser(portal.app.test_client()), Browser(portal.app.test_client())
    give_password(thief)
    thief.open("/account/app")
    seen = re.search(r'<code class="heard-long">([^<]+)</code>', thief.page)
    assert seen
    give_password(lead)
    lead.open("/account/app")
    assert lead.send("/account/app", ask=ask_of(lead), code="123456", then="/account").status_code == 422
    again = re.search(r'<code class="heard-long">([^<]+)</code>', lead.page)  # a wrong digit: still the same square
    assert again
    form = {"ask": ask_of(lead), "code": at.digits(again.group(1).replace(" ", "")), "then": "/account"}
    assert lead.send("/account/app", **form).status_code == 200 and is_in(lead)
    at.now_is(1)
    assert give_password(thief) == "/sign-in/code?then=/account"
    thief.open("/sign-in/code")
    thief.send("/sign-in/code", code=at.digits(seen.group(1).replace(" ", "")))
    assert not is_in(thief)


def test_who_has_the_password_and_not_the_app_cannot_put_another_app_in_its_place(at: At, portal: Portal) -> None:
    lead, thief = Browser(portal.app.test_client()), Browser(portal.app.test_client())
    give_password(lead)
    set_up(at, lead)
    give_password(thief)
    assert "/sign-in?" in thief.client.get("/account/app").location
    assert lead.client.get("/account/app").status_code == 409  # nor who finds the browser open


def test_one_turns_ones_own_app_off_with_its_digits_where_no_role_asks_for_it(at: At, browser: Browser) -> None:
    give_password(browser, KEYWORKER)
    secret, _ = set_up(at, browser)
    at.now_is(1)
    browser.open("/account")
    assert browser.send("/account/app/off", code="999999").status_code == 422
    browser.send("/account/app/off", code=at.digits(secret))
    assert "Your app is asked for no more." in browser.text
    assert give_password(browser, KEYWORKER) == "/account"
