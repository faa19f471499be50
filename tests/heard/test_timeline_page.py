"""The page of a what-if: on its strips one sees which days counted, and why the others did not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from heard.calendar import Calendars
from heard.cli import main
from heard.procedure import Procedure
from heard.timeline import imagined, timeline
from heard.timeline_page import strip, timeline_page
from tests.heard.invented import RECEIVED, procedure

HELD = [
    ("concern_found.lado_threshold", datetime(2026, 12, 20, 10, tzinfo=UTC)),
    ("suspended", datetime(2026, 12, 21, 9, tzinfo=UTC)),
    ("resumed", datetime(2026, 12, 30, 9, tzinfo=UTC)),
]


def page(rules: Procedure | None = None, events: list[tuple[str, datetime]] | None = None) -> str:
    rules, events = rules or procedure(), events or []
    state = imagined(rules, RECEIVED, events=events)
    now = max([RECEIVED, *(at for _, at in events)])
    return timeline_page(rules, timeline(rules, state, Calendars.of(rules), now), RECEIVED, events)


def test_a_strip_shows_each_day_from_the_first_to_the_last_with_its_sort() -> None:
    count = Calendars.of(procedure())["working_days"].add(date(2026, 12, 24), 2)
    days = [(one.day.day, one.sort, one.sign) for one in strip(count)]
    assert days == [
        (24, "start", "start"), (25, "closed", "×"), (26, "closed", "×"), (27, "weekend", "–"), (28, "closed", "×"),
        (29, "counted", "1"), (30, "due", "2 due"),
    ]  # fmt: skip
    assert strip(count)[1].words == "Friday 25 December 2026: not counted, Christmas Day"


def test_a_strip_counted_backwards_numbers_its_days_from_the_appointed_one() -> None:
    count = Calendars.of(procedure())["working_days"].back(date(2027, 3, 30), 2)
    days = [(one.day.day, one.sort, one.sign) for one in strip(count)]
    assert days == [
        (24, "due", "2 due"), (25, "counted", "1"), (26, "closed", "×"), (27, "weekend", "–"), (28, "weekend", "–"),
        (29, "closed", "×"), (30, "start", "start"),
    ]  # fmt: skip


def test_days_on_hold_are_seen_and_said() -> None:
    shown = page(events=HELD)
    answer = shown[shown.index("<h3>Resolve or respond</h3>") :]
    answer = answer[: answer.index("</section>")]
    assert answer.count('class="day held"') == 5
    assert "Tuesday 22 December 2026: on hold, not counted" in answer
    assert "Friday 25 December (Christmas Day)" in answer and "5 days on hold" in answer
    assert "<strong>Wed 13 Jan 2027</strong>" in answer
    assert "On hold from Monday 21 December 2026, 9am to Wednesday 30 December 2026, 9am." in answer


def test_nothing_is_told_by_colour_alone_and_nothing_is_fetched_or_run() -> None:
    shown = page(events=HELD)
    days = re.findall(r'<li class="day (\w+)">.*?<b>(.*?)</b>.*?<span class="spoken">(.*?)</span></li>', shown)
    assert len(days) == shown.count('<li class="day ')
    assert all(sign and ": " in words for _, sign, words in days)
    assert {sort for sort, _, _ in days} == {"start", "counted", "due", "weekend", "closed", "held"}
    assert not re.search(r"<script|<link|<img|url\(|@import|https?://", shown)
    assert '<html lang="en-GB">' in shown and "@media print" in shown


class Balanced(HTMLParser):
    """Opens and closes in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "!doctype"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("key", ["ioi_support", "stepping_stones", "children_act", "example_provider"])
def test_the_page_of_each_procedure_is_whole(key: str) -> None:
    reader = Balanced()
    reader.feed(page(procedure(key)))
    reader.close()
    assert reader.open == []


def test_what_a_procedure_says_cannot_become_markup() -> None:
    rules = procedure("example_provider")
    text = rules.content.replace("Talking it over", "<b>Talking</b> it over").replace("Answer it", "Answer <i>it</i>")
    from heard.procedure_file import read_content

    shown = page(read_content(text))
    assert "<i>it</i>" not in shown and "Answer &lt;i&gt;it&lt;/i&gt;" in shown


def test_the_command_writes_the_page_and_says_where(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    asked = ["policy", "timeline", "ioi_support", "--received", "2026-12-18T16:30", "--html"]
    with pytest.raises(SystemExit) as ended:
        main([*asked, str(target)])
    assert not ended.value.code and f"Written to {target}" in capsys.readouterr().err
    assert "<h1>Ioi Support: a complaint received on Friday 18 December 2026, 4:30pm</h1>" in target.read_text("utf-8")
    with pytest.raises(SystemExit) as ended:
        main([*asked, str(tmp_path / "nowhere" / "page.html")])
    assert ended.value.code == 1 and capsys.readouterr().err.startswith("the page cannot be written")
