"""`heard secrets`: made once, changed never, each process its own."""

from __future__ import annotations

import json
import os
from pathlib import Path

from click.testing import CliRunner

from services.chassis.settings import SERVICES
from services.upkeep.secrets import make
from services.upkeep.secrets_cli import secrets as command


def content(folder: Path) -> dict[str, bytes]:
    """Every file in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_time_changes_no_secret(tmp_path: Path) -> None:
    make(tmp_path, "rabbitmq:5672", "postgresql:5432")
    before = content(tmp_path)
    make(tmp_path, "elsewhere:5672", "elsewhere:5432")
    after = content(tmp_path)
    salted = {"rabbitmq/definitions.json", "postgresql/logins.sql"}
    assert {name for name in before if before[name] != after[name]} == salted
    assert set(before) == set(after)


def test_a_secret_that_was_removed_is_made_again_and_told_to_broker_and_database(tmp_path: Path) -> None:
    make(tmp_path, "rabbitmq:5672", "postgresql:5432")
    before = content(tmp_path)
    for name in ("intake/amqp_url", "shared/metrics_token"):
        (tmp_path / name).unlink()
    make(tmp_path, "rabbitmq:5672", "postgresql:5432")
    after = content(tmp_path)
    tokens = {f"{service}/metrics_token" for service in SERVICES} | {"prometheus/metrics_token"}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "intake/amqp_url", "shared/metrics_token", "rabbitmq/definitions.json", "postgresql/logins.sql", *tokens,
    }  # fmt: skip
    assert len({after[name] for name in tokens}) == 1


def test_each_process_finds_its_own_key_and_nobody_elses(tmp_path: Path) -> None:
    make(tmp_path, "rabbitmq:5672", "postgresql:5432")
    for service in SERVICES:
        own = {path.name for path in (tmp_path / service).glob("*.key")}
        assert own == {"secret.key", f"{service}.key"}
        assert {path.stem for path in (tmp_path / service).glob("*.pub")} == set(SERVICES)


def test_nobody_else_on_the_machine_can_read_anything(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make(folder, "rabbitmq:5672", "postgresql:5432")
    assert folder.stat().st_mode & 0o777 == 0o700
    ours = [path for name in ("shared", "migrate", *SERVICES) for path in (folder / name).iterdir() if path.is_file()]
    open_to_others = [path for path in ours if path.suffix != ".pub" and path.stat().st_mode & 0o077]
    assert open_to_others == []


def test_what_broker_and_database_are_told_holds_no_password(tmp_path: Path) -> None:
    make(tmp_path, "rabbitmq:5672", "postgresql:5432")
    told = "".join((tmp_path / name).read_text() for name in ("rabbitmq/definitions.json", "postgresql/logins.sql"))
    for service in SERVICES:
        for name in ("amqp_url", "database_url"):
            password = (tmp_path / service / name).read_text().rpartition("@")[0].rpartition(":")[2]
            assert len(password) > 30 and password not in told
    assert {user["name"] for user in json.loads((tmp_path / "rabbitmq/definitions.json").read_text())["users"]} == {
        f"heard_{service}" for service in SERVICES
    }


def test_the_command_says_where_everything_is_and_shows_none_of_it(tmp_path: Path) -> None:
    said = CliRunner().invoke(command, [str(tmp_path / "secrets"), "--broker", "mq:5672", "--database", "db:5432"])
    assert said.exit_code == 0, said.output
    assert "@mq:5672/heard" in (tmp_path / "secrets/intake/amqp_url").read_text()
    assert "@db:5432/heard" in (tmp_path / "secrets/intake/database_url").read_text()
    assert (tmp_path / "secrets/shared/internal_token").read_text() not in said.output
    assert os.listdir(tmp_path) == ["secrets"]
