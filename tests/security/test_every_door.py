"""Every door of the portal, for everybody: who may open it, and that to all others there is nothing behind it.

The route table is the list: a door that `doors.toml` does not speak of fails. Asked on the running platform, with a
person for each kind of sight: of the home, of their own cases alone, of the record, of the group, of another group; and
the person whom a complaint is about.

Whoever is complained about tries every door, and so does everybody at a case and a record themselves. Of the rest each
pair of a person and a case that is closed to them tries every fifth door, each another fifth: all doors ask one wall.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.routing import Rule

from tests.ground import ports, world
from tests.ground.harness import Platform, Receipt
from tests.portal.fakes import route_table

DOORS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("doors.toml").read_text(encoding="utf-8"))
HURT = "grabbed my arm so hard that it left bruises and said that nobody would believe me."
REPORTS: dict[str, dict[str, Any]] = {
    "ordinary": {},
    "about the manager": {
        "about": [{"name": "Tobias Fennimore"}],
        "what_happened": f"Tobias Fennimore {HURT}",
    },
    "about who runs the other home": {
        "home": "quay-view",
        "about": [{"name": "Verity Larkhill"}],
        "what_happened": f"Verity Larkhill {HURT}",
    },
    "of another group": {"home": "linden-lodge"},
}
SEE_THE_CASE: dict[str, set[str]] = {
    "maren-oakshott": {"ordinary", "about the manager", "about who runs the other home"},  # runs the group
    "tobias-fennimore": {"ordinary"},  # the manager
    "imogen-ashdale": {"ordinary", "about the manager"},  # the safeguarding lead of one home
    "callum-wrenfield": {"about who runs the other home"},  # the deputy, where the lead is the subject
    "jonas-pennerley": set(),  # the investigating officer: nothing until appointed
    "beatrix-holloway-synge": {"about who runs the other home"},  # from outside, and handles that one
    "verity-larkhill": set(),  # runs the other home, and it is about her
    "crispin-oakhanger": {"ordinary", "about the manager"},  # inspects one home; of the second without what was said
    "noor-ellingham": set(),  # works there
    "elspeth-wickham-dray": set(),  # looks after the installation
    "hollis-underbridge": {"of another group"},  # runs another group
    "cosima-bellweather": {"of another group"},  # and is its lead
}
READ_THE_RECORD = {
    "imogen-ashdale": {"ordinary", "about the manager"},
    "callum-wrenfield": {"about who runs the other home"},
    "cosima-bellweather": {"of another group"},
}
ABOUT = {"tobias-fennimore": "about the manager", "verity-larkhill": "about who runs the other home"}
ITSELF = {"staff.case", "staff_api.Case", "safeguarding.record", "safeguarding_api.Record", "safeguarding_api.Alert"}
RUN_A_GROUP = {"maren-oakshott": "tidewater-homes", "hollis-underbridge": "northgate-council-care"}
ADMINISTERS = "elspeth-wickham-dray"
"""Keeps everybody's directory, and draws up no report."""
NOBODY = "0" * 32
SENT: dict[str, dict[str, Any]] = {
    "staff_api.Actions": {"command": "acknowledge", "data": {}, "expected_seq": 0},
    "staff_api.Version": {"to": "children_act@0"},
    "safeguarding_api.Concerns": {"concern": "nothing", "answer": "confirm", "reason": "To see."},
    "safeguarding_api.Subjects": {"subject": "s9", "person": NOBODY},
    "safeguarding_api.Referrals": {"rule": "nothing", "whom": "nobody", "channel": "email"},
    "safeguarding_api.Ended": {"event": "nothing", "reason": "To see."},
    "safeguarding_api.Closing": {"reason": "To see.", "outcome": "nothing"},
    "forms_api.Form": {"answers": {}},
    "forms_api.Send": {"whom": "lado", "after": 0},
    "forms_api.Sent": {"whom": "lado", "after": 0, "channel": "form", "at": "2026-11-23T10:00:00+00:00"},
    "forms_api.Steps": {"step": "called_off", "reason": "To see."},
    "forms_api.Evidence": {"whom": "Nobody"},
}
"""A body that the door takes for one, so that what it answers is about the case and not about the body."""


