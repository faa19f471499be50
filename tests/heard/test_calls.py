"""Whom a call for somebody's safety reaches, how soon, by day and by night; and whom it never reaches."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from heard.calling import is_night
from heard.people import Absence, OnCall, Relation, Roster, ladder, viewers
from tests.heard.invented import PEOPLE, RECEIVED, Story, roster

NIGHT = datetime(2026, 12, 25, 2, tzinfo=UTC)
LEAD_ROLE, RULE = "designated_safeguarding_lead", "safeguarding_lead"


def story(who: Roster | None = None, subjects: list[dict[str, object]] | None = None, **received: object) -> Story:
    told = Story(who=who or roster(), **received).screened(subjects=subjects or [])
    told.event("concern_found", concern="abuse_or_exploitation", by_screen=True, because=["tick"],
               known_at=RECEIVED.isoformat())  # fmt: skip
    return told


def called(of: Story, priority: str | None = "urgent", at: datetime = RECEIVED) -> list[tuple[int, str]]:
    """Minutes and keys, in order."""
    rungs = ladder(of.procedure, of.state, of.roster, RULE, at, priority)
    return [(rung.after_seconds // 60, rung.who.key) for rung in rungs]


def about(person: str) -> list[dict[str, object]]:
    return [{"subject": "s1", "person": person, "identified": True}]


@pytest.mark.parametrize(
    ("priority", "at", "minutes"),
    [("now", RECEIVED, 5), ("now", NIGHT, 3), ("urgent", RECEIVED, 10), ("urgent", NIGHT, 7), (None, NIGHT, 10)],
)
def test_from_the_lead_to_the_deputy_the_director_and_outside_at_the_pace_of_the_priority(
    priority: str | None, at: datetime, minutes: int
) -> None:
    assert called(story(), priority, at)[:4] == [
        (0, "deepa"), (minutes, "dan"), (2 * minutes, "dora"), (3 * minutes, "safeguarding_partnership"),
    ]  # fmt: skip


def test_what_a_person_only_has_to_read_wakes_nobody_every_ten_minutes() -> None:
    nothing_found = Story().screened()
    assert [after for after, _ in called(nothing_found, "soon")[:3]] == [0, 30, 60]
    assert [after for after, _ in called(nothing_found, "soon", NIGHT)[:3]] == [0, 60, 120]
    assert called(story(), "soon")[1] == (10, "dan"), "what the rule is about is never called more slowly than it says"


def test_the_night_is_londons() -> None:
    rules = Story().procedure
    in_summer = datetime(2026, 7, 1, 5, 59, tzinfo=UTC), datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
    assert [is_night(rules, at) for at in in_summer] == [True, False]  # six o'clock UTC is seven in London
    assert [is_night(rules, at) for at in (NIGHT, NIGHT.replace(hour=21), NIGHT.replace(hour=22))] == [
        True, False, True,
    ]  # fmt: skip


def test_who_is_on_duty_is_called_first_and_who_is_away_last() -> None:
    people = {**PEOPLE, "dee2": (LEAD_ROLE,)}
    on_duty = OnCall("dee2", LEAD_ROLE, RECEIVED, None)
    who = roster(people=people, on_call=[on_duty], absences=[Absence("dan", None, None)])
    keys = [key for _, key in called(story(who))]
    assert keys[:4] == ["dee2", "deepa", "dora", "safeguarding_partnership"]
    assert keys.index("dan") > keys.index("safeguarding_partnership")


@pytest.mark.parametrize("meant", [{"person": "deepa", "identified": True}, {"might_be": ["deepa", "nia"]}])
def test_where_it_is_or_may_be_about_the_lead_a_body_outside_is_called_at_once(meant: dict[str, object]) -> None:
    found = called(story(subjects=[{"subject": "s1", **meant}]))
    assert found[:2] == [(0, "dan"), (0, "safeguarding_partnership")]
    assert "deepa" not in {key for _, key in found}


def test_who_lives_with_the_one_it_is_about_is_neither_called_nor_shown_it() -> None:
    who = roster(relations=[Relation("spouse_or_partner", "nia", "deepa")])
    told = story(who, about("nia"))
    assert called(told)[:2] == [(0, "dan"), (0, "safeguarding_partnership")]
    assert "deepa" not in {key for _, key in called(told)} | set(viewers(told.procedure, told.state, who, RECEIVED))


def test_in_a_workers_report_who_manages_them_is_not_called() -> None:
    who = roster(relations=[Relation("manages", "dora", "nia")])
    assert "dora" in {key for _, key in called(story(who, about("nia")))}
    speaking_up = story(who, about("nia"), kind="whistleblowing", complainant="staff")
    assert "dora" not in {key for _, key in called(speaking_up)}


def test_who_stood_down_from_the_case_is_not_called() -> None:
    told = story()
    told.do("assign", "system", part="handles")
    told.state.stood_down["deepa"] = "had a part in it"
    assert called(told)[0] == (0, "dan")
