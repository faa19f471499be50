"""One's own sign-in: where one is signed in, ending it, changing the password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from services.portal import devices
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import MANAGER, NOW

PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"  # noqa: E501
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"  # noqa: E501


def at_another(portal: Portal, agent: str) -> Browser:
    other = Browser(portal.app.test_client())
    other.client.environ_base["HTTP_USER_AGENT"] = agent
    other.sign_in()
    return other


def test_one_sees_where_one_is_signed_in_and_ends_one_or_all_others(portal: Portal) -> None:
    here, phone = at_another(portal, LAPTOP), at_another(portal, PHONE)
    portal.house.clock.at = NOW + timedelta(minutes=20)
    here.open("/account")
    assert "Edge on Windows , this one" in here.text
    assert "Chrome on Android" in here.text
    (other,) = [one for one in re.findall(r'name="which" value="([^"]+)"', here.page) if one != "others"]
    here.send("/account/end", which=other)
    assert phone.client.get("/today").status_code == 303 and here.client.get("/today").status_code == 200
    third, fourth = at_another(portal, PHONE), at_another(portal, PHONE)
    here.open("/account")
    here.send("/account/end", which="others")
    assert [one.client.get("/today").status_code for one in (third, fourth, here)] == [303, 303, 200]


@pytest.mark.parametrize("which", ["", "%" * 16, "0" * 16, "others' --"])
def test_what_is_no_sign_in_of_ones_own_ends_nothing(portal: Portal, which: str) -> None:
    here, phone = at_another(portal, LAPTOP), at_another(portal, PHONE)
    here.open("/account")
    here.send("/account/end", which=which)
    assert phone.client.get("/today").status_code == here.client.get("/today").status_code == 200


def test_signing_in_gives_the_browser_a_token_that_it_did_not_have_and_ends_the_one_before(portal: Portal) -> None:
    here = at_another(portal, LAPTOP)
    before = here.client.get_cookie("heard_staff")
    assert before is not None
    here.sign_in()
    after = here.client.get_cookie("heard_staff")
    assert after is not None and after.value != before.value
    here.client.set_cookie("heard_staff", before.value)
    assert here.client.get("/today").status_code == 303


def test_the_directory_is_told_from_where_somebody_comes_and_whether_they_were_here_before(portal: Portal) -> None:
    here = at_another(portal, LAPTOP)
    here.open("/account")
    here.send("/sign-out")
    here.sign_in()
    assert portal.calls.directory.came == [("127.0.0.1", ""), ("127.0.0.1", "this browser")]
    cookie = here.client.get_cookie("heard_device")
    assert cookie is not None and cookie.http_only and cookie.max_age


def test_a_sign_in_that_the_directory_ends_is_over_in_this_browser(portal: Portal) -> None:
    here = at_another(portal, LAPTOP)
    portal.calls.directory.left.add(MANAGER["id"])
    assert here.client.get("/today").status_code == 303
    portal.calls.directory.left.clear()
    assert here.client.get("/today").status_code == 303


def test_changing_the_password_needs_the_old_one_and_ends_every_other_sign_in(portal: Portal) -> None:
    here, phone = at_another(portal, LAPTOP), at_another(portal, PHONE)
    here.open("/account")
    for password, new, said in (
        ("", "", "Enter the password you have now"),
        ("a good password", "short", "at least 12 characters"),
        ("wrong", "a new password of mine", "is not right"),
    ):
        assert here.send("/account/password", password=password, new=new).status_code == 422 and said in here.text
    here.send("/account/password", password="a good password", new="a new password of mine")
    assert "Your password is changed" in here.text
    assert phone.client.get("/today").status_code == 303 and here.client.get("/today").status_code == 200


def test_a_browser_is_called_by_what_it_says_of_itself() -> None:
    assert devices.in_words(PHONE) == "Chrome on Android"
    assert devices.in_words(LAPTOP) == "Edge on Windows"
    assert devices.in_words("curl/8.5") == "A browser"


def test_one_chooses_how_one_is_reached_and_no_way_that_there_is_not(portal: Portal) -> None:
    here = at_another(portal, LAPTOP)
    here.open("/account")
    assert "imogen@tidewater.example and 07700 900123" in here.text and "whatever you choose here" in here.text
    here.send("/account/reached", routine_way="portal", alert_way="call")
    assert portal.calls.directory.reached == {"routine_way": "portal", "alert_way": "call"}
    assert "Saved. The next message goes that way." in here.text
    assert re.findall(r'value="(\w+)" checked', here.page) == ["portal", "call"]
    here.send("/account/reached", routine_way="pigeon", alert_way="")
    assert portal.calls.directory.reached == {"routine_way": None, "alert_way": None}
