"""The directory's pages: for the group's operator and the administrator alone, each change in their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.directory import desk
from services.directory.changes import SYSTEM_ADMINISTRATOR
from services.directory.demo import demo_id
from services.portal.directory_form import CHANGES
from tests.directory.at_the_desk import HARBOUR, MAREN, PROVIDER, QUAY, Desk
from tests.directory.neighbours import person
from tests.portal.conftest import Browser, Portal, directory_behind

PASSWORD = "a long enough password"
PAGES = ("", f"/homes/{HARBOUR}", "/people", f"/people/{person('saskia-thornbury')}", "/areas", "/changes")


@pytest.fixture
def at_desk(tmp_path: Path, portal: Portal) -> Iterator[Desk]:
    """The portal with a real directory behind it, in which Maren and Tobias may sign in."""
    with directory_behind(portal, tmp_path, PASSWORD, "maren-oakshott", "tobias-fennimore") as made:
        yield made


def sign_in(browser: Browser, who: str = "maren-oakshott") -> None:
    browser.open("/sign-in")
    browser.send("/sign-in", email=f"{who}@tidewater.example", password=PASSWORD)


def test_the_directory_is_there_for_its_keeper_and_for_nobody_else(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser, "tobias-fennimore")
    assert "Directory" not in browser.text
    for page in (*PAGES, *(f"/do/{do}" for do in CHANGES)):
        assert browser.open(f"/directory{page}").status_code == 404, page
    browser.send("/sign-out") if "csrf_token" in browser.page else None


def test_each_page_shows_what_is_kept_and_another_operators_is_not_there(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser)
    for page in PAGES:
        assert browser.open(f"/directory{page}").status_code == 200, page
        assert "Linden Lodge" not in browser.text and "Aurelia Stonecroft" not in browser.text
    browser.open("/directory")
    assert "Verity Larkhill holds 4 roles at Quay View. A complaint about them goes outside: to" in browser.text
    browser.open(f"/directory/homes/{HARBOUR}")
    assert "Registered Service Manager : Tobias Fennimore" in browser.text
    for page in (f"/homes/{demo_id('linden-lodge')}", f"/people/{'0' * 32}", "/do/nothing-known"):
        assert browser.open(f"/directory{page}").status_code == 404


def test_every_change_has_a_form_with_a_label_for_each_field(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser)
    for do in CHANGES:
        assert browser.open(f"/directory/do/{do}?home={HARBOUR}").status_code == 200, do
        ids = set(re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', browser.page))
        assert ids <= set(re.findall(r'<label[^>]* for="([^"]+)"', browser.page)), do


def test_a_home_and_a_person_with_two_roles_are_added_and_recorded(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser)
    browser.open("/directory/do/add_home")
    browser.send("/directory/do/add_home", name="Moor End", slug="moor-end", provider=PROVIDER, area="Devon")
    browser.open("/directory/do/add_person")
    browser.send("/directory/do/add_person", name="Lavender Moss", email="lavender@tidewater.example")
    book = at_desk.service.book(person_id=MAREN)
    home = next(one["id"] for one in book["homes"] if one["slug"] == "moor-end")
    someone = next(one["id"] for one in book["people"] if one["name"] == "Lavender Moss")
    browser.open(f"/directory/do/hold_role?person={someone}")
    assert "Give a role: where?" in browser.text and "Moor End" in browser.text
    for role in ("registered_service_manager", "director"):
        where = f"/directory/do/hold_role?person={someone}&place=home:{home}"
        browser.open(where)
        browser.send(where, person=someone, role=role, since="2026-11-01")
    assert at_desk.roles_at(home) == {someone: {"registered_service_manager", "director"}}
    assert "Saved" in browser.text and "Director : Lavender Moss" in browser.text
    browser.open("/directory/changes")
    assert browser.text.count("Maren Oakshott ,") >= 4


def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser)
    browser.open("/directory/do/add_home")
    answer = browser.send("/directory/do/add_home", name="Moor End", slug="Moor End", provider=PROVIDER)
    assert answer.status_code == 422
    assert "Small letters, numbers and hyphens only." in browser.text and 'value="Moor End"' in browser.page
    answer = browser.send("/directory/do/add_home", name="", slug="moor-end", provider="another")
    assert answer.status_code == 422 and "Enter: name" in browser.text and "Choose one of these" in browser.text


def test_a_number_of_an_area_is_entered_and_verified(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser)
    where = "/directory/do/set_contact?area=Hampshire&contact=mash"
    browser.open(where)
    browser.send(where, area="Hampshire", contact="mash", phone="01632 960105")
    assert "MASH, or who takes referrals : 01632 960105. Nobody has tried it yet." in browser.text
    numbers = at_desk.service.book(person_id=MAREN)["contacts"]
    (contact,) = (one["id"] for one in numbers if one["contact"] == "mash")
    browser.open(f"/directory/do/verify_contact?id={contact}")
    browser.send(f"/directory/do/verify_contact?id={contact}", verified_on="2026-11-20")
    assert "Last verified 20 November 2026." in browser.text


def test_a_home_is_closed_by_saying_who_sees_to_what_is_open(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser)
    where = f"/directory/do/close_home?id={QUAY}"
    browser.open(where)
    assert browser.send(where).status_code == 422
    assert "Say who sees to what is still open" in browser.text
    browser.send(where, passes_to=person("lavinia-courtenshaw"))
    assert "It still takes complaints about the past." in browser.text


def test_a_form_from_another_site_changes_nothing(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser)
    before = len(at_desk.told())
    sent = browser.client.post(f"/directory/do/close_home?id={QUAY}", data={"passes_to": MAREN})
    assert sent.status_code == 400 and len(at_desk.told()) == before


def test_only_an_administrator_is_offered_other_operators(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser)
    browser.open(f"/directory/homes/{HARBOUR}")
    assert "Hand it over" not in browser.text
    desk.change(at_desk.house, [{"do": "hold_role", "person": MAREN, "role": SYSTEM_ADMINISTRATOR}], by="console")
    browser.open(f"/directory/homes/{HARBOUR}")
    assert "Hand it over" in browser.text
    browser.open("/directory")
    assert "Northgate Council Care" in browser.text and "Add an operator" in browser.text