@dataclass
class Found:
    """What the platform holds while the doors are tried."""

    platform: Platform
    cases: dict[str, str]
    alerts: dict[str, str]
    receipts: dict[str, Receipt]
    browsers: dict[str | None, requests.Session] = field(default_factory=dict)
    form_tokens: dict[str | None, str] = field(default_factory=dict)
    nothings: dict[tuple[str, str, str], requests.Response] = field(default_factory=dict)

    def browser(self, person: str | None) -> requests.Session:
        """The browser at which somebody is signed in, with a token for its forms; nobody has that alone."""
        if person not in self.browsers:
            session = requests.Session()
            token = _form_token(session.get(f"{self.platform.url}/sign-in").text)
            if person:
                form = {"csrf_token": token, "email": world.signs_in()[person], "password": world.PASSWORD}
                done = session.post(f"{self.platform.url}/sign-in", form, allow_redirects=False)
                assert done.status_code == 303, done.text
                token = _form_token(session.get(f"{self.platform.url}/today").text)
            self.browsers[person], self.form_tokens[person] = session, token
        return self.browsers[person]

    def ask(self, person: str | None, method: str, endpoint: str, path: str) -> requests.Response:
        """Knock at one door as somebody."""
        browser, post, about = self.browser(person), method == "POST", dict[str, Any]()
        if path.startswith("/api/"):
            about = {"json": SENT.get(endpoint, {})} if post else {}
            about["headers"] = {"Authorization": f"Bearer {self.platform.tokens[person]}"} if person else {}
        elif post:
            about = {"data": {"csrf_token": self.form_tokens[person]}}

        def answered() -> list[requests.Response]:
            """Nothing while the platform says that it is too busy: whoever is told to try again does."""
            got = browser.request(method, self.platform.url + path, allow_redirects=False, timeout=30, **about)
            return [] if got.status_code == requests.codes.unavailable else [got]

        return ports.wait_until(answered, what=f"{person} is answered at {method} {path}")[0]


def _form_token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def _plain(answer: requests.Response) -> str:
    """An answer without what differs from one page to the next for everybody."""
    return re.sub(r'value="[^"]+"', "", answer.text)


ROUTES = list(route_table().iter_rules())


def test_each_door_stands_in_one_list_and_each_list_names_only_doors() -> None:
    decided = [door for doors in DOORS.values() for door in doors]
    assert sorted(decided) == sorted({rule.endpoint for rule in ROUTES}), "tests/security/doors.toml must decide each"


def doors_of(*lists: str) -> Iterator[tuple[str, str, Rule]]:
    """``(method, endpoint, rule)`` of the doors in these lists."""
    for rule in ROUTES:
        if any(rule.endpoint in DOORS[name] for name in lists):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, rule.endpoint, rule


def path_of(rule: Rule, **ids: str) -> str:
    """A door's address with these ids in it; what else it wants is something that any of them has."""
    known = {"key": "acknowledge", "what": "close", "service": "workflow", "parked_id": "1", "do": "add_home",
             "book_id": NOBODY, "command": "done", "token_id": "0" * 16,
             "form": "working_together.lado", "kind": "json" if "evidence" in rule.rule else "docx",  # quicker than PDF
             "attachment_id": NOBODY,
             "letter_id": NOBODY, "message_id": NOBODY, **ids}  # fmt: skip
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda name: known.get(name.group(1), "none"), rule.rule)


@pytest.mark.timeout(240)
def test_to_whoever_may_not_open_it_there_is_nothing_behind_a_door(embedded_platform: Platform) -> None:
    found = fill(embedded_platform)
    nobody_gets_in(found)
    for person in SEE_THE_CASE:
        sees_just_these(found, person, "case", found.cases, SEE_THE_CASE[person])
        sees_just_these(found, person, "record", found.cases, READ_THE_RECORD.get(person, set()))
        sees_just_these(found, person, "alert", found.alerts, READ_THE_RECORD.get(person, set()) & found.alerts.keys())
        listed = {one["reference"] for one in found.platform.seat(person).get("/cases")["cases"]}
        assert listed == {found.receipts[name].reference for name in SEE_THE_CASE[person]}, person
        keeps_to_their_group(found, person)


def fill(platform: Platform) -> Found:
    """Somebody reports each of these, and each case stands open before anybody tries a door."""
    receipts = {name: platform.submit(world.a_report(**changes)) for name, changes in REPORTS.items()}
    cases = {}
    for name, receipt in receipts.items():
        (row,) = platform.wait_until(
            partial(platform.rows, "workflow", "SELECT id FROM cases WHERE reference = ?", [receipt.reference]),
            what=f"{name}: its case is open",
        )
        cases[name] = row["id"]
    worrying = [name for name, changes in REPORTS.items() if HURT in str(changes)]
    alerts = {}
    for name in worrying:
        (row,) = platform.wait_until(
            partial(platform.rows, "safeguarding", "SELECT id FROM alerts WHERE report_id = ?", [cases[name]]),
            what=f"{name}: its alert is raised",
        )
        alerts[name] = row["id"]
    for person, names in SEE_THE_CASE.items():
        platform.wait_until(partial(_sees_at_least, platform, person, len(names)), what=f"{person} sees their cases")
    return Found(platform, cases, alerts, receipts)


def _sees_at_least(platform: Platform, person: str, number: int) -> bool:
    return len(platform.seat(person).get("/cases")["cases"]) >= number


