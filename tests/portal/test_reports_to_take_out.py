"""A report to take out: as a sheet with a number a row and as a PDF; what is hidden on the page is hidden there."""

from __future__ import annotations

import csv
import io

from pypdf import PdfReader

from services.portal.sheet import as_csv
from tests.portal.conftest import Browser

PLACE = f"/reports/{'p' * 32}/annual"


def test_twelve_months_come_out_as_a_sheet(browser: Browser) -> None:
    browser.sign_in()
    answer = browser.client.get(f"{PLACE}.csv?since=2026-01-01&until=2026-12-31")
    sheet = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.headers["Content-Disposition"] == "attachment; filename=annual.csv"
    assert sheet[0] == ["Measure", "Of what", "Which", "Value"]
    for row in (
        ["What came in", "", "Total", "10"], ["What it was about", "By category", "Delay", "fewer than 3"],
        ["Promises kept and not kept", "Resolve or respond", "Kept late", "1"],
        ["What repeats", "By month", "December 2026", "10"], ["What repeats", "By home", "Harbour House", "10"],
    ):  # fmt: skip
        assert row in sheet, sheet


def test_twelve_months_come_out_as_a_pdf(browser: Browser) -> None:
    browser.sign_in()
    answer = browser.client.get(f"{PLACE}.pdf")
    told = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert answer.mimetype == "application/pdf" and "Resolve or respond" in told and "fewer than 3" in told


def test_somebody_who_may_not_count_gets_neither(browser: Browser) -> None:
    browser.sign_in()
    for kind in ("csv", "pdf"):
        assert browser.client.get(f"/reports/{'p' * 32}/another.{kind}").status_code == 404


def test_a_cell_that_a_spreadsheet_would_reckon_is_plain_text() -> None:
    assert as_csv([("=1+1", "-2", "plain")]) == "'=1+1,'-2,plain\r\n"
