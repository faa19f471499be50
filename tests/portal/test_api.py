"""The REST API as its callers meet it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.portal.api_token import SCOPES
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import ALERT_ID, CASE_ID, CODE, REFERENCE, REPORT_ID
from tests.portal.fakes import MANAGER as SIGNED_IN

REPORT: dict[str, Any] = {"home": "harbour-house", "what_happened": "The heating is broken."}
MANAGER = {"Authorization": "Bearer manager"}
OPERATOR = {"Authorization": "Bearer operator"}


def test_a_report_gets_a_receipt_with_links(api: FlaskClient, portal: Portal) -> None:
    answer = api.post("/api/v1/complaints", json=REPORT, headers={"Idempotency-Key": "a key of its own, k1"})
    assert answer.status_code == 201 and answer.json is not None
    assert answer.json["reference"] == REFERENCE and answer.json["receipt_code"] == CODE
    assert answer.json["links"]["self"].endswith(f"/api/v1/complaints/{REFERENCE}")
    assert portal.doors.reports == {"a key of its own, k1": REPORT}


def test_the_same_key_is_the_same_report(api: FlaskClient, portal: Portal) -> None:
    for _ in range(2):
        key = {"Idempotency-Key": "a key of its own, k1"}
        assert api.post("/api/v1/complaints", json=REPORT, headers=key).status_code == 201
    assert len(portal.doors.reports) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"what_happened": ""}, "what_happened"),
        ({"what_happened": None}, "what_happened"),
        ({"kind": "moan"}, "kind"),
        ({"child": {"age": 99}}, "child.age"),
        ({"about": [{"name": "x"}, {"nmae": "x"}]}, "about.1.nmae"),
        ({"hoem": "x"}, "hoem"),
    ],
)
def test_a_wrong_report_names_each_field_and_nothing_is_stored(
    api: FlaskClient, portal: Portal, change: dict[str, Any], field: str
) -> None:
    answer = api.post("/api/v1/complaints", json=REPORT | change)
    assert answer.status_code == 422 and answer.json is not None
    assert answer.content_type == "application/problem+json"
    assert field in answer.json["fields"] and answer.json["fields"][field]
    assert not portal.doors.reports


def test_an_unknown_home_is_404(api: FlaskClient) -> None:
    assert api.post("/api/v1/complaints", json=REPORT | {"home": "nowhere"}).status_code == 404


def test_too_often_says_when_to_come_back(api: FlaskClient) -> None:
    answer = api.post("/api/v1/complaints", json=REPORT | {"what_happened": "rate"})
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "7"


def test_with_the_code_one_sees_what_happens_next(api: FlaskClient) -> None:
    answer = api.get(f"/api/v1/complaints/{REFERENCE}", headers={"X-Receipt-Code": "1234 5678 9012 3456"})
    assert (
        answer.json is not None and answer.json["promises"][0]["by_words"] == "Tuesday 22 December, in 2 working days"
    )
    assert answer.json["status"] == "We are working on your complaint."


def test_a_wrong_code_an_unknown_reference_and_no_code(api: FlaskClient) -> None:
    wrong = api.get(f"/api/v1/complaints/{REFERENCE}", headers={"X-Receipt-Code": "0000"})
    unknown = api.get("/api/v1/complaints/AAAA", headers={"X-Receipt-Code": CODE})
    assert wrong.status_code == unknown.status_code == 404 and wrong.data == unknown.data
    assert api.get(f"/api/v1/complaints/{REFERENCE}").status_code == 422


def test_words_can_be_added(api: FlaskClient, portal: Portal) -> None:
    answer = api.post(
        f"/api/v1/complaints/{REFERENCE}/messages", json={"words": "Again"}, headers={"X-Receipt-Code": CODE}
    )
    assert answer.status_code == 202 and portal.doors.words[0]["words"] == "Again"


def test_staff_write_down_by_api_what_they_were_told_and_nobody_else_can(api: FlaskClient, portal: Portal) -> None:
    told = REPORT | {"first_told_at": "2026-12-17T16:00:00+00:00", "read_back": "agreed", "channel": "telephone"}
    assert api.post("/api/v1/written-down", json=told).status_code == 401
    assert api.post("/api/v1/written-down", json=REPORT, headers=MANAGER).status_code == 422
    assert api.post("/api/v1/written-down", json=told | {"home": "nowhere"}, headers=MANAGER).status_code == 404
    answer = api.post("/api/v1/written-down", json=told, headers=MANAGER | {"Idempotency-Key": "a key of its own"})
    assert answer.status_code == 201 and answer.json["receipt_code"] == CODE
    assert portal.doors.reports["a key of its own"]["taken_by"] == SIGNED_IN["id"]
    by_a_stranger = api.post("/api/v1/complaints", json=REPORT | {"taken_by": SIGNED_IN["id"]})
    assert by_a_stranger.status_code == 422 and "taken_by" in by_a_stranger.json["fields"]


@pytest.mark.parametrize(
    "path", ["today", "cases", f"cases/{CASE_ID}", f"cases/{CASE_ID}/ledger", "alerts", f"alerts/{ALERT_ID}",
             f"records/{REPORT_ID}", f"records/{REPORT_ID}/forms/lado", "reports", "outgoing"],
)  # fmt: skip
def test_staff_endpoints_need_a_token(api: FlaskClient, path: str) -> None:
    assert api.get(f"/api/v1/{path}", headers=MANAGER).status_code == 200
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic manager"}):
        answer = api.get(f"/api/v1/{path}", headers=headers)
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_cookie_gives_no_rights_in_the_api(api: FlaskClient, portal: Portal) -> None:
    api.set_cookie("heard_staff", "whatever")
    assert api.get("/api/v1/today").status_code == 401


def test_who_may_not_see_a_case_is_told_that_there_is_none(api: FlaskClient) -> None:
    hidden = api.get(f"/api/v1/cases/{CASE_ID}", headers=OPERATOR)
    missing = api.get("/api/v1/cases/" + "d" * 32, headers=MANAGER)
    nowhere = api.get("/api/v1/no-such-thing", headers=MANAGER)
    assert hidden.status_code == 404 and hidden.data == missing.data == nowhere.data


def test_an_act_is_done_refused_with_its_clause_or_too_late(api: FlaskClient, portal: Portal) -> None:
    path = f"/api/v1/cases/{CASE_ID}/actions"
    both = ["who is dealing with it and how to reach them", "projected timescales"]
    sent = {"command": "acknowledge", "data": {"contents": both}, "expected_seq": 4}
    assert api.post(path, json=sent, headers=MANAGER | {"Idempotency-Key": "k"}).json["seq"] == 5  # type: ignore[index]
    assert portal.calls.workflow.acts[0]["key"] == "k"
    refused = api.post(path, json=sent | {"data": {}}, headers=MANAGER)
    assert refused.status_code == 409 and refused.json is not None
    assert refused.json["clause"] == ["IOI-20"] and refused.json["instead"] == "Say it, and tick it."
    late = api.post(path, json=sent | {"expected_seq": 3}, headers=MANAGER)
    assert late.status_code == 409 and late.json is not None and late.json["actual"] == 4
    assert api.post(path, json={"command": "acknowledge"}, headers=MANAGER).status_code == 422


def test_the_lead_works_on_a_record(api: FlaskClient, portal: Portal) -> None:
    record = f"/api/v1/records/{REPORT_ID}"
    posts: list[tuple[str, dict[str, Any]]] = [
        ("concerns", {"concern": "allegation", "decision": "clear", "reason": "It was a play"}),
        ("subjects", {"subject": "s1", "person": None, "reason": "A visitor"}),
        ("referrals", {"rule": "lado", "whom": "lado", "at": "2026-12-18T16:20:00+00:00", "note": "Rang"}),
    ]
    for path, body in posts:
        assert api.post(f"{record}/{path}", json=body, headers=MANAGER).status_code == 200, path
        assert api.post(f"{record}/{path}", json=body, headers=OPERATOR).status_code == 404, path
    assert [what for what, _ in portal.calls.safeguarding.did] == ["clear", "identify", "referral"]
    assert api.get(f"{record}/subjects", headers=MANAGER).json[0]["could_be"] is True  # type: ignore[index]
    closing = api.post(f"{record}/close", json={"outcome": "unfounded", "reason": "x"}, headers=MANAGER)
    assert closing.status_code == 409


def test_the_lead_fills_in_prints_and_sends_a_form(api: FlaskClient, portal: Portal) -> None:
    form = f"/api/v1/records/{REPORT_ID}/forms/lado"
    at = "2026-12-18T16:20:00+00:00"
    posts: list[tuple[str, dict[str, Any]]] = [
        ("", {"answers": {"born": "3 May 2011"}}),
        ("/send", {"whom": "lado", "after": 7}),
        ("/sent", {"whom": "lado", "after": 7, "channel": "form", "at": at}),
    ]
    for path, body in posts:
        assert api.post(f"{form}{path}", json=body, headers=MANAGER).status_code == 200, path
        assert api.post(f"{form}{path}", json=body, headers=OPERATOR).status_code == 404, path
    assert [what for what, _ in portal.calls.safeguarding.did] == ["fill", "send", "sent"]
    paper = api.get(f"{form}/document.pdf?sent=7", headers=MANAGER)
    assert paper.data == b"%PDF-1" and paper.headers["Cache-Control"] == "no-store"
    assert api.get(f"{form}/document.exe", headers=MANAGER).status_code == 422
    assert api.post(f"{form}/send", json={"whom": "other", "after": 7}, headers=MANAGER).status_code == 409


def test_an_alert_is_acknowledged_with_or_without_a_body(api: FlaskClient, portal: Portal) -> None:
    assert api.post(f"/api/v1/alerts/{ALERT_ID}/acknowledge", headers=MANAGER).status_code == 200
    assert (
        api.post(f"/api/v1/alerts/{ALERT_ID}/acknowledge", json={"how": "telephone"}, headers=MANAGER).status_code
        == 200
    )
    assert portal.calls.safeguarding.answered


def test_parked_facts_are_the_group_operators_business(api: FlaskClient) -> None:
    assert api.get("/api/v1/parked", headers=MANAGER).status_code == 404
    parked = api.get("/api/v1/parked", headers=OPERATOR).json
    assert parked is not None
    assert [row["service"] for row in parked if row.get("down")] == ["safeguarding"]
    assert [row["fact"] for row in parked if "fact" in row] == ["report_screened"]
    assert api.post(f"/api/v1/parked/workflow/{'k' * 32}/replay", headers=OPERATOR).status_code == 200
    assert api.post(f"/api/v1/parked/portal/{'k' * 32}/replay", headers=OPERATOR).status_code == 404


def test_a_fact_about_a_case_that_is_closed_to_the_group_operator_is_not_parked_for_them(api: FlaskClient) -> None:
    assert "complaint_received" not in api.get("/api/v1/parked", headers=OPERATOR).text
    assert api.post(f"/api/v1/parked/workflow/{'q' * 32}/replay", headers=OPERATOR).status_code == 404


def test_what_is_parked_names_no_case_and_no_report(api: FlaskClient) -> None:
    parked = api.get("/api/v1/parked", headers=OPERATOR)
    assert parked.json is not None
    known = {"service", "id", "fact", "why", "attempts", "parked_at", "down"}
    assert all(row.keys() <= known for row in parked.json), parked.json
    assert CASE_ID not in parked.text and REFERENCE not in parked.text


def test_a_key_that_two_people_may_think_of_makes_nobodys_report_anothers(api: FlaskClient, portal: Portal) -> None:
    for key in ("1", "1", "a key of its own, k9", "a key of its own, k9"):
        assert api.post("/api/v1/complaints", json=REPORT, headers={"Idempotency-Key": key}).status_code == 201
    assert len(portal.doors.reports) == 3 and "1" not in portal.doors.reports


def test_a_405_says_what_is_allowed(api: FlaskClient) -> None:
    answer = api.delete("/api/v1/complaints")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]
    assert answer.content_type == "application/problem+json"


def test_too_large_a_body_is_refused(api: FlaskClient) -> None:
    assert api.post("/api/v1/complaints", data=b"x" * 300_000, content_type="application/json").status_code == 413


def test_what_is_not_json_is_refused(api: FlaskClient) -> None:
    answer = api.post("/api/v1/complaints", data="{", content_type="application/json")
    assert answer.status_code == 400 and answer.content_type == "application/problem+json"


def test_the_document_and_its_page_tell_of_every_endpoint(api: FlaskClient, portal: Portal) -> None:
    document = api.get("/api/openapi.json").json
    assert document is not None and document["openapi"] == "3.1.0"
    routes = {str(rule) for rule in portal.app.url_map.iter_rules() if str(rule).startswith("/api/v1/")}
    told = {path.replace("{", "<").replace("}", ">") for path in document["paths"]}
    assert routes == told
    page = api.get("/api/docs").get_data(as_text=True)
    assert all(path in page for path in document["paths"])
    assert "//" not in page.replace("http://www.w3.org", "").split("<main")[0].replace("https://", "")


def test_each_operation_for_staff_says_which_scope_it_needs_and_refuses_a_token_without_it(portal: Portal) -> None:
    client = portal.app.test_client()
    paths = client.get("/api/openapi.json").get_json()["paths"]
    every = [(path, name, one) for path, ways in paths.items() for name, one in ways.items() if "responses" in one]
    scopes = {(path, name): one["security"][0]["token"] for path, name, one in every if one.get("security")}
    assert len(scopes) > 30 and all(len(one) == 1 and one[0] in SCOPES for one in scopes.values())
    mine = {"Authorization": "Bearer reader"}
    for (path, name), (scope,) in scopes.items():
        answer = client.open(re.sub(r"{[^}]+}", "0" * 32, path), method=name.upper(), headers=mine, json={})
        if scope != "cases:read":
            said = answer.get_json()
            assert answer.status_code == 403 and f"needs the scope {scope}." in said["detail"], (path, said)
        else:
            assert answer.status_code != 403, path


def test_a_token_is_made_shown_once_and_revoked_on_a_page(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/account/tokens")
    assert browser.send("/account/tokens", says="", days="90").status_code == 422
    browser.open("/account/tokens")
    browser.send("/account/tokens", says="the wall display", days="30", scopes=["cases:read", "all of it"])
    assert "heard_shown-this-once" in browser.text and "the wall display cases:read" in browser.text
    browser.open("/account/tokens")
    assert "heard_shown-this-once" not in browser.text
    browser.send("/account/tokens/t1/revoke")
    assert "The token is revoked." in browser.text and "the wall display" not in browser.text
