"""Contacts to verify: those due first, one button keeps who rang and when; for keepers and safeguarding leads alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.chassis.contact_book import Reached
from services.chassis.errors import NotFound
from services.portal.doorkeeper import makes_sure_of_contacts
from tests.directory.at_the_desk import HOLLIS, MAREN, PROVIDER, TIDEWATER, Desk
from tests.directory.neighbours import NOW, person
from tests.portal.conftest import Browser, Portal, directory_behind
from tests.portal.test_directory_pages import PASSWORD, sign_in

LEAD, MANAGER = "imogen-ashdale", "tobias-fennimore"
LADO = {"do": "set_contact", "operator": TIDEWATER, "area": "Hampshire", "contact": "lado", "name": "The LADO",
        "phone": "01632 960100", "out_of_hours": "01632 960188", "verified_on": "2025-06-02"}  # fmt: skip


@pytest.fixture
def at_desk(tmp_path: Path, portal: Portal) -> Iterator[Desk]:
    with directory_behind(portal, tmp_path, PASSWORD, LEAD, MANAGER) as made:
        yield made


def rows(at_desk: Desk, who: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = at_desk.service.contacts_to_verify(person_id=who)["contacts"]
    return found


def of(at_desk: Desk, who: str, name: str) -> dict[str, object]:
    return next(one for one in rows(at_desk, who) if name in str(one["name"]) or name == one["which"])


def test_those_due_stand_first_and_an_areas_own_number_stands_for_the_printed_one(at_desk: Desk) -> None:
    printed = of(at_desk, MAREN, "Local Authority Designated Officer")
    assert (printed["of"], printed["due"], printed["verified_on"]) == ("Tidewater Supported Living", True, None)
    (entered,) = at_desk.keep(MAREN, LADO)["ids"]
    found = rows(at_desk, MAREN)
    assert [one["due"] for one in found] == sorted((one["due"] for one in found), reverse=True)
    own = of(at_desk, MAREN, "The LADO")
    assert (own["which"], own["of"], own["verified_on"], own["by"]) == (
        entered, "Hampshire", "2025-06-02", "Maren Oakshott",
    )  # fmt: skip
    assert [one["number"] for one in own["phones"]] == ["01632 960100", "01632 960188"]  # type: ignore[attr-defined]
    assert not [one for one in found if "Designated Officer" in str(one["name"])]


def test_whoever_rang_is_kept_with_the_day_and_a_printed_number_keeps_all_its_ways(at_desk: Desk) -> None:
    lead = person(LEAD)
    (entered,) = at_desk.keep(MAREN, LADO)["ids"]
    ofsted = of(at_desk, lead, "Ofsted")
    for which in (entered, ofsted["which"]):
        at_desk.service.rang(person_id=lead, which=which)
    today = NOW.date().isoformat()
    for which in (entered, str(ofsted["which"])):
        after = of(at_desk, lead, which)
        assert (after["verified_on"], after["by"], after["due"]) == (today, "Imogen Ashdale", False), which
    assert after["phones"] == ofsted["phones"]
    newest = at_desk.service.changed(person_id=MAREN)[0]
    assert newest["by_name"] == "Imogen Ashdale" and newest["entries"][0]["data"]["contact"] in str(ofsted["which"])
    at_desk.it_is(NOW + timedelta(days=400))
    assert of(at_desk, lead, "The LADO")["due"] is True
    assert Reached.of_entry({"phone": None}).phones == ()


@pytest.mark.parametrize("who", [person(MANAGER), person("noor-ellingham"), "0" * 32])
def test_to_everybody_else_there_is_no_such_page(at_desk: Desk, who: str) -> None:
    with pytest.raises(NotFound):
        at_desk.service.contacts_to_verify(person_id=who)
    with pytest.raises(NotFound):
        at_desk.service.rang(person_id=who, which=f"{PROVIDER}:lado")


def test_nobody_rings_for_another_group(at_desk: Desk) -> None:
    (entered,) = at_desk.keep(MAREN, LADO)["ids"]
    assert "Tidewater" not in str(rows(at_desk, HOLLIS))
    for which in (entered, f"{PROVIDER}:lado", "nothing", f"{PROVIDER}:nothing"):
        with pytest.raises(NotFound):
            at_desk.service.rang(person_id=HOLLIS, which=which)


def test_a_lead_finds_the_page_from_the_alerts_and_rings_by_one_button(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser, LEAD)
    browser.open("/contacts")
    assert "Nobody has verified this yet." in browser.text and "Directory" not in browser.text
    assert browser.text.count("Do not ring 999 to try it.") == 1
    which = re.findall(r'name="which" value="([^"]+)"', browser.page)[0]
    browser.send("/contacts", which=which)
    assert "Written down, with your name and today’s date." in browser.text
    assert "Last verified 23 November 2026 by Imogen Ashdale." in browser.text
    assert browser.send("/contacts", which="nothing").status_code == 404
    browser.send("/sign-out") if "csrf_token" in browser.page else None


def test_the_manager_is_shown_no_way_there(at_desk: Desk, browser: Browser) -> None:
    sign_in(browser, MANAGER)
    assert browser.open("/contacts").status_code == 404
    assert not makes_sure_of_contacts({"holdings": [{"role": "registered_service_manager", "provider": PROVIDER}]})
