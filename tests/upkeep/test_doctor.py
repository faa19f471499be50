"""The doctor names what is wrong and what to do, how bad it is, and goes on when things are broken."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from unittest.mock import Mock

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from heard.calendar import LAST_YEAR
from services.chassis import paper
from services.chassis.house import House
from services.chassis.migrations import migrate
from services.chassis.settings import Settings, SettingsFault
from services.chassis.work import Message
from services.directory import desk, register
from services.upkeep.doctor import as_json, examine, is_well
from services.upkeep.findings import Finding
from tests.directory.neighbours import person
from tests.ground.carrier import Carrier
from tests.ground.harness import HEARD
from tests.ground.imap import Mailroom
from tests.ground.ports import free_port

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_CAN_PRINT = cache(paper.can_print)


@pytest.fixture(autouse=True)
def _what_the_machine_prints_with_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "can_print", _CAN_PRINT)


def examined(settings: Settings, now: datetime = NOW) -> list[Finding]:
    return examine(lambda: settings, lambda: now)


def about(findings: Sequence[Finding], name: str, grade: str | None = None) -> list[str]:
    return [one.sentence for one in findings if one.about == name and grade in (None, one.grade)]


def test_an_installation_that_is_as_it_should_be_needs_no_mending(installation: Settings) -> None:
    findings = examined(installation)
    assert [one for one in findings if one.grade == "must"] == []
    assert is_well(findings) and as_json(findings)["well"] is True
    assert about(findings, "connections") == ["Heard is not running on this data: nobody can report now."]


def test_the_gravest_finding_comes_first(installation: Settings) -> None:
    (installation.keys_dir / "workflow.key").unlink()
    grades = [one.grade for one in examined(installation)]
    assert grades == sorted(grades, key=["must", "should", "note"].index) and grades[0] == "must"


def test_where_there_is_no_data_the_doctor_says_so_and_makes_none(tmp_path: Path) -> None:
    findings = examined(Settings(var=tmp_path / "nothing", keys_dir=tmp_path / "nothing" / "keys"))
    assert any("There is no data" in sentence for sentence in about(findings, "connections", "must"))
    assert any("no key folder" in sentence for sentence in about(findings, "keys", "must"))
    assert not (tmp_path / "nothing").exists()


def test_settings_that_cannot_be_read_are_findings_each_of_them() -> None:
    def read() -> Settings:
        raise SettingsFault(["HEARD_MODE is 'x'", "HEARD_KNOCK_AFTER is -1"])

    findings = examine(read, lambda: NOW)
    assert [one.sentence for one in findings] == ["HEARD_MODE is 'x'", "HEARD_KNOCK_AFTER is -1"]
    assert not is_well(findings)


def test_a_check_that_fails_is_a_finding_and_the_others_have_their_turn(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("services.upkeep.machine.shutil.disk_usage", broken)
    findings = examined(installation)
    assert about(findings, "disk", "must") == ["This could not be looked at (OSError: the disk is gone)."]
    assert about(findings, "calendar")


# -- keys


def test_a_key_that_others_can_read_must_be_mended(installation: Settings) -> None:
    path = installation.keys_dir / "safeguarding.key"
    path.chmod(0o644)
    (found,) = [one for one in examined(installation) if one.about == "keys"]
    assert found.sentence == f"{path} can be read by others than its owner." and found.mend == f"chmod 0600 {path}"


def test_a_key_that_is_missing_or_of_another_installation_must_be_mended(installation: Settings) -> None:
    (installation.keys_dir / "workflow.key").unlink()
    (installation.keys_dir / "intake.key").rename(installation.keys_dir / "portal.key")
    (installation.keys_dir / "secret.key").write_bytes(b"short")
    said = " ".join(about(examined(installation), "keys", "must"))
    assert "private key of workflow is missing" in said and "private key of intake is missing" in said
    assert "files of portal do not belong together" in said and "secret cannot be used" in said


# -- databases


def test_a_database_that_is_missing_damaged_or_behind_must_be_mended(installation: Settings) -> None:
    (installation.var / "reporting.db").unlink()
    for left in installation.var.glob("notifications.db*"):
        left.unlink()
    (installation.var / "notifications.db").write_bytes(b"this was a database once" * 100)
    with closing(sqlite3.connect(installation.var / "portal.db")) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '0000'")
        conn.commit()
    findings = examined(installation)
    said = " ".join(about(findings, "databases", "must"))
    assert "database of reporting is missing" in said and "database of notifications cannot be read" in said
    assert "run `heard migrate`" in " ".join(about(findings, "migrations", "must"))
    assert not (installation.var / "reporting.db").exists()


def test_a_parked_report_must_be_looked_at_and_a_parked_letter_should_be(installation: Settings) -> None:
    house = House(installation, "safeguarding")
    for name in ("complaint_received", "message_sent"):
        house.parking.park(Message(name.ljust(32, "0"), name, {}, "", NOW), ValueError("no"), 5)
    house.close()
    findings = examined(installation)
    assert about(findings, "parked", "must") == ["safeguarding could not handle 1 x complaint_received; parked."]
    assert about(findings, "parked", "should") == ["safeguarding could not handle 1 x message_sent; parked."]


def test_a_stale_list_of_who_is_who_counts_only_while_the_platform_runs(installation: Settings) -> None:
    assert about(examined(installation), "who is who", "must") == []
    with (installation.var / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = about(examined(installation), "who is who", "must")
        assert len(said) == 5 and "workflow has not heard at all" in " ".join(said)
        assert about(examined(installation), "connections") == []


def test_facts_that_reach_nobody_while_the_platform_runs_must_be_mended(installation: Settings) -> None:
    with (installation.var / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert about(examined(installation), "outbox") == []  # the world was made a moment ago
        with closing(sqlite3.connect(installation.var / "directory.db")) as conn:
            conn.execute("UPDATE outbox SET written_at = '2026-01-05T09:00:00.000000+00:00'")
            conn.commit()
        assert "directory has" in " ".join(about(examined(installation), "outbox", "must"))


# -- who is who


def test_a_role_that_nobody_holds_and_a_complaint_that_nobody_could_handle_must_be_mended(
    installation: Settings,
) -> None:
    house = House(installation, "directory")
    with house.db.reading() as conn:
        held = [one.id for one in register.whole(conn) if one.kind == "holding"]
    then = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    desk.change(house, [{"do": "end_role", "id": one, "until": then} for one in held[:60]], by="a test")
    house.close()
    findings = examined(installation)
    assert any(" has no " in sentence for sentence in about(findings, "who is who", "must"))


def test_one_person_in_several_roles_is_named_with_where_a_complaint_about_them_goes(installation: Settings) -> None:
    (said,) = about(examined(installation), "who is who", "note")
    assert "holds 4 roles at Quay View" in said and "A complaint about them goes outside" in said


def test_who_reads_what_children_told_and_signs_in_with_a_password_alone_is_counted(installation: Settings) -> None:
    house = House(installation, "directory")
    for who in ("imogen-ashdale", "saskia-thornbury"):  # the lead, and a worker
        desk.set_password(house, person(who), f"{who}@tidewater.example", "a long enough password")
    house.close()
    assert about(examined(installation), "sign-in") == []  # a trial
    live = installation.having(installation="live", public_url="https://heard.example")
    said = ["1 who read safeguarding records or look after a group sign in with a password alone."]
    assert about(examined(live), "sign-in", "should") == said
    assert about(examined(live.having(second_factor=True)), "sign-in", "note") == said


def test_an_empty_directory_must_be_filled(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, keys_dir=tmp_path / "keys")
    migrate(settings)
    assert any("The directory is empty" in sentence for sentence in about(examined(settings), "who is who", "must"))


def test_contacts_that_nobody_has_checked_are_named(installation: Settings) -> None:
    said = " ".join(about(examined(installation), "contacts", "should"))
    assert "nobody has checked" in said and "Childline" in said


# -- time, mail, disk


@pytest.mark.parametrize(("day", "grade"), [
    (date(LAST_YEAR - 1, 12, 31), "note"), (date(LAST_YEAR, 1, 2), "should"), (date(LAST_YEAR, 11, 1), "must"),
])
def test_a_calendar_that_ends_soon_is_told_with_the_months_that_are_left(
    installation: Settings, day: date, grade: str
) -> None:
    findings = examined(installation, datetime(day.year, day.month, day.day, tzinfo=UTC))
    (said,) = (one for one in about(findings, "calendar", grade) if f"until 31 December {LAST_YEAR}" in one)
    assert ("not guessed" in said) is (grade != "note")


def test_a_live_installation_without_a_mail_server_must_be_mended(installation: Settings) -> None:
    assert about(examined(installation), "mail", "must") == []
    live = installation.having(installation="live", public_url="https://heard.example")
    assert about(examined(live), "mail", "must") == ["No mail server is set: no message can leave."]


def test_a_mail_server_is_greeted_and_nothing_is_sent(installation: Settings) -> None:
    sent: list[object] = []

    class Silent(Sink):
        async def handle_DATA(self, *taken: object) -> str:
            sent.append(taken)
            return "250 OK"

    server = Controller(Silent(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        found = examined(installation.having(smtp_url=f"smtp://127.0.0.1:{server.port}"))
    finally:
        server.stop()
    assert about(found, "mail") == [
        "The mail server offers no encryption: letters with somebody's words in them stay here."
    ]
    assert sent == []
    gone = installation.having(smtp_url=f"smtp://127.0.0.1:{free_port()}", installation="live")
    assert "cannot be used" in " ".join(about(examined(gone), "mail", "must"))


def test_a_mailbox_is_opened_and_nothing_in_it_is_marked(installation: Settings) -> None:
    with Mailroom() as room:
        room.put("Subject: hello\r\n\r\nhello")
        assert about(examined(installation.having(imap_url=room.url)), "mailbox") == []
        assert room.seen == set() and room.fetched == []
        shut = installation.having(imap_url=room.url.replace("open", "shut"))
        assert "Nobody reads" in " ".join(about(examined(shut), "mailbox", "must"))


def test_whoever_carries_texts_is_reached_and_handed_nothing(installation: Settings) -> None:
    assert "by e-mail alone" in " ".join(about(examined(installation), "texts", "note"))
    with Carrier() as carrier:
        assert about(examined(installation.having(text_url=carrier.url)), "texts") == []
        assert carrier.asked == []
    gone = installation.having(text_url=f"https://127.0.0.1:{free_port()}", installation="live")
    assert "cannot be reached" in " ".join(about(examined(gone), "texts", "must"))


def test_a_disk_that_is_nearly_full_must_be_mended(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.upkeep.machine.shutil.disk_usage", lambda _: Mock(free=100 * 1024**2))
    assert "Only 100 MB are left" in " ".join(about(examined(installation), "disk", "must"))


# -- PostgreSQL and RabbitMQ


def test_a_distributed_installation_whose_parts_are_away_is_told_so_without_delay(installation: Settings) -> None:
    away = installation.having(
        mode="distributed",
        database_url=f"postgresql://nobody@127.0.0.1:{free_port()}/heard",
        amqp_url=f"amqp://127.0.0.1:{free_port()}/",
    )
    said = " ".join(about(examined(away), "connections", "must"))
    assert "The database does not answer" in said and "RabbitMQ does not answer" in said


def test_on_postgresql_the_databases_are_asked_and_the_clocks_compared(
    installation: Settings, database_url: str
) -> None:
    settings = installation.having(
        mode="distributed", database_url=database_url, amqp_url=f"amqp://127.0.0.1:{free_port()}/"
    )
    before = examined(settings)  # the roles may be there: they belong to the whole server
    assert about(before, "databases", "must") or about(before, "migrations", "must")
    migrate(settings)
    real = examine(lambda: settings, lambda: datetime.now(UTC))
    assert about(real, "migrations") == [] and about(real, "databases") == [] and about(real, "clock") == []
    late = examine(lambda: settings, lambda: datetime.now(UTC) - timedelta(minutes=5))
    assert "differ by" in " ".join(about(late, "clock", "must"))


# -- the command


def heard_doctor(settings: Settings, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    own = {"HEARD_VAR": str(settings.var), "HEARD_KEYS_DIR": str(settings.keys_dir), **more}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    return subprocess.run(
        [HEARD, "doctor", *words], env=kept | own, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_command_prints_json_when_asked_and_says_with_its_exit_code_whether_all_is_well(
    installation: Settings,
) -> None:
    done = heard_doctor(installation, "--json", HEARD_INSTALATION="live")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert "HEARD_INSTALATION is set, and nothing reads it." in [one["sentence"] for one in said["findings"]]
    (installation.keys_dir / "secret.key").unlink()
    done = heard_doctor(installation)
    assert done.returncode == 1 and "Must be mended" in done.stdout and "Traceback" not in done.stdout + done.stderr


def test_the_findings_name_no_variable_s_secret(installation: Settings) -> None:
    secret = installation.having(smtp_url="smtp://user:hunter2hunter2@127.0.0.1:1", installation="live")
    assert "hunter2" not in json.dumps(as_json(examined(secret)))
