"""What the sentences mean is weighed a moment after the words were screened, once, and only raises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from heard.ledger import Happening
from services.safeguarding import weighing
from services.screening.screen import Meant, screen
from tests.ground import world
from tests.safeguarding.test_what_staff_bring import written
from tests.safeguarding.two_houses import TwoHouses

FELT = "She keeps the little one in the shed when he will not settle, and nobody but me seems to mind."
CALM = "The bus pass came late and I had to walk to college."
LEAD = world.person_id("imogen-ashdale")


def submitted(houses: TwoHouses, said: str) -> str:
    report_id = str(houses.submit(what_happened=said)["report_id"])
    houses.carry()
    return report_id


def weighed(houses: TwoHouses) -> int:
    times = 0
    while houses.safe.weigh_words():
        times += 1
    return times


@pytest.fixture
def means(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets every text mean something."""

    def harm(priority: str = "soon", mark: str = "neglect") -> None:
        monkeypatch.setattr(weighing, "meant", lambda text, _: (Meant(mark, text, 0.9, priority),))

    return harm


def test_what_no_word_gives_away_calls_the_lead_once_it_was_weighed(houses: TwoHouses) -> None:
    assert not screen(FELT).flagged
    report_id = submitted(houses, FELT)
    assert houses.called() == []
    assert weighed(houses) == 1
    assert houses.called() == [LEAD]
    found = next(one for one in houses.ledger(report_id) if one.event == "concern_found")
    assert {reason.partition(".")[0] for reason in found.data["because"]} == {"meaning"}
    assert FELT not in str([message.body for message in houses.said(houses.safeguarding)])  # facts carry no words
    shown = houses.safe.record(person_id=LEAD, report_id=report_id)
    assert shown["words"][0]["meant"] == [FELT]


def test_nothing_follows_from_what_means_no_harm(houses: TwoHouses) -> None:
    report_id = submitted(houses, CALM)
    before = houses.events(report_id)
    assert weighed(houses) == 1
    assert houses.events(report_id) == before and houses.called() == []


def test_words_are_weighed_once_however_often_they_come(houses: TwoHouses, means: Any) -> None:
    means()
    report_id = submitted(houses, CALM)
    assert weighed(houses) == 1
    grown = houses.events(report_id)
    houses.carry(again=True)
    assert weighed(houses) == 0 and houses.events(report_id) == grown


def test_should_the_process_die_while_it_weighs_another_weighs_again_a_minute_later(
    houses: TwoHouses, means: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(text: str, _: bool) -> Any:
        raise SystemExit

    submitted(houses, CALM)
    monkeypatch.setattr(weighing, "meant", dies)
    with pytest.raises(SystemExit):
        houses.safe.weigh_words()
    means()
    assert weighed(houses) == 0  # somebody has it
    houses.move(timedelta(seconds=61))
    assert weighed(houses) == 1 and houses.called() == [LEAD]


def test_it_adds_nothing_to_what_the_words_said_already(houses: TwoHouses, means: Any) -> None:
    means("soon", "hurt_by_hand")
    report_id = submitted(houses, "my keyworker punched me")
    before = houses.events(report_id)
    assert weighed(houses) == 1
    assert houses.events(report_id) == before


def test_a_call_grows_more_pressing_and_never_less(houses: TwoHouses, means: Any) -> None:
    means("urgent")  # the words alone say no more than "soon"
    submitted(houses, "My keyworker keeps my bank card, I want it back.")
    first = priorities(houses)
    weighed(houses)
    (before,), (after,) = first, priorities(houses)
    assert before < after


def test_what_a_person_cleared_after_the_words_had_come_stays_cleared(houses: TwoHouses, means: Any) -> None:
    means("soon", "hurt_by_hand")
    report_id = submitted(houses, "my keyworker punched me")
    open_ = {one.data["concern"] for one in houses.ledger(report_id) if one.event == "concern_found"}
    for concern in sorted(open_):
        houses.safe.clear_concern(person_id=LEAD, report_id=report_id, concern=concern, reason="It was a game.")
    before = houses.events(report_id)
    weighed(houses)
    assert houses.events(report_id) == before


def test_where_the_model_is_missing_it_goes_by_what_the_words_are_like_and_weighs_again_each_hour(
    houses: TwoHouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "is_ready", lambda: False)
    felt = submitted(houses, FELT)
    assert weighed(houses) == 1 and houses.called() == [LEAD]
    grown = houses.events(felt)
    houses.move(timedelta(minutes=61))
    assert weighed(houses) == 1 and houses.events(felt) == grown
    monkeypatch.setattr(weighing, "is_ready", lambda: True)
    houses.move(timedelta(minutes=61))
    assert weighed(houses) == 1 and houses.called() == [LEAD]
    houses.move(timedelta(minutes=61))
    assert weighed(houses) == 0


def test_what_staff_send_out_is_not_weighed_and_what_they_note_is(houses: TwoHouses, means: Any) -> None:
    report_id = submitted(houses, CALM)
    weighed(houses)
    means()
    for sort in ("letter", "staff_note"):
        written(houses, report_id, CALM, sort=sort)
        assert weighed(houses) == (sort == "staff_note")
    assert houses.called() == [LEAD]


def test_somebody_who_may_be_meant_is_kept_away_once_it_is_weighed(houses: TwoHouses, means: Any) -> None:
    means("urgent", "hurt_by_hand")
    report_id = submitted(houses, "The woman on nights has her own way of getting us to bed.")
    assert named(houses, report_id) == []
    weighed(houses)
    (somebody,) = named(houses, report_id)
    assert not somebody.data["identified"] and len(somebody.data["might_be"]) > 1


def named(houses: TwoHouses, report_id: str) -> list[Happening]:
    return [one for one in houses.ledger(report_id) if one.event == "named"]


def priorities(houses: TwoHouses) -> list[int]:
    order = ("routine", "soon", "urgent", "now")
    return [order.index(one["priority"]) for one in houses.safe.alerts(person_id=LEAD)]
