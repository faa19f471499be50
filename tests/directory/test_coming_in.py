"""Coming in: who guesses waits longer each time, nobody is locked out, and a sign-in ends when it must."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services.chassis.clock import set_clock
from services.chassis.errors import Invalid, NotSignedIn, Refused, TooMany
from services.directory import accounts, desk, links, models
from services.directory.sign_in import counts_of
from tests.directory.at_the_desk import MAREN, Desk
from tests.directory.neighbours import NOW, person

TOBIAS, EMAIL = person("tobias-fennimore"), "tobias@tidewater.example"
PASSWORD, WRONG = "correct horse battery", "not the right words"
HOME, STRANGER = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    desk_ = Desk(tmp_path)
    desk.set_password(desk_.house, TOBIAS, EMAIL, PASSWORD)
    return desk_


def guesses(at: Desk, number: int, email: str = EMAIL, place: str = STRANGER, device: str = "") -> None:
    """Wrong guesses. The last is made at the door; the others are written down as it would, which is quicker."""
    known = device if email == EMAIL else ""
    for _ in range(number - 1):
        with at.house.db.writing() as conn:
            accounts.failed(conn, counts_of(email, place, known or None), at.house.clock.now())
    with pytest.raises(Refused):
        at.service.sign_in(email=email, password=WRONG, place=place, device=device)


def waits(at: Desk, email: str = EMAIL, place: str = STRANGER, device: str = "") -> int:
    with pytest.raises(TooMany) as told:
        at.service.sign_in(email=email, password=PASSWORD, place=place, device=device)
    return told.value.after


@pytest.mark.parametrize("email", [EMAIL, "nobody@tidewater.example"])
def test_who_guesses_waits_and_longer_each_time_whether_anybody_has_the_address_or_not(at: Desk, email: str) -> None:
    guesses(at, 5, email)
    assert 25 <= waits(at, email) <= 31
    set_clock(at.clock, NOW + timedelta(seconds=31))
    guesses(at, 1, email)
    assert 55 <= waits(at, email) <= 61
    set_clock(at.clock, NOW + timedelta(days=2))
    guesses(at, 1, email)  # long past: counted anew


def test_a_stranger_elsewhere_does_not_keep_anybody_out(at: Desk) -> None:
    guesses(at, 5)
    assert waits(at)
    assert at.service.sign_in(email=EMAIL, password=PASSWORD, place=HOME)["id"] == TOBIAS


def test_many_strangers_make_a_new_browser_wait_a_minute_at_most_and_a_known_one_not_at_all(at: Desk) -> None:
    known = at.service.sign_in(email=EMAIL, password=PASSWORD, place=HOME)["device"]
    with at.house.db.writing() as conn:
        for number in range(60):
            accounts.failed(conn, counts_of(EMAIL, f"198.51.100.{number}", None), at.house.clock.now())
    assert waits(at, place="192.0.2.1") <= 61
    back = at.service.sign_in(email=EMAIL, password=PASSWORD, place="192.0.2.1", device=known)
    assert (back["id"], back["device"]) == (TOBIAS, known)


def test_a_known_browser_is_no_way_to_guess_without_end_nor_at_another_account(at: Desk) -> None:
    known = at.service.sign_in(email=EMAIL, password=PASSWORD, place=HOME)["device"]
    guesses(at, 10, place=HOME, device=known)
    assert waits(at, place=HOME, device=known)
    guesses(at, 5, "maren@tidewater.example", HOME, known)
    assert waits(at, "maren@tidewater.example", HOME, known)


def test_from_one_place_not_everybodys_password_can_be_tried(at: Desk) -> None:
    with at.house.db.writing() as conn:
        for number in range(30):
            accounts.failed(conn, counts_of(f"{number}@tidewater.example", STRANGER, None), at.house.clock.now())
    assert waits(at, "another@tidewater.example")
    assert at.service.sign_in(email=EMAIL, password=PASSWORD, place=HOME)["id"] == TOBIAS


def test_nothing_that_was_typed_is_kept_readable(at: Desk) -> None:
    known = at.service.sign_in(email=EMAIL, password=PASSWORD, place=HOME)["device"]
    guesses(at, 1)
    with at.house.db.reading() as conn:
        tables = models.failed_sign_ins, models.known_devices, models.accounts
        kept = [str(conn.execute(select(table)).all()) for table in tables]
    assert not any(typed in one for typed in (STRANGER, PASSWORD, known) for one in kept)
    assert EMAIL not in kept[0]


def test_a_sign_in_ends_with_its_password(at: Desk) -> None:
    since = at.house.clock.now().isoformat()
    assert at.service.signed_in(person_id=TOBIAS, since=since)["id"] == TOBIAS
    set_clock(at.clock, NOW + timedelta(minutes=1))
    with pytest.raises(Refused):
        at.service.change_password(person_id=TOBIAS, password=WRONG, new="a quite different one", place=HOME)
    assert at.service.signed_in(person_id=TOBIAS, since=since)
    at.service.change_password(person_id=TOBIAS, password=PASSWORD, new="a quite different one", place=HOME)
    with pytest.raises(NotSignedIn):
        at.service.signed_in(person_id=TOBIAS, since=since)
    assert at.service.signed_in(person_id=TOBIAS, since=at.house.clock.now().isoformat())
    with pytest.raises(Refused):
        at.service.sign_in(email=EMAIL, password=PASSWORD, place=HOME)


def test_tokens_end_when_the_password_changes_or_a_link_chose_another(at: Desk) -> None:
    """Whoever knew the old password may have made one, and it would outlast every sign-in."""

    def made() -> str:
        return str(at.service.make_token(person=TOBIAS, says="the rota")["token"])

    before = made()
    at.service.change_password(person_id=TOBIAS, password=PASSWORD, new="a quite different one", place=HOME)
    again = made()
    link = links.invite(at.house, TOBIAS, by="console", on_screen=True)["link"]
    link_id, token = str(link).split("/in/")[1].split("/")
    assert at.service.token(token=again)["id"] == TOBIAS
    at.service.use_link(link_id=link_id, token=token, password="a third one of theirs", device="")
    for old in (before, again):
        with pytest.raises(NotSignedIn):
            at.service.token(token=old)
    assert at.service.tokens(person=TOBIAS) == []
    assert at.service.token(token=made())["id"] == TOBIAS


def test_a_sign_in_ends_with_the_last_role_and_nobody_comes_in_without_one(at: Desk) -> None:
    since: str = at.house.clock.now().isoformat()
    tomorrow: datetime = NOW + timedelta(days=1)
    held = [one for one in at.service.book(person_id=MAREN)["holdings"] if one["person"] == TOBIAS]
    last = held.pop()
    for one in held:
        at.keep(MAREN, {"do": "end_role", "id": one["id"]})
    assert at.service.signed_in(person_id=TOBIAS, since=since)
    at.keep(MAREN, {"do": "end_role", "id": last["id"], "until": tomorrow.isoformat()})
    assert at.service.signed_in(person_id=TOBIAS, since=since)
    set_clock(at.clock, tomorrow)
    with pytest.raises(NotSignedIn):
        at.service.signed_in(person_id=TOBIAS, since=since)
    with pytest.raises(Refused, match="no role"):
        at.service.sign_in(email=EMAIL, password=PASSWORD, place=HOME)


@pytest.mark.parametrize(
    "guessed", ["short", "Password123!!", "passwordpassword", "aaaaaaaaaaaa1", "Welcome2026!!", "tobias-is-here-2026"]
)
def test_a_password_that_is_soon_guessed_is_refused(at: Desk, guessed: str) -> None:
    with pytest.raises(Invalid):
        desk.set_password(at.house, TOBIAS, EMAIL, guessed)
    assert at.service.sign_in(email=EMAIL, password=PASSWORD)["id"] == TOBIAS
