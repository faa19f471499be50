"""What a home owes without any complaint, on its page: late and done, why, and writing it down."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import BOOK, TELL

PLACE = f"/standing/{BOOK['book_id']}"
TOKEN = {"Authorization": "Bearer manager"}
DONE = f"{PLACE}/do/done?duty=tell_each_young_person&whom={TELL['whom']}"


def test_whoever_works_at_one_home_comes_to_it_and_sees_what_is_late_by_whom_and_why(browser: Browser) -> None:
    browser.sign_in()
    assert browser.open("/standing").request.path == PLACE
    for said in (
        "Late: was due Thursday 17 December", "Give the procedure and the Young Person's Guide", "K.", "Imogen Ashdale",
        "IOI-14", "counted from 17 December 2026, midday (when they arrived)", "Kept, but late", "32 days late",
        "1 more time it would have been due before then", "Two were late.", "A young person has arrived",
    ):  # fmt: skip
        assert said in browser.text, said
    browser.open("/today")
    assert "Monitor compliance : late, was due" in browser.text


def test_what_must_be_said_is_ticked_or_explained_before_it_counts_as_done(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.open(DONE)
    assert "Told, or given to: young person" in browser.text
    assert browser.send(DONE, on="2026-12-18").status_code == 422
    assert "Tick it, or say why it was left out." in browser.text
    browser.send(DONE, **{"on": "2026-12-18", "tick.0": "yes", "note": "Read together.", "once": "k"})
    assert "It is written down." in browser.text
    ((command, data, key),) = portal.calls.workflow.written_standing
    assert (command, key) == ("done", "k")
    assert data == {
        "on": "2026-12-18", "note": "Read together.", "duty": "tell_each_young_person", "whom": TELL["whom"],
        "ticked": ["to:young_person"], "explained": {},
    }  # fmt: skip


def test_a_young_person_who_comes_is_known_by_initials_and_a_mistake_is_taken_back(
    browser: Browser, portal: Portal
) -> None:
    browser.sign_in()
    came = f"{PLACE}/do/happened?event=admitted"
    browser.open(came)
    assert browser.send(came, on="2026-12-18").status_code == 422
    assert "not their whole name" in browser.text
    browser.send(came, on="2026-12-18", mark="R.")
    back = f"{PLACE}/do/strike_out?row=3"
    browser.open(back)
    browser.send(back, why="It was another home.")
    written = [(command, data) for command, data, _ in portal.calls.workflow.written_standing]
    assert written == [
        ("happened", {"on": "2026-12-18", "mark": "R.", "event": "admitted"}),
        ("strike_out", {"why": "It was another home.", "row": 3}),
    ]


def test_what_is_not_there_cannot_be_written_down(browser: Browser) -> None:
    browser.sign_in()
    for path in (
        f"/standing/{'x' * 32}", f"{PLACE}/do/done?duty=other", f"{PLACE}/do/happened?event=born", f"{PLACE}/do/other",
        f"{PLACE}/do/strike_out?row=9", f"{PLACE}/do/left?young_person=z",
    ):  # fmt: skip
        assert browser.client.get(path).status_code == 404, path


def test_the_same_by_the_api(api: FlaskClient, portal: Portal) -> None:
    found = api.get("/api/v1/standing", headers=TOKEN).get_json()
    assert [one["late"] for one in found["places"]] == [1, 1]
    assert api.get(f"/api/v1{PLACE}", headers=TOKEN).get_json()["lines"][0]["status"] == "late"
    sent = {"command": "happened", "data": {"event": "admitted", "mark": "R."}}
    answer = api.post(f"/api/v1{PLACE}", json=sent, headers=TOKEN | {"Idempotency-Key": "k"})
    assert answer.get_json()["seq"] == 4
    assert portal.calls.workflow.written_standing == [("happened", sent["data"], "k")]
    assert api.post(f"/api/v1{PLACE}", json=sent | {"command": "other"}, headers=TOKEN).status_code == 422
    assert api.get("/api/v1/standing").status_code == 401
