"""Who has an account elsewhere comes in with it: known by a verified address once, by the account from then on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from joserfc.jwk import RSAKey
from sqlalchemy import update

from services.chassis.errors import Refused, Unavailable
from services.directory import accounts, issuer, links, models
from services.directory.directory_cli import directory
from services.upkeep import outside
from services.upkeep.findings import Patient
from tests.directory.neighbours import NOW, person
from tests.ground.issuer import CLIENT, SECRET, Issuer
from tests.portal.conftest import Browser, Portal
from tests.portal.test_second_factor import KEYWORKER, LEAD, PASSWORD, At, give_password, is_in, set_up

HERE = "http://localhost"
KEY, ANOTHER = (RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("first", "second"))
KEYWORKERS = {"sub": "their-7", "email": f"{KEYWORKER}@tidewater.example", "email_verified": True}
LEADS = {"sub": "their-1", "email": f"{LEAD}@tidewater.example", "email_verified": True}


@pytest.fixture
def theirs() -> Iterator[Issuer]:
    with Issuer(NOW, key=KEY) as standing:
        yield standing


@pytest.fixture
def at(tmp_path: Path, portal: Portal, theirs: Issuer) -> Iterator[At]:
    made = At(tmp_path, portal)
    made.house.settings = made.house.settings.having(
        public_url=HERE, oidc_issuer=theirs.url, oidc_client=CLIENT, oidc_secret=SECRET, oidc_name="Larkmail"
    )
    theirs.person = KEYWORKERS
    yield made
    made.house.close()


def having(at: At, **settings: Any) -> None:
    at.house.settings = at.house.settings.having(**settings)


def come_in(browser: Browser, theirs: Issuer, **says: Any) -> tuple[int, str]:
    """Sign in there and come back; the status, and where to."""
    theirs.says = says
    back = theirs.let_in(browser.client.get("/sign-in/elsewhere?then=/account").location)
    return come_back(browser, back)


def come_back(browser: Browser, back: str) -> tuple[int, str]:
    answer = browser.client.get(back)
    browser.page = answer.get_data(as_text=True)
    return answer.status_code, answer.location or ""


def another(portal: Portal) -> Browser:
    return Browser(portal.app.test_client())


def of_mail(at: At, who: str, email: str | None) -> None:
    with at.house.db.writing() as conn:
        conn.execute(update(models.people).where(models.people.c.id == person(who)).values(email=email))


def forget_account(at: At, who: str) -> None:
    with at.house.db.writing() as conn:
        conn.execute(models.accounts.delete().where(models.accounts.c.person == person(who)))


def test_one_comes_in_by_the_account_that_one_has_elsewhere_without_a_script(
    at: At, browser: Browser, theirs: Issuer
) -> None:
    browser.open("/sign-in?then=/account")
    assert "Sign in with Larkmail" in browser.text and "Or with a password" in browser.text
    assert 'href="/sign-in/elsewhere?then=/account"' in browser.page
    assert come_in(browser, theirs) == (303, "/account") and is_in(browser)


def test_from_then_on_the_account_counts_and_not_the_address(
    at: At, portal: Portal, theirs: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert come_in(another(portal), theirs)[0] == 303
    mine, stranger = another(portal), another(portal)
    assert come_in(mine, theirs, email="married@tidewater.example")[0] == 303 and is_in(mine)
    assert come_in(stranger, theirs, sub="their-99")[0] == 422 and not is_in(stranger)  # who has the address now
    at.now_is(1)
    assert "is signed out" in heard(at, monkeypatch, "part", "Saskia Thornbury")
    assert "has not signed in from elsewhere" in heard(at, monkeypatch, "part", "Saskia Thornbury")
    at.now_is(2)
    theirs.now = at.portal.house.clock.at
    assert not is_in(mine)  # parted, every sign-in is over
    assert come_in(stranger, theirs, sub="their-99")[0] == 303 and is_in(stranger)


NOT_FOR_US: list[dict[str, Any]] = [
    {"email_verified": False}, {"email": "nobody@tidewater.example"}, {"email": None}, {"sub": ""}, {"sub": 7},
    {"nonce": "of another question"}, {"aud": "another-client"}, {"aud": [CLIENT, "another"]},
    {"iss": "https://evil.example"}, {"exp": int(NOW.timestamp()) - 120}, {"iat": int(NOW.timestamp()) + 600},
]  # fmt: skip


def test_what_is_not_said_for_us_now_and_of_somebody_known_lets_nobody_in(
    at: At, browser: Browser, theirs: Issuer
) -> None:
    for says in NOT_FOR_US:
        assert come_in(browser, theirs, **says)[0] == 422, says
        assert "That did not let you in here. Try once more." in browser.text and not is_in(browser)


def test_a_token_that_another_key_signed_is_worth_nothing_and_new_keys_are_fetched(
    at: At, portal: Portal, theirs: Issuer
) -> None:
    assert come_in(another(portal), theirs)[0] == 303
    theirs.signs_with = ANOTHER
    asked = theirs.asked.count("/keys")
    at.now_is(2)
    theirs.now = at.portal.house.clock.at
    assert come_in(another(portal), theirs)[0] == 422
    assert come_in(another(portal), theirs)[0] == 422
    assert theirs.asked.count("/keys") == asked + 1  # not at each try
    theirs.key = theirs.signs_with
    at.now_is(4)
    theirs.now = at.portal.house.clock.at
    assert come_in(another(portal), theirs)[0] == 303


def test_an_answer_counts_once_soon_and_at_the_browser_that_asked(at: At, portal: Portal, theirs: Issuer) -> None:
    mine, victim, late = another(portal), another(portal), another(portal)
    back = theirs.let_in(mine.client.get("/sign-in/elsewhere").location)
    assert come_back(victim, back)[0] == 422 and not is_in(victim)  # somebody else's answer
    victim.client.get("/sign-in/elsewhere")
    assert come_back(victim, back)[0] == 422 and not is_in(victim)
    assert come_back(mine, back)[0] == 303 and is_in(mine)
    assert come_back(mine, back)[0] == 422  # again
    back = theirs.let_in(late.client.get("/sign-in/elsewhere").location)
    at.now_is(16)
    assert come_back(late, back)[0] == 422 and not is_in(late)
    assert come_back(late, "/sign-in/elsewhere/back?error=access_denied&error_description=<b>no</b>")[0] == 422
    assert "broken off or took too long" in late.text and "<b>no</b>" not in late.page


def test_our_second_factor_is_asked_unless_theirs_was_shown_or_is_trusted(
    at: At, portal: Portal, theirs: Issuer
) -> None:
    at.require()
    theirs.person = LEADS
    alone = another(portal)
    assert come_in(alone, theirs) == (303, "/account/app?then=/account") and not is_in(alone)
    set_up(at, alone)
    assert is_in(alone)
    assert come_in(another(portal), theirs) == (303, "/sign-in/code?then=/account")
    assert come_in(another(portal), theirs, amr=["pwd", "mfa"]) == (303, "/account")
    assert come_in(another(portal), theirs, acr="phr") == (303, "/account")
    having(at, oidc_second_factor="trusted")
    assert come_in(another(portal), theirs) == (303, "/account")


def test_being_signed_in_elsewhere_is_no_proof_and_whoever_changes_something_shows_it_there_anew(
    at: At, portal: Portal, theirs: Issuer
) -> None:
    """At a browser left open anybody could sign out here and be let in again by an account that is open there."""
    now, mine, fresh = int(NOW.timestamp()), another(portal), another(portal)
    assert come_in(fresh, theirs, auth_time=now - 60)[0] == 303
    fresh.open("/account/tokens")
    assert "Make the token" in fresh.text
    for says in ({}, {"auth_time": now - 7200}):
        assert come_in(mine, theirs, **says)[0] == 303 and is_in(mine)
        assert mine.client.get("/account/app").location == "/account/again?then=/account/app"
    mine.open("/account/app")
    assert "Sign in again with Larkmail" in mine.text
    for says, status in (({"auth_time": now - 7200}, 422), ({"auth_time": now}, 303)):
        asked = mine.client.get("/sign-in/elsewhere?then=/account/app&again=yes").location
        assert "prompt=login" in asked and "max_age=0" in asked
        theirs.says = says
        assert come_back(mine, theirs.let_in(asked))[0] == status
    assert "Open it, add an account" in mine.open("/account/app").get_data(as_text=True)


def test_as_microsoft_says_it(at: At, portal: Portal, theirs: Issuer) -> None:
    """Its issuer holds the tenant; an address is vouched for by `xms_edov` alone; a name to sign in with is no address.

    `sub` is another one for each program, so that a program registered anew knows nobody.
    """
    tenant = "/11111111-2222-3333-4444-555555555555/v2.0"
    theirs.url += tenant
    having(at, oidc_issuer=theirs.url)
    unsaid = {"email_verified": None, "preferred_username": f"{KEYWORKER}@tidewater.example", "tid": tenant[1:37]}
    for says in ({"email": None}, {}, {"xms_edov": False}, {"xms_edov": "0"}):
        assert come_in(another(portal), theirs, **{**unsaid, **says})[0] == 422, says
    edov = unsaid | {"xms_edov": True, "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ"}
    assert come_in(another(portal), theirs, **edov)[0] == 303
    assert come_in(another(portal), theirs, **{**edov, "sub": "of the program registered anew"})[0] == 422
    other = theirs.url.replace("1111-2222", "9999-2222")
    assert come_in(another(portal), theirs, **{**edov, "iss": other})[0] == 422
    theirs.named = "https://login.microsoftonline.com/{tenantid}/v2.0"  # what /common says of itself: anybody's tenant
    issuer._PUBLISHED.clear()
    assert another(portal).client.get("/sign-in/elsewhere").status_code == 503


def test_as_google_says_it(at: At, portal: Portal, theirs: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody can make an account there with an address of their work, and keeps it: only the domain's own counts."""
    monkeypatch.setattr(issuer, "_GOOGLE", theirs.url)
    assert come_in(another(portal), theirs)[0] == 422  # verified once, and of no domain
    assert come_in(another(portal), theirs, hd="tidewater.example")[0] == 303
    assert come_in(another(portal), theirs)[0] == 303  # joined: the account counts from now on
    asked = another(portal).client.get("/sign-in/elsewhere?again=yes").location
    assert "prompt=select_account" in asked


