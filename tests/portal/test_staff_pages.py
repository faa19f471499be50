"""Staff at work: sign-in, today, a case and an act in it, alerts, a record; what they may not see does not exist."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from services.portal.doors import make_app
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import ALERT_ID, CASE_ID, HOME, MANAGER, NOW, REFERENCE, REPORT_ID, Calls, House

STAFF_PAGES = ["/today", "/cases", f"/cases/{CASE_ID}", "/alerts", "/alerts/past", f"/alerts/{ALERT_ID}",
               f"/records/{REPORT_ID}", f"/records/{REPORT_ID}/forms/lado", "/reports", "/outgoing",
               "/parked", "/homes", "/procedures", "/procedures/ioi_support", "/procedures/compare"]  # fmt: skip


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_nobody_sees_a_staff_page_without_signing_in(browser: Browser, path: str) -> None:
    answer = browser.client.get(path)
    assert answer.status_code == 303 and answer.location.startswith("/sign-in?then=")


def test_signing_in_leads_back_to_the_page_that_was_asked_for(browser: Browser) -> None:
    browser.open(f"/cases/{CASE_ID}")
    assert "Sign in" in browser.text
    answer = browser.send("/sign-in", False, email="imogen@tidewater.example", password="a good password",
                          then=f"/cases/{CASE_ID}")  # fmt: skip
    assert answer.location == f"/cases/{CASE_ID}"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/\r\nX: y"]
)
def test_signing_in_never_leads_to_another_site(browser: Browser, elsewhere: str) -> None:
    browser.open("/sign-in")
    answer = browser.send(
        "/sign-in", False, email="imogen@tidewater.example", password="a good password", then=elsewhere
    )
    assert answer.location == "/today"


def test_a_wrong_password_says_nothing_about_the_address(browser: Browser) -> None:
    browser.open("/sign-in")
    assert browser.send("/sign-in", email="nobody@tidewater.example", password="x").status_code == 422
    assert browser.text.count("The address or the password is not right.") == 2


def test_a_sign_in_ends_by_signing_out_and_by_being_left_alone(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.send("/sign-out")
    assert browser.client.get("/today").status_code == 303
    browser.sign_in()
    portal.house.clock.at = NOW + timedelta(minutes=61)
    assert browser.client.get("/today").status_code == 303


def test_a_sign_in_that_is_used_lasts_a_shift_and_no_longer(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    for minutes in range(30, 12 * 60, 30):
        portal.house.clock.at = NOW + timedelta(minutes=minutes)
        assert browser.client.get("/today").status_code == 200
    portal.house.clock.at = NOW + timedelta(hours=12)
    assert browser.client.get("/today").status_code == 303


@pytest.mark.parametrize(
    ("role", "begins", "places"),
    [
        ("inspector", "/cases?state=all", ["Cases", "Reports"]),
        ("regulation_44_visitor", "/cases?state=all", ["Cases", "Reports"]),
        ("system_administrator", "/directory", ["Directory", "Parked"]),
    ],
)
def test_who_only_reads_or_administers_is_led_to_what_is_theirs_and_writes_nothing_down(
    browser: Browser, portal: Portal, monkeypatch: pytest.MonkeyPatch, role: str, begins: str, places: list[str]
) -> None:
    them = MANAGER | {"holdings": [{"role": role, "provider": None, "home": None}]}
    monkeypatch.setattr(portal.calls.directory, "signed_in", lambda **_: them)
    browser.sign_in()
    assert browser.client.get("/today").headers["Location"] == begins
    browser.open("/reports")
    assert re.findall(r'service-navigation__link"[^>]*>([^<]+)<', browser.page) == places
    assert browser.open("/write-down").status_code == 404


def test_today_shows_late_first_with_clause_and_why(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/today")
    assert browser.text.index("Contact the complainant") < browser.text.index("Send a formal acknowledgement")
    assert "Late: was due Thursday 17 December, yesterday" in browser.text
    assert "Tuesday 22 December, in 2 working days" in browser.text and "IOI-20" in browser.text


def test_an_unanswered_alert_waits_for_somebody_and_is_counted(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/today?show=mine")
    assert "Nobody has answered" in browser.text and "3 waiting for you" in browser.text
    assert "Only what waits for you. Show all 2" in browser.text


def test_a_message_from_whoever_complained_waits_for_its_handler_and_is_counted(
    browser: Browser, portal: Portal
) -> None:
    at = (NOW - timedelta(hours=3)).isoformat()
    portal.calls.workflow.messages = [
        {"case_id": CASE_ID, "reference": REFERENCE, "home_name": HOME["name"], "state": "open", "at": at}
    ]
    browser.sign_in()
    browser.open("/today")
    assert "new complaint" not in browser.text
    assert f"Message: Harbour House, {REFERENCE} Whoever complained wrote to you, 3 hours ago" in browser.text
    assert "4 waiting for you" in browser.text and f'href="/cases/{CASE_ID}#words"' in browser.page
    portal.calls.workflow.messages[0]["state"] = "closed"
    browser.open("/today")
    assert "The case is closed. Read it, and answer, take the case up again, or write it down" in browser.text
    portal.calls.workflow.wrote_since = at
    browser.open(f"/cases/{CASE_ID}")
    assert "Whoever complained wrote after this case was" in browser.text
    assert "Write it down as a new complaint" in browser.text


def test_homes_at_a_glance_say_what_is_late_and_draw_what_came_in(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/homes")
    assert "Harbour House Tidewater 1 3 0 1" in browser.text and "November 2026 2" in browser.text
    assert "The table says the same." in browser.page


def test_a_case_shows_journey_dues_words_people_and_what_may_be_done_and_why_not(browser: Browser) -> None:
    browser.sign_in()
    browser.open(f"/cases/{CASE_ID}")
    for told in ("Next: Send a formal acknowledgement , Tuesday 22 December, in 2 working days",
                 "here since Friday 18 December", "may come", "Saturday 19 December (Saturday)", "(IOI-21)",
                 "A formal complaint was", "Imogen Ashdale", "First: contact the complainant."):  # fmt: skip
        assert told in browser.text
    assert "The <b>heating</b> is broken." in browser.text and "<b>heating</b>" not in browser.page


def test_a_case_shows_how_it_ended_what_holds_what_was_promised_and_who_outside_may_be_asked(browser: Browser) -> None:
    browser.sign_in()
    browser.open(f"/cases/{CASE_ID}")
    text = browser.text.replace(" :", ":")
    for told in ("The complaint: not determined", "(Stage 1: not determined, with reasons)", "To put it right: apology",
                 "Is it put off? Yes: nobody has decided yet, so this holds", "it ends with: responded",
                 "by 15 January 2027 (first 8 January 2027)", "Still to be done", "An interview was held: Kit.",
                 "Still to come: Complete the investigation", "Ofsted: at any time (now)"):  # fmt: skip
        assert told in text, told
    assert "A <b>new</b> lock" in browser.text and "<b>new</b>" not in browser.page


def test_letters_and_files_stand_in_one_list_and_files_are_for_the_lead(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.open(f"/cases/{CASE_ID}")
    assert "Our answer" in browser.text and "Held back: this is a trial" in browser.text
    assert 'href="/outgoing/n.pdf"' in browser.page and "hand.jpg" not in browser.page
    portal.calls.workflow.read_by = []  # as the safeguarding lead is shown who read it
    browser.open(f"/cases/{CASE_ID}")
    assert f'href="/records/{CASE_ID}/came-along/{"f" * 64}"' in browser.page and "This was erased." in browser.text


def test_a_case_is_shown_although_its_letters_cannot_be_asked_for(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    portal.calls.notifications.away = True
    assert browser.open(f"/cases/{CASE_ID}").status_code == 200 and "Not all of them can be shown" in browser.text


def test_what_is_new_to_somebody_stands_first_and_a_long_action_stands_beside_a_short_button(browser: Browser) -> None:
    browser.sign_in()
    browser.open(f"/cases/{CASE_ID}")
    assert browser.text.index("New to you Message") < browser.text.index("It is cold again.")
    assert browser.text.count("New to you") == 1
    assert "Tell them Tell the placing authority what was found" in browser.text


def act_page(browser: Browser) -> str:
    browser.sign_in()
    browser.open(f"/cases/{CASE_ID}")
    start = browser.page.index(f"/cases/{CASE_ID}/do/acknowledge")
    path = browser.page[start : browser.page.index('"', start)]
    browser.open(path)
    return path


def test_a_due_day_says_by_which_rule_it_is_counted_what_is_aimed_for_and_what_it_was_before(browser: Browser) -> None:
    browser.sign_in()
    for path in ("/today", f"/cases/{CASE_ID}"):
        browser.open(path)
        assert "We aim for Monday 21 December" in browser.text
        assert "it was due Monday 21 December. Tuesday 15 December 2026 is now a bank holiday" in browser.text
    assert "Working days are counted." in browser.text


def test_an_act_asks_what_the_procedure_wants_and_says_which_clause_refuses(browser: Browser, portal: Portal) -> None:
    path = act_page(browser)
    one = "who is dealing with it and how to reach them"
    refused = browser.send(path, words="Dear Jess", contents=[one], seq="4", once="k")
    assert refused.status_code == 409
    assert "It does not say 'projected timescales'. (IOI-20)" in browser.text and "Dear Jess" in browser.page
    browser.send(path, words="Dear Jess", contents=[one, "projected timescales", "forged"], seq="4", once="k")
    assert portal.calls.workflow.acts == [
        {"command": "acknowledge", "data": {"words": "Dear Jess", "contents": [one, "projected timescales"]},
         "expected_seq": 4, "key": "k"}
    ]  # fmt: skip
    assert "It is recorded in your name." in browser.text


def test_the_case_page_shows_each_thing_complained_of_the_panel_consent_and_that_a_worker_speaks_up(
    browser: Browser, portal: Portal
) -> None:
    case = portal.calls.workflow
    case.kind, case.consent = "whistleblowing", {"young_person": "lacks_capacity"}
    case.heads = [
        {"key": "complaint", "finding": "upheld", "on_hold": False, "since": None},
        {"key": "data protection", "finding": None, "on_hold": True, "since": "2026-12-18T00:00:00+00:00"},
    ]
    case.panel = {"members": ["Pam Orton", "Cleo Marsh"], "chair": "Cleo Marsh", "date": "2027-01-20",
                  "order": ["the complainant", "questions"], "may_attend": ["a friend"]}  # fmt: skip
    browser.sign_in()
    browser.open(f"/cases/{CASE_ID}")
    for said in ("Complaint: upheld", "Data protection: on hold (first said Friday 18 December)", "lacks capacity",
                 "Cleo Marsh (leads it)", "Meets on Wednesday 20 January 2027", "the complainant; questions",
                 "only the safeguarding lead can see who it is"):  # fmt: skip
        assert said in browser.text


def test_an_act_on_a_case_that_has_moved_on_is_told_so(browser: Browser, portal: Portal) -> None:
    path = act_page(browser)
    portal.calls.workflow.seq = 5
    answer = browser.send(path, words="x", contents=["projected timescales"], seq="4")
    assert answer.status_code == 409 and "changed since you looked" in browser.text


def test_what_may_not_be_seen_is_answered_like_what_does_not_exist(browser: Browser) -> None:
    browser.sign_in()
    pages = []
    for path in ("/cases/" + "d" * 32, "/alerts/" + "d" * 32, "/records/" + "d" * 32, "/no/such/page", "/parked"):
        assert browser.open(path).status_code == 404
        pages.append(browser.text)
    assert len(set(pages)) == 1


def test_what_came_with_a_report_is_for_whoever_may_see_its_record_and_is_never_shown_in_the_page(
    browser: Browser,
) -> None:
    assert browser.client.get(f"/records/{REPORT_ID}/came-along").status_code == 303
    browser.sign_in()
    for path in ("", "/" + "f" * 64):
        assert browser.open("/records/" + "d" * 32 + "/came-along" + path).status_code == 404
    browser.open(f"/records/{REPORT_ID}/came-along")
    assert "hand.jpg" in browser.text and "118 kB" in browser.text and "This was erased." in browser.text
    answer = browser.client.get(f"/records/{REPORT_ID}/came-along/" + "f" * 64)
    assert answer.headers["Content-Disposition"] == "attachment; filename=hand.jpg"
    assert answer.get_data() == b"\xff\xd8\xff" and answer.headers["Cache-Control"] == "no-store"


def test_an_alert_is_answered_with_one_press(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.open("/alerts")
    assert "Nobody has answered" in browser.text
    browser.open(f"/alerts/{ALERT_ID}")
    assert "A member of staff may have hurt somebody Because of hit" in browser.text
    browser.send(f"/alerts/{ALERT_ID}/acknowledge")
    assert portal.calls.safeguarding.answered and 'href="tel:01632960001"' in browser.page


def test_past_complaints_are_read_one_by_one_and_leave_the_list(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.open("/alerts")
    assert "Past complaints to read (1)" in browser.text
    browser.open("/alerts/past")
    assert "Somebody may have been hurt" in browser.text and "Nobody was called about them" in browser.text
    browser.send(f"/alerts/past/{REPORT_ID}/read")
    assert ("past_read", {}) in portal.calls.safeguarding.did and "none that you have still to read" in browser.text


def test_a_case_from_an_earlier_log_says_so(browser: Browser, portal: Portal) -> None:
    portal.calls.workflow.imported = "2026-11-23T09:00:00+00:00"
    browser.sign_in()
    browser.open(f"/cases/{CASE_ID}")
    assert "Brought here from an earlier log on 23 November 2026" in browser.text
    browser.open("/cases")
    assert "from an earlier log" in browser.text


def test_an_alert_is_answered_by_its_link_without_signing_in(browser: Browser, portal: Portal) -> None:
    browser.open(f"/a/{ALERT_ID}/good")
    assert f"about a report at {HOME['name']}" in browser.text and "nights" not in browser.text
    assert portal.doors.answered == [], "a scanner that looks at the link in a message answers nothing"
    browser.send(f"/a/{ALERT_ID}/good", answer="cannot")
    assert portal.doors.answered == [] and "The next person is called now" in browser.text
    browser.open(f"/a/{ALERT_ID}/good")
    browser.send(f"/a/{ALERT_ID}/good", answer="have")
    assert portal.doors.answered == [ALERT_ID] and "You have it now" in browser.text
    assert browser.open(f"/a/{ALERT_ID}/bad").status_code == 404


def test_the_lead_records_that_the_disciplinary_procedure_has_ended(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.open(f"/records/{REPORT_ID}")
    browser.send(f"/records/{REPORT_ID}/ended", reason="x")
    assert "Choose what has ended" in browser.text
    browser.send(f"/records/{REPORT_ID}/ended", event="disciplinary_closed", reason="Told by telephone", go_on="yes")
    said = {"event": "disciplinary_closed", "reason": "Told by telephone", "go_on": True}
    assert portal.calls.safeguarding.did == [("ended", said)]


def test_the_lead_answers_the_questions_999_first_and_nothing_is_left_open(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.open("/alerts")
    assert "Questions to answer (1)" in browser.text
    browser.open("/alerts/questions")
    asked = f"/records/{REPORT_ID}/questions"
    assert f'href="{asked}"' in browser.page
    browser.open(asked)
    assert 'href="tel:999"' in browser.page and "went to Stage 2: Investigation" in browser.text
    browser.send(asked, **{"each-allegation-1": "no", "decision": "none", "reason": "x"})
    assert "Answer yes, no or not known" in browser.text and portal.calls.safeguarding.did == []
    assert "One more question is not answered" in browser.text and 'href="#asked-missing"' in browser.page
    limbs = {"each-allegation-1": "no", "each-allegation-2": "not_known"}
    browser.send(asked, **limbs, **{"answer-missing": "yes", "decision": "none", "reason": "She rang."})
    assert "You answered yes to “Missing”." in browser.text
    assert "Answered Somebody is missing Yes" in browser.text and "Not answered yet" not in browser.text
    why = {"why-allegation": "The rota says so.", "rest": "no", "decision": "none", "reason": "She rang."}
    browser.send(asked, **limbs, **why)
    said = {
        "answers": {"allegation": ["no", "not_known"], "missing": "no"}, "decision": "none", "reason": "She rang.",
        "reasons": {"allegation": "The rota says so."},
    }  # fmt: skip
    assert portal.calls.safeguarding.did == [("triage", said)]


def test_a_line_with_a_fault_is_open_and_says_so_and_only_yes_no_and_not_known_are_answers(
    browser: Browser, portal: Portal
) -> None:
    browser.sign_in()
    asked = f"/records/{REPORT_ID}/questions"
    browser.open(asked)
    assert '<details class="govuk-details">' in browser.page and " open>" not in browser.page
    limbs = {"each-allegation-1": "no", "each-allegation-2": "no", "decision": "none", "reason": "She rang."}
    for rest in ({}, {"rest": "no"}):
        browser.send(asked, **limbs, **rest, **{"answer-missing": "perhaps"})
        assert "One more question is not answered" in browser.text and portal.calls.safeguarding.did == []
        assert '<details class="govuk-details" open><summary' in browser.page and 'id="asked-missing"' in browser.page
        assert "Somebody is missing Error: Not answered" in browser.text and "perhaps" not in browser.text
    browser.send(asked, **{**limbs, "each-allegation-2": "perhaps"}, rest="no")
    assert "Answer yes, no or not known to each" in browser.text and portal.calls.safeguarding.did == []


def test_a_pattern_and_a_voice_stand_on_the_record_for_the_lead(browser: Browser) -> None:
    browser.sign_in()
    browser.open(f"/records/{REPORT_ID}")
    assert "Small things about Nadia Okello repeat: 3 reports" in browser.text
    assert "1 of them is for another lead" in browser.text and "OTHE-ROTH-EROT" in browser.text
    assert "With it came: voice" in browser.text


def test_the_lead_decides_on_concerns_and_records_who_is_meant_and_whom_they_told(
    browser: Browser, portal: Portal
) -> None:
    browser.sign_in()
    browser.open(f"/records/{REPORT_ID}")
    assert "The woman on nights hit me." in browser.text and "Nadia Okello" in browser.text
    record = f"/records/{REPORT_ID}"
    browser.send(f"{record}/confirm", concern="allegation", reason="She said it herself")
    browser.send(f"{record}/identify", subject="s1", person="x" * 32, reason="The rota")
    browser.send(f"{record}/identify", subject="s1", person="nobody", reason="A visitor")
    browser.send(f"{record}/referral", rule="lado", whom="lado", channel="telephone", at="2026-12-18T16:20",
                 note="Agreed", agreed="yes")  # fmt: skip
    did = portal.calls.safeguarding.did
    assert did[0] == ("confirm", {"concern": "allegation", "reason": "She said it herself"})
    assert did[1] == ("identify", {"subject": "s1", "person": "x" * 32, "reason": "The rota"})
    assert did[2][1]["person"] is None
    assert did[3][1]["at"] == "2026-12-18T16:20:00+00:00" and did[3][1]["agreed"] is True


def test_the_lead_clears_several_concerns_with_one_reason(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.open(f"/records/{REPORT_ID}")
    assert "none of these" not in browser.text  # one alone is decided where it stands
    safe = portal.calls.safeguarding
    safe.also_found = ("neglect", "bullying")
    browser.open(f"/records/{REPORT_ID}")
    assert "none of these 3 is so" in browser.text
    shown = ["allegation", "neglect", "bullying"]
    assert browser.send(f"/records/{REPORT_ID}/clear_all", concern=shown, reason="").status_code == 422
    assert browser.text.count("Enter why none of it is so") == 2
    browser.send(f"/records/{REPORT_ID}/clear_all", concern=shown, reason="It was a play")
    assert safe.did == [("clear_all", {"concerns": shown, "reason": "It was a play"})]


def test_a_record_form_that_lacks_something_says_what(browser: Browser) -> None:
    browser.sign_in()
    browser.open(f"/records/{REPORT_ID}")
    assert browser.send(f"/records/{REPORT_ID}/confirm", concern="allegation", reason="").status_code == 422
    assert browser.text.count("Enter the reason for your decision") == 2
    assert browser.send(f"/records/{REPORT_ID}/close", outcome="unfounded", reason="x").status_code == 409
    assert "Answer it first." in browser.text
    assert browser.send(f"/records/{REPORT_ID}/delete").status_code == 404


def test_the_messages_of_a_trial_can_be_read(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/outgoing")
    assert "Held back: this is a trial" in browser.text and "We have what you told us" in browser.text
    assert ", by text," in browser.text and "Failed: number refused." in browser.text


def test_a_report_shows_each_measure_as_a_table_and_hides_what_would_point_at_somebody(browser: Browser) -> None:
    browser.sign_in()
    browser.open("/reports")
    assert "The year's complaints" in browser.text and "every year" in browser.text
    browser.open("/reports/" + "p" * 32 + "/annual?since=2026-11-01")
    for told in ("From 1 November 2026 to", "Delay fewer than 3", "Staff conduct 7", "IOI-22 3 1 2 0 4",
                 "Late: Resolve or respond", "Harbour House 10", "What was learned"):  # fmt: skip
        assert told in browser.text, told
    assert browser.open("/reports/" + "p" * 32 + "/other").status_code == 404


def test_a_form_without_its_token_is_refused_kindly(browser: Browser) -> None:
    browser.sign_in()
    answer = browser.client.post("/sign-out")
    assert answer.status_code == 400 and "This page was open too long" in answer.get_data(as_text=True)


def test_every_form_on_every_page_carries_the_token_against_forgery(portal: Portal) -> None:
    guarded = portal.app.extensions["csrf"]
    assert {one.name for one in guarded._exempt_blueprints} == {
        "complaints", "staff_api", "safeguarding_api", "forms_api",
    }  # fmt: skip
    assert not guarded._exempt_views


def test_every_answer_carries_the_security_headers(browser: Browser) -> None:
    for path in ("/", "/today", "/no/such/page", "/api/docs", "/api/v1/today"):
        headers = browser.client.get(path).headers
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"


def test_cookies_are_kept_from_scripts_and_other_sites(portal: Portal, tmp_path: Path) -> None:
    (tmp_path / "secure").mkdir()
    house = House(tmp_path / "secure", portal.house.settings.urls, "https://heard.example")
    browser = Browser(make_app(house, Calls()).test_client())  # type: ignore[arg-type]
    page = browser.client.get("/sign-in", base_url="https://heard.example")
    token = page.get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.client.post(
        "/sign-in", base_url="https://heard.example", headers={"Referer": "https://heard.example/sign-in"},
        data={"csrf_token": token, "email": "imogen@tidewater.example", "password": "a good password"},
    )  # fmt: skip
    cookies = [*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")]
    assert len(cookies) >= 2
    for cookie in cookies:
        assert "HttpOnly" in cookie and "Secure" in cookie and "SameSite=Lax" in cookie


def test_a_fault_of_ours_says_so_and_repeats_nothing(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    portal.calls.workflow.today = lambda **_: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    answer = browser.open("/today")
    assert answer.status_code == 500 and "division" not in browser.text and portal.house.log.lines


def test_a_service_that_is_away_says_try_again(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    portal.calls.workflow.away = True
    assert browser.open(f"/cases/{CASE_ID}").status_code == 503 and "try again in a moment" in browser.text


def test_a_page_weighs_no_more_than_200_kilobytes(browser: Browser) -> None:
    def weight(path: str) -> int:
        with browser.client.get(path) as answer:
            return len(answer.data)

    shared = sum(weight(f"/static/{name}") for name in ("heard.rtl.css", "heard.js", "heard.svg"))
    browser.open("/language/ar")  # two bytes a letter: no language weighs more
    for path in ("/", "/tell/harbour-house/danger", "/how/harbour-house"):
        assert shared + weight(path) <= 200 * 1024


def test_whoever_took_the_call_writes_down_who_rang_and_their_digits(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.open("/alerts/rung")
    assert "Please do not ask" in browser.text
    assert browser.send("/alerts/rung", person="", code="", answer="").status_code == 422
    assert "Enter the four digits" in browser.text
    assert browser.send("/alerts/rung", person="q" * 32, code="0000", answer="have").status_code == 422
    assert "That does not fit" in browser.text
    browser.send("/alerts/rung", person="q" * 32, code="4821", answer="have")
    assert "they have it" in browser.text
    assert ("answer_by_phone", {"can": True}) in portal.calls.safeguarding.did


def test_every_call_and_what_became_of_it_can_be_read_and_kept_as_a_sheet(browser: Browser) -> None:
    browser.sign_in()
    browser.open(f"/records/{REPORT_ID}/calls")
    assert "Handed over to be delivered" in browser.text and "Imogen Ashdale" in browser.text
    sheet = browser.open(f"/records/{REPORT_ID}/calls.csv")
    assert sheet.mimetype == "text/csv"
    rows = sheet.get_data(as_text=True).splitlines()
    assert rows[0] == 'Report,"When, in London",After the alert,Call,Who,What happened,By which way'
    assert [row.split(",")[2:] for row in rows[1:]] == [
        ["0 min 00 s", "1", "Imogen Ashdale", "Called", ""],
        ["0 min 40 s", "1", "Imogen Ashdale", "Handed over to be delivered", "By email"],
        ["12 min 00 s", "", "Imogen Ashdale", "Answered: has it", "By text"],
    ]
    assert browser.open(f"/records/{'0' * 32}/calls").status_code == 404


def test_the_lead_completes_a_form_downloads_it_and_sends_it(browser: Browser, portal: Portal) -> None:
    browser.sign_in()
    browser.open(f"/records/{REPORT_ID}")
    form = f"/records/{REPORT_ID}/forms/lado"
    assert form in browser.page
    browser.open(form)
    for said in ("Still missing: 2", "Last verified 20 November 2026", "answered now",
                 "No e-mail address has been verified", "could not be delivered"):
        assert said in browser.page
    browser.send(form, **{"answer.born": "3 May 2011", "answer.said": "The woman on nights hit me."})
    assert browser.send(form, **{"answer.police": "perhaps"}).status_code == 422
    assert "Choose one of: yes, no." in browser.page
    paper = browser.client.get(f"{form}/document.pdf?sent=7")
    assert paper.data == b"%PDF-1" and "attachment" in paper.headers["Content-Disposition"]
    assert browser.client.get(f"{form}/document.exe").status_code == 404
    browser.open(form)
    browser.send(f"{form}/send", whom="lado", after="7")
    assert browser.send(f"{form}/send", whom="other", after="7").status_code == 409
    assert browser.send(f"{form}/sent", whom="lado", at="2026-12-18T16:20").status_code == 422
    browser.send(f"{form}/sent", whom="lado", channel="post", at="2026-12-18T16:20", note="By hand", after="7")
    assert [(what, asked.get("after")) for what, asked in portal.calls.safeguarding.did] == [
        ("fill", None), ("send", 7), ("sent", 7),
    ]  # fmt: skip


def test_the_lead_records_a_meeting_and_how_it_ended_and_takes_the_evidence_out(
    browser: Browser, portal: Portal
) -> None:
    browser.sign_in()
    record = f"/records/{REPORT_ID}"
    browser.open(record)
    assert "<strong>Not yet:</strong> Nobody asks inside" in browser.page and "Meeting 1" in browser.page
    assert browser.send(f"{record}/held", reason="Decided.").status_code == 422
    browser.open(record)
    browser.send(f"{record}/held", meeting="1", at="2026-12-18T16:20", invited="lado", reason="Decided.", next_at="")
    browser.open(record)
    browser.send(f"{record}/outcome", subject="s1", outcome="unfounded", reason="The LADO agreed.")
    steps = [(asked["step"], asked["said"]) for what, asked in portal.calls.safeguarding.did if what == "step"]
    assert steps == [
        ("held", {"meeting": "1", "at": "2026-12-18T16:20:00+00:00", "invited": ["lado"]}),
        ("outcome", {"subject": "s1", "outcome": "unfounded"}),
    ]
    browser.open(record)
    taken = browser.send(f"{record}/evidence.pdf", whom="The inspector")
    assert taken.data == b"%PDF-1" and 'filename="evidence.pdf"' in taken.headers["Content-Disposition"]
    browser.open(record)
    assert browser.send(f"{record}/evidence.pdf", whom="").status_code == 422
