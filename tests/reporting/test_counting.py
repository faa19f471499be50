"""Reports: counted from the ledgers, clause by clause, never with a case in them that the reader may not know of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from heard.imported import Past, ledger_of
from heard.ledger import number, to_json
from heard.vocabulary import MEASURES
from services.chassis.errors import Invalid, NotFound, Stale
from services.chassis.migrations import differences
from services.chassis.vault import Vault
from services.reporting import hearing, measures, rebuilding, reports, working_out
from services.reporting.models import case_rows, cases, metadata
from tests.directory.neighbours import NOW, PLACE, Neighbours, person, row

PROVIDER = PLACE["provider"]
MANAGER, GROUP, STAFF = person("tobias-fennimore"), person("maren-oakshott"), person("noor-ellingham")
NEXT_WEEK = NOW + timedelta(days=9)


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Neighbours]:
    made = Neighbours(tmp_path, "reporting")
    made.house.calls = SimpleNamespace(intake=SimpleNamespace(equality_answers=lambda report_ids: []))  # type: ignore[assignment]
    yield made
    made.close()


def hear(beside: Neighbours, handler: Any, name: str, *bodies: dict[str, Any]) -> None:
    beside.hear(lambda house, work, facts: handler(work, facts), name, *bodies)


def a_case(
    n: int, *, subject: str | None = None, category: str = "delay", answered: bool = True
) -> list[dict[str, Any]]:
    """The ledger of a complaint of Monday: acknowledged on Tuesday, answered on Wednesday of the next week."""
    heads = [{"key": "head_1"}]
    received: dict[str, Any] = {
        **PLACE, "kind": "complaint", "formality": "formal", "complainant": "parent", "category": [category],
        "heads": heads, "channel": "portal", "about_a_child": True, "children": [{"age": 16}],
    }  # fmt: skip
    rows = [row(1, "received", by="complainant", **received), row(2, "stage_opened", stage="stage_1")]
    rows.append(row(3, "screened", by="screen", priority="routine"))
    if subject:
        rows.append(row(4, "named", person=subject, identified=True, subject="s1", role=None, head=None, might_be=[]))
    handler = person("ruben-castlewick") if subject == MANAGER else MANAGER
    rows.append(row(len(rows) + 1, "assigned", stage="stage_1", part="handles", person=handler))
    tuesday, wednesday = NOW + timedelta(days=1), NOW + timedelta(days=9)
    rows.append(row(len(rows) + 1, "acknowledged", at=tuesday, by=handler, stage="stage_1", contents=[]))
    if answered:
        found = {"head_1": "upheld" if n % 2 else "not_upheld"}
        rows.append(row(len(rows) + 1, "responded", at=wednesday, by=handler, stage="stage_1", findings=found))
    return rows


def advanced(beside: Neighbours, n: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    version = beside.house.procedures.get("ioi_support").version
    return {**PLACE, "case_id": f"{n:032x}", "reference": f"REF-{n}", "procedure_version": version, "stage": "stage_1",
            "happenings": rows, "letters": []}  # fmt: skip


def told(beside: Neighbours, *ledgers: list[dict[str, Any]]) -> None:
    bodies = [advanced(beside, n, rows) for n, rows in enumerate(ledgers, 1)]
    hear(beside, hearing.cases_advanced, "case_advanced", *bodies)


def annual(beside: Neighbours, who: str = GROUP, **days: str | None) -> dict[str, Any]:
    found = reports.report(beside.house, who, PROVIDER, "annual", days.get("since"), days.get("until"))
    counted: dict[str, Any] = found["measures"]
    return counted


def duty(beside: Neighbours, key: str, who: str = GROUP) -> dict[str, Any]:
    duties: list[dict[str, Any]] = annual(beside, who)["on_time"]["duties"]
    return next(line for line in duties if line["duty"] == key)


def test_the_migration_makes_what_the_models_say(beside: Neighbours) -> None:
    with beside.house.db.reading() as conn:
        assert differences(conn, metadata) == []


def test_every_measure_of_the_language_is_counted() -> None:
    assert {*measures.MEASURES, "equality", "standing_duties"} == set(MEASURES)


def test_a_report_counts_what_came_what_was_upheld_and_what_was_on_time(beside: Neighbours) -> None:
    beside.move_clock(NEXT_WEEK)
    told(beside, a_case(1), a_case(2))
    counted = annual(beside)
    assert counted["received"]["total"] == 2
    assert counted["upheld"]["by_finding"]["upheld"] == 1
    assert counted["upheld"]["complaints_upheld"] == 1
    acknowledge = duty(beside, "acknowledge")
    assert (acknowledge["on_time"], acknowledge["kept_late"], acknowledge["clause"]) == (2, 0, ["IOI-20"])
    assert duty(beside, "respond")["on_time"] == 2


def test_what_was_kept_only_with_more_time_is_counted_by_both_times(beside: Neighbours) -> None:
    rows = a_case(1, answered=False)
    longer = {"duty": "respond", "until": "2026-12-18", "reason": "complexity", "needs_met": ["complainant_agreed"]}
    rows.append(row(len(rows) + 1, "extended", at=NOW + timedelta(days=2), by=MANAGER, stage="stage_1", **longer))
    after = NOW + timedelta(days=17)  # it was due first on the Monday two weeks on
    found = {"head_1": "upheld"}
    rows.append(row(len(rows) + 1, "responded", at=after, by=MANAGER, stage="stage_1", findings=found))
    beside.move_clock(NOW + timedelta(days=18))
    told(beside, rows, a_case(2))
    line = duty(beside, "respond")
    assert (line["on_time"], line["more_time"], line["kept_with_more_time"]) == (2, 1, 1)


def test_a_case_from_an_earlier_log_is_counted_in_its_own_time_and_only_by_what_the_log_could_say(
    beside: Neighbours,
) -> None:
    march = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    received: dict[str, Any] = {
        **PLACE, "kind": "complaint", "formality": "formal", "complainant": "parent", "category": [],
        "channel": "letter", "heads": [{"key": "complaint"}], "about_a_child": True, "children": [],
    }  # fmt: skip
    procedure = beside.house.procedures.get("ioi_support")
    past = Past(acknowledged=march + timedelta(days=1), responded=march + timedelta(days=28), finding="upheld",
                closed=march + timedelta(days=60), outcome="answered")  # fmt: skip
    told_rows = ledger_of(procedure, received, past, march, NOW)
    rows = [to_json(one) for one in number(told_rows, 0, NOW)]
    rows.append(row(len(rows) + 1, "screened", by="screen", priority="routine"))
    told(beside, a_case(1), rows)
    counted = annual(beside)
    assert (counted["received"]["total"], counted["received"]["from_an_earlier_log"]) == (2, 1)
    assert annual(beside, since="2026-02-01", until="2026-03-31")["received"]["total"] == 1
    past_only = annual(beside, since="2026-02-01", until="2026-03-31")["on_time"]["duties"]
    kept = {line["duty"]: line for line in past_only}
    assert kept["acknowledge"]["on_time"] == 1 and kept["respond"]["kept_late"] == 1
    assert sum(line["late"] + line["not_yet_due"] for line in past_only) == 0


def test_a_case_that_grew_out_of_a_complaint_is_no_second_complaint(beside: Neighbours) -> None:
    heads = [{"key": "behaviour"}]
    received = {**PLACE, "kind": "linked_case", "linked": "behaviour", "contactable": False, "category": ["noise"]}
    second = [
        row(1, "received", by=STAFF, **received, about_a_child=True, heads=heads),
        row(2, "linked_to", case="1" * 32, linked="behaviour"),
        row(3, "screened", by="screen", because="linked_case"),
        row(4, "stage_opened", stage="behaviour"),
        row(5, "decided", stage="behaviour", decision="without_review", answer="support"),
    ]
    version = beside.house.procedures.get("infinity_alliance").version
    told(beside, a_case(1))
    fact = advanced(beside, 2, second) | {"procedure_version": version, "stage": "behaviour"}
    hear(beside, hearing.cases_advanced, "case_advanced", fact)
    counted = annual(beside)
    assert counted["received"]["total"] == 1 and counted["received"]["by_kind"] == {"complaint": 1}
    assert counted["received"]["second_cases"] == {"behaviour": 1}
    assert counted["categories"]["by_category"].get("noise", 0) == 0 and sum(counted["trends"]["by_home"].values()) == 1
    assert counted["actions"]["decisions"] == {"without_review.support": 1}
    assert ("behaviour", "hear_young_person") in {(one["stage"], one["duty"]) for one in counted["on_time"]["duties"]}


def test_a_promise_becomes_late_by_time_alone(beside: Neighbours) -> None:
    told(beside, a_case(1, answered=False))
    assert duty(beside, "respond")["not_yet_due"] == 1
    beside.move_clock(datetime(2026, 12, 7, 23, 59, tzinfo=UTC))
    assert duty(beside, "respond")["late"] == 0
    beside.move_clock(datetime(2026, 12, 8, 0, 1, tzinfo=UTC))
    assert duty(beside, "respond")["late"] == 1


def test_rows_count_only_as_far_as_the_ledger_is_whole(beside: Neighbours) -> None:
    rows = a_case(1)
    told(beside, [*rows[:3], *rows[5:]])
    assert annual(beside)["upheld"]["complaints_upheld"] == 0
    told(beside, rows[3:5])
    assert annual(beside)["upheld"]["complaints_upheld"] == 1


@pytest.mark.parametrize("comes", ["again, later", "again, in the same batch", "late, for the first time"])
def test_an_older_fact_takes_a_case_back_to_no_older_version(beside: Neighbours, comes: str) -> None:
    rows, newer = a_case(1), beside.house.procedures.get("infinity_alliance").version
    old, new = advanced(beside, 1, rows[:3]), advanced(beside, 1, rows[3:]) | {"procedure_version": newer}
    batches = {
        "again, later": [[old], [new], [old]],
        "again, in the same batch": [[old], [new, old]],
        "late, for the first time": [[new], [old]],
    }
    for batch in batches[comes]:
        hear(beside, hearing.cases_advanced, "case_advanced", *batch)
    with beside.house.db.reading() as conn:
        assert conn.execute(select(cases.c.procedure_version)).scalars().all() == [newer]
        assert len(conn.execute(select(case_rows)).all()) == len(rows)


def test_the_same_rows_twice_count_once(beside: Neighbours) -> None:
    told(beside, a_case(1))
    told(beside, a_case(1))
    assert annual(beside)["received"]["total"] == 1


def test_a_person_complained_about_never_finds_the_case_in_a_number(beside: Neighbours) -> None:
    told(beside, a_case(1), a_case(2, subject=MANAGER))
    assert annual(beside, GROUP)["received"]["total"] == 2
    assert annual(beside, MANAGER)["received"]["total"] == 1
    assert duty(beside, "acknowledge", MANAGER)["on_time"] == 1


def test_a_case_whose_subject_nobody_knows_is_in_nobodys_numbers_but_the_leads(beside: Neighbours) -> None:
    rows = a_case(1)
    rows[3] = row(4, "named", person=None, identified=False, subject="s1", role=None, head=None, might_be=[STAFF])
    told(beside, rows)
    assert annual(beside, GROUP)["received"]["total"] == 0


def test_only_overseers_of_that_operator_may_ask(beside: Neighbours) -> None:
    told(beside, a_case(1))
    for stranger in (STAFF, person("hollis-underbridge", "northgate-council-care"), "f" * 32):
        with pytest.raises(NotFound):
            annual(beside, stranger)
        assert PROVIDER not in {one["provider"] for one in reports.reports_for(beside.house, stranger)}
    keys = {one["key"] for one in reports.reports_for(beside.house, GROUP)}
    assert {"annual", "inspectors_statement"} <= keys
    with pytest.raises(NotFound):
        reports.report(beside.house, GROUP, PROVIDER, "no_such_report", None, None)


def test_a_change_in_who_is_who_changes_who_may_count(beside: Neighbours) -> None:
    told(beside, a_case(1))
    assert annual(beside, MANAGER)["received"]["total"] == 1
    from services.reporting import readbook

    beside.change({"do": "end_role", "id": _holding("registered_service_manager.tobias-fennimore")})
    with beside.house.db.writing() as conn:
        readbook.again(conn, None)
    with pytest.raises(NotFound):
        annual(beside, MANAGER)


def test_a_change_in_one_group_leaves_the_cases_of_the_others_as_they_are(beside: Neighbours) -> None:
    from services.reporting import readbook

    told(beside, a_case(1))
    annual(beside)
    who, of = beside.house.who, {"operator": "a group"}
    with beside.house.db.writing() as conn:
        before = readbook.still_to_do(conn)
        other = who.groups_of(conn, [{"kind": "home", "id": "h", "data": {"operator": "another"}}])
        readbook.again(conn, other)
        assert (other, readbook.still_to_do(conn)) == ({"another"}, before)
        ours = who.groups_of(conn, [{"kind": "holding", "id": "x", "data": {"person": MANAGER}}])
        readbook.again(conn, ours)
        assert readbook.still_to_do(conn) > before
        assert who.groups_of(conn, [{"kind": "home", "id": "h", "data": None}]) is None
        assert who.groups_of(conn, [{"kind": "absence", "id": "x", "data": {"person": "nobody known"}}]) is None
        assert who.groups_of(conn, [{"kind": "home", "id": "h", "data": of}]) == {"a group"}


def _holding(name: str) -> str:
    from services.directory.demo import demo_id

    return demo_id(f"{name}.tidewater-homes")


def test_nobody_is_shown_numbers_by_an_old_list_of_people(tmp_path: Path) -> None:
    beside = Neighbours(tmp_path, "reporting", stale_after=-1.0)
    with pytest.raises(Stale):
        annual(beside)
    beside.close()


def test_the_inspectors_statement_has_each_case_and_what_was_done(beside: Neighbours) -> None:
    told(beside, a_case(1))
    found = reports.report(beside.house, GROUP, PROVIDER, "inspectors_statement", None, None)
    (case,) = found["measures"]["each_case_and_action"]["cases"]
    assert case["reference"] == "REF-1"
    assert case["findings"] == {"head_1": "upheld"}
    assert [action["event"] for action in case["actions"]] == ["responded"]
    assert (found["since"], found["until"]) == ("2025-11-24", "2026-11-23")


def test_days_outside_the_report_do_not_count_and_a_wrong_day_is_named(beside: Neighbours) -> None:
    told(beside, a_case(1))
    assert annual(beside, since="2026-11-24", until="2026-11-30")["received"]["total"] == 0
    assert annual(beside, since="2026-11-23", until="2026-11-23")["received"]["total"] == 1
    for since, until in (("soon", None), ("2026-12-01", "2026-11-30")):
        with pytest.raises(Invalid) as refused:
            annual(beside, since=since, until=until)
        assert list(refused.value.fields) == ["since"]


def test_small_numbers_are_hidden_and_cannot_be_had_by_subtraction(beside: Neighbours) -> None:
    assert measures.hidden({"a": 3, "b": 40, "c": 12, "d": 0}, 10) == {"a": None, "b": 40, "c": None, "d": 0}
    assert measures.hidden({"a": 3, "b": 4, "c": 12}, 10) == {"a": None, "b": None, "c": 12}
    assert measures.hidden({"a": 3}, None) == {"a": 3}
    told(beside, a_case(1))
    assert annual(beside)["categories"]["by_category"]["delay"] is None


def test_an_equality_answer_that_few_gave_is_not_even_named() -> None:
    report = SimpleNamespace(hide_below=10)
    few = [{"religion": "the only one of it"}]
    assert measures.equality(few, report) == {"answered": None, "by_question": {}}  # type: ignore[arg-type]
    many = [*few, *[{"religion": "common"}] * 30, *[{"religion": "other"}] * 20]
    shown = measures.equality(many, report)  # type: ignore[arg-type]
    assert shown == {"answered": 51, "by_question": {"religion": {"common": 30}}}


def test_a_date_that_no_calendar_reaches_stops_no_other_cases_numbers(beside: Neighbours) -> None:
    beyond = a_case(2)
    beyond[0]["data"]["first_contact"] = "1900-06-01T12:00:00+00:00"
    beyond[0]["at"] = "1900-06-01T12:00:00+00:00"
    told(beside, a_case(1), beyond)
    assert annual(beside)["received"]["total"] == 1


def test_days_too_far_away_are_a_fault_of_who_asks(beside: Neighbours) -> None:
    told(beside, a_case(1))
    for days in ({"until": "9999-12-31"}, {"until": "0001-01-01"}, {"since": "0001-01-01"}):
        with pytest.raises(Invalid):
            annual(beside, **days)


def test_equality_answers_are_counted_apart_and_small_numbers_hidden(beside: Neighbours) -> None:
    vault = Vault("intake", beside.settings.keys_dir)
    sealed = [
        vault.envelope(vault.new_key(f"{n:032x}", "equality"), {"answers": '{"disability": "yes"}'}) for n in range(12)
    ]
    asked: list[list[str]] = []

    def equality_answers(report_ids: list[str]) -> list[dict[str, Any]]:
        asked.append(report_ids)
        return sealed

    beside.house.calls = SimpleNamespace(intake=SimpleNamespace(equality_answers=equality_answers))  # type: ignore[assignment]
    told(beside, a_case(1))
    year = {"since": "2026-01-01", "until": "2026-12-31"}
    beside.move_clock(NOW + timedelta(days=60))
    assert annual(beside)["equality"] == year | {"answered": 12, "by_question": {"disability": {"yes": 12}}}
    assert asked == [[f"{1:032x}"]]


def test_no_choice_of_days_tells_what_one_person_answered(beside: Neighbours) -> None:
    asked: list[list[str]] = []
    answers = SimpleNamespace(equality_answers=lambda report_ids: asked.append(report_ids) or [])
    beside.house.calls = SimpleNamespace(intake=answers)  # type: ignore[assignment]
    told(beside, a_case(1), a_case(2))
    for today in (timedelta(), timedelta(days=1)):  # the quarter in which they came is not over yet
        beside.move_clock(NOW + today)
        assert annual(beside)["equality"]["until"] == "2026-09-30"
    beside.move_clock(NOW + timedelta(days=60))
    for days in ({}, {"since": "2026-11-24"}, {"until": "2027-01-02"}, {"since": "2026-12-31", "until": "2026-12-31"}):
        annual(beside, **days)
    assert asked[:2] == [[], []]
    assert [sorted(one) for one in asked[2:]] == [[f"{1:032x}", f"{2:032x}"]] * 4


def test_what_was_dropped_is_made_again_from_the_ledgers_and_is_equal(beside: Neighbours) -> None:
    ledgers = [a_case(1), a_case(2, subject=MANAGER), a_case(3, answered=False)]
    place: dict[str, Any] = dict(PLACE)
    guarding = [row(1, "received", **place, kind="complaint"), row(2, "called", alert="a", attempt=1)]
    told(beside, *ledgers)
    body = {**PLACE, "report_id": f"{1:032x}", "alert_id": None, "happenings": guarding}
    hear(beside, hearing.safeguarding_advanced, "safeguarding_advanced", body)
    working_out.all_of(beside.house, PROVIDER)
    before = _everything(beside), annual(beside), annual(beside, MANAGER)
    bodies = [advanced(beside, n, rows) for n, rows in enumerate(ledgers, 1)]
    known = ("case_id", "reference", "procedure_version", *PLACE)
    case_pages = _Pages([{**{k: one[k] for k in known}, **r} for one in bodies for r in one["happenings"]])
    guarding_pages = _Pages([{"case_id": f"{1:032x}", **r} for r in guarding])
    beside.house.calls = SimpleNamespace(  # type: ignore[assignment]
        workflow=case_pages, safeguarding=guarding_pages, intake=SimpleNamespace(equality_answers=lambda report_ids: [])
    )
    taken = rebuilding.rebuild(beside.house)
    assert taken == {"case": sum(map(len, ledgers)), "safeguarding": 2}
    working_out.all_of(beside.house, PROVIDER)
    assert (_everything(beside), annual(beside), annual(beside, MANAGER)) == before


def _everything(beside: Neighbours) -> list[Any]:
    with beside.house.db.reading() as conn:
        return [tuple(one) for one in conn.execute(select(cases).order_by(cases.c.id))]


class _Pages:
    """A ledger's owner that answers in pages of four rows."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows

    def ledger_since(self, position: str | None, limit: int) -> dict[str, Any]:
        at = int(position or 0)
        return {"happenings": self.rows[at : at + 4], "position": str(at + 4), "more": at + 4 < len(self.rows)}


