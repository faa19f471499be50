"""The log of the last twelve months is brought in whole or not at all, once, and its faults are all told at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from heard.registry import load_procedures
from services.chassis.errors import NotFound
from services.intake.log_columns import COLUMNS, MOST_BYTES, MOST_ROWS, LogFaults, read_log, template
from services.intake.past import Done, import_log
from services.intake.watching import watch
from tests.ground.world import person_id
from tests.safeguarding.two_houses import TwoHouses

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CATEGORY = load_procedures().get("ioi_support").words.categories[0]


def a_log(*rows: Mapping[str, str], columns: tuple[str, ...] = tuple(COLUMNS), sep: str = ",") -> bytes:
    """A file with these rows; what a row does not say is that of an ordinary complaint of March."""
    usual = {
        "home": "harbour-house", "received": "2026-03-02", "kind": "complaint", "complainant": "parent",
        "what_happened": "The washing machine was broken for weeks.",
    }  # fmt: skip
    lines = [sep.join(columns)]
    lines += [sep.join(f'"{(usual | dict(row)).get(name, "")}"' for name in columns) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def brought_in(houses: TwoHouses, *rows: Mapping[str, str], **options: Any) -> Done:
    return import_log(houses.intake, a_log(*rows), **options)


def faults_of(houses: TwoHouses, content: bytes, **options: Any) -> list[str]:
    with pytest.raises(LogFaults) as found:
        import_log(houses.intake, content, **options)
    assert houses.said(houses.intake, "past_complaint_told") == []
    return [str(fault) for fault in found.value.faults]


def told(houses: TwoHouses) -> list[dict[str, Any]]:
    return [message.body for message in houses.said(houses.intake, "past_complaint_told")]


# -- what comes in


def test_a_row_is_told_with_its_own_days_and_sealed_words(houses: TwoHouses) -> None:
    row = {
        "reference": "12/2026", "acknowledged": "03/03/2026 14:30", "responded": "2026-03-16", "finding": "upheld",
        "closed": "2026-04-20", "outcome": "answered", "category": CATEGORY,
    }  # fmt: skip
    assert brought_in(houses, row) == Done(1, 0, 0)
    (fact,) = told(houses)
    assert fact["received_at"] == "2026-03-02T12:00:00+00:00" and fact["past"]["acknowledged"].startswith(
        "2026-03-03T14"
    )
    assert fact["past"]["closed"].startswith("2026-04-20") and fact["past"]["finding"] == "upheld"
    assert fact["categories"] == [CATEGORY] and fact["formality"] == "formal"
    assert "washing" not in str(fact) and "12/2026" not in str(fact)
    words = houses.safeguarding.vault.open_envelope(fact["words"])
    assert words["what_happened"].startswith("The washing") and words["number_in_the_earlier_log"] == "12/2026"


def test_a_time_in_summer_is_london_time(houses: TwoHouses) -> None:
    brought_in(houses, {"received": "2026-07-01 09:30"})
    assert told(houses)[0]["received_at"] == "2026-07-01T08:30:00+00:00"


def test_nobody_gets_a_receipt_and_nothing_is_watched_or_called(houses: TwoHouses) -> None:
    brought_in(houses, {"what_happened": "A worker hit me in the face and hurt my arm."})
    assert watch(houses.intake) == 0
    houses.carry()
    assert houses.called() == []
    assert {message.name for message in houses.said(houses.intake)} == {"past_complaint_told"}


def test_the_same_file_and_the_same_row_twice_change_nothing(houses: TwoHouses) -> None:
    rows = ({"reference": "1"}, {"reference": "2"}, {}, {})
    assert brought_in(houses, *rows) == Done(3, 1, 0)
    assert brought_in(houses, *rows) == Done(0, 4, 0)
    assert len(told(houses)) == 3


def test_a_number_that_says_something_else_the_second_time_is_a_fault(houses: TwoHouses) -> None:
    brought_in(houses, {"reference": "1"})
    with pytest.raises(LogFaults) as found:
        brought_in(houses, {"reference": "2"}, {"reference": "1", "closed": "2026-05-01", "outcome": "answered"})
    assert str(found.value.faults[0]).startswith(
        "line 3, reference: this number was brought in before"
    )
    assert len(told(houses)) == 1
    twice = a_log({"reference": "7"}, {"reference": "7", "kind": "comment"})
    with pytest.raises(LogFaults, match="1 faults"):
        import_log(houses.intake, twice)


def test_a_dry_run_says_the_same_and_stores_nothing(houses: TwoHouses) -> None:
    assert brought_in(houses, {"reference": "1"}, dry_run=True) == Done(1, 0, 0)
    assert told(houses) == []
    brought_in(houses, {"reference": "1"})
    assert brought_in(houses, {"reference": "1"}, {"reference": "2"}, dry_run=True) == Done(1, 1, 0)


def test_rows_without_a_home_are_of_the_home_that_is_given(houses: TwoHouses) -> None:
    assert brought_in(houses, {"home": ""}, home="Harbour House", provider="ioi_support").new == 1
    assert told(houses)[0]["home"] == houses.intake.who.home("harbour-house")["id"]  # type: ignore[index]


def test_a_complaint_older_than_the_procedure_is_judged_by_its_first_version_and_counted(houses: TwoHouses) -> None:
    assert brought_in(houses, {"received": "2025-12-01"}).before_the_procedure == 1


def test_how_far_it_is_is_shown(houses: TwoHouses) -> None:
    seen: list[tuple[int, int]] = []
    brought_in(houses, {"reference": "1"}, {"reference": "2"}, say=lambda *far: seen.append(far))
    assert seen == [(1, 2), (2, 2)]


# -- what is at fault


def test_all_faults_of_a_file_are_told_at_once_with_line_column_and_what_is_allowed(houses: TwoHouses) -> None:
    content = a_log(
        {"received": "yesterday", "kind": "grumble"},
        {"home": "nowhere", "child_age": "forty"},
        {"closed": "2026-03-01", "outcome": "answered", "finding": "upheld"},
        {"stage": "stage_9", "received": "2027-01-01"},
        {"stage": "stage_2", "category": "the weather"},
        {"what_happened": "", "responded": "2026-03-09", "outcome": "answered"},
        {"stage_responded": "2026-03-09", "complainant": "a dragon", "closed": "2026-03-10"},
    )
    said = "\n".join(faults_of(houses, content))
    for expected in (
        "line 2, received: this is no day. Write 2026-03-02, 02/03/2026",
        "line 2, kind: this is not one of: complaint, concern, comment, compliment.",
        "line 3, home: there is no such home here. There are: ",
        "line 3, child_age: an age from 0 to 25 is allowed.",
        "line 4, closed: this lies before the day in received.",
        "line 4, finding: there is no day of an answer",
        "line 5, received: this day is still to come.",
        "line 5, stage: there is no such stage. There are: ",
        "line 6, category: this is not one of: ",
        "line 7, what_happened: this must be filled in.",
        "line 7, closed: there is an outcome: say when it was closed.",
        "line 8, stage_requested: stage_responded is filled in",
        "line 8, outcome: it is closed: say how it ended (answered, ",
        "line 8, complainant: this is not one of: ",
    ):
        assert expected in said, f"{expected}\n\n{said}"


def test_a_later_stage_needs_the_day_on_which_it_was_asked_for(houses: TwoHouses) -> None:
    (fault,) = faults_of(houses, a_log({"stage": "stage_2", "responded": "2026-03-09"}))
    assert fault == "line 2, stage_requested: it began in another stage: say when this one was asked for."
    assert brought_in(houses, {"stage": "stage_1", "responded": "2026-03-09"}).new == 1


def test_columns_that_are_unknown_missing_or_there_twice_are_told(houses: TwoHouses) -> None:
    content = b"received,kind,mood,kind\n2026-03-02,complaint,bad,complaint\n"
    said = faults_of(houses, content)
    assert any("line 1, mood: there is no such column. There are: reference, home" in one for one in said)
    assert any("line 1, kind: this column is there twice" in one for one in said)
    assert any("line 1, what_happened: this column is missing" in one for one in said)


def test_no_fault_says_what_stands_in_a_cell(houses: TwoHouses) -> None:
    said = " ".join(faults_of(houses, a_log({"received": "Jess Averill", "complainant": "Robin Averill"})))
    assert "Averill" not in said


def test_a_file_that_is_no_log_is_told_so(houses: TwoHouses) -> None:
    assert faults_of(houses, b"received,kind\n\xff\xfe") == [
        'line 2, file: this is no UTF-8. In a spreadsheet, save it as "CSV UTF-8".'
    ]
    assert faults_of(houses, template().encode()) == ["line 1, file: it holds no row."]
    assert "cells than there are columns" in faults_of(houses, a_log({}).rstrip(b"\n") + b",extra\n")[0]
    many = a_log(*({} for _ in range(MOST_ROWS + 1)))
    assert faults_of(houses, many) == [
        f"line 1, file: it holds {MOST_ROWS + 1} rows; {MOST_ROWS} are allowed. Divide it."
    ]


def test_a_spreadsheet_s_own_ways_are_understood() -> None:
    content = b"\xef\xbb\xbf" + a_log({"what_happened": "One;\ntwo"}, {}, sep=";").replace(
        b"what_happened", b"What happened"
    )
    rows, faults = read_log(content, NOW)
    assert faults == [] and rows[0].said["what_happened"] == "One;\ntwo" and [row.line for row in rows] == [2, 4]


def test_the_template_has_every_column() -> None:
    assert template() == ",".join(COLUMNS) + "\n"


# -- what safeguarding makes of it


def test_what_looks_like_safeguarding_is_listed_for_the_lead_and_calls_nobody(houses: TwoHouses) -> None:
    brought_in(houses, {"reference": "1", "what_happened": "A worker hit me in the face."}, {"reference": "2"})
    houses.carry()
    lead = person_id("imogen-ashdale")
    (line,) = houses.safe.past_to_read(person_id=lead)
    assert line["home_name"] == "Harbour House" and line["concerns"]
    assert "concern_found" not in houses.events(line["report_id"]) and houses.called() == []
    assert houses.safe.alerts(person_id=lead) == []
    proofs = [m.body for m in houses.said(houses.safeguarding, "report_screened")]
    assert len(proofs) == 2 and all(proof["concerns"] == [] and proof["alert_id"] is None for proof in proofs)


def test_whoever_is_no_lead_sees_no_such_list(houses: TwoHouses) -> None:
    brought_in(houses, {"what_happened": "A worker hit me in the face."})
    houses.carry()
    assert houses.safe.past_to_read(person_id=person_id("noor-ellingham")) == []


def test_the_lead_has_read_it_once_and_it_leaves_the_list(houses: TwoHouses) -> None:
    brought_in(houses, {"what_happened": "A worker hit me in the face."})
    houses.carry()
    lead = person_id("imogen-ashdale")
    (line,) = houses.safe.past_to_read(person_id=lead)
    for _ in range(2):
        assert houses.safe.past_read(person_id=lead, report_id=line["report_id"])["read"]
    assert houses.safe.past_to_read(person_id=lead) == []
    assert houses.events(line["report_id"]).count("past_read") == 1


def test_a_concern_that_the_lead_sees_in_the_past_begins_today(houses: TwoHouses) -> None:
    brought_in(houses, {"what_happened": "A worker hit me in the face."})
    houses.carry()
    lead = person_id("imogen-ashdale")
    (line,) = houses.safe.past_to_read(person_id=lead)
    concern = line["concerns"][0]["concern"]
    houses.safe.confirm_concern(
        person_id=lead, report_id=line["report_id"], concern=concern, reason="Never looked into."
    )
    found = next(row for row in houses.ledger(line["report_id"]) if row.event == "concern_found")
    assert found.at == houses.now and datetime.fromisoformat(found.data["known_at"]) == houses.now


def test_a_person_that_the_log_names_is_kept_away(houses: TwoHouses) -> None:
    brought_in(houses, {"about_name": "Tobias Fennimore"})
    houses.carry()
    (proof,) = [m.body for m in houses.said(houses.safeguarding, "report_screened")]
    assert [one["person"] for one in proof["subjects"]] == [person_id("tobias-fennimore")]


def test_an_imported_report_that_comes_twice_is_opened_once(houses: TwoHouses) -> None:
    brought_in(houses, {"what_happened": "A worker hit me in the face."})
    houses.carry()
    houses.carry(again=True)
    (fact,) = told(houses)
    assert houses.events(fact["report_id"]).count("received") == 1
    assert len(houses.safe.past_to_read(person_id=person_id("imogen-ashdale"))) == 1


@pytest.mark.parametrize("said", [{"about_name": "Imogen Ashdale"}, {"about_role": "designated safeguarding lead"}])
def test_somebody_the_directory_knows_only_since_today_never_sees_what_an_older_log_says_of_them(
    houses: TwoHouses, said: dict[str, str]
) -> None:
    lead = person_id("imogen-ashdale")
    for key, held in houses.safeguarding.who.entries("holding").items():
        kept = {name: value for name, value in held.items() if name != "id"}
        houses.change("holding", key, kept | {"since": "2026-11-22T09:00:00+00:00"})
    brought_in(houses, {"what_happened": "She hit me in the face.", **said})
    houses.carry()
    assert houses.safe.past_to_read(person_id=lead) == []
    with pytest.raises(NotFound):
        houses.safe.record(person_id=lead, report_id=told(houses)[0]["report_id"])


# -- what a hostile or a broken file does


@pytest.mark.parametrize("column", ["channel", "complainant", "category", "finding"])
def test_nothing_that_stays_unsealed_holds_anything_but_words_of_the_procedure(houses: TwoHouses, column: str) -> None:
    said = faults_of(houses, a_log({column: "=Told by Robin Averill", "responded": "2026-03-16"}))
    assert len(said) == 1 and said[0].startswith(f"line 2, {column}: this is not one of: ")
    brought_in(houses, {"channel": "telephone"})
    assert told(houses)[0]["channel"] == "telephone"


@pytest.mark.parametrize("age", ["²", "١٢", "9" * 5000, "-1", "26"])
def test_an_age_that_is_no_age_is_a_fault_and_no_crash(houses: TwoHouses, age: str) -> None:
    assert faults_of(houses, a_log({"child_age": age})) == ["line 2, child_age: an age from 0 to 25 is allowed."]


def test_a_cell_without_an_end_and_a_file_without_measure_are_told_and_nothing_of_them_repeated() -> None:
    endless = a_log({}) + b'"' + b"Averill " * 30_000
    for content, says in ((endless, "a cell has no end"), (b"x" * (MOST_BYTES + 1), "it is larger than 8 MB")):
        with pytest.raises(LogFaults) as found:
            read_log(content, NOW)
        assert says in str(found.value.faults[0]) and "Averill" not in str(found.value.faults[0])
