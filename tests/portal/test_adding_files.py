"""Somebody adds a picture, a recording or a file to what they tell, without a script, and loses no word by it."""

from __future__ import annotations

import io
from typing import Any

import pytest

from services.portal import along
from tests.portal.conftest import Browser, Portal
from tests.portal.fakes import CODE, REPORT_ID
from tests.portal.test_telling import ANSWERS, follow

PAGE = "/tell/harbour-house/files"


def file(name: str, content: bytes = b"picture") -> Any:
    return (io.BytesIO(content), name)


def as_far_as_the_files(browser: Browser) -> None:
    browser.open("/tell/harbour-house")
    for key in ("danger", "sort", "what"):
        browser.send(f"/tell/harbour-house/{key}", **ANSWERS[key])
    assert "Up to 10, each up to 15 MB" in browser.text


def test_files_are_added_taken_back_and_go_along_with_the_report(browser: Browser, portal: Portal) -> None:
    as_far_as_the_files(browser)
    browser.send(PAGE, files=[file("the door.jpg"), file("C:\\me\\<b>.png")], do="add")
    assert "the door.jpg (a picture)" in browser.text and "&lt;b&gt;.png" in browser.page
    browser.send(PAGE, remove="0")
    assert "the door.jpg" not in browser.text and list(portal.doors.uploads) == ["token 1"]
    browser.send(PAGE, files=[file("one more.jpg")])  # without pressing "Add these" first
    for key in list(ANSWERS)[list(ANSWERS).index("files") + 1 :]:
        browser.send(f"/tell/harbour-house/{key}", **ANSWERS[key])
    assert "\u2068one more.jpg\u2069 (a picture)" in browser.text
    browser.send("/tell/harbour-house/check")
    (report,) = portal.doors.reports.values()
    assert report["files"] == ["token 1", "token 2"]


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Something that is larger than what is taken, without being large."""
    monkeypatch.setattr(along, "LARGEST", 1000)
    return b"picture" + bytes(1000)


def test_a_file_that_is_refused_says_why_and_the_others_are_kept(
    browser: Browser, portal: Portal, small_limit: bytes
) -> None:
    as_far_as_the_files(browser)
    refused = browser.send(PAGE, files=[file("good.jpg"), file("large.jpg", small_limit), file("odd.xyz", b"odd")])
    assert refused.status_code == 422 and "good.jpg (a picture)" in browser.text
    assert "“\u2068large.jpg\u2069” was not added. It is larger than 15 MB." in browser.text
    assert "“\u2068odd.xyz\u2069” was not added. It cannot be opened." in browser.text
    assert len(portal.doors.uploads) == 1


def test_no_more_than_ten_are_taken(browser: Browser, portal: Portal) -> None:
    as_far_as_the_files(browser)
    browser.send(PAGE, files=[file(f"{n}.jpg") for n in range(11)])
    assert "“\u206810.jpg\u2069” was not added. You can add up to 10." in browser.text
    assert len(portal.doors.uploads) == 10


def test_who_stops_takes_their_files_back(browser: Browser, portal: Portal) -> None:
    as_far_as_the_files(browser)
    browser.send(PAGE, files=[file("good.jpg")])
    browser.send("/tell/stop")
    assert portal.doors.uploads == {}


def test_a_page_on_which_somebody_may_speak_opens_the_microphone_and_no_other_page_does(browser: Browser) -> None:
    as_far_as_the_files(browser)
    opened = browser.open(PAGE)
    assert "microphone=(self)" in opened.headers["Permissions-Policy"]
    assert "media-src blob:" in opened.headers["Content-Security-Policy"] and "record.js" in browser.page
    other = browser.open("/tell/harbour-house/what")
    assert "microphone=()" in other.headers["Permissions-Policy"] and "record.js" not in browser.page


def test_a_form_without_files_stays_small(browser: Browser) -> None:
    as_far_as_the_files(browser)
    assert browser.send("/tell/harbour-house/what", what_happened="x" * 300_000).status_code == 413


def test_a_file_is_added_later_with_words_or_without(browser: Browser, portal: Portal) -> None:
    follow(browser)
    browser.send("/follow/my-report", words="Look", files=[file("a.jpg")], once="k1")
    browser.send("/follow/my-report", words="", files=[file("b.jpg")], once="k2")
    assert portal.doors.words == [
        {"code": CODE, "words": "Look", "sort": "message", "files": ["token 0"]},
        {"code": CODE, "words": "(Sent without words.)", "sort": "message", "files": ["token 1"]},
    ]


def test_a_refused_file_costs_nobody_their_later_words_nor_the_files_that_are_good(
    browser: Browser, portal: Portal, small_limit: bytes
) -> None:
    follow(browser)
    refused = browser.send("/follow/my-report", words="Look at this", files=[file("a.jpg"), file("b.mp4", small_limit)])
    assert refused.status_code == 422 and "Look at this" in browser.page and "a.jpg (a picture)" in browser.text
    assert portal.doors.words == []
    browser.send("/follow/my-report", words="Look at this", once="k1")
    assert [one["files"] for one in portal.doors.words] == [["token 0"]]


def test_of_a_file_that_is_too_large_nothing_is_held(small_limit: bytes) -> None:
    held = along.Holding()
    held.write(b"x" * 1000)
    held.write(b"y")
    assert held.too_large and held.getvalue() == b""


def test_staff_see_a_picture_small_and_may_keep_it_and_read_that_nobody_scanned_it(browser: Browser) -> None:
    browser.sign_in()
    place = f"/records/{REPORT_ID}"
    page = browser.open(f"{place}/came-along")
    assert f'src="{place}/came-along/{"f" * 64}/small"' in browser.page and "Not scanned" in browser.text
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    small = browser.client.get(f"{place}/came-along/{'f' * 64}/small")
    assert small.headers["Content-Type"] == "image/jpeg" and "attachment" not in small.headers["Content-Disposition"]
    for answer in (small, browser.client.get(f"{place}/came-along/{'f' * 64}")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert browser.client.get(f"{place}/came-along/{'f' * 64}/voice").status_code == 404  # it is none
