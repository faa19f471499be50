"""A letter as a sheet: for whoever shows reference and code, and for staff who may see it; nobody else."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import CASE_ID, MANAGER
from tests.portal.test_telling import follow


def test_whoever_complained_keeps_a_letter_as_a_sheet_that_can_be_read_aloud(browser: Browser) -> None:
    follow(browser)
    browser.open("/follow/my-report")
    assert "Keep or print this letter" in browser.text
    answer = browser.client.get(f"/follow/my-report/{'1' * 32}.pdf")
    sheet = PdfReader(BytesIO(answer.data))
    assert answer.mimetype == "application/pdf" and sheet.metadata and sheet.metadata.title == "Our answer"
    assert sheet.trailer["/Root"]["/Lang"] == "en-GB" and sheet.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert browser.client.get(f"/follow/my-report/{'2' * 32}.pdf").status_code == 404


def test_without_the_code_there_is_no_letter(browser: Browser) -> None:
    assert browser.client.get(f"/follow/my-report/{'1' * 32}.pdf").status_code == 302


def test_staff_print_a_message_that_they_may_see_and_no_other(browser: Browser) -> None:
    assert browser.client.get("/outgoing/n.pdf").status_code in (302, 303, 401)
    browser.sign_in()
    browser.open("/outgoing")
    assert "/outgoing/n.pdf" in browser.page
    assert browser.client.get("/outgoing/n.pdf").mimetype == "application/pdf"
    assert browser.client.get("/outgoing/other.pdf").status_code == 404


def test_who_reads_letters_elsewhere_than_on_the_case_stands_in_the_case_or_reads_nothing(
    browser: Browser, portal: Portal
) -> None:
    browser.sign_in()
    for path in ("/outgoing", "/outgoing/n.pdf"):
        assert browser.client.get(path).status_code == 200
    assert portal.calls.workflow.letters_of == [(MANAGER["id"], [CASE_ID])] * 2
    portal.calls.workflow.away = True
    for path in ("/outgoing", "/outgoing/n.pdf"):
        answer = browser.client.get(path)
        assert answer.status_code == 503 and b"We have what you told us" not in answer.data
