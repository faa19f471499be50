"""The operator's own system hears that a case moved: by ids, signed, when it may be known, and never from a trial."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.notifications import hearing, own_system
from tests.directory.neighbours import NOW, PLACE, Neighbours, row
from tests.ground.carrier import SECRET, Carrier
from tests.notifications.post_office import ASSIGNED, CASE, OPENING, SCREENED, SUBJECT, advanced


@pytest.fixture
def live(tmp_path: Path, carrier: Carrier) -> Iterator[Neighbours]:
    made = Neighbours(
        tmp_path, "notifications", installation="live", webhook_url=carrier.url, webhook_secret=SECRET
    )
    yield made
    made.close()


def moves(live: Neighbours) -> None:
    for _ in range(2):
        live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING, SCREENED, ASSIGNED))


def test_it_hears_once_by_ids_alone_that_a_case_moved(live: Neighbours, carrier: Carrier) -> None:
    moves(live)
    assert own_system.tell_due(live.house) == 1 and own_system.tell_due(live.house) == 0
    assert carrier.told == [
        {"id": f"{CASE}/4", "event": "case_moved", "case_id": CASE, "seq": 4, "operator": PLACE["operator"],
         "home": PLACE["home"], "at": NOW.isoformat()}
    ]  # fmt: skip


def test_it_hears_nothing_before_the_screen_and_while_nobody_knows_whom_it_is_about(
    live: Neighbours, carrier: Carrier
) -> None:
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, *OPENING))
    might = row(3, "named", person=None, identified=False, subject="s1", role=None, might_be=[SUBJECT])
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, might, row(4, "screened", priority="soon")))
    assert own_system.tell_due(live.house) == 0


def test_what_it_does_not_take_is_told_again_and_given_up_after_three_days(live: Neighbours, carrier: Carrier) -> None:
    moves(live)
    carrier.answers = [(500, {}), (302, {"Location": "http://elsewhere.example"})]
    assert own_system.tell_due(live.house) == 1 and own_system.tell_due(live.house) == 0
    live.move_clock(NOW + timedelta(days=4))
    assert own_system.tell_due(live.house) == 1 and own_system.tell_due(live.house) == 0
    assert carrier.told == [] and len(carrier.asked) == 2


def test_a_trial_tells_it_nothing(live: Neighbours, carrier: Carrier) -> None:
    moves(live)
    live.house.settings = live.house.settings.having(installation="trial")
    assert own_system.tell_due(live.house) == 1 and carrier.asked == []
    live.hear(hearing.cases_advanced, "case_advanced", advanced(live, row(5, "acknowledged", stage="stage_1")))
    assert own_system.tell_due(live.house) == 0
