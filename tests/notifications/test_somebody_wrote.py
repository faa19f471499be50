"""That whoever complained wrote is told to whom it concerns: ids only, their preferred way, one for all of an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.directory import desk
from services.notifications import hearing, posting
from tests.directory.neighbours import NOW, Neighbours, row
from tests.notifications.post_office import (
    ASSIGNED,
    CASE,
    HANDLER,
    OPENING,
    SCREENED,
    SUBJECT,
    PostOffice,
    advanced,
    told,
)


@pytest.fixture
def live(live: Neighbours) -> Neighbours:
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))
    posting.send_due(live.house, PostOffice(live))
    return live


def writes(live: Neighbours, *seqs: int, hears: str = HANDLER) -> None:
    """Whoever complained wrote, and safeguarding has read it."""
    rows = [row(seq, "words_screened", words=f"{seq}" * 32, priority="routine") for seq in seqs]
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *rows) | {"hears": hears})


def goes_out(live: Neighbours) -> list[Any]:
    """The notices that go out now."""
    office = PostOffice(live)
    posting.send_due(live.house, office)
    return office.taken


def test_one_notice_for_several_messages_and_one_more_for_what_came_in_the_hour_after(live: Neighbours) -> None:
    writes(live, 5, 6)
    writes(live, 5, 6)  # heard again
    (notice,) = goes_out(live)
    assert notice.subject == "Heard: somebody wrote to you" and f"/cases/{CASE}" in notice.body
    assert notice.to == "tobias-fennimore@tidewater-homes.example" and not notice.narrative
    for minutes, seq in ((20, 7), (40, 8)):
        live.move_clock(NOW + timedelta(minutes=minutes))
        writes(live, seq)
        assert goes_out(live) == []
    live.move_clock(NOW + timedelta(minutes=61))
    assert len(goes_out(live)) == 1 and goes_out(live) == []
    live.move_clock(NOW + timedelta(hours=3))
    writes(live, 9)
    assert len(goes_out(live)) == 1


def test_it_goes_the_way_that_they_chose_for_what_can_wait(live: Neighbours) -> None:
    desk.set_password(live.directory, HANDLER, "tobias@tidewater.example", "a long enough password")
    live.change({"do": "reach", "id": HANDLER, "routine_way": "portal"})
    writes(live, 5)
    assert goes_out(live) == [] and told(live)[-1] == ("sent", HANDLER, "portal")


def test_whom_the_case_is_about_and_nobody_at_all_are_told_nothing(live: Neighbours) -> None:
    named = row(5, "named", person=SUBJECT, identified=True, subject="s1", role=None, might_be=[])
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, named))
    for seq, hears in ((6, SUBJECT), (7, ""), (8, "ofsted")):
        writes(live, seq, hears=hears)
    assert goes_out(live) == [] and told(live)[-1] == ("failed", SUBJECT, "person_is_kept_away")