def test_what_was_promised_is_counted_until_it_is_shown_as_done(beside: Neighbours) -> None:
    rows = a_case(1)
    for n, day in (("1", "2026-11-30"), ("2", "2026-11-25"), ("3", "2027-03-01")):
        agreed = {"action": n, "owner": MANAGER, "by_day": day, "what": "written down"}
        rows.append(row(len(rows) + 1, "action_agreed", by=MANAGER, stage="stage_1", **agreed))
    done = {"action": "1", "evidence": "written down"}
    rows.append(row(len(rows) + 1, "action_done", at=NOW + timedelta(days=9), by=MANAGER, stage="stage_1", **done))
    beside.move_clock(NEXT_WEEK)
    told(beside, rows)
    counted = annual(beside)["actions"]
    assert {name: counted[name] for name in ("agreed", "done", "done_late", "open", "late", "let_go")} == {
        "agreed": 3, "done": 1, "done_late": 1, "open": 2, "late": 1, "let_go": 0,
    }  # fmt: skip
    assert counted["open_in"] == ["REF-1"]


def test_the_report_counts_what_was_learned_and_names_what_was_upheld_and_not_looked_at(beside: Neighbours) -> None:
    first, second = a_case(1), a_case(1)
    learned = {"lessons": ["training", "premises"], "record": {"what was learned": "written down"}}
    first.append(row(len(first) + 1, "learning_reviewed", at=NOW + timedelta(days=9), by=MANAGER, **learned))
    beside.move_clock(NEXT_WEEK)
    told(beside, first, second, a_case(2))
    counted = annual(beside)["lessons"]
    assert (counted["reviewed"], counted["upheld_without_review"]) == (1, ["REF-2"])
    assert counted["by_lesson"]["training"] == counted["by_lesson"]["premises"] == 1
    assert counted["by_lesson"]["staffing"] == 0
