"""Somebody tells us something, without an account and without JavaScript, and follows it up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from heard.registry import load_procedures
from heard.turning_to import is_childline
from services.portal import tell as questions
from services.portal import told_before
from services.portal.models import drafts
from services.portal.offered import advisers
from services.portal.sorts import SORTS, sorts
from services.portal.told import report
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import CODE, NOW, REFERENCE

ANSWERS: dict[str, dict[str, object]] = {
    "danger": {"danger": "no"},
    "sort": {"sort": "formal"},
    "what": {"what_happened": "Nobody mends the heating.\r\nIt is cold."},
    "files": {},
    "worries": {"worries": ["neglect", "made up"]},
    "about": {"about": "the woman on nights\r\n\r\n  Mr   Holt "},
    "before": {"told_before": "no"},
    "wanted": {"wanted": "Mend it"},
    "who": {"who": "young_person"},
    "child": {"child_age": "15"},
    "reach": {"known": "no"},
    "advocate": {"advocate": "yes"},
}


def tell(browser: Browser, **changes: dict[str, object]) -> None:
    browser.open("/tell/harbour-house")
    for key, answer in (ANSWERS | changes).items():
        browser.send(f"/tell/harbour-house/{key}", **answer)


def test_the_first_question_is_whether_anyone_is_in_danger_and_whom_to_ring_stands_above_it(browser: Browser) -> None:
    browser.open("/tell/harbour-house")
    assert "Is anyone in danger right now?" in browser.text
    assert 'href="tel:999"' in browser.page and 'href="tel:08001111"' in browser.page


def test_a_report_is_told_question_by_question_and_reaches_intake_in_one_piece(
    browser: Browser, portal: Portal
) -> None:
    tell(browser)
    assert "Check your answers" in browser.text
    browser.send("/tell/harbour-house/check")
    assert REFERENCE in browser.text and "1234 5678 9012 3456" in browser.text
    (report,) = portal.doors.reports.values()
    assert report == {
        "home": "harbour-house",
        "kind": "complaint",
        "formality": "formal",
        "channel": "portal",
        "complainant": {"is": "young_person", "anonymous": True},
        "child": {"age": 15},
        "about": [{"words": "the woman on nights"}, {"words": "Mr Holt"}],
        "what_happened": "Nobody mends the heating.\nIt is cold.",
        "wanted": "Mend it",
        "worries": ["neglect"],
        "in_danger_now": False,
        "advocate_wanted": True,
    }


def test_whom_they_told_before_is_read_with_their_words_and_the_day_says_when_somebody_here_knew(
    browser: Browser, portal: Portal
) -> None:
    day = {"told_day": "3", "told_month": "11", "told_year": "2026"}
    told = {"told_before": "yes", "told_whom": "the tall man on nights"}
    browser.open("/tell/harbour-house")
    for key, answer in (ANSWERS | {"before": told | day}).items():
        if key == "before":
            browser.send(f"/tell/harbour-house/{key}", **{**answer, "told_month": "13"})
            assert "Enter a day" in browser.text and "the tall man on nights" in browser.page
        browser.send(f"/tell/harbour-house/{key}", **answer)
    said = "I told somebody who works here before, on 3 November 2026: the tall man on nights."
    assert "Yes the tall man on nights 3 November 2026" in browser.text
    browser.send("/tell/harbour-house/check")
    (report,) = portal.doors.reports.values()
    assert report["what_happened"] == f"Nobody mends the heating.\nIt is cold.\n\n{said}"
    assert report["first_told_at"] == "2026-11-03T00:00:00+00:00"


def test_who_told_before_gives_the_day_or_says_that_they_do_not_remember_it(browser: Browser, portal: Portal) -> None:
    tell(browser)
    browser.open("/tell/harbour-house/before")
    assert browser.send("/tell/harbour-house/before", told_before="yes").status_code == 422
    assert "Or tick that you do not remember it" in browser.text
    ahead = {"told_day": "5", "told_month": "1", "told_year": "2099"}
    assert browser.send("/tell/harbour-house/before", told_before="yes", **ahead).status_code == 422
    assert "This day is still to come" in browser.text
    browser.send("/tell/harbour-house/before?change=1", told_before="yes", told_whom="Sam", told_forgotten="yes")
    assert "I do not remember the day" in browser.text
    browser.send("/tell/harbour-house/check")
    (report,) = portal.doors.reports.values()
    assert report["told_day_unknown"] is True and "first_told_at" not in report
    assert report["what_happened"].endswith(
        "I told somebody who works here before, but I do not remember the day: Sam."
    )


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("1234 5678 9012 345", "Your code has 16 numbers. You entered 15"),
        ("", "It has 16 numbers and no letters"),
        ("my code", "It has 16 numbers and no letters"),
        ("9" * 16, "The code has 16 numbers. Check both and try again"),
    ],
)
def test_an_unfinished_or_wrong_code_is_told_how_many_numbers_it_has(browser: Browser, code: str, says: str) -> None:
    follow(browser, code=code)
    assert says in browser.text


def test_a_code_may_be_typed_in_the_numbers_of_another_script(browser: Browser) -> None:
    follow(browser, code="١٢٣٤-٥٦٧٨-٩٠١٢-٣٤٥٦")
    assert "We are working on your complaint." in browser.text


def test_who_told_before_and_changes_their_mind_leaves_no_day_behind() -> None:
    procedure = load_procedures().get("ioi_support")
    answers, faults = told_before.read({"told_before": "no", "told_day": "3", "told_whom": "Sam"}, procedure)
    assert not faults and told_before.first_told_at(answers) is None and told_before.in_words(answers) == ""


def test_who_changes_their_mind_and_stays_anonymous_leaves_no_name_behind(browser: Browser, portal: Portal) -> None:
    tell(browser, reach={"known": "yes"}, contact={"name": "Robin", "phone": "01632 960001"})
    browser.open("/tell/harbour-house/check")
    assert "Robin" in browser.text
    browser.send("/tell/harbour-house/reach?change=1", known="no")
    assert "Robin" not in browser.text
    browser.send("/tell/harbour-house/check")
    assert next(iter(portal.doors.reports.values()))["complainant"] == {"is": "young_person", "anonymous": True}


def test_sending_twice_is_one_report(browser: Browser, portal: Portal) -> None:
    tell(browser)
    form = browser.page
    browser.send("/tell/harbour-house/check")
    browser.page = form
    browser.send("/tell/harbour-house/check")
    assert len(portal.doors.reports) == 1


@pytest.mark.parametrize(
    ("key", "answer", "says"),
    [
        ("danger", {}, "Say yes if anyone could be hurt now, or no"),
        ("what", {"what_happened": "  "}, "A few words are enough"),
        ("what", {"what_happened": "x" * 20_001}, "must be 20,000 characters or fewer"),
        ("who", {"who": "a pirate"}, "Choose who you are"),
        ("child", {"child_age": "fifteen"}, "Enter an age from 0 to 25"),
        ("reach", {}, "Choose whether we may know who you are"),
        ("contact", {}, "or go back and choose to stay anonymous"),
        ("contact", {"email": "robin at home"}, "Enter an email address like"),
        ("contact", {"phone": "123"}, "with all its digits"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field_and_at_the_top(
    browser: Browser, key: str, answer: dict[str, str], says: str
) -> None:
    browser.open("/tell/harbour-house")
    browser.send("/tell/harbour-house/danger", danger="no")
    refused = browser.send(f"/tell/harbour-house/{key}", **answer)
    assert refused.status_code == 422
    assert browser.text.count(says) == 2
    assert "There is a problem" in browser.text and "<title>Error:" in browser.page


@pytest.mark.parametrize("key", load_procedures().keys())
def test_whoever_looks_for_somebody_to_turn_to_finds_childline_first(key: str) -> None:
    first, *_ = advisers(load_procedures().get(key))
    assert is_childline(first)


def test_a_number_says_when_somebody_last_made_sure_of_it_and_an_old_one_that_it_may_not_work(portal: Portal) -> None:
    here = Browser(portal.app.test_client())
    here.open("/how/harbour-house")
    assert "We checked this on 22 November 2026." in here.text and "We last checked this" not in here.text
    portal.house.clock.at = NOW + timedelta(days=400)
    here.open("/how/harbour-house")
    assert "We last checked this on 22 November 2026. If it does not work, try another." in here.text


def test_the_receipt_says_whom_to_ring_whether_or_not_somebody_said_that_there_is_danger(browser: Browser) -> None:
    tell(browser)
    browser.send("/tell/harbour-house/check")
    assert REFERENCE in browser.text and 'href="tel:08001111"' in browser.page


def test_the_answers_stay_when_somebody_goes_back(browser: Browser) -> None:
    tell(browser)
    browser.open("/tell/harbour-house/what")
    assert "Nobody mends the heating." in browser.page
    browser.send("/tell/harbour-house/what?change=1", what_happened="Nobody mends the boiler.")
    assert "Check your answers" in browser.text and "boiler" in browser.text


def test_what_is_half_told_cannot_be_read_from_the_database(browser: Browser, portal: Portal) -> None:
    tell(browser)
    with portal.house.db.reading() as conn:
        (sealed,) = conn.execute(select(drafts.c.sealed)).scalars()
    assert b"heating" not in sealed and b"young_person" not in sealed


def test_somebody_may_stop_and_nothing_stays(browser: Browser, portal: Portal) -> None:
    tell(browser)
    browser.send("/tell/stop")
    with portal.house.db.reading() as conn:
        assert not conn.execute(select(drafts)).all()
    browser.open("/tell/harbour-house/check")
    assert "Is anyone in danger right now?" in browser.text


def test_a_compliment_asks_nothing_about_abuse(browser: Browser, portal: Portal) -> None:
    browser.open("/tell/harbour-house")
    for key in ("danger", "sort", "what", "about", "who", "reach"):
        browser.send(f"/tell/harbour-house/{key}", **(ANSWERS | {"sort": {"sort": "compliment"}})[key])
    assert "Check your answers" in browser.text
    browser.send("/tell/harbour-house/check")
    assert next(iter(portal.doors.reports.values()))["kind"] == "compliment"


def test_the_code_is_shown_until_its_owner_says_that_they_kept_it(browser: Browser) -> None:
    tell(browser)
    browser.send("/tell/harbour-house/check")
    browser.open("/receipt")
    assert "1234 5678 9012 3456" in browser.text
    browser.send("/receipt")
    browser.open("/receipt")
    assert "1234" not in browser.text


def test_a_report_is_taken_while_the_directory_is_away(browser: Browser, portal: Portal) -> None:
    browser.open("/")
    portal.calls.directory.away = True
    tell(browser)
    browser.send("/tell/harbour-house/check")
    assert REFERENCE in browser.text


def test_intake_learns_for_whom_the_portal_asks(browser: Browser, portal: Portal) -> None:
    tell(browser)
    browser.send("/tell/harbour-house/check")
    seen = portal.doors.seen_headers[0]
    assert seen["X-Heard-Internal"] == portal.house.settings.internal_token and seen["X-Forwarded-For"] == "127.0.0.1"


def test_an_unknown_home_is_not_there(browser: Browser) -> None:
    assert browser.open("/tell/nowhere").status_code == 404
    assert browser.open("/how/nowhere").status_code == 404


def test_how_complaints_work_is_told_from_the_procedure(browser: Browser) -> None:
    browser.open("/how/harbour-house")
    assert "Stage 3" in browser.text and "within 2 working days" in browser.text and "IOI-20" in browser.text
    assert "0300 061 0614" in browser.text


def follow(browser: Browser, reference: str = REFERENCE.lower(), code: str = "1234 5678 9012 3456") -> None:
    browser.open("/follow")
    browser.send("/follow", reference=reference, code=code)


def test_following_up_says_what_comes_next_by_when_and_what_was_kept_or_late(browser: Browser) -> None:
    follow(browser)
    assert "We are working on your complaint." in browser.text
    assert "By Tuesday 22 December, in 2 working days" in browser.text
    assert "Late : Contact you" in browser.text and "1 working day ago" not in browser.text
    assert "By Thursday 17 December, yesterday" in browser.text
    assert "2 working days (IOI-20)." in browser.text
    assert "Thank you for telling us." in browser.text


def test_the_code_never_stands_in_an_address_or_on_the_page(browser: Browser) -> None:
    follow(browser)
    assert CODE not in browser.page and "1234 5678" not in browser.page


def test_before_the_case_is_open_the_page_says_that_it_is_being_read(browser: Browser, portal: Portal) -> None:
    portal.calls.workflow.opened = False
    follow(browser)
    assert "A person is reading it first" in browser.text


def test_a_wrong_code_and_an_unknown_reference_get_the_same_answer(browser: Browser) -> None:
    follow(browser, code="9" * 16)
    wrong = browser.text
    follow(browser, reference="AAAA-BBBB-CCCC")
    assert wrong.replace(REFERENCE, "") == browser.text.replace("AAAA-BBBB-CCCC", "")
    assert "not right" in wrong


def test_something_can_be_added_and_a_person_reads_it(browser: Browser, portal: Portal) -> None:
    follow(browser)
    browser.send("/follow/my-report", words="It happened again", once="k1")
    assert "We have what you added" in browser.text
    assert portal.doors.words == [{"code": CODE, "words": "It happened again", "sort": "message"}]
    assert browser.send("/follow/my-report", words=" ").status_code == 422


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("appeal", "I ask for the next step, because I am not happy with how it stands.\n\nStill cold"),
        ("satisfied", "It is put right for me.\n\nStill cold"),
        ("not_satisfied", "It is not put right for me.\n\nStill cold"),
        ("withdrawal", "I want to take my complaint back.\n\nStill cold"),
        ("message", "Still cold"),
    ],
)
def test_what_somebody_wishes_is_a_sentence_of_theirs_that_a_person_reads(
    browser: Browser, portal: Portal, wish: str, said: str
) -> None:
    follow(browser)
    assert "Take my complaint back You never have to." in browser.text
    browser.send("/follow/my-report", words="Still cold", wish=wish, once="k1")
    assert portal.doors.words == [{"code": CODE, "words": said, "sort": wish}]


def test_a_wish_needs_no_other_words_and_an_unknown_one_is_a_message(browser: Browser, portal: Portal) -> None:
    follow(browser)
    browser.send("/follow/my-report", wish="satisfied", once="k1")
    browser.send("/follow/my-report", wish="made up", words="Hello", once="k2")
    assert [(one["sort"], one["words"]) for one in portal.doors.words] == [
        ("satisfied", "It is put right for me."), ("message", "Hello"),
    ]  # fmt: skip
    browser.open("/follow/my-report")
    assert "What you sent us since You said that it is put right, Friday" in browser.text
    assert "You wrote to us, Friday" in browser.text and "Hello" not in browser.text


def test_while_nothing_is_promised_yet_there_is_nothing_to_take_back(browser: Browser, portal: Portal) -> None:
    portal.calls.workflow.opened = False
    follow(browser)
    assert "What would you like to add?" in browser.text and "Take my complaint back" not in browser.text


def test_who_lost_their_code_is_told_what_they_can_do_and_everybody_is_told_the_same(browser: Browser) -> None:
    browser.open("/follow")
    assert 'href="/follow/lost"' in browser.page
    browser.open("/follow/lost")
    assert "What you told us is not lost." in browser.text and 'href="tel:08001111"' in browser.page


def test_a_fresh_code_is_asked_for_by_reference_and_everybody_gets_the_same_answer(
    browser: Browser, portal: Portal
) -> None:
    browser.open("/follow/lost")
    assert browser.send("/follow/lost", reference=" ").status_code == 422 and "Enter your reference" in browser.text
    answers = set()
    for reference in (REFERENCE.lower(), "0000-0000-0000"):
        browser.open("/follow/lost")
        assert browser.send("/follow/lost", reference=reference).status_code == 200
        answers.add(browser.text)
    (answer,) = answers
    assert "Look where we write to you" in answer and "0000" not in answer
    assert portal.doors.lost == [REFERENCE, "0000-0000-0000"]


def test_who_has_to_wait_keeps_every_word_and_sends_it_again(browser: Browser, portal: Portal) -> None:
    tell(browser, what={"what_happened": "rate"})
    waits = browser.send("/tell/harbour-house/check")
    assert waits.status_code == 429 and waits.headers["Retry-After"] == "7"
    assert "Please wait 7 seconds" in browser.text and "Nothing that you wrote is lost." in browser.text
    browser.send("/tell/harbour-house/what?change=1", what_happened="It is cold.")
    browser.send("/tell/harbour-house/check")
    assert REFERENCE in browser.text


FRESH = "6" * 16


def test_a_browser_with_a_code_that_was_replaced_is_asked_for_the_new_one(browser: Browser, portal: Portal) -> None:
    follow(browser)
    portal.doors.code = FRESH
    for path in ("/follow/my-report", f"/follow/my-report/{'1' * 32}.pdf"):
        browser.open(path)
        assert "The code that you used here does not work any more." in browser.text
        assert "What you were writing" not in browser.text
    follow(browser, code=FRESH)
    assert "We are working on your complaint." in browser.text


@pytest.mark.parametrize(
    ("path", "form"),
    [("/follow/my-report", {"words": "Still cold"}), ("/follow/my-report/record", {"meant": "Still cold"})],
)
def test_what_was_being_written_when_a_code_was_replaced_is_there_again_with_the_new_one(
    browser: Browser, portal: Portal, path: str, form: dict[str, str]
) -> None:
    follow(browser)
    portal.doors.code = FRESH
    assert browser.send(path, **form, once="k1").status_code == 200
    assert "What you were writing is still here." in browser.text and "Still cold" not in browser.page
    follow(browser, code=FRESH)
    assert "Still cold" in browser.page and portal.doors.words == []
    browser.send("/follow/my-report", words="Still cold", once="k1")
    assert [one["words"] for one in portal.doors.words] == ["Still cold"]


def test_what_was_being_written_is_never_shown_with_another_report(browser: Browser, portal: Portal) -> None:
    follow(browser)
    portal.doors.code = FRESH
    browser.send("/follow/my-report", words="Still cold", once="k1")
    browser.send("/follow/leave")
    assert "does not work any more" not in browser.text
    follow(browser, code=FRESH)
    assert "Still cold" not in browser.page


def test_leaving_takes_the_code_off_the_browser(browser: Browser) -> None:
    follow(browser)
    browser.send("/follow/leave")
    browser.open("/follow/my-report")
    assert "Your secret code" in browser.text


def test_a_draft_is_gone_after_two_hours(browser: Browser, portal: Portal) -> None:
    follow(browser)
    portal.house.clock.at = NOW.replace(hour=18, minute=31)
    browser.open("/follow/my-report")
    assert "Your secret code" in browser.text


def told(sort: str, who: str, advocate: str) -> dict[str, object]:
    return {
        "sort": sort,
        "who": who,
        "advocate": advocate,
        "known": "no",
        "danger": "no",
        "what_happened": "It is cold.",
    }


@pytest.mark.parametrize(("sort", "who"), [("formal", "young_person"), ("concern", "young_person")])
def test_where_an_advocate_is_told_unless_the_child_says_no_the_form_asks_for_the_no(sort: str, who: str) -> None:
    home, asked = load_procedures().get("west_sussex_home"), questions.BY_KEY["advocate"]
    no = told(sort, who, "no")
    assert questions.asks(asked, no, home) == "May we tell the advocacy service that you complained?"
    assert questions.advocate_answers(no, home) == ("Yes, tell them", "No, do not tell them")
    assert report(no, "a-home", home)["advocate_refused"] is True
    assert "advocate_refused" not in report(told(sort, who, "yes"), "a-home", home)


@pytest.mark.parametrize(
    ("key", "sort", "who"),
    [
        ("west_sussex_home", "formal", "parent"),
        ("west_sussex_home", "comment", "young_person"),
        ("ioi_support", "formal", "young_person"),
    ],
)
def test_elsewhere_the_form_offers_an_advocate_and_no_means_no_thank_you(key: str, sort: str, who: str) -> None:
    home, asked = load_procedures().get(key), questions.BY_KEY["advocate"]
    no = told(sort, who, "no")
    assert questions.asks(asked, no, home) == "Would you like somebody on your side?"
    assert "advocate_refused" not in report(no, "a-home", home)


def test_where_nothing_is_settled_informally_there_is_one_way_to_complain() -> None:
    assert list(sorts(load_procedures().get("west_sussex_home"))) == [
        "formal",
        "concern",
        "whistleblowing",
        "comment",
        "compliment",
    ]
    assert list(sorts(load_procedures().get("ioi_support"))) == list(SORTS)


def test_speaking_up_about_ones_work_is_offered_where_staff_may_complain_and_asks_only_workers_who_they_are() -> None:
    procedure = load_procedures().get("ioi_support")
    assert "whistleblowing" in sorts(procedure)
    assert questions.who_may({"sort": "whistleblowing"}, procedure) == ["staff", "former_staff"]
    assert "parent" in questions.who_may({"sort": "formal"}, procedure)
    asked = [question.key for question in questions.path({"sort": "whistleblowing"})]
    assert "worries" in asked and "advocate" not in asked


def test_the_receipt_can_be_kept_as_a_signed_text_and_its_key_is_there_for_everybody(browser: Browser) -> None:
    tell(browser)
    browser.send("/tell/harbour-house/check")
    file = browser.send("/follow/signed-receipt")
    assert file.headers["Content-Disposition"] == f'attachment; filename="heard-{REFERENCE}.txt"'
    assert REFERENCE in file.text and CODE not in file.text
    assert browser.open("/follow/receipt-key").text.startswith("-----BEGIN PUBLIC KEY-----")


def test_who_holds_no_code_gets_no_signed_receipt(browser: Browser) -> None:
    browser.open("/follow")
    browser.send("/follow/signed-receipt")
    assert "reference" in browser.text and "SIGNED" not in browser.text