def nobody_gets_in(found: Found) -> None:
    """Who is not signed in and has no code is sent to the sign-in, or is told that there is nothing."""
    ids = {
        "case_id": found.cases["ordinary"], "report_id": found.cases["about the manager"],
        "alert_id": found.alerts["about the manager"], "home_id": world.home_id("harbour-house"),
        "person_id": world.person_id("tobias-fennimore"), "provider": world.provider_id("tidewater-homes"),
        "slug": "harbour-house", "reference": found.receipts["ordinary"].reference, "token": "guessed",
    }  # fmt: skip
    inside = [name for name in DOORS if name != "anybody"]
    for method, endpoint, rule in doors_of(*inside):
        answer = found.ask(None, method, endpoint, path_of(rule, **ids))
        kept_out = answer.status_code in (401, 404, 422) or (
            answer.status_code in (302, 303) and re.search(r"/(sign-in|follow)(\?|$)", answer.headers["Location"])
        )
        assert kept_out, f"{method} {rule.rule}: {answer.status_code} for nobody"


def sees_just_these(found: Found, person: str, kind: str, ids: Mapping[str, str], theirs: set[str]) -> None:
    """One person at each door of one kind: it opens to what is theirs, and all else is as what does not exist."""
    for number, (method, endpoint, rule) in enumerate(doors_of(kind)):
        for name in ids:
            if name in theirs:
                if method == "GET" and "<key>" not in rule.rule and "<attachment_id>" not in rule.rule:
                    opens_to(found, person, (method, endpoint, rule), name, ids[name])
                continue  # what they may do with what is theirs is told elsewhere
            if name == ABOUT.get(person) or endpoint in ITSELF or is_their_turn(number, person, name):
                finds_no_more(found, person, (method, endpoint, rule), name, ids[name])


def is_their_turn(door: int, person: str, name: str) -> bool:
    """Whether this pair tries this door: each every fifth, so that each door is tried by a fifth of all pairs."""
    return (door + list(SEE_THE_CASE).index(person) + 2 * list(REPORTS).index(name)) % 5 == 0


def opens_to(found: Found, person: str, door: tuple[str, str, Rule], name: str, id_: str) -> None:
    """What is theirs is there."""
    method, endpoint, rule = door
    answer = found.ask(person, method, endpoint, path_of(rule, case_id=id_, report_id=id_, alert_id=id_))
    assert answer.status_code in (200, 303, 409), f"{person} at {method} {rule.rule}, {name}: {answer.status_code}"


def finds_no_more(found: Found, person: str, door: tuple[str, str, Rule], name: str, id_: str) -> None:
    """What one door answers one person about what is closed to them, held against what it answers about nothing."""
    method, endpoint, rule = door
    nothing = nothing_behind(found, person, door)
    answer = found.ask(person, method, endpoint, path_of(rule, case_id=id_, report_id=id_, alert_id=id_))
    said = f"{person} at {method} {rule.rule}, {name}"
    assert answer.status_code == nothing.status_code, f"{said}: {answer.status_code}, not {nothing.status_code}"
    assert _plain(answer).replace(id_, "") == _plain(nothing).replace(NOBODY, ""), said


def nothing_behind(found: Found, person: str, door: tuple[str, str, Rule]) -> requests.Response:
    """What a door answers about what does not exist: to a person on a page, to everybody alike in the API."""
    method, endpoint, rule = door
    whose = "everybody" if rule.rule.startswith("/api/") else person
    if (whose, method, endpoint) not in found.nothings:
        path = path_of(rule, case_id=NOBODY, report_id=NOBODY, alert_id=NOBODY)
        answer = found.ask(person, method, endpoint, path)
        assert answer.status_code >= 400, f"{person} at {method} {path}: {answer.status_code}"
        found.nothings[whose, method, endpoint] = answer
    return found.nothings[whose, method, endpoint]


def keeps_to_their_group(found: Found, person: str) -> None:
    """What is the group operator's own: nothing to everybody else, and nothing of another group."""
    group = RUN_A_GROUP.get(person)
    for method, endpoint, rule in doors_of("directory", "group"):
        if method == "POST" and (group or person == ADMINISTERS):
            continue
        for slug, home, somebody in (
            ("tidewater-homes", "harbour-house", "tobias-fennimore"),
            ("northgate-council-care", "linden-lodge", "cosima-bellweather"),
        ):
            path = path_of(rule, home_id=world.home_id(home), person_id=world.person_id(somebody))
            answer = found.ask(person, method, endpoint, path)
            about_one = "_id>" in rule.rule and endpoint in DOORS["directory"]
            may = person == ADMINISTERS or (group is not None and (not about_one or group == slug))
            assert answer.status_code == (200 if may else 404), f"{person} at {method} {path}: {answer.status_code}"
    for (method, endpoint, rule), slug in product(doors_of("report"), RUN_A_GROUP.values()):
        path = path_of(rule, provider=world.provider_id(slug)).replace("acknowledge", "annual")
        answer = found.ask(person, method, endpoint, path)
        theirs = world.group_of(person).slug == slug
        told = (200, 303, 404) if theirs else (404,)  # a file that takes its time is seen on a page of its own
        assert answer.status_code in told, f"{person} at {path}: {answer.status_code}"