def test_clocks_may_differ_by_a_minute_and_no_more(at: At, portal: Portal, theirs: Issuer) -> None:
    now = int(NOW.timestamp())
    for ahead, status in ((55, 303), (65, 422)):
        assert come_in(another(portal), theirs, iat=now + ahead, exp=now + 600)[0] == status
    for over, status in ((55, 303), (65, 422)):
        assert come_in(another(portal), theirs, iat=now - 300, exp=now - over)[0] == status


def test_who_never_signed_in_is_known_by_the_address_in_the_directory_if_it_is_theirs_alone(
    at: At, portal: Portal, theirs: Issuer
) -> None:
    forget_account(at, KEYWORKER)
    of_mail(at, KEYWORKER, "S.Thornbury@Tidewater.example")
    mine = {"email": "s.thornbury@tidewater.example", "email_verified": None, "xms_edov": True}
    of_mail(at, LEAD, "s.thornbury@tidewater.example")
    assert come_in(another(portal), theirs, **mine)[0] == 422  # whose is it?
    of_mail(at, LEAD, None)
    came = another(portal)
    assert come_in(came, theirs, **mine)[0] == 303 and is_in(came)
    came.open("/account")
    assert "Change your password" not in came.text and "Passkeys" not in came.text
    with at.house.db.reading() as conn:
        assert accounts.of_person(conn, person(KEYWORKER))["password"] == ""  # type: ignore[index]
    assert another(portal).client.get("/account").status_code == 303
    refused = another(portal)
    refused.open("/sign-in")
    assert refused.send("/sign-in", email="s.thornbury@tidewater.example", password="x").status_code == 422


