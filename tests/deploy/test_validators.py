"""The files of deploy/ stand before the programs of those who made their formats."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import promql_parser
import pytest

from services.chassis.settings import SERVICES
from tests.agreement.tree import ROOT
from tests.deploy import installed
from tests.ground.deployed import DEPLOY

_BESIDE = Path(sys.executable).parent  # what pip installed


def accepts(*words: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Run a validator; fails with what it says unless it is content."""
    done = subprocess.run(
        words,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), "LANG": "C.UTF-8"} | environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_compose_file_is_one() -> None:
    checker = (_BESIDE / "check-jsonschema", "--builtin-schema", "vendor.compose-spec")
    accepts(*checker, DEPLOY / "containers" / "compose.yaml")


def test_the_image_is_built_as_images_should_be() -> None:
    accepts(_BESIDE / "hadolint", DEPLOY / "Dockerfile")


def test_the_image_is_built_from_what_is_sent_to_its_builder(tmp_path: Path) -> None:
    sent = re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    unwanted = shutil.ignore_patterns("__pycache__", "*.egg-info", "tests", "build")
    for name in sent:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=unwanted)
        else:
            shutil.copy(ROOT / name, tmp_path)
    plugins = sorted((tmp_path / "plugins").glob("*/"))
    accepts(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", "wheels",
        "./heard", ".", *plugins, cwd=tmp_path,
    )  # fmt: skip
    wheels = {wheel.name.split("-")[0]: zipfile.ZipFile(wheel) for wheel in (tmp_path / "wheels").iterdir()}
    inside = set(wheels["heard_platform"].namelist())
    needed = {
        path.relative_to(tmp_path).as_posix()
        for path in (tmp_path / "services").rglob("*")
        if path.is_file() and not {"build", "source"} & set(path.parts)
        and path.suffix not in (".md", ".po", ".cfg", "")
    }
    assert needed - inside == set(), "stands in services/ and would be missing in the image"
    assert len(wheels) == 2 + len(plugins)
    assert all(
        any(name.endswith("procedure.toml") for name in wheel.namelist())
        for name, wheel in wheels.items()
        if name not in ("heard", "heard_platform")
    )


@pytest.mark.parametrize("name", ["server.yml", "containers.yml"])
def test_prometheus_reads_its_configuration_with_the_alerts_in_it(name: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a token")
    text = (DEPLOY / "prometheus" / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text.replace("/etc/prometheus/metrics_token", str(tmp_path / "token")))
    shutil.copy(installed.ALERTS, tmp_path)
    said = accepts("promtool", "check", "config", name, cwd=tmp_path)
    assert f"SUCCESS: {len(installed.alerts())} rules found" in said


def test_the_alerts_ring_when_they_must_and_only_then() -> None:
    accepts("promtool", "test", "rules", "alerts_test.yml", cwd=DEPLOY / "prometheus")


def test_alertmanager_reads_whom_to_tell() -> None:
    accepts("amtool", "check-config", DEPLOY / "prometheus" / "alertmanager.yml")


def test_every_query_of_the_dashboard_is_one() -> None:
    assert installed.panels()
    for query in installed.panels().values():
        promql_parser.parse(query)


def test_the_proxy_reads_its_configuration(tmp_path: Path) -> None:
    accepts(
        "caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile", cwd=tmp_path,
        HEARD_SITE="complaints.example.org", HEARD_PORTAL="127.0.0.1:8000", HEARD_NOTIFICATIONS="127.0.0.1:8004",
    )  # fmt: skip


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    for path in (DEPLOY / "systemd").glob("heard*"):
        if path.is_dir():
            shutil.copytree(path, tmp_path / path.name)
        else:
            # What is started is not installed here; that it could be is all that systemd asks.
            text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(encoding="utf-8"), flags=re.M)
            (tmp_path / path.name).write_text(text)
    units = ["heard.target", "heard-migrate.service", "heard-backup.service", "heard-backup.timer"]
    units += ["heard-alone.service", "heard-watchdog.service"]
    units += [f"heard@{service}.service" for service in SERVICES]
    units += ["heard-alarms@intake.service", "heard-alarms@safeguarding.service"]
    said = accepts("systemd-analyze", "verify", "--man=no", *(f"./{unit}" for unit in units), cwd=tmp_path)
    assert said.strip() == ""
    exposed = accepts("systemd-analyze", "security", "--offline=yes", "--threshold=20", "./heard@intake.service",
                      cwd=tmp_path)  # fmt: skip
    assert "Overall exposure level" in exposed


@pytest.mark.parametrize("name", ["rehearse", "systemd/heard-admin", "postgresql/backup"])
def test_the_scripts_are_read_by_a_plain_shell_and_may_be_run(name: str) -> None:
    accepts("sh", "-n", DEPLOY / name)
    assert os.access(DEPLOY / name, os.X_OK)
