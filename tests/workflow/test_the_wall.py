"""The wall stands twice: in every question that is asked for a person, and again in the database."""

from __future__ import annotations

import ast
from pathlib import Path

from sqlalchemy import select

from services.chassis.migrations import differences
from services.workflow import finding, models, shown
from tests.workflow.case_room import CaseRoom, person, subject

WALLED = (
    models.cases, models.ledger, models.words, models.due_lines, models.case_terms, models.case_viewers,
    models.case_reads, models.words_seen,
)  # fmt: skip


def selects_in(tree: ast.AST) -> list[ast.Call]:
    """Every ``select(...)`` with the calls that hang on it, as whole statements."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "select"
    ]


def test_every_question_asked_for_a_person_passes_the_wall() -> None:
    tree = ast.parse(Path(shown.__file__).read_text(encoding="utf-8"))
    statements = [
        node for node in ast.walk(tree) if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef)
    ]
    asking = [one for one in statements if selects_in(one)]
    assert len(asking) >= 6
    for statement in asking:
        assert "visible_to(person_id" in ast.unparse(statement), ast.unparse(statement)


def test_people_are_shown_nothing_that_was_read_elsewhere() -> None:
    for name in ("page.py", "today.py", "homes.py", "looking_for.py"):
        text = (Path(shown.__file__).parent / name).read_text(encoding="utf-8")
        assert "sqlalchemy" not in text and "db.reading" not in text


def test_the_tables_are_what_the_models_say(room: CaseRoom) -> None:
    with room.house.db.reading() as conn:
        assert differences(conn, models.metadata) == []


def test_the_tables_are_what_the_models_say_on_postgresql(room_on_postgres: CaseRoom) -> None:
    with room_on_postgres.house.db.reading() as conn:
        assert differences(conn, models.metadata) == []


def test_the_database_itself_shows_staff_only_their_cases(room_on_postgres: CaseRoom) -> None:
    room = room_on_postgres
    seen = room.opens()
    hidden = room.receives()
    room.screened(hidden, subjects=[subject(who="tobias-fennimore")])
    for case_id in (seen, hidden):
        room.case("imogen-ashdale", case_id, to_read=True)
    assert finding.write_some(room.house) == 2
    with room.house.db.seen_by(person("tobias-fennimore")) as conn:
        for table in WALLED:
            column = table.c.id if table is models.cases else table.c.case_id
            assert set(conn.execute(select(column)).scalars()) == {seen}, table.name
    with room.house.db.seen_by("nobody-at-all") as conn:
        assert conn.execute(select(models.cases.c.id)).all() == []


def test_the_whole_work_on_a_case_goes_on_postgresql_too(room_on_postgres: CaseRoom) -> None:
    room = room_on_postgres
    case_id = room.opens()
    contents = [
        "who is dealing with it and how to reach them",
        "projected timescales",
        "entitlements under this policy",
        "support throughout, and what stays confidential",
    ]
    room.act("tobias-fennimore", case_id, "acknowledge", key="k1", contents=contents, words="Dear Kit")
    room.act("tobias-fennimore", case_id, "acknowledge", key="k1", contents=contents, words="Dear Kit")
    room.move_to("2026-12-08 00:00")
    assert room.events(case_id).count("acknowledged") == 1
    assert {row["duty"] for row in room.today("tobias-fennimore")["late"]} >= {"respond"}
    assert room.case("tobias-fennimore", case_id)["words"][0]["fields"]["what_happened"] == "My door does not lock."
    assert room.cases("tobias-fennimore") == [case_id]
