"""A service's database: its own, behind two roles, and staff see through the wall only what is theirs to see."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from services.chassis import migrations
from services.chassis.database import Database, is_outage, reader_of, role_of
from services.chassis.errors import NotFound
from services.chassis.settings import Settings
from services.chassis.tables import Id, visible_case_table

metadata = MetaData()
cases = Table("cases", metadata, Column("case_id", Id, primary_key=True))
viewers = visible_case_table(metadata)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(mode="distributed", database_url=database_url, var=tmp_path, keys_dir=tmp_path / "keys")


@pytest.fixture
def workflow(settings: Settings) -> Iterator[Database]:
    """A database with one case that one person may see."""
    engine = migrations.postgres_engine(settings)
    for service in ("workflow", "intake"):
        for role in (role_of(service), reader_of(service)):
            migrations._make_role(engine, role)
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE SCHEMA workflow; CREATE SCHEMA intake; SET LOCAL search_path TO workflow")
        metadata.create_all(conn)
        conn.exec_driver_sql("CREATE TABLE alembic_version (version_num text)")
        for table in ("case_viewers", "cases"):
            for statement in migrations.rls_statements(table, service="workflow"):
                conn.exec_driver_sql(statement)
        migrations._grant(conn, "workflow")
        conn.exec_driver_sql("GRANT USAGE ON SCHEMA intake TO heard_intake")
    engine.dispose()
    database = Database(settings, "workflow")
    with database.writing() as conn:
        conn.execute(insert(cases), [{"case_id": "a" * 32}, {"case_id": "b" * 32}])
        conn.execute(insert(viewers), [{"case_id": "a" * 32, "person_id": "manager", "why": "handles"}])
    yield database
    database.close()


def test_the_machinery_sees_every_case(workflow: Database) -> None:
    with workflow.reading() as conn:
        assert len(conn.execute(select(cases)).all()) == 2


def test_staff_see_their_own_cases_even_when_the_query_forgets_the_wall(workflow: Database) -> None:
    with workflow.seen_by("manager") as conn:
        assert conn.execute(select(cases.c.case_id)).scalars().all() == ["a" * 32]
        assert conn.execute(select(viewers.c.person_id)).scalars().all() == ["manager"]
    with workflow.seen_by("stranger") as conn:
        assert conn.execute(select(cases)).all() == []


def test_the_wall_is_gone_with_the_transaction(workflow: Database) -> None:
    for _ in range(3):
        with workflow.seen_by("manager") as conn:
            assert len(conn.execute(select(cases)).all()) == 1
        with workflow.reading() as conn:
            assert len(conn.execute(select(cases)).all()) == 2


def test_staff_only_read(workflow: Database) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), workflow.seen_by("manager") as conn:
        conn.execute(insert(cases), {"case_id": "c" * 32})


@pytest.mark.parametrize("person", ["", "x' OR '1'='1", "a b", "x" * 65, "a;drop"])
def test_what_cannot_be_a_person_sees_nothing(workflow: Database, person: str) -> None:
    with pytest.raises(NotFound), workflow.seen_by(person):
        pass


def test_a_service_cannot_look_into_anothers_tables(workflow: Database, settings: Settings) -> None:
    intake = Database(settings, "intake")
    with pytest.raises(ProgrammingError, match="permission denied"), intake.reading() as conn:
        conn.execute(text("SELECT * FROM workflow.cases"))
    intake.close()


def test_the_worker_owns_nothing_and_cannot_lift_the_wall(workflow: Database) -> None:
    with pytest.raises(ProgrammingError, match="must be owner"), workflow.writing() as conn:
        conn.exec_driver_sql("ALTER TABLE cases DISABLE ROW LEVEL SECURITY")


def test_an_exception_rolls_the_work_back(tmp_path: Path) -> None:
    database = Database(Settings(var=tmp_path), "workflow")
    with database.writing() as conn:
        metadata.create_all(conn)
    with pytest.raises(LookupError), database.writing() as conn:
        conn.execute(insert(cases), {"case_id": "a" * 32})
        raise LookupError
    with database.reading() as conn:
        assert conn.execute(select(cases)).all() == []
    database.close()


def test_writers_of_a_file_take_turns(tmp_path: Path) -> None:
    database = Database(Settings(var=tmp_path), "workflow")
    with database.writing() as conn:
        metadata.create_all(conn)

    def write(name: int) -> None:
        for n in range(20):
            with database.writing() as conn:
                conn.execute(insert(cases), {"case_id": f"{name:016d}{n:016d}"})

    writers = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.reading() as conn:
        assert len(conn.execute(select(cases)).all()) == 80
    database.close()


def test_a_write_inside_a_write_is_told_apart_from_waiting(tmp_path: Path) -> None:
    database = Database(Settings(var=tmp_path), "workflow")
    with pytest.raises(RuntimeError, match="inside a write"), database.writing(), database.writing():
        pass
    database.close()


def test_an_outage_is_not_a_wrong_statement(workflow: Database, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(DBAPIError) as wrong, workflow.reading() as conn:
        conn.execute(text("SELECT nonsense"))
    assert not is_outage(wrong.value)
    nowhere = Database(
        Settings(mode="distributed", database_url="postgresql://nobody@127.0.0.1:1/none", var=tmp_path), "workflow"
    )
    with pytest.raises(OperationalError) as away, nowhere.reading():
        pass
    assert is_outage(away.value)
    nowhere.close()
    login = migrations.postgres_engine(settings)
    with pytest.raises(DBAPIError) as ended, workflow.reading() as conn:
        mine = conn.execute(text("SELECT pg_backend_pid()")).scalar()
        with login.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})
        conn.execute(text("SELECT 1"))
    assert is_outage(ended.value)
    workflow.ping()
    login.dispose()
