"""The second wall: PostgreSQL itself shows a record only to whom `record_viewers` lets see it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from services.chassis.house import House
from services.chassis.migrations import differences, migrate
from services.chassis.settings import Settings
from services.intake import models as intake_models
from services.safeguarding import models, records

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
REPORT, LEAD, OTHER = "a" * 32, "b" * 32, "c" * 32


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A distributed installation with both databases as the migrations make them."""
    made = Settings(
        mode="distributed", database_url=database_url, amqp_url="amqp://nowhere", keys_dir=tmp_path, var=tmp_path
    )
    migrate(made, ("intake", "safeguarding"))
    return made


def test_the_models_are_what_the_migrations_make(settings: Settings) -> None:
    for service, metadata in (("intake", intake_models.metadata), ("safeguarding", models.metadata)):
        house = House(settings, service)
        with house.db.reading() as conn:
            assert differences(conn, metadata) == []
        house.close()


def test_a_query_that_forgot_to_ask_who_is_asking_shows_nothing(settings: Settings) -> None:
    house = House(settings, "safeguarding")
    row = {
        "report_id": REPORT, "reference": "R", "operator": "o", "provider": "p", "home": "h", "procedure_version": "v",
        "received_at": NOW, "screened_at": NOW, "priority": "urgent", "readable": True, "seq": 1, "roster_version": 1,
        "identified": True, "closed_at": None, "contact": None,
    }  # fmt: skip
    with house.db.writing() as conn:
        records.open_new(conn, [row])
        records.let_see(conn, {REPORT: {LEAD: "lead"}}, fresh=[REPORT])
    forgetful = select(models.records.c.report_id)
    with house.db.seen_by(LEAD) as conn:
        assert conn.execute(forgetful).scalars().all() == [REPORT]
    with house.db.seen_by(OTHER) as conn:
        assert conn.execute(forgetful).scalars().all() == []
    house.close()


def test_every_table_about_a_report_stands_behind_the_wall(settings: Settings) -> None:
    about = {t.name for t in models.metadata.tables.values() if {"report_id", "case_id"} & set(t.c.keys())} - {"keys"}
    house = House(settings, "safeguarding")
    with house.db.reading() as conn:
        walled = conn.execute(
            text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        ).scalars()
        assert about <= set(walled)
    house.close()