def test_an_address_written_beside_somebody_elses_name_does_not_make_one_them(
    at: At, browser: Browser, theirs: Issuer
) -> None:
    of_mail(at, LEAD, "keeper@tidewater.example")  # the lead signs in already, with an address of their own
    assert come_in(browser, theirs, email="keeper@tidewater.example")[0] == 422 and not is_in(browser)


def test_a_role_that_ends_ends_it_and_without_one_nobody_comes_in(at: At, portal: Portal, theirs: Issuer) -> None:
    mine, again = another(portal), another(portal)
    assert come_in(mine, theirs)[0] == 303 and is_in(mine)
    with at.house.db.writing() as conn:
        theirs_here = models.holdings.c.person == person(KEYWORKER)
        conn.execute(update(models.holdings).where(theirs_here).values(until=at.house.clock.now()))
    assert not is_in(mine)
    assert come_in(again, theirs)[0] == 422 and "You hold no role here now." in again.text


def heard(at: At, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """What a command says on the machine that this directory runs on."""
    here = at.house.settings
    said = {name: getattr(here, name.lower()) for name in ("VAR", "KEYS_DIR", "CLOCK_FILE", "PUBLIC_URL")}
    said |= {name: getattr(here, name.lower()) for name in ("OIDC_ISSUER", "OIDC_CLIENT", "OIDC_SECRET")}
    for name, value in {**said, "LOCAL_SIGN_IN": here.local_sign_in}.items():
        monkeypatch.setenv(f"HEARD_{name}", str(value))
    monkeypatch.setattr("services.chassis.green.patch", lambda: None)  # this process is not to be patched
    return CliRunner().invoke(directory, [*words, "--operator", "tidewater-homes"]).output


def test_where_passwords_are_off_only_a_broken_glass_lets_in_otherwise(
    at: At, portal: Portal, theirs: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited = links.invite(at.house, person(KEYWORKER), "console:x", on_screen=True)["link"].removeprefix(HERE)
    assert "People sign in with a password here." in heard(at, monkeypatch, "break-glass", "Saskia Thornbury")
    before = another(portal)
    give_password(before, KEYWORKER)
    having(at, local_sign_in="off")
    closed = another(portal)
    closed.open("/forgotten")
    assert closed.send("/forgotten", email=LEADS["email"]).status_code == 422
    assert closed.send("/sign-in", email=LEADS["email"], password=PASSWORD).status_code == 422
    assert "Nobody signs in with a password here. " in closed.text + " " and "Or with a password" not in closed.text
    with pytest.raises(Refused):
        at.service.show_passkey(ask="", credential="{}", place="", device="")
    with pytest.raises(Refused):
        links.invite(at.house, person(KEYWORKER), "console:x", on_screen=True)
    closed.open(invited)
    assert closed.send(invited, new="another long enough one").status_code == 422 and not is_in(closed)
    assert "Nobody signs in with a password here." in heard(at, monkeypatch, "sign-in", "Saskia Thornbury")
    said = heard(at, monkeypatch, "break-glass", "Saskia Thornbury")
    assert "lets Saskia Thornbury in, once, within the hour" in said
    glass = said.split()[-1].removeprefix(HERE)
    theirs.fails = 503
    closed.open(glass)
    assert "this link lets you in once" in closed.text and 'type="password"' not in closed.page
    assert closed.send(glass, False).status_code == 303 and is_in(closed) and is_in(before)
    assert another(portal).open(glass).status_code == 404


def test_a_place_that_does_not_answer_or_is_another_is_said_plainly_and_by_the_doctor(
    at: At, browser: Browser, theirs: Issuer
) -> None:
    issuer._PUBLISHED.clear()
    patient = Patient(at.house.settings, lambda: NOW)
    assert list(outside.elsewhere(patient)) == []
    issuer._PUBLISHED.clear()
    theirs.named = "https://evil.example"
    with pytest.raises(Unavailable):
        issuer.published(at.house.settings, NOW)
    theirs.named, theirs.fails = "", 500
    (found,) = outside.elsewhere(patient)
    assert found.grade == "should" and "HEARD_OIDC_ISSUER" in found.mend
    answer = browser.open("/sign-in/elsewhere")
    assert answer.status_code == 503 and "The other sign-in cannot be reached just now." in browser.text
    having(at, oidc_issuer="")
    assert browser.open("/sign-in/elsewhere").status_code == 404
    browser.open("/sign-in")
    assert "Larkmail" not in browser.text
